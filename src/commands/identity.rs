//! Who a hand-started member is: its certificate, or its tokens where plain text was asked for in so many words. A file
//! that is not the one needed is named before anything starts.

use std::path::Path;
use std::time::SystemTime;

use turncoat_net::Certificate;
use turncoat_net::identity::date;
use turncoat_proto::{Credentials, CredentialsError, Identity, Role, Subject};

use crate::cli::IdentityArgs;
use crate::error::Error;

/// The identity of a service that listens as `host` and must know `callers`.
///
/// # Errors
/// [`Error::Usage`] naming the file.
pub(super) fn of_host(
    args: &IdentityArgs,
    host: Subject,
    callers: impl IntoIterator<Item = Role>,
) -> Result<Identity, Error> {
    let (path, identity) = read(args)?;
    identity.serves(host, callers).map_err(|e| named(path, &e))?;
    Ok(identity)
}

/// The identity of a caller that acts as `role`.
///
/// # Errors
/// [`Error::Usage`] naming the file.
pub(super) fn of_caller(args: &IdentityArgs, role: Role) -> Result<Identity, Error> {
    let (path, identity) = read(args)?;
    identity.proof(role).map_err(|e| named(path, &e))?;
    Ok(identity)
}

fn read(args: &IdentityArgs) -> Result<(&Path, Identity), Error> {
    match (&args.certificate, &args.credentials) {
        (Some(path), _) => {
            let certificate = Certificate::load(path).map_err(|e| Error::Usage(e.to_string()))?;
            let facts = certificate.facts();
            if !facts.valid_at(SystemTime::now()) {
                return Err(Error::Usage(format!(
                    "{}: the certificate of {} is valid from {} to {}; make new ones with `turncoat certs new`",
                    path.display(),
                    facts.name,
                    date(facts.not_before),
                    date(facts.not_after)
                )));
            }
            Ok((path, certificate.into()))
        }
        (None, Some(path)) => {
            let credentials = Credentials::load(path).map_err(|e| Error::Usage(e.to_string()))?;
            Ok((path, credentials.into()))
        }
        (None, None) => {
            Err(Error::Bug("neither a certificate nor credentials came off the command line".into()))
        }
    }
}

fn named(path: &Path, error: &CredentialsError) -> Error {
    Error::Usage(format!("{}: {error}", path.display()))
}
