//! Who somebody is, and how it is proved: by a certificate of the federation's authority over TLS, or, where encryption was
//! turned off in so many words, by a token.

mod authority;
mod certificate;
mod facts;
mod proof;
mod tls;

use std::io;
use std::path::PathBuf;

pub use authority::{Authority, Validity};
pub use certificate::Certificate;
pub use facts::{CertificateFacts, Fingerprint, PeerName, date};
pub use proof::{EntropyError, Proof, Token, TokenParseError};
pub use tls::refused_by_host;
pub(crate) use tls::{Tls, Unauthenticated, Untrusted};

/// A certificate that cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// It is not one of ours.
    #[error("no certificate of a federation's member: {0}")]
    Malformed(String),
    /// It could not be made.
    #[error("cannot make a certificate: {0}")]
    Made(#[from] rcgen::Error),
}

/// A certificate's file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateFileError {
    /// It cannot be read or written.
    #[error("cannot {action} the certificate {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not what it should be.
    #[error("{}: {source}; `turncoat certs new` makes such files", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Why.
        source: CertificateError,
    },
}
