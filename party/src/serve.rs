//! Serving a party: it answers before it joins, since the coordinator dials back to admit it.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use turncoat_learn::{LearnerError, PartyId, Shard};
use turncoat_net::hosting::{Hosting, host};
use turncoat_net::{Address, Dialer, Listener, MAX_MESSAGE_BYTES};
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::party_server::PartyServer;
use turncoat_proto::{CredentialsError, Deadlines, Identity, Role, RpcError, Subject, wire};

use crate::fault_injector::FaultInjector;
use crate::join::join;
use crate::service::PartyService;
use crate::state::PartyState;

/// What a party is told at its start.
#[derive(Clone, Debug)]
pub struct PartyConfig {
    /// Who it is.
    pub id: PartyId,
    /// Its private records.
    pub shard: Shard,
    /// Where the coordinator listens.
    pub coordinator: Address,
    /// How it dials.
    pub dialer: Dialer,
    /// By what it is known, and knows the coordinator: its certificate, or both tokens.
    pub identity: Identity,
    /// How long calls may take.
    pub deadlines: Deadlines,
    /// Where the coordinator can dial it, when that is not where it listens (0.0.0.0, or behind a translation).
    pub advertise: Option<Address>,
    /// Where to save the model after each fit.
    pub model_path: Option<PathBuf>,
    /// A saved model to go on with, instead of waiting for a fit.
    pub resume: Option<PathBuf>,
    /// What is done to its answers before they are sent, if anything is.
    pub fault_injector: Option<Arc<dyn FaultInjector>>,
}

/// A party that could not be part of the federation.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It holds another member's certificate, or lacks a token.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// The coordinator cannot be reached or does not admit it.
    #[error("cannot join the federation: {0}")]
    Join(#[from] RpcError),
    /// The saved model cannot be gone on with.
    #[error("cannot go on with the saved model: {0}")]
    Resume(#[from] LearnerError),
    /// The transport failed.
    #[error(transparent)]
    Serve(#[from] turncoat_net::ServeError),
}

/// Joins the federation and serves until `shutdown` resolves and the calls under way are done.
///
/// # Errors
/// [`ServeError`]; a party that is not admitted stops serving at once.
pub async fn serve(
    config: PartyConfig,
    listener: Listener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let PartyConfig {
        id,
        shard,
        coordinator,
        dialer,
        identity,
        deadlines,
        advertise,
        model_path,
        resume,
        fault_injector,
    } = config;
    identity.serves(Subject::Party(id), [Role::Coordinator(id)])?;
    let own = identity.proof(Role::Party(id))?;
    let state = Arc::new(PartyState::new(id, shard, model_path));
    if let Some(saved) = resume {
        state.resume(&saved)?;
    }
    let announcement = Announcement {
        protocol: wire::PROTOCOL.into(),
        revision: wire::REVISION,
        party: id,
        address: advertise.unwrap_or_else(|| listener.address().clone()),
        records: state.shard.len() as u64,
        features: state.features(),
        model_digest: state.fitted().map(|fitted| fitted.digest),
    };

    let ready = state.ready();
    let service = PartyServer::new(PartyService::new(state, fault_injector))
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES);
    let (give_up, gave_up) = oneshot::channel::<()>();
    let stop = async {
        tokio::select! {
            () = shutdown => {}
            // Sent when the party is not admitted; dropped unsent once it is.
            () = async { if gave_up.await.is_err() { std::future::pending::<()>().await } } => {}
        }
    };
    let hosting = Hosting::plain(identity, Duration::from_millis(deadlines.drain_ms));
    let serving = host(service, ready, hosting, listener, stop);
    let joining = async {
        let joined = join(&dialer, &coordinator, &own, deadlines, &announcement).await;
        match &joined {
            Ok(federation) => {
                tracing::info!(party = %id, parties = federation.parties, %coordinator, "joined");
            }
            Err(error) => {
                tracing::error!(party = %id, %error, "not admitted");
                let _ = give_up.send(());
            }
        }
        joined
    };

    // Whichever ends first: a shutdown in the middle of joining does not wait for the coordinator.
    let (mut serving, mut joining) = (std::pin::pin!(serving), std::pin::pin!(joining));
    tokio::select! {
        served = &mut serving => served?,
        joined = &mut joining => {
            let served = serving.await;
            joined?;
            served?;
        }
    }
    Ok(())
}
