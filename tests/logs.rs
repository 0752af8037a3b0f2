//! What the services log: JSON one object a line where that was asked for, no colours in files, and enough to follow one query
//! from whoever asked it to every party.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use support::{Place, SMALL, report, word};

/// The logs of a run, by the path below its folder of logs.
fn logs(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join("logs")];
    while let Some(folder) = folders.pop() {
        for path in support::files(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.display().to_string(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn events(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .inspect(|event: &Value| {
            assert!(event["timestamp"].is_string() && event["level"].is_string(), "{event}");
            assert!(event["message"].is_string() && event["target"].is_string(), "{event}");
        })
        .collect()
}

/// The number of the first query, and how many, of the calls that were answered for that client.
fn answered(events: &[Value], rpc: &str, client: &str) -> Vec<(u64, u64)> {
    let calls = events.iter().filter(|event| event["message"] == "answered");
    let calls = calls.map(|event| {
        let span = &event["spans"][0];
        assert_eq!(span["name"], "rpc", "{event}");
        span
    });
    calls
        .filter(|span| span["rpc"].as_str().unwrap().ends_with(rpc) && span["client"] == client)
        .map(|span| (span["first_query"].as_u64().unwrap(), span["rows"].as_u64().unwrap()))
        .collect()
}

#[test]
fn the_logs_of_a_run_are_json_and_follow_a_query_to_every_party() {
    let place = Place::new();
    let scenario = place.file("small.yaml", SMALL);
    let out = place.path("json");
    let arguments =
        ["run", word(&scenario), "--out", word(&out), "--quiet", "--jobs", "1", "--log-format", "json"];
    let mut command = place.turncoat(&arguments);
    command.env("TURNCOAT_LOG", "turncoat_coordinator=debug,turncoat_party=debug,info");
    let ended = place.end(command).ok();
    assert!(ended.stderr.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", ended.stderr);
    let logs_of_json = logs(&out);
    // The coordinator, three parties and three adversaries, in each of two repeats.
    assert_eq!(logs_of_json.len(), 14, "{:?}", logs_of_json.keys());
    let of = |name: &str| {
        let mut texts = logs_of_json.iter().filter(|(path, _)| path.ends_with(&format!("/{name}.log")));
        events(texts.next().unwrap().1)
    };
    logs_of_json.values().for_each(|text| drop(events(text)));
    let coordinator = of("coordinator");
    assert!(coordinator.iter().any(|event| event["message"] == "coordinating" && event["parties"] == 3));
    let requested = answered(&coordinator, "Coordinator/Predict", "outsider");
    assert!(!requested.is_empty());
    for party in ["party-1", "party-2", "party-3"] {
        let answered = answered(&of(party), "Party/PredictProba", &format!("coordinator@{party}"));
        assert!(
            requested.iter().all(|query| answered.contains(query)),
            "{requested:?} of {answered:?} at {party}"
        );
    }

    // People's logs have no colours in files, and say the same of the same run.
    let out_of_text = place.path("text");
    let mut command = place.turncoat(&["run", word(&scenario), "--out", word(&out_of_text), "--quiet"]);
    command.env("CLICOLOR_FORCE", "1").env("FORCE_COLOR", "1");
    place.end(command).ok();
    let texts = logs(&out_of_text);
    assert!(texts.len() == 14 && texts.values().any(|text| text.contains("joined")), "{texts:?}");
    assert!(texts.values().chain(logs_of_json.values()).all(|text| !text.contains('\u{1b}')));
    assert_eq!(report(&out), report(&out_of_text));
}

#[test]
fn a_service_in_json_says_where_it_listens_and_why_it_ends() {
    let place = Place::new();
    let certs = place.path("certs");
    place.run(&["certs", "new", "--parties", "1", "--out", word(&certs)]).ok();
    let certificate = certs.join("coordinator.pem");
    let mut command = place.turncoat(&["coordinator", "--parties", "1", "--certificate", word(&certificate)]);
    command.env("TURNCOAT_LOG_FORMAT", "json").stdout(Stdio::null()).stderr(Stdio::piped());
    let mut coordinator = command.spawn().unwrap();
    let mut lines = BufReader::new(coordinator.stderr.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    support::signal(coordinator.id(), "TERM");
    assert!(coordinator.wait().unwrap().success());
    assert_eq!((&first["message"], &first["name"]), (&"listening".into(), &"coordinator".into()));
    assert!(first["address"].as_str().unwrap().starts_with("127.0.0.1:"), "{first}");
    lines.for_each(|line| drop(events(&line.unwrap())));

    let party = certs.join("party-1.pem");
    let arguments =
        ["party", "--id", "1", "--shard", "none.npz", "--coordinator", "127.0.0.1:9", "--certificate"];
    let ended = place.run(&[&arguments[..], &[word(&party), "--log-format", "json"]].concat());
    let said = events(&ended.stderr);
    assert_eq!((ended.code, said.len()), (Some(3), 1), "{}", ended.stderr);
    assert_eq!(said[0]["level"], "ERROR");
    assert!(said[0]["error"].as_str().unwrap().contains("none.npz"), "{}", said[0]);
}

#[test]
fn there_are_two_formats() {
    let place = Place::new();
    place.run(&["check", "none.yaml", "--log-format", "xml"]).fails(2, &["xml", "text", "json"]);
    let mut command = place.turncoat(&["check", "none.yaml"]);
    command.env("TURNCOAT_LOG_FORMAT", "xml");
    place.end(command).fails(2, &["xml", "text", "json"]);
}
