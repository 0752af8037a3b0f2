//! Tables of one's own: `turncoat data describe` and the report say what each column was taken for and why.

use serde_json::Value;

use crate::support::Place;

/// Sixty records of two classes; `replaced` stands for the pay of line 7.
fn pay(replaced: &str) -> String {
    let mut text = String::from("age,pay,class\n");
    for at in 2..62 {
        let pay = if at == 7 { replaced.to_owned() } else { (1_000 + 17 * at % 500).to_string() };
        text.push_str(&format!("{},{pay},{}\n", 20 + at % 40, ["low", "high"][at % 2]));
    }
    text
}

const SCENARIO: &str = "\
name: csv
seed: 1
repeats: 2
data: {csv: {path: pay.csv}}
federation: {parties: 3, records_per_party: 10, skew: iid}
launch: {mode: in_process}
adversaries:
  - party: {id: 3, attacks: [gap]}
";

#[test]
fn a_table_is_described_as_a_scenario_on_it_is() {
    let place = Place::new();
    place.file("pay.csv", pay("NULL"));
    place.file("csv.yaml", SCENARIO);
    let table = place.run(&["data", "describe", "pay.csv"]).ok().stdout;
    assert!(table.starts_with("pay: 60 records, 2 features"), "{table}");
    assert_eq!(table, place.run(&["data", "describe", "csv.yaml"]).ok().stdout);
    let line = |name: &str| table.lines().rev().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("pay ").contains("numeric"), "{table}");
    assert!(
        line("pay ").contains("every value is a number; missing: 1 \"NULL\", taken as the median,"),
        "{table}"
    );
    assert!(line("class ").contains("target"), "{table}");
    assert!(
        line("header").contains("true") && line("header").contains("\"age\" stands over numbers"),
        "{table}"
    );
    let json = place.run(&["data", "describe", "pay.csv", "--format", "json"]).ok().stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["table"]["columns"][1]["missing_as"][0], serde_json::json!({"text": "NULL", "count": 1}));
    // What decides is set as in a scenario.
    let reported = place.run(&["data", "describe", "pay.csv", "--set", "data.csv.drop=[age]"]).ok().stdout;
    assert!(reported.contains("1 feature ") && reported.contains("left out"), "{reported}");
    place.run(&["data", "describe", "absent.csv"]).fails(3, &["no absent.csv"]);
}

#[test]
fn what_a_column_was_taken_for_stands_in_the_report_and_on_its_page() {
    let place = Place::new();
    place.file("pay.csv", pay("NULL"));
    place.file("csv.yaml", SCENARIO);
    place.run(&["run", "csv.yaml", "--out", "out"]).ok();
    let report: Value =
        serde_json::from_slice(&std::fs::read(place.path("out/report.json")).unwrap()).unwrap();
    let columns = report["table"]["columns"].as_array().unwrap();
    assert_eq!(columns.len(), 3);
    assert_eq!((&columns[1]["kind"], &columns[1]["missing"]), (&"numeric".into(), &1.into()));
    assert_eq!(columns[1]["why"], "every value is a number");
    let page = std::fs::read_to_string(place.path("out/report.html")).unwrap();
    assert!(
        page.contains("How the table was read") && page.contains("every value is a number; missing: 1 times")
    );
    // No table, no section.
    place.run(&["run", "csv.yaml", "--out", "iris", "--set", "data=iris"]).ok();
    let report = std::fs::read_to_string(place.path("iris/report.json")).unwrap();
    assert!(!report.contains("\"table\""));
}

#[test]
fn remarks_on_columns_are_notes_of_the_report() {
    let place = Place::new();
    let rows: String = (0..60).map(|at| format!("{},{at},{}\n", 1_700_000_001_u64 + at, at % 2)).collect();
    place.file("pay.csv", format!("account,age,class\n{rows}"));
    place.file("csv.yaml", SCENARIO);
    let note = "column \"account\": 60 different values fall together into 1 as 32-bit numbers";
    let reported = place.run(&["data", "describe", "pay.csv"]).ok().stdout;
    assert!(reported.contains(&format!("note: {note}")), "{reported}");
    place.run(&["run", "csv.yaml", "--out", "out"]).ok();
    let report = std::fs::read_to_string(place.path("out/report.json")).unwrap();
    assert!(report.contains(&note.replace('"', "\\\"")), "{report}");
}

#[test]
fn what_is_ambiguous_is_refused_with_the_key_that_decides() {
    let place = Place::new();
    for (text, key) in [
        (pay("45 %"), "`columns`"),
        (pay("about 1000"), "\"about 1000\" in line 7"),
        ("2024,city\n5,paris\n6,rome\n".into(), "`header: true` or `header: false`"),
        ("a;c\n1,234;x\n2;y\n".into(), "`decimal: "),
    ] {
        place.file("t.csv", text);
        place.run(&["data", "describe", "t.csv"]).fails(3, &["t.csv", key]);
    }
    place.file("t.csv", b"caf\xe9,y\n1,a\n2,b\n");
    place.run(&["data", "describe", "t.csv"]).fails(3, &["t.csv, line 1", "`encoding: windows-1252`"]);
    let reported =
        place.run(&["data", "describe", "t.csv", "--set", "data.csv.encoding=latin-1"]).ok().stdout;
    assert!(reported.contains("caf\u{e9}"), "{reported}");
}
