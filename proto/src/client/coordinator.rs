//! Everybody's client of the coordinator.

use std::future::Future;
use std::ops::Range;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use ndarray::{ArrayView2, Axis, Slice};
use turncoat_learn::{Answers, PartyId};
use turncoat_net::trace_context::TracedChannel;
use turncoat_net::{Address, Dialer, MAX_MESSAGE_BYTES, Proof};

use super::answers::{Shape, average_from_wire, joined, shared_from_wire};
use super::call::{Caller, ms};
use crate::account::Account;
use crate::chunk::{self, Row};
use crate::convert::federation::ascending;
use crate::convert::learner::FitOrder;
use crate::convert::records::records_to_wire;
use crate::deadlines::Deadlines;
use crate::federation::{Announcement, FederationStatus, PartyFit, Prediction, SharedPrediction};
use crate::rpc_error::{Peer, RpcError, RpcFailure};
use crate::subject::Subject;
use crate::wire;
use crate::wire::REVISION;
use crate::wire::coordinator_client::CoordinatorClient as Stub;

/// How much longer a caller waits than the coordinator waits for its parties, so that the answer names the slow one.
const FORWARD_GRACE: Duration = Duration::from_secs(2);

/// The coordinator, as one role calls it. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub struct CoordinatorClient {
    caller: Caller,
    in_flight: usize,
    timeout: Option<Duration>,
}

/// What a party is told when it joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinedFederation {
    /// Number of parties.
    pub parties: u32,
}

impl CoordinatorClient {
    /// Connects to the coordinator, with what proves the caller's role.
    ///
    /// # Errors
    /// [`RpcFailure::Unavailable`].
    pub async fn connect(
        dialer: &Dialer,
        address: &Address,
        proof: impl Into<Proof>,
        deadlines: Deadlines,
    ) -> Result<Self, RpcError> {
        let peer = Peer::Coordinator(address.clone());
        let caller = Caller::connect(dialer, peer, Subject::Coordinator, &proof.into(), deadlines).await?;
        Ok(Self { caller, in_flight: chunk::IN_FLIGHT, timeout: None })
    }

    /// The same client, which waits for the answer to each chunk before it sends the next: the numbers of its queries follow
    /// the order of its records, whatever the timing.
    #[must_use]
    pub fn one_at_a_time(self) -> Self {
        Self { in_flight: 1, ..self }
    }

    /// The same client, which waits no longer than that for the answer to a chunk, even where the coordinator allows more.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// Joins, as a party.
    ///
    /// # Errors
    /// [`RpcError`]: the coordinator says why not.
    pub async fn join(&self, announcement: &Announcement) -> Result<JoinedFederation, RpcError> {
        let deadline = ms(self.caller.deadlines.join_ms);
        let request = self.caller.request(announcement.to_wire(), deadline);
        let mut stub = self.stub();
        let reply = self.caller.answer("Join", deadline, stub.join(request)).await?;
        self.check_revision(reply.revision, "Join")?;
        let parties =
            crate::convert::positive(reply.parties, "parties").map_err(self.caller.invalid("Join"))?;
        Ok(JoinedFederation { parties })
    }

    /// Trains every party; one report a party, in order.
    ///
    /// # Errors
    /// [`RpcError`]; [`RpcError::party`] is the party that failed, if one did.
    pub async fn fit(&self, order: &FitOrder) -> Result<Vec<PartyFit>, RpcError> {
        let deadline = ms(self.caller.deadlines.fit_ms) + FORWARD_GRACE;
        let request = self.caller.request(order.to_wire(), deadline);
        let mut stub = self.stub();
        let reply = self.caller.answer("Fit", deadline, stub.fit(request)).await?;
        let numbers: Vec<u32> = reply.parties.iter().map(|fit| fit.party).collect();
        let fits = ascending(&numbers, "parties.party")
            .and_then(|_| reply.parties.iter().map(PartyFit::from_wire).collect());
        fits.map_err(self.caller.invalid("Fit"))
    }

    /// The averaged vectors of records `[n, d]`, however many, and who is missing from which. Chunks hold no more than the
    /// coordinator says that it takes. A budget that does not suffice for all of them is not begun.
    ///
    /// # Errors
    /// [`RpcError`]: the first chunk that failed.
    pub async fn predict(&self, records: ArrayView2<'_, f32>) -> Result<Prediction, RpcError> {
        let (status, shape) = self.fitted_status("Predict").await?;
        let chunks = Chunks::new(&status, shape, records.ncols(), 1);
        let deadline = self.predict_deadline(&status);
        let parts = self.in_chunks(records, chunks, |client, request, rows| async move {
            let request = client.caller.request(request, deadline);
            let mut stub = client.stub();
            let reply = client.caller.answer("Predict", deadline, stub.predict(request)).await?;
            average_from_wire(reply, rows, shape).map_err(client.caller.invalid("Predict"))
        });
        let (means, missing): (Vec<_>, Vec<_>) =
            parts.await?.into_iter().map(|part| (part.mean, part.missing)).unzip();
        Ok(Prediction { mean: joined(&means), missing: missing.concat() })
    }

    /// Every party's vectors of records `[n, d]`, however many, their mean, and who is missing from which.
    ///
    /// # Errors
    /// [`RpcError`]: the first chunk that failed.
    pub async fn predict_shared(&self, records: ArrayView2<'_, f32>) -> Result<SharedPrediction, RpcError> {
        let (status, shape) = self.fitted_status("PredictShared").await?;
        let chunks = Chunks::new(&status, shape, records.ncols(), shape.parties as usize + 1);
        let deadline = self.predict_deadline(&status);
        let parts = self.in_chunks(records, chunks, |client, request, rows| async move {
            let request = client.caller.request(request, deadline);
            let mut stub = client.stub();
            let reply = client.caller.answer("PredictShared", deadline, stub.predict_shared(request)).await?;
            shared_from_wire(reply, rows, shape).map_err(client.caller.invalid("PredictShared"))
        });
        let mut parts = parts.await?;
        let mean = joined(&parts.iter().map(|part| part.mean.clone()).collect::<Vec<_>>());
        // A party's chunks are let go as soon as they are in a row: the vectors of all parties are held once.
        let parties = PartyId::first(shape.parties).map(|party| {
            let of: Vec<Answers> = parts.iter_mut().filter_map(|part| part.parties.remove(&party)).collect();
            let joined = Answers::joined(&of.iter().collect::<Vec<_>>());
            (party, joined.expect("every chunk was checked to have all classes"))
        });
        let parties = parties.collect();
        let missing = parts.into_iter().flat_map(|part| part.missing).collect();
        Ok(SharedPrediction { mean, parties, missing })
    }

    /// How many records of so many features [`predict_shared`](Self::predict_shared) has under way at a time. Whoever asks about
    /// as many at once, piece by piece, makes the same calls as about all together, and never holds the answers to all.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn shared_at_once(&self, features: usize) -> Result<usize, RpcError> {
        let (status, shape) = self.fitted_status("PredictShared").await?;
        let Chunks { rows, in_flight } = Chunks::new(&status, shape, features, shape.parties as usize + 1);
        Ok(rows.saturating_mul(in_flight))
    }

    /// How far the federation has come.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn status(&self) -> Result<FederationStatus, RpcError> {
        self.status_after(Duration::ZERO).await
    }

    /// Waits until all parties have joined, or for `timeout`; the status then, whichever it was.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn wait_until_joined(&self, timeout: Duration) -> Result<FederationStatus, RpcError> {
        self.status_after(timeout).await
    }

    /// What the coordinator did since it started: for the operator.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn account(&self) -> Result<Account, RpcError> {
        let deadline = ms(self.caller.deadlines.connect_ms);
        let mut account: Option<Account> = None;
        loop {
            let skip = account.as_ref().map_or(0, |account| account.degraded.len() as u64);
            let request = self.caller.request(wire::AccountRequest { skip }, deadline);
            let mut stub = self.stub();
            let reply = self.caller.answer("Account", deadline, stub.account(request)).await?;
            let in_all = reply.degraded_in_all;
            let part = Account::from_wire(reply).map_err(self.caller.invalid("Account"))?;
            let more = !part.degraded.is_empty();
            let account = match &mut account {
                None => account.insert(part),
                Some(account) => {
                    let degraded = [std::mem::take(&mut account.degraded), part.degraded].concat();
                    *account = Account { degraded, ..part };
                    account
                }
            };
            if !more || account.degraded.len() as u64 >= in_all {
                return Ok(std::mem::take(account));
            }
        }
    }

    async fn status_after(&self, timeout: Duration) -> Result<FederationStatus, RpcError> {
        let deadline = ms(self.caller.deadlines.connect_ms) + timeout;
        let wait_joined_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
        let request = self.caller.request(wire::FederationStatusRequest { wait_joined_ms }, deadline);
        let mut stub = self.stub();
        let reply = self.caller.answer("Status", deadline, stub.status(request)).await?;
        self.check_revision(reply.revision, "Status")?;
        FederationStatus::from_wire(reply).map_err(self.caller.invalid("Status"))
    }

    /// What a chunk's size depends on.
    async fn fitted_status(&self, rpc: &'static str) -> Result<(FederationStatus, Shape), RpcError> {
        let status = self.status().await?;
        match status.classes {
            Some(classes) if status.fitted => {
                let shape = Shape { parties: status.parties, classes: classes as usize };
                Ok((status, shape))
            }
            _ => Err(self.caller.error(
                rpc,
                RpcFailure::Precondition("the federation has no model yet: call Fit first".into()),
            )),
        }
    }

    async fn in_chunks<T, F>(
        &self,
        records: ArrayView2<'_, f32>,
        Chunks { rows, in_flight }: Chunks,
        ask: impl Fn(Self, wire::PredictRequest, Range<usize>) -> F,
    ) -> Result<Vec<T>, RpcError>
    where
        F: Future<Output = Result<T, RpcError>>,
    {
        let questions = chunk::ranges(records.nrows(), rows).map(|range| {
            let (rows, announced) = (range.clone(), (records.nrows() - range.start) as u64);
            let chunk = Some(records_to_wire(records.slice_axis(Axis(0), Slice::from(range))));
            ask(self.clone(), wire::PredictRequest { records: chunk, announced }, rows)
        });
        stream::iter(questions).buffered(self.in_flight.min(in_flight)).try_collect().await
    }

    /// As long as the coordinator may take, which waits for its parties and asks them again; where it does not say, as
    /// long as one of them may.
    fn predict_deadline(&self, status: &FederationStatus) -> Duration {
        let allowed = ms(status.request_ms.unwrap_or(self.caller.deadlines.predict_ms)) + FORWARD_GRACE;
        self.timeout.map_or(allowed, |timeout| timeout.min(allowed))
    }

    fn check_revision(&self, theirs: u32, rpc: &'static str) -> Result<(), RpcError> {
        if theirs == REVISION {
            return Ok(());
        }
        Err(self.caller.error(rpc, RpcFailure::VersionMismatch { ours: REVISION, theirs }))
    }

    fn stub(&self) -> Stub<TracedChannel> {
        Stub::new(self.caller.channel.clone())
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES)
    }
}

/// How a question is asked in parts.
#[derive(Clone, Copy)]
struct Chunks {
    rows: usize,
    in_flight: usize,
}

impl Chunks {
    /// Of records of so many features, answered by so many vectors each.
    fn new(status: &FederationStatus, shape: Shape, features: usize, vectors: usize) -> Self {
        let Shape { parties, classes } = shape;
        let row = Row { features, classes, parties: parties as usize, vectors };
        let rows = row.chunk(status.records_per_call, status.message_bytes);
        Self { rows, in_flight: row.in_flight(rows) }
    }
}
