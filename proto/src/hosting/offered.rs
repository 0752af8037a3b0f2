//! All that one service offers, told apart by the path of a call: its own rpcs, its health, and what it offers.

use std::convert::Infallible;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{BoxFuture, Either};
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;
use tower::Service;

use super::health::Health;
use super::reflection::{Standard, reflection};

const WATCH: &str = "/grpc.health.v1.Health/Watch";

/// What a call is to the budgets of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// One of the service's own.
    Own,
    /// A question after its health, which is answered however much there is to do.
    Check,
    /// One that lasts as long as its caller likes.
    Lasting,
}

impl Standing {
    /// Of the path of a call.
    pub(crate) fn of(path: &str) -> Self {
        match path {
            WATCH => Self::Lasting,
            _ if path.starts_with("/grpc.health.") => Self::Check,
            _ if path.starts_with("/grpc.reflection.") => Self::Lasting,
            _ => Self::Own,
        }
    }
}

/// A service and what every service offers beside its own rpcs.
#[derive(Clone)]
pub(super) struct Offered<S> {
    own: S,
    health: Standard,
    reflection: Standard,
    older_reflection: Standard,
}

impl<S: NamedService> Offered<S> {
    /// Beside its own messages, those of the standard rpcs may be as large as that.
    pub(super) fn new(own: S, health: &Health, message_bytes: usize) -> Self {
        let (reflection, older_reflection) = reflection(S::NAME, message_bytes);
        let health = Standard::new(health.server().max_decoding_message_size(message_bytes));
        Self { own, health, reflection, older_reflection }
    }
}

impl<S> Service<Request<Body>> for Offered<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<S::Future, BoxFuture<'static, Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // The standard ones are always ready.
        self.own.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let path = request.uri().path();
        let standard = if path.starts_with("/grpc.health.v1.") {
            &mut self.health
        } else if path.starts_with("/grpc.reflection.v1.") {
            &mut self.reflection
        } else if path.starts_with("/grpc.reflection.v1alpha.") {
            &mut self.older_reflection
        } else {
            return Either::Left(self.own.call(request));
        };
        Either::Right(standard.call(request).boxed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_what_a_call_is() {
        for (path, standing) in [
            ("/turncoat.v1.Party/Fit", Standing::Own),
            ("/grpc.health.v1.Health/Check", Standing::Check),
            ("/grpc.health.v1.Health/List", Standing::Check),
            ("/grpc.health.v1.Health/Watch", Standing::Lasting),
            ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Standing::Lasting),
            ("/grpc.healthy/Predict", Standing::Own),
            ("", Standing::Own),
        ] {
            assert_eq!(Standing::of(path), standing, "{path}");
        }
    }
}
