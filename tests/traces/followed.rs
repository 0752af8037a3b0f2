//! A federation of processes that sends its spans to a collector.

use std::net::TcpListener;

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use crate::collector::{Collector, Received};
use crate::support::{Place, SMALL, report, word};

const PREDICT: &str = "turncoat.v1.Coordinator/Predict";
const PREDICT_PROBA: &str = "turncoat.v1.Party/PredictProba";
const CHALLENGE: &str = "turncoat.v1.Adversary/Challenge";

/// Those that a span is the parent of.
fn children<'a>(spans: &'a [Received], parent: &Received) -> Vec<&'a Received> {
    let of = |child: &&Received| {
        child.span.parent_span_id == parent.span.span_id && child.span.trace_id == parent.span.trace_id
    };
    spans.iter().filter(of).collect()
}

fn parent<'a>(spans: &'a [Received], child: &Received) -> &'a Received {
    let of = |parent: &&Received| {
        parent.span.span_id == child.span.parent_span_id && parent.span.trace_id == child.span.trace_id
    };
    spans.iter().find(of).unwrap_or_else(|| panic!("nobody called {child:?}"))
}

#[track_caller]
fn only<'a>(found: &[&'a Received]) -> &'a Received {
    let [only] = found else { panic!("{found:?}") };
    only
}

#[test]
fn a_query_is_one_trace_from_its_client_to_every_party() {
    let place = Place::new();
    let scenario = place.file("small.yaml", SMALL);
    let (traced, plain) = (place.path("traced"), place.path("plain"));
    let collector = Collector::start();
    let mut command = place.turncoat(&["run", word(&scenario), "--out", word(&traced), "--quiet"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint);
    assert_eq!(place.end(command).ok().stderr, "");
    let spans = collector.spans();

    let requested: Vec<_> = spans
        .iter()
        .filter(|one| one.service == "turncoat-adversary-outsider" && one.is(PREDICT, SpanKind::Client))
        .collect();
    assert!(!requested.is_empty(), "{:?}", spans.iter().map(|one| &one.service).collect::<Vec<_>>());
    for question in requested {
        let answer = only(&children(&spans, question));
        assert!(
            answer.service == "turncoat-coordinator" && answer.is(PREDICT, SpanKind::Server),
            "{answer:?}"
        );
        assert_eq!(answer.text("client"), "outsider");
        assert_eq!((answer.text("rpc.system"), answer.text("rpc.method")), ("grpc".into(), "Predict".into()));
        let forwarded = children(&spans, answer);
        let mut parties = Vec::new();
        for call in forwarded {
            assert!(
                call.service == "turncoat-coordinator" && call.is(PREDICT_PROBA, SpanKind::Client),
                "{call:?}"
            );
            let party = only(&children(&spans, call));
            assert!(party.is(PREDICT_PROBA, SpanKind::Server), "{party:?}");
            for key in ["first_query", "rows"] {
                assert_eq!(party.number(key), answer.number(key), "{party:?}");
            }
            assert_eq!(children(&spans, party).len(), 0);
            parties.push(party.service.as_str());
        }
        parties.sort_unstable();
        assert_eq!(parties, ["turncoat-party-1", "turncoat-party-2", "turncoat-party-3"]);

        // And back to where it began: the challenger.
        let challenged = parent(&spans, question);
        assert!(challenged.service == question.service && challenged.is(CHALLENGE, SpanKind::Server));
        let challenge = parent(&spans, challenged);
        assert!(
            challenge.service == "turncoat" && challenge.is(CHALLENGE, SpanKind::Client),
            "{challenge:?}"
        );
        assert_eq!(challenge.span.parent_span_id, [] as [u8; 0], "it begins there");
    }

    // Whatever is seen of it, the run is the same.
    place.run(&["run", word(&scenario), "--out", word(&plain), "--quiet"]).ok();
    assert_eq!(report(&traced), report(&plain));
}

#[test]
fn a_collector_that_is_away_or_silent_is_no_reason_to_fail_or_to_stay() {
    let place = Place::new();
    let scenario = place.file("small.yaml", SMALL);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    for address in ["127.0.0.1:9".to_owned(), silent.local_addr().unwrap().to_string()] {
        let mut command = place.turncoat(&["run", word(&scenario), "--quiet", "--set", "repeats=1"]);
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{address}"));
        assert_eq!(place.end(command).ok().stderr, "");
        place.wait_until_empty();
    }
    let mut command = place.turncoat(&["check", word(&scenario)]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "no address at all");
    let said = place.end(command).ok().stderr;
    assert!(said.contains("no traces are sent"), "{said}");
}
