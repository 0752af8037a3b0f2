//! A data set given to parties: disjoint by construction, the same for the same data, parameters and seed.
//!
//! 1. The auxiliary records are drawn uniformly from the whole data set and held out.
//! 2. The rest lies in one shuffled pool a class. In the order of their ids the parties draw a class distribution q,
//!    each from a stream of its own, over the classes that somebody is in, and take the first floor(q_c * records) rows of pool
//!    c, or what is left of it.
//!    Under [`Skew::Iid`] there is one shuffled pool and each party takes exactly its number of records.
//!
//! Under [`Skew::Clustered`] step 2 is that of `clustered.rs`.
//!
//! Under every other skew a party's draw depends on the parties before it and on none after it: adding a party moves nobody's records
//! (unless the quantity is skewed, which shares one total among all).

use rand::seq::SliceRandom;

use super::clustered::draw_clustered;
use super::clusters::Clusters;
use super::error::{Degenerate, PartitionError, Shortfall};
use super::params::{OnDegenerate, PartitionParams, RecordsPerParty, Skew};
use super::skew::{apportion, dirichlet, whole_part};
use crate::dataset::Dataset;
use crate::party_id::PartyId;
use crate::seed::Seed;

/// Who owns which rows of a data set.
///
/// ```
/// use turncoat_learn::data::{DataFolders, DataSource};
/// use turncoat_learn::partition::{Clusters, OnDegenerate, RawPartitionParams, RecordsPerParty, Skew};
/// use turncoat_learn::{Partition, PartyId, Seed};
///
/// let iris = DataSource::Iris.load(&DataFolders::default(), Seed::root(1))?;
/// let params = RawPartitionParams {
///     parties: 3,
///     records_per_party: RecordsPerParty::Equal(20),
///     skew: Skew::Simplex,
///     on_degenerate: OnDegenerate::Warn,
/// };
/// let (params, seed) = (params.check().unwrap(), Seed::root(8));
/// let clusters = Clusters::find(&params, &iris, seed);
/// let partition = Partition::draw(&params, &iris, &clusters, 10, seed)?;
///
/// let given: usize = PartyId::first(3).map(|party| partition.rows(party).len()).sum();
/// assert!(given <= 60, "fewer where a class runs out");
/// assert_eq!(given + partition.auxiliary().len() + partition.held_out().len(), iris.len());
/// let shares = partition.shares(PartyId::new(1).unwrap());
/// assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    parties: Vec<PartyRows>,
    auxiliary: Vec<usize>,
    held_out: Vec<usize>,
    owners: Vec<Option<PartyId>>,
    shortfalls: Vec<Shortfall>,
    warnings: Vec<Degenerate>,
}

/// What one party got.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PartyRows {
    pub(super) rows: Vec<usize>,
    pub(super) shares: Vec<f64>,
}

impl Partition {
    /// Divides `data`, after setting `auxiliary` records aside. `clusters` are those that [`Clusters::find`] found for these parameters
    /// in this data.
    ///
    /// # Errors
    /// [`PartitionError::TooFewRecords`], [`PartitionError::Classes`], and [`PartitionError::Degenerate`] where the
    /// parameters say [`OnDegenerate::Error`].
    pub fn draw(
        params: &PartitionParams,
        data: &Dataset,
        clusters: &Clusters,
        auxiliary: usize,
        seed: Seed,
    ) -> Result<Self, PartitionError> {
        let requested = params.records().saturating_add(auxiliary);
        if requested > data.len() {
            let all: Vec<usize> = (0..data.len()).collect();
            return Err(PartitionError::TooFewRecords {
                name: data.name().into(),
                requested,
                records: params.records(),
                auxiliary,
                available: data.len(),
                by_class: data.class_names().iter().cloned().zip(data.class_counts(&all)).collect(),
            });
        }
        if let Skew::Explicit(rows) = &params.get().skew {
            let given = rows.first().map_or(0, Vec::len);
            if given != data.classes() {
                let (name, classes) = (data.name().into(), data.classes());
                return Err(PartitionError::Classes { name, given, classes });
            }
        }

        let mut rows: Vec<usize> = (0..data.len()).collect();
        rows.shuffle(&mut seed.stream("auxiliary"));
        let mut available = rows.split_off(auxiliary);
        let mut auxiliary = rows;
        auxiliary.sort_unstable();
        available.sort_unstable();

        let records = records_of_each(params, seed);
        let (parties, shortfalls) = match &params.get().skew {
            Skew::Iid => (draw_iid(&records, available.clone(), data, seed), Vec::new()),
            Skew::Clustered { alpha, .. } => {
                draw_clustered(&records, alpha.draw(seed), clusters, &available, data, seed)
            }
            skew => draw_skewed(&records, skew, &available, data, seed),
        };

        let mut owners = vec![None; data.len()];
        for (party, party_rows) in PartyId::first(params.parties()).zip(&parties) {
            for &row in &party_rows.rows {
                owners[row] = Some(party);
            }
        }
        let held_out = available.into_iter().filter(|&row| owners[row].is_none()).collect();
        let warnings = degenerates(params.parties(), &parties, data);
        if params.get().on_degenerate == OnDegenerate::Error && !warnings.is_empty() {
            return Err(PartitionError::Degenerate(warnings));
        }
        Ok(Self { parties, auxiliary, held_out, owners, shortfalls, warnings })
    }

    /// Number of parties n.
    #[must_use]
    pub fn parties(&self) -> u32 {
        self.parties.len() as u32
    }

    /// The rows of a party, ascending; none for a party that is not in the federation.
    #[must_use]
    pub fn rows(&self, party: PartyId) -> &[usize] {
        self.parties.get(party.index()).map_or(&[], |party_rows| &party_rows.rows)
    }

    /// The class distribution q that a party's records were drawn from (under [`Skew::Iid`] the data's own, under
    /// [`Skew::Clustered`] that of its portion, zeros where that is empty), length `classes`; empty for a party that is not in the federation.
    #[must_use]
    pub fn shares(&self, party: PartyId) -> &[f64] {
        self.parties.get(party.index()).map_or(&[], |party_rows| &party_rows.shares)
    }

    /// Rows held out and not auxiliary, ascending.
    #[must_use]
    pub fn held_out(&self) -> &[usize] {
        &self.held_out
    }

    /// Rows set aside for adversaries to learn from, ascending; held out.
    #[must_use]
    pub fn auxiliary(&self) -> &[usize] {
        &self.auxiliary
    }

    /// Whose row it is.
    #[must_use]
    pub fn owner(&self, row: usize) -> Option<PartyId> {
        self.owners.get(row).copied().flatten()
    }

    /// Where a class pool ran dry, or a portion of clusters was too small, by party, then class.
    #[must_use]
    pub fn shortfalls(&self) -> &[Shortfall] {
        &self.shortfalls
    }

    /// Parties without a record or with a single class, by party.
    #[must_use]
    pub fn warnings(&self) -> &[Degenerate] {
        &self.warnings
    }
}

/// How many records each party is asked to get.
fn records_of_each(params: &PartitionParams, seed: Seed) -> Vec<usize> {
    let parties = params.parties() as usize;
    match &params.get().records_per_party {
        RecordsPerParty::Equal(records) => vec![*records; parties],
        RecordsPerParty::Listed(list) => list.clone(),
        RecordsPerParty::Skewed { alpha, total } => {
            apportion(&dirichlet(*alpha, parties, &mut seed.stream("records-per-party")), *total)
        }
    }
}

/// One shuffled pool, each party the next of its number of rows.
fn draw_iid(records: &[usize], mut pool: Vec<usize>, data: &Dataset, seed: Seed) -> Vec<PartyRows> {
    let all: Vec<usize> = (0..data.len()).collect();
    let shares: Vec<f64> =
        data.class_counts(&all).into_iter().map(|count| count as f64 / data.len() as f64).collect();
    pool.shuffle(&mut seed.stream("pool"));
    let mut pool = pool.into_iter();
    records
        .iter()
        .map(|&records| {
            let mut rows: Vec<usize> = pool.by_ref().take(records).collect();
            rows.sort_unstable();
            PartyRows { rows, shares: shares.clone() }
        })
        .collect()
}

/// One shuffled pool a class, each party the next rows of each as its q says.
fn draw_skewed(
    records: &[usize],
    skew: &Skew,
    available: &[usize],
    data: &Dataset,
    seed: Seed,
) -> (Vec<PartyRows>, Vec<Shortfall>) {
    let mut pools = vec![Vec::new(); data.classes()];
    for &row in available {
        pools[data.labels()[row] as usize].push(row);
    }
    let inhabited = inhabited(data);
    for (place, &class) in inhabited.iter().enumerate() {
        pools[class].shuffle(&mut seed.child("class", place as u64).stream("pool"));
    }
    let mut pools: Vec<_> = pools.into_iter().map(Vec::into_iter).collect();
    let mut shortfalls = Vec::new();
    let parties = u32::try_from(records.len()).expect("a checked partition has a bounded number of parties");
    let drawn = PartyId::first(parties)
        .zip(records)
        .map(|(party, &records)| {
            let shares = class_shares(skew, party, &inhabited, data.classes(), seed);
            let mut rows = Vec::with_capacity(records);
            for (class, (pool, &share)) in pools.iter_mut().zip(&shares).enumerate() {
                let wanted = whole_part(share, records);
                let given = wanted.min(pool.len());
                rows.extend(pool.take(given));
                if given < wanted {
                    shortfalls.push(Shortfall { party, class, wanted, given });
                }
            }
            rows.sort_unstable();
            PartyRows { rows, shares }
        })
        .collect();
    (drawn, shortfalls)
}

/// Classes that some record is of, ascending.
pub(super) fn inhabited(data: &Dataset) -> Vec<usize> {
    let counts = data.class_counts(&(0..data.len()).collect::<Vec<_>>());
    (0..counts.len()).filter(|&class| counts[class] > 0).collect()
}

/// The class distribution q of one party. What is drawn is drawn over the inhabited classes: a share of a class that nobody is
/// in would only make the shard smaller.
fn class_shares(skew: &Skew, party: PartyId, inhabited: &[usize], classes: usize, seed: Seed) -> Vec<f64> {
    let mut stream = seed.child("party", u64::from(party.get())).stream("skew");
    let alpha = match skew {
        Skew::Explicit(rows) => return rows[party.index()].clone(),
        Skew::Dirichlet { alpha } => *alpha,
        Skew::Simplex | Skew::Iid | Skew::Clustered { .. } => 1.0,
    };
    let mut shares = vec![0.0; classes];
    for (&class, share) in inhabited.iter().zip(dirichlet(alpha, inhabited.len(), &mut stream)) {
        shares[class] = share;
    }
    shares
}

/// Parties without a record or with a single class.
fn degenerates(parties: u32, drawn: &[PartyRows], data: &Dataset) -> Vec<Degenerate> {
    PartyId::first(parties)
        .zip(drawn)
        .filter_map(|(party, party_rows)| {
            let Some((&first, rest)) = party_rows.rows.split_first() else {
                return Some(Degenerate::NoRecord { party });
            };
            let class = data.labels()[first];
            rest.iter()
                .all(|&row| data.labels()[row] == class)
                .then(|| Degenerate::SingleClass { party, class: data.class_names()[class as usize].clone() })
        })
        .collect()
}
