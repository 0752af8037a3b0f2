//! What the adversary is given of the population (Truex et al., section 2.1.2): parameters, and what they make of real
//! records.
//!
//! The training records D of the target are never part of it: whoever runs the experiment hands in real records that are
//! disjoint from D, and all knowledge is made from those.

use ndarray::{Array2, Axis};
use rand::RngExt;
use rand::seq::index;
use rayon::prelude::*;
use turncoat_learn::{MOST_RECORDS, Samples, Seed, checked};

use super::noise::{MOST_NOISE, with_noise};
use super::violation::ParameterViolation;

/// What the adversary is given.
///
/// These are the parameters, not yet checked.
///
/// ```
/// use turncoat_attack::single_target::RawKnowledge;
///
/// assert_eq!(RawKnowledge::white_box().check().unwrap().name(), "white_box");
/// assert!(RawKnowledge::GreyBox { records: Some(0) }.check().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "knowledge", extend("examples" = ["white_box"], "x-source" = "Truex et al., section 3.1"))]
pub enum RawKnowledge {
    /// The service alone, the structure of a record, and features normalised to [0, 1].
    BlackBox,
    /// Statistics of the population: distributions of the features and the class, alone and in pairs.
    GreyBox {
        /// From how many real records they are estimated; null for all there are.
        #[serde(default)]
        #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records"))]
        records: Option<usize>,
    },
    /// Copies of real records with their labels, noisy or with missing values; none of them is the target's.
    WhiteBox {
        /// How many; null for all there are.
        #[serde(default)]
        #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records"))]
        records: Option<usize>,
        /// Sigma of the noise, uniform in [0, sigma], on every value.
        #[serde(default)]
        #[schemars(range(min = 0.0, max = MOST_NOISE), extend("x-unit" = "units of the features"))]
        noise: f64,
        /// Chance of each value to be known; one that is not is replaced by a draw from its feature in the copies.
        #[serde(default = "one")]
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0, "x-unit" = "fraction"))]
        known_features: f64,
    },
}

fn one() -> f64 {
    1.0
}

checked! {
    /// What the adversary is given.
    Knowledge of RawKnowledge, "RawKnowledge"
}

impl RawKnowledge {
    /// Exact copies of all real records there are.
    #[must_use]
    pub fn white_box() -> Self {
        Self::WhiteBox { records: None, noise: 0.0, known_features: one() }
    }

    /// Checks every bound.
    ///
    /// # Errors
    /// All [`ParameterViolation`]s at once.
    pub fn check(self) -> Result<Knowledge, Vec<ParameterViolation>> {
        let mut violations = Vec::new();
        let (name, records) = match self {
            Self::BlackBox => ("black_box", None),
            Self::GreyBox { records } => ("grey_box", records),
            Self::WhiteBox { records, .. } => ("white_box", records),
        };
        if records == Some(0) {
            violations.push(ParameterViolation::new(format!("{name}.records"), 0, "at least 1"));
        }
        if let Self::WhiteBox { noise, known_features, .. } = self {
            if !(0.0..=MOST_NOISE).contains(&noise) {
                violations.push(ParameterViolation::new("white_box.noise", noise, "from 0 to 1,000,000"));
            }
            if !(known_features > 0.0 && known_features <= 1.0) {
                let rule = "above 0 and at most 1";
                violations.push(ParameterViolation::new("white_box.known_features", known_features, rule));
            }
        }
        if violations.is_empty() { Ok(Knowledge(self)) } else { Err(violations) }
    }
}

impl Knowledge {
    /// Its name, as a scenario writes it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.0 {
            RawKnowledge::BlackBox => "black_box",
            RawKnowledge::GreyBox { .. } => "grey_box",
            RawKnowledge::WhiteBox { .. } => "white_box",
        }
    }

    /// What the adversary makes of its knowledge; `real` are checked records.
    pub(super) fn of(&self, real: Samples<'_>, seed: Seed) -> Known {
        let there = real.records.nrows();
        let rows = match self.0 {
            RawKnowledge::BlackBox => Vec::new(),
            RawKnowledge::GreyBox { records } | RawKnowledge::WhiteBox { records, .. } => {
                let count = records.unwrap_or(there).min(there);
                let mut stream = seed.stream("records");
                if count < there {
                    index::sample(&mut stream, there, count).into_vec()
                } else {
                    (0..there).collect()
                }
            }
        };
        let mut records = real.records.select(Axis(0), &rows);
        let labels = rows.iter().map(|&row| real.labels[row]).collect();
        if let RawKnowledge::WhiteBox { noise, known_features, .. } = self.0 {
            if known_features < 1.0 {
                records = with_missing(&records, known_features, seed.child("missing", 0));
            }
            records = with_noise(records.view(), noise, seed.child("noise", 0));
        }
        Known { records, labels, classes: real.classes }
    }
}

/// Records whose values are each known with the given chance, and else drawn from those of their feature.
fn with_missing(records: &Array2<f32>, known: f64, seed: Seed) -> Array2<f32> {
    let mut filled = records.clone();
    let there = records.nrows() as u32;
    filled.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut record)| {
        let mut stream = seed.child("record", row as u64).stream("missing");
        for (feature, value) in record.iter_mut().enumerate() {
            if stream.random::<f64>() >= known {
                *value = records[(stream.random_range(0..there) as usize, feature)];
            }
        }
    });
    filled
}

/// Knowledge as data. Without records there is structure alone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// What statistics are estimated from, or the copies themselves, shape `[n, m]`.
    pub(super) records: Array2<f32>,
    /// Their labels, `[n]`.
    pub(super) labels: Vec<u32>,
    /// Classes of the target.
    pub(super) classes: usize,
}

impl Known {
    /// Features m.
    pub(super) fn features(&self) -> usize {
        self.records.ncols()
    }

    /// The least and the largest value of each feature that is known of: [0, 1] from structure alone.
    pub(super) fn ranges(&self) -> Vec<(f32, f32)> {
        if self.labels.is_empty() {
            return vec![(0.0, 1.0); self.features()];
        }
        let range = |column: ndarray::ArrayView1<'_, f32>| {
            column.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &value| {
                (low.min(value), high.max(value))
            })
        };
        self.records.columns().into_iter().map(range).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn known(raw: RawKnowledge, records: &Array2<f32>) -> Known {
        let labels: Vec<u32> = (0..records.nrows() as u32).map(|row| row % 2).collect();
        let real = Samples { records: records.view(), labels: &labels, classes: 2 };
        raw.check().unwrap().of(real, Seed::root(5))
    }

    #[test]
    fn every_violation_is_reported() {
        let raw = RawKnowledge::WhiteBox { records: Some(0), noise: -1.0, known_features: f64::NAN };
        let reported: Vec<String> = raw.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            reported,
            [
                "white_box.records is 0: at least 1",
                "white_box.noise is -1: from 0 to 1,000,000",
                "white_box.known_features is NaN: above 0 and at most 1",
            ]
        );
        assert!(RawKnowledge::GreyBox { records: Some(0) }.check().is_err());
        assert!(RawKnowledge::BlackBox.check().is_ok());
    }

    #[test]
    fn black_box_knows_the_structure_alone() {
        let known = known(RawKnowledge::BlackBox, &array![[5.0, 7.0], [6.0, 8.0]]);
        assert_eq!((known.features(), known.records.nrows(), known.classes), (2, 0, 2));
        assert_eq!(known.ranges(), [(0.0, 1.0); 2]);
    }

    #[test]
    fn an_exact_white_box_copy_is_the_record_with_its_label() {
        let records = Array2::from_shape_fn((50, 3), |(row, column)| (row * 10 + column) as f32);
        let all = known(RawKnowledge::white_box(), &records);
        assert_eq!(all.records, records);
        let some =
            known(RawKnowledge::WhiteBox { records: Some(20), noise: 0.0, known_features: 1.0 }, &records);
        assert_eq!(some.labels.len(), 20);
        let mut rows: Vec<usize> = some.records.column(0).iter().map(|&first| first as usize / 10).collect();
        for (place, &row) in rows.iter().enumerate() {
            assert_eq!(some.records.row(place), records.row(row));
            assert_eq!(some.labels[place], row as u32 % 2);
        }
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), 20);
        assert_eq!(some.ranges()[0].0, rows[0] as f32 * 10.0);
    }

    #[test]
    fn missing_values_are_drawn_from_their_feature() {
        // Column c holds values from 1000 c on, all different, so that a value tells where it came from.
        let (n, m) = (400, 25);
        let records = Array2::from_shape_fn((n, m), |(row, column)| (column * 1000 + row) as f32);
        let raw = RawKnowledge::WhiteBox { records: None, noise: 0.0, known_features: 0.8 };
        let known = known(raw, &records);
        for (place, &value) in known.records.indexed_iter() {
            assert_eq!(value as usize / 1000, place.1);
        }
        let kept = known.records.iter().zip(&records).filter(|(a, b)| a == b).count() as f64;
        // 10,000 values: known with chance 0.8, or drawn alike with chance 0.2 / 400. Five standard deviations.
        let expected = 10_000.0 * (0.8 + 0.2 / 400.0);
        assert!((kept - expected).abs() < 5.0 * (10_000.0_f64 * 0.16).sqrt(), "{kept}");
    }
}
