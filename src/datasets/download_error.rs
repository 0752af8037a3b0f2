//! What can keep a file from being fetched: what, from where, and how to mend it.

use std::path::PathBuf;

use super::proxy::Through;
use crate::error::Error;

/// A file that was not fetched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DownloadError {
    /// An address that is none.
    #[error("{url} is no address of a mirror; give one that begins with https:// or http://")]
    Address {
        /// As it was given.
        url: String,
    },
    /// A server that answers with a refusal which asking again would not change.
    #[error("{url}: the server answers {status}; {}", if *status == 404 { "the file is not there, try a mirror with --from URL" } else { "try again later, or a mirror with --from URL" })]
    Refused {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// A variable of the environment that should name a proxy and does not.
    #[error("{variable} names no proxy that can be used ({why}); give http://HOST:PORT, or unset it")]
    Proxy {
        /// Which.
        variable: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A server that cannot be reached, or breaks off, again and again.
    #[error(
        "{url}: {cause}{} ({attempts} attempts); {kept} bytes are kept, and the same command goes on from there",
        through.as_ref().map_or_else(String::new, |proxy| format!(", {proxy}"))
    )]
    Unreachable {
        /// What was asked for.
        url: String,
        /// How the last attempt ended.
        cause: String,
        /// How many there were.
        attempts: u32,
        /// What is there of the file.
        kept: u64,
        /// The proxy that was asked, if one was.
        through: Option<Through>,
    },
    /// More bytes than the published file has.
    #[error(
        "{url} sends more than the {expected} bytes of the published file; nothing is kept of it; try a mirror with --from URL"
    )]
    TooLong {
        /// What was asked for.
        url: String,
        /// What is expected.
        expected: u64,
    },
    /// Another content than the published file's.
    #[error(
        "{url} is not the published file: its SHA-256 is {found}, and should be {expected}; nothing is kept of it; try again, or a \
         mirror with --from URL"
    )]
    Content {
        /// What was asked for.
        url: String,
        /// Its sum.
        found: String,
        /// The sum of the published file.
        expected: String,
    },
    /// A file of another content under the name that would be written to.
    #[error("{} is there already and is not the published file: it {problem}; move it away, or add --force to replace it", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// No room, no permission.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A system without any root certificate.
    #[error(
        "this system has no root certificates by which {url} could be known; install them (package ca-certificates), or name a file \
         of them in SSL_CERT_FILE"
    )]
    NoRoots {
        /// What was asked for.
        url: String,
    },
}

impl DownloadError {
    /// The same, with the proxy that may be the cause.
    pub(super) fn through(mut self, proxy: Option<&Through>) -> Self {
        if let Self::Unreachable { through, .. } = &mut self {
            *through = proxy.cloned();
        }
        self
    }
}

impl From<DownloadError> for Error {
    fn from(error: DownloadError) -> Self {
        match error {
            DownloadError::Write { ref path, ref source } => Self::refused("write", path, source),
            DownloadError::Proxy { .. } | DownloadError::NoRoots { .. } => {
                Self::Environment(error.to_string())
            }
            _ => Self::Data(error.to_string()),
        }
    }
}
