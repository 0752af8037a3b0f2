//! A build without traces.

use std::fs;

use crate::support::{Place, SMALL, files, word};

#[test]
fn a_build_without_traces_says_so_once() {
    let place = Place::new();
    let (scenario, out) = (place.file("small.yaml", SMALL), place.path("out"));
    let mut command = place.turncoat(&["run", word(&scenario), "--out", word(&out), "--quiet"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    let said = place.end(command).ok().stderr;
    let complaint = "no traces are sent: this build has none; `--features otel` builds them in";
    assert_eq!(said.matches(complaint).count(), 1, "{said}");
    assert!(said.contains("variable=\"OTEL_EXPORTER_OTLP_ENDPOINT\""), "{said}");
    for repeat in files(&out.join("logs")) {
        for log in files(&repeat) {
            assert!(!fs::read_to_string(&log).unwrap().contains("traces"), "{}", log.display());
        }
    }
    let mut off = place.turncoat(&["check", word(&scenario)]);
    off.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9").env("OTEL_SDK_DISABLED", "true");
    assert!(!place.end(off).ok().stderr.contains("traces"));
}
