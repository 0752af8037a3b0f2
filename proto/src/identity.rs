//! What a member holds to prove who it is.

use std::sync::Arc;

use turncoat_net::{Certificate, PeerName, Proof};

use crate::credentials::{Credentials, CredentialsError};
use crate::role::Role;
use crate::subject::Subject;

/// What a member holds.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Its certificate: connections are TLS, and whoever calls it needs a certificate of the same federation.
    Certificate(Certificate),
    /// Tokens: connections are plain text. For one process, and for networks where that was asked for.
    Tokens(Arc<Credentials>),
}

impl Identity {
    /// What it shows as `role`.
    ///
    /// # Errors
    /// [`CredentialsError::Missing`] and [`CredentialsError::Named`]: it cannot play that role.
    pub fn proof(&self, role: Role) -> Result<Proof, CredentialsError> {
        match self {
            Self::Certificate(certificate) if names(certificate, Subject::of(role)) => {
                Ok(Proof::Certificate(certificate.clone()))
            }
            Self::Certificate(certificate) => {
                Err(CredentialsError::Named { wanted: role, named: certificate.name().clone() })
            }
            Self::Tokens(credentials) => credentials.token(role).cloned().map(Proof::Token),
        }
    }

    /// Makes sure that it can serve as `host` and know its callers, each of which must be in its tokens.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn serves(
        &self,
        host: Subject,
        callers: impl IntoIterator<Item = Role>,
    ) -> Result<(), CredentialsError> {
        match self {
            Self::Certificate(certificate) if names(certificate, host) => Ok(()),
            Self::Certificate(certificate) => {
                Err(CredentialsError::Host { wanted: host, named: certificate.name().clone() })
            }
            Self::Tokens(credentials) => {
                callers.into_iter().try_for_each(|caller| credentials.token(caller).map(|_| ()))
            }
        }
    }
}

fn names(certificate: &Certificate, subject: Subject) -> bool {
    *certificate.name() == PeerName::from(subject)
}

impl From<Credentials> for Identity {
    fn from(credentials: Credentials) -> Self {
        Self::Tokens(Arc::new(credentials))
    }
}

impl From<Certificate> for Identity {
    fn from(certificate: Certificate) -> Self {
        Self::Certificate(certificate)
    }
}
