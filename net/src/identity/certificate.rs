//! One member's certificate with its key and the certificate of the federation's authority, in memory and in its file.
//!
//! The file is PEM: the private key, the certificate, the authority's certificate, in this order, so that any TLS library
//! can read it. It is written readable by its owner only.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::facts::{CertificateFacts, Fingerprint, PeerName};
use super::tls::Tls;
use super::{CertificateError, CertificateFileError};

/// A member's certificate, its key, and the authority that it trusts. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Held>);

struct Held {
    /// All that the file holds.
    pem: String,
    facts: CertificateFacts,
    federation: Fingerprint,
    tls: Tls,
}

impl Certificate {
    /// Of the text of a file.
    pub(super) fn parse(pem: String) -> Result<Self, CertificateError> {
        let malformed = |reason: String| CertificateError::Malformed(reason);
        if let Some(part) = cut(&pem) {
            return Err(malformed(format!("it is cut short, within its {part}")));
        }
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| malformed("there is no private key in it".into()))?;
        let certificates = CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| malformed("a certificate in it cannot be read".into()))?;
        let count = certificates.len();
        let [certificate, authority] = <[_; 2]>::try_from(certificates).map_err(|_| {
            malformed(format!("there are {count} certificates in it, not the member's and its authority's"))
        })?;
        let facts = CertificateFacts::of(&certificate)?;
        let federation = Fingerprint::of(&authority);
        let tls = Tls::new(key, certificate, authority)?;
        Ok(Self(Arc::new(Held { pem, facts, federation, tls })))
    }

    /// What it says.
    #[must_use]
    pub fn facts(&self) -> &CertificateFacts {
        &self.0.facts
    }

    /// Whom it names.
    #[must_use]
    pub fn name(&self) -> &PeerName {
        &self.0.facts.name
    }

    /// SHA-256 of the authority's certificate: the same for all members of a federation, and for nobody else.
    #[must_use]
    pub fn federation(&self) -> Fingerprint {
        self.0.federation
    }

    pub(crate) fn tls(&self) -> &Tls {
        &self.0.tls
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// [`CertificateFileError::Io`].
    pub fn save(&self, path: &Path) -> Result<(), CertificateFileError> {
        let failed = |source| CertificateFileError::Io { action: "write", path: path.into(), source };
        let mut draft = path.as_os_str().to_owned();
        draft.push(".part");
        let draft = PathBuf::from(draft);
        // A leftover draft may have been made with other permissions.
        let _ = fs::remove_file(&draft);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&draft).and_then(|mut file| file.write_all(self.0.pem.as_bytes()));
        written.and_then(|()| fs::rename(&draft, path)).map_err(|source| {
            // Half a file is of no use; that it may not be removable changes nothing.
            let _ = fs::remove_file(&draft);
            failed(source)
        })
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`CertificateFileError`] naming the file.
    pub fn load(path: &Path) -> Result<Self, CertificateFileError> {
        let failed =
            |source: io::Error| CertificateFileError::Io { action: "read", path: path.into(), source };
        let pem = fs::read_to_string(path).map_err(failed)?;
        Self::parse(pem).map_err(|source| CertificateFileError::Content { path: path.into(), source })
    }
}

/// The part of a PEM text that begins and does not end: `PRIVATE KEY`, say.
fn cut(pem: &str) -> Option<&str> {
    let mark = |line: &'_ str, which: &str| -> Option<usize> {
        line.trim_end().strip_prefix("-----")?.strip_prefix(which)?.strip_suffix("-----").map(str::len)
    };
    let mut open = None;
    for line in pem.lines() {
        if let Some(length) = mark(line, "BEGIN ") {
            if open.is_some() {
                break;
            }
            open = line.get(11..11 + length);
        } else if mark(line, "END ").is_some() {
            open = None;
        } else if open.is_none() && line.starts_with('-') {
            // The line that opens a part is itself cut.
            open = Some("next part");
        }
    }
    open
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Certificate").field(&self.0.facts).finish()
    }
}
