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

use super::attack::ResultFigures;
use super::byzantine::ByzantineFigures;
use super::figure::{Mean, lenient};
use super::service::{ClientFigures, DegradedResponses, RejectedResponses, ServiceFigures};
use super::single_target::{Deviations, SingleTargetFigures};

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
    #[serde(skip_serializing_if = "Option::is_none", alias = "laboratory")]
    pub single_target: Option<SingleTargetFigures>,
    /// How accuracy varies while one role keeps its type; absent where not every type met every other.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub deviations: Option<Deviations>,
    /// Who asked how much; absent for single targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceFigures>,
    /// Queries that were answered by fewer parties than all, by repeat and number; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<DegradedResponses>,
    /// Answers of parties that were thrown away, by repeat and party; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<RejectedResponses>,
    /// The same repeats with and without the Byzantine parties; absent where there are none.
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
    /// Accuracy of the averaged vector on the records of all shards.
    pub train_accuracy: Summary,
    /// Accuracy of the averaged vector on held-out records: in no shard, and equal to no record of one.
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
        let part = |count: u64, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
        let honest = self.byzantine.iter().flat_map(|figures| &figures.degraded);
        let degraded = self.degraded.iter().chain(honest).map(|range| range.rows).sum();
        let clients = || self.clients().iter();
        let parts: Vec<String> = [
            part(
                degraded,
                "query was answered by fewer parties than all",
                "queries were answered by fewer parties than all",
            ),
            part(clients().map(|client| client.refused).sum(), "query was refused", "queries were refused"),
            part(clients().map(|client| client.failed).sum(), "query got no answer", "queries got no answer"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::figure::Figure;

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
