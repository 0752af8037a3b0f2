//! Everybody's client of the coordinator.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use ndarray::{Array2, ArrayView2, Axis, Slice, concatenate};
use turncoat_learn::{PartyId, PredictionVectors};

use super::call::{Caller, ms};
use super::chunk;
use crate::address::Address;
use crate::convert::federation::ascending;
use crate::convert::learner::FitOrder;
use crate::convert::matrix::{records_to_wire, vectors_from_wire};
use crate::deadlines::Deadlines;
use crate::federation::{Announcement, FederationStatus, PartyFit, SharedPrediction};
use crate::rpc_error::{Peer, RpcError, RpcFailure};
use crate::token::Token;
use crate::transport::{Dialer, MAX_MESSAGE_BYTES};
use crate::version::REVISION;
use crate::violation::Violation;
use crate::wire;
use crate::wire::coordinator_client::CoordinatorClient as Stub;

/// How much longer a caller waits than the coordinator waits for its parties, so that the answer names the slow one.
const FORWARD_GRACE: Duration = Duration::from_secs(2);

/// The coordinator, as one role calls it. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub struct CoordinatorClient {
    caller: Caller,
}

/// What a party is told when it joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinedFederation {
    /// Number of parties.
    pub parties: u32,
}

impl CoordinatorClient {
    /// Connects to the coordinator, with the token of the caller's role.
    ///
    /// # Errors
    /// [`RpcFailure::Unavailable`].
    pub async fn connect(
        dialer: &Dialer,
        address: &Address,
        token: &Token,
        deadlines: Deadlines,
    ) -> Result<Self, RpcError> {
        let peer = Peer::Coordinator(address.clone());
        Ok(Self { caller: Caller::connect(dialer, peer, token, deadlines).await? })
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

    /// The averaged vectors of records `[n, d]`, however many.
    ///
    /// # Errors
    /// [`RpcError`]: the first chunk that failed.
    pub async fn predict(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, RpcError> {
        let status = self.fitted_status("Predict").await?;
        let step = chunk::rows(records.ncols(), status.classes);
        let parts = self.in_chunks(records, step, |client, request, rows| async move {
            let deadline = client.predict_deadline();
            let request = client.caller.request(request, deadline);
            let mut stub = client.stub();
            let reply = client.caller.answer("Predict", deadline, stub.predict(request)).await?;
            vectors_from_wire(reply.mean, "mean", rows, Some(status.classes))
                .map_err(client.caller.invalid("Predict"))
        });
        Ok(joined(&parts.await?))
    }

    /// Every party's vectors of records `[n, d]`, however many, and their mean.
    ///
    /// # Errors
    /// [`RpcError`]: the first chunk that failed.
    pub async fn predict_shared(&self, records: ArrayView2<'_, f32>) -> Result<SharedPrediction, RpcError> {
        let status = self.fitted_status("PredictShared").await?;
        let step = chunk::rows(records.ncols(), status.classes.saturating_mul(status.parties as usize + 1));
        let parts = self.in_chunks(records, step, |client, request, rows| async move {
            let deadline = client.predict_deadline();
            let request = client.caller.request(request, deadline);
            let mut stub = client.stub();
            let reply = client.caller.answer("PredictShared", deadline, stub.predict_shared(request)).await?;
            shared_from_wire(reply, rows, status).map_err(client.caller.invalid("PredictShared"))
        });
        let parts = parts.await?;
        let mean = joined(&parts.iter().map(|part| part.mean.clone()).collect::<Vec<_>>());
        let of = |party| parts.iter().map(|part| part.parties[&party].clone()).collect::<Vec<_>>();
        let parties = PartyId::first(status.parties).map(|party| (party, joined(&of(party)))).collect();
        Ok(SharedPrediction { mean, parties })
    }

    /// How far the federation has come.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn status(&self) -> Result<FederationStatus, RpcError> {
        self.status_after(Duration::ZERO).await
    }

    /// Waits until all parties have joined, or for `patience`; the status then, whichever it was.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn wait_until_joined(&self, patience: Duration) -> Result<FederationStatus, RpcError> {
        self.status_after(patience).await
    }

    async fn status_after(&self, patience: Duration) -> Result<FederationStatus, RpcError> {
        let deadline = ms(self.caller.deadlines.connect_ms) + patience;
        let wait_joined_ms = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
        let request = self.caller.request(wire::FederationStatusRequest { wait_joined_ms }, deadline);
        let mut stub = self.stub();
        let reply = self.caller.answer("Status", deadline, stub.status(request)).await?;
        self.check_revision(reply.revision, "Status")?;
        FederationStatus::from_wire(reply).map_err(self.caller.invalid("Status"))
    }

    /// What a chunk's size depends on.
    async fn fitted_status(&self, rpc: &'static str) -> Result<Shape, RpcError> {
        let status = self.status().await?;
        match status.classes {
            Some(classes) if status.fitted => {
                Ok(Shape { parties: status.parties, classes: classes as usize })
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
        step: usize,
        ask: impl Fn(Self, wire::PredictRequest, usize) -> F,
    ) -> Result<Vec<T>, RpcError>
    where
        F: Future<Output = Result<T, RpcError>>,
    {
        let questions = chunk::ranges(records.nrows(), step).map(|range| {
            let rows = range.len();
            let chunk = records.slice_axis(Axis(0), Slice::from(range));
            ask(self.clone(), wire::PredictRequest { records: Some(records_to_wire(chunk)) }, rows)
        });
        stream::iter(questions).buffered(chunk::IN_FLIGHT).try_collect().await
    }

    fn predict_deadline(&self) -> Duration {
        ms(self.caller.deadlines.predict_ms) + FORWARD_GRACE
    }

    fn check_revision(&self, theirs: u32, rpc: &'static str) -> Result<(), RpcError> {
        if theirs == REVISION {
            return Ok(());
        }
        Err(self.caller.error(rpc, RpcFailure::VersionMismatch { ours: REVISION, theirs }))
    }

    fn stub(&self) -> Stub<tonic::transport::Channel> {
        Stub::new(self.caller.channel.clone())
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES)
    }
}

#[derive(Clone, Copy)]
struct Shape {
    parties: u32,
    classes: usize,
}

fn shared_from_wire(
    reply: wire::PredictSharedReply,
    rows: usize,
    shape: Shape,
) -> Result<SharedPrediction, Violation> {
    let numbers: Vec<u32> = reply.parties.iter().map(|part| part.party).collect();
    let ids = ascending(&numbers, "parties.party")?;
    if !ids.iter().copied().eq(PartyId::first(shape.parties)) {
        let (got, expected) = (ids.len(), shape.parties as usize);
        return Err(Violation::Length { field: "parties", got, expected });
    }
    let parties = ids
        .into_iter()
        .zip(reply.parties)
        .map(|(party, part)| {
            Ok((party, vectors_from_wire(part.vectors, "parties.vectors", rows, Some(shape.classes))?))
        })
        .collect::<Result<BTreeMap<_, _>, Violation>>()?;
    Ok(SharedPrediction { mean: vectors_from_wire(reply.mean, "mean", rows, Some(shape.classes))?, parties })
}

/// Chunks in a row.
fn joined(parts: &[PredictionVectors]) -> PredictionVectors {
    if let [only] = parts {
        return only.clone();
    }
    let views: Vec<_> = parts.iter().map(PredictionVectors::view).collect();
    let rows: Array2<f64> =
        concatenate(Axis(0), &views).expect("every chunk was checked to have all classes");
    PredictionVectors::new(rows).expect("rows that were checked stay what they are")
}
