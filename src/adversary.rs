//! Where an attack meets a role: an adversary in the place of an outsider, a party or the aggregator.
//!
//! It holds what its spec names (its own shard and model when it is a party, the auxiliary records), asks the
//! coordinator as itself, and answers the challenger. What it is shown is the coordinator's decision.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use turncoat_attack::{
    AdversaryView, Answered, AttackError, Averaged, Claims, Knowledge, MembershipClaim, NamedAttack,
    Observation, Oracle, OwnShard, Question, SourceClaim, Targets, Vantage,
};
use turncoat_learn::defence::Defence;
use turncoat_learn::{Learner, LocalModel, PartyId, Seed, Shard};
use turncoat_net::{Address, Dialer, Listener, ServeError};
use turncoat_proto::adversary::{AdversaryConfig, ChallengeHandler};
use turncoat_proto::challenge::{self, AttackAnswer, ChallengeRequest, Unanswered};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::{Absence, Deadlines, Disclosure, Identity, Prediction, Role, RpcError, RpcFailure};

use crate::error::Error;
use crate::faults::Behaviour;
use crate::workspace::write_private;

/// All that an adversary is told when it starts. Nothing in it says who holds which record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AdversarySpec {
    /// Where it stands: `outsider`, `party-3` or `aggregator`.
    pub stands: String,
    /// Number of parties.
    pub parties: u32,
    /// Number of classes.
    pub classes: usize,
    /// What the parties train.
    pub learner: Learner,
    /// Who is shown single vectors: `open` or `aggregator`.
    pub disclosure: String,
    /// What the coordinator puts before the average.
    pub release: Vec<Defence>,
    /// Its attacks.
    pub attacks: Vec<NamedAttack>,
    /// A party's own records.
    pub shard: Option<PathBuf>,
    /// A party's own model; there once the federation is fitted.
    pub model: Option<PathBuf>,
    /// Records that were held out.
    pub auxiliary: Option<PathBuf>,
    /// What stands in those files, where it is in one process with who writes this.
    #[serde(skip)]
    pub in_memory: InMemory,
    /// The key of its random draws.
    pub seed: String,
    /// What its party says instead of its model's answers; it knows that, since it is its party.
    pub behaviour: Option<Behaviour>,
    /// Whether it waits for one answer before it asks the next question.
    pub one_at_a_time: bool,
}

/// Records that are handed over within a process, and written to no file.
#[derive(Clone, Debug, Default)]
pub struct InMemory {
    /// A party's own.
    pub shard: Option<Arc<Shard>>,
    /// Those that were held out.
    pub auxiliary: Option<Arc<Shard>>,
}

impl AdversarySpec {
    /// Reads a spec.
    ///
    /// # Errors
    /// [`Error::Usage`] naming the file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Usage(format!("the spec {}: {reason}", path.display()));
        let text = fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
        serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))
    }

    /// Writes a spec.
    ///
    /// # Errors
    /// [`Error::Environment`] naming the file.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|e| Error::Bug(format!("{} cannot be written down: {e}", path.display())))?;
        write_private(path, &text)
    }

    /// The role that it plays.
    ///
    /// # Errors
    /// [`Error::Usage`] when the spec names no vantage.
    pub fn role(&self) -> Result<Role, Error> {
        Ok(role_of(self.vantage()?))
    }

    fn vantage(&self) -> Result<Vantage, Error> {
        match self.stands.parse() {
            Ok(Role::Outsider) => Ok(Vantage::Outsider),
            Ok(Role::Party(party)) => Ok(Vantage::Party(party)),
            Ok(Role::Aggregator) => Ok(Vantage::Aggregator),
            _ => Err(Error::Usage(format!(
                "`{}` is no place for an adversary; there are outsider, party-N and aggregator",
                self.stands
            ))),
        }
    }
}

/// The role of a vantage.
#[must_use]
pub fn role_of(vantage: Vantage) -> Role {
    match vantage {
        Vantage::Outsider => Role::Outsider,
        Vantage::Party(party) => Role::Party(party),
        Vantage::Aggregator => Role::Aggregator,
    }
}

/// What reports call the adversary at a vantage.
#[must_use]
pub fn name_of(vantage: Vantage) -> String {
    role_of(vantage).to_string()
}

/// The key of an adversary's draws in a repeat: by where it stands, not by its place in the scenario.
#[must_use]
pub fn seed_of(vantage: Vantage, repeat: Seed) -> Seed {
    match vantage {
        Vantage::Outsider => repeat.child("outsider", 0),
        Vantage::Party(party) => repeat.child("malicious-party", u64::from(party.get())),
        Vantage::Aggregator => repeat.child("aggregator", 0),
    }
}

/// An adversary at work.
#[derive(Debug)]
pub struct Adversary {
    spec: AdversarySpec,
    vantage: Vantage,
    disclosure: Disclosure,
    coordinator: CoordinatorClient,
    runtime: Handle,
    /// What it was answered, to whatever question: it asks about no record twice.
    answered: Arc<Mutex<Answered>>,
    /// What it knows, once it could be read: its files do not change while it runs.
    knowledge: OnceLock<Knowledge>,
}

impl Adversary {
    /// Takes its place. `coordinator` is called in its role.
    ///
    /// # Errors
    /// [`Error::Usage`] when the spec is no spec.
    pub fn new(spec: AdversarySpec, coordinator: CoordinatorClient, runtime: Handle) -> Result<Self, Error> {
        let vantage = spec.vantage()?;
        let disclosure =
            spec.disclosure.parse().map_err(|e| Error::Usage(format!("the adversary's spec: {e}")))?;
        Ok(Self {
            spec,
            vantage,
            disclosure,
            coordinator,
            runtime,
            answered: Arc::default(),
            knowledge: OnceLock::new(),
        })
    }

    fn knowledge(&self) -> Result<&Knowledge, String> {
        match self.knowledge.get() {
            Some(known) => Ok(known),
            None => {
                let read = self.read_knowledge()?;
                Ok(self.knowledge.get_or_init(|| read))
            }
        }
    }

    fn read_knowledge(&self) -> Result<Knowledge, String> {
        let InMemory { shard, auxiliary } = &self.spec.in_memory;
        let read = |path: &PathBuf, in_memory: &Option<Arc<Shard>>| match in_memory {
            Some(shard) => Ok(Shard::clone(shard)),
            None => Shard::read(path).map_err(|e| e.to_string()),
        };
        let own = match (&self.spec.shard, &self.spec.model) {
            (Some(path), Some(model)) => Some(OwnShard {
                shard: read(path, shard)?,
                model: LocalModel::load(model).map_err(|e| e.to_string())?,
            }),
            _ => None,
        };
        Ok(Knowledge {
            vantage: self.vantage,
            parties: self.spec.parties,
            classes: self.spec.classes,
            learner: self.spec.learner.clone(),
            release: self.spec.release.clone(),
            own,
            auxiliary: self.spec.auxiliary.as_ref().map(|path| read(path, auxiliary)).transpose()?,
            seed: self.spec.seed.parse().map_err(|e| format!("the adversary's seed: {e}"))?,
        })
    }
}

/// Connects to the coordinator in the spec's role, and then answers challenges on `listener` until
/// `shutdown` resolves.
///
/// # Errors
/// [`Error`] when it cannot take its place; the future that it gives ends with an error when the service fails.
pub async fn serve_adversary(
    spec: AdversarySpec,
    held: Identity,
    dialer: &Dialer,
    coordinator: &Address,
    deadlines: Deadlines,
    listener: Listener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<impl Future<Output = Result<(), ServeError>> + Send + 'static, Error> {
    let proof = held.proof(spec.role()?).map_err(|e| Error::Usage(e.to_string()))?;
    let client = CoordinatorClient::connect(dialer, coordinator, &proof, deadlines).await?;
    let client = if spec.one_at_a_time { client.one_at_a_time() } else { client };
    let config = AdversaryConfig {
        identity: held,
        vantage: spec.stands.clone(),
        attacks: spec.attacks.iter().map(|named| named.id.clone()).collect(),
        drain_ms: deadlines.drain_ms,
    };
    let adversary = Adversary::new(spec, client, Handle::current())?;
    Ok(turncoat_proto::adversary::serve(Arc::new(adversary), config, listener, shutdown))
}

impl ChallengeHandler for Adversary {
    fn challenge(&self, challenge: ChallengeRequest) -> Result<Vec<AttackAnswer>, String> {
        let knowledge = self.knowledge()?;
        let question = match challenge.question {
            challenge::Question::Membership => Question::Membership,
            challenge::Question::Source => Question::Source,
        };
        let targets = Targets {
            records: challenge.records,
            labels: challenge.labels,
            candidates: challenge.candidates,
        };
        let oracle = CoordinatorOracle { adversary: self, knowledge };
        let answered = Arc::clone(&self.answered);
        let requested = self.spec.attacks.iter().filter(|named| named.attack.question() == question);
        let view = AdversaryView::remembering(knowledge, &targets, &oracle, answered)
            .map_err(|error| error.to_string())?;
        requested
            .map(|named| match named.attack.run(&view) {
                Ok(claims) => Ok(answer(named, Ok(to_wire(claims)))),
                Err(AttackError::Refused(reason)) => Ok(answer(named, Err(Unanswered::Refused(reason)))),
                // The federation failed, not the attack.
                Err(error @ AttackError::Oracle(_)) => Err(error.to_string()),
                Err(error) => Ok(answer(named, Err(Unanswered::Failed(error.to_string())))),
            })
            .collect()
    }
}

fn answer(named: &NamedAttack, claims: Result<challenge::Claims, Unanswered>) -> AttackAnswer {
    AttackAnswer { attack: named.id.clone(), claims }
}

/// The adversary's place at the coordinator.
struct CoordinatorOracle<'a> {
    adversary: &'a Adversary,
    knowledge: &'a Knowledge,
}

impl Oracle for CoordinatorOracle<'_> {
    fn shows_single_vectors(&self) -> bool {
        match self.adversary.vantage {
            Vantage::Outsider => false,
            Vantage::Party(_) => self.adversary.disclosure == Disclosure::Open,
            Vantage::Aggregator => true,
        }
    }

    fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
        let Adversary { coordinator, runtime, vantage, spec, .. } = self.adversary;
        if self.shows_single_vectors() {
            let shared = runtime.block_on(coordinator.predict_shared(records)).map_err(unanswered)?;
            return Ok(Observation::PerParty { mean: shared.mean, parties: shared.parties });
        }
        let Prediction { mean, missing } =
            runtime.block_on(coordinator.predict(records)).map_err(unanswered)?;
        match (&self.knowledge.own, vantage) {
            // Of an average behind defences its own vector cannot be subtracted.
            (Some(own), Vantage::Party(party)) if self.knowledge.parties > 1 && spec.release.is_empty() => {
                let answer = own.model.predict_proba(records)?;
                let reported = match spec.behaviour {
                    Some(behaviour) => crate::faults::falsified(behaviour, answer),
                    None => answer,
                };
                let averaged = averaged(mean.len(), self.knowledge.parties, *party, &missing);
                Ok(Observation::residual_of(mean, reported, &averaged)?)
            }
            _ => Ok(Observation::Averaged { mean }),
        }
    }
}

/// A limit is a limit of this experiment; everything else is a federation that fails.
fn unanswered(error: RpcError) -> AttackError {
    match error.failure {
        RpcFailure::Limited { .. } => AttackError::Refused(error.failure.to_string()),
        _ => AttackError::Oracle(error.to_string()),
    }
}

/// How many parties were averaged in each row, and whether one's own vector was among them.
fn averaged(rows: usize, parties: u32, own: PartyId, missing: &[Absence]) -> Vec<Averaged> {
    let mut averaged = vec![Averaged { parties, own: true }; rows];
    for absence in missing {
        for row in absence.rows.clone() {
            if let Some(averaged) = averaged.get_mut(row) {
                averaged.parties = averaged.parties.saturating_sub(1);
                averaged.own &= absence.party != own;
            }
        }
    }
    averaged
}

fn to_wire(claims: Claims) -> challenge::Claims {
    match claims {
        Claims::Membership(claims) => {
            let pair = |claim: MembershipClaim| (claim.member, claim.score);
            challenge::Claims::Membership(claims.into_iter().map(|claim| claim.map(pair)).collect())
        }
        Claims::Source(claims) => {
            let pair = |claim: SourceClaim| (claim.party, claim.score);
            challenge::Claims::Source(claims.into_iter().map(|claim| claim.map(pair)).collect())
        }
    }
}

/// The challenger's side: the claims of an answer, or the limit that kept the attack from making any.
///
/// # Errors
/// [`Error::Usage`] when the attack could not answer: it says what it lacks.
pub fn claims_of(adversary: &str, answer: AttackAnswer) -> Result<Result<Claims, String>, Error> {
    Ok(match answer.claims {
        Err(Unanswered::Failed(reason)) => {
            return Err(Error::Usage(format!("{adversary} could not carry out {}: {reason}", answer.attack)));
        }
        Err(Unanswered::Refused(reason)) => Err(reason),
        Ok(challenge::Claims::Membership(claims)) => Ok(Claims::Membership(
            claims
                .into_iter()
                .map(|claim| claim.map(|(member, score)| MembershipClaim { member, score }))
                .collect(),
        )),
        Ok(challenge::Claims::Source(claims)) => Ok(Claims::Source(
            claims
                .into_iter()
                .map(|claim| claim.map(|(party, score)| SourceClaim { party, score }))
                .collect(),
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use turncoat_proto::AbsenceReason;

    #[test]
    fn who_is_missing_is_counted_row_by_row() {
        let party = |number| PartyId::new(number).unwrap();
        let absence = |rows, number| Absence {
            rows,
            first_query: 1,
            party: party(number),
            reason: AbsenceReason::Untold,
        };
        let missing = [absence(0..2, 1), absence(1..3, 3)];
        let of = |parties, own| Averaged { parties, own };
        assert_eq!(
            averaged(4, 3, party(3), &missing),
            [of(2, true), of(1, false), of(2, false), of(3, true)]
        );
    }
}
