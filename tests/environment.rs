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
    fs::set_permissions(&unreadable, Permissions::from_mode(0o000)).unwrap();
    let mut command = place.turncoat(&["run", word(&unreadable)]);
    if am_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    place.end(command).fails(ENVIRONMENT, &["secret.yaml: Permission denied"]);
}

/// Variables that are set and empty, as scripts leave them.
#[test]
fn an_empty_variable_is_an_unset_one() {
    let place = Place::new();
    place.file("quick.yaml", QUICK);
    let plain = place.run(&["run", "quick.yaml"]).ok();
    let variables = [
        "TURNCOAT_DATA",
        "TURNCOAT_LOG",
        "TURNCOAT_LOG_FORMAT",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_SERVICE_NAME",
        "NO_COLOR",
        "CLICOLOR",
        "SSL_CERT_FILE",
        "RAYON_NUM_THREADS",
    ];
    let with_empty = |arguments: &[&str]| {
        let mut command = place.turncoat(arguments);
        command.envs(variables.map(|variable| (variable, "")));
        place.end(command)
    };
    let ended = with_empty(&["run", "quick.yaml"]).ok();
    assert_eq!((ended.stdout, ended.stderr), (plain.stdout, plain.stderr));
    for arguments in [&["data", "list"][..], &["new", "-", "--name", "x"], &["run", "--help"]] {
        let (plain, empty) = (place.run(arguments).ok(), with_empty(arguments).ok());
        assert_eq!((empty.stdout, empty.stderr), (plain.stdout, plain.stderr), "{arguments:?}");
    }
    with_empty(&["data", "verify"]).fails(2, &["which data folder?"]);
    // What is logged is what would be without: a warning, say.
    let lost = with_empty(&["run", "none.yaml"]);
    lost.fails(2, &["error: none.yaml: No such file"]);
    // Without a temporary folder of one's own it is everybody's, and never the folder that one is in.
    let mut command = place.turncoat(&["run", "quick.yaml"]);
    command.env("TMPDIR", "");
    place.end(command).ok();
    let mut names: Vec<_> =
        support::files(&place.path("")).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, ["quick.yaml", "tmp"]);
}

/// A folder on a disk with room for so many bytes, if this user may mount one; it is gone with the command's mount namespace.
fn on_a_small_disk(place: &Place, bytes: u32, filler: u32, arguments: &str) -> Option<support::Ended> {
    fs::create_dir_all(place.path("disk")).unwrap();
    let script = format!(
        "mount -t tmpfs -o size={bytes} none disk || exit 99; head -c {filler} /dev/zero > disk/filler; \
         \"$0\" {arguments}; code=$?; find disk -mindepth 1 ! -name filler; exit $code"
    );
    let mut command = std::process::Command::new("unshare");
    let turncoat = place.turncoat(&[]);
    command.args(["-m", "sh", "-c", &script]).arg(turncoat.get_program()).current_dir(place.path(""));
    command.env("TMPDIR", place.path("tmp")).stdin(Stdio::null());
    if command
        .output()
        .is_ok_and(|output| output.status.code() != Some(99) && output.status.code() != Some(1))
    {
        return Some(place.end(command));
    }
    println!("skipped: no small disk can be mounted");
    None
}

#[test]
fn what_a_full_disk_leaves_half_written_is_removed() {
    let place = Place::new();
    for (arguments, room, filler) in [
        ("new disk/a/new.yaml", 4_096, 4_096),
        ("certs new --parties 20 --out disk/certs", 20_480, 0),
        ("credentials --parties 20 --out disk/tokens", 20_480, 0),
        ("man --out disk/man", 40_960, 0),
    ] {
        let Some(ended) = on_a_small_disk(&place, room, filler, arguments) else { return };
        assert_eq!(ended.code, Some(ENVIRONMENT), "{arguments}: {}{}", ended.stdout, ended.stderr);
        assert!(
            ended.stderr.contains("cannot write disk/") && ended.stderr.contains("make room there"),
            "{}",
            ended.stderr
        );
        assert_eq!(ended.stdout, "", "{arguments}: something is left");
    }
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let place = Place::new();
    place
        .run(&["new", "/dev/full", "--force", "--name", "x"])
        .fails(ENVIRONMENT, &["cannot write /dev/full: No space"]);
    place.run(&["new", "/dev/null", "--force", "--name", "x"]).ok();
    assert!(!fs::symlink_metadata("/dev/null").unwrap().is_file());
    place.file("real.yaml", "");
    std::os::unix::fs::symlink("real.yaml", place.path("link.yaml")).unwrap();
    place.run(&["new", "link.yaml", "--force"]).ok();
    assert!(fs::read_to_string(place.path("real.yaml")).unwrap().contains("name: link"));
    let new = fs::metadata(place.path("real.yaml")).unwrap();
    assert_eq!(new.mode() & 0o600, 0o600);
}
