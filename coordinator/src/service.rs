//! The coordinator's gRPC service: who may call, what is checked, and what goes out to the parties.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tonic::{Request, Response, Status};
use turncoat_learn::{LearnerError, PartyId, PredictionVectors};
use turncoat_proto::client::PartyClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::convert::matrix::{records_from_wire, vectors_to_wire};
use turncoat_proto::federation::Announcement;
use turncoat_proto::transport::MAX_MESSAGE_BYTES;
use turncoat_proto::wire::coordinator_server::Coordinator;
use turncoat_proto::{
    Account, Credentials, Deadlines, Dialer, Disclosure, Refusal, Role, auth, version, wire,
};

use crate::fanout;
use crate::federation::{Federation, Member};
use crate::permissions::{Rpc, forbidden, permits};

/// What a message holds beside its probabilities, with room to spare.
const ENVELOPE_BYTES: usize = 64 << 10;

pub(crate) struct CoordinatorService {
    pub(crate) federation: Federation,
    /// Number of the next query.
    pub(crate) next_query: AtomicU64,
    pub(crate) disclosure: Disclosure,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) dialer: Dialer,
    pub(crate) deadlines: Deadlines,
    /// Held by the fit that is under way.
    pub(crate) fitting: Mutex<()>,
    /// Chunks that may be with the parties at a time; the rest waits here, and HTTP/2 holds back what comes after.
    pub(crate) in_flight: Semaphore,
}

impl CoordinatorService {
    fn authorize<T>(&self, request: &Request<T>, rpc: Rpc) -> Result<Role, Refusal> {
        let role = auth::role(request)?;
        if permits(role, rpc, self.disclosure) {
            Ok(role)
        } else {
            tracing::info!(%role, %rpc, disclosure = %self.disclosure, "refused");
            Err(forbidden(role, rpc, self.disclosure))
        }
    }

    /// Dials a party back and makes sure that it is who it says.
    async fn dial_back(&self, announcement: &Announcement) -> Result<(PartyClient, bool), Refusal> {
        let party = announcement.party;
        let token = self.credentials.token(Role::Coordinator(party));
        let token = token.map_err(|error| Refusal::Internal(error.to_string()))?;
        let client =
            PartyClient::connect(&self.dialer, party, &announcement.address, token, self.deadlines).await;
        let at_fault = |error| Refusal::Party { party, source: Box::new(error) };
        let client = client.map_err(at_fault)?;
        let status = client.status().await.map_err(at_fault)?;
        Ok((client, status.fitted))
    }

    /// Every party's answer to one chunk; `vectors` of them will go into one message.
    async fn ask_parties(
        &self,
        records: Option<wire::Records>,
        vectors: impl Fn(usize) -> usize,
    ) -> Result<(BTreeMap<PartyId, PredictionVectors>, u64), Refusal> {
        let records = records_from_wire(records)?;
        let fitted = self.federation.fitted()?;
        if records.ncols() != fitted.features {
            return Err(LearnerError::Width { expected: fitted.features, got: records.ncols() }.into());
        }
        let row_bytes = 8 * fitted.classes * vectors(fitted.clients.len());
        let most = (MAX_MESSAGE_BYTES - ENVELOPE_BYTES) / row_bytes.max(1);
        if records.nrows() > most {
            return Err(Refusal::TooLarge { rows: records.nrows(), most });
        }
        let _turn = self.in_flight.acquire().await.map_err(|error| Refusal::Internal(error.to_string()))?;
        let first_query = self.next_query.fetch_add(records.nrows() as u64, Ordering::Relaxed);
        Ok((fanout::predict_shared(&fitted, records.view(), first_query).await?, first_query))
    }
}

#[tonic::async_trait]
impl Coordinator for CoordinatorService {
    async fn join(&self, request: Request<wire::JoinRequest>) -> Result<Response<wire::JoinReply>, Status> {
        let role = self.authorize(&request, Rpc::Join)?;
        let announcement = Announcement::from_wire(request.into_inner()).map_err(Refusal::from)?;
        if role != Role::Party(announcement.party) {
            return Err(forbidden(role, Rpc::Join, self.disclosure).into());
        }
        self.federation.check(&announcement)?;
        let (client, has_model) = self.dial_back(&announcement).await?;
        let Announcement { party, ref address, records, .. } = announcement;
        tracing::info!(%party, %address, records, "joined");
        self.federation.admit(Member { announcement, client }, has_model)?;
        Ok(Response::new(wire::JoinReply { revision: version::REVISION, parties: self.federation.parties() }))
    }

    async fn fit(
        &self,
        request: Request<wire::FitRequest>,
    ) -> Result<Response<wire::FederationFitReply>, Status> {
        self.authorize(&request, Rpc::Fit)?;
        let order = FitOrder::from_wire(request.into_inner()).map_err(Refusal::from)?;
        let clients = self.federation.all()?;
        let _turn = self.fitting.try_lock().map_err(|_| Refusal::Busy)?;
        self.federation.set_fitted(None);
        let fits = fanout::fit(&clients, &order)
            .await
            .inspect_err(|error| tracing::error!(%error, "the federation could not be trained"))?;
        self.federation.set_fitted(Some(order.classes));
        tracing::info!(parties = fits.len(), classes = order.classes, "fitted");
        Ok(Response::new(wire::FederationFitReply {
            parties: fits.iter().map(turncoat_proto::PartyFit::to_wire).collect(),
        }))
    }

    async fn predict(
        &self,
        request: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictReply>, Status> {
        self.authorize(&request, Rpc::Predict)?;
        let (parties, first_query) = self.ask_parties(request.into_inner().records, |_| 1).await?;
        let mean = Some(vectors_to_wire(fanout::mean(&parties)?));
        let averaged = parties.keys().map(|party| party.get()).collect();
        Ok(Response::new(wire::PredictReply { mean, averaged, first_query }))
    }

    async fn predict_shared(
        &self,
        request: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictSharedReply>, Status> {
        self.authorize(&request, Rpc::PredictShared)?;
        let (parties, first_query) =
            self.ask_parties(request.into_inner().records, |parties| parties + 1).await?;
        let mean = Some(vectors_to_wire(fanout::mean(&parties)?));
        let parties = parties
            .into_iter()
            .map(|(party, vectors)| wire::PartyVectors {
                party: party.get(),
                vectors: Some(vectors_to_wire(vectors)),
            })
            .collect();
        Ok(Response::new(wire::PredictSharedReply { mean, parties, missing: vec![], first_query }))
    }

    async fn status(
        &self,
        request: Request<wire::FederationStatusRequest>,
    ) -> Result<Response<wire::FederationStatusReply>, Status> {
        self.authorize(&request, Rpc::Status)?;
        let patience = Duration::from_millis(u64::from(request.into_inner().wait_joined_ms));
        if !patience.is_zero() {
            self.federation.wait_joined(patience).await;
        }
        Ok(Response::new(self.federation.status().to_wire()))
    }

    async fn account(
        &self,
        request: Request<wire::AccountRequest>,
    ) -> Result<Response<wire::AccountReply>, Status> {
        self.authorize(&request, Rpc::Account)?;
        Ok(Response::new(Account::default().to_wire(0)))
    }
}
