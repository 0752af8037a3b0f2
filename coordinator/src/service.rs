//! The coordinator's gRPC service: who may call, what is checked, and what goes out to the parties.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, timeout_at};
use tonic::{Request, Response, Status};
use tracing::Span;
use turncoat_learn::defence::{Defence, Defences};
use turncoat_learn::{LearnerError, ModelDigest, PredictionVectors, Seed};
use turncoat_net::edge::arrival;
use turncoat_net::{Address, Dialer, MAX_MESSAGE_BYTES};
use turncoat_proto::client::{EncodedRecords, PartyClient};
use turncoat_proto::convert::absence::missing_to_wire;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::convert::records::ReceivedRecords;
use turncoat_proto::convert::vectors::vectors_to_wire;
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::coordinator_server::Coordinator;
use turncoat_proto::{
    Deadlines, Disclosure, Identity, Limit, Quorum, Refusal, Retry, Role, RpcFailure, auth, wire,
};

use crate::admission::Admission;
use crate::asking::Asking;
use crate::fanout::{self, Answer};
use crate::federation::{Federation, Member, Training};
use crate::ledger::Ledger;
use crate::permissions::{Rpc, fewest_averaged, forbidden, permits};

/// What a message holds beside its probabilities, with room to spare.
const ENVELOPE_BYTES: usize = 64 << 10;

pub(crate) struct CoordinatorService {
    pub(crate) federation: Arc<Federation>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) quorum: Quorum,
    pub(crate) retry: Retry,
    /// How long a call for predictions may take.
    pub(crate) request: Duration,
    pub(crate) disclosure: Disclosure,
    pub(crate) identity: Identity,
    pub(crate) dialer: Dialer,
    pub(crate) deadlines: Deadlines,
    /// Held by the fit that is under way.
    pub(crate) fitting: Mutex<()>,
    /// Chunks that may be with the parties at a time; the rest waits here, and HTTP/2 holds back what comes after.
    pub(crate) in_flight: Semaphore,
    /// What stands before the average.
    pub(crate) release: Vec<Defence>,
}

/// What a quorum answered, and its average as it is told.
struct Released {
    answer: Answer,
    mean: PredictionVectors,
}

impl CoordinatorService {
    fn authorize<T>(&self, request: &Request<T>, rpc: Rpc) -> Result<Role, Refusal> {
        let role = auth::role(request)?;
        if permits(role, rpc, self.disclosure) {
            Ok(role)
        } else {
            Err(forbidden(role, rpc, self.disclosure))
        }
    }

    /// Where a party was that announces itself from elsewhere, once it is clear that it is there no more. One that still
    /// answers there, or does not say no, keeps its place.
    async fn vacated(&self, announcement: &Announcement) -> Result<Option<Address>, Refusal> {
        let Some(member) = self.federation.elsewhere(announcement) else { return Ok(None) };
        let (party, address) = (announcement.party, member.announcement.address);
        match member.client.status().await {
            // Nobody is there, or somebody else.
            Err(error)
                if matches!(error.failure, RpcFailure::Unavailable(_) | RpcFailure::Unauthenticated(_)) =>
            {
                Ok(Some(address))
            }
            _ => Err(Refusal::AlreadyJoined { party, address: address.to_string() }),
        }
    }

    /// Dials a party back and makes sure that it is who it says; and what model it has.
    async fn dial_back(
        &self,
        announcement: &Announcement,
    ) -> Result<(PartyClient, Option<ModelDigest>), Refusal> {
        let party = announcement.party;
        let proof = self.identity.proof(Role::Coordinator(party));
        let proof = proof.map_err(|error| Refusal::Internal(error.to_string()))?;
        let client =
            PartyClient::connect(&self.dialer, party, &announcement.address, &proof, self.deadlines).await;
        let at_fault = |error| Refusal::Party { party, source: Box::new(error) };
        let client = client.map_err(at_fault)?;
        let status = client.status().await.map_err(at_fault)?;
        Ok((client, status.model_digest))
    }

    /// A quorum's answer to one chunk, of which `vectors` of the number of parties will go into one message.
    async fn answer(
        &self,
        client: Role,
        arrived: Instant,
        wire::PredictRequest { records, announced }: wire::PredictRequest,
        vectors: impl Fn(usize) -> usize,
    ) -> Result<Released, Refusal> {
        let deadline = arrived + self.request;
        let records = ReceivedRecords::new(records)?;
        Span::current().record("rows", records.rows() as u64);
        let call = self.ledger.call(client, records.rows() as u64);
        match self.ask_parties(client, &records, announced, vectors, deadline).await {
            Ok((answer, seed)) => {
                tracing::debug!(missing = answer.missing.len(), "answered");
                call.answered(answer.first_query, &answer.missing);
                let mut mean = answer.mean()?;
                if !self.release.is_empty() {
                    let release = Defences::new(self.release.clone(), seed.child("release", 0));
                    mean = release.of(records.matrix().view(), mean)?;
                }
                Ok(Released { answer, mean })
            }
            Err(refusal) => {
                if let Some(limit) = refusal.limit() {
                    tracing::info!(role = %client, %refusal, "refused by a limit");
                    call.refused(limit, announced);
                }
                Err(refusal)
            }
        }
    }

    /// The quorum, and no fewer parties than an average must hide a single one among.
    fn quorum_for(&self, client: Role) -> Quorum {
        let parties = self.federation.parties();
        let fewest = fewest_averaged(client, self.disclosure, parties);
        if self.quorum.needed(parties) < fewest { Quorum::AtLeast(fewest) } else { self.quorum }
    }

    async fn ask_parties(
        &self,
        client: Role,
        records: &ReceivedRecords,
        announced: u64,
        vectors: impl Fn(usize) -> usize,
        deadline: Instant,
    ) -> Result<(Answer, Seed), Refusal> {
        let fitted = self.federation.fitted()?;
        if records.features() != fitted.features {
            return Err(LearnerError::Width { expected: fitted.features, got: records.features() }.into());
        }
        let rows = records.rows();
        self.admission.check_size(rows as u64)?;
        let row_bytes = 8 * fitted.classes * vectors(self.federation.parties() as usize);
        let most = (MAX_MESSAGE_BYTES - ENVELOPE_BYTES) / row_bytes.max(1);
        if rows > most {
            return Err(Refusal::TooLarge { rows, most });
        }
        let too_late = |_| {
            let message = format!("no turn at the parties within {} ms", self.request.as_millis());
            Refusal::Limit { limit: Limit::RequestMs, message }
        };
        let turn = timeout_at(deadline, self.in_flight.acquire()).await.map_err(too_late)?;
        let _turn = turn.map_err(|error| Refusal::Internal(error.to_string()))?;
        let admitted = self.admission.admit(client, rows as u64, announced)?;
        Span::current().record("first_query", admitted.first_query);
        let asking = Asking {
            federation: &self.federation,
            fitted: &fitted,
            ledger: &self.ledger,
            retry: &self.retry,
            records: &EncodedRecords::new(records.as_wire(), admitted.first_query)
                .measuring(admitted.measuring),
            deadline,
        };
        let answer = fanout::predict(asking, &self.admission, admitted, self.quorum_for(client)).await?;
        Ok((answer, fitted.seed))
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
        let replaces = self.vacated(&announcement).await?;
        let (client, model) = self.dial_back(&announcement).await?;
        let Announcement { party, ref address, records, .. } = announcement;
        let (address, member) = (address.clone(), Member { announcement, client });
        let came_back = self
            .federation
            .admit(member, model, replaces.as_ref())
            .inspect_err(|refusal| tracing::info!(%party, %address, %refusal, "not admitted"))?;
        self.admission.welcome(party);
        if came_back {
            self.ledger.rejoined(party);
        }
        tracing::info!(%party, %address, records, came_back, "joined");
        Ok(Response::new(wire::JoinReply { revision: wire::REVISION, parties: self.federation.parties() }))
    }

    async fn fit(
        &self,
        request: Request<wire::FitRequest>,
    ) -> Result<Response<wire::FederationFitReply>, Status> {
        self.authorize(&request, Rpc::Fit)?;
        let order = FitOrder::from_wire(request.into_inner()).map_err(Refusal::from)?;
        let clients = self.federation.all()?;
        let _turn = self.fitting.try_lock().map_err(|_| Refusal::Busy)?;
        self.federation.set_training(None);
        let fits = fanout::fit(&clients, &order)
            .await
            .inspect_err(|error| tracing::warn!(%error, "the federation could not be trained"))?;
        let digests = fits.iter().map(|fit| (fit.party, fit.model_digest)).collect();
        self.federation.set_training(Some(Training { classes: order.classes, seed: order.seed, digests }));
        fits.iter().for_each(|fit| self.admission.welcome(fit.party));
        tracing::info!(parties = fits.len(), classes = order.classes, "fitted");
        Ok(Response::new(wire::FederationFitReply {
            parties: fits.iter().map(turncoat_proto::PartyFit::to_wire).collect(),
        }))
    }

    async fn predict(
        &self,
        request: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictReply>, Status> {
        let client = self.authorize(&request, Rpc::Predict)?;
        let arrived = arrival(&request);
        let Released { answer, mean } = self.answer(client, arrived, request.into_inner(), |_| 1).await?;
        let mean = Some(vectors_to_wire(&mean));
        let averaged = answer.parties.keys().map(|party| party.get()).collect();
        Ok(Response::new(wire::PredictReply { mean, averaged, first_query: answer.first_query }))
    }

    async fn predict_shared(
        &self,
        request: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictSharedReply>, Status> {
        let client = self.authorize(&request, Rpc::PredictShared)?;
        let arrived = arrival(&request);
        let Released { answer, mean } =
            self.answer(client, arrived, request.into_inner(), |parties| parties + 1).await?;
        let mean = Some(vectors_to_wire(&mean));
        let Answer { parties, missing, first_query } = answer;
        let parties = parties
            .into_iter()
            .map(|(party, vectors)| wire::PartyVectors {
                party: party.get(),
                vectors: Some(vectors_to_wire(&vectors)),
            })
            .collect();
        let missing = missing_to_wire(&missing);
        Ok(Response::new(wire::PredictSharedReply { mean, parties, missing, first_query }))
    }

    async fn status(
        &self,
        request: Request<wire::FederationStatusRequest>,
    ) -> Result<Response<wire::FederationStatusReply>, Status> {
        self.authorize(&request, Rpc::Status)?;
        let timeout = Duration::from_millis(u64::from(request.into_inner().wait_joined_ms));
        if !timeout.is_zero() {
            self.federation.wait_joined(timeout).await;
        }
        Ok(Response::new(self.federation.status().to_wire()))
    }

    async fn account(
        &self,
        request: Request<wire::AccountRequest>,
    ) -> Result<Response<wire::AccountReply>, Status> {
        self.authorize(&request, Rpc::Account)?;
        let skip = usize::try_from(request.into_inner().skip).unwrap_or(usize::MAX);
        Ok(Response::new(self.ledger.account().to_wire(skip)))
    }
}
