//! What one attack of one adversary has reached, in `report.json`.

use serde::{Deserialize, Serialize};
use turncoat_attack::Summary;

use super::differences::Differences;
use super::figure::{Figure, Mean, lenient};
use super::single_target::Means;

/// What one adversary's attack achieved, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultFigures {
    /// `outsider`, `party` or `aggregator`.
    pub vantage: Option<String>,
    /// `outsider`, `party-3` or `aggregator`.
    pub adversary: Option<String>,
    /// What was asked.
    pub question: Option<String>,
    /// What tells the attack from the adversary's others: its name, unless the scenario gives it an id; absent in a report of an older version.
    pub id: Option<String>,
    /// The attack.
    pub attack: Option<String>,
    /// Of a single target: what was attacked, and with what.
    #[serde(flatten)]
    pub means: Means,
    /// How non-members were drawn: `uniform` or `matched` to the members' class counts; null for the source question.
    pub non_members: Option<String>,
    /// The parties whose records were asked about.
    #[serde(deserialize_with = "lenient")]
    pub candidates: Vec<u32>,
    /// Records asked about and counted, mean over the repeats.
    #[serde(deserialize_with = "lenient")]
    pub records: Option<Mean>,
    /// Claims that were scored in a repeat, mean over the repeats with any: what every figure rests on but the precision of
    /// membership. Of single targets, those of all folds together.
    #[serde(deserialize_with = "lenient")]
    pub claims: Option<Mean>,
    /// Membership: those that claim a record in, which is what the precision rests on; null for the source question.
    #[serde(deserialize_with = "lenient")]
    pub claims_in: Option<Mean>,
    /// Records asked about that would have counted, had the attack made a claim on them: nothing that it needs was answered.
    /// Mean over the repeats; absent where there is none.
    #[serde(skip_serializing_if = "Mean::is_zero", deserialize_with = "lenient")]
    pub unclaimed: Mean,
    /// Membership: fraction of the records claimed to be in that are in. Source: macro average over the candidates.
    #[serde(deserialize_with = "lenient")]
    pub precision: Summary,
    /// Fraction of all claims that are right.
    #[serde(deserialize_with = "lenient")]
    pub accuracy: Summary,
    /// Membership: fraction of the members that are claimed to be in. Source: macro average over the candidates.
    #[serde(deserialize_with = "lenient")]
    pub recall: Summary,
    /// Area under the ROC curve, mid-ranks; null for the source question.
    #[serde(deserialize_with = "lenient")]
    pub auc: Summary,
    /// True positive rate less false positive rate; null for the source question.
    #[serde(deserialize_with = "lenient")]
    pub advantage: Summary,
    /// True positive rate at a false positive rate of at most 1 %, step rule; null for the source question.
    #[serde(deserialize_with = "lenient")]
    pub tpr_at_fpr_1pct: Summary,
    /// The same at 0.1 %.
    #[serde(deserialize_with = "lenient")]
    pub tpr_at_fpr_0_1pct: Summary,
    /// The smallest false positive rate at which anything is claimed, that of the highest score; null for the source question.
    #[serde(deserialize_with = "lenient")]
    pub smallest_fpr: Summary,
    /// What an adversary reaches that asks nothing and knows the true class counts of the shards.
    #[serde(deserialize_with = "lenient")]
    pub prior_only: PriorOnly,
    /// What the attack has over that, repeat by repeat.
    #[serde(deserialize_with = "lenient")]
    pub over_prior: Differences,
    /// What an insider's attack has over an outsider's on the same records, repeat by repeat; null where there is none.
    #[serde(deserialize_with = "lenient")]
    pub over_outsider: Option<Differences>,
    /// What guessing reaches.
    #[serde(deserialize_with = "lenient")]
    pub chance: Option<f64>,
    /// Source question: each candidate's own figures.
    #[serde(deserialize_with = "lenient")]
    pub by_party: Vec<ByParty>,
}

/// The prior-only baseline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriorOnly {
    /// Its precision.
    #[serde(deserialize_with = "lenient")]
    pub precision: Summary,
    /// Its accuracy.
    #[serde(deserialize_with = "lenient")]
    pub accuracy: Summary,
    /// Source: how many candidates none of its claims names, mean over the repeats. They count as zero in its precision, which may
    /// then lie below chance: compare accuracies.
    #[serde(deserialize_with = "lenient")]
    pub unnamed: Option<Mean>,
}

/// One candidate's figures on the source question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByParty {
    /// Which.
    pub id: u32,
    /// Claims on it, which its precision rests on: mean over the repeats with any claim.
    pub claims: Option<Mean>,
    /// Claims on its records, which its recall rests on, likewise.
    pub records: Option<Mean>,
    /// Fraction of the claims on it that are right.
    pub precision: Summary,
    /// Fraction of its records that were claimed to be its.
    pub recall: Summary,
}

impl ResultFigures {
    /// Whether the adversary stands there: `outsider`, `party` or `aggregator`.
    #[must_use]
    pub fn is_of(&self, vantage: &str) -> bool {
        self.vantage.as_deref() == Some(vantage)
    }

    /// What tells its attack from the adversary's others: the id, or the name where an older version wrote no id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().or(self.attack.as_deref()).unwrap_or_default()
    }

    /// A name by its field; none where it is absent, null or empty.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let field = match name {
            "vantage" => &self.vantage,
            "adversary" => &self.adversary,
            "question" => &self.question,
            "attack" => &self.attack,
            "id" => return Some(self.id()).filter(|id| !id.is_empty()),
            "target" => &self.means.target,
            "generation" => &self.means.generation,
            "attack_learner" => &self.means.attack_learner,
            "non_members" => &self.non_members,
            _ => return None,
        };
        field.as_deref()
    }

    /// Who attacks, or of single targets what is attacked.
    pub(crate) fn subject(&self) -> &str {
        self.means.target.as_deref().or(self.adversary.as_deref()).unwrap_or_default()
    }

    /// The attack, and with what it is carried out: `shadow · decision_tree · knn`.
    pub(crate) fn with_means(&self) -> String {
        let means = [&self.means.generation, &self.means.attack_learner].into_iter().flatten();
        std::iter::once(self.id()).chain(means.map(String::as_str)).collect::<Vec<_>>().join(" · ")
    }

    /// `party-3: least_loss`.
    pub(crate) fn label(&self) -> String {
        format!("{}: {}", self.subject(), self.with_means())
    }

    /// A figure with its repeats by its name; `None` of what has none.
    fn of(&self, name: &str) -> Option<&Summary> {
        Some(match name {
            "precision" => &self.precision,
            "accuracy" => &self.accuracy,
            "recall" => &self.recall,
            "auc" => &self.auc,
            "advantage" => &self.advantage,
            "tpr_at_fpr_1pct" => &self.tpr_at_fpr_1pct,
            "tpr_at_fpr_0_1pct" => &self.tpr_at_fpr_0_1pct,
            "smallest_fpr" => &self.smallest_fpr,
            "prior_only_precision" => &self.prior_only.precision,
            "prior_only_accuracy" => &self.prior_only.accuracy,
            "over_prior_precision" => &self.over_prior.precision,
            "over_prior_accuracy" => &self.over_prior.accuracy,
            "over_outsider_precision" => &self.over_outsider.as_ref()?.precision,
            "over_outsider_accuracy" => &self.over_outsider.as_ref()?.accuracy,
            _ => return None,
        })
    }

    /// A figure by its name; none where it is absent or null.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<Figure> {
        let count = |count: Option<Mean>| count.map(|Mean(mean)| Figure { mean, ci95: None });
        match name {
            "chance" => self.chance.map(|mean| Figure { mean, ci95: None }),
            "records" => count(self.records),
            "claims" => count(self.claims),
            "claims_in" => count(self.claims_in),
            "prior_only_unnamed" => count(self.prior_only.unnamed),
            _ => self.of(name).and_then(Figure::of),
        }
    }

    /// A figure with its repeats; empty where there is none.
    #[must_use]
    pub fn summary(&self, name: &str) -> Summary {
        self.of(name).cloned().unwrap_or_default()
    }

    /// A figure of the prior-only baseline with its repeats, `precision` or `accuracy`.
    #[must_use]
    pub fn prior_summary(&self, name: &str) -> &Summary {
        if name == "precision" { &self.prior_only.precision } else { &self.prior_only.accuracy }
    }

    /// A figure of the prior-only baseline, `precision` or `accuracy`.
    #[must_use]
    pub fn prior_only(&self, name: &str) -> Option<Figure> {
        Figure::of(self.prior_summary(name))
    }

    /// How many claims a figure rests on, mean over the repeats: the precision of membership on those that claim a record in, every
    /// other figure on all of them.
    #[must_use]
    pub fn claims(&self, figure: &str) -> Option<f64> {
        let own = if figure == "precision" { self.claims_in } else { None };
        own.or(self.claims).map(|claims| claims.0)
    }

    /// Whether the report says so of the baseline.
    pub(crate) fn leaves_unnamed(&self) -> bool {
        self.prior_only.unnamed.is_some_and(|unnamed| unnamed.0 > 0.0)
    }

    /// Whether the prior-only baseline names fewer candidates than there are, of as many classes: see `prior_only.unnamed`.
    #[must_use]
    pub fn prior_leaves_unnamed(&self, classes: usize) -> bool {
        match self.prior_only.unnamed {
            Some(_) => self.leaves_unnamed(),
            None => {
                self.question.as_deref() == Some("source") && (1..self.candidates.len()).contains(&classes)
            }
        }
    }
}
