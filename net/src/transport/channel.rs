//! A channel to one peer: over a connection, or, within a process, by handing calls over as they are.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{self, Bytes, StdError};
use tower::{Service, ServiceExt};

use super::MemoryNetwork;

/// A channel to one peer. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub enum Channel {
    /// Over HTTP/2.
    Connection(tonic::transport::Channel),
    /// To whoever listens on that name. Messages are encoded, since the other side's checks are of bytes, and go no way: there is no
    /// HTTP/2, and what is in them is not copied from buffer to buffer.
    InProcess {
        /// Where the name is looked up at each call.
        network: MemoryNetwork,
        /// The name.
        name: String,
    },
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Body>;
    type Error = StdError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, StdError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), StdError>> {
        match self {
            Self::Connection(channel) => Service::poll_ready(channel, cx).map_err(Into::into),
            Self::InProcess { .. } => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self {
            Self::Connection(channel) => {
                let answer = Service::call(channel, request);
                Box::pin(async { Ok(answer.await?) })
            }
            Self::InProcess { network, name } => {
                let calls = network.calls(name);
                Box::pin(async {
                    let (answer, answered) = oneshot::channel();
                    calls?.send(Call { request, answer }).await.map_err(|_| refused())?;
                    let gone = |_| {
                        io::Error::new(
                            io::ErrorKind::ConnectionReset,
                            "it went away in the middle of the call",
                        )
                    };
                    Ok(answered.await.map_err(gone)?)
                })
            }
        }
    }
}

/// A call that is handed over. Its answer is no longer waited for once the receiver is dropped.
#[derive(Debug)]
pub(crate) struct Call {
    request: Request<Body>,
    answer: oneshot::Sender<Response<Body>>,
}

/// Nobody is there to take a call.
pub(super) fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionRefused, "nobody listens on that name")
}

/// Answers calls that are handed over, each in a task of its own, until `stopping` becomes true, and waits for those under way then;
/// once `cut` becomes true, no longer.
pub(crate) async fn answer<S, B>(
    service: S,
    mut calls: mpsc::Receiver<Call>,
    mut stopping: watch::Receiver<bool>,
    mut cut: watch::Receiver<bool>,
) where
    S: Service<Request<Body>, Response = Response<B>, Error = std::convert::Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: codegen::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StdError>,
{
    let mut under_way = JoinSet::new();
    let mut stop = std::pin::pin!(async { drop(stopping.wait_for(|&stop| stop).await) });
    loop {
        tokio::select! {
            Some(Call { request, mut answer }) = calls.recv() => {
                let service = service.clone();
                under_way.spawn(async move {
                    tokio::select! {
                        Ok(response) = service.oneshot(request) => {
                            let _ = answer.send(response.map(Body::new));
                        }
                        () = answer.closed() => {}
                    }
                });
            }
            Some(_) = under_way.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(calls);
    let done = async { while under_way.join_next().await.is_some() {} };
    tokio::select! {
        () = done => {}
        () = async { drop(cut.wait_for(|&cut| cut).await) } => {}
    }
}
