//! Who a caller is, read from its certificate, or from its token where there are none, before its message is even decoded.

use std::sync::Arc;

use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request, Status, codegen};

use crate::credentials::Credentials;
use crate::identity::{Identity, Subject};
use crate::role::Role;
use crate::status::Refusal;
use crate::token::Token;
use crate::transport::CalledBy;

/// Where the token travels.
pub const AUTHORIZATION: &str = "authorization";

/// What an authenticated request carries for its handler.
#[derive(Clone, Copy, Debug)]
struct Caller(Role);

/// Notes of each request the role that its certificate or token proves. Without one it gets UNAUTHENTICATED. Where the
/// host has a certificate tokens count for nothing. What is no gRPC gets INVALID_ARGUMENT.
pub fn authenticator(
    identity: Identity,
) -> impl Fn(Request<()>) -> Result<Request<()>, Status> + Clone + Send + Sync + 'static {
    let identity = Arc::new(identity);
    move |mut request| {
        let role = match &*identity {
            Identity::Certificate(own) => of_certificate(own.subject(), request.extensions()),
            Identity::Tokens(credentials) => of_token(credentials, request.metadata()),
        };
        let role = role.inspect_err(|reason| tracing::info!(%reason, "refused"))?;
        // What says that it is something else is not read as if it were gRPC.
        let content = request.metadata().get("content-type");
        if !content.is_some_and(|content| content.as_bytes().starts_with(b"application/grpc")) {
            return Err(Status::invalid_argument("the content-type must be application/grpc"));
        }
        request.extensions_mut().insert(Caller(role));
        Ok(request)
    }
}

/// The role of an authenticated request.
///
/// # Errors
/// [`Refusal::Unauthenticated`] when the service was not put behind an [`authenticator`].
pub fn role<T>(request: &Request<T>) -> Result<Role, Refusal> {
    let caller = request.extensions().get::<Caller>();
    caller.map(|caller| caller.0).ok_or(Refusal::Unauthenticated("the caller is not known"))
}

/// The role of an authenticated request, if an [`authenticator`] has seen it.
pub(crate) fn caller(extensions: &codegen::http::Extensions) -> Option<Role> {
    extensions.get::<Caller>().map(|caller| caller.0)
}

fn of_certificate(host: Subject, extensions: &Extensions) -> Result<Role, Refusal> {
    let caller = extensions.get::<CalledBy>().and_then(|caller| caller.0);
    let caller = caller.ok_or(Refusal::Unauthenticated("the caller showed no certificate"))?;
    caller.role_towards(host).ok_or(Refusal::Unauthenticated("the coordinator calls nobody but parties"))
}

fn of_token(credentials: &Credentials, metadata: &MetadataMap) -> Result<Role, Refusal> {
    let header = metadata.get(AUTHORIZATION).ok_or(Refusal::Unauthenticated(
        "the request carries no token; send `authorization: Bearer` and the token of your role",
    ))?;
    let token = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).map(str::parse::<Token>);
    match token {
        Some(Ok(token)) => {
            credentials.role_of(&token).ok_or(Refusal::Unauthenticated("nobody here knows this token"))
        }
        _ => Err(Refusal::Unauthenticated(
            "the authorization is not a bearer token; send `authorization: Bearer` and the token of your role",
        )),
    }
}
