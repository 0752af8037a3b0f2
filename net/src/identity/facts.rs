//! What a certificate says, read from its bytes: whom it names, of which federation, and when it is valid.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::CertificateError;

/// What the names of members end in where certificates hold them. A name under `.internal` resolves nowhere, so it can be mistaken for no
/// host: it says who somebody is, not where.
const SUFFIX: &str = ".turncoat.internal";

/// What a member is called, `party-3` say: in its certificate the one DNS name `party-3.turncoat.internal`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PeerName(Arc<str>);

impl PeerName {
    /// Of that text, which certificates hold only if it is part of a DNS name: letters, digits and hyphens.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn dns_name(&self) -> String {
        format!("{self}{SUFFIX}")
    }

    fn of_dns_name(name: &str) -> Option<Self> {
        name.strip_suffix(SUFFIX).filter(|name| !name.is_empty()).map(Self::new)
    }
}

impl fmt::Display for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whom it names.
    pub name: PeerName,
    /// The federation's authority that has signed it, by its name.
    pub authority: String,
    /// Valid from.
    pub not_before: SystemTime,
    /// Valid until.
    pub not_after: SystemTime,
    /// SHA-256 of the certificate.
    pub fingerprint: Fingerprint,
}

/// SHA-256 of a certificate: two that have the same are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl CertificateFacts {
    /// Of a certificate in DER.
    ///
    /// # Errors
    /// [`CertificateError::Malformed`], also when it names nobody or several.
    pub(crate) fn of(der: &[u8]) -> Result<Self, CertificateError> {
        let malformed = |reason: String| CertificateError::Malformed(reason);
        let certificate = x509_cert::Certificate::from_der(der).map_err(|e| malformed(e.to_string()))?;
        let facts = certificate.tbs_certificate();
        let names = facts
            .get_extension::<SubjectAltName>()
            .map_err(|e: x509_cert::der::Error| malformed(e.to_string()))?;
        let names = names.map(|(_, names)| names.0).unwrap_or_default();
        let name = match names.as_slice() {
            [GeneralName::DnsName(name)] => PeerName::of_dns_name(name.as_str()),
            _ => None,
        };
        let name = name.ok_or_else(|| malformed("it names no member of a federation".into()))?;
        let validity = facts.validity();
        Ok(Self {
            name,
            authority: common_name(&facts.issuer().to_string()),
            not_before: UNIX_EPOCH + validity.not_before.to_unix_duration(),
            not_after: UNIX_EPOCH + validity.not_after.to_unix_duration(),
            fingerprint: Fingerprint::of(der),
        })
    }

    /// Whether it is valid at that time.
    #[must_use]
    pub fn valid_at(&self, time: SystemTime) -> bool {
        (self.not_before..=self.not_after).contains(&time)
    }
}

/// `CN=turncoat federation 5f0c` without its key.
fn common_name(distinguished: &str) -> String {
    let entry = distinguished.split(',').find_map(|part| part.trim().strip_prefix("CN="));
    entry.unwrap_or(distinguished).to_string()
}

/// A date and a time of day, UTC: `2026-11-22 09:30 UTC`.
#[must_use]
pub fn date(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    match OffsetDateTime::from_unix_timestamp(seconds) {
        Ok(at) => format!(
            "{}-{:02}-{:02} {:02}:{:02} UTC",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        ),
        Err(_) => format!("{seconds} s after 1970"),
    }
}

impl Fingerprint {
    pub(crate) fn of(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(UNIX_EPOCH), "1970-01-01 00:00 UTC");
        // date -u -d @1709210096
        assert_eq!(date(UNIX_EPOCH + Duration::from_secs(1_709_210_096)), "2024-02-29 12:34 UTC");
    }

    #[test]
    fn a_name_survives_its_certificate_s_and_nothing_else_is_one() {
        let name = PeerName::new("party-3");
        assert_eq!(name.dns_name(), "party-3.turncoat.internal");
        assert_eq!(PeerName::of_dns_name(&name.dns_name()), Some(name));
        for other in ["party-1", ".turncoat.internal", "turncoat.internal", "party-1.turncoat.internal.org"] {
            assert_eq!(PeerName::of_dns_name(other), None, "{other}");
        }
    }

    #[test]
    fn bytes_that_are_no_certificate_are_an_error() {
        for bytes in [&b""[..], b"\x30", b"nothing of the sort"] {
            assert!(matches!(CertificateFacts::of(bytes), Err(CertificateError::Malformed(_))));
        }
    }
}
