//! What happens where the machine refuses: a full disk, no permission, no temporary folder, standard output that takes nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod support;

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::Stdio;

use support::{Place, word};

/// Trouble that is nobody's mistake.
const ENVIRONMENT: i32 = 74;

/// A user with no rights beyond everybody's.
const NOBODY: u32 = 65_534;

/// One process, one repeat, no adversary.
const QUICK: &str = "name: quick\nseed: 1\nrepeats: 1\ndata: iris\nlaunch: {mode: in_process}\n\
    federation: {parties: 2, records_per_party: 20, skew: iid}\nadversaries: [outsider: {attacks: [gap]}]\n";

/// A finished run, for commands that show one.
fn finished(place: &Place) {
    place.file("quick.yaml", QUICK);
    place.run(&["run", "quick.yaml", "--out", "out", "--quiet"]).ok();
}

/// Everything that prints a result and needs neither network nor data files.
const PRINTS: [&[&str]; 20] = [
    &["run", "quick.yaml"],
    &["run", "quick.yaml", "--format", "json"],
    &["run", "quick.yaml", "--set", "sweep.seed=[1, 2]"],
    &["run", "--resume", "out"],
    &["report", "out"],
    &["compare", "out", "--with", "published"],
    &["compare", "out", "--with", "out", "--format", "json"],
    &["check", "quick.yaml"],
    &["check", "quick.yaml", "--format", "json"],
    &["new", "-"],
    &["scenarios", "list"],
    &["scenarios", "show", "quickstart"],
    &["scenarios", "schema"],
    &["data", "list"],
    &["data", "list", "--format", "json"],
    &["data", "describe", "quick.yaml"],
    &["man"],
    &["completions", "bash"],
    &["--help"],
    &["--version"],
];

#[test]
fn results_that_are_lost_are_an_error() {
    let place = Place::new();
    finished(&place);
    for arguments in PRINTS {
        let mut command = place.turncoat(arguments);
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(ENVIRONMENT), "{arguments:?}: {said}");
        assert!(said.contains("cannot write the results to standard output: No space left"), "{said}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_none() {
    let place = Place::new();
    finished(&place);
    for arguments in PRINTS {
        let mut child =
            place.turncoat(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    }
}

#[test]
fn a_temporary_folder_that_is_not_there_is_named() {
    let place = Place::new();
    place.file("quick.yaml", QUICK);
    let mut command = place.turncoat(&["run", "quick.yaml"]);
    command.env("TMPDIR", place.path("gone"));
    place.end(command).fails(ENVIRONMENT, &["the parties' files", "<place>/gone: No such file"]);
}

/// As a user who may not write; root is one for a moment.
#[test]
fn what_may_not_be_written_is_named_and_no_mistake_of_the_command_line() {
    let place = Place::new();
    place.file("quick.yaml", QUICK);
    let closed = place.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(place.path(""), Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(place.path("tmp"), Permissions::from_mode(0o777)).unwrap();
    let am_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    for arguments in [
        &["run", "quick.yaml", "--out", "closed/out"][..],
        &["new", "closed/new.yaml"],
        &["certs", "new", "--parties", "1", "--out", "closed/certs"],
        &["credentials", "--parties", "1", "--out", "closed"],
        &["man", "--out", "closed"],
    ] {
        let mut command = place.turncoat(arguments);
        if am_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Err(error) if am_root => return println!("skipped: nobody may not run it: {error}"),
            started => drop(started.unwrap().wait()),
        }
        place.end(command).fails(ENVIRONMENT, &["closed", "Permission denied", "choose another place"]);
    }
    let unreadable = place.file("secret.yaml", QUICK);
    fs::set_permissions(&unreadable, Permissions::from_mode(0)).unwrap();
    let mut command = place.turncoat(&["run", word(&unreadable)]);
    if am_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    place.end(command).fails(ENVIRONMENT, &["secret.yaml: Permission denied"]);
}
