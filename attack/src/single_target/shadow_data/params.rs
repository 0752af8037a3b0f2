//! The steps of a shadow plan and their parameters, with the bounds that each must keep.

use turncoat_learn::{Learner, MOST_RECORDS};

use crate::single_target::violation::ParameterViolation;

/// Largest side of a hypercube.
const MOST_SIDE: f64 = 1e6;

/// One step towards the adversary's data set. The first makes records, the others make more of them.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "step", extend("examples" = ["same_distribution"]))]
pub enum Step {
    /// Source: the copies of white-box knowledge, none twice.
    #[schemars(extend("x-source" = "Truex et al., section 4"))]
    SameDistribution,
    /// Source: draws from statistics of the population; from structure alone, uniform draws.
    Statistics(Statistics),
    /// Labels a few records by asking the target and the others by a learner trained on those.
    ActiveLearning(ActiveLearning),
    /// Searches points that the target is sure of, starting at draws from the source; without one before it, at draws from
    /// what is known of each feature.
    Query(Query),
    /// Adds points around each record, with its label.
    Region(Region),
}

/// What statistics say of how features hang together.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Dependence {
    /// Nothing: independent draws, one from each feature's distribution and one from that of the class.
    #[default]
    Independent,
    /// The tree over features and class that explains most (Chow and Liu, 1968). Not with black-box knowledge.
    Pairwise,
}

/// Source: draws from statistics of the population; from structure alone, uniform draws.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "statistics", extend("x-source" = "Truex et al., section 3.1.2"))]
pub struct Statistics {
    /// What statistics say of how features hang together.
    pub dependence: Dependence,
}

/// Labels a few records by asking the target, and the others by a learner trained on those.
///
/// ```
/// use turncoat_attack::single_target::ActiveLearning;
/// use turncoat_learn::Learner;
///
/// assert_eq!(ActiveLearning::of(200, Learner::Knn(Default::default())).rounds, 5);
/// assert_eq!(ActiveLearning::rounds_unless_told(3), 3);
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "active_learning", extend("x-source" = "Truex et al., section 3.1.2"))]
pub struct ActiveLearning {
    /// Records that the target labels, at most as many as there are; one query each.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "queries", "examples" = [200]))]
    pub labelled: usize,
    /// What labels the others.
    #[schemars(extend("examples" = ["knn"]))]
    pub learner: Learner,
    /// In how many rounds the labelled are chosen, at most `labelled`: first at random, then those of which the learner is the least
    /// sure.
    ///
    /// The rounds are as equal as can be. Where the draft holds records that the target has labelled already (`query`), they are the
    /// first round, and as many questions fewer are asked.
    #[schemars(
        range(min = 1, max = MOST_RECORDS),
        extend("x-default" = "5, or `labelled` where that is less", "x-unit" = "rounds")
    )]
    pub rounds: usize,
}

impl ActiveLearning {
    /// As many rounds as where nothing is said: five, or one for each record where fewer are labelled.
    #[must_use]
    pub fn of(labelled: usize, learner: Learner) -> Self {
        Self { labelled, learner, rounds: Self::rounds_unless_told(labelled) }
    }

    /// In how many rounds that many records are labelled where nothing is said.
    #[must_use]
    pub fn rounds_unless_told(labelled: usize) -> usize {
        labelled.clamp(1, 5)
    }

    /// How many are labelled in a round, from zero.
    pub(super) fn in_round(&self, round: usize) -> usize {
        // Whole parts first, so that no product overflows.
        let (each, rest) = (self.labelled / self.rounds.max(1), self.labelled % self.rounds.max(1));
        each + usize::from(round < rest)
    }
}

/// Searches points that the target is sure of, from draws of the source or, without one before it, from what is known of each feature.
///
/// ```
/// use turncoat_attack::single_target::Query;
///
/// let search = Query { confidence: 0.9, ..Query::of(10_000) };
/// assert_eq!((search.attempts, search.redraw), (100, None));
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "query", extend("x-source" = "Truex et al., section 3.1.2 and Figure 4; Shokri et al., 2017"))]
pub struct Query {
    /// A point is accepted when the largest probability of the target's answer reaches this.
    #[serde(default = "most")]
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0, "x-unit" = "probability"))]
    pub confidence: f64,
    /// Most updates of one starting point; then a new one is drawn.
    #[serde(default = "hundred")]
    #[schemars(range(min = 1), extend("x-unit" = "updates"))]
    pub attempts: u32,
    /// Features drawn anew in an update, all where there are fewer; null for a tenth of them.
    #[serde(default)]
    #[schemars(range(min = 1), extend("x-unit" = "features"))]
    pub redraw: Option<u32>,
    /// Most queries in all, at least one for each point that the plan needs. When they are spent, the search ends with what it has.
    #[schemars(
        range(min = 1, max = u32::MAX as u64 * MOST_RECORDS as u64),
        extend("x-unit" = "queries", "examples" = [100_000])
    )]
    pub budget: u64,
}

fn most() -> f64 {
    0.8
}

fn hundred() -> u32 {
    100
}

impl Query {
    /// Confidence 0.8, a hundred updates of a tenth of the features.
    #[must_use]
    pub fn of(budget: u64) -> Self {
        Self { confidence: most(), attempts: hundred(), redraw: None, budget }
    }
}

/// Adds points around each record, with its label.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "region", extend("x-source" = "Truex et al., section 3.1.2 and Figure 4"))]
pub struct Region {
    /// Side of the hypercube whose centre is the record.
    #[schemars(range(max = MOST_SIDE), extend("exclusiveMinimum" = 0, "x-unit" = "units of the features"))]
    pub side: f64,
    /// Points drawn in each hypercube; the record stays beside them.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records"))]
    pub points: usize,
}

impl Default for Region {
    fn default() -> Self {
        Self { side: 0.1, points: 10 }
    }
}

impl Region {
    /// Records that become of one: itself and the points around it.
    pub(super) fn of_one(&self) -> usize {
        self.points.saturating_add(1)
    }
}

impl Step {
    /// Its name, as a scenario writes it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::SameDistribution => "same_distribution",
            Self::Statistics(_) => "statistics",
            Self::ActiveLearning(_) => "active_learning",
            Self::Query(_) => "query",
            Self::Region(_) => "region",
        }
    }

    /// Whether it makes records of knowledge alone.
    pub(super) fn is_source(&self) -> bool {
        matches!(self, Self::SameDistribution | Self::Statistics(_))
    }

    /// Whether it asks the target.
    pub(super) fn asks_target(&self) -> bool {
        matches!(self, Self::ActiveLearning(_) | Self::Query(_))
    }

    /// Checks every bound that the step alone decides. `place` is its place in the plan, from zero.
    pub(super) fn check(&self, place: usize, violations: &mut Vec<ParameterViolation>) {
        let mut refuse = |parameter: &str, value: String, rule: &str| {
            let parameter = format!("steps.{place}.{}.{parameter}", self.name());
            violations.push(ParameterViolation::new(parameter, value, rule));
        };
        match self {
            Self::SameDistribution | Self::Statistics(_) => {}
            Self::ActiveLearning(params) => {
                if params.labelled == 0 {
                    refuse("labelled", "0".into(), "at least 1");
                }
                if params.rounds == 0 || params.rounds > params.labelled.max(1) {
                    let rule = "from 1 to the number `labelled`, so that each round labels one";
                    refuse("rounds", params.rounds.to_string(), rule);
                }
            }
            Self::Query(params) => {
                if !(params.confidence > 0.0 && params.confidence <= 1.0) {
                    refuse("confidence", params.confidence.to_string(), "above 0 and at most 1");
                }
                if params.attempts == 0 {
                    refuse("attempts", "0".into(), "at least 1");
                }
                if params.redraw == Some(0) {
                    refuse("redraw", "0".into(), "at least 1");
                }
                if params.budget == 0 {
                    refuse("budget", "0".into(), "at least 1");
                }
            }
            Self::Region(params) => {
                if !(params.side > 0.0 && params.side <= MOST_SIDE) {
                    refuse("side", params.side.to_string(), "above 0 and at most 1,000,000");
                }
                if params.points == 0 {
                    refuse("points", "0".into(), "at least 1");
                }
            }
        }
    }
}
