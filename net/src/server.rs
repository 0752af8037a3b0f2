//! Serving: the caller owns the listener and the shutdown.
//!
//! When `shutdown` resolves no new connection is accepted, calls under way may finish until the drain deadline, and
//! what is left then is cut off. Nothing is served after [`run`] has returned.
//!
//! A connection costs little and lasts no longer than its peer shows that it is there: it must open with something, answer
//! to signs of life, and take what it is sent.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tonic::body::Body;
use tonic::codegen::{self, Bytes, http};
use tonic::transport::Server;

use crate::edge::EdgeLimits;
use crate::identity::Certificate;
use crate::transport::{
    self, CONNECTION_WINDOW_BYTES, ConnectionOptions, FRAME_BYTES, Listener, STREAM_WINDOW_BYTES, root_cause,
};

/// How long connections that were cut off may take to notice.
const CUT: Duration = Duration::from_secs(1);

/// A service that could not go on.
#[derive(Debug, thiserror::Error)]
#[error("the service stopped: {0}")]
pub struct ServeError(String);

/// Serves within `limits` until `shutdown` resolves and the calls under way are done or cut off. With a certificate, whoever calls must
/// have one of the same authority.
///
/// # Errors
/// [`ServeError`] when the transport fails as a whole. A failing connection is not that.
pub async fn run<S, B>(
    limits: EdgeLimits,
    service: S,
    mut listener: Listener,
    certificate: Option<Certificate>,
    shutdown: impl Future<Output = ()>,
    drain: Duration,
) -> Result<(), ServeError>
where
    S: tower::Service<http::Request<Body>, Response = http::Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: codegen::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<codegen::StdError>,
{
    let (cut, cutting) = watch::channel(false);
    let (stop, mut stopping) = watch::channel(false);
    let address = listener.address().clone();
    let shutdown = async {
        shutdown.await;
        stop.send_replace(true);
    };
    let handed_over = listener.calls();
    let answering = {
        let (service, stopping, cutting) = (service.clone(), stopping.clone(), cutting.clone());
        async move {
            if let Some(calls) = handed_over {
                transport::answer(service, calls, stopping, cutting).await;
            }
        }
    };
    let (keep_alive, stalled) =
        (Duration::from_millis(limits.keep_alive_ms), Duration::from_millis(limits.stalled_ms));
    let options = ConnectionOptions { silent: keep_alive, stalled, cut: cutting };
    let incoming = listener.incoming(certificate.as_ref(), options);
    let server = Server::builder()
        .http2_keepalive_interval(Some(keep_alive))
        .http2_keepalive_timeout(Some(keep_alive))
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_frame_size(FRAME_BYTES)
        .serve_with_incoming_shutdown(service, incoming, shutdown);
    let server = async { tokio::join!(server, answering).0 };
    let mut server = std::pin::pin!(server);
    let result = tokio::select! {
        result = &mut server => result,
        () = async { drop(stopping.wait_for(|&stop| stop).await) } => match tokio::time::timeout(drain, &mut server).await {
            Ok(result) => result,
            Err(_) => {
                let drain_ms = drain.as_millis() as u64;
                tracing::info!(%address, drain_ms, "calls still under way at the drain deadline are cut off");
                let _ = cut.send(true);
                tokio::time::timeout(CUT, server).await.unwrap_or(Ok(()))
            }
        },
    };
    result.map_err(|error| ServeError(root_cause(&error)))
}
