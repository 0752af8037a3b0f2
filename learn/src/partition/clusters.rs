//! The clusters that [`Skew::Clustered`] divides: each class split by k-means, features in [0, 1].
//!
//! Clusters depend on the data and the seed they are given, not on a repeat: an experiment finds them once.

use ndarray::Array2;

use super::params::{PartitionParams, Skew};
use crate::dataset::Dataset;
use crate::kmeans::k_means;
use crate::seed::Seed;
use crate::unit_scale::UnitScale;

/// In which cluster of its class each row of a data set lies.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{DataFolders, DataSource};
/// use turncoat_learn::partition::{Alpha, Clusters, OnDegenerate, RawPartitionParams, RecordsPerParty, Skew};
///
/// let iris = DataSource::Iris.load(&DataFolders::default(), Seed::root(1))?;
/// let params = RawPartitionParams {
///     parties: 3,
///     records_per_party: RecordsPerParty::Equal(20),
///     skew: Skew::Clustered { alpha: Alpha::Fixed(0.3), clusters: 2 },
///     on_degenerate: OnDegenerate::Warn,
/// };
/// let clusters = Clusters::find(&params.check().unwrap(), &iris, Seed::root(1));
/// assert!((0..iris.len()).all(|row| clusters.of(row) < 2));
/// # Ok::<(), turncoat_learn::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    of_row: Vec<u32>,
}

impl Clusters {
    /// Finds what `params` needs to know of `data`. Under every other skew each class is one cluster, and nothing is computed.
    #[must_use]
    pub fn find(params: &PartitionParams, data: &Dataset, seed: Seed) -> Self {
        let mut of_row = vec![0; data.len()];
        if let Skew::Clustered { clusters, .. } = params.get().skew {
            let records = data.records();
            let scale = UnitScale::of(records);
            let mut rows = vec![Vec::new(); data.classes()];
            data.labels().iter().enumerate().for_each(|(row, &label)| rows[label as usize].push(row));
            // One class at a time: of a wide data set only one class is held twice.
            for (class, rows) in rows.iter().enumerate() {
                let mut scaled = Array2::zeros((rows.len(), records.ncols()));
                for (&row, mut to) in rows.iter().zip(scaled.rows_mut()) {
                    let from = scale.scaled(records.row(row));
                    to.iter_mut().zip(from).for_each(|(to, value)| *to = value as f32);
                }
                let mut stream = seed.child("class", class as u64).stream("k-means");
                let found = k_means(scaled.view(), clusters, &mut stream);
                rows.iter().zip(found).for_each(|(&row, cluster)| of_row[row] = cluster);
            }
        }
        Self { of_row }
    }

    /// The cluster of a row within its class, from 0.
    ///
    /// # Panics
    /// When the row is not of the data set whose clusters these are.
    #[must_use]
    pub fn of(&self, row: usize) -> u32 {
        self.of_row[row]
    }
}
