//! The part of a repeat in which adversaries are put to the question: every adversary is asked, every answer is scored.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use turncoat_attack::challenge::{ChallengeError, Figures, MembershipChallenge, NonMembers, SourceChallenge};
use turncoat_attack::{Claims, Question};
use turncoat_learn::partition::Partition;
use turncoat_learn::{PartyId, Seed};
use turncoat_proto::challenge::ChallengeRequest;
use turncoat_report::files::claims::{ClaimRows, Heading};

use super::repeat::candidates;
use super::run::Experiment;
use super::truth::Truth;
use crate::adversary::{claims_of, name_of};
use crate::error::Error;
use crate::launch::Federation;

/// What the adversaries of one repeat achieved.
#[derive(Debug, Default)]
pub(super) struct Challenged {
    /// In the order of [`rows`](super::repeat::rows).
    pub(super) results: Vec<Figures>,
    /// Every claim.
    pub(super) claims: ClaimRows,
    /// Attacks without figures, in the order of the scenario.
    pub(super) refused: Vec<RefusedAttack>,
    /// Every record that any adversary was asked about.
    pub(super) requested: BTreeSet<usize>,
}

/// An attack that a limit kept from asking what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefusedAttack {
    /// `outsider`, `party-3` or `aggregator`.
    pub(crate) adversary: String,
    /// The attack, by its id.
    pub(crate) attack: String,
    /// What the federation said.
    pub(crate) reason: String,
}

/// What one adversary was asked.
struct Challenge {
    source: Option<SourceChallenge>,
    membership: Option<MembershipChallenge>,
}

impl Experiment {
    pub(super) fn truth<'a>(&'a self, seed: Seed, partition: &'a Partition) -> Truth<'a> {
        let most = self.scenario().evaluation.most_records(self.scenario().parties() as usize);
        Truth { data: self.data(), partition, equal: self.equal(), seed: seed.child("challenge", 0), most }
    }

    /// What the aggregator would be asked about membership: everybody's records, and as many of nobody's.
    pub(super) fn everybody(&self, seed: Seed, partition: &Partition) -> Result<MembershipChallenge, Error> {
        let all: Vec<PartyId> = PartyId::first(partition.parties()).collect();
        self.truth(seed, partition).membership(&all)
    }

    /// Asks every adversary its questions and scores the answers.
    pub(super) async fn challenge(
        &self,
        number: u32,
        seed: Seed,
        partition: &Partition,
        federation: &mut Federation,
    ) -> Result<Challenged, Error> {
        let scenario = self.scenario();
        let truth = self.truth(seed, partition);
        let mut challenged = Challenged::default();
        for (place, adversary) in scenario.adversaries.iter().enumerate() {
            let name = name_of(adversary.vantage);
            self.progress().stage(number, &name);
            let candidates = candidates(scenario, adversary.vantage);
            let about = |question| adversary.attacks.iter().any(|named| named.attack.question() == question);
            let challenge = Challenge {
                source: about(Question::Source).then(|| truth.source(&candidates)).transpose()?,
                membership: about(Question::Membership).then(|| truth.membership(&candidates)).transpose()?,
            };
            let mut answers = BTreeMap::new();
            for (question, rows) in [
                (Question::Source, challenge.source.as_ref().map(SourceChallenge::rows)),
                (Question::Membership, challenge.membership.as_ref().map(MembershipChallenge::rows)),
            ] {
                let Some(rows) = rows else { continue };
                challenged.requested.extend(rows);
                let (records, labels) = self.data().take(rows);
                let request = request(question, &candidates, records, labels);
                for answer in federation.challenge(place, request).await? {
                    answers.insert(answer.attack.clone(), claims_of(&name, answer)?);
                }
            }
            for attack in &adversary.attacks {
                let at = Heading { repeat: number + 1, adversary: &name, attack };
                let answer = answers
                    .remove(&attack.id)
                    .ok_or_else(|| Error::Bug(format!("{name} did not answer with {}", attack.id)))?;
                challenged.score(at, &challenge, answer)?;
            }
        }
        Ok(challenged)
    }
}

impl Challenged {
    /// Scores one attack's claims, or notes that there are none.
    fn score(
        &mut self,
        at: Heading<'_>,
        challenge: &Challenge,
        answer: Result<Claims, String>,
    ) -> Result<(), Error> {
        let claims = match answer {
            Ok(claims) => Some(claims),
            Err(reason) => {
                let (adversary, attack) = (at.adversary.to_owned(), at.attack.id.clone());
                self.refused.push(RefusedAttack { adversary, attack, reason });
                None
            }
        };
        match (at.attack.attack.question(), claims, challenge) {
            (Question::Source, None, Challenge { source: Some(challenge), .. }) => {
                self.results.push(challenge.unanswered());
            }
            (Question::Membership, None, Challenge { membership: Some(challenge), .. }) => {
                self.results.extend(NonMembers::ALL.map(|draw| challenge.unanswered(draw)));
            }
            (Question::Source, Some(Claims::Source(claims)), Challenge { source: Some(challenge), .. }) => {
                self.results.push(challenge.score(&claims).map_err(|e| unusable(at, &e))?);
                self.claims.source(at, challenge, &claims);
            }
            (
                Question::Membership,
                Some(Claims::Membership(claims)),
                Challenge { membership: Some(challenge), .. },
            ) => {
                for draw in NonMembers::ALL {
                    self.results.push(challenge.score(draw, &claims).map_err(|e| unusable(at, &e))?);
                }
                self.claims.membership(at, challenge, &claims);
            }
            _ => {
                let (name, attack) = (at.adversary, &at.attack.id);
                return Err(Error::Bug(format!("{name} answered another question with {attack}")));
            }
        }
        Ok(())
    }
}

fn unusable(at: Heading<'_>, error: &ChallengeError) -> Error {
    Error::Bug(format!("the claims of {} ({}) cannot be scored: {error}", at.adversary, at.attack.id))
}

fn request(
    question: Question,
    candidates: &[PartyId],
    records: Array2<f32>,
    labels: Vec<u32>,
) -> ChallengeRequest {
    ChallengeRequest {
        question: match question {
            Question::Source => turncoat_proto::challenge::Question::Source,
            Question::Membership => turncoat_proto::challenge::Question::Membership,
        },
        candidates: candidates.to_vec(),
        records,
        labels,
    }
}
