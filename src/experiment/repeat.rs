//! One repeat, as a method section would tell it: deal, launch, train, measure, challenge, score.
//!
//! Guarantee: the outcome depends on the scenario, the data and the repeat's number alone. The truth (who holds which
//! record) stays in this function; adversaries are sent records and labels.

use std::collections::BTreeMap;

use ndarray::Array2;
use rand::seq::index;
use serde::{Deserialize, Serialize};
use turncoat_attack::challenge::{ChallengeError, Figures, MembershipChallenge, NonMembers, SourceChallenge};
use turncoat_attack::{Claims, Question, Vantage};
use turncoat_learn::partition::{Degenerate, Partition, Skew};
use turncoat_learn::{PartyId, Seed, Shard};
use turncoat_proto::adversary::ChallengeRequest;

use crate::adversary::{claims_of, name_of};
use crate::error::Error;
use crate::launch::{Federation, Plan};
use crate::report::boundaries::BoundaryFiles;
use crate::report::claims::{ClaimRows, Heading};
use crate::scenario::Scenario;

use super::boundaries::boundaries;
use super::distances::{Distances, distances};
use super::pairs;
use super::run::Experiment;
use super::stopwatch::Stopwatch;
use super::truth::Truth;

/// What one repeat found. All of it is kept until the report is there, but for the timings, which tell of this process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    /// P1 to Pn.
    pub parties: Vec<PartyOutcome>,
    /// Accuracy of the averaged vector on the dealt records.
    pub train_accuracy: Option<f64>,
    /// Accuracy of the averaged vector on undealt records.
    pub test_accuracy: Option<f64>,
    /// How far apart the shards are, for each set of parties that is asked about.
    #[serde(with = "pairs")]
    pub distances: BTreeMap<Vec<PartyId>, Distances>,
    /// Decision boundaries, in the repeat that they are asked of.
    pub boundaries: Option<BoundaryFiles>,
    /// In the order of [`rows`].
    pub results: Vec<Figures>,
    /// Every claim, if they are to be kept.
    pub claims: ClaimRows,
    /// Shards that teach next to nothing.
    pub degenerate: Vec<Degenerate>,
    /// Milliseconds by stage.
    #[serde(skip)]
    pub timings_ms: BTreeMap<&'static str, f64>,
}

/// One party in one repeat.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyOutcome {
    /// Records of each class in its shard.
    pub class_counts: Vec<usize>,
    /// Records that its class shares asked for and that were not left in the pool.
    pub missing: usize,
    /// Accuracy on its own shard.
    pub train_accuracy: Option<f64>,
    /// Accuracy on undealt records.
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

/// The rows of a scenario's report, in their order: as the file has adversaries and attacks, uniform before matched.
pub(crate) fn rows(scenario: &Scenario) -> Vec<Row> {
    let mut rows = Vec::new();
    for (adversary, entry) in scenario.adversaries.iter().enumerate() {
        for (attack, kind) in entry.attacks.iter().enumerate() {
            match kind.question() {
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
    /// Runs one repeat from dealing to scores, and stops everything that it started.
    pub(crate) async fn repeat(&self, number: u32) -> Result<Outcome, Error> {
        let seed = self.seed().child("repeat", u64::from(number));
        let mut clock = Stopwatch::start();

        let partition = self.deal(seed)?;
        let plan = self.plan(number, seed, &partition)?;
        clock.lap("deal");
        let mut federation = Federation::launch(&plan).await?;
        clock.lap("launch");
        let outcome = self.carry_out(number, seed, &partition, &mut federation, &mut clock).await;
        federation.stop().await;
        plan.clean_up();
        clock.lap("stop");
        outcome.map(|outcome| Outcome { timings_ms: clock.laps, ..outcome })
    }

    fn deal(&self, seed: Seed) -> Result<Partition, Error> {
        let scenario = self.scenario();
        Ok(Partition::deal(
            &scenario.federation.deal,
            self.data(),
            self.clusters(),
            scenario.auxiliary.records,
            seed.child("partition", 0),
        )?)
    }

    fn plan(&self, number: u32, seed: Seed, partition: &Partition) -> Result<Plan, Error> {
        let shard = |rows: &[usize]| -> Result<Shard, Error> {
            let (records, labels) = self.data().take(rows);
            Ok(Shard::new(records, labels)?)
        };
        let shards: Result<Vec<Shard>, Error> =
            PartyId::first(partition.parties()).map(|party| shard(partition.rows(party))).collect();
        let auxiliary =
            if partition.auxiliary().is_empty() { None } else { Some(shard(partition.auxiliary())?) };
        Plan::new(self, number, seed, shards?, auxiliary)
    }

    async fn carry_out(
        &self,
        number: u32,
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
        let dealt: Vec<usize> = PartyId::first(partition.parties())
            .flat_map(|party| partition.rows(party).iter().copied())
            .collect();
        let test = self.test_rows(partition, dealt.len(), seed);
        let train_accuracy = if dealt.is_empty() {
            None
        } else {
            let (records, labels) = self.data().take(&dealt);
            federation.predict(records).await?.accuracy(&labels)
        };
        let (mut test_accuracy, mut alone) = (None, BTreeMap::new());
        if !test.is_empty() {
            let (records, labels) = self.data().take(&test);
            let shared = federation.predict_shared(records).await?;
            test_accuracy = shared.mean.accuracy(&labels);
            alone =
                shared.parties.iter().map(|(party, vectors)| (*party, vectors.accuracy(&labels))).collect();
        }
        let apart = seed.child("distances", 0);
        let distances = distances(scenario, self.data(), self.scale(), partition, apart);
        clock.lap("measure");
        let boundaries = match self.plane(number) {
            Some(plane) => Some(boundaries(plane, self.data(), partition, federation).await?),
            None => None,
        };
        clock.lap("boundaries");

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
        let (results, claims) = self.challenge(number, seed, partition, federation).await?;
        clock.lap("attack");
        let degenerate = partition.warnings().to_vec();
        let timings_ms = BTreeMap::new();
        Ok(Outcome {
            parties,
            train_accuracy,
            test_accuracy,
            distances,
            boundaries,
            results,
            claims,
            degenerate,
            timings_ms,
        })
    }

    /// Undealt records to measure accuracy on, in the order of the data set.
    fn test_rows(&self, partition: &Partition, dealt: usize, seed: Seed) -> Vec<usize> {
        let undealt = partition.undealt();
        let wanted = self.scenario().evaluation.test_records.unwrap_or(dealt).min(undealt.len());
        let mut places = index::sample(&mut seed.stream("test"), undealt.len(), wanted).into_vec();
        places.sort_unstable();
        places.into_iter().map(|place| undealt[place]).collect()
    }

    /// Asks every adversary its questions and scores the answers.
    async fn challenge(
        &self,
        number: u32,
        seed: Seed,
        partition: &Partition,
        federation: &mut Federation,
    ) -> Result<(Vec<Figures>, ClaimRows), Error> {
        let scenario = self.scenario();
        let truth = Truth {
            data: self.data(),
            partition,
            counts_left_to_chance: scenario.federation.deal.get().skew == Skew::Iid,
            seed: seed.child("challenge", 0),
        };
        let (mut results, mut kept) = (Vec::new(), ClaimRows::default());
        for (place, adversary) in scenario.adversaries.iter().enumerate() {
            let name = name_of(adversary.vantage);
            self.progress().stage(number, &name);
            let candidates = candidates(scenario, adversary.vantage);
            let asked: Vec<Question> = adversary.attacks.iter().map(|attack| attack.question()).collect();
            let source = match asked.contains(&Question::Source) {
                true => Some(truth.source(&candidates)?),
                false => None,
            };
            let membership = match asked.contains(&Question::Membership) {
                true => Some(truth.membership(&candidates)?),
                false => None,
            };
            let mut answers = BTreeMap::new();
            for (question, rows) in [
                (Question::Source, source.as_ref().map(SourceChallenge::rows)),
                (Question::Membership, membership.as_ref().map(MembershipChallenge::rows)),
            ] {
                let Some(rows) = rows else { continue };
                let (records, labels) = self.data().take(rows);
                let request = request(question, &candidates, records, labels);
                for answer in federation.challenge(place, request).await? {
                    answers.insert(answer.attack.clone(), claims_of(&name, answer)?);
                }
            }
            for attack in &adversary.attacks {
                let at = Heading { repeat: number + 1, adversary: &name, attack: attack.name() };
                let claims = answers
                    .remove(attack.name())
                    .ok_or_else(|| Error::Bug(format!("{name} did not answer with {}", attack.name())))?;
                match (claims, &source, &membership) {
                    (Claims::Source(claims), Some(challenge), _) if attack.question() == Question::Source => {
                        results.push(challenge.score(&claims).map_err(|e| unusable(at, &e))?);
                        kept.source(at, challenge, &claims);
                    }
                    (Claims::Membership(claims), _, Some(challenge)) => {
                        for draw in NonMembers::ALL {
                            results.push(challenge.score(draw, &claims).map_err(|e| unusable(at, &e))?);
                        }
                        kept.membership(at, challenge, &claims);
                    }
                    _ => {
                        return Err(Error::Bug(format!(
                            "{name} answered another question with {}",
                            attack.name()
                        )));
                    }
                }
            }
        }
        Ok((results, if self.keeps_claims() { kept } else { ClaimRows::default() }))
    }
}

fn missing(partition: &Partition, party: PartyId) -> usize {
    let short = partition.shortfalls().iter().filter(|shortfall| shortfall.party == party);
    short.map(|shortfall| shortfall.wanted - shortfall.dealt).sum()
}

fn unusable(at: Heading<'_>, error: &ChallengeError) -> Error {
    Error::Bug(format!("the claims of {} ({}) cannot be scored: {error}", at.adversary, at.attack))
}

fn request(
    question: Question,
    candidates: &[PartyId],
    records: Array2<f32>,
    labels: Vec<u32>,
) -> ChallengeRequest {
    ChallengeRequest {
        question: match question {
            Question::Source => turncoat_proto::adversary::Question::Source,
            Question::Membership => turncoat_proto::adversary::Question::Membership,
        },
        candidates: candidates.to_vec(),
        records,
        labels,
    }
}
