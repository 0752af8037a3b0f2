//! What turncoat says to mistakes that are easily made: what is wrong, where, and how to mend it.

use std::fmt::Write as _;

use crate::support::{Place, SMALL};

/// The command as it was typed, the exit code, and all that is said.
fn said(place: &Place, commands: &[&[&str]]) -> String {
    let mut text = String::new();
    for command in commands {
        let ended = place.run(command);
        let _ = writeln!(
            text,
            "$ turncoat {}\n{}{}[{}]\n",
            command.join(" "),
            ended.stdout,
            ended.stderr,
            ended.code.unwrap()
        );
    }
    text
}

#[test]
fn of_the_command_line() {
    let place = Place::new();
    let reported = said(
        &place,
        &[
            &["rum"],
            &["run", "--ouput", "out"],
            &["run", "--jobs", "many"],
            &["data", "get", "adult"],
            &["scenarios", "show", "truex-table8-minst"],
            &["scenarios", "list", "imagenet"],
            &["completions", "csh"],
            &["coordinator", "--parties", "3"],
        ],
    );
    insta::assert_snapshot!(reported);
}

#[test]
fn of_files_and_folders() {
    let place = Place::new();
    place.file("mine.yaml", SMALL);
    place.file("folder/one.yaml", SMALL);
    place.file("folder/two.yaml", SMALL);
    place.file("runs/report.json", "{}");
    place.file("table.csv", "a,b,y\n1,2,x\n3,4,z\n");
    place.file(
        "own.yaml",
        SMALL.replace(
            "  synthetic: {gaussian_clusters: {records: 1200, features: 6, classes: 3}}",
            "  csv: {path: table.csv, target: diagnosis}",
        ),
    );
    let reported = said(
        &place,
        &[
            &["run", "mien.yaml"],
            &["run", "quickstrat"],
            &["run", "folder"],
            &["check", "folder", "mine.yaml"],
            &["run", "mine.yaml", "--out", "runs"],
            &["run", "mine.yaml", "--out", "mine.yaml"],
            &["run", "own.yaml"],
            &["run", "--resume", "nowhere"],
            &["compare", "nowhere", "--with", "published"],
            &["certs", "show", "mine.yaml"],
        ],
    );
    insta::assert_snapshot!(reported);
}

#[test]
fn of_scenarios_and_data() {
    let place = Place::new();
    place.file(
        "mine.yaml",
        SMALL.replace("records_per_party", "record_per_party").replace("dirichlet", "dirichelt"),
    );
    place.file("empty/README", "");
    let reported = said(
        &place,
        &[
            &["check", "mine.yaml"],
            &["run", "truex-table8-adult"],
            &["run", "truex-table8-adult", "--data-dir", "empty"],
            &["run", "truex-table8-mnist", "--data-dir", "empty"],
            &["run", "--set", "federation.parties=many"],
            &["run", "--set", "federation.partys=3"],
            &["new", "new.yaml", "--data", "mnsit"],
            &["new", "new.yaml", "--records", "100000"],
            &["data", "fetch", "cifar10"],
        ],
    );
    insta::assert_snapshot!(reported);
}
