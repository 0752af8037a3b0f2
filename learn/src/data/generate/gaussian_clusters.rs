//! Gaussian clusters: several to a class, spread so that a class is no simple region.
//!
//! Centres are drawn from a normal distribution of deviation [`SPREAD`] in each feature, records from one of deviation 1
//! around a centre; class and cluster are drawn with equal shares. Then a fraction `label_noise` of the labels is
//! redrawn from all classes alike, whatever the record says: at 1 the labels tell nothing. The first n records of a set
//! do not depend on how many follow.

use ndarray::Array2;
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::params::Violations;
use crate::MOST_RECORDS;
use crate::data::DataError;
use crate::data::columns::{MAX_CLASSES, numeric_features};
use crate::dataset::Dataset;
use crate::learner::checked;
use crate::seed::Seed;

/// Deviation of the centres, in deviations of a cluster. Chosen so that a full tree on half of the default set finds
/// about two thirds of the classes of the other half.
const SPREAD: f64 = 1.7;

/// Gaussian clusters, several to a class.
///
/// These are the parameters, not yet checked.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{DataFolders, DataSource, RawGaussianClustersParams, Synthetic};
///
/// let params = RawGaussianClustersParams { records: 50, features: 2, ..Default::default() }.check().unwrap();
/// let set = DataSource::Synthetic(Synthetic::GaussianClusters(params)).load(&DataFolders::default(), Seed::root(1))?;
/// assert_eq!((set.len(), set.features().len()), (50, 2));
/// # Ok::<(), turncoat_learn::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
#[schemars(rename = "gaussian_clusters")]
pub struct RawGaussianClustersParams {
    /// Number of records. Records times features are at most 2^29.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records"))]
    pub records: usize,
    /// Number of features.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "features"))]
    pub features: usize,
    /// Number of classes.
    #[schemars(range(min = 2, max = MAX_CLASSES), extend("x-unit" = "classes"))]
    pub classes: usize,
    /// Clusters of each class.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "clusters"))]
    pub clusters_per_class: usize,
    /// Fraction of labels that are redrawn from all classes alike.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-unit" = "fraction"))]
    pub label_noise: f64,
}

impl Default for RawGaussianClustersParams {
    fn default() -> Self {
        Self { records: 20_000, features: 32, classes: 10, clusters_per_class: 10, label_noise: 0.05 }
    }
}

checked! {
    /// Checked parameters.
    #[derive(Default)]
    GaussianClustersParams of RawGaussianClustersParams, "RawGaussianClustersParams"
}

impl RawGaussianClustersParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`DataError::Parameter`] violations at once.
    pub fn check(self) -> Result<GaussianClustersParams, Vec<DataError>> {
        let mut violations = Violations::default();
        violations.at_least_one("records", self.records);
        violations.at_least_one("features", self.features);
        violations.size("records", self.records, self.features);
        violations.classes(self.classes);
        violations.at_least_one("clusters_per_class", self.clusters_per_class);
        violations.size(
            "clusters_per_class",
            self.clusters_per_class,
            self.classes.saturating_mul(self.features),
        );
        violations.fraction("label_noise", self.label_noise);
        violations.or(GaussianClustersParams(self))
    }
}

/// The set of these parameters and this seed.
pub(in crate::data) fn generate(params: &GaussianClustersParams, seed: Seed) -> Result<Dataset, DataError> {
    let RawGaussianClustersParams { records: count, features, classes, clusters_per_class, label_noise } =
        *params.get();
    let mut centres_stream = seed.stream("gaussian clusters centres");
    let centres = Array2::from_shape_simple_fn((classes * clusters_per_class, features), || {
        SPREAD * standard_normal(&mut centres_stream)
    });
    let mut stream = seed.stream("gaussian clusters records");
    let mut noise = seed.stream("gaussian clusters labels");
    let mut records = Array2::zeros((count, features));
    let mut labels = Vec::with_capacity(count);
    for mut record in records.rows_mut() {
        let cluster = stream.random_range(0..classes * clusters_per_class);
        for (value, &centre) in record.iter_mut().zip(centres.row(cluster)) {
            *value = (centre + standard_normal(&mut stream)) as f32;
        }
        let redrawn = noise.random_bool(label_noise);
        let drawn = noise.random_range(0..classes);
        labels.push(if redrawn { drawn } else { cluster / clusters_per_class } as u32);
    }
    let names = (0..classes).map(|class| class.to_string()).collect();
    Ok(Dataset::new("gaussian-clusters", records, labels, numeric_features(features), names)?)
}

fn standard_normal(stream: &mut crate::seed::Stream) -> f64 {
    StandardNormal.sample(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clusters(records: usize, label_noise: f64, seed: u64) -> Dataset {
        let raw = RawGaussianClustersParams {
            records,
            features: 8,
            classes: 3,
            clusters_per_class: 2,
            label_noise,
        };
        generate(&raw.check().unwrap(), Seed::root(seed)).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_records_and_a_longer_set_begins_alike() {
        let short = clusters(100, 0.2, 1);
        assert_eq!(short, clusters(100, 0.2, 1));
        assert_ne!(short, clusters(100, 0.2, 2));
        let (records, labels) = clusters(150, 0.2, 1).take(&(0..100).collect::<Vec<_>>());
        assert_eq!((records.view(), labels.as_slice()), (short.records(), short.labels()));
    }

    #[test]
    fn noise_redraws_labels_and_leaves_records_alone() {
        let clean = clusters(6_000, 0.0, 7);
        let noisy = clusters(6_000, 0.3, 7);
        assert_eq!(clean.records(), noisy.records());
        let moved = clean.labels().iter().zip(noisy.labels()).filter(|(a, b)| a != b).count();
        // A third of the redrawn labels falls on the old class: 0.3 * 2/3; five standard deviations are 0.026.
        assert!((moved as f64 / 6_000.0 - 0.2).abs() < 0.026, "{moved}");
        let rows: Vec<usize> = (0..6_000).collect();
        assert!(clean.class_counts(&rows).iter().all(|&count| count.abs_diff(2_000) < 200));
    }

    #[test]
    fn all_bounds_are_checked_at_once() {
        let raw = RawGaussianClustersParams {
            records: 0,
            features: 0,
            classes: 0,
            clusters_per_class: 0,
            label_noise: -0.1,
        };
        assert_eq!(raw.check().unwrap_err().len(), 5);
        let raw = RawGaussianClustersParams { clusters_per_class: usize::MAX, ..Default::default() };
        assert_eq!(raw.check().unwrap_err().len(), 1);
    }
}
