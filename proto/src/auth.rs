//! Who a caller is, read from its token before its message is even decoded.

use std::sync::Arc;

use tonic::metadata::MetadataMap;
use tonic::{Request, Status, codegen};

use crate::credentials::Credentials;
use crate::role::Role;
use crate::status::Refusal;
use crate::token::Token;

/// Where the token travels.
pub const AUTHORIZATION: &str = "authorization";

/// What an authenticated request carries for its handler.
#[derive(Clone, Copy, Debug)]
struct Caller(Role);

/// Reads each request's token and notes the role that it proves; an unknown or missing token gets UNAUTHENTICATED.
pub fn authenticator(
    credentials: Arc<Credentials>,
) -> impl Fn(Request<()>) -> Result<Request<()>, Status> + Clone + Send + Sync + 'static {
    move |mut request| {
        let role = authenticate(&credentials, request.metadata())?;
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

fn authenticate(credentials: &Credentials, metadata: &MetadataMap) -> Result<Role, Refusal> {
    let header =
        metadata.get(AUTHORIZATION).ok_or(Refusal::Unauthenticated("the request carries no token"))?;
    let token = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).map(str::parse::<Token>);
    match token {
        Some(Ok(token)) => {
            credentials.role_of(&token).ok_or(Refusal::Unauthenticated("nobody here knows this token"))
        }
        _ => Err(Refusal::Unauthenticated("the authorization is not a bearer token")),
    }
}
