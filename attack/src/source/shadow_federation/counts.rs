//! What a whole batch of records says about class shares, when each is known to be some candidate's training record.
//!
//! A model that fits its own records errs on those of others: a record that party j alone gets right is most likely
//! party j's. Of class c there are k_j(c) = sum over the batch's records x of class c of
//! p_j(x)\[c\] * product over the other candidates i of (1 - p_i(x)\[c\]), which is about n_j(c) times the rates at which the
//! others err; these rates fall with their own n_i(c), so for two parties
//!
//! ln(k_1 / k_2) = s ln(n_1 / n_2) + noise, of variance sigma^2 + 1/k_1 + 1/k_2,
//!
//! with s above one. The first part of the noise is what makes a class harder for one party than for the other, the
//! rest is that of counting. What the probes said beforehand, ln(q_1 / q_2), misses ln(n_1 / n_2) by variance v. Shadow
//! federations, each with a batch of its own, teach s, sigma^2 and v; with all noise taken as normal, the two sources
//! of evidence combine as a Kalman update does. In a class with few records the counting noise is large and the estimate
//! from the probes stands.
//!
//! Guarantee: counts are sums of whole multiples of 2^-32, so the order of a batch changes no bit.

use turncoat_learn::PredictionVectors;

/// Added to counts before logarithms and reciprocals are taken.
const HALF: f64 = 0.5;

/// Counts are kept in units of one over this.
const UNITS: f64 = 4_294_967_296.0;

/// Pull of the slope towards one and of the spread towards one, in shadow federations (whose classes weigh one in all).
const PULL: f64 = 0.1;

/// Noise beyond that of counting is never taken for less.
const LEAST_NOISE: f64 = 0.05;

/// Rounds of fitting slope and noise in turns; each needs the other, and both settle within a few.
const ROUNDS: usize = 10;

/// The k_j(c) of a batch, `[candidates][classes]`; record `rows[i]` of the answers has label `labels[rows[i]]`.
pub(super) fn alone(
    answers: &[&PredictionVectors],
    rows: impl IntoIterator<Item = usize>,
    labels: &[u32],
    classes: usize,
) -> Vec<Vec<f64>> {
    let mut units = vec![vec![0_u64; classes]; answers.len()];
    for row in rows {
        let class = labels[row] as usize;
        let right: Vec<f64> = answers.iter().map(|answers| answers.row(row)[class]).collect();
        for (party, units) in units.iter_mut().enumerate() {
            let others = right.iter().enumerate().filter(|&(other, _)| other != party);
            let share: f64 = others.map(|(_, right)| 1.0 - right).product::<f64>() * right[party];
            // A share lies between 0 and 1; the cast rounds what a rounding error left below 0 up to it.
            units[class] += (share * UNITS).round() as u64;
        }
    }
    units.into_iter().map(|units| units.into_iter().map(|n| n as f64 / UNITS).collect()).collect()
}

/// One class of a shadow federation of two.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownClass {
    /// ln(n_1 / n_2), as it was dealt.
    pub(super) log_ratio: f64,
    /// ln(q_1 / q_2), as estimated from the probes.
    pub(super) estimated: f64,
    /// k_1 and k_2.
    pub(super) alone: [f64; 2],
    /// The class's share of the batch.
    pub(super) weight: f64,
}

/// How counts and estimates from the probes follow the true shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CountModel {
    /// s.
    slope: f64,
    /// sigma^2, of two parties together.
    noise: f64,
    /// v, of two parties together.
    spread: f64,
}

impl CountModel {
    /// Fits s by least squares weighted by the noise, and the variances by their moments.
    pub(super) fn fit(known: &[KnownClass]) -> Self {
        let all: f64 = known.iter().map(|class| class.weight).sum();
        let missed: f64 =
            known.iter().map(|class| class.weight * (class.log_ratio - class.estimated).powi(2)).sum();
        let mut model = Self { slope: 1.0, noise: HALF, spread: (missed + PULL) / (all + PULL) };
        if all <= 0.0 {
            return model;
        }
        for _ in 0..ROUNDS {
            let (mut product, mut square) = (PULL, PULL);
            for class in known {
                let weight = class.weight / (model.noise + class.counting());
                product += weight * class.counted() * class.log_ratio;
                square += weight * class.log_ratio * class.log_ratio;
            }
            model.slope = product / square;
            let (mut beyond, mut weights) = (0.0, 0.0);
            for class in known {
                let weight = class.weight / (model.noise + class.counting());
                let off = class.counted() - model.slope * class.log_ratio;
                beyond += weight * (off * off - class.counting());
                weights += weight;
            }
            model.noise = (beyond / weights).max(LEAST_NOISE);
        }
        model
    }

    /// The log shares of one class, by candidate and up to a constant, after its counts were seen.
    ///
    /// For candidate j, l_j has mean `log_shares[j]` and variance v/2; ln k_j = a + s l_j + noise of variance
    /// sigma^2/2 + 1/k_j, with a unknown. The answer is the mean of l_j given all k.
    pub(super) fn update(&self, log_shares: &[f64], alone: &[f64]) -> Vec<f64> {
        let gain = self.slope * self.spread / 2.0;
        // What each count says beyond the estimate, and how much it weighs.
        let news: Vec<(f64, f64)> = log_shares
            .iter()
            .zip(alone)
            .map(|(log_share, count)| {
                let variance = self.slope * gain + self.noise / 2.0 + 1.0 / (count + HALF);
                ((count + HALF).ln() - self.slope * log_share, 1.0 / variance)
            })
            .collect();
        let weights: f64 = news.iter().map(|(_, weight)| weight).sum();
        let common = news.iter().map(|(off, weight)| off * weight).sum::<f64>() / weights;
        let updated = log_shares.iter().zip(&news);
        updated.map(|(log_share, (off, weight))| log_share + gain * weight * (off - common)).collect()
    }
}

impl KnownClass {
    /// ln(k_1 / k_2).
    fn counted(&self) -> f64 {
        ((self.alone[0] + HALF) / (self.alone[1] + HALF)).ln()
    }

    /// 1/k_1 + 1/k_2.
    fn counting(&self) -> f64 {
        self.alone.iter().map(|count| 1.0 / (count + HALF)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn records_that_one_party_alone_gets_right() {
        let first = PredictionVectors::new(array![[1.0, 0.0], [0.5, 0.5], [1.0, 0.0]]).unwrap();
        let second = PredictionVectors::new(array![[0.0, 1.0], [0.25, 0.75], [1.0, 0.0]]).unwrap();
        let counts = alone(&[&first, &second], 0..3, &[0, 0, 1], 2);
        // Class 0: 1 * 1 + 0.5 * 0.75 against 0 + 0.25 * 0.5; of class 1 there is one record, and both are wrong.
        assert_eq!(counts, [[1.375, 0.0], [0.125, 0.0]]);
        let third = PredictionVectors::new(array![[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]).unwrap();
        let counts = alone(&[&first, &second, &third], [2, 1, 0], &[0, 0, 1], 2);
        assert_eq!(counts, [[1.0, 0.0], [0.0, 0.0], [0.375, 1.0]]);
    }

    #[test]
    fn order_changes_no_bit() {
        let answers = |shift: usize| {
            let right = |row: usize| ((row * 37 + shift) % 101) as f64 / 101.0;
            let vectors = ndarray::Array2::from_shape_fn((500, 2), |(row, class)| {
                if class == 0 { right(row) } else { 1.0 - right(row) }
            });
            PredictionVectors::new(vectors).unwrap()
        };
        let (first, second) = (answers(5), answers(60));
        let labels: Vec<u32> = (0..500).map(|row| row % 2).collect();
        let forth = alone(&[&first, &second], 0..500, &labels, 2);
        assert_eq!(forth, alone(&[&first, &second], (0..500).rev(), &labels, 2));
    }

    /// Classes whose counts follow n^1.5 exactly, and whose estimates are off by one to either side.
    fn known() -> Vec<KnownClass> {
        let class = |i: i32| {
            let log_ratio = f64::from(i % 7 - 3) / 2.0;
            let alone = [1e6 * (0.75 * log_ratio).exp(), 1e6 * (-0.75 * log_ratio).exp()];
            let estimated = log_ratio + f64::from(i / 7 % 2 * 2 - 1);
            KnownClass { log_ratio, estimated, alone, weight: 1.0 }
        };
        (0..140).map(class).collect()
    }

    #[test]
    fn slope_noise_and_spread_are_learned() {
        let model = CountModel::fit(&known());
        assert!((model.slope - 1.5).abs() < 1e-3, "{model:?}");
        assert!((model.spread - 1.0).abs() < 1e-3, "{model:?}");
        assert!((model.noise - LEAST_NOISE).abs() < 1e-12, "{model:?}");
        let nothing = CountModel::fit(&[]);
        assert_eq!((nothing.slope, nothing.spread), (1.0, 1.0));
    }

    #[test]
    fn many_counts_decide_and_few_leave_the_estimate() {
        let model = CountModel::fit(&known());
        let ratio = |updated: Vec<f64>| updated[0] - updated[1];
        // The probes say ln 2 for the second party, a thousand counts say ln 3 / 1.5 for the first.
        let log_shares = [0.0, 2.0_f64.ln()];
        let sure = ratio(model.update(&log_shares, &[3_000.0, 1_000.0]));
        assert!((sure - 3.0_f64.ln() / 1.5).abs() < 0.1, "{sure}");
        let none = ratio(model.update(&log_shares, &[0.0, 0.0]));
        assert!(none < 0.0 && none >= -2.0_f64.ln(), "{none}");
        // By hand for two: r + s v (w - s r) / (s^2 v + sigma^2 + 1/k_1 + 1/k_2).
        let (prior, counted) = (-2.0_f64.ln(), (3.5_f64 / 1.5).ln());
        let variance = model.slope.powi(2) * model.spread + model.noise + 1.0 / 3.5 + 1.0 / 1.5;
        let expected = prior + model.slope * model.spread * (counted - model.slope * prior) / variance;
        assert!((ratio(model.update(&log_shares, &[3.0, 1.0])) - expected).abs() < 1e-12);
    }

    #[test]
    fn candidates_that_count_alike_keep_their_order() {
        let model = CountModel::fit(&known());
        let updated = model.update(&[0.5, -1.0, 0.0, 2.0], &[7.0; 4]);
        assert!(updated[1] < updated[2] && updated[2] < updated[0] && updated[0] < updated[3], "{updated:?}");
    }
}
