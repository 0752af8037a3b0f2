//! The certificate authority of one federation. It is made for the federation, signs one certificate a member, and knows
//! no other: a certificate of another federation proves nothing.

use std::time::{Duration, SystemTime};

use super::certificate::Certificate;
use super::{CertificateError, Fingerprint, PeerName};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

/// A certificate is valid from a little before it is made: clocks differ.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(300);

/// When certificates are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// From.
    pub not_before: SystemTime,
    /// Until.
    pub not_after: SystemTime,
}

impl Validity {
    /// From now on, for that long.
    #[must_use]
    pub fn from_now(span: Duration) -> Self {
        let now = SystemTime::now();
        Self { not_before: now - CLOCK_DIFFERENCE, not_after: now + span }
    }
}

/// The authority of one federation. Its key lives in this value alone.
pub struct Authority {
    name: String,
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
    validity: Validity,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("fingerprint", &Fingerprint::of(self.certificate.der())).finish()
    }
}

impl Authority {
    /// An authority with a key of its own, that signs for that span of time.
    ///
    /// # Errors
    /// [`CertificateError::Made`] when the system gives no randomness.
    pub fn new(validity: Validity) -> Result<Self, CertificateError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        // Named after its key, so that messages can tell two federations apart.
        let name = Fingerprint::of(key.public_key_raw()).to_string();
        let name = format!("turncoat federation {}", &name[..12]);
        params.distinguished_name.push(DnType::CommonName, name.as_str());
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        (params.not_before, params.not_after) = (validity.not_before.into(), validity.not_after.into());
        let certificate = params.self_signed(&key)?;
        Ok(Self { name, issuer: Issuer::new(params, key), certificate, validity })
    }

    /// A certificate for one member, with a key of its own.
    ///
    /// # Errors
    /// [`CertificateError::Made`].
    pub fn issue(&self, name: impl Into<PeerName>) -> Result<Certificate, CertificateError> {
        self.issue_for(name, self.validity)
    }

    /// The same for another span of time.
    ///
    /// # Errors
    /// [`CertificateError::Made`].
    pub fn issue_for(
        &self,
        name: impl Into<PeerName>,
        validity: Validity,
    ) -> Result<Certificate, CertificateError> {
        let name = name.into();
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new([name.dns_name()])?;
        params.distinguished_name.push(DnType::CommonName, name.to_string());
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // Everybody both listens and calls.
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        (params.not_before, params.not_after) = (validity.not_before.into(), validity.not_after.into());
        let certificate = params.signed_by(&key, &self.issuer)?;
        let head = format!("# {name} of {}", self.name);
        Certificate::parse([head, key.serialize_pem(), certificate.pem(), self.certificate.pem()].join("\n"))
    }
}
