//! `report.json`: the figures of a run, for tools. Its field names and meanings do not change within a schema number.
//!
//! Fractions are between 0 and 1, never percent; a figure that does not exist is null. `timings_ms` is the one part
//! that may differ between two runs of the same scenario and seed on processors of the same `kernel`; everything else is
//! byte-identical.
//!
//! Whoever reads a report, of this version or an older one, reads the same types: fields that are not there or are null are absent, fields
//! that are not known are left out, and a schema of another number is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use turncoat_attack::{Correlation, Summary};
use turncoat_learn::EqualRecords;
use turncoat_learn::data::TableAccount;
use turncoat_learn::words::counted;

use super::byzantine::ByzantineFigures;
use super::differences::Differences;
use super::figure::{Figure, Mean, lenient};
use super::service::{ClientFigures, DegradedAnswers, RejectedAnswers, ServiceFigures};
use super::single_target::{Deviations, LaboratoryFigures, Means};

/// The schema that this version writes.
pub const SCHEMA: &str = "turncoat.report/1";

/// A whole report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// Version of turncoat.
    pub version: String,
    /// Which arithmetic the processor gave the learners: with another one, last bits may differ.
    pub kernel: String,
    /// Which experiment this is.
    pub scenario: ScenarioId,
    /// Names of the classes: where figures stand class by class, they stand in this order.
    pub classes: Vec<String>,
    /// How the table that the records come from was read; absent where they come from no table of the scenario's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<TableAccount>,
    /// Records that equal others.
    #[serde(deserialize_with = "lenient")]
    pub equal_records: EqualRecordFigures,
    /// The federation and how well it predicts; absent for single targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federation: Option<FederationFigures>,
    /// The targets and what the adversary was given; absent for a federation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laboratory: Option<LaboratoryFigures>,
    /// How accuracy varies while one role keeps its type; absent where not every type met every other.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub deviations: Option<Deviations>,
    /// Who asked how much; absent for single targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceFigures>,
    /// Queries that were answered by fewer parties than all, by repeat and number; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<DegradedAnswers>,
    /// Answers of parties that were thrown away, by repeat and party; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<RejectedAnswers>,
    /// The same repeats with and without the parties' lies; absent where nobody lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byzantine: Option<ByzantineFigures>,
    /// One entry for each adversary, attack and draw of non-members, in the order of the scenario.
    pub results: Vec<ResultFigures>,
    /// For each attack on the source, how its accuracy goes with the distance of the parties asked about.
    pub correlations: Vec<DistanceCorrelation>,
    /// What a reader should know before trusting the figures.
    pub notes: Vec<String>,
    /// Where the time went, in milliseconds.
    #[serde(deserialize_with = "lenient")]
    pub timings_ms: BTreeMap<String, f64>,
}

/// Records of the data that equal others in all features, as learners see them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EqualRecordFigures {
    /// Records that equal an earlier one of their class.
    pub repeated: usize,
    /// Records that equal another one of another class.
    pub contradicting: usize,
    /// Records that no target was trained on, but on a copy: they are no non-members. Mean over the repeats, or over their folds.
    pub excluded: Mean,
}

impl EqualRecordFigures {
    /// Of a data set, and how many were excluded each time.
    #[must_use]
    pub fn new(equal: &EqualRecords, excluded: impl Iterator<Item = usize>) -> Self {
        let (repeated, contradicting) = (equal.repeated(), equal.contradicting());
        Self { repeated, contradicting, excluded: Mean::of(excluded) }
    }

    /// What a reader should know of them.
    #[must_use]
    pub fn note(&self, records: usize, when: &str, which: &str) -> Option<String> {
        (self.repeated > 0).then(|| {
            format!(
                "{} of {records} records equal an earlier one in all features and their class; {when} {:.1} that {which} equal a \
                 member and are not taken for non-members (preprocess.duplicates: drop keeps one of each)",
                self.repeated, self.excluded.0
            )
        })
    }
}

/// Which experiment a report is about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScenarioId {
    /// Its name.
    pub name: String,
    /// SHA-256 of the resolved scenario without what changes no figure (how it is launched, its deadlines).
    pub sha256: String,
    /// Its seed.
    pub seed: u64,
    /// How often all of it was drawn, trained and attacked.
    pub repeats: u32,
}

/// The federation, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FederationFigures {
    /// Who was shown single vectors.
    pub disclosure: String,
    /// What each party trained.
    pub learner: String,
    /// P1 to Pn.
    pub parties: Vec<PartyFigures>,
    /// Accuracy of the averaged vector on all dealt records.
    pub train_accuracy: Summary,
    /// Accuracy of the averaged vector on new records: dealt to nobody, and equal to none that was.
    pub test_accuracy: Summary,
    /// In-class distance of the honest parties' shards: of each class's mean records, features in [0, 1], averaged over the
    /// classes that both hold and over the pairs of parties.
    pub in_class_distance: Summary,
    /// The same with the mean distance of a record of the one and a record of the other, of the same class.
    pub pairwise_distance: Summary,
}

/// How an attack's accuracy goes with the in-class distance of its candidates, repeat by repeat (Truex et al., Figure 11).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DistanceCorrelation {
    /// `outsider`, `party-3` or `aggregator`.
    pub adversary: String,
    /// What tells the attack from the adversary's others; absent in a report of an older version.
    pub id: Option<String>,
    /// The attack.
    pub attack: String,
    /// The parties whose records were asked about.
    pub candidates: Vec<u32>,
    /// In-class distance of the candidates' shards, mean over their pairs.
    pub in_class_distance: Summary,
    /// Mean pairwise distance of the candidates' shards, mean over their pairs.
    pub pairwise_distance: Summary,
    /// Of the in-class distance with the accuracy: how many repeats have both, Pearson's and Spearman's coefficient.
    #[serde(flatten)]
    pub correlation: Correlation,
}

impl DistanceCorrelation {
    /// What tells the attack from the adversary's others: the id, or the name where an older version wrote no id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.attack)
    }
}

/// One party, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartyFigures {
    /// Which.
    pub id: u32,
    /// Records of its shard, mean over the repeats.
    pub records: Mean,
    /// Records of each class, mean over the repeats.
    pub class_counts: Vec<Mean>,
    /// Records that its class shares asked for and that were no longer in the pool, mean over the repeats.
    pub missing: Mean,
    /// Accuracy of its own model on its own shard.
    pub train_accuracy: Summary,
    /// Accuracy of its own model on new records.
    pub test_accuracy: Summary,
    /// Bytes that its model takes in memory, mean over the repeats.
    pub model_bytes: Mean,
    /// Of a decision tree, records in the smallest leaf, the fewest over the repeats: an answer speaks for no fewer. Null
    /// for other learners.
    pub smallest_leaf: Option<u64>,
}

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

/// Why a text is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No JSON, or not of the report's shape.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// Something else.
    #[error("its schema is {0:?}, and this version reads {SCHEMA}")]
    Schema(String),
}

impl Report {
    /// Reads the text of a report.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        let report: Self = serde_json::from_str(text)?;
        if report.schema == SCHEMA { Ok(report) } else { Err(ReadError::Schema(report.schema)) }
    }

    /// What each client asked; none of single targets.
    #[must_use]
    pub fn clients(&self) -> &[ClientFigures] {
        self.service.as_ref().map_or(&[], |service| &service.clients)
    }

    /// Whether something was answered without a party or refused.
    #[must_use]
    pub fn is_degraded(&self) -> bool {
        !self.degraded.is_empty()
            || self.byzantine.as_ref().is_some_and(|figures| !figures.degraded.is_empty())
            || self.clients().iter().any(|client| client.refused + client.failed > 0)
    }

    /// That something was answered without a party or refused, where that is so: the figures are then not those of the
    /// federation that the scenario describes.
    #[must_use]
    pub fn degradation(&self) -> Option<String> {
        let told = |count: u64, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
        let honest = self.byzantine.iter().flat_map(|figures| &figures.degraded);
        let degraded = self.degraded.iter().chain(honest).map(|range| range.rows).sum();
        let clients = || self.clients().iter();
        let parts: Vec<String> = [
            told(
                degraded,
                "query was answered by fewer parties than all",
                "queries were answered by fewer parties than all",
            ),
            told(clients().map(|client| client.refused).sum(), "query was refused", "queries were refused"),
            told(clients().map(|client| client.failed).sum(), "query got no answer", "queries got no answer"),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The text of `report.json`.
    ///
    /// # Errors
    /// When a figure is not a number, which [`Summary`] rules out.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
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

    /// What it is held against, or a difference, `prior_only`, `over_prior` or `over_outsider`, of `precision` or `accuracy`.
    #[must_use]
    pub fn difference(&self, over: &str, name: &str) -> Option<Figure> {
        let differences = match over {
            "prior_only" => return self.prior_only(name),
            "over_prior" => &self.over_prior,
            _ => self.over_outsider.as_ref()?,
        };
        Figure::of(if name == "precision" { &differences.precision } else { &differences.accuracy })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_absent() {
        let report = Report::parse(r#"{"schema": "turncoat.report/1"}"#).unwrap();
        assert_eq!(report.results, []);
        let text = r#"{"schema": "turncoat.report/1", "scenario": {"name": "a", "seed": 3}, "extra": [1],
            "deviations": {"fixed_target": 0.01},
            "results": [{"attack": "gap", "generation": null, "chance": 0.5, "records": 100,
                         "accuracy": {"mean": 0.6, "std": null, "ci95": null, "by_repeat": [0.6]},
                         "precision": {"mean": 0.5, "ci95": [0.4, 0.6]}, "auc": {"mean": null}, "recall": null}]}"#;
        let report = Report::parse(text).unwrap();
        let result = &report.results[0];
        assert_eq!((result.attack.as_deref(), &result.means.generation), (Some("gap"), &None));
        assert_eq!(result.figure("accuracy").unwrap().percent(2), "60.00");
        assert_eq!(result.figure("precision").unwrap().percent(1), "50.0 ± 10.0");
        assert_eq!(result.figure("chance"), Some(Figure { mean: 0.5, ci95: None }));
        for absent in ["auc", "recall", "advantage"] {
            assert_eq!(result.figure(absent), None);
        }
        assert_eq!(report.deviations.unwrap().fixed_target, 0.01);
    }

    #[test]
    fn what_is_no_report_is_refused() {
        assert!(Report::parse("{").is_err());
        assert!(Report::parse("[]").is_err());
        assert!(Report::parse("{}").unwrap_err().to_string().contains("its schema is \"\""));
        assert!(Report::parse(r#"{"schema": "turncoat.report/2"}"#).is_err());
    }
}
