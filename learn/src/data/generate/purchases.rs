//! Purchases: binary shopping profiles.
//!
//! Each class has a profile, a bit of which is 1 with probability 1/2. A record draws its class (all alike), then takes
//! each bit of the profile, flipped with probability `flip`: at 0 a record is its profile, at 1/2 it tells nothing.
//! The first n records of a set do not depend on how many follow.

use ndarray::Array2;
use rand::RngExt;
use rand_distr::{Bernoulli, Distribution};

use super::params::Violations;
use crate::MOST_RECORDS;
use crate::data::DataError;
use crate::data::columns::{MAX_CLASSES, numeric_features};
use crate::dataset::Dataset;
use crate::learner::checked;
use crate::seed::Seed;

/// Binary shopping profiles: one profile for each class, each record a noisy copy.
///
/// These are the parameters, not yet checked.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{DataFolders, DataSource, RawPurchasesParams, Synthetic};
///
/// let params = RawPurchasesParams { records: 50, features: 20, ..Default::default() }.check().unwrap();
/// let set = DataSource::Synthetic(Synthetic::Purchases(params)).load(&DataFolders::default(), Seed::root(1))?;
/// assert_eq!((set.len(), set.features().len()), (50, 20));
/// # Ok::<(), turncoat_learn::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
#[schemars(rename = "purchases", extend("x-source" = "in the manner of Shokri et al., 2017"))]
pub struct RawPurchasesParams {
    /// Number of records. Records times features are at most 2^29.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records"))]
    pub records: usize,
    /// Number of features.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "features"))]
    pub features: usize,
    /// Number of classes.
    #[schemars(range(min = 2, max = MAX_CLASSES), extend("x-unit" = "classes"))]
    pub classes: usize,
    /// Fraction of bits that differ from the profile.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-unit" = "fraction"))]
    pub flip: f64,
}

impl Default for RawPurchasesParams {
    fn default() -> Self {
        Self { records: 20_000, features: 600, classes: 100, flip: 0.2 }
    }
}

checked! {
    /// Checked parameters.
    #[derive(Default)]
    PurchasesParams of RawPurchasesParams, "RawPurchasesParams"
}

impl RawPurchasesParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`DataError::Parameter`] violations at once.
    pub fn check(self) -> Result<PurchasesParams, Vec<DataError>> {
        let mut violations = Violations::default();
        violations.at_least_one("records", self.records);
        violations.at_least_one("features", self.features);
        violations.size("records", self.records, self.features);
        violations.classes(self.classes);
        violations.size("classes", self.classes, self.features);
        violations.fraction("flip", self.flip);
        violations.or(PurchasesParams(self))
    }
}

/// The set of these parameters and this seed.
pub(in crate::data) fn generate(params: &PurchasesParams, seed: Seed) -> Result<Dataset, DataError> {
    let RawPurchasesParams { records: count, features, classes, flip } = *params.get();
    let mut profiles_stream = seed.stream("purchases profiles");
    let profiles = Array2::from_shape_simple_fn((classes, features), || profiles_stream.random::<bool>());
    let flip = Bernoulli::new(flip).expect("checked to be a fraction");
    let mut stream = seed.stream("purchases records");
    let mut records = Array2::zeros((count, features));
    let mut labels = Vec::with_capacity(count);
    for mut record in records.rows_mut() {
        let class = stream.random_range(0..classes);
        labels.push(class as u32);
        for (value, &bit) in record.iter_mut().zip(profiles.row(class)) {
            *value = f32::from(u8::from(bit ^ flip.sample(&mut stream)));
        }
    }
    let names = (1..=classes).map(|class| class.to_string()).collect();
    Ok(Dataset::new("purchases", records, labels, numeric_features(features), names)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purchases(records: usize, flip: f64, seed: u64) -> Dataset {
        let raw = RawPurchasesParams { records, features: 50, classes: 4, flip };
        generate(&raw.check().unwrap(), Seed::root(seed)).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_records_and_a_longer_set_begins_alike() {
        let short = purchases(100, 0.2, 1);
        assert_eq!(short, purchases(100, 0.2, 1));
        assert_ne!(short, purchases(100, 0.2, 2));
        let (records, labels) = purchases(150, 0.2, 1).take(&(0..100).collect::<Vec<_>>());
        assert_eq!((records.view(), labels.as_slice()), (short.records(), short.labels()));
    }

    #[test]
    fn a_record_is_its_profile_but_for_the_flipped_bits() {
        let pure = purchases(400, 0.0, 5);
        let pure_records = pure.records();
        let mut profiles = [None; 4];
        for (record, &label) in pure_records.rows().into_iter().zip(pure.labels()) {
            assert_eq!(*profiles[label as usize].get_or_insert(record), record);
        }
        // Labels come from the same stream as the bits, so profiles are compared by class and not by record.
        let noisy = purchases(400, 0.2, 5);
        let mut flipped = 0;
        for (record, &label) in noisy.records().rows().into_iter().zip(noisy.labels()) {
            let profile = profiles[label as usize].unwrap();
            flipped += record.iter().zip(profile).filter(|(a, b)| a != b).count();
        }
        // 20,000 bits: five standard deviations are 0.014.
        assert!((flipped as f64 / 20_000.0 - 0.2).abs() < 0.0142, "{flipped}");
    }

    #[test]
    fn all_bounds_are_checked_at_once() {
        let raw = RawPurchasesParams { records: 0, features: 0, classes: 1, flip: 1.5 };
        let text: Vec<String> = raw.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            text,
            [
                "records is 0: at least 1",
                "features is 0: at least 1",
                "classes is 1: from 2 to 100000",
                "flip is 1.5: a fraction from 0 to 1"
            ]
        );
    }
}
