//! What a member holds to prove who it is, and what it shows in one role.

use std::sync::Arc;

use super::certificate::Certificate;
use super::subject::Subject;
use crate::credentials::{Credentials, CredentialsError};
use crate::role::Role;
use crate::token::Token;

/// What a member holds.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Its certificate: connections are TLS, and whoever calls it needs a certificate of the same federation.
    Certificate(Certificate),
    /// Tokens: connections are plain text. For one process, and for networks where that was asked for.
    Tokens(Arc<Credentials>),
}

/// What a caller shows in one role.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Its certificate.
    Certificate(Certificate),
    /// A token.
    Token(Token),
}

impl Identity {
    /// What it shows as `role`.
    ///
    /// # Errors
    /// [`CredentialsError::Missing`] and [`CredentialsError::Named`]: it cannot play that role.
    pub fn proof(&self, role: Role) -> Result<Proof, CredentialsError> {
        match self {
            Self::Certificate(certificate) if certificate.subject() == Subject::of(role) => {
                Ok(Proof::Certificate(certificate.clone()))
            }
            Self::Certificate(certificate) => {
                Err(CredentialsError::Named { wanted: role, named: certificate.subject() })
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
            Self::Certificate(certificate) if certificate.subject() == host => Ok(()),
            Self::Certificate(certificate) => {
                Err(CredentialsError::Host { wanted: host, named: certificate.subject() })
            }
            Self::Tokens(credentials) => {
                callers.into_iter().try_for_each(|caller| credentials.token(caller).map(|_| ()))
            }
        }
    }
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

impl From<Token> for Proof {
    fn from(token: Token) -> Self {
        Self::Token(token)
    }
}

impl From<&Token> for Proof {
    fn from(token: &Token) -> Self {
        Self::Token(token.clone())
    }
}

impl From<&Proof> for Proof {
    fn from(proof: &Proof) -> Self {
        proof.clone()
    }
}
