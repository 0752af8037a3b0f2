//! From a service to one that is listened to: its edge, its doorman, its health, and its end.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;
use tonic::service::interceptor::InterceptedService;

use super::health::Health;
use super::offered::Offered;
use crate::auth;
use crate::edge::{Bystander, Edge, Nobody};
use crate::identity::Identity;
use crate::limits::Limits;
use crate::server::{self, ServeError};
use crate::transport::{Listener, MAX_MESSAGE_BYTES};

/// How a service is hosted.
pub struct Hosting {
    /// What it takes on.
    pub limits: Limits,
    /// By what it is known, and knows its callers.
    pub identity: Identity,
    /// For calls under way when it is told to stop.
    pub drain: Duration,
    /// Who is told of each call.
    pub bystander: Arc<dyn Bystander>,
}

impl Hosting {
    /// Under the limits that hold where nobody configures any.
    #[must_use]
    pub fn plain(identity: Identity, drain: Duration) -> Self {
        Self { limits: Limits::default(), identity, drain, bystander: Arc::new(Nobody) }
    }
}

impl std::fmt::Debug for Hosting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hosting")
            .field("limits", &self.limits)
            .field("drain", &self.drain)
            .finish_non_exhaustive()
    }
}

/// Serves `own`, its health and what it offers to those whom the identity lets in, until `shutdown` resolves and the calls
/// under way are done or cut off. `ready` is whether it can be asked what it is there for: the health of its name.
///
/// # Errors
/// [`ServeError`].
pub async fn host<S>(
    own: S,
    ready: watch::Receiver<bool>,
    hosting: Hosting,
    listener: Listener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError>
where
    S: tower::Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: NamedService + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    let Hosting { limits, identity, drain, bystander } = hosting;
    let mut health = Health::of(S::NAME, ready).await;
    let message_bytes = usize::try_from(limits.message_bytes).unwrap_or(MAX_MESSAGE_BYTES);
    let service = Edge::new(Offered::new(own, &health, message_bytes), limits, bystander);
    let service = InterceptedService::new(service, auth::authenticator(identity.clone()));
    let shutdown = async move {
        tokio::select! {
            () = shutdown => {}
            () = health.follow() => {}
        }
        health.drain().await;
    };
    server::run(limits, service, listener, identity, shutdown, drain).await
}
