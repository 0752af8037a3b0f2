//! One repeat, as a method section would tell it: partition, launch, train, measure, challenge, score.
//!
//! Guarantee: the outcome depends on the scenario, the data and the repeat's number alone. The truth (who holds which
//! record) stays in this function; adversaries are sent records and labels.

use std::collections::BTreeMap;

use rand::seq::index;
use serde::{Deserialize, Serialize};
use turncoat_attack::challenge::{Figures, NonMembers};
use turncoat_attack::{Question, Vantage};
use turncoat_learn::partition::{Degenerate, Partition};
use turncoat_learn::{PartyId, Seed, Shard};
use turncoat_report::files::boundaries::BoundaryFiles;
use turncoat_report::files::claims::ClaimRows;
use turncoat_report::files::vectors::Spool;

use super::boundaries::boundaries;
use super::challenges::{Challenged, RefusedAttack};
use super::distances::{Distances, distances};
use super::pairs;
use super::pass::Pass;
use super::run::Experiment;
use super::service::{Service, Tally};
use super::stopwatch::Stopwatch;
use super::vectors::{Wanted, vectors};
use crate::error::Error;
use crate::launch::{Federation, LaunchContext, Plan};
use crate::scenario::Scenario;

/// What one repeat found. All of it is kept until the report is there, but for the timings, which tell of this process.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    /// P1 to Pn.
    pub parties: Vec<PartyOutcome>,
    /// Accuracy of the averaged vector on the training records.
    pub train_accuracy: Option<f64>,
    /// Accuracy of the averaged vector on new records: held out, and no copies of what was.
    pub test_accuracy: Option<f64>,
    /// How far apart the shards are, for each set of parties that is asked about.
    #[serde(with = "pairs")]
    pub distances: BTreeMap<Vec<PartyId>, Distances>,
    /// Decision boundaries, in the repeat that they are asked of.
    pub boundaries: Option<BoundaryFiles>,
    /// In the order of [`rows`].
    pub results: Vec<Figures>,
    /// Every claim, if they are to be kept. Renamed when a column came in, so that rows of both shapes never meet in a file.
    #[serde(rename = "identified_claims")]
    pub claims: ClaimRows,
    /// Every vector, if they are to be kept.
    pub vectors: Option<Spool>,
    /// Attacks without figures, in the order of the scenario.
    pub refused: Vec<RefusedAttack>,
    /// Records held out that equal a training record, and so are no non-members.
    pub copies: usize,
    /// Shards that teach next to nothing.
    pub degenerate: Vec<Degenerate>,
    /// What the coordinator did.
    pub service: Service,
    /// The same repeat with all parties honest, where some are Byzantine.
    pub honest: Option<Box<Honest>>,
    /// Milliseconds by stage.
    #[serde(skip)]
    pub timings_ms: BTreeMap<&'static str, f64>,
}

/// What a repeat with all parties honest found, as far as Byzantine behaviour is held against it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Honest {
    /// As in [`Outcome`].
    pub train_accuracy: Option<f64>,
    /// As in [`Outcome`].
    pub test_accuracy: Option<f64>,
    /// Accuracy of P1 to Pn on new records.
    pub parties: Vec<Option<f64>>,
    /// As in [`Outcome`].
    pub results: Vec<Figures>,
    /// As in [`Outcome`].
    pub refused: Vec<RefusedAttack>,
    /// As in [`Outcome`].
    pub service: Service,
}

impl From<Outcome> for Honest {
    fn from(outcome: Outcome) -> Self {
        Self {
            train_accuracy: outcome.train_accuracy,
            test_accuracy: outcome.test_accuracy,
            parties: outcome.parties.iter().map(|party| party.test_accuracy).collect(),
            results: outcome.results,
            refused: outcome.refused,
            service: outcome.service,
        }
    }
}

/// One party in one repeat.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyOutcome {
    /// Records of each class in its shard.
    pub class_counts: Vec<usize>,
    /// Records that its class shares asked for and that were not left in the pool.
    pub missing: usize,
    /// Accuracy on its own shard.
    pub train_accuracy: Option<f64>,
    /// Accuracy on new records.
    pub test_accuracy: Option<f64>,
    /// Bytes of its model in memory.
    pub model_bytes: u64,
    /// Records in the smallest leaf, of a decision tree.
    pub smallest_leaf: Option<u64>,
    /// Whether training reached the optimum, of a model that is trained in steps.
    pub converged: Option<bool>,
}

/// A row of the report: whose attack, and which draw of non-members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The adversary's place in the scenario.
    pub adversary: usize,
    /// The attack's place among the adversary's.
    pub attack: usize,
    /// The draw of non-members; `None` for the source question.
    pub non_members: Option<NonMembers>,
}

impl Row {
    /// The draw of non-members, as reports call it.
    pub(crate) fn draw(self) -> Option<&'static str> {
        self.non_members.map(|draw| match draw {
            NonMembers::Uniform => "uniform",
            NonMembers::Matched => "matched",
        })
    }
}

/// The rows of a scenario's report, in their order: as the file has adversaries and attacks, uniform before matched.
pub(crate) fn rows(scenario: &Scenario) -> Vec<Row> {
    let mut rows = Vec::new();
    for (adversary, entry) in scenario.adversaries.iter().enumerate() {
        for (attack, named) in entry.attacks.iter().enumerate() {
            match named.attack.question() {
                Question::Source => rows.push(Row { adversary, attack, non_members: None }),
                Question::Membership => rows.extend(NonMembers::ALL.map(|draw| Row {
                    adversary,
                    attack,
                    non_members: Some(draw),
                })),
            }
        }
    }
    rows
}

/// Whose training data an adversary is asked about: a malicious party knows its own records and is asked about the
/// others'; the aggregator is asked about everybody's; an outsider about the same records as the malicious party, so
/// that the two can be compared (about everybody's when no party or every party is malicious).
pub(crate) fn candidates(scenario: &Scenario, vantage: Vantage) -> Vec<PartyId> {
    let malicious = |party: &PartyId| {
        scenario.adversaries.iter().any(|adversary| adversary.vantage == Vantage::Party(*party))
    };
    let all = || PartyId::first(scenario.parties());
    match vantage {
        Vantage::Party(own) => all().filter(|party| *party != own).collect(),
        Vantage::Aggregator => all().collect(),
        Vantage::Outsider => {
            let honest: Vec<PartyId> = all().filter(|party| !malicious(party)).collect();
            if honest.is_empty() { all().collect() } else { honest }
        }
    }
}

impl Experiment {
    /// Runs one repeat; where parties are Byzantine, once more with all of them honest.
    pub(crate) async fn repeat(&self, number: u32) -> Result<Outcome, Error> {
        let outcome = self.pass(number, Pass::AsWritten).await?;
        if self.scenario().byzantine.is_empty() {
            return Ok(outcome);
        }
        let honest = self.pass(number, Pass::Honest).await?;
        let mut timings_ms = outcome.timings_ms.clone();
        for (stage, ms) in &honest.timings_ms {
            *timings_ms.entry(stage).or_insert(0.0) += ms;
        }
        Ok(Outcome { honest: Some(Box::new(honest.into())), timings_ms, ..outcome })
    }

    /// Goes through one repeat from the partition to scores, and stops everything that it started.
    async fn pass(&self, number: u32, pass: Pass) -> Result<Outcome, Error> {
        let seed = self.seed().child("repeat", u64::from(number));
        let mut clock = Stopwatch::start();

        let partition = self.partition(seed)?;
        if self.keeps_vectors(pass) {
            // What cannot be asked is said before anything is trained.
            self.everybody(seed, &partition)?;
        }
        let plan = self.plan(number, pass, seed, &partition)?;
        clock.lap("partition");
        let mut federation = Federation::launch(&plan).await?;
        clock.lap("launch");
        let outcome = self.carry_out(number, pass, seed, &partition, &mut federation, &mut clock).await;
        federation.stop().await;
        plan.clean_up();
        clock.lap("stop");
        outcome.map(|outcome| Outcome { timings_ms: clock.laps, ..outcome })
    }

    fn partition(&self, seed: Seed) -> Result<Partition, Error> {
        let scenario = self.scenario();
        Ok(Partition::draw(
            &scenario.federation.partition,
            self.data(),
            self.clusters(),
            scenario.auxiliary.records,
            seed.child("partition", 0),
        )?)
    }

    fn plan(&self, number: u32, pass: Pass, seed: Seed, partition: &Partition) -> Result<Plan, Error> {
        let shard = |rows: &[usize]| -> Result<Shard, Error> {
            let (records, labels) = self.data().take(rows);
            Ok(Shard::new(records, labels)?)
        };
        let shards: Result<Vec<Shard>, Error> =
            PartyId::first(partition.parties()).map(|party| shard(partition.rows(party))).collect();
        let auxiliary =
            if partition.auxiliary().is_empty() { None } else { Some(shard(partition.auxiliary())?) };
        let context = LaunchContext {
            scenario: self.scenario(),
            scenario_dir: self.scenario_dir(),
            executable: self.executable(),
            folder: self.workspace(number, pass),
            logs: self.logs(number, pass),
            private_logs: self.logs_are_private(),
            classes: self.data().classes(),
            seed,
            with_byzantine: pass == Pass::AsWritten,
        };
        Plan::new(context, shards?, auxiliary)
    }

    async fn carry_out(
        &self,
        number: u32,
        pass: Pass,
        seed: Seed,
        partition: &Partition,
        federation: &mut Federation,
        clock: &mut Stopwatch,
    ) -> Result<Outcome, Error> {
        let scenario = self.scenario();
        self.progress().stage(number, "training");
        let fitted =
            federation.fit(&scenario.federation.learner, self.data().classes(), seed.child("fit", 0)).await?;
        clock.lap("fit");

        self.progress().stage(number, "measuring");
        let training: Vec<usize> = PartyId::first(partition.parties())
            .flat_map(|party| partition.rows(party).iter().copied())
            .collect();
        let outside = self.truth(seed, partition).outside();
        let test = self.test_rows(&outside, training.len(), seed);
        let train_accuracy = if training.is_empty() {
            None
        } else {
            let (records, labels) =
                self.data().take(&self.measured(&training, training.len(), seed, "train"));
            federation.predict(records).await?.accuracy(&labels)
        };
        let (mut test_accuracy, mut alone) = (None, BTreeMap::new());
        if !test.is_empty() {
            // Piece by piece: all vectors of all parties need not fit into memory.
            let at_once = federation.shared_at_once(self.data().features().len()).await?;
            let mut tallies: BTreeMap<PartyId, Tally> = BTreeMap::new();
            let mut of_average = Tally::default();
            for rows in test.chunks(at_once) {
                let (records, labels) = self.data().take(rows);
                let shared = federation.predict_shared(records).await?;
                of_average.add(&labels, |place| Some(shared.mean.predicted_class(place)));
                for (&party, answers) in &shared.parties {
                    tallies.entry(party).or_default().add(&labels, |place| answers.predicted_class(place));
                }
            }
            test_accuracy = of_average.accuracy();
            alone = tallies.into_iter().map(|(party, tally)| (party, tally.accuracy())).collect();
        }
        let apart = seed.child("distances", 0);
        let distances = distances(scenario, self.data(), self.scale(), partition, apart);
        clock.lap("measure");
        let parties = fitted
            .into_iter()
            .map(|fit| PartyOutcome {
                class_counts: self.data().class_counts(partition.rows(fit.party)),
                missing: missing(partition, fit.party),
                train_accuracy: fit.train_accuracy,
                test_accuracy: alone.get(&fit.party).copied().flatten(),
                model_bytes: fit.model_bytes,
                smallest_leaf: fit.smallest_leaf,
                converged: fit.converged,
            })
            .collect();
        let Challenged { results, claims, refused, requested } =
            self.challenge(number, seed, partition, federation).await?;
        clock.lap("attack");
        let service = federation.account().await?.into();

        // What is asked for files alone comes when every figure is there, and so changes none.
        let boundaries = match self.plane(number, pass) {
            Some(plane) => Some(boundaries(plane, self.data(), partition, federation).await?),
            None => None,
        };
        clock.lap("boundaries");
        let vectors = if self.keeps_vectors(pass) {
            let challenge = &self.everybody(seed, partition)?;
            let wanted =
                Wanted { number: number + 1, challenge, requested: &requested, data: self.data(), partition };
            Some(vectors(wanted, federation, self.spool(number)?).await?)
        } else {
            None
        };
        clock.lap("vectors");
        let degenerate = partition.warnings().to_vec();
        let copies = partition.held_out().len() - outside.len();
        let timings_ms = BTreeMap::new();
        Ok(Outcome {
            parties,
            train_accuracy,
            test_accuracy,
            distances,
            boundaries,
            results,
            claims: if self.keeps_files(pass) { claims } else { ClaimRows::default() },
            vectors,
            refused,
            copies,
            degenerate,
            service,
            honest: None,
            timings_ms,
        })
    }

    /// Records to measure accuracy on, of those outside in the order of the data set: a copy of a training record is not new.
    fn test_rows(&self, outside: &[usize], training: usize, seed: Seed) -> Vec<usize> {
        let wanted = self.scenario().evaluation.test_records.unwrap_or(training);
        self.measured(outside, wanted, seed, "test")
    }

    /// So many of these rows, as far as there are so many and the parties may be asked about them, in their order.
    fn measured(&self, rows: &[usize], wanted: usize, seed: Seed, stream: &str) -> Vec<usize> {
        let scenario = self.scenario();
        let most = scenario.evaluation.most_records(scenario.parties() as usize).max(1);
        let wanted = wanted.min(most).min(rows.len());
        let mut places = index::sample(&mut seed.stream(stream), rows.len(), wanted).into_vec();
        places.sort_unstable();
        places.into_iter().map(|place| rows[place]).collect()
    }
}

fn missing(partition: &Partition, party: PartyId) -> usize {
    let short = partition.shortfalls().iter().filter(|shortfall| shortfall.party == party);
    short.map(|shortfall| shortfall.wanted - shortfall.given).sum()
}
