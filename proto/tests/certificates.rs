//! Certificates over real sockets: who is let in, who is not, and what both sides are told.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpStream;
use turncoat_learn::PartyId;
use turncoat_net::{Address, Authority, Certificate, Dialer, Listener, Proof, Token, Validity};
use turncoat_proto::adversary::{AdversaryConfig, ChallengeHandler, serve};
use turncoat_proto::challenge::{AttackAnswer, ChallengeRequest};
use turncoat_proto::client::AdversaryClient;
use turncoat_proto::{Credentials, Deadlines, Identity, Role, RpcError, RpcFailure, Subject};

const HOUR: Duration = Duration::from_secs(3_600);

#[derive(Debug)]
struct Nothing;

impl ChallengeHandler for Nothing {
    fn challenge(&self, _: ChallengeRequest) -> Result<Vec<AttackAnswer>, String> {
        Ok(Vec::new())
    }
}

fn third() -> Subject {
    Subject::Party(PartyId::new(3).unwrap())
}

fn authority() -> Authority {
    Authority::new(Validity::from_now(HOUR)).unwrap()
}

/// A service that answers its challenger only.
async fn host(identity: impl Into<Identity>) -> Address {
    let config = AdversaryConfig {
        identity: identity.into(),
        vantage: "party-3".into(),
        attacks: Vec::new(),
        drain_ms: 100,
    };
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.address().clone();
    tokio::spawn(serve(Arc::new(Nothing), config, listener, std::future::pending()));
    address
}

/// Calls the host that should be party 3.
async fn call(address: &Address, proof: impl Into<Proof>) -> Result<String, RpcError> {
    let dialer = Dialer::tcp();
    let client = AdversaryClient::connect(&dialer, address, third(), proof, Deadlines::default()).await?;
    client.status().await.map(|(stands, _)| stands)
}

async fn refused(address: &Address, proof: impl Into<Proof>) -> String {
    match call(address, proof).await.unwrap_err().failure {
        RpcFailure::Unauthenticated(reason) => reason,
        other => panic!("{other}"),
    }
}

fn proof(certificate: Certificate) -> Proof {
    Proof::Certificate(certificate)
}

#[tokio::test]
async fn members_are_let_in_and_may_do_what_their_certificate_says() {
    let authority = authority();
    let address = host(authority.issue(third()).unwrap()).await;
    let challenger = authority.issue(Subject::Challenger).unwrap();
    assert_eq!(call(&address, proof(challenger)).await.unwrap(), "party-3");
    for subject in [Subject::Operator, Subject::Outsider, Subject::Aggregator, third()] {
        let error = call(&address, proof(authority.issue(subject).unwrap())).await.unwrap_err();
        assert!(matches!(error.failure, RpcFailure::PermissionDenied(_)), "{subject}: {error}");
    }
}

#[tokio::test]
async fn foreign_and_outdated_certificates_are_told_why() {
    let authority = authority();
    let address = host(authority.issue(third()).unwrap()).await;
    let foreign = self::authority().issue(Subject::Challenger).unwrap();
    // The caller notices first: a host of another federation is not the one it wants.
    assert!(refused(&address, proof(foreign)).await.contains("of another federation"));

    let now = SystemTime::now();
    let expired = Validity { not_before: now - 2 * HOUR, not_after: now - HOUR };
    let early = Validity { not_before: now + HOUR, not_after: now + 2 * HOUR };
    let expired_caller = authority.issue_for(Subject::Challenger, expired).unwrap();
    let reason = refused(&address, proof(expired_caller)).await;
    assert_eq!(
        reason,
        "the certificate of this side has expired, or is not valid yet; make new ones with `turncoat certs new`"
    );
    let early_caller = authority.issue_for(Subject::Challenger, early).unwrap();
    assert!(refused(&address, proof(early_caller)).await.contains("or is not valid yet"));

    let good = || proof(authority.issue(Subject::Challenger).unwrap());
    let address = host(authority.issue_for(third(), expired).unwrap()).await;
    assert!(refused(&address, good()).await.contains("the certificate of party-3 has expired"));
    let address = host(authority.issue_for(third(), early).unwrap()).await;
    assert!(refused(&address, good()).await.contains("the certificate of party-3 is not valid yet"));
    let address = host(authority.issue(Subject::Party(PartyId::new(2).unwrap())).unwrap()).await;
    assert!(refused(&address, good()).await.contains("whoever listens there is not party-3"));
}

/// A foreign certificate in the hands of a caller that trusts this federation: the host's side of the same refusal.
#[tokio::test]
async fn a_certificate_of_another_authority_opens_nothing() {
    let (ours, theirs) = (authority(), authority());
    let address = host(ours.issue(third()).unwrap()).await;
    // The key and the certificate are theirs, the authority that is trusted is ours.
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    theirs.issue(Subject::Challenger).unwrap().save(&file("theirs")).unwrap();
    ours.issue(Subject::Challenger).unwrap().save(&file("ours")).unwrap();
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    const END: &str = "-----END CERTIFICATE-----\n";
    let (theirs, ours) = (read("theirs"), read("ours"));
    let own_part = theirs.split_inclusive(END).next().unwrap();
    let authority_part = ours.split_inclusive(END).nth(1).unwrap();
    std::fs::write(file("mixed"), format!("{own_part}{authority_part}")).unwrap();
    let mixed = Certificate::load(&file("mixed")).unwrap();
    assert_eq!(
        refused(&address, proof(mixed)).await,
        "the certificate of this side is of another federation's authority"
    );
}

#[tokio::test]
async fn plain_text_and_tls_do_not_mix() {
    let authority = authority();
    let challenger = || proof(authority.issue(Subject::Challenger).unwrap());
    let secure = host(authority.issue(third()).unwrap()).await;
    // A token counts for nothing where certificates are asked for.
    let error = call(&secure, Token::generate().unwrap()).await.unwrap_err();
    assert!(matches!(error.failure, RpcFailure::Unavailable(_)), "{error}");
    assert_eq!(call(&secure, challenger()).await.unwrap(), "party-3", "the host is still there");

    let tokens = Credentials::generate(3).unwrap().for_adversary(Role::Outsider).unwrap();
    let plain = host(tokens).await;
    assert!(refused(&plain, challenger()).await.contains("does not speak TLS"));
}

#[tokio::test]
async fn slow_handshakes_keep_nobody_waiting() {
    let authority = authority();
    let address = host(authority.issue(third()).unwrap()).await;
    let Address::Tcp { host, port } = &address else { panic!("{address}") };
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect((host.as_str(), *port)).await.unwrap());
    }
    let challenger = authority.issue(Subject::Challenger).unwrap();
    assert_eq!(call(&address, proof(challenger)).await.unwrap(), "party-3");
    drop(silent);
}

#[test]
fn a_certificate_survives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("party-3.pem");
    let certificate = authority().issue(third()).unwrap();
    certificate.save(&path).unwrap();
    certificate.save(&path).unwrap();
    let loaded = Certificate::load(&path).unwrap();
    assert_eq!(loaded.facts(), certificate.facts());
    assert_eq!(*loaded.name(), third().into());
    assert_eq!(loaded.federation(), certificate.federation());
    assert!(certificate.facts().valid_at(SystemTime::now()));
    assert!(!certificate.facts().valid_at(SystemTime::now() + 2 * HOUR));
    assert!(!format!("{loaded:?}").contains("PRIVATE"));
}

#[test]
fn keys_that_do_not_fit_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let authority = authority();
    for name in ["a", "b"] {
        authority.issue(third()).unwrap().save(&file(name)).unwrap();
    }
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    const END: &str = "-----END PRIVATE KEY-----\n";
    let (a, b) = (read("a"), read("b"));
    let swapped = format!("{}{END}{}", a.split(END).next().unwrap(), b.split(END).nth(1).unwrap());
    std::fs::write(file("swapped"), swapped).unwrap();
    let error = Certificate::load(&file("swapped")).unwrap_err().to_string();
    assert!(error.contains("swapped") && error.contains("`turncoat certs new`"), "{error}");
}
