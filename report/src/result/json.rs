//! `report.json`: the figures of a run, for tools. Its field names and meanings do not change within a schema number.
//!
//! Fractions are between 0 and 1, never percent; a figure that does not exist is null. `timings_ms` is the one part
//! that may differ between two runs of the same scenario and seed on processors of the same `kernel`; everything else is
//! byte-identical.

use std::collections::BTreeMap;

use serde::Serialize;
use turncoat_attack::{Correlation, Question, Summary};
use turncoat_learn::data::TableAccount;
use turncoat_learn::{EqualRecords, PartyId};

use super::byzantine::ByzantineFigures;
use super::differences::Differences;
use super::laboratory::{Deviations, LaboratoryFigures, Means};
pub use super::mean::Mean;
use super::read::ReadReport;
use super::service::{DegradedAnswers, RejectedAnswers, ServiceFigures};
use turncoat_learn::words::counted;

/// The schema that this version writes.
pub const SCHEMA: &str = "turncoat.report/1";

/// A whole report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Version of turncoat.
    pub version: &'static str,
    /// Which arithmetic the processor gave the learners: with another one, last bits may differ.
    pub kernel: &'static str,
    /// Which experiment this is.
    pub scenario: ScenarioId,
    /// Names of the classes: where figures stand class by class, they stand in this order.
    pub classes: Vec<String>,
    /// How the table that the records come from was read; absent where they come from no table of the scenario's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<TableAccount>,
    /// Records that equal others.
    pub equal_records: EqualRecordFigures,
    /// The federation and how well it predicts; absent for single targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federation: Option<FederationFigures>,
    /// The targets and what the adversary was given; absent for a federation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laboratory: Option<LaboratoryFigures>,
    /// How accuracy varies while one role keeps its type; absent where not every type met every other.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    pub timings_ms: BTreeMap<&'static str, f64>,
}

/// Records of the data that equal others in all features, as learners see them.
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
pub struct FederationFigures {
    /// Who was shown single vectors.
    pub disclosure: String,
    /// What each party trained.
    pub learner: &'static str,
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
#[derive(Debug, Serialize)]
pub struct DistanceCorrelation {
    /// `outsider`, `party-3` or `aggregator`.
    pub adversary: String,
    /// What tells the attack from the adversary's others: its name, unless the scenario gives it an id.
    pub id: String,
    /// The attack.
    pub attack: &'static str,
    /// The parties whose records were asked about.
    pub candidates: Vec<PartyId>,
    /// In-class distance of the candidates' shards, mean over their pairs.
    pub in_class_distance: Summary,
    /// Mean pairwise distance of the candidates' shards, mean over their pairs.
    pub pairwise_distance: Summary,
    /// Of the in-class distance with the accuracy: how many repeats have both, Pearson's and Spearman's coefficient.
    #[serde(flatten)]
    pub correlation: Correlation,
}

/// One party, over all repeats.
#[derive(Debug, Serialize)]
pub struct PartyFigures {
    /// Which.
    pub id: PartyId,
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
#[derive(Debug, Serialize)]
pub struct ResultFigures {
    /// `outsider`, `party` or `aggregator`.
    pub vantage: &'static str,
    /// `outsider`, `party-3` or `aggregator`.
    pub adversary: String,
    /// What was asked.
    pub question: Question,
    /// What tells the attack from the adversary's others: its name, unless the scenario gives it an id.
    pub id: String,
    /// The attack.
    pub attack: &'static str,
    /// Of a single target: what was attacked, and with what.
    #[serde(flatten)]
    pub means: Option<Means>,
    /// How non-members were drawn: `uniform` or `matched` to the members' class counts; null for the source question.
    pub non_members: Option<&'static str>,
    /// The parties whose records were asked about.
    pub candidates: Vec<PartyId>,
    /// Records asked about and counted, mean over the repeats.
    pub records: Mean,
    /// Claims that were scored in a repeat, mean over the repeats with any: what every figure rests on but the precision of
    /// membership. Of single targets, those of all folds together.
    pub claims: Mean,
    /// Membership: those that claim a record in, which is what the precision rests on; null for the source question.
    pub claims_in: Option<Mean>,
    /// Records asked about that would have counted, had the attack made a claim on them: nothing that it needs was answered.
    /// Mean over the repeats; absent where there is none.
    #[serde(skip_serializing_if = "Mean::is_zero")]
    pub unclaimed: Mean,
    /// Membership: fraction of the records claimed to be in that are in. Source: macro average over the candidates.
    pub precision: Summary,
    /// Fraction of all claims that are right.
    pub accuracy: Summary,
    /// Membership: fraction of the members that are claimed to be in. Source: macro average over the candidates.
    pub recall: Summary,
    /// Area under the ROC curve, mid-ranks; null for the source question.
    pub auc: Summary,
    /// True positive rate less false positive rate; null for the source question.
    pub advantage: Summary,
    /// True positive rate at a false positive rate of at most 1 %, step rule; null for the source question.
    pub tpr_at_fpr_1pct: Summary,
    /// The same at 0.1 %.
    pub tpr_at_fpr_0_1pct: Summary,
    /// The smallest false positive rate at which anything is claimed, that of the highest score; null for the source question.
    pub smallest_fpr: Summary,
    /// What an adversary reaches that asks nothing and knows the true class counts of the shards.
    pub prior_only: PriorOnly,
    /// What the attack has over that, repeat by repeat.
    pub over_prior: Differences,
    /// What an insider's attack has over an outsider's on the same records, repeat by repeat; null where there is none.
    pub over_outsider: Option<Differences>,
    /// What guessing reaches.
    pub chance: f64,
    /// Source question: each candidate's own figures.
    pub by_party: Vec<ByParty>,
}

/// The prior-only baseline.
#[derive(Debug, Serialize)]
pub struct PriorOnly {
    /// Its precision.
    pub precision: Summary,
    /// Its accuracy.
    pub accuracy: Summary,
    /// Source: how many candidates none of its claims names, mean over the repeats. They count as zero in its precision, which may
    /// then lie below chance: compare accuracies.
    pub unnamed: Mean,
}

/// One candidate's figures on the source question.
#[derive(Debug, Serialize)]
pub struct ByParty {
    /// Which.
    pub id: PartyId,
    /// Claims on it, which its precision rests on: mean over the repeats with any claim.
    pub claims: Mean,
    /// Claims on its records, which its recall rests on, likewise.
    pub records: Mean,
    /// Fraction of the claims on it that are right.
    pub precision: Summary,
    /// Fraction of its records that were claimed to be its.
    pub recall: Summary,
}

impl Report {
    /// That something was answered without a party or refused, where that is so: the figures are then not those of the
    /// federation that the scenario describes.
    #[must_use]
    pub fn degradation(&self) -> Option<String> {
        let told = |count: u64, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
        let honest = self.byzantine.iter().flat_map(|figures| &figures.degraded);
        let degraded = self.degraded.iter().chain(honest).map(|range| range.rows).sum();
        let clients = || self.service.iter().flat_map(|service| &service.clients);
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

    /// The report as those read it who have its file; none where it has a figure that is not a number.
    #[must_use]
    pub fn read_back(&self) -> Option<ReadReport> {
        ReadReport::parse(&self.to_json().ok()?).ok()
    }

    /// The text of `report.json`.
    ///
    /// # Errors
    /// When a figure is not a number, which [`Summary`] rules out.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}
