//! Routes calls by their path: to the service's own rpcs, its health, or its reflection.

use std::convert::Infallible;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{BoxFuture, Either};
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;
use tower::Service;

use super::standard::{Health, Standard, reflection};

/// A service and what every service offers beside its own rpcs.
#[derive(Clone)]
pub(super) struct Router<S> {
    own: S,
    health: Standard,
    reflection: Standard,
    older_reflection: Standard,
}

impl<S: NamedService> Router<S> {
    /// Beside its own messages, those of the standard rpcs may be as large as that.
    pub(super) fn new(own: S, health: &Health, descriptors: &'static [u8], message_bytes: usize) -> Self {
        let (reflection, older_reflection) = reflection(descriptors, S::NAME, message_bytes);
        let health = Standard::new(health.server().max_decoding_message_size(message_bytes));
        Self { own, health, reflection, older_reflection }
    }
}

impl<S> Service<Request<Body>> for Router<S>
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
