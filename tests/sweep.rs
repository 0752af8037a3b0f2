//! Sweeps with the real executable: what they leave behind, that stopping and starting again changes no byte of the results,
//! and that nothing finished is run twice.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Ended, Place, SMALL, files, report, until, word};

/// The small scenario in one process, with a sweep.
fn scenario(place: &Place, sweep: &str) {
    place.file("sweep.yaml", format!("{SMALL}launch: {{mode: in_process}}\nsweep: {sweep}\n"));
}

/// Runs the sweep; the log says which repeats are done.
fn run(place: &Place, more: &[&str]) -> Ended {
    let mut command = place.turncoat(&[&["run", "sweep.yaml"], more].concat());
    command.env("TURNCOAT_LOG", "warn,turncoat::progress=info");
    place.end(command)
}

/// The header and the rows of a table.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let owned = |record: &csv::StringRecord| record.iter().map(String::from).collect::<Vec<_>>();
    let header = owned(reader.headers().unwrap());
    (header, reader.records().map(|record| owned(&record.unwrap())).collect())
}

fn finished(out: &Path) -> Vec<PathBuf> {
    files(&out.join("runs")).into_iter().filter(|run| run.join("report.json").exists()).collect()
}

#[test]
fn a_sweep_is_its_runs_and_one_table_of_all() {
    let place = Place::new();
    scenario(&place, "{federation.skew.dirichlet.alpha: [0.5, 5], federation.parties: [3, 4]}");
    let ended = run(&place, &["--out", "out"]).ok();
    let out = place.path("out");
    let names: Vec<_> = files(&out).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["pictures", "report.html", "results.csv", "runs", "sweep.resolved.yaml", "table.txt"]);
    assert_eq!(finished(&out).len(), 4);
    for line in [
        "run 1 of 4 (federation.skew.dirichlet.alpha=0.5, federation.parties=3): 1 of 2 repeats done",
        "all results are in out/results.csv",
    ] {
        assert!(ended.stderr.contains(line), "{line:?} is not in:\n{}", ended.stderr);
    }
    assert!(!ended.stderr.contains("already there"), "{}", ended.stderr);

    let json = run(&place, &["--out", "out", "--format", "json"]).ok().stdout;
    let reported: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&reported["schema"], reported["runs"].as_array().unwrap().len()),
        (&"turncoat.sweep/1".into(), 4)
    );
    let last = &reported["runs"][3];
    assert_eq!(last["values"]["federation.parties"], "4");
    let file = out.join("runs").join(last["run"].as_str().unwrap()).join("report.json");
    assert_eq!(
        last["report"],
        serde_json::from_str::<serde_json::Value>(&fs::read_to_string(file).unwrap()).unwrap()
    );
    assert_eq!(place.run(&["run", "--resume", "out", "--format", "json"]).ok().stdout, json);

    // Each run is what a single run with these values is, in the order of the file.
    let (header, rows) = table(&out.join("results.csv"));
    let mut expected = Vec::new();
    for (alpha, parties) in [("0.5", "3"), ("0.5", "4"), ("5", "3"), ("5", "4")] {
        let set =
            [format!("federation.skew.dirichlet.alpha={alpha}"), format!("federation.parties={parties}")];
        let set = ["--set", &set[0], "--set", &set[1], "--out", "single", "--overwrite", "--quiet"];
        run(&place, &set).ok();
        let (columns, own) = table(&place.path("single/results.csv"));
        assert_eq!(header[..3], ["federation.skew.dirichlet.alpha", "federation.parties", "run"]);
        assert_eq!(header[3..], columns);
        let single = report(&place.path("single"));
        let same = finished(&out).into_iter().find(|run| report(run) == single);
        let folder = same.expect("a run has this report").file_name().unwrap().to_str().unwrap().to_owned();
        assert!(folder.len() == 16 && folder.bytes().all(|byte| byte.is_ascii_hexdigit()), "{folder}");
        expected.extend(
            own.into_iter().map(|row| [vec![alpha.into(), parties.into(), folder.clone()], row].concat()),
        );
    }
    assert_eq!(rows, expected);
    for says in ["small: 4 runs over", " alpha ", " parties ", " least_loss ", "±"] {
        assert!(ended.stdout.contains(says), "{says:?} is not in:\n{}", ended.stdout);
    }
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());

    // The resolved sweep is the same sweep: everything is there already, and says the same.
    let resolved = word(&out.join("sweep.resolved.yaml")).to_owned();
    let again = place.run(&["run", &resolved, "--out", "out"]).ok();
    assert!(again.stderr.contains("4 of 4 runs were already there"), "{}", again.stderr);
    assert_eq!(again.stdout, ended.stdout);
}

/// Two quick runs, then one that takes a while, so that there is a middle to interrupt.
const LONG: &str =
    "{data.synthetic.gaussian_clusters.features: [4, 6, 8], federation.records_per_party: [100, 9000]}";

#[test]
fn a_sweep_that_was_stopped_goes_on_where_it_was_and_ends_with_the_same_bytes() {
    let place = Place::new();
    let more = [
        "data.synthetic.gaussian_clusters={records: 40000, features: 2, classes: 8}",
        "repeats=1",
        "adversaries=[aggregator: {attacks: [least_loss]}]",
        "launch.mode=processes",
    ];
    let more: Vec<&str> = more.iter().flat_map(|set| ["--set", set]).collect();
    scenario(&place, &LONG.replace("data.synthetic.gaussian_clusters.features", "seed"));
    run(&place, &[&["--out", "undisturbed", "--quiet"], &more[..]].concat()).ok();
    let undisturbed = fs::read(place.path("undisturbed/results.csv")).unwrap();

    let out = place.path("out");
    for interrupted_after in [1, 3] {
        let running = place.start(&[&["run", "sweep.yaml", "--out", "out"], &more[..]].concat());
        until("no run is finished", || finished(&out).len() >= interrupted_after);
        // The run after a quick one is a long one; wait until it is under way.
        until("the next run never starts", || {
            files(&out.join("runs")).iter().any(|run| {
                !run.join("report.json").exists() && files(&run.join("logs")).iter().any(|log| log.is_dir())
            })
        });
        running.signal("INT");
        let ended = running
            .wait()
            .fails(130, &["interrupted", "of 6 runs are finished in out; the same command goes on"]);
        assert!(ended.stdout.is_empty(), "a sweep that was stopped has no table");
        place.wait_until_empty();
        assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
        let done = finished(&out).len();
        assert!((interrupted_after..6).contains(&done), "{done}");
        let (_, rows) = table(&out.join("results.csv"));
        assert_eq!(rows.len(), done, "one result a run, of finished runs only");
    }
    let before: Vec<(PathBuf, String)> = finished(&out)
        .into_iter()
        .map(|run| (run.clone(), fs::read_to_string(run.join("report.json")).unwrap()))
        .collect();
    let ended = run(&place, &[&["--out", "out"], &more[..]].concat()).ok();
    let says = format!("{} of 6 runs were already there", before.len());
    assert!(ended.stderr.contains(&says), "{}", ended.stderr);
    assert_eq!(ended.stderr.matches("1 of 1 repeat done").count(), 6 - before.len(), "{}", ended.stderr);
    for (run, text) in before {
        assert_eq!(fs::read_to_string(run.join("report.json")).unwrap(), text, "its timings would differ");
    }
    assert!(fs::read(out.join("results.csv")).unwrap() == undisturbed);
    let names = |out: &str| -> Vec<_> {
        finished(&place.path(out)).iter().map(|run| run.file_name().unwrap().to_owned()).collect()
    };
    assert_eq!(names("out"), names("undisturbed"));
}

#[test]
fn a_run_that_is_not_whole_is_run_again_and_overwrite_runs_all() {
    let place = Place::new();
    scenario(&place, "{seed: [1, 2, 3]}");
    let quick = ["--set", "repeats=1", "--out", "out"];
    let first = run(&place, &quick).ok();
    let out = place.path("out");
    let results = fs::read(out.join("results.csv")).unwrap();
    let runs = finished(&out);
    for (damage, text) in [("run.sha256", "0"), ("report.json", "{"), ("results.csv", "a,b\n1\n")] {
        fs::write(runs[1].join(damage), text).unwrap();
        let again = run(&place, &quick).ok();
        assert!(again.stderr.contains("2 of 3 runs were already there"), "{damage}: {}", again.stderr);
        assert_eq!(again.stdout, first.stdout);
        assert_eq!(fs::read(out.join("results.csv")).unwrap(), results);
    }
    let all = run(&place, &[&quick[..], &["--overwrite"]].concat()).ok();
    assert!(!all.stderr.contains("already there"), "{}", all.stderr);
    assert_eq!(all.stderr.matches("1 of 1 repeat done").count(), 3);
    assert_eq!(fs::read(out.join("results.csv")).unwrap(), results);

    // More values: what was run stays, and the table tells of all.
    let other = run(&place, &[&quick[..], &["--set", "sweep.seed=[4, 3, 2, 1]"]].concat()).ok();
    assert!(other.stderr.contains("3 of 4 runs were already there"), "{}", other.stderr);
    assert_eq!(finished(&out).len(), 4);
    let mut seeds: Vec<String> = table(&out.join("results.csv")).1.iter().map(|row| row[0].clone()).collect();
    seeds.dedup();
    assert_eq!(seeds, ["4", "3", "2", "1"]);
}

/// A sweep's folder is as safe from another sweep as a run's from another run.
#[test]
fn a_sweep_is_not_replaced_by_another_one_unasked() {
    let place = Place::new();
    scenario(&place, "{federation.parties: [3, 4]}");
    let quick = ["--set", "repeats=1", "--out", "out", "--quiet"];
    run(&place, &quick).ok();
    let out = place.path("out");
    let content = || {
        let text = |name: &str| fs::read_to_string(out.join(name)).unwrap();
        [text("sweep.resolved.yaml"), text("results.csv"), text("table.txt")]
    };
    let before = content();
    for other in ["seed=2", "sweep.federation.parties=[3, 5]"] {
        run(&place, &[&quick[..], &["--set", other]].concat())
            .fails(2, &["out holds a finished sweep of other runs", "--overwrite"]);
        assert_eq!(content(), before);
    }
    // One that was stopped is as safe.
    fs::remove_file(out.join("table.txt")).unwrap();
    run(&place, &[&quick[..], &["--set", "seed=2"]].concat())
        .fails(2, &["out holds an unfinished sweep of other runs, 2 of which this one has not"]);
    run(&place, &[&quick[..], &["--set", "seed=2", "--overwrite"]].concat()).ok();
    assert_ne!(content(), before);
    assert_eq!(finished(&out).len(), 2, "no run of the other sweep is left");
}

/// `run --resume`, `report` and `compare` call the same sweeps finished.
#[test]
fn what_is_finished_is_the_same_for_every_command() {
    let place = Place::new();
    scenario(&place, "{federation.parties: [3, 4]}");
    run(&place, &["--set", "repeats=1", "--out", "out", "--quiet"]).ok();
    let out = place.path("out");
    let resume = || place.run(&["run", "--resume", "out"]).ok().stderr;
    let ask = [&["report", "out"][..], &["compare", "out", "--with", "out"]];
    let all_say_finished = || {
        assert!(resume().contains("the sweep in out was already finished"));
        ask.iter().for_each(|command| {
            place.run(command).ok();
        });
    };
    all_say_finished();
    let report = finished(&out)[0].join("report.json");
    for missing in [out.join("table.txt"), report.clone()] {
        fs::remove_file(&missing).unwrap();
        for command in ask {
            place.run(command).fails(2, &["the sweep in out is not finished: ", "run --resume out"]);
        }
        assert!(!resume().contains("already finished"));
        assert!(missing.exists());
        all_say_finished();
    }
    // A report that is none: of a single run it is an error to every command, of a sweep's run too.
    run(&place, &["--set", "federation.parties=3", "--out", "single", "--quiet"]).ok();
    place.file("single/report.json", "{");
    for command in
        [&["run", "--resume", "single"][..], &["report", "single"], &["compare", "single", "--with", "out"]]
    {
        place.run(command).fails(3, &["single/report.json is no report"]);
    }
}

/// What a finished run leaves is part of what it is: asked for more files, it is another run.
#[test]
fn a_finished_sweep_that_is_asked_for_vectors_has_them() {
    let place = Place::new();
    scenario(&place, "{seed: [1, 2]}");
    let quick = ["--set", "repeats=2", "--out", "out"];
    run(&place, &quick).ok();
    let out = place.path("out");
    let without = fs::read(out.join("results.csv")).unwrap();
    let vectors = ["--set", "export=[vectors]"];
    let requested = run(&place, &[&quick[..], &vectors].concat()).ok();
    assert!(!requested.stderr.contains("already there"), "{}", requested.stderr);
    let have: Vec<PathBuf> =
        finished(&out).into_iter().filter(|run| run.join("vectors.npz").exists()).collect();
    assert_eq!(have.len(), 2);
    let (_, rows) = table(&out.join("results.csv"));
    let named = |run: &PathBuf| rows.iter().any(|row| row[1] == run.file_name().unwrap().to_str().unwrap());
    assert!(have.iter().all(named), "the table names the runs that have vectors");
    let again = run(&place, &[&quick[..], &vectors].concat()).ok();
    assert!(again.stderr.contains("2 of 2 runs were already there"), "{}", again.stderr);
    // The figures are the same.
    let figures = |text: &[u8]| -> Vec<String> {
        String::from_utf8_lossy(text)
            .lines()
            .skip(1)
            .map(|line| line.splitn(3, ',').last().unwrap().to_owned())
            .collect()
    };
    assert_eq!(figures(&without), figures(&fs::read(out.join("results.csv")).unwrap()));
}

#[test]
fn other_data_under_the_same_name_are_other_runs() {
    let place = Place::new();
    let rows = |last: &str| -> String {
        (0..400).map(|n| format!("{},{},{}\n", n % 17, n % 5, ["yes", "no"][n % 2])).collect::<String>()
            + last
    };
    let text = "name: file\nseed: 1\ndata: {csv: {path: people.csv, target: income}}\n\
        federation: {parties: 2, records_per_party: 40, skew: iid}\nlaunch: {mode: in_process}\n\
        adversaries: [outsider: {attacks: [gap]}]\nsweep: {federation.records_per_party: [40, 60]}\n";
    place.file("sweep.yaml", text);
    place.file("people.csv", format!("age,hours,income\n{}", rows("1,1,yes\n")));
    run(&place, &["--out", "out"]).ok();
    let again = run(&place, &["--out", "out"]).ok();
    assert!(again.stderr.contains("2 of 2 runs were already there"), "{}", again.stderr);
    place.file("people.csv", format!("age,hours,income\n{}", rows("1,2,yes\n")));
    let changed = run(&place, &["--out", "out"]).ok();
    assert!(!changed.stderr.contains("already there"), "{}", changed.stderr);
    assert_eq!(finished(&place.path("out")).len(), 4);
    fs::remove_file(place.path("people.csv")).unwrap();
    run(&place, &["--out", "out"]).fails(3, &["people.csv"]);
}

#[test]
fn runs_that_are_the_same_experiment_are_run_once() {
    let place = Place::new();
    scenario(&place, "{launch.mode: [in_process, processes], repeats: [1, 0x1]}");
    let ended = run(&place, &["--out", "out"]).ok();
    assert_eq!(ended.stderr.matches("1 of 1 repeat done").count(), 1, "{}", ended.stderr);
    assert_eq!(finished(&place.path("out")).len(), 1);
    let (_, rows) = table(&place.path("out/results.csv"));
    let swept: Vec<String> = rows.iter().map(|row| row[..2].join(" ")).collect();
    let mut distinct = swept.clone();
    distinct.dedup();
    assert_eq!(distinct, ["in_process 1", "in_process 0x1", "processes 1", "processes 0x1"]);
}

#[test]
fn a_run_that_fails_is_named_and_those_before_it_are_kept() {
    let place = Place::new();
    scenario(&place, "{federation.records_per_party: [100, 5000, 110], repeats: [1]}");
    let explicit =
        ["--set", "federation.on_degenerate=error", "--set", "federation.skew=iid", "--out", "out"];
    run(&place, &explicit).fails(
        2,
        &["run 2 of 3 (federation.records_per_party=5000, repeats=1): ", "1 of 3 runs are finished in out"],
    );
    assert_eq!(finished(&place.path("out")).len(), 1);
}

#[test]
fn folders_of_sweeps_and_of_single_runs_are_not_mixed() {
    let place = Place::new();
    scenario(&place, "{seed: [1, 2]}");
    let printed = run(&place, &["--set", "repeats=1"]).ok();
    assert!(printed.stdout.contains("small: 2 runs over seed"), "{}", printed.stdout);
    assert!(printed.stderr.contains("add --out DIR to keep the runs"), "{}", printed.stderr);
    let quiet = place.run(&["run", "sweep.yaml", "--set", "repeats=1", "--quiet"]).ok();
    assert_eq!(quiet.stderr, "");
    run(&place, &["--out", "sweep", "--set", "repeats=1", "--quiet"]).ok();
    run(&place, &["--out", "single", "--set", "seed=3", "--quiet"]).ok();
    run(&place, &["--out", "single"]).fails(2, &["single holds a finished run of one scenario"]);
    run(&place, &["--out", "sweep", "--set", "seed=3", "--overwrite"])
        .fails(2, &["sweep holds the runs of a sweep"]);
    assert!(place.path("sweep/results.csv").exists());
}

#[test]
fn checking_a_sweep_checks_all_its_runs() {
    let place = Place::new();
    scenario(&place, "{federation.parties: [3, 4, 5], seed: [1, 2]}");
    let ended = place.run(&["check", "sweep.yaml"]).ok();
    assert_eq!(ended.stdout, "sweep.yaml: ok (small, a sweep of 6 runs over federation.parties, seed)\n");
    scenario(&place, "{federation.parties: [3, 2], federation.records_per_party: [10, none]}");
    let ended = place.run(&["check", "sweep.yaml"]).fails(
        2,
        &[
            "(for federation.parties=2)",
            "sweep.yaml:17:72: federation.records_per_party is none: must be a whole number",
        ],
    );
    assert_eq!(ended.stderr.matches("is none").count(), 1, "{}", ended.stderr);
    scenario(&place, "{federation.parties: [3, 4], seed: [1, 2]}");
    place
        .run(&["data", "describe", "sweep.yaml"])
        .fails(2, &["a sweep of 4 runs", "--set federation.parties=VALUE"]);
}
