//! What can keep a file from being fetched: what, from where, and how to mend it.

use std::path::PathBuf;

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
    /// A server that cannot be reached, or breaks off, again and again.
    #[error(
        "{url}: {cause} ({attempts} attempts); {kept} bytes are kept, and the same command goes on from there"
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
