//! One experiment on a federation: its keys, as a scenario has them. Only [`Scenario::load`] and [`Scenario::parse`] make one, so
//! whatever holds a [`Scenario`] may rely on its bounds: ids name parties, numbers are in range, no adversary stands twice in one
//! place, no two attacks of an adversary share an id.
//!
//! A type here is the one description of its keys: serde reads and writes it, and its schema, with doc comments, defaults, bounds,
//! units and sources, is what a scenario is checked against (see [`schema`](super::schema) for the conventions).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_attack::{NamedAttack, Vantage};
use turncoat_learn::data::DataSource;
use turncoat_learn::defence::Defence;
use turncoat_learn::partition::PartitionParams;
use turncoat_learn::preprocess::Preprocess;
use turncoat_learn::{Learner, PartyId};

use super::attacks::WrittenAdversary;
use super::settings::{Auxiliary, Boundaries, Disclosure, Evaluation, Launch, Limits, Quorum, Timeouts};
use crate::fault::{Byzantine, Fault};

/// A federation: data owners who train a model each, a coordinator who averages their answers, and adversaries who attack it from
/// inside and outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "federation_study")]
pub struct Scenario {
    /// What reports call the experiment: one line.
    #[schemars(
        length(min = 1, max = 100),
        regex(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"),
        extend("x-rule" = "be one line of at most 100 characters", "examples" = ["mine"])
    )]
    pub name: String,
    /// The number from which every random draw derives. The same scenario and seed give the same report, to the byte.
    #[schemars(range(min = 0, max = u64::MAX), extend("examples" = [1]))]
    pub seed: u64,
    /// How many federations are drawn, trained and attacked. Figures are means over them, with 95 % intervals.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub repeats: u32,
    /// Where the records come from. Files of named sets are looked for in `--data-dir` or `TURNCOAT_DATA`, plain or gzipped; `turncoat data
    /// list` tells where to get them.
    pub data: DataSource,
    /// What is done to the records before they are partitioned.
    #[serde(default)]
    #[schemars(extend("default" = {}))]
    pub preprocess: Preprocess,
    /// The data owners and their hub.
    pub federation: Federation,
    /// Records from the data set that are held out and that every adversary holds.
    #[serde(default)]
    #[schemars(extend("default" = {}))]
    pub auxiliary: Auxiliary,
    /// How the federation is measured.
    #[serde(default)]
    #[schemars(extend("default" = {}))]
    pub evaluation: Evaluation,
    /// Decision boundaries over two features, in a run with `--out`; null for none. Changes no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundaries: Option<Boundaries>,
    /// Who attacks, from where, with what; each once. With none, only the federation's accuracy is measured.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenAdversary>", extend("x-null" = []))]
    pub adversaries: Vec<Adversary>,
    /// What goes wrong. The list is in the order in which it happens: a `restart` has its `crash` before it.
    #[serde(default)]
    #[schemars(extend(
        "x-null" = [],
        "examples" = [[{"crash": {"party": 1, "at": "query 500"}}, {"restart": {"party": 1}}]]
    ))]
    pub faults: Vec<Fault>,
    /// Which parties are Byzantine, each once. Repeats with Byzantine parties run once more with all of them honest, from the same seed, and the report has both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("default" = [], "x-null" = []))]
    pub byzantine: Vec<Byzantine>,
    /// What the coordinator takes on at its public edge. Null bounds nothing, where nothing can be.
    #[serde(default, skip_serializing_if = "Limits::is_default")]
    #[schemars(extend("default" = {}))]
    pub limits: Limits,
    /// How the federation is run. Changes no figure.
    #[serde(default)]
    #[schemars(extend("default" = {}))]
    pub launch: Launch,
    /// How long each step may take. Changes no figure, unless something goes wrong.
    #[serde(default)]
    #[schemars(extend("default" = {}))]
    pub timeouts: Timeouts,
    /// What is kept beside the report of a run with `--out`. Changes no figure.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "Vec<FederationExport>", extend("default" = [], "x-null" = []))]
    pub export: BTreeSet<FederationExport>,
}

pub(super) fn one() -> u32 {
    1
}

/// The data owners and their hub.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    rename = "federation",
    extend("examples" = [{"parties": 3, "records_per_party": 500, "skew": "simplex"}])
)]
pub struct Federation {
    /// Number of parties, records of each, class skew.
    #[serde(flatten)]
    pub partition: PartitionParams,
    /// What each party trains on its own records.
    #[schemars(extend("default" = {"decision_tree": {}}, "x-source" = "Truex et al., section 4.7 (decision trees)"))]
    pub learner: Learner,
    /// Who sees the parties' single answers, and not only their average.
    #[serde(default)]
    pub disclosure: Disclosure,
    /// Defences that stand before the average, in the order in which they are applied. Single answers, where they are shown, pass as
    /// they are; a defence of these is one of the parties' learner (`defended`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("default" = [], "x-null" = [], "examples" = [[{"top_k": {"k": 1}}]]))]
    pub release: Vec<Defence>,
    /// How many parties must answer for the federation to answer.
    #[serde(default, rename = "require", skip_serializing_if = "Quorum::is_all")]
    #[schemars(extend("default" = "all"))]
    pub quorum: Quorum,
    /// Parties that programs of one's own serve, each once. They are started with `--allow-commands` only, as processes, and cannot be
    /// malicious, fail or send false answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("default" = [], "x-null" = []))]
    pub commands: Vec<PartyCommand>,
}

/// A party and the program that serves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "party_command", extend("examples" = [{"party": 2, "command": ["python3", "party.py"]}]))]
pub struct PartyCommand {
    /// Which party it serves.
    #[schemars(extend("examples" = [2]))]
    pub party: PartyId,
    /// The program and its first arguments, a word each; the options of `turncoat party` follow. It runs in the scenario's folder.
    #[schemars(
        length(min = 1),
        with = "Vec<Word>",
        extend("x-rule" = "name a program", "examples" = [["python3", "party.py"]])
    )]
    pub command: Vec<String>,
}

/// One word of a command line.
#[derive(JsonSchema)]
#[schemars(transparent, inline, extend("x-rule" = "be one word of a command line, in quotes where it could be a number"))]
#[allow(dead_code, reason = "a description, never built")]
struct Word(#[schemars(length(min = 1), regex(pattern = "^[^\\u0000]*$"))] String);

/// One adversary and what it tries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenAdversary", into = "WrittenAdversary")]
pub struct Adversary {
    /// Where it stands; a party's id is one of the federation's.
    pub vantage: Vantage,
    /// Its attacks, at least one, each with an id of its own, in the order of the file.
    pub attacks: Vec<NamedAttack>,
}

/// What a federation's run can keep beside its report and its claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "federation_export")]
pub enum FederationExport {
    /// Every party's vectors of the records that any adversary is asked about, beside label, membership and owner.
    Vectors,
}

impl Scenario {
    /// Every learner that it asks for: that of the parties, then those that attacks name.
    pub fn learners(&self) -> impl Iterator<Item = &Learner> {
        let of_attacks = self.adversaries.iter().flat_map(|adversary| &adversary.attacks);
        std::iter::once(&self.federation.learner).chain(of_attacks.flat_map(|named| named.attack.learners()))
    }

    /// Whether something may go wrong, or be refused, at a query whose number is known beforehand: queries are then asked
    /// one call at a time, so that their numbers do not depend on timing.
    #[must_use]
    pub fn counts_queries(&self) -> bool {
        !self.faults.is_empty() || !self.limits.is_default()
    }

    /// Whether a party comes back after a crash.
    #[must_use]
    pub fn restarts(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault, Fault::Restart { .. }))
    }

    /// Number of parties n.
    #[must_use]
    pub fn parties(&self) -> u32 {
        self.federation.partition.parties()
    }
}
