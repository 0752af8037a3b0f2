//! `turncoat coordinator --metrics`: figures where they were asked for, and nowhere else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use serde_json::Value;
use support::{Place, signal, word};

#[test]
fn a_coordinator_tells_its_figures_where_it_was_asked_to() {
    let place = Place::new();
    let tokens = place.path("tokens");
    place.run(&["credentials", "--parties", "1", "--out", word(&tokens)]).ok();
    let credentials = tokens.join("coordinator.credentials");
    let arguments =
        ["coordinator", "--parties", "1", "--insecure", "--credentials", word(&credentials), "--metrics"];
    let mut command = place.turncoat(&[&arguments[..], &["127.0.0.1:0", "--log-format", "json"]].concat());
    let mut coordinator = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let line = BufReader::new(coordinator.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    let event: Value = serde_json::from_str(&line).unwrap();
    let mut stream = TcpStream::connect(event["address"].as_str().unwrap()).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("# EOF\n"), "{answer}");
    assert!(answer.contains("\nturncoat_coordinator_parties_required 1\n"), "{answer}");
    signal(coordinator.id(), "TERM");
    assert!(coordinator.wait().unwrap().success());

    let nowhere = [&arguments[..], &["here"]].concat();
    place.run(&nowhere).fails(2, &["--metrics", "here"]);
    // An address that is no machine's own.
    place.run(&[&arguments[..], &["192.0.2.1:9"]].concat()).fails(4, &["--metrics", "192.0.2.1:9"]);
}
