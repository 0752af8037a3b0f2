//! Challenges and answers, cut into parts for the wire and put together again, checked as they come.

use ndarray::{Array2, Axis, Slice};
use turncoat_learn::PartyId;

use super::federation::ascending;
use super::records::{records_from_wire, records_to_wire};
use super::{party, positive};
use crate::challenge::{AttackAnswer, ChallengeRequest, Claims, Question, Unanswered};
use crate::chunk;
use crate::violation::Violation;
use crate::wire::{self, answer_part::Body, challenge_part::Part};

/// Claims a part of an answer: about 1 MiB.
const CLAIMS_A_PART: usize = 64 << 10;

/// The parts of a challenge, made as they are asked for.
pub(crate) fn challenge_to_wire(
    challenge: ChallengeRequest,
) -> impl Iterator<Item = wire::ChallengePart> + Send {
    let (records, features) = challenge.records.dim();
    let head = wire::ChallengeHead {
        question: match challenge.question {
            Question::Membership => wire::Question::Membership,
            Question::Source => wire::Question::Source,
        } as i32,
        candidates: challenge.candidates.iter().map(|party| party.get()).collect(),
        records: records as u64,
        features: u32::try_from(features).unwrap_or(u32::MAX),
    };
    let step = chunk::rows(features, 0);
    let chunks = (0..records).step_by(step).map(move |from| {
        let to = (from + step).min(records);
        Part::Records(wire::LabelledRecords {
            records: Some(records_to_wire(challenge.records.slice_axis(Axis(0), Slice::from(from..to)))),
            labels: challenge.labels[from..to].to_vec(),
        })
    });
    std::iter::once(Part::Head(head)).chain(chunks).map(|part| wire::ChallengePart { part: Some(part) })
}

/// Puts a challenge together from its parts.
#[derive(Debug, Default)]
pub(crate) struct ChallengeAssembly {
    head: Option<(Question, Vec<PartyId>, usize, u32)>,
    values: Vec<f32>,
    labels: Vec<u32>,
}

impl ChallengeAssembly {
    pub(crate) fn push(&mut self, part: wire::ChallengePart) -> Result<(), Violation> {
        match part.part.ok_or(Violation::Missing { field: "part" })? {
            Part::Head(head) if self.head.is_none() => {
                let question = match head.question() {
                    wire::Question::Membership => Question::Membership,
                    wire::Question::Source => Question::Source,
                    wire::Question::Unspecified => {
                        return Err(Violation::Value {
                            field: "head.question",
                            value: head.question.to_string(),
                            rule: "membership or source",
                        });
                    }
                };
                let candidates = ascending(&head.candidates, "head.candidates")?;
                if candidates.is_empty() {
                    return Err(Violation::Missing { field: "head.candidates" });
                }
                let features = positive(head.features, "head.features")?;
                let records = usize::try_from(head.records).ok().filter(|&records| records > 0);
                let records = records.ok_or(Violation::Value {
                    field: "head.records",
                    value: head.records.to_string(),
                    rule: "at least 1, and what fits in memory",
                })?;
                self.head = Some((question, candidates, records, features));
                Ok(())
            }
            Part::Head(_) => {
                Err(Violation::Value { field: "head", value: "there again".into(), rule: "once, and first" })
            }
            Part::Records(chunk) => {
                let Some((_, _, expected, features)) = self.head else {
                    return Err(Violation::Missing { field: "head" });
                };
                let records = records_from_wire(chunk.records)?;
                if records.ncols() != features as usize {
                    return Err(Violation::Value {
                        field: "records.features",
                        value: records.ncols().to_string(),
                        rule: "as many as head.features",
                    });
                }
                if chunk.labels.len() != records.nrows() {
                    let (got, expected) = (chunk.labels.len(), records.nrows());
                    return Err(Violation::Length { field: "labels", got, expected });
                }
                self.labels.extend(chunk.labels);
                self.values.extend(records.as_slice().expect("a matrix of a message is in one piece"));
                if self.labels.len() > expected {
                    return Err(Violation::Length { field: "records", got: self.labels.len(), expected });
                }
                Ok(())
            }
        }
    }

    pub(crate) fn finish(self) -> Result<ChallengeRequest, Violation> {
        let (question, candidates, expected, features) =
            self.head.ok_or(Violation::Missing { field: "head" })?;
        if self.labels.len() != expected {
            return Err(Violation::Length { field: "records", got: self.labels.len(), expected });
        }
        let records = Array2::from_shape_vec((expected, features as usize), self.values)
            .expect("every part held rows of head.features values, one label each");
        Ok(ChallengeRequest { question, candidates, records, labels: self.labels })
    }
}

/// The parts of all answers, attack after attack.
pub(crate) fn answers_to_wire(answers: Vec<AttackAnswer>) -> impl Iterator<Item = wire::AnswerPart> + Send {
    answers.into_iter().flat_map(|answer| {
        let bodies: Vec<Body> = match answer.claims {
            Err(Unanswered::Failed(failure)) => vec![Body::Failure(failure)],
            Err(Unanswered::Refused(refused)) => vec![Body::Refused(refused)],
            Ok(Claims::Membership(claims)) => parts_of(&claims, |claims| {
                let (member, score) = claims.iter().copied().flatten().unzip();
                Body::Membership(wire::MembershipClaims { member, score, claimed: claimed(claims) })
            }),
            Ok(Claims::Source(claims)) => parts_of(&claims, |claims| {
                let (party, score) =
                    claims.iter().flatten().map(|(party, score)| (party.get(), *score)).unzip();
                Body::Source(wire::SourceClaims { party, score, claimed: claimed(claims) })
            }),
        };
        let attack = answer.attack;
        bodies.into_iter().map(move |body| wire::AnswerPart { attack: attack.clone(), body: Some(body) })
    })
}

/// On which records there is a claim; empty where there is one on every.
fn claimed<T>(claims: &[Option<T>]) -> Vec<bool> {
    let claimed = claims.iter().map(Option::is_some);
    if claims.iter().all(Option::is_some) { Vec::new() } else { claimed.collect() }
}

/// Claims put on their records.
fn placed<T>(claims: Vec<T>, claimed: &[bool]) -> Result<Vec<Option<T>>, Violation> {
    if claimed.is_empty() {
        return Ok(claims.into_iter().map(Some).collect());
    }
    let (got, expected) = (claimed.iter().filter(|&&claimed| claimed).count(), claims.len());
    if got != expected {
        return Err(Violation::Length { field: "claimed", got, expected });
    }
    let mut claims = claims.into_iter();
    Ok(claimed.iter().map(|&claimed| if claimed { claims.next() } else { None }).collect())
}

fn parts_of<T>(claims: &[T], part: impl Fn(&[T]) -> Body) -> Vec<Body> {
    if claims.is_empty() { vec![part(claims)] } else { claims.chunks(CLAIMS_A_PART).map(part).collect() }
}

/// Puts the answers to one challenge together from their parts.
#[derive(Debug)]
pub(crate) struct AnswerAssembly {
    question: Question,
    candidates: Vec<PartyId>,
    records: usize,
    answers: Vec<AttackAnswer>,
}

impl AnswerAssembly {
    pub(crate) fn new(challenge: &ChallengeRequest) -> Self {
        Self {
            question: challenge.question,
            candidates: challenge.candidates.clone(),
            records: challenge.labels.len(),
            answers: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, part: wire::AnswerPart) -> Result<(), Violation> {
        if part.attack.is_empty() {
            return Err(Violation::Missing { field: "attack" });
        }
        let claims = match part.body.ok_or(Violation::Missing { field: "body" })? {
            Body::Failure(failure) => Err(Unanswered::Failed(failure)),
            Body::Refused(refused) => Err(Unanswered::Refused(refused)),
            Body::Membership(claims) if self.question == Question::Membership => {
                check_scores(&claims.score, claims.member.len())?;
                let made = claims.member.into_iter().zip(claims.score).collect();
                Ok(Claims::Membership(placed(made, &claims.claimed)?))
            }
            Body::Source(claims) if self.question == Question::Source => {
                check_scores(&claims.score, claims.party.len())?;
                let owners = claims.party.iter().map(|&number| self.candidate(number));
                let owners = owners.collect::<Result<Vec<_>, _>>()?;
                let made = owners.into_iter().zip(claims.score).collect();
                Ok(Claims::Source(placed(made, &claims.claimed)?))
            }
            Body::Membership(_) | Body::Source(_) => {
                return Err(Violation::Value {
                    field: "body",
                    value: "an answer to another question".into(),
                    rule: "claims on the question that was asked",
                });
            }
        };
        let again = self.answers.iter().position(|answer| answer.attack == part.attack);
        match (again, claims) {
            (None, claims) => self.answers.push(AttackAnswer { attack: part.attack, claims }),
            (Some(place), claims) if place + 1 == self.answers.len() => {
                match (&mut self.answers[place].claims, claims) {
                    (Ok(Claims::Membership(held)), Ok(Claims::Membership(more))) => held.extend(more),
                    (Ok(Claims::Source(held)), Ok(Claims::Source(more))) => held.extend(more),
                    _ => {
                        return Err(Violation::Value {
                            field: "body",
                            value: "claims and a failure".into(),
                            rule: "one or the other from one attack",
                        });
                    }
                }
            }
            (Some(_), _) => {
                return Err(Violation::Value {
                    field: "attack",
                    value: part.attack,
                    rule: "the parts of one attack follow each other",
                });
            }
        }
        match self.answers.last().map(|answer| &answer.claims) {
            Some(Ok(claims)) if claims.len() > self.records => Err(self.wrong_length(claims.len())),
            _ => Ok(()),
        }
    }

    pub(crate) fn finish(self) -> Result<Vec<AttackAnswer>, Violation> {
        let lengths = self.answers.iter().filter_map(|answer| answer.claims.as_ref().ok().map(Claims::len));
        match lengths.into_iter().find(|&length| length != self.records) {
            Some(length) => Err(self.wrong_length(length)),
            None => Ok(self.answers),
        }
    }

    fn candidate(&self, number: u32) -> Result<PartyId, Violation> {
        let owner = party(number, "source.party")?;
        if self.candidates.binary_search(&owner).is_err() {
            let value = owner.to_string();
            return Err(Violation::Value { field: "source.party", value, rule: "one of the candidates" });
        }
        Ok(owner)
    }

    fn wrong_length(&self, got: usize) -> Violation {
        Violation::Length { field: "claims", got, expected: self.records }
    }
}

fn check_scores(scores: &[f64], expected: usize) -> Result<(), Violation> {
    if scores.len() != expected {
        return Err(Violation::Length { field: "score", got: scores.len(), expected });
    }
    match scores.iter().position(|score| !score.is_finite()) {
        Some(index) => Err(Violation::NotFinite { field: "score", index, value: scores[index] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn challenge(records: usize, features: usize, question: Question) -> ChallengeRequest {
        ChallengeRequest {
            question,
            candidates: PartyId::first(3).skip(1).collect(),
            records: Array2::from_shape_fn((records, features), |(row, column)| {
                (row * features + column) as f32
            }),
            labels: (0..records as u32).collect(),
        }
    }

    fn put_together(parts: impl Iterator<Item = wire::ChallengePart>) -> Result<ChallengeRequest, Violation> {
        let mut assembly = ChallengeAssembly::default();
        for part in parts {
            assembly.push(part)?;
        }
        assembly.finish()
    }

    #[test]
    fn a_challenge_survives_its_parts() {
        let large = challenge(3, 200_000, Question::Source);
        let parts: Vec<_> = challenge_to_wire(large.clone()).collect();
        assert_eq!(parts.len(), 4);
        assert_eq!(put_together(parts.into_iter()).unwrap(), large);
    }

    #[test]
    fn a_challenge_whose_parts_do_not_fit_is_refused() {
        let parts: Vec<_> = challenge_to_wire(challenge(2, 3, Question::Membership)).collect();
        let says = |parts: Vec<wire::ChallengePart>| put_together(parts.into_iter()).unwrap_err().to_string();
        assert_eq!(says(vec![]), "head is missing");
        assert_eq!(says(vec![parts[1].clone()]), "head is missing");
        assert!(says(vec![parts[0].clone()]).contains("records has 0 entries where 2"));
        assert!(says(vec![parts[0].clone(), parts[0].clone()]).contains("once, and first"));
        let twice = vec![parts[0].clone(), parts[1].clone(), parts[1].clone()];
        assert!(says(twice).contains("records has 4 entries where 2"));
        assert!(says(vec![wire::ChallengePart { part: None }]).contains("part is missing"));
    }

    #[test]
    fn answers_survive_their_parts() {
        let n = CLAIMS_A_PART + 5;
        let requested = challenge(n, 1, Question::Source);
        let second = PartyId::new(2).unwrap();
        let answers = vec![
            AttackAnswer {
                attack: "least_loss".into(),
                claims: Ok(Claims::Source(
                    (0..n).map(|i| (i % 3 > 0).then_some((second, i as f64))).collect(),
                )),
            },
            AttackAnswer {
                attack: "shadow".into(),
                claims: Err(Unanswered::Failed("too few records".into())),
            },
            AttackAnswer {
                attack: "probing".into(),
                claims: Err(Unanswered::Refused("4000 queries".into())),
            },
        ];
        let mut assembly = AnswerAssembly::new(&requested);
        let parts: Vec<_> = answers_to_wire(answers.clone()).collect();
        assert_eq!(parts.len(), 4);
        for part in parts {
            assembly.push(part).unwrap();
        }
        assert_eq!(assembly.finish().unwrap(), answers);
    }

    #[test]
    fn answers_that_break_the_contract_are_refused() {
        let requested = challenge(2, 1, Question::Source);
        let push_claimed = |party: Vec<u32>, score: Vec<f64>, claimed: Vec<bool>| {
            let body = Some(Body::Source(wire::SourceClaims { party, score, claimed }));
            let mut assembly = AnswerAssembly::new(&requested);
            assembly.push(wire::AnswerPart { attack: "a".into(), body })?;
            assembly.finish()
        };
        let push = |party, score| push_claimed(party, score, vec![]);
        assert!(push(vec![2, 3], vec![0.0, 1.0]).is_ok());
        assert!(push_claimed(vec![3], vec![0.0], vec![false, true]).is_ok());
        let reported = push_claimed(vec![3], vec![0.0], vec![true, true]).unwrap_err().to_string();
        assert!(reported.contains("claimed has 2 entries where 1"), "{reported}");
        let reported = push_claimed(vec![3], vec![0.0], vec![false, false, true]).unwrap_err().to_string();
        assert!(reported.contains("claims has 3 entries where 2"), "{reported}");
        assert!(push(vec![1, 3], vec![0.0, 1.0]).unwrap_err().to_string().contains("one of the candidates"));
        assert!(push(vec![2], vec![0.0]).unwrap_err().to_string().contains("claims has 1 entries where 2"));
        assert!(push(vec![2, 3], vec![0.0]).unwrap_err().to_string().contains("score has 1"));
        assert!(push(vec![2, 3], vec![0.0, f64::NAN]).unwrap_err().to_string().contains("score[1] is NaN"));
        let membership =
            wire::MembershipClaims { member: vec![true; 2], score: vec![0.0; 2], claimed: vec![] };
        let part = wire::AnswerPart { attack: "a".into(), body: Some(Body::Membership(membership)) };
        assert!(
            AnswerAssembly::new(&requested).push(part).unwrap_err().to_string().contains("another question")
        );
    }

    proptest! {
        #[test]
        fn no_part_of_an_answer_panics(
            party in prop::collection::vec(any::<u32>(), 0..4),
            score in prop::collection::vec(any::<f64>(), 0..4),
            claimed in prop::collection::vec(any::<bool>(), 0..4),
        ) {
            let requested = challenge(2, 1, Question::Source);
            let mut assembly = AnswerAssembly::new(&requested);
            let body = Some(Body::Source(wire::SourceClaims { party, score, claimed }));
            if assembly.push(wire::AnswerPart { attack: "a".into(), body }).is_ok()
                && let Ok(answers) = assembly.finish()
            {
                let Ok(Claims::Source(claims)) = &answers[0].claims else { panic!("claims were sent") };
                prop_assert_eq!(claims.len(), 2);
                prop_assert!(claims.iter().flatten().all(|(owner, score)| requested.candidates.contains(owner) && score.is_finite()));
            }
        }

        #[test]
        fn no_part_of_a_challenge_panics(
            question in any::<i32>(), candidates in prop::collection::vec(0_u32..4, 0..3), records in any::<u64>(),
            features in 0_u32..3, rows in 0_u32..4, values in prop::collection::vec(any::<f32>(), 0..6),
            labels in prop::collection::vec(any::<u32>(), 0..4),
        ) {
            let head = wire::ChallengeHead { question, candidates, records, features };
            let chunk = wire::LabelledRecords { records: Some(wire::Records { rows, ..wire::Records::of(features, &values) }), labels };
            let parts = [Part::Head(head), Part::Records(chunk)].map(|part| wire::ChallengePart { part: Some(part) });
            if let Ok(challenge) = put_together(parts.into_iter()) {
                prop_assert_eq!(challenge.labels.len(), challenge.records.nrows());
            }
        }
    }
}
