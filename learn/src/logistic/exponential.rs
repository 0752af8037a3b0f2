//! e^x in the two precisions that sums of losses run in.
//!
//! The f32 one is a polynomial without branches, so that a loop over classes becomes vector instructions: relative error
//! below 3e-7 for x in [-87, 0], nothing (exactly 0) below. It is only asked about x <= 0.

use ndarray::{ArrayView2, NdFloat};

/// A precision.
pub(super) trait Real: NdFloat {
    /// The nearest.
    fn of(value: f64) -> Self;

    /// Exact.
    fn wide(self) -> f64;

    /// e^x of an x that is at most 0.
    fn exp_of_negative(self) -> Self;

    /// Contiguous records in this precision; `space` is where they stand if they had to be converted.
    fn block<'a>(records: ArrayView2<'a, f32>, space: &'a mut Vec<Self>) -> ArrayView2<'a, Self>;
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn wide(self) -> f64 {
        self
    }

    fn exp_of_negative(self) -> Self {
        self.exp()
    }

    fn block<'a>(records: ArrayView2<'a, f32>, space: &'a mut Vec<Self>) -> ArrayView2<'a, Self> {
        space.clear();
        space.extend(records.iter().map(|&value| f64::from(value)));
        ArrayView2::from_shape(records.raw_dim(), space).expect("there is one for each")
    }
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }

    fn wide(self) -> f64 {
        f64::from(self)
    }

    #[inline]
    fn exp_of_negative(self) -> Self {
        /// Adding and taking away 1.5 * 2^23 rounds to a whole number.
        const ROUNDER: f32 = 12_582_912.0;
        /// ln 2 in two parts: the first has few enough bits for n * LN_2_HIGH to be exact.
        const LN_2_HIGH: f32 = 0.693_359_4;
        const LN_2_LOW: f32 = -2.121_944_4e-4;
        let x = self.max(-87.0);
        let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
        let n = shifted - ROUNDER;
        let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
        // Taylor: |r| <= ln(2) / 2, so the first term left out is below 2e-8 / 7.
        let mut p = 1.0 / 720.0 + r * (1.0 / 5040.0);
        for coefficient in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
            p = p * r + coefficient;
        }
        // The low bits of `shifted` hold n.
        let power = f32::from_bits((shifted.to_bits().wrapping_add(127)) << 23);
        if self < -87.0 { 0.0 } else { p * power }
    }

    fn block<'a>(records: ArrayView2<'a, f32>, _space: &'a mut Vec<Self>) -> ArrayView2<'a, Self> {
        records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_is_close_everywhere() {
        let mut worst = 0.0f64;
        for step in 0..870_000 {
            let x = -(step as f32) * 1e-4;
            let exact = f64::from(x).exp();
            worst = worst.max((x.exp_of_negative().wide() / exact - 1.0).abs());
        }
        assert!(worst < 3e-7, "{worst}");
        assert_eq!(0f32.exp_of_negative(), 1.0);
        assert_eq!((-87.1f32).exp_of_negative(), 0.0);
        assert_eq!(f32::NEG_INFINITY.exp_of_negative(), 0.0);
        assert_eq!(f32::MIN.exp_of_negative(), 0.0);
    }
}
