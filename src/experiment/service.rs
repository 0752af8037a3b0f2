//! What the coordinator of one repeat did: who asked how much, what was answered without whom, what was refused and rejected.
//!
//! Nothing here is an address or a time, so that it is the same however the federation is launched.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use turncoat_learn::PartyId;
use turncoat_proto::Account;

/// A coordinator's account, as it is kept with the repeat's outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// In the order of the roles.
    pub(crate) clients: Vec<ClientService>,
    /// By first query.
    pub(crate) degraded: Vec<DegradedQueries>,
    /// By party and reason.
    pub(crate) rejected: Vec<RejectedResponses>,
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
pub(crate) struct RejectedResponses {
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
        let rejected = account.rejected.into_iter().map(|answers| RejectedResponses {
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

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use turncoat_learn::{Answers, PredictionVectors};

    #[test]
    fn a_party_is_measured_on_what_it_answered() {
        // Right on rows 0 and 1; row 2 was not answered.
        let vectors = PredictionVectors::new(array![[1.0, 0.0], [0.0, 1.0]]).unwrap();
        let answers = Answers::of_rows(vectors, &[Some(0), Some(1), None]).unwrap();
        let mut tally = Tally::default();
        assert_eq!(tally.accuracy(), None);
        // In two pieces.
        tally.add(&[0, 0], |place| answers.predicted_class(place));
        assert_eq!(tally.accuracy(), Some(0.5));
        tally.add(&[1], |_| answers.predicted_class(2));
        assert_eq!(tally.accuracy(), Some(0.5), "what was not answered does not count");
    }
}
