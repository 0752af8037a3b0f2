//! Where Prometheus asks: plain HTTP, `GET /metrics` and nothing else, for a few callers at a time and a short while each, so that
//! one that is slow or talks nonsense keeps nobody from anything.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use tokio::net::{TcpListener, TcpStream};

const PATH: &str = "/metrics";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// For a caller to ask, and to take its answer. A connection is for one question.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Callers at a time; more wait in the listener's queue.
const CALLERS: usize = 16;
/// After a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(20);

/// Answers whoever asks for the figures. Does not end; dropped, it stops at once.
pub(crate) async fn answer_scrapes(listener: TcpListener, registry: Registry) -> Infallible {
    let registry = Arc::new(registry);
    let mut callers = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some(()) = callers.next() => {}
            accepted = listener.accept(), if callers.len() < CALLERS => match accepted {
                Ok((stream, _)) => callers.push(answer(stream, Arc::clone(&registry)).boxed()),
                Err(error) => {
                    tracing::debug!(%error, "a connection for figures was not accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            },
        }
    }
}

async fn answer(stream: TcpStream, registry: Arc<Registry>) {
    let service = service_fn(move |request| {
        let response = respond(&request, &registry);
        async { Ok::<_, Infallible>(response) }
    });
    let serving = http1::Builder::new()
        .keep_alive(false)
        .timer(TokioTimer::new())
        .header_read_timeout(TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    match tokio::time::timeout(TIMEOUT, serving).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a question for figures could not be answered"),
        Err(_) => tracing::debug!("a question for figures took too long"),
    }
}

fn respond(request: &Request<Incoming>, registry: &Registry) -> Response<Full<Bytes>> {
    let say = |status: StatusCode, text: &'static str| {
        let mut response = Response::new(Full::from(text));
        *response.status_mut() = status;
        response
    };
    if request.uri().path() != PATH {
        return say(StatusCode::NOT_FOUND, "the figures are at /metrics\n");
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = say(StatusCode::METHOD_NOT_ALLOWED, "the figures are there to GET\n");
        response.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let mut text = String::new();
    if encode(&mut text, registry).is_err() {
        return say(StatusCode::INTERNAL_SERVER_ERROR, "the figures cannot be written down\n");
    }
    let mut response = Response::new(Full::from(text));
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(OPEN_METRICS));
    response
}
