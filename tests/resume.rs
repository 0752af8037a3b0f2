//! Nothing is lost: a run that was killed at any moment goes on with `turncoat run --resume`, computes nothing twice, and
//! leaves the same bytes as a run that was not; and whatever is wrong with what it kept is an error and never a figure.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use support::{Ended, Place, SMALL, files, until, word};

const IN_PROCESS: &str = "launch: {mode: in_process}\n";

/// Targets on generated data, in repeats and folds.
const TARGETS: &str = "
kind: single_target
name: targets
seed: 5
repeats: 3
folds: 3
data: {synthetic: {gaussian_clusters: {records: 900, features: 4, classes: 3}}}
target: {records: 300, learners: [decision_tree, knn]}
knowledge: white_box
shadow: {records: 300, steps: [same_distribution]}
generation: {partitions: 2, learners: [decision_tree]}
attack: {learners: [decision_tree]}
attacks: [gap, confidence, shadow_model]
export: [claims, attack_sets]
";

/// Every file below a folder but logs, by its path from there; reports without the one part that may differ.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in files(&next) {
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if name != "logs" {
                    folders.push(path);
                }
                continue;
            }
            let mut bytes = fs::read(&path).unwrap();
            if name == "report.json" {
                let text = String::from_utf8(bytes).unwrap();
                bytes = text.split_once("\"timings_ms\"").unwrap().0.into();
            }
            found.insert(path.strip_prefix(folder).unwrap().to_owned(), bytes);
        }
    }
    found
}

/// Names of checkpoints of repeats and folds.
fn kept(out: &Path) -> Vec<String> {
    let names = files(&out.join("checkpoint")).into_iter();
    names
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name.starts_with("repeat-"))
        .collect()
}

fn assert_same(place: &Place, out: &str, undisturbed: &BTreeMap<PathBuf, Vec<u8>>, moment: &str) {
    let found = content(&place.path(out));
    assert_eq!(found.keys().collect::<Vec<_>>(), undisturbed.keys().collect::<Vec<_>>(), "{moment}");
    for (name, bytes) in &found {
        assert!(bytes == &undisturbed[name], "{} differs, {moment}", name.display());
    }
}

fn resume(place: &Place, out: &str) -> Ended {
    place.run(&["run", "--resume", out])
}

/// A stream of numbers from a seed.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
    *state >> 33
}

/// Kills a run at so many moments that a seed draws, again and again until it is done, and holds what it leaves against a
/// run that nobody disturbed. Returns how often a resumed run took something from its folder.
fn killed_at(moments: u32, seed: u64, place: &Place, start: &[&str]) -> u32 {
    let begun = Instant::now();
    place.run(&[start, &["--out", "undisturbed", "--quiet"]].concat()).ok();
    let takes = begun.elapsed();
    let undisturbed = content(&place.path("undisturbed"));
    let mut state = seed;
    let mut taken = 0;
    for moment in 0..moments {
        let out = format!("out-{moment}");
        // Anywhere from before the first file to after the last.
        let delay = takes * u32::try_from(next(&mut state) % 1100).unwrap() / 1000;
        let running = place.start(&[start, &["--out", &out, "--quiet"]].concat());
        std::thread::sleep(delay);
        running.signal("KILL");
        running.wait();
        let begun = place.path(&out).join("scenario.resolved.yaml").exists()
            || place.path(&out).join("sweep.resolved.yaml").exists();
        let finished = place.path(&out).join("report.json").exists();
        let repeats = kept(&place.path(&out)).iter().filter(|name| !name.contains("fold")).count();
        let ended = resume(place, &out);
        if begun {
            let ended = ended.ok();
            taken += u32::from(ended.stderr.contains("taken from the folder"));
            let says = format!("{repeats} of ");
            assert!(repeats == 0 || finished || ended.stderr.contains(&says), "{says}: {}", ended.stderr);
        } else {
            ended.fails(2, &["holds no run that could be resumed; begin one with"]);
            place.run(&[start, &["--out", &out, "--quiet"]].concat()).ok();
        }
        assert_same(place, &out, &undisturbed, &format!("killed after {delay:?} of {takes:?}"));
        fs::remove_dir_all(place.path(&out)).unwrap();
    }
    place.wait_until_empty();
    taken
}

#[test]
fn a_federation_killed_at_any_moment_ends_with_the_same_bytes() {
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}{IN_PROCESS}"));
    killed_at(5, 1, &place, &["run", "small.yaml", "--set", "repeats=6", "--jobs", "1"]);
}

#[test]
fn single_targets_killed_at_any_moment_end_with_the_same_bytes() {
    let place = Place::new();
    place.file("targets.yaml", TARGETS);
    killed_at(5, 2, &place, &["run", "targets.yaml", "--jobs", "1"]);
}

#[test]
fn a_sweep_killed_at_any_moment_ends_with_the_same_bytes() {
    let place = Place::new();
    place
        .file("sweep.yaml", format!("{SMALL}{IN_PROCESS}sweep: {{seed: [1, 2], federation.parties: [3]}}\n"));
    killed_at(4, 3, &place, &["run", "sweep.yaml", "--set", "repeats=3", "--jobs", "1"]);
}

/// Of processes too, and in a run that draws boundaries.
#[test]
fn a_federation_of_processes_goes_on_where_it_was_killed_and_repeats_nothing() {
    let place = Place::new();
    let boundaries = "boundaries: {features: [f1, f2], grid: 9}\n";
    place.file("small.yaml", format!("{SMALL}{boundaries}"));
    let start = ["run", "small.yaml", "--set", "repeats=4", "--jobs", "1"];
    place.run(&[&start[..], &["--out", "undisturbed", "--quiet"]].concat()).ok();
    let running = place.start(&[&start[..], &["--out", "out"]].concat());
    until("no repeat is finished", || kept(&place.path("out")).len() >= 2);
    running.signal("KILL");
    running.wait();
    place.wait_until_empty();
    let names = kept(&place.path("out"));
    let done = names.len();
    let log = place.path("out/logs").join(&names[0]).join("coordinator.log");
    let before = fs::metadata(&log).unwrap().modified().unwrap();
    let ended = resume(&place, "out").ok();
    let says = format!("{done} of 4 repeats were taken from the folder");
    assert!(done < 4 && ended.stderr.contains(&says), "{says:?} is not in:\n{}", ended.stderr);
    assert_eq!(fs::metadata(&log).unwrap().modified().unwrap(), before, "a finished repeat is not run again");
    assert_eq!(files(&place.path("out/logs")).len(), 4);
    assert_same(&place, "out", &content(&place.path("undisturbed")), "killed between repeats");
    assert!(!place.path("out/checkpoint").exists());

    // It is finished now, and stays as it is.
    let bytes = fs::read(place.path("out/report.json")).unwrap();
    let again = resume(&place, "out").ok();
    assert_eq!(again.stdout, ended.stdout);
    assert!(again.stderr.contains("the run in out was already finished"), "{}", again.stderr);
    assert_eq!(fs::read(place.path("out/report.json")).unwrap(), bytes);
}

/// A folder in which some repeats of the small scenario are finished.
fn stopped(place: &Place) -> PathBuf {
    stopped_with(place, SMALL)
}

fn stopped_with(place: &Place, scenario: &str) -> PathBuf {
    place.file("small.yaml", format!("{scenario}{IN_PROCESS}"));
    let running = place.start(&["run", "small.yaml", "--out", "out", "--set", "repeats=40", "--jobs", "1"]);
    let out = place.path("out");
    until("no repeat is finished", || kept(&out).len() >= 2);
    running.signal("INT");
    let ended = running.wait().fails(130, &["`turncoat run --resume out` goes on from there", "interrupted"]);
    assert!(!ended.stderr.contains("process of the federation"), "there are none: {}", ended.stderr);
    let done = kept(&out).len();
    assert!((2..40).contains(&done), "{done}");
    out
}

#[test]
fn nothing_is_lost_unasked() {
    let place = Place::new();
    let out = stopped(&place);
    let before = kept(&out);
    let start = ["run", "small.yaml", "--set", "repeats=1", "--out", "out"];
    place.run(&start).fails(2, &["out holds an unfinished run", "turncoat run --resume out", "--overwrite"]);
    let sweep = ["--set", "sweep.seed=[1, 2]"];
    place.run(&[&start[..], &sweep].concat()).fails(2, &["holds an unfinished run of one scenario"]);
    assert_eq!(kept(&out), before);
    place.run(&[&start[..], &["--overwrite"]].concat()).ok();
    assert!(!out.join("checkpoint").exists());
}

#[test]
fn a_resumed_run_takes_its_scenario_from_the_folder_alone() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    place
        .run(&["run", "--resume", "out", "small.yaml"])
        .fails(2, &["was begun with, so a scenario file cannot"]);
    place.run(&["run", "--resume", "out", "--set", "seed=4"]).fails(2, &["was begun with, so --set cannot"]);
    place.run(&["run", "--resume", "out", "--out", "two"]).fails(2, &["was begun with, so --out cannot"]);
    place.run(&["run", "--resume", "out", "--overwrite"]).fails(2, &["--overwrite"]);
    place.run(&["run", "--resume", "out"]).fails(2, &["out holds no run that could be resumed; begin one"]);
    assert!(!place.path("out").exists());
}

#[test]
fn whatever_is_wrong_with_a_checkpoint_is_told_and_never_a_figure() {
    let place = Place::new();
    let out = stopped(&place);
    // Repeats end in any order.
    let names = kept(&out);
    let file = out.join("checkpoint").join(&names[1]);
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 4;
    let half = whole[..whole.len() / 2].to_vec();
    let first = fs::read(out.join("checkpoint").join(&names[0])).unwrap();
    let cases = [
        (flipped, "does not match its hash"),
        (half, "its hash"),
        (Vec::new(), "cut short"),
        (first, "another name"),
    ];
    for (bytes, says) in cases {
        fs::write(&file, bytes).unwrap();
        let named = format!("checkpoint/{} is damaged: ", names[1]);
        let ended = resume(&place, "out").fails(2, &[&named, says, "delete this file"]);
        assert!(ended.stdout.is_empty() && !out.join("report.json").exists());
    }
    fs::write(&file, &whole).unwrap();

    // Another scenario in the folder: other figures were to come of it.
    let resolved = out.join("scenario.resolved.yaml");
    let text = fs::read_to_string(&resolved).unwrap();
    fs::write(&resolved, text.replace("seed: 3", "seed: 4")).unwrap();
    resume(&place, "out")
        .fails(2, &["checkpoint/origin is of another scenario", "put the resolved scenario back"]);
    fs::remove_file(out.join("checkpoint/origin")).unwrap();
    resume(&place, "out").fails(2, &["checkpoint/data is of another scenario"]);
    fs::write(&resolved, "seed: [").unwrap();
    resume(&place, "out").fails(2, &["scenario.resolved.yaml"]);
    fs::remove_file(&resolved).unwrap();
    resume(&place, "out").fails(2, &["scenario.resolved.yaml is not there", "put it back"]);

    // Put right again, with what a killed process leaves of a file: the run ends as if nothing had been.
    fs::write(&resolved, text).unwrap();
    fs::write(out.join("checkpoint/.repeat-003.partial"), &whole[..100]).unwrap();
    fs::remove_file(&file).unwrap();
    let ended = resume(&place, "out").ok();
    assert!(ended.stderr.contains(" of 40 repeats were taken"), "{}", ended.stderr);
    place.run(&["run", "small.yaml", "--out", "undisturbed", "--set", "repeats=40", "--quiet"]).ok();
    assert_same(&place, "out", &content(&place.path("undisturbed")), "after repairs");
}

/// Vectors are kept beside the checkpoints: those of a resumed run are whole, or it is not resumed.
#[test]
fn a_resumed_run_exports_all_its_vectors_or_says_why_not() {
    let place = Place::new();
    let out = stopped(&place);
    // Asked for vectors afterwards, it would have those of the repeats that were still to come.
    let resolved = out.join("scenario.resolved.yaml");
    let text = fs::read_to_string(&resolved).unwrap();
    fs::write(&resolved, format!("{text}export: [vectors]\n")).unwrap();
    resume(&place, "out").fails(2, &["is of another scenario", "put the resolved scenario back"]);
    fs::remove_dir_all(&out).unwrap();

    let with = format!("{SMALL}export: [vectors]\n");
    let out = stopped_with(&place, &with);
    let spool = out.join("checkpoint").join(kept(&out)[0].replace("repeat-", "vectors-"));
    let whole = fs::read(&spool).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 4;
    for bytes in [&flipped[..], &whole[..whole.len() / 2]] {
        fs::write(&spool, bytes).unwrap();
        resume(&place, "out")
            .fails(2, &["is damaged: its content does not match its hash", "delete repeat-"]);
    }
    fs::write(&spool, &whole).unwrap();
    let ended = resume(&place, "out").ok();
    assert!(ended.stderr.contains(" of 40 repeats were taken"), "{}", ended.stderr);
    place.run(&["run", "small.yaml", "--out", "undisturbed", "--set", "repeats=40", "--quiet"]).ok();
    assert!(out.join("vectors.npz").exists());
    assert_same(&place, "out", &content(&place.path("undisturbed")), "with vectors");
}

#[test]
fn a_run_is_not_resumed_on_other_data() {
    let place = Place::new();
    let rows: String = (0..900).map(|n| format!("{},{},c{}\n", n % 17, n % 5, n % 3)).collect();
    let text = "name: file\nseed: 1\ndata: {csv: {path: people.csv, target: class}}\n\
        federation: {parties: 2, records_per_party: 200, skew: iid}\n\
        adversaries: [outsider: {attacks: [gap]}]\n";
    let data = place.file("people.csv", format!("a,b,class\n{rows}"));
    let out = stopped_with(&place, text);
    fs::write(&data, format!("a,b,class\n{rows}1,1,c1\n")).unwrap();
    resume(&place, "out").fails(3, &["checkpoint/data was made on other data than is read now"]);
    fs::remove_file(&data).unwrap();
    resume(&place, "out").fails(3, &["people.csv"]);
    // From another folder, by its name alone.
    fs::write(&data, format!("a,b,class\n{rows}")).unwrap();
    let mut elsewhere = place.turncoat(&["run", "--resume", word(&out)]);
    elsewhere.current_dir(place.path("tmp"));
    let ended = place.end(elsewhere).ok();
    assert!(ended.stderr.contains("repeats were taken from the folder"), "{}", ended.stderr);
}

#[test]
fn one_process_works_in_a_folder() {
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}{IN_PROCESS}"));
    let running = place.start(&["run", "small.yaml", "--out", "out", "--set", "repeats=400"]);
    until("no repeat is finished", || !kept(&place.path("out")).is_empty());
    resume(&place, "out").fails(2, &["another turncoat is at work in out"]);
    place
        .run(&["run", "small.yaml", "--out", "out", "--overwrite"])
        .fails(2, &["another turncoat is at work"]);
    running.signal("KILL");
    running.wait();
    assert!(!kept(&place.path("out")).is_empty());
}

/// A file system that is full, as the kernel tells it of a file that grows too large.
#[test]
fn a_full_disk_is_told_and_what_was_kept_before_stays() {
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}{IN_PROCESS}"));
    let limited = |blocks: &str, arguments: &str| {
        let mut command = std::process::Command::new("sh");
        // Ignored, the signal becomes an error of the call that writes; and so it is for programs started from here.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {arguments}");
        let plain = place.turncoat(&[]);
        command.args(["-c", &script]).arg(plain.get_program()).current_dir(place.path(""));
        command.env("TMPDIR", place.path("tmp")).stdin(std::process::Stdio::null());
        place.end(command)
    };
    let start = "run small.yaml --out out --set repeats=3 --jobs 1";
    // 512 bytes hold where the run began, and no more than half of a repeat.
    let ended = limited("1", start);
    assert_eq!(ended.code, Some(74), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("cannot write out/") && ended.stderr.contains("make room there"),
        "{}",
        ended.stderr
    );
    assert!(!place.path("out/report.json").exists() && kept(&place.path("out")).is_empty());
    place.run(&["run", "small.yaml", "--out", "undisturbed", "--set", "repeats=3", "--quiet"]).ok();
    place.run(&["run", "small.yaml", "--out", "out", "--set", "repeats=3", "--quiet"]).ok();
    assert_same(&place, "out", &content(&place.path("undisturbed")), "after a full disk");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let place = Place::new();
    place.file("small.yaml", format!("{SMALL}{IN_PROCESS}"));
    place.file("file", "");
    let start = ["run", "small.yaml", "--quiet", "--out"];
    place.run(&[&start[..], &["file"]].concat()).fails(2, &["cannot make the output folder file"]);
    place.run(&[&start[..], &["/proc/out"]].concat()).fails(74, &["cannot make the output folder /proc/out"]);
}

/// Fifty random moments in each kind of run take a minute; they are asked for by name.
#[test]
fn fifty_moments_when_asked_for() {
    let Some(moments) = std::env::var("TURNCOAT_KILL_MOMENTS").ok().and_then(|text| text.parse().ok()) else {
        println!("skipped: set TURNCOAT_KILL_MOMENTS=50 to kill a run at that many moments");
        return;
    };
    let begun = Instant::now();
    let place = Place::new();
    place.file("small.yaml", SMALL);
    let taken = killed_at(moments, 50, &place, &["run", "small.yaml", "--set", "repeats=6", "--jobs", "1"]);
    let seconds = begun.elapsed().max(Duration::from_secs(1)).as_secs();
    println!(
        "{moments} of {moments} reports identical; {taken} resumed runs took repeats from their folder; {seconds} s"
    );
}
