//! The figures that a coordinator tells Prometheus: what was asked, by count; and nobody who asks for them is in anybody's way.

use std::net::SocketAddr;
use std::time::Duration;

use ndarray::Array2;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use turncoat_net::Proof;
use turncoat_net::codec::PlainCodec;
use turncoat_proto::{Limits, Retry, Role, Subject, wire};

use crate::fake::{Behaviour, Fake, Hub, Setup, Step, party};
use crate::open_metrics::{Scrape, read};

/// What is answered to that, head and body.
async fn say(to: SocketAddr, question: &str) -> (String, String) {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(question.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    (head.to_ascii_lowercase(), body.to_owned())
}

async fn get(to: SocketAddr, path: &str) -> (String, String) {
    say(to, &format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n")).await
}

async fn scrape(hub: &Hub) -> Scrape {
    let (head, body) = get(hub.told_at.unwrap(), "/metrics").await;
    assert!(head.starts_with("http/1.1 200 ok"), "{head}");
    assert!(
        head.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8"),
        "{head}"
    );
    read(&body)
}

async fn ask(hub: &Hub, role: Role, rows: usize) -> bool {
    hub.client(role).await.predict(Array2::zeros((rows, 3)).view()).await.is_ok()
}

#[tokio::test]
async fn the_figures_are_those_of_what_was_asked() {
    let limits = Limits { queries_per_client: Some(12), ..Limits::default() };
    let retry =
        Retry { attempts: 2, opens_after: 3, skips: 4, rejoin_ms: 0, first_pause_ms: 1, ..Retry::default() };
    let hub = Setup { limits, retry, figures: true, ..Setup::at_least(3, 2) }.start().await;
    let before = scrape(&hub).await;
    assert_eq!(before.value("turncoat_coordinator_parties_required"), 3.0);
    assert_eq!(before.value("turncoat_coordinator_parties_joined"), 0.0);
    assert_eq!(before.value("turncoat_coordinator_fitted"), 0.0);
    assert_eq!(before.value("turncoat_coordinator_party_up{party=\"2\"}"), 0.0);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(before.value(&format!("turncoat_coordinator_build_info{{version=\"{version}\"}}")), 1.0);

    let first = Fake::new(1, Behaviour::Constant([0.5, 0.5]));
    let second = Fake::scripted(2, |_| Step::Refuse(tonic::Status::unavailable("not today")));
    hub.gather(&[first, second, Fake::new(3, Behaviour::Constant([0.5, 0.5]))]).await;
    let joined = scrape(&hub).await;
    assert_eq!(joined.value("turncoat_coordinator_fitted"), 1.0);
    assert_eq!(joined.value("turncoat_coordinator_party_up{party=\"2\"}"), 1.0);

    // Three calls without the second party, each of which it was asked twice; then it is given up on.
    for rows in [5, 3, 2] {
        assert!(ask(&hub, Role::Outsider, rows).await);
    }
    assert!(ask(&hub, Role::Party(party(1)), 4).await);
    assert!(!ask(&hub, Role::Outsider, 3).await, "over its budget");
    let shared = hub.client(Role::Outsider).await.predict_shared(Array2::zeros((1, 3)).view()).await;
    assert!(shared.is_err(), "not for outsiders");
    assert!(
        hub.client(Role::Operator).await.predict(Array2::zeros((1, 7)).view()).await.is_err(),
        "too wide"
    );

    let after = scrape(&hub).await;
    for (series, value) in [
        ("calls_total{rpc=\"Join\",role=\"party\",code=\"OK\"}", 3.0),
        ("calls_total{rpc=\"Fit\",role=\"operator\",code=\"OK\"}", 1.0),
        ("calls_total{rpc=\"Predict\",role=\"outsider\",code=\"OK\"}", 3.0),
        ("calls_total{rpc=\"Predict\",role=\"outsider\",code=\"RESOURCE_EXHAUSTED\"}", 1.0),
        ("calls_total{rpc=\"Predict\",role=\"party\",code=\"OK\"}", 1.0),
        ("calls_total{rpc=\"Predict\",role=\"operator\",code=\"INVALID_ARGUMENT\"}", 1.0),
        ("calls_total{rpc=\"PredictShared\",role=\"outsider\",code=\"PERMISSION_DENIED\"}", 1.0),
        // A client asks after the federation's shape before it asks for predictions.
        ("calls_total{rpc=\"Status\",role=\"outsider\",code=\"OK\"}", 5.0),
        ("call_duration_seconds_count{rpc=\"Predict\"}", 6.0),
        ("call_duration_seconds_count{rpc=\"Fit\"}", 1.0),
        ("queries_asked_total{role=\"outsider\"}", 13.0),
        ("queries_total{role=\"outsider\",outcome=\"answered\"}", 10.0),
        ("queries_total{role=\"outsider\",outcome=\"refused\"}", 3.0),
        ("queries_total{role=\"outsider\",outcome=\"failed\"}", 0.0),
        ("queries_total{role=\"operator\",outcome=\"failed\"}", 1.0),
        ("queries_degraded_total{role=\"outsider\"}", 10.0),
        ("queries_degraded_total{role=\"party\"}", 4.0),
        ("calls_refused_total{role=\"outsider\",limit=\"queries_per_client\"}", 1.0),
        ("party_up{party=\"1\"}", 1.0),
        ("party_up{party=\"2\"}", 0.0),
        ("party_circuit_open{party=\"1\"}", 0.0),
        ("party_circuit_open{party=\"2\"}", 1.0),
        ("party_retries_total{party=\"2\"}", 3.0),
        ("party_circuits_opened_total{party=\"2\"}", 1.0),
        ("party_rejoins_total{party=\"2\"}", 0.0),
    ] {
        assert_eq!(after.value(&format!("turncoat_coordinator_{series}")), value, "{series}");
    }
    assert!(after.of("turncoat_coordinator_call_duration_seconds_sum").iter().all(|(_, sum)| *sum > 0.0));
    assert!(after.len() > before.len());
}

#[tokio::test]
async fn callers_choose_no_series() {
    let hub = Setup { figures: true, ..Setup::new(1) }.start().await;
    let token = hub.credentials.token(Role::Outsider).unwrap();
    let (proof, timeout) = (Proof::from(token), Duration::from_secs(9));
    let channel = hub.dialer.connect(&hub.address, Subject::Coordinator, &proof, timeout).await.unwrap();
    for number in 0..20 {
        let mut grpc = tonic::client::Grpc::new(channel.clone());
        grpc.ready().await.unwrap();
        let mut request = tonic::Request::new(wire::AccountRequest::default());
        let bearer = format!("Bearer {}", token.reveal());
        request.metadata_mut().insert("authorization", bearer.parse().unwrap());
        let path = format!("/turncoat.v1.Coordinator/Rpc{number}").parse().unwrap();
        let codec = PlainCodec::<_, wire::AccountReply>::default();
        let status = grpc.unary(request, path, codec).await.unwrap_err();
        assert_eq!(status.code(), tonic::Code::Unimplemented);
    }
    let scrape = scrape(&hub).await;
    let calls = scrape.of("turncoat_coordinator_calls_total");
    let unknown =
        "turncoat_coordinator_calls_total{code=\"UNIMPLEMENTED\",role=\"outsider\",rpc=\"unknown\"}";
    assert_eq!(calls, [(unknown, 20.0)]);
    assert_eq!(scrape.of("turncoat_coordinator_call_duration_seconds_count"), []);
}

#[tokio::test]
async fn whoever_dawdles_or_talks_nonsense_is_in_nobodys_way() {
    let hub = Setup { figures: true, ..Setup::new(1) }.start().await;
    hub.federate(vec![Behaviour::Constant([0.5, 0.5])]).await;
    let at = hub.told_at.unwrap();
    let mut slow_peers = Vec::new();
    for words in
        ["", "GET", "GET /metrics HTTP/1.1\r\nHost:", "POST /metrics HTTP/1.1\r\nContent-Length: 9\r\n"]
    {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        slow_peers.push(stream);
    }
    let (head, _) = say(at, "\u{1}\u{2}\u{3} no http at all\r\n\r\n").await;
    assert!(head.is_empty() || head.starts_with("http/1.1 400"), "{head}");
    let (head, body) = get(at, "/").await;
    assert!(head.starts_with("http/1.1 404") && body.contains("/metrics"), "{head}");
    assert!(get(at, "/metrics/").await.0.starts_with("http/1.1 404"));
    let (head, body) = say(at, "HEAD /metrics HTTP/1.1\r\nHost: here\r\n\r\n").await;
    assert!(head.starts_with("http/1.1 200") && body.is_empty(), "{head}");
    let (head, _) = say(at, "DELETE /metrics HTTP/1.1\r\nHost: here\r\n\r\n").await;
    assert!(head.starts_with("http/1.1 405") && head.contains("allow: get, head"), "{head}");
    assert!(ask(&hub, Role::Outsider, 2).await);
    assert_eq!(
        scrape(&hub)
            .await
            .value("turncoat_coordinator_queries_total{role=\"outsider\",outcome=\"answered\"}"),
        2.0
    );
    drop(slow_peers);
}
