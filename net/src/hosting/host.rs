//! From a service to one that is listened to: its edge, the check of who calls, its health, and its end.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;
use tonic::service::interceptor::InterceptedService;

use super::router::Router;
use super::standard::Health;
use crate::edge::{CallObserver, Contract, Edge, EdgeLimits, Unobserved, authenticator};
use crate::server::{self, ServeError};
use crate::transport::{Listener, MAX_MESSAGE_BYTES};

/// How a service is hosted.
pub struct Hosting<C: Contract> {
    /// What it takes on.
    pub limits: EdgeLimits,
    /// By what it is known, and knows its callers.
    pub contract: C,
    /// For calls under way when it is told to stop.
    pub drain: Duration,
    /// Who is told of each call.
    pub observer: Arc<dyn CallObserver<C::Role>>,
}

impl<C: Contract> Hosting<C> {
    /// Under the limits that hold where nobody configures any, and unobserved.
    #[must_use]
    pub fn plain(contract: C, drain: Duration) -> Self {
        Self { limits: EdgeLimits::default(), contract, drain, observer: Arc::new(Unobserved) }
    }
}

impl<C: Contract> std::fmt::Debug for Hosting<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hosting")
            .field("limits", &self.limits)
            .field("drain", &self.drain)
            .finish_non_exhaustive()
    }
}

/// Serves `own`, its health and what it offers to those whom the contract lets in, until `shutdown` resolves and the calls
/// under way are done or cut off. `ready` is whether it can be asked what it is there for: the health of its name.
///
/// # Errors
/// [`ServeError`].
pub async fn host<S, C: Contract>(
    own: S,
    ready: watch::Receiver<bool>,
    hosting: Hosting<C>,
    listener: Listener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError>
where
    S: tower::Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: NamedService + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    let Hosting { limits, contract, drain, observer } = hosting;
    let mut health = Health::of(S::NAME, ready).await;
    let message_bytes = usize::try_from(limits.message_bytes).unwrap_or(MAX_MESSAGE_BYTES);
    let router = Router::new(own, &health, C::DESCRIPTORS, message_bytes);
    let certificate = contract.certificate().cloned();
    let service =
        InterceptedService::new(Edge::<_, C>::new(router, limits, observer), authenticator(contract));
    let shutdown = async move {
        tokio::select! {
            () = shutdown => {}
            () = health.follow() => {}
        }
        health.drain().await;
    };
    server::run(limits, service, listener, certificate, shutdown, drain).await
}
