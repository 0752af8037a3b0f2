//! How a partition is to be drawn, checked: only [`RawPartitionParams::check`] makes a [`PartitionParams`].

use rand::RngExt;

use super::error::PartitionViolation;
use crate::MOST_RECORDS;
use crate::learner::checked;
use crate::seed::Seed;

/// How far explicit class shares may be from summing to one.
const SUM_TOLERANCE: f64 = 1e-6;
/// Concentrations outside this range are a point or the uniform vector to the last bit that counts.
const ALPHA: std::ops::RangeInclusive<f64> = 1e-6..=1e6;
/// More clusters a class than anybody can mean.
const CLUSTERS: std::ops::RangeInclusive<usize> = 1..=1000;

/// How many records each party gets: the same number for all, a list of one for each party, or a skewed draw. Where a class runs
/// out, a party gets less and the report says so.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(
    rename = "records_per_party",
    extend(
        "x-rule" = "be a whole number, a list of one for each party, or {skewed: {alpha, total}}",
        "x-unit" = "records",
        "examples" = [500]
    )
)]
pub enum RecordsPerParty {
    /// The records of all parties together, shared out by one draw from the symmetric Dirichlet distribution over the parties.
    Skewed {
        /// Concentration of the draw: small values give one party nearly all.
        #[schemars(range(min = *ALPHA.start(), max = *ALPHA.end()), extend("examples" = [1.0]))]
        alpha: f64,
        /// Records of all parties together.
        #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records", "examples" = [1500]))]
        total: usize,
    },
    /// The same number for all.
    #[serde(untagged)]
    Equal(#[schemars(range(min = 1, max = MOST_RECORDS))] usize),
    /// One number a party, P1 first.
    #[serde(untagged)]
    Listed(#[schemars(length(min = 1), inner(range(min = 0, max = MOST_RECORDS)))] Vec<usize>),
}

/// From which class shares q each party's records are drawn.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "skew", extend("examples" = ["simplex"]))]
pub enum Skew {
    /// No skew: records uniformly at random.
    Iid,
    /// q uniform on the simplex: every mixture of classes is as likely.
    #[schemars(extend("x-source" = "Truex et al., section 4.7"))]
    Simplex,
    /// q from the symmetric Dirichlet distribution.
    #[schemars(extend("x-source" = "Hsu, Qi and Brown, 2019"))]
    Dirichlet {
        /// Concentration: small values give parties of nearly one class, large ones equal classes, 1 is `simplex`.
        #[schemars(range(min = *ALPHA.start(), max = *ALPHA.end()), extend("examples" = [0.5]))]
        alpha: f64,
    },
    /// q as given: one row of class shares for each party, party 1 first; each row sums to 1.
    Explicit(
        #[schemars(
            length(min = 1),
            inner(length(min = 1), inner(range(min = 0.0))),
            extend("x-unit" = "fraction", "examples" = [[[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]]])
        )]
        Vec<Vec<f64>>,
    ),
    /// Each class is split into k-means clusters, and each cluster divided by a Dirichlet draw over the parties: the same class looks
    /// different in different shards.
    #[schemars(extend("x-source" = "made for Truex et al., Figure 11"))]
    Clustered {
        /// Concentration: small values give each cluster to one party, large ones all parties the same. A range of two draws it
        /// log-uniformly for each repeat.
        #[schemars(extend("examples" = [0.3]))]
        alpha: Alpha,
        /// Clusters of each class.
        #[serde(default = "eight")]
        #[schemars(range(min = *CLUSTERS.start(), max = *CLUSTERS.end()), extend("x-unit" = "clusters"))]
        clusters: usize,
    },
}

fn eight() -> usize {
    8
}

/// A number, or a range of two from which each repeat draws its own.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[schemars(inline, extend("x-rule" = "be a number, or a range of two, such as [0.1, 100]"))]
pub enum Alpha {
    /// The same for every partition.
    Fixed(#[schemars(range(min = *ALPHA.start(), max = *ALPHA.end()))] f64),
    /// Log-uniform between two ends, the upper not below the lower: one draw a partition.
    LogUniform(#[schemars(inner(range(min = *ALPHA.start(), max = *ALPHA.end())))] [f64; 2]),
}

impl Alpha {
    /// The concentration of the partition with this seed.
    pub(super) fn draw(self, seed: Seed) -> f64 {
        match self {
            Self::Fixed(alpha) => alpha,
            Self::LogUniform([low, high]) => {
                let place: f64 = seed.stream("alpha").random();
                (low.ln() + place * (high.ln() - low.ln())).exp().clamp(low, high)
            }
        }
    }
}

/// What happens where a party gets no record, or records of a single class.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OnDegenerate {
    /// It keeps its shard, and the report names it.
    #[default]
    Warn,
    /// The run ends.
    Error,
}

/// The parameters of a partition as they are written down, not yet checked.
///
/// ```
/// use turncoat_learn::partition::{OnDegenerate, RawPartitionParams, RecordsPerParty, Skew};
///
/// let params = RawPartitionParams {
///     parties: 3,
///     records_per_party: RecordsPerParty::Equal(20),
///     skew: Skew::Dirichlet { alpha: 0.0 },
///     on_degenerate: OnDegenerate::Warn,
/// };
/// let violations = params.check().unwrap_err();
/// assert_eq!(violations[0].parameter, "skew.dirichlet.alpha");
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct RawPartitionParams {
    /// How many data owners there are.
    #[schemars(range(min = 1, max = PartitionParams::MAX_PARTIES), extend("x-unit" = "parties", "examples" = [3]))]
    pub parties: u32,
    /// How many records each party gets: the same number for all, a list of one for each party, or a skewed draw. Where a class runs
    /// out, a party gets less and the report says so.
    pub records_per_party: RecordsPerParty,
    /// From which class shares q each party's records are drawn.
    pub skew: Skew,
    /// What happens where a party gets no record, or records of a single class.
    #[serde(default)]
    pub on_degenerate: OnDegenerate,
}

checked! {
    /// Checked parameters of a partition. Whether the data set has as many records, and as many classes, is seen when it is drawn.
    PartitionParams of RawPartitionParams, "RawPartitionParams"
}

impl RawPartitionParams {
    /// Checks every bound that does not need the data.
    ///
    /// # Errors
    /// All [`PartitionViolation`]s at once.
    pub fn check(self) -> Result<PartitionParams, Vec<PartitionViolation>> {
        let mut violations = Vec::new();
        let mut refuse = |parameter: String, value: String, rule: String| {
            violations.push(PartitionViolation { parameter, value, rule });
        };
        if !(1..=PartitionParams::MAX_PARTIES).contains(&self.parties) {
            refuse(
                "parties".into(),
                self.parties.to_string(),
                format!("from 1 to {}", PartitionParams::MAX_PARTIES),
            );
        }
        match &self.records_per_party {
            RecordsPerParty::Equal(0) => {
                refuse("records_per_party".into(), "0".into(), "at least 1".into());
            }
            RecordsPerParty::Equal(_) => {}
            RecordsPerParty::Listed(list) => {
                if list.len() != self.parties as usize {
                    let (value, rule) = (format!("{} numbers", list.len()), one_each(self.parties, "number"));
                    refuse("records_per_party".into(), value, rule);
                } else if list.iter().all(|&records| records == 0) {
                    let rule = "at least one party with a record".into();
                    refuse("records_per_party".into(), "zeros".into(), rule);
                }
            }
            RecordsPerParty::Skewed { alpha, total } => {
                if !ALPHA.contains(alpha) {
                    refuse("records_per_party.skewed.alpha".into(), alpha.to_string(), alpha_rule());
                }
                if *total == 0 {
                    refuse("records_per_party.skewed.total".into(), "0".into(), "at least 1".into());
                }
            }
        }
        match &self.skew {
            Skew::Iid | Skew::Simplex => {}
            Skew::Dirichlet { alpha } => {
                if !ALPHA.contains(alpha) {
                    refuse("skew.dirichlet.alpha".into(), alpha.to_string(), alpha_rule());
                }
            }
            Skew::Clustered { alpha, clusters } => {
                let (shown, sound) = match alpha {
                    Alpha::Fixed(alpha) => (alpha.to_string(), ALPHA.contains(alpha)),
                    Alpha::LogUniform([low, high]) => (
                        format!("[{low}, {high}]"),
                        ALPHA.contains(low) && ALPHA.contains(high) && low <= high,
                    ),
                };
                if !sound {
                    let rule = format!("{}, or a range [low, high] of such numbers", alpha_rule());
                    refuse("skew.clustered.alpha".into(), shown, rule);
                }
                if !CLUSTERS.contains(clusters) {
                    refuse("skew.clustered.clusters".into(), clusters.to_string(), "from 1 to 1000".into());
                }
            }
            Skew::Explicit(rows) => {
                if rows.len() != self.parties as usize {
                    let (value, rule) = (format!("{} rows", rows.len()), one_each(self.parties, "row"));
                    refuse("skew.explicit".into(), value, rule);
                }
                let classes = rows.first().map_or(0, Vec::len);
                for (party, row) in rows.iter().enumerate() {
                    if let Some(rule) = row_rule(row, classes) {
                        refuse(format!("skew.explicit.{party}"), format!("{row:?}"), rule);
                    }
                }
            }
        }
        if violations.is_empty() { Ok(PartitionParams(self)) } else { Err(violations) }
    }
}

/// What is wrong with a row of class shares.
fn row_rule(row: &[f64], classes: usize) -> Option<String> {
    if row.is_empty() || row.len() != classes {
        return Some("one share a class, in every row".into());
    }
    if row.iter().any(|share| !share.is_finite() || *share < 0.0) {
        return Some("finite shares of at least 0".into());
    }
    let sum: f64 = row.iter().sum();
    ((sum - 1.0).abs() > SUM_TOLERANCE).then(|| format!("shares that sum to 1, not to {sum}"))
}

fn one_each(parties: u32, what: &str) -> String {
    format!("one {what} for each of the {parties} parties")
}

fn alpha_rule() -> String {
    "from 0.000001 to 1000000".into()
}

impl PartitionParams {
    /// Most parties of one federation: a bound that keeps a slip of the pen from filling the memory.
    pub const MAX_PARTIES: u32 = 10_000;

    /// Number of parties n, at least 1.
    #[must_use]
    pub fn parties(&self) -> u32 {
        self.0.parties
    }

    /// How many records all parties together are asked to get.
    #[must_use]
    pub fn records(&self) -> usize {
        match &self.0.records_per_party {
            RecordsPerParty::Equal(records) => records.saturating_mul(self.0.parties as usize),
            RecordsPerParty::Listed(list) => list.iter().fold(0, |sum, &n| sum.saturating_add(n)),
            RecordsPerParty::Skewed { total, .. } => *total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(parties: u32, records_per_party: RecordsPerParty, skew: Skew) -> RawPartitionParams {
        RawPartitionParams { parties, records_per_party, skew, on_degenerate: OnDegenerate::Warn }
    }

    fn violations(params: RawPartitionParams) -> Vec<String> {
        params.check().unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_bound_is_named_at_once() {
        let all = violations(raw(
            0,
            RecordsPerParty::Skewed { alpha: f64::NAN, total: 0 },
            Skew::Dirichlet { alpha: -1.0 },
        ));
        assert_eq!(
            all,
            [
                "parties is 0: from 1 to 10000",
                "records_per_party.skewed.alpha is NaN: from 0.000001 to 1000000",
                "records_per_party.skewed.total is 0: at least 1",
                "skew.dirichlet.alpha is -1: from 0.000001 to 1000000",
            ]
        );
    }

    #[test]
    fn lists_have_one_entry_a_party() {
        let rows = vec![vec![0.5, 0.5], vec![1.0], vec![0.7, 0.7], vec![-0.5, 1.5]];
        assert_eq!(
            violations(raw(3, RecordsPerParty::Listed(vec![5, 5]), Skew::Explicit(rows))),
            [
                "records_per_party is 2 numbers: one number for each of the 3 parties",
                "skew.explicit is 4 rows: one row for each of the 3 parties",
                "skew.explicit.1 is [1.0]: one share a class, in every row",
                "skew.explicit.2 is [0.7, 0.7]: shares that sum to 1, not to 1.4",
                "skew.explicit.3 is [-0.5, 1.5]: finite shares of at least 0",
            ]
        );
        assert_eq!(violations(raw(2, RecordsPerParty::Listed(vec![0, 0]), Skew::Iid)).len(), 1);
        assert_eq!(violations(raw(2, RecordsPerParty::Equal(0), Skew::Iid)).len(), 1);
    }

    #[test]
    fn the_records_asked_are_summed_over_parties() {
        let requested = |records| raw(3, records, Skew::Simplex).check().unwrap().records();
        assert_eq!(requested(RecordsPerParty::Equal(7)), 21);
        assert_eq!(requested(RecordsPerParty::Listed(vec![1, 0, 4])), 5);
        assert_eq!(requested(RecordsPerParty::Skewed { alpha: 1.0, total: 9 }), 9);
        assert_eq!(requested(RecordsPerParty::Equal(usize::MAX)), usize::MAX);
    }
}
