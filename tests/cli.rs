//! What the command line says of itself: help, version, and checking of scenario files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::{Path, PathBuf};

use clap::CommandFactory;
use support::{Place, SMALL, files, word};

/// The help of a command, at a width of its own.
fn help(command: &[&str]) -> String {
    let place = Place::new();
    let mut run = place.turncoat(&[command, &["--help"]].concat());
    run.env("COLUMNS", "100");
    let ended = place.end(run).ok();
    assert_eq!(ended.stderr, "");
    ended.stdout
}

/// Every command that is not hidden and every one below it, as the words that call it.
fn commands(command: &clap::Command, above: &[String]) -> Vec<Vec<String>> {
    let below = command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help");
    let mut all = vec![above.to_vec()];
    for below in below {
        all.extend(commands(below, &[above, &[below.get_name().to_owned()]].concat()));
    }
    all
}

#[test]
fn every_command_shows_what_it_takes_and_an_example() {
    let all = commands(&turncoat::cli::Cli::command(), &[]);
    assert!(all.len() > 25, "{all:?}");
    for command in all {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let text = help(&words);
        assert!(text.contains("\nExample"), "{command:?} has no example:\n{text}");
        assert!(text.contains(&format!("turncoat {}", words.join(" "))), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let name = [&["help"], &words[..]].concat().join("_");
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn the_version_is_the_packages() {
    let place = Place::new();
    let expected = format!("turncoat {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(place.run(&["--version"]).ok().stdout, expected);
}

#[test]
fn without_a_command_or_with_a_wrong_one_the_help_is_near() {
    let place = Place::new();
    place.run(&[]).fails(2, &["Usage: turncoat [OPTIONS] <COMMAND>", "turncoat run "]);
    place.run(&["rum"]).fails(2, &["unrecognized subcommand 'rum'", "'run'"]);
    place.run(&["check"]).fails(2, &["<SCENARIOS>"]);
    place.run(&["party", "--id", "0"]).fails(2, &["--id"]);
}

fn scenario_files(folder: &Path) -> Vec<PathBuf> {
    files(folder)
        .into_iter()
        .flat_map(|path| if path.is_dir() { scenario_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect()
}

#[test]
fn every_scenario_of_the_repository_checks() {
    let scenarios = scenario_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"));
    let words: Vec<&str> = scenarios.iter().map(|path| word(path)).collect();
    let ended = Place::new().run(&[&["check", "--no-data"], &words[..]].concat()).ok();
    let (sound, others): (Vec<&str>, Vec<&str>) =
        ended.stdout.lines().partition(|line| line.contains(": ok ("));
    assert_eq!(sound.len(), scenarios.len(), "{}", ended.stdout);
    assert!(others.iter().all(|line| line.ends_with(" minutes of one core")), "{}", ended.stdout);
}

#[test]
fn checking_looks_for_the_data_that_a_scenario_names() {
    let place = Place::new();
    let scenario = "name: own\nseed: 1\ndata: {csv: {path: own.csv, target: grade}}\n\
        federation: {parties: 2, records_per_party: 4, skew: iid}\n";
    place.file("folder/own.yaml", scenario);
    let check = |more: &[&str]| place.run(&[&["check", "folder/own.yaml"], more].concat());
    check(&[]).fails(3, &["folder/own.yaml: ", "own.csv"]);
    let rows: String = (0..20).map(|n| format!("{n},{}\n", ["good", "bad"][n % 2])).collect();
    place.file("folder/own.csv", format!("size,grade\n{rows}"));
    let sound = check(&[]).ok();
    assert_eq!(sound.stdout, "folder/own.yaml: ok (own, 2 parties, 1 repeat, 0 adversaries)\n");
    let missing = ["--set", "data.csv.target=greade"];
    check(&missing).fails(3, &["greade"]);
    let reported = check(&[&missing[..], &["--format", "json"]].concat());
    let reported = reported.fails(3, &["1 of 1 files cannot be used"]).stdout;
    let reported: serde_json::Value = serde_json::from_str(&reported).unwrap();
    assert_eq!(reported[0]["ok"], false);
    assert!(reported[0]["error"].as_str().unwrap().contains("greade"), "{reported}");
    // A run says the same.
    place.run(&[&["run", "folder/own.yaml"][..], &missing].concat()).fails(3, &["greade"]);
    // One that is wrong beside one without data: the wrong one decides.
    place.file("wrong.yaml", SMALL.replace("parties: 3", "partys: 3"));
    place
        .run(&["check", "wrong.yaml", "folder/own.yaml", "--set", "data.csv.target=greade"])
        .fails(2, &["partys"]);
    check(&["--no-data", missing[0], missing[1]]).ok();
}

#[test]
fn checking_looks_for_public_data_sets_and_says_what_is_not_there() {
    let place = Place::new();
    place.file("sound.yaml", SMALL);
    place.file("wrong.yaml", SMALL.replace("parties: 3", "partys: 3"));
    let adult =
        "name: adult\nseed: 1\ndata: adult\nfederation: {parties: 2, records_per_party: 4, skew: iid}\n";
    place.file("adult.yaml", adult);
    let check = |more: &[&str]| place.run(&[&["check", "adult.yaml"], more].concat());
    let nowhere = "adult: no adult/adult.data (looked nowhere";
    let ended = check(&[]).fails(3, &["adult.yaml: ", nowhere, "`turncoat data fetch adult`", "--no-data"]);
    assert_eq!(ended.stdout, "");
    // A run says the same of it.
    place.run(&["run", "adult.yaml"]).fails(3, &[nowhere, "`turncoat data fetch adult`"]);
    // One half of it is there.
    place.file("data/adult/adult.data", "");
    check(&["--data-dir", "data"])
        .fails(3, &["adult: no adult/adult.test (looked for data/adult/adult.test, "]);
    place.file("data/adult/adult.test.gz", "");
    check(&["--data-dir", "data"]).ok();
    for set in
        ["mnist", "fashion_mnist", "cifar10", "{purchase: {classes: 50}}", "{valued_shoppers: {classes: 20}}"]
    {
        let set = format!("data={set}");
        check(&["--data-dir", "data", "--set", &set]).fails(3, &["adult.yaml: ", "(looked for data/"]);
        check(&["--no-data", "--set", &set]).ok();
    }
    let several = |more: &[&str]| place.run(&[&["check", "sound.yaml", "adult.yaml"], more].concat());
    let ended = several(&[]).fails(3, &[nowhere]);
    assert_eq!(ended.stdout, "sound.yaml: ok (small, 3 parties, 2 repeats, 3 adversaries)\n");
    several(&["wrong.yaml"]).fails(2, &[nowhere, "partys"]);
    several(&["--no-data"]).ok();
    let json = several(&["--format", "json"]).fails(3, &["1 of 2 files cannot be used"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json[0]["ok"], &json[1]["ok"]), (&true.into(), &false.into()));
    assert!(json[1]["error"].as_str().unwrap().starts_with(nowhere), "{json}");
}

#[test]
fn checking_reports_every_wrong_file_and_still_the_sound_ones() {
    let place = Place::new();
    place.file("sound.yaml", SMALL);
    place.file("first.yaml", SMALL.replace("parties: 3", "partys: 3"));
    place.file("second.yaml", SMALL.replace("id: 3", "id: 7").replace("seed: 3", "seed: no"));
    let ended = place.run(&["check", "first.yaml", "sound.yaml", "none.yaml", "second.yaml"]).fails(
        2,
        &[
            "first.yaml:7:3: federation.partys: unknown key; did you mean `parties`?",
            "none.yaml: No such file",
            "second.yaml:2:7: seed is no",
            "second.yaml:14:17: adversaries.1.party.id is 7",
        ],
    );
    assert_eq!(ended.stdout, "sound.yaml: ok (small, 3 parties, 2 repeats, 3 adversaries)\n");
    let json =
        place.run(&["check", "first.yaml", "sound.yaml", "none.yaml", "second.yaml", "--format", "json"]);
    let json = json.fails(2, &["3 of 4 files cannot be used"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    insta::assert_snapshot!("check_as_json", serde_json::to_string_pretty(&json).unwrap());
    let set = place.run(&["check", "sound.yaml", "--set", "federation.parties=5"]).ok();
    assert!(set.stdout.contains("5 parties"), "{}", set.stdout);
    place
        .run(&["check", "sound.yaml", "--set", "federation.parties=2"])
        .fails(2, &["adversaries.1.party.id is 3"]);
}

#[test]
fn certificates_are_told_as_json_where_that_is_asked_for() {
    let place = Place::new();
    let made = place.run(&["certs", "new", "--parties", "2", "--out", "certs"]).ok();
    assert!(made.stderr.contains("hand each its own file alone"), "{}", made.stderr);
    let quiet = place.run(&["certs", "new", "--parties", "2", "--out", "more", "--quiet"]).ok();
    assert_eq!(quiet.stdout + &quiet.stderr, "");
    let show = ["certs", "show", "certs/party-2.pem", "certs/operator.pem", "--format", "json"];
    let reported: serde_json::Value = serde_json::from_str(&place.run(&show).ok().stdout).unwrap();
    assert_eq!(
        (&reported[0]["member"], &reported[0]["file"], &reported[0]["valid"]),
        (&"party-2".into(), &"certs/party-2.pem".into(), &true.into())
    );
    assert_eq!(reported[0]["federation"], reported[1]["federation"]);
    let missing = place.run(&["certs", "show", "none.pem", "--format", "json"]).fails(2, &["none.pem"]);
    assert_eq!(missing.stdout, "[]\n");
}
