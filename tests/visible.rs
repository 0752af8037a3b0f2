//! Names with control characters in them, by every way that leads to a person: tables, notes, errors, log lines, questions, pages,
//! drawings and the names of files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;

use support::{Ended, Place, files, word};

/// What a class or a file could be called: colours, a cleared screen, a bell, a deletion, a return, and a turned line.
const BAD: &str = "a\u{1b}[31m\u{7}\u{9b}2J\u{7f}\u{202e}";
const SHOWN: &str = "a\\u{1b}[31m\\u{7}\\u{9b}2J\\u{7f}\\u{202e}";

fn acts(letter: char) -> bool {
    (letter.is_control() && !matches!(letter, '\n' | '\t')) || letter == '\u{202e}'
}

#[track_caller]
fn harmless(what: &str, text: &str) {
    let found = text.char_indices().find(|(_, letter)| acts(*letter));
    assert!(found.is_none(), "{what}: {found:?} in {text:?}");
}

#[track_caller]
fn reported(what: &str, ended: &Ended) {
    harmless(what, &ended.stdout);
    harmless(what, &ended.stderr);
}

/// A table of two classes and two columns with such names, and a scenario of it whose file is called so.
fn scenario(place: &Place) -> String {
    let rows: String =
        (0..200).map(|n| format!("{},{},{}\n", n, n % 7, if n % 3 == 0 { BAD } else { "b" })).collect();
    place.file(&format!("{BAD}.csv"), format!("age{BAD},height,class\n{rows}"));
    let quoted = |name: &str| {
        let letters =
            name.chars().map(|c| if acts(c) { format!("\\u{:04x}", u32::from(c)) } else { c.into() });
        format!("\"{}\"", letters.collect::<String>())
    };
    let (path, age) = (quoted(&format!("{BAD}.csv")), quoted(&format!("age{BAD}")));
    let text = format!(
        "name: bad\nseed: 1\nrepeats: 2\ndata: {{csv: {{path: {path}, target: class}}}}\nlaunch: {{mode: in_process}}\n\
         federation: {{parties: 3, records_per_party: 20, skew: iid}}\nauxiliary: {{records: 20}}\n\
         boundaries: {{features: [{age}, height], grid: 12}}\nadversaries: [party: {{id: 3, attacks: [gap, least_loss]}}]\n"
    );
    let file = place.file(&format!("{BAD}.yaml"), text);
    word(&file).to_owned()
}

#[test]
fn names_with_control_characters_command_nothing() {
    let place = Place::new();
    let file = scenario(&place);
    let out = format!("out{BAD}");

    let checked = place.run(&["check", &file]);
    reported("check", &checked);
    assert!(checked.stdout.contains(SHOWN) || checked.stderr.contains(SHOWN), "{checked:?}");
    let run = place.run(&["run", &file, "--out", &out, "-v"]);
    reported("run", &run);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("out{SHOWN}")), "{}", run.stderr);
    reported("report", &place.run(&["report", &out]).ok());
    reported("finished", &place.run(&["run", "--resume", &out]).ok());
    reported("compare", &place.run(&["compare", &out, "--with", &out]));
    let described = place.run(&["data", "describe", &file]).ok();
    reported("describe", &described);
    assert!(described.stdout.contains(SHOWN), "{}", described.stdout);

    let json = place.run(&["data", "describe", &file, "--format", "json"]).ok();
    reported("describe as JSON", &json);
    let document: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(document["classes"].to_string().contains("\\u001b") && json.stdout.contains("\\u009b2J\\u007f"));

    let folder = place.path(&out);
    for name in ["report.html", "table.txt"] {
        harmless(name, &fs::read_to_string(folder.join(name)).unwrap());
    }
    let pictures = files(&folder.join("pictures"));
    assert!(!pictures.is_empty());
    for path in pictures {
        let name = path.file_name().unwrap().to_str().unwrap();
        harmless("a picture's name", name);
        if name.ends_with(".svg") {
            harmless(name, &fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn mistakes_are_told_without_repeating_their_commands() {
    let place = Place::new();
    let file = scenario(&place);
    place.file("bad.pem", BAD);
    place.file("logged.yaml", "name: x\n");
    for arguments in [
        &[BAD][..],
        &["run", &format!("none{BAD}.yaml")],
        &["run", &file, "--set", &format!("{BAD}=1")],
        &["run", &file, "--set", &format!("federation.skew={BAD}")],
        &["run", "--resume", BAD],
        &["run", &file, "--out", &format!("{BAD}.yaml/x")],
        &["run", &file, "--set", &format!("data.csv.target={BAD}")],
        &["compare", BAD, "--with", BAD],
        &["report", BAD],
        &["scenarios", "show", BAD],
        &["scenarios", "list", BAD],
        &["data", "fetch", BAD],
        &["data", "fetch", "adult", "--from", BAD],
        &["certs", "show", BAD],
        &["certs", "show", "bad.pem"],
        &["new", BAD, "--data", BAD],
        &["party", "--id", "1", "--shard", BAD, "--coordinator", BAD, "--certificate", "bad.pem"],
        &["run", &format!("none{BAD}.yaml"), "--log-format", "json"],
    ] {
        let ended = place.run(arguments);
        assert!(ended.code.is_some_and(|code| code != 0), "{arguments:?}");
        reported(&format!("{arguments:?}"), &ended);
    }
    // The value of a variable stands in the help.
    let mut command = place.turncoat(&["run", "--help"]);
    command.env("TURNCOAT_DATA", BAD);
    reported("help", &place.end(command).ok());
}
