//! One column as ranks: its distinct values in ascending order, and for each record the place of its value among them.

use super::radix::sort_by_bits;

/// One feature.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Distinct values, ascending; a code is a place in this list.
    pub(crate) values: Vec<f32>,
    /// The code of each record.
    pub(crate) codes: Codes,
    /// The code that most records have, as far as a sample tells. It decides how fast a search is, never what it finds.
    pub(crate) common: u32,
}

/// Rank codes in the narrowest type that holds them.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    /// Two distinct values; the place of the feature among those of that kind.
    Pair(u32),
    /// At most 256 distinct values.
    Bytes(Vec<u8>),
    /// At most 65,536.
    Shorts(Vec<u16>),
    /// More.
    Words(Vec<u32>),
}

impl Default for Column {
    fn default() -> Self {
        Self { values: Vec::new(), codes: Codes::Bytes(Vec::new()), common: 0 }
    }
}

impl Column {
    /// A column of two values, the `place`th of that kind.
    pub(crate) fn of_pair(low: f32, high: f32, place: u32) -> Self {
        // Adding zero turns -0 into 0: the two are one value.
        Self { values: vec![low + 0.0, high + 0.0], codes: Codes::Pair(place), common: 0 }
    }

    /// The threshold between two codes: the midpoint of their values, or the lower value where the midpoint rounds to
    /// the upper one. Records with the lower code satisfy `value <= threshold`, those with the upper do not.
    pub(crate) fn threshold(&self, lower: u32, upper: u32) -> f32 {
        let (lower, upper) = (self.values[lower as usize], self.values[upper as usize]);
        let middle = ((f64::from(lower) + f64::from(upper)) / 2.0) as f32;
        if middle < upper { middle + 0.0 } else { lower }
    }
}

/// Scratch space for ranking one column after the other.
#[derive(Default)]
pub(crate) struct Coder {
    keys: Vec<u64>,
    swap: Vec<u64>,
    table: Vec<u32>,
    counts: Vec<u32>,
}

/// Records that are asked for the most common code, where not all are counted anyway.
const SAMPLE: usize = 512;

impl Coder {
    /// Ranks whole numbers in `0..=largest`.
    pub(crate) fn by_table(&mut self, values: &[f32], largest: usize) -> Column {
        self.table.clear();
        self.table.resize(largest + 1, 0);
        for &value in values {
            self.table[value as i32 as usize] = 1;
        }
        let mut distinct = Vec::new();
        for (value, entry) in self.table.iter_mut().enumerate() {
            if *entry == 1 {
                *entry = distinct.len() as u32;
                distinct.push(value as f32);
            }
        }
        let table = &self.table;
        let codes = Codes::collect(distinct.len(), values.iter().map(|&value| table[value as i32 as usize]));
        self.counts.clear();
        self.counts.resize(distinct.len(), 0);
        for &value in values.iter().step_by(values.len().div_ceil(SAMPLE).max(1)) {
            self.counts[self.table[value as i32 as usize] as usize] += 1;
        }
        let most = self.counts.iter().copied().max().unwrap_or(0);
        let common = self.counts.iter().position(|&count| count == most).unwrap_or(0) as u32;
        Column { values: distinct, codes, common }
    }

    /// Ranks finite values without -0.
    pub(crate) fn by_sort(&mut self, values: &[f32]) -> Column {
        self.keys.clear();
        self.keys.extend(values.iter().enumerate().map(|(row, value)| {
            let bits = value.to_bits();
            let ordered = if bits >> 31 == 1 { !bits } else { bits ^ 0x8000_0000 };
            u64::from(ordered) << 32 | row as u64
        }));
        sort_by_bits(&mut self.keys, &mut self.swap, 32, 32);
        self.table.clear();
        self.table.resize(values.len(), 0);
        let (mut common, mut common_records, mut run) = (0, 0, 0);
        let mut distinct: Vec<f32> = Vec::with_capacity(values.len());
        let mut last = None;
        for &key in &self.keys {
            let (ordered, row) = ((key >> 32) as u32, key as u32 as usize);
            if last != Some(ordered) {
                last = Some(ordered);
                distinct.push(values[row]);
                run = 0;
            }
            run += 1;
            let code = distinct.len() as u32 - 1;
            if run > common_records {
                (common, common_records) = (code, run);
            }
            self.table[row] = code;
        }
        distinct.shrink_to_fit();
        let codes = Codes::collect(distinct.len(), self.table.iter().copied());
        Column { values: distinct, codes, common }
    }
}

impl Codes {
    fn collect(distinct: usize, codes: impl Iterator<Item = u32>) -> Self {
        match distinct {
            0..=256 => Self::Bytes(codes.map(|code| code as u8).collect()),
            257..=65_536 => Self::Shorts(codes.map(|code| code as u16).collect()),
            _ => Self::Words(codes.collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_lie_between_their_values() {
        let near = |steps: u32| f32::from_bits(1.0f32.to_bits() + steps);
        let column = Coder::default().by_sort(&[1.0, near(1), near(2), f32::MAX, f32::MIN, 2.0]);
        assert_eq!(column.values, [f32::MIN, 1.0, near(1), near(2), 2.0, f32::MAX]);
        for lower in 0..5 {
            let threshold = column.threshold(lower, lower + 1);
            assert!(column.values[lower as usize] <= threshold, "{threshold}");
            assert!(threshold < column.values[lower as usize + 1], "{threshold}");
        }
        assert_eq!(column.threshold(0, 5), 0.0);
        assert_eq!(column.threshold(1, 4), 1.5);
    }

    #[test]
    fn the_common_code_is_the_lowest_of_the_most_frequent() {
        assert_eq!(Coder::default().by_table(&[3.0, 1.0, 3.0, 1.0, 2.0], 3).common, 0);
        assert_eq!(Coder::default().by_sort(&[3.5, -1.0, 3.5, -1.0, 2.0]).common, 0);
    }
}
