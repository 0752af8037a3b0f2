//! What the coordinator of one repeat did: who asked how much, what was answered without whom, what was refused and rejected.
//!
//! Nothing here is an address or a time, so that it is the same however the federation is launched.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use turncoat_learn::PartyId;
use turncoat_proto::{Absence, Account};

/// A coordinator's account, as it is kept with the repeat's outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// In the order of the roles.
    pub(crate) clients: Vec<ClientService>,
    /// By first query.
    pub(crate) degraded: Vec<DegradedQueries>,
    /// By party and reason.
    pub(crate) rejected: Vec<RejectedAnswers>,
}

/// What one client asked, in queries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientService {
    /// Its role.
    pub(crate) client: String,
    pub(crate) asked: u64,
    pub(crate) answered: u64,
    /// By limit; the quorum is one.
    pub(crate) refused: BTreeMap<String, u64>,
    /// Without an answer for another reason.
    pub(crate) failed: u64,
}

/// Queries in a row that were answered without the same parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DegradedQueries {
    pub(crate) client: String,
    pub(crate) first_query: u64,
    pub(crate) rows: u64,
    /// Who was missing, and why in one word.
    pub(crate) missing: Vec<(PartyId, String)>,
}

/// Answers of a party that broke a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectedAnswers {
    pub(crate) party: PartyId,
    pub(crate) reason: String,
    pub(crate) count: u64,
    /// Of the first of them: its first query, and what was wrong.
    pub(crate) first_query: u64,
    pub(crate) example: String,
}

impl From<Account> for Service {
    fn from(account: Account) -> Self {
        let clients = account.clients.into_iter().map(|(role, client)| ClientService {
            client: role.to_string(),
            asked: client.asked,
            answered: client.answered,
            refused: client
                .refused
                .into_iter()
                .map(|(limit, refused)| (limit.name().to_owned(), refused.queries))
                .collect(),
            failed: client.failed,
        });
        let degraded = account.degraded.into_iter().map(|answers| DegradedQueries {
            client: answers.client.to_string(),
            first_query: answers.first_query,
            rows: answers.rows,
            missing: answers
                .missing
                .into_iter()
                .map(|(party, reason)| (party, reason.name().to_owned()))
                .collect(),
        });
        let rejected = account.rejected.into_iter().map(|answers| RejectedAnswers {
            party: answers.party,
            reason: answers.reason.name().to_owned(),
            count: answers.count,
            first_query: answers.first_query,
            example: answers.example,
        });
        Self { clients: clients.collect(), degraded: degraded.collect(), rejected: rejected.collect() }
    }
}

/// How many records were predicted right, of those that were answered.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    right: usize,
    answered: usize,
}

impl Tally {
    /// Counts some records: the class predicted for each, if it was answered.
    pub(super) fn add(&mut self, labels: &[u32], predicted: impl Fn(usize) -> Option<usize>) {
        for (place, &label) in labels.iter().enumerate() {
            if let Some(class) = predicted(place) {
                self.answered += 1;
                self.right += usize::from(class == label as usize);
            }
        }
    }

    /// The fraction that was right; none where nothing was answered.
    pub(super) fn accuracy(self) -> Option<f64> {
        (self.answered > 0).then(|| self.right as f64 / self.answered as f64)
    }
}

/// Which of so many records a party answered. The vectors that stand for it where it is missing are nobody's.
pub(super) fn answered(party: PartyId, records: usize, missing: &[Absence]) -> Vec<bool> {
    let mut there = vec![true; records];
    for absence in missing.iter().filter(|absence| absence.party == party) {
        there[absence.rows.clone()].fill(false);
    }
    there
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use turncoat_learn::PredictionVectors;
    use turncoat_proto::AbsenceReason;

    #[test]
    fn a_party_is_measured_on_what_it_answered() {
        let party = |number| PartyId::new(number).unwrap();
        // Right on rows 0 and 1; row 2 is what stands for it, and happens to name class 0.
        let vectors = PredictionVectors::new(array![[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]).unwrap();
        let absence = |rows, number| Absence {
            rows,
            first_query: 1,
            party: party(number),
            reason: AbsenceReason::Skipped,
        };
        let of = |missing: &[Absence]| {
            let there = answered(party(2), 3, missing);
            let mut tally = Tally::default();
            // In two pieces.
            for (from, labels) in [(0, &[0, 1][..]), (2, &[1])] {
                tally.add(labels, |place| there[from + place].then(|| vectors.predicted_class(from + place)));
            }
            tally.accuracy()
        };
        assert_eq!(of(&[]), Some(2.0 / 3.0));
        assert_eq!(of(&[absence(2..3, 2), absence(0..2, 1)]), Some(1.0));
        assert_eq!(of(&[absence(0..3, 2)]), None);
    }
}
