//! Asking every party at once: to train, where the first that fails fails the call, and for predictions, where the quorum
//! decides what becomes of a call without somebody. Sums are in PartyId order.

use std::collections::BTreeMap;

use futures::future::{join_all, try_join_all};
use turncoat_learn::{PartyId, PredictionVectors};
use turncoat_proto::client::PartyClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{AbsenceReason, Limit, PartyFit, Quorum, Refusal};

use crate::admission::{Admission, Admitted};
use crate::asking::{Absent, Asking};
use crate::circuit::Turn;

/// Trains every party, each from its own child of the order's seed; reports in PartyId order.
pub(crate) async fn fit(clients: &[PartyClient], order: &FitOrder) -> Result<Vec<PartyFit>, Refusal> {
    try_join_all(clients.iter().map(|client| async move {
        let party = client.party();
        let seed = order.seed.child("party", u64::from(party.get()));
        let fit = client.fit(&FitOrder { seed, ..order.clone() }).await;
        fit.map_err(|error| Refusal::Party { party, source: Box::new(error) })
    }))
    .await
}

/// What a quorum of parties answered to one chunk of records.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The vectors of those that answered.
    pub(crate) parties: BTreeMap<PartyId, PredictionVectors>,
    /// Those that did not, in order.
    pub(crate) missing: Vec<(PartyId, AbsenceReason)>,
    /// Number of the first record among all queries.
    pub(crate) first_query: u64,
}

impl Answer {
    /// The point-wise mean over those that answered, summed in PartyId order.
    pub(crate) fn mean(&self) -> Result<PredictionVectors, Refusal> {
        let batches: Vec<_> = self.parties.values().collect();
        // The batches were checked to be of one shape, and a quorum is at least one.
        PredictionVectors::mean(&batches).map_err(|violation| Refusal::Internal(violation.to_string()))
    }
}

/// Asks the parties whose turn it is. When too few are asked for the quorum, nobody is.
pub(crate) async fn predict(
    asking: Asking<'_>,
    admission: &Admission,
    admitted: Admitted,
    quorum: Quorum,
) -> Result<Answer, Refusal> {
    let Admitted { first_query, measuring, turns } = admitted;
    let parties = turns.len() as u32;
    let needed = quorum.needed(parties) as usize;
    let hopeless = turns.iter().filter(|(_, turn)| *turn != Turn::Skip).count() < needed;
    let requested = turns.iter().map(|&(party, turn)| async move {
        let mut claim = Claim { admission, measuring, party, turn, settled: turn == Turn::Skip };
        if turn == Turn::Skip || hopeless {
            return (party, Err(Absent::skipped(party)));
        }
        let answer = asking.ask(party, turn).await;
        if claim.settle(answer.is_ok()) {
            tracing::warn!(%party, skips = asking.retry.skips, "given up on for a while");
            asking.ledger.opened(party);
        }
        (party, answer)
    });
    let (mut answered, mut absent) = (BTreeMap::new(), Vec::new());
    for (party, answer) in join_all(requested).await {
        match answer {
            Ok(vectors) => {
                answered.insert(party, vectors);
            }
            // Of parties that would have been asked, had the quorum been in reach, nothing is known.
            Err(_) if hopeless && turns.contains(&(party, Turn::Ask)) => {}
            Err(why) => absent.push((party, why)),
        }
    }
    if absent.iter().any(|(_, absent)| absent.cut_short) {
        return Err(too_late(&absent));
    }
    if answered.len() < needed
        && let Some((party, first)) = absent.first()
    {
        let mut why: Vec<_> = absent.iter().map(|(_, absent)| absent.why.as_str()).collect();
        if hopeless {
            why.push("so nobody was asked in vain");
        }
        let (party, reason, why) = (*party, first.reason, why.join("; "));
        let answered = answered.len() as u32;
        return Err(Refusal::Quorum { answered, parties, quorum, party, reason, why });
    }
    let missing = absent.into_iter().map(|(party, absent)| (party, absent.reason)).collect();
    Ok(Answer { parties: answered, missing, first_query })
}

fn too_late(absent: &[(PartyId, Absent)]) -> Refusal {
    let slow = absent.iter().filter(|(_, absent)| absent.cut_short).map(|(_, absent)| absent.why.as_str());
    Refusal::Limit { limit: Limit::RequestMs, message: slow.collect::<Vec<_>>().join("; ") }
}

/// A party's turn in a call: settled when the party answered or not, given back when the caller goes away first.
struct Claim<'a> {
    admission: &'a Admission,
    measuring: bool,
    party: PartyId,
    turn: Turn,
    settled: bool,
}

impl Claim<'_> {
    fn settle(&mut self, answered: bool) -> bool {
        self.settled = true;
        self.admission.settle(self.measuring, self.party, self.turn, answered)
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.admission.abandon(self.measuring, self.party, self.turn);
        }
    }
}
