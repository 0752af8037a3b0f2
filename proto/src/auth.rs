//! Who a caller is, read from its certificate, or from its token where there are none; and what else hosting has to know of our
//! contract.

use tonic::metadata::MetadataMap;
use tonic::{Request, Status};
use turncoat_net::edge::{Caller, Contract, EdgeLimit};
use turncoat_net::{Certificate, PeerName, Token};

use crate::credentials::Credentials;
use crate::identity::Identity;
use crate::role::Role;
use crate::status::Refusal;
use crate::subject::Subject;

/// Where the token travels.
pub const AUTHORIZATION: &str = "authorization";

impl Contract for Identity {
    type Role = Role;

    const DESCRIPTORS: &'static [u8] = include_bytes!(concat!(env!("OUT_DIR"), "/contract.bin"));

    fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Certificate(own) => Some(own),
            Self::Tokens(_) => None,
        }
    }

    /// Where the host has a certificate tokens count for nothing.
    fn authenticate(&self, name: Option<&PeerName>, metadata: &MetadataMap) -> Result<Role, Status> {
        let role = match self {
            Self::Certificate(own) => of_certificate(own.name(), name),
            Self::Tokens(credentials) => of_token(credentials, metadata),
        };
        Ok(role?)
    }

    fn refused(limit: EdgeLimit, message: String) -> Status {
        Refusal::Limit { limit: limit.into(), message }.into()
    }

    /// Whatever goes on, the federation must be able to come together, and parties are few.
    fn is_exempt(role: Role, path: &str) -> bool {
        matches!(role, Role::Party(_)) && path.ends_with("/Join")
    }
}

/// The role of an authenticated request.
///
/// # Errors
/// [`Refusal::Unauthenticated`] when the service was not put behind an [`authenticator`](turncoat_net::edge::authenticator).
pub fn role<T>(request: &Request<T>) -> Result<Role, Refusal> {
    let caller = request.extensions().get::<Caller<Role>>();
    caller.map(|caller| caller.0).ok_or(Refusal::Unauthenticated("the caller is not known"))
}

fn of_certificate(host: &PeerName, caller: Option<&PeerName>) -> Result<Role, Refusal> {
    let caller = caller.ok_or(Refusal::Unauthenticated("the caller showed no certificate"))?;
    let subject = |name| {
        Subject::try_from(name)
            .map_err(|_| Refusal::Unauthenticated("the certificate names no member of a federation"))
    };
    let role = subject(caller)?.role_towards(subject(host)?);
    role.ok_or(Refusal::Unauthenticated("the coordinator calls nobody but parties"))
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
