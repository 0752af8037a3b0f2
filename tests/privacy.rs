//! What passes through the temporary folder is for its owner alone, and does not stay.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::{Place, Running, SMALL, files, until, word};

/// A user with no rights beyond everybody's.
const NOBODY: u32 = 65_534;

/// A run that takes a while, with models, faults and tokens as files beside the shards.
const LONG: &str = "\
name: long
seed: 3
repeats: 1
data: {synthetic: {gaussian_clusters: {records: 20000, features: 12, classes: 8}}}
federation: {parties: 3, records_per_party: 2000, skew: iid, require: {at_least: 2}}
faults: [delay: {party: 1, ms: 1, fraction: 0.01}]
auxiliary: {records: 8000}
launch: {tls: false}
adversaries: [{party: {id: 2, attacks: [shadow_federation: {shadows: 256}]}}]
";

fn start(place: &Place, out: &str) -> Running {
    place.file("long.yaml", LONG);
    place.start(&["run", "long.yaml", "--out", out])
}

/// Everything below a folder, itself included.
fn below(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.to_owned()];
    if path.is_dir() {
        found.extend(files(path).iter().flat_map(|path| below(path)));
    }
    found
}

fn shard(place: &Place) -> Option<PathBuf> {
    let runs = place.leftovers();
    runs.iter().flat_map(|run| below(run)).find(|path| path.ends_with("party-1.npz"))
}

fn as_nobody(words: &[&str]) -> Output {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).uid(NOBODY).gid(NOBODY).output().unwrap()
}

/// Kills a run as soon as a party was handed something, and waits until nothing of it lives.
fn kill(place: &Place, run: Running) {
    until("no shard is written", || shard(place).is_some());
    run.signal("KILL");
    run.wait();
    place.wait_until_empty();
}

#[test]
fn nobody_else_may_look_at_what_a_party_is_handed() {
    let place = Place::new();
    let run = start(&place, "out");
    let all = || -> Vec<PathBuf> { place.leftovers().iter().flat_map(|run| below(run)).collect() };
    // From the first moment on, until everything that there is has been written.
    until("nothing is ever handed to anybody", || {
        let all = all();
        for path in &all {
            // One that is gone by now was a draft.
            let Ok(found) = path.symlink_metadata() else { continue };
            assert_eq!(found.mode() & 0o077, 0, "{} is {:o}", path.display(), found.mode());
        }
        let is_there =
            |ending: &str| all.iter().any(|path| path.extension().is_some_and(|own| own == ending));
        ["npz", "credentials", "json", "model"].into_iter().all(is_there)
    });
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        // The way there is open, so that it is the folder that keeps others out.
        fs::set_permissions(place.path(""), Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(place.path("tmp"), Permissions::from_mode(0o777)).unwrap();
        let open = place.file("tmp/open", "for everybody");
        let shard = shard(&place).unwrap();
        if as_nobody(&["cat", word(&open)]).status.success() {
            let run = shard.parent().unwrap().parent().unwrap();
            for words in [&["cat", word(&shard)], &["ls", word(run)]] {
                let refused = as_nobody(words);
                assert!(!refused.status.success() && refused.stdout.is_empty(), "{words:?} is not refused");
            }
        } else {
            println!("skipped: nobody cannot get as far as the temporary folder");
        }
        fs::remove_file(open).unwrap();
    } else {
        println!("skipped: only root can be somebody else");
    }
    run.signal("INT");
    run.wait().fails(130, &["interrupted"]);
    place.wait_until_empty();
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn the_next_run_removes_what_a_killed_one_left_and_nothing_of_one_that_lives() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    kill(&place, start(&place, "one"));
    let dead = place.leftovers();
    assert_eq!(dead.len(), 1, "killed, it cannot tidy up");

    let living = start(&place, "two");
    until("the next run does not tidy up", || !dead[0].exists() && shard(&place).is_some());
    let alive = place.leftovers();
    place.run(&["run", "small.yaml"]).ok();
    assert_eq!(place.leftovers(), alive);
    assert!(shard(&place).is_some(), "what lives is whole");
    living.signal("TERM");
    living.wait().fails(130, &["interrupted"]);
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn a_resumed_run_removes_its_own_wherever_it_was() {
    let place = Place::new();
    for again in [&["run", "--resume", "out"][..], &["run", "small.yaml", "--overwrite", "--out", "out"]] {
        place.file("small.yaml", SMALL);
        let long = ["run", "small.yaml", "--out", "out", "--set", "repeats=60", "--overwrite"];
        kill(&place, place.start(&long));
        let elsewhere = place.path("elsewhere");
        fs::create_dir_all(&elsewhere).unwrap();
        // As many repeats would take long; to begin is enough.
        let mut command = place.turncoat(again);
        command.env("TMPDIR", &elsewhere);
        let mut child =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        until("what was left behind stays", || place.leftovers().is_empty());
        support::signal(child.id(), "INT");
        child.wait().unwrap();
        assert!(files(&elsewhere).is_empty());
    }
}
