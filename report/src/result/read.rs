//! `report.json` read back, by whoever wrote it: fields that are not there or are null are absent, fields that are not
//! known are kept by name, and a schema of another number is refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use turncoat_learn::data::TableAccount;

use super::json::SCHEMA;

mod byzantine;
mod federation;
mod laboratory;
mod service;

pub use byzantine::{ReadByzantine, ReadLiar, ReadPaired, ReadPartyPaired, ReadResultPaired};
pub use federation::{ReadCoefficient, ReadCorrelation, ReadFederation, ReadParty, ReadSummary};
pub use laboratory::{ReadLaboratory, ReadTarget};
pub use service::{ReadClient, ReadDegraded, ReadMissing, ReadRejected, ReadService};

/// What is needed of a report.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadReport {
    schema: String,
    /// The version that wrote it.
    pub version: String,
    /// Which arithmetic it was made with; nothing in a report of an older version.
    pub kernel: String,
    /// Which experiment it is about.
    pub scenario: ReadScenario,
    /// Names of the classes; none in a report of an older version.
    pub classes: Vec<String>,
    /// How the table of the scenario's own was read, if there is one.
    pub table: Option<TableAccount>,
    /// The federation, of an experiment on one.
    pub federation: Option<ReadFederation>,
    /// The targets, of an experiment on single ones.
    pub laboratory: Option<ReadLaboratory>,
    /// What was measured.
    pub results: Vec<ReadResult>,
    /// Standard deviations between the cells of a full grid of targets, generations and attack models.
    pub deviations: BTreeMap<String, Value>,
    /// What a reader should know before trusting the figures.
    pub notes: Vec<String>,
    /// How accuracies go with distances.
    pub correlations: Vec<ReadCorrelation>,
    /// Who asked how much.
    pub service: ReadService,
    /// Queries that were answered by fewer parties than all.
    pub degraded: Vec<ReadDegraded>,
    /// Answers of parties that were thrown away.
    pub rejected: Vec<ReadRejected>,
    /// What lies did.
    pub byzantine: Option<ReadByzantine>,
}

/// Which experiment a report is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ReadScenario {
    /// Its name.
    pub name: String,
    /// Of the resolved scenario.
    pub sha256: String,
    /// Its seed.
    pub seed: u64,
    /// How often all of it was drawn, trained and attacked.
    pub repeats: u32,
}

/// One result.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadResult {
    /// Where the adversary stands.
    pub vantage: Option<String>,
    /// Who it is.
    pub adversary: Option<String>,
    /// What was asked.
    pub question: Option<String>,
    /// What tells the attack from the adversary's others; absent in a report of an older version.
    pub id: Option<String>,
    /// The attack.
    pub attack: Option<String>,
    /// How non-members were drawn.
    pub non_members: Option<String>,
    /// Of a single target: what it trained.
    pub target: Option<String>,
    /// What the shadow models trained.
    pub generation: Option<String>,
    /// What the attack model trained.
    pub attack_learner: Option<String>,
    /// Everything else, figures among it.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// One candidate's figures on the source question.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadByParty {
    /// Which.
    pub id: u32,
    /// Claims on it, mean over the repeats; absent in a report of an older version.
    pub claims: Option<f64>,
    /// Claims on its records, likewise.
    pub records: Option<f64>,
    /// Fraction of the claims on it that are right.
    pub precision: ReadSummary,
    /// Fraction of its records that were claimed to be its.
    pub recall: ReadSummary,
}

/// A figure: its mean and, where there is one, its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadFigure {
    /// Mean over the repeats, a fraction.
    pub mean: f64,
    /// Its 95 % interval.
    pub ci95: Option<[f64; 2]>,
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

impl ReadReport {
    /// Reads the text of a report.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        let report: Self = serde_json::from_str(text)?;
        if report.schema == SCHEMA { Ok(report) } else { Err(ReadError::Schema(report.schema)) }
    }

    /// Whether something was answered without a party or refused.
    #[must_use]
    pub fn is_degraded(&self) -> bool {
        let lost = |client: &ReadClient| client.refused + client.failed > 0;
        !self.degraded.is_empty()
            || self.byzantine.as_ref().is_some_and(|figures| !figures.degraded.is_empty())
            || self.service.clients.iter().any(lost)
    }
}

impl ReadResult {
    /// What tells its attack from the adversary's others: the id, or the name where an older version wrote no id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().or(self.attack.as_deref()).unwrap_or_default()
    }

    /// A figure by its name; none where it is absent or null.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<ReadFigure> {
        self.rest.get(name).and_then(ReadFigure::of)
    }

    /// A figure of the prior-only baseline, `precision` or `accuracy`.
    #[must_use]
    pub fn prior_only(&self, name: &str) -> Option<ReadFigure> {
        self.rest.get("prior_only")?.get(name).and_then(ReadFigure::of)
    }

    /// A figure with its repeats; absent where there is none.
    #[must_use]
    pub fn summary(&self, name: &str) -> ReadSummary {
        self.rest.get(name).map(summary).unwrap_or_default()
    }

    /// A figure of the prior-only baseline with its repeats, `precision` or `accuracy`.
    #[must_use]
    pub fn prior_summary(&self, name: &str) -> ReadSummary {
        self.rest.get("prior_only").and_then(|prior| prior.get(name)).map(summary).unwrap_or_default()
    }

    /// A difference, `over_prior` or `over_outsider`, of `precision` or `accuracy`.
    #[must_use]
    pub fn difference(&self, over: &str, name: &str) -> Option<ReadFigure> {
        self.rest.get(over)?.get(name).and_then(ReadFigure::of)
    }

    /// How many claims a figure rests on, mean over the repeats: the precision of membership on those that claim a record in, every
    /// other figure on all of them.
    #[must_use]
    pub fn claims(&self, figure: &str) -> Option<f64> {
        let count = |name: &str| self.rest.get(name).and_then(Value::as_f64);
        let own = if figure == "precision" { count("claims_in") } else { None };
        own.or_else(|| count("claims"))
    }

    /// Whether the prior-only baseline names fewer candidates than there are, of as many classes: see `prior_only.unnamed`.
    #[must_use]
    pub fn prior_leaves_unnamed(&self, classes: usize) -> bool {
        match self.rest.get("prior_only").and_then(|prior| prior.get("unnamed")).and_then(Value::as_f64) {
            Some(unnamed) => unnamed > 0.0,
            None => {
                self.question.as_deref() == Some("source") && (1..self.candidates().len()).contains(&classes)
            }
        }
    }

    /// Each candidate's own precision and recall, of the source question.
    #[must_use]
    pub fn by_party(&self) -> Vec<ReadByParty> {
        self.rest.get("by_party").and_then(|value| Vec::deserialize(value).ok()).unwrap_or_default()
    }

    /// The numbers of the parties that were asked about.
    #[must_use]
    pub fn candidates(&self) -> Vec<u32> {
        self.rest.get("candidates").and_then(|value| Vec::deserialize(value).ok()).unwrap_or_default()
    }

    /// What guessing reaches.
    #[must_use]
    pub fn chance(&self) -> Option<f64> {
        self.rest.get("chance").and_then(Value::as_f64)
    }
}

fn summary(value: &Value) -> ReadSummary {
    ReadSummary::deserialize(value).unwrap_or_default()
}

impl ReadFigure {
    /// A plain number, or a mean with its interval.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        if let Some(mean) = value.as_f64() {
            return Some(Self { mean, ci95: None });
        }
        let ends = value.get("ci95").and_then(Value::as_array);
        let ci95 = ends.and_then(|ends| match &ends[..] {
            [low, high] => Some([low.as_f64()?, high.as_f64()?]),
            _ => None,
        });
        Some(Self { mean: value.get("mean")?.as_f64()?, ci95 })
    }

    /// Percent with so many digits, and half of the interval: `59.9 ± 0.4`.
    #[must_use]
    pub fn percent(&self, digits: usize) -> String {
        let mean = format!("{:.digits$}", 100.0 * self.mean);
        match self.ci95 {
            Some([low, high]) => format!("{mean} ± {:.digits$}", 50.0 * (high - low)),
            None => mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_absent() {
        let report = ReadReport::parse(r#"{"schema": "turncoat.report/1"}"#).unwrap();
        assert_eq!(report.results, []);
        let text = r#"{"schema": "turncoat.report/1", "scenario": {"name": "a", "seed": 3}, "extra": [1],
            "deviations": {"fixed_target": 0.01},
            "results": [{"attack": "gap", "generation": null, "chance": 0.5, "records": 100,
                         "accuracy": {"mean": 0.6, "std": null, "ci95": null, "by_repeat": [0.6]},
                         "precision": {"mean": 0.5, "ci95": [0.4, 0.6]}, "auc": {"mean": null}, "recall": null}]}"#;
        let report = ReadReport::parse(text).unwrap();
        let result = &report.results[0];
        assert_eq!((result.attack.as_deref(), &result.generation), (Some("gap"), &None));
        assert_eq!(result.figure("accuracy").unwrap().percent(2), "60.00");
        assert_eq!(result.figure("precision").unwrap().percent(1), "50.0 ± 10.0");
        assert_eq!(result.figure("chance"), Some(ReadFigure { mean: 0.5, ci95: None }));
        for absent in ["auc", "recall", "advantage"] {
            assert_eq!(result.figure(absent), None);
        }
        assert_eq!(report.deviations["fixed_target"], 0.01);
    }

    #[test]
    fn what_is_no_report_is_refused() {
        assert!(ReadReport::parse("{").is_err());
        assert!(ReadReport::parse("[]").is_err());
        assert!(ReadReport::parse("{}").unwrap_err().to_string().contains("its schema is \"\""));
        assert!(ReadReport::parse(r#"{"schema": "turncoat.report/2"}"#).is_err());
    }
}
