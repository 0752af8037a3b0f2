//! TLS 1.3 with a certificate on both sides, of one federation's authority and nobody else's.
//!
//! A caller makes sure that the other side is the member it wants (by name), a host that the caller is a member at all;
//! what a member may do is decided from the name in its certificate, call by call.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{self, CertificateError as Fault, ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

use super::CertificateError;
use super::facts::{CertificateFacts, PeerName};
use crate::pipe::Pipe;

/// What HTTP/2 is called in the handshake.
const ALPN: &[u8] = b"h2";

/// Both ends of a member's connections.
#[derive(Clone)]
pub(crate) struct Tls {
    connector: TlsConnector,
    acceptor: TlsAcceptor,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    pub(super) fn new(
        key: PrivateKeyDer<'static>,
        certificate: CertificateDer<'static>,
        authority: CertificateDer<'static>,
    ) -> Result<Self, CertificateError> {
        let failed = |error: rustls::Error| CertificateError::Malformed(error.to_string());
        let mut roots = RootCertStore::empty();
        roots.add(authority).map_err(failed)?;
        let roots = Arc::new(roots);
        let provider: Arc<CryptoProvider> = ring::default_provider().into();
        let mut client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13])
            .map_err(failed)?
            .with_root_certificates(Arc::clone(&roots))
            .with_client_auth_cert(vec![certificate.clone()], key.clone_key())
            .map_err(failed)?;
        client.alpn_protocols = vec![ALPN.to_vec()];
        let members = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .map_err(|error| CertificateError::Malformed(error.to_string()))?;
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(failed)?
            .with_client_cert_verifier(members)
            .with_single_cert(vec![certificate], key)
            .map_err(failed)?;
        server.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Self { connector: Arc::new(client).into(), acceptor: Arc::new(server).into() })
    }

    /// The calling side: shakes hands with a host that must be `expected`.
    pub(crate) async fn connect(
        &self,
        expected: &PeerName,
        pipe: Pipe,
    ) -> io::Result<client::TlsStream<Pipe>> {
        let name = ServerName::try_from(expected.dns_name()).map_err(io::Error::other)?;
        self.connector.connect(name, pipe).await.map_err(|error| match tls_fault(&error) {
            Some(fault) => io::Error::other(Untrusted(about_host(fault, expected))),
            None => error,
        })
    }

    /// The listening side: shakes hands with whoever has a certificate of the federation.
    ///
    /// # Errors
    /// Why not, in words, and the pipe, over which the caller was told.
    pub(crate) async fn accept(
        &self,
        pipe: Pipe,
    ) -> Result<(PeerName, server::TlsStream<Pipe>), Unauthenticated> {
        let stream = match self.acceptor.accept(pipe).into_fallible().await {
            Ok(stream) => stream,
            Err((error, pipe)) => {
                let reason = tls_fault(&error).map_or_else(|| error.to_string(), about_caller);
                return Err(Unauthenticated { reason, pipe: Some(pipe) });
            }
        };
        let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let facts = chain.first().map(|certificate| CertificateFacts::of(certificate));
        match facts {
            Some(Ok(facts)) => Ok((facts.name, stream)),
            Some(Err(error)) => {
                Err(Unauthenticated { reason: format!("its certificate: {error}"), pipe: None })
            }
            None => Err(Unauthenticated {
                reason: about_caller(&rustls::Error::NoCertificatesPresented),
                pipe: None,
            }),
        }
    }
}

/// A host that this side does not trust, and why. Asking again does not help.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Untrusted(String);

/// A peer that did not prove who it is.
pub(crate) struct Unauthenticated {
    /// Why.
    pub(crate) reason: String,
    /// To be closed once the peer has read why.
    pub(crate) pipe: Option<Pipe>,
}

fn tls_fault(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

/// The host's certificate, as its caller sees it.
fn about_host(error: &rustls::Error, expected: &PeerName) -> String {
    match error {
        rustls::Error::InvalidCertificate(Fault::Expired | Fault::ExpiredContext { .. }) => {
            format!("the certificate of {expected} has expired; make new ones with `turncoat certs new`")
        }
        rustls::Error::InvalidCertificate(Fault::NotValidYet | Fault::NotValidYetContext { .. }) => {
            format!("the certificate of {expected} is not valid yet; are the clocks of both hosts right?")
        }
        rustls::Error::InvalidCertificate(Fault::NotValidForName | Fault::NotValidForNameContext { .. }) => {
            format!("whoever listens there is not {expected}: its certificate names another member")
        }
        rustls::Error::InvalidCertificate(Fault::UnknownIssuer | Fault::BadSignature) => {
            "whoever listens there is of another federation: its certificate is not of this one's authority"
                .into()
        }
        rustls::Error::InvalidMessage(_) => {
            "whoever listens there does not speak TLS; was it started with --insecure?".into()
        }
        other => format!("no secure connection: {other}"),
    }
}

/// The caller's certificate, as the host sees it.
fn about_caller(error: &rustls::Error) -> String {
    match error {
        rustls::Error::NoCertificatesPresented => "the caller has no certificate".into(),
        rustls::Error::InvalidCertificate(Fault::Expired | Fault::ExpiredContext { .. }) => {
            "the caller's certificate has expired".into()
        }
        rustls::Error::InvalidCertificate(Fault::NotValidYet | Fault::NotValidYetContext { .. }) => {
            "the caller's certificate is not valid yet".into()
        }
        rustls::Error::InvalidCertificate(Fault::UnknownIssuer | Fault::BadSignature) => {
            "the caller's certificate is of another federation's authority".into()
        }
        rustls::Error::InvalidMessage(_) => "the caller does not speak TLS".into(),
        rustls::Error::AlertReceived(alert) => format!("the caller broke off: {alert:?}"),
        other => other.to_string(),
    }
}

/// What a host told its caller in the handshake, as `rustls` words it, in our words: the calling side's message.
#[must_use]
pub fn refused_by_host(reason: &str) -> Option<String> {
    let alert = reason.split("received fatal alert: ").nth(1)?;
    let alert = alert.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    Some(match alert {
        "CertificateExpired" => {
            // The protocol has one word for both.
            "the certificate of this side has expired, or is not valid yet; make new ones with `turncoat certs new`".into()
        }
        "UnknownCA" | "DecryptError" => {
            "the certificate of this side is of another federation's authority".into()
        }
        "CertificateRequired" => "this side showed no certificate".into(),
        other => format!("the certificate of this side was refused ({other})"),
    })
}
