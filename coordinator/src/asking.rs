//! Asking one party about one chunk of records: again where that can help, and no longer than the call may take.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use turncoat_learn::{PartyId, PredictionVectors};
use turncoat_proto::client::EncodedRecords;
use turncoat_proto::{AbsenceReason, Refusal, Retry, RpcError, RpcFailure};

use crate::circuit::Turn;
use crate::federation::{Federation, Fitted};
use crate::ledger::Ledger;
use crate::retry::pause;

/// One chunk of records with the parties.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) federation: &'a Federation,
    pub(crate) fitted: &'a Fitted,
    pub(crate) ledger: &'a Ledger,
    pub(crate) retry: &'a Retry,
    pub(crate) records: &'a EncodedRecords,
    /// When the call must be answered.
    pub(crate) deadline: Instant,
}

/// A party that did not answer.
#[derive(Debug)]
pub(crate) struct Absent {
    pub(crate) reason: AbsenceReason,
    /// The story, with its name and address.
    pub(crate) why: String,
    /// Whether it could still have answered, had the call been allowed to take longer.
    pub(crate) cut_short: bool,
}

impl Absent {
    /// It was not asked.
    pub(crate) fn skipped(party: PartyId) -> Self {
        let why = format!("{party} was not asked, since it was missing from several calls in a row");
        Self { reason: AbsenceReason::Skipped, why, cut_short: false }
    }

    fn of(error: &RpcError) -> Self {
        let reason = match error.failure {
            RpcFailure::Unavailable(_) => AbsenceReason::Unreachable,
            RpcFailure::Declined(_) => AbsenceReason::Unavailable,
            RpcFailure::DeadlineExceeded(_) => AbsenceReason::Deadline,
            RpcFailure::InvalidAnswer(_) => AbsenceReason::Invalid,
            _ => AbsenceReason::Failed,
        };
        Self { reason, why: error.to_string(), cut_short: false }
    }
}

impl Asking<'_> {
    /// The party's vectors, checked, of the model that it was fitted with.
    pub(crate) async fn ask(&self, party: PartyId, turn: Turn) -> Result<PredictionVectors, Absent> {
        match timeout_at(self.deadline, self.attempts(party, turn)).await {
            Ok(done) => done,
            Err(_) => {
                let why = format!("{party} had not answered when the call had to be");
                Err(Absent { reason: AbsenceReason::Deadline, why, cut_short: true })
            }
        }
    }

    async fn attempts(&self, party: PartyId, turn: Turn) -> Result<PredictionVectors, Absent> {
        // Attempts at a party that could be reached; what is never heard is no attempt.
        let mut attempt = 0;
        let mut reconnects = 0;
        let mut waited_until = None;
        let gone = self.federation.is_gone(party);
        loop {
            let mut joins = self.federation.joins();
            let error = match self.attempt(party, attempt).await {
                Err(error) => error,
                Ok(answer) => {
                    if gone {
                        self.federation.set_gone(party, false);
                    }
                    return answer;
                }
            };
            let once = turn == Turn::Probe;
            match &error.failure {
                RpcFailure::Unavailable(_) if !once && !gone => {
                    let wait = Duration::from_millis(self.retry.rejoin_ms);
                    let until = *waited_until.get_or_insert_with(|| Instant::now() + wait);
                    if Instant::now() >= until {
                        self.federation.set_gone(party, true);
                        return Err(Absent::of(&error));
                    }
                    tracing::debug!(%error, "waiting for it to come back");
                    reconnects += 1;
                    let next =
                        Instant::now() + pause(self.retry, party, self.records.first_query(), reconnects);
                    // A party that joined is tried at once.
                    let _ = timeout_at(next.min(until), joins.changed()).await;
                }
                RpcFailure::Declined(_) | RpcFailure::DeadlineExceeded(_)
                    if !once && attempt + 1 < self.retry.attempts =>
                {
                    tracing::debug!(%error, "asking it again");
                    waited_until = None;
                    attempt += 1;
                    self.ledger.retried(party);
                    tokio::time::sleep(pause(self.retry, party, self.records.first_query(), attempt)).await;
                }
                _ => return Err(Absent::of(&error)),
            }
        }
    }

    /// One attempt; `Err` is a failure that another attempt may mend.
    async fn attempt(
        &self,
        party: PartyId,
        attempt: u32,
    ) -> Result<Result<PredictionVectors, Absent>, RpcError> {
        let Some(client) = self.federation.client(party) else {
            let why = format!("{party} has not joined");
            return Ok(Err(Absent { reason: AbsenceReason::Unreachable, why, cut_short: false }));
        };
        let answer = client.predict_proba(self.records, self.fitted.classes, attempt).await;
        let (vectors, digest) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                if let RpcFailure::InvalidAnswer(violation) = &error.failure {
                    tracing::warn!(%error, "an answer is rejected");
                    self.ledger.rejected(party, self.records.first_query(), violation);
                }
                return Err(error);
            }
        };
        match self.fitted.digests.get(&party) {
            Some(&expected) if digest != expected => {
                let why = Refusal::OtherModel { party, expected, got: Some(digest) }.to_string();
                tracing::warn!(%why, "an answer is rejected");
                Ok(Err(Absent { reason: AbsenceReason::OtherModel, why, cut_short: false }))
            }
            _ => Ok(Ok(vectors)),
        }
    }
}
