//! One experiment, checked. Only [`Scenario::load`](super::Scenario::load) and
//! [`Scenario::parse`](super::Scenario::parse) make one, so whatever holds a [`Scenario`] may rely on its bounds: ids
//! name parties, numbers are in range, no adversary stands twice in one place, no two attacks of an adversary share an id.

use turncoat_attack::{NamedAttack, Vantage};
use turncoat_learn::data::DataSource;
use turncoat_learn::partition::Deal;
use turncoat_learn::preprocess::Preprocess;
use turncoat_learn::{Learner, PartyId};

use super::study::Study;
use crate::faults::{Byzantine, Fault};
use turncoat_proto::{Disclosure, Limits, Quorum};

/// An experiment: data, a federation, its adversaries, and how often all of it is repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What reports call it.
    pub name: String,
    /// The number from which every random draw derives.
    pub seed: u64,
    /// How many federations are dealt, trained and attacked, at least 1.
    pub repeats: u32,
    /// Where the records come from.
    pub data: DataSource,
    /// What is done to them before they are dealt.
    pub preprocess: Preprocess,
    /// Who gets what and trains what.
    pub federation: Federation,
    /// Records set aside for adversaries to learn from.
    pub auxiliary: Auxiliary,
    /// How the federation is measured.
    pub evaluation: Evaluation,
    /// Decision boundaries to be drawn beside the report, in a run that keeps files. Changes no figure.
    pub boundaries: Option<Boundaries>,
    /// Who attacks, in the order of the file. With none, only the federation's accuracy is measured.
    pub adversaries: Vec<Adversary>,
    /// What goes wrong, in the order of the file: every restart has its crash before it, and queries ascend.
    pub faults: Vec<Fault>,
    /// Who lies; no party twice.
    pub byzantine: Vec<Byzantine>,
    /// What the coordinator takes on.
    pub limits: Limits,
    /// What is kept beside the report. Changes no figure.
    pub export: FederationExports,
    /// How the federation is run. Changes no figure.
    pub launch: Launch,
    /// How long each step may take. Changes no figure, unless something goes wrong.
    pub timeouts: Timeouts,
}

/// The data owners and their hub.
#[derive(Clone, Debug, PartialEq)]
pub struct Federation {
    /// Number of parties, records of each, class skew.
    pub deal: Deal,
    /// What each party trains on its own shard.
    pub learner: Learner,
    /// Who sees the parties' single prediction vectors.
    pub disclosure: Disclosure,
    /// How many parties must answer.
    pub quorum: Quorum,
    /// Parties that programs of one's own serve, in the order of the file; no party twice.
    pub commands: Vec<PartyCommand>,
}

/// A party that is served by a program of the scenario's choosing instead of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyCommand {
    /// Which.
    pub party: PartyId,
    /// The program and its first arguments, at least the program; those of `turncoat party` follow.
    pub command: Vec<String>,
}

/// Records from the data set that are dealt to nobody and that every adversary holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auxiliary {
    /// Their number; 0 for none. Where a scenario does not say: as many as a party gets on average if an adversary
    /// without records of its own runs an attack that learns from records, else none.
    pub records: usize,
}

/// How the federation's accuracy is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// At most how many new records it is measured on, at least 1 (all there are, where there are fewer); `None` for at most as
    /// many as were dealt.
    pub test_records: Option<usize>,
    /// At most how many answers of single parties one measurement or challenge takes; `None` for no limit.
    pub max_answers: Option<usize>,
}

impl Default for Evaluation {
    fn default() -> Self {
        Self { test_records: None, max_answers: Some(2_000_000) }
    }
}

impl Evaluation {
    /// About how many records that many parties are asked at most in one measurement or challenge.
    #[must_use]
    pub fn most_records(&self, parties: usize) -> usize {
        self.max_answers.map_or(usize::MAX, |most| most / parties.max(1))
    }
}

/// Decision boundaries over two features, and the training records there (Truex et al., Figure 10).
#[derive(Clone, Debug, PartialEq)]
pub struct Boundaries {
    /// The names of x and y, two different ones; whether the data has them is seen when it is read.
    pub features: [String; 2],
    /// Values of either feature, at least 2.
    pub grid: u32,
    /// Bounds of a part to be shown beside the whole: lower end, higher end; `None` for the data's own.
    pub region: [Option<[f64; 2]>; 2],
    /// Whose federation it is, from 1; one of the repeats.
    pub repeat: u32,
}

/// One adversary and what it tries.
#[derive(Clone, Debug, PartialEq)]
pub struct Adversary {
    /// Where it stands; a party's id is one of the federation's.
    pub vantage: Vantage,
    /// Its attacks, at least one, each with an id of its own, in the order of the file.
    pub attacks: Vec<NamedAttack>,
}

/// What a federation's run keeps beside its report, where it keeps files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FederationExports {
    /// Every party's vectors of every record that any adversary is asked about, with the truth.
    pub vectors: bool,
}

/// How the federation is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Where its members live.
    pub mode: LaunchMode,
    /// Whether they talk under TLS, with certificates that are made for the run and deleted with it. Where a scenario does
    /// not say: between processes they do; within one process there is nobody to listen.
    pub tls: bool,
}

impl Default for Launch {
    fn default() -> Self {
        Self { mode: LaunchMode::Processes, tls: true }
    }
}

/// Where the members of a federation live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LaunchMode {
    /// One operating-system process each, gRPC over loopback sockets.
    #[default]
    Processes,
    /// One process for all, the same services over in-memory channels.
    InProcess,
}

/// Deadlines, in milliseconds, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From the start of a process until it listens.
    pub ready_ms: u64,
    /// From the first attempt at a connection until it stands.
    pub connect_ms: u64,
    /// For all parties to train.
    pub fit_ms: u64,
    /// For the answer to one batch of queries.
    pub predict_ms: u64,
    /// For one adversary to answer its challenge.
    pub attack_ms: u64,
    /// From the request to stop until a process is killed.
    pub drain_ms: u64,
    /// For a party that has crashed to come back, where the scenario has it started again.
    pub rejoin_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            ready_ms: 10_000,
            connect_ms: 10_000,
            fit_ms: 600_000,
            predict_ms: 60_000,
            attack_ms: 1_800_000,
            drain_ms: 5_000,
            rejoin_ms: 10_000,
        }
    }
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
        !self.faults.is_empty() || self.limits != Limits::default()
    }

    /// Whether a party comes back after a crash.
    #[must_use]
    pub fn restarts(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault, Fault::Restart { .. }))
    }

    /// Number of parties n.
    #[must_use]
    pub fn parties(&self) -> u32 {
        self.federation.deal.parties()
    }
}

/// What has been read from a scenario file.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The experiment.
    pub study: Study,
    /// The scenario with every default filled in, in fixed order: itself a scenario, which resolves to itself.
    pub resolved_yaml: String,
    /// SHA-256, in hexadecimal, of [`resolved_yaml`](Self::resolved_yaml) without its `launch` and, where
    /// nothing goes wrong, its `timeouts`, which change no figure: the same experiment has the same hash however it is run.
    pub sha256: String,
    /// The same with what is exported beside the figures: SHA-256 of all that decides what a finished run leaves.
    pub run_sha256: String,
    /// What a reader should look at before trusting the figures.
    pub warnings: Vec<String>,
}
