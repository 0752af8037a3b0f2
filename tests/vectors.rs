//! `export: [vectors]`: what is exported scores to the figures of the report, in either mode, after a resume, to the byte.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;

use support::{Place, report, unzipped};

const FEDERATION: &str = "
name: vectors
seed: 4
repeats: 2
data: iris
federation: {parties: 3, records_per_party: 20, skew: {simplex: {}}}
adversaries:
  - outsider: {attacks: [gap]}
  - aggregator: {attacks: [least_loss, gap]}
export: [vectors]
launch: {mode: in_process}
";

/// The rows of the table, by column.
fn rows(place: &Place, out: &str) -> Vec<BTreeMap<String, f64>> {
    let text = unzipped(&place.path(out).join("vectors.csv.gz"));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let value = |text: &str| if text.is_empty() { f64::NAN } else { text.parse().unwrap() };
    let row = |line: &str| -> BTreeMap<String, f64> {
        header.iter().map(|name| (*name).to_owned()).zip(line.split(',').map(value)).collect()
    };
    lines.map(row).collect()
}

fn vector(row: &BTreeMap<String, f64>, model: &str) -> Vec<f64> {
    (0..).map_while(|class| row.get(&format!("{model}p{class}")).copied()).collect()
}

/// Claimed to be in: the largest probability, the first of equals, is the label's.
fn predicted_right(row: &BTreeMap<String, f64>, model: &str) -> bool {
    let vector = vector(row, model);
    let largest = vector.iter().copied().fold(f64::MIN, f64::max);
    vector.iter().position(|&value| value == largest) == Some(row["label"] as usize)
}

/// Of the rows that count, the fraction that the gap attack is right about: in iff any of the models is right.
fn gap_accuracy(
    rows: &[BTreeMap<String, f64>],
    counts: impl Fn(&BTreeMap<String, f64>) -> bool,
    models: &[&str],
) -> f64 {
    let counted: Vec<_> = rows.iter().filter(|row| counts(row)).collect();
    let claimed = |row: &BTreeMap<String, f64>| models.iter().any(|model| predicted_right(row, model));
    let right = counted.iter().filter(|row| claimed(row) == (row["member"] == 1.0)).count();
    right as f64 / counted.len() as f64
}

#[test]
fn exported_vectors_score_to_the_reports_figures() {
    let place = Place::new();
    place.file("vectors.yaml", FEDERATION);
    let ended = place.run(&["run", "vectors.yaml", "--out", "out"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let rows = rows(&place, "out");
    for row in &rows {
        let parties: Vec<Vec<f64>> = (1..=3).map(|party| vector(row, &format!("party_{party}_"))).collect();
        for (class, average) in vector(row, "average_").into_iter().enumerate() {
            let mean = (parties[0][class] + parties[1][class] + parties[2][class]) / 3.0;
            assert!((average - mean).abs() < 1e-12);
        }
        assert_eq!(row["member"] == 1.0, row["owner"] > 0.0);
    }
    let report = report(&place.path("out"));
    let results = report["results"].as_array().unwrap();
    let gaps: Vec<_> = results.iter().filter(|result| result["attack"] == "gap").collect();
    assert_eq!(gaps.len(), 4, "two adversaries, two draws");
    for result in gaps {
        let models: &[&str] = match result["vantage"].as_str().unwrap() {
            "outsider" => &["average_"],
            _ => &["party_1_", "party_2_", "party_3_"],
        };
        let draw = result["non_members"].as_str().unwrap();
        for (repeat, expected) in result["accuracy"]["by_repeat"].as_array().unwrap().iter().enumerate() {
            let counts =
                |row: &BTreeMap<String, f64>| row["repeat"] == (repeat + 1) as f64 && row[draw] == 1.0;
            assert_eq!(Some(gap_accuracy(&rows, counts, models)), expected.as_f64(), "{result} {repeat}");
        }
    }
}

#[test]
fn the_files_are_the_same_bytes_however_the_federation_is_run_and_change_nothing_else() {
    let place = Place::new();
    place.file("vectors.yaml", FEDERATION);
    let read = |out: &str, name: &str| std::fs::read(place.path(out).join(name)).unwrap();
    for (out, more) in [
        ("memory", &["--jobs", "1"][..]),
        ("processes", &["--set", "launch={mode: processes, tls: true}"]),
        ("without", &["--set", "export=[]"]),
    ] {
        let ended = place.run(&[&["run", "vectors.yaml", "--out", out], more].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    for name in ["vectors.npz", "vectors.csv.gz", "claims.csv.gz", "results.csv"] {
        assert_eq!(read("memory", name), read("processes", name), "{name}");
    }
    assert_eq!(read("memory", "results.csv"), read("without", "results.csv"));
    assert_eq!(report(&place.path("memory"))["service"], report(&place.path("without"))["service"]);
    assert!(!place.path("without/vectors.npz").exists());
}

#[test]
fn a_single_targets_vectors_score_to_its_figures() {
    let place = Place::new();
    place.file(
        "target.yaml",
        "
kind: single_target
name: target
seed: 2
repeats: 2
folds: 2
data: iris
target: {records: 100, learners: [decision_tree, naive_bayes]}
knowledge: white_box
shadow: {records: 40, steps: [same_distribution]}
attacks: [gap]
export: [vectors]
",
    );
    let ended = place.run(&["run", "target.yaml", "--out", "out"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let rows = rows(&place, "out");
    let report = report(&place.path("out"));
    for (target, result) in report["results"].as_array().unwrap().iter().enumerate() {
        for (repeat, expected) in result["accuracy"]["by_repeat"].as_array().unwrap().iter().enumerate() {
            let folds = (1..=2).map(|fold| {
                let counts = |row: &BTreeMap<String, f64>| {
                    row["repeat"] == (repeat + 1) as f64
                        && row["fold"] == f64::from(fold)
                        && row["target"] == target as f64
                        && row["matched"] == 1.0
                };
                gap_accuracy(&rows, counts, &[""])
            });
            let mean = folds.sum::<f64>() / 2.0;
            assert!(
                (mean - expected.as_f64().unwrap()).abs() < 1e-12,
                "{target} {repeat}: {mean} {expected}"
            );
        }
    }
    assert!(!place.path("out/claims.csv.gz").exists(), "only what is asked for is kept");
}

/// Every record that any adversary was asked about is there, with the truth that its claims are scored by. Insider and outsider
/// are asked about other parties' records than the aggregator, so their non-members are drawn anew; and where non-members are
/// scarce, the question of membership leaves members out that the question of the source asks about.
#[test]
fn every_record_that_was_asked_about_is_exported() {
    let place = Place::new();
    place.file(
        "asked.yaml",
        "
name: asked
seed: 1
repeats: 2
data: winequality
federation: {parties: 3, records_per_party: 100, skew: iid}
adversaries:
  - outsider: {attacks: [gap]}
  - party: {id: 3, attacks: [gap, least_loss]}
export: [vectors]
launch: {mode: in_process}
",
    );
    let scarce = ["--set", "data=iris", "--set", "federation.records_per_party=45"];
    for (out, more, new) in [("many", &[][..], "non-members"), ("scarce", &scarce, "members")] {
        place.run(&[&["run", "asked.yaml", "--out", out], more].concat()).ok();
        let mut there: BTreeMap<(u64, u64), BTreeMap<String, f64>> = BTreeMap::new();
        let rows = rows(&place, out);
        let total = rows.len();
        for row in rows {
            there.insert((row["repeat"] as u64, row["record"] as u64), row);
        }
        assert_eq!(there.len(), total, "no record twice in a repeat");
        let claims = unzipped(&place.path(out).join("claims.csv.gz"));
        let mut reader = csv::Reader::from_reader(claims.as_bytes());
        let header = reader.headers().unwrap().clone();
        let mut beyond = 0;
        let (mut right, mut counted) = (0, 0);
        for claim in reader.records() {
            let claim = claim.unwrap();
            let cell = |name: &str| &claim[header.iter().position(|column| column == name).unwrap()];
            let key = (cell("repeat").parse().unwrap(), cell("record").parse().unwrap());
            let row =
                there.get(&key).unwrap_or_else(|| panic!("{out}: {key:?} was asked about and is missing"));
            assert_eq!(cell("label"), row["label"].to_string());
            match cell("question") {
                "membership" => assert_eq!(cell("member"), row["member"].to_string()),
                _ => assert_eq!(cell("owner"), row["owner"].to_string()),
            }
            beyond += u32::from(row["uniform"] == 0.0 && row["matched"] == 0.0);
            // With the draw that the claims tell, the outsider's figure follows from its vectors.
            if cell("adversary") == "outsider" && cell("repeat") == "1" && cell("uniform") == "1" {
                counted += 1;
                right += u32::from(predicted_right(row, "average_") == (row["member"] == 1.0));
            }
        }
        assert!(beyond > 0, "{out}: some {new} are in no draw about all parties");
        let report = report(&place.path(out));
        let is = |result: &&serde_json::Value| {
            (&result["vantage"], &result["non_members"]) == (&"outsider".into(), &"uniform".into())
        };
        let of_outsider = report["results"].as_array().unwrap().iter().find(is).unwrap();
        let accuracy = of_outsider["accuracy"]["by_repeat"][0].as_f64().unwrap();
        assert!((accuracy - f64::from(right) / f64::from(counted)).abs() < 1e-12);
    }
}
