//! A party's gRPC service: who may call, what is checked, and on which thread the work is done.

use std::sync::Arc;

use tokio::sync::Mutex;
use tonic::{Request, Response, Status};
use tracing::Span;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::convert::records::records_from_wire;
use turncoat_proto::convert::vectors::vectors_to_wire;
use turncoat_proto::wire::party_server::Party;
use turncoat_proto::{PartyStatus, Refusal, Role, auth, wire};

use crate::fault_injector::{FaultInjector, PredictCall};
use crate::state::PartyState;

#[derive(Clone)]
pub(crate) struct PartyService {
    state: Arc<PartyState>,
    fitting: Arc<Mutex<()>>,
    fault_injector: Option<Arc<dyn FaultInjector>>,
}

impl PartyService {
    pub(crate) fn new(state: Arc<PartyState>, fault_injector: Option<Arc<dyn FaultInjector>>) -> Self {
        Self { state, fitting: Arc::default(), fault_injector }
    }

    /// Only the coordinator, by its certificate or by the token that it has for this party.
    fn coordinator_only<T>(&self, request: &Request<T>, rpc: &'static str) -> Result<(), Refusal> {
        match auth::role(request)? {
            Role::Coordinator(party) if party == self.state.id => Ok(()),
            role => Err(Refusal::wrong_caller(role, rpc, "a party answers its coordinator only")),
        }
    }
}

/// Runs work that takes long on a thread where it may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
        .await
        .unwrap_or_else(|error| Err(Refusal::Internal(format!("the work ended abnormally: {error}"))))
}

#[tonic::async_trait]
impl Party for PartyService {
    async fn fit(&self, request: Request<wire::FitRequest>) -> Result<Response<wire::PartyFit>, Status> {
        self.coordinator_only(&request, "Fit")?;
        let order = FitOrder::from_wire(request.into_inner()).map_err(Refusal::from)?;
        // Held by the work itself: a caller that went away does not make room for a second fit beside it.
        let turn = Arc::clone(&self.fitting).try_lock_owned().map_err(|_| Refusal::Busy)?;
        let state = Arc::clone(&self.state);
        let fit = blocking(move || {
            let _turn = turn;
            state.fit(&order)
        })
        .await?;
        tracing::info!(
            party = %fit.party, records = fit.records, fit_ms = fit.fit_ms, model_bytes = fit.model_bytes, "fitted"
        );
        if fit.converged == Some(false) {
            tracing::warn!(party = %fit.party, "the model had not reached its optimum at its last allowed step");
        }
        Ok(Response::new(fit.to_wire()))
    }

    async fn predict_proba(
        &self,
        request: Request<wire::PredictProbaRequest>,
    ) -> Result<Response<wire::PredictProbaReply>, Status> {
        self.coordinator_only(&request, "PredictProba")?;
        let wire::PredictProbaRequest { records, first_query, attempt, measuring } = request.into_inner();
        let records = records_from_wire(records).map_err(Refusal::from)?;
        let call = PredictCall { first_query, rows: records.nrows(), attempt, measuring };
        Span::current().record("first_query", first_query).record("rows", call.rows as u64);
        let fitted = self.state.fitted().ok_or(Refusal::NotFitted)?;
        let digest = fitted.digest;
        let vectors = if fitted.answers_at_once(records.nrows()) {
            fitted.model.predict_proba(records.view()).map_err(Refusal::from)?
        } else {
            blocking(move || Ok(fitted.model.predict_proba(records.view())?)).await?
        };
        let mut reply = wire::PredictProbaReply {
            vectors: Some(vectors_to_wire(&vectors)),
            model_digest: digest.as_bytes().to_vec(),
            first_query,
        };
        if let Some(fault_injector) = &self.fault_injector {
            reply = fault_injector.answer(call, reply).await?;
        }
        tracing::debug!(party = %self.state.id, attempt, "answered");
        Ok(Response::new(reply))
    }

    async fn status(
        &self,
        request: Request<wire::PartyStatusRequest>,
    ) -> Result<Response<wire::PartyStatusReply>, Status> {
        self.coordinator_only(&request, "Status")?;
        let model_digest = self.state.fitted().map(|fitted| fitted.digest);
        let status = PartyStatus {
            revision: wire::REVISION,
            party: self.state.id,
            records: self.state.shard.len() as u64,
            features: self.state.features(),
            fitted: model_digest.is_some(),
            model_digest,
        };
        Ok(Response::new(status.to_wire()))
    }
}
