//! The table that ends a sweep: one row a run and result, percent, mean over repeats with half of its 95 % interval.

use std::fmt::Write as _;

use turncoat_learn::words::counted;

use crate::few_claims;
use crate::result::attack::ResultFigures;
use crate::result::report::Report;
use crate::table::columns::Table;

/// The column and the field of each name.
const NAMES: [(&str, &str); 7] = [
    ("adversary", "adversary"),
    ("question", "question"),
    ("attack", "id"),
    ("non-members", "non_members"),
    ("target", "target"),
    ("generation", "generation"),
    ("attack model", "attack_learner"),
];
const FIGURES: [(&str, &str); 3] = [("precision", "precision"), ("accuracy", "accuracy"), ("AUC", "auc")];

/// Everything that is printed when a sweep ends: `runs` are the swept values of each run with its report.
pub fn render(keys: &[String], runs: &[(&[String], &Report)]) -> String {
    let rows = runs.iter().flat_map(|(values, report)| report.results.iter().map(|result| (*values, result)));
    let mean = |result: &ResultFigures, name: &str| result.figure(name).map(|figure| figure.mean);
    let mut table = Table::of(rows);
    for (place, key) in short(keys).into_iter().enumerate() {
        table = table.text(key, |(values, _)| &values[place]);
    }
    for (heading, field) in NAMES {
        table = table.text(heading, |(_, result)| result.field(field).unwrap_or_default());
    }
    // What figures rest on: all claims, and those of *in*, on which the precision of membership does.
    table = table
        .claims("claims", |(_, result)| mean(result, "claims"))
        .claims("claims of in", |(_, result)| mean(result, "claims_in"));
    for (heading, name) in FIGURES {
        table = table.number(heading, |(_, result)| {
            result.figure(name).map_or_else(String::new, |figure| figure.percent(1))
        });
    }
    let name = runs.first().map_or("", |(_, report)| report.scenario.name.as_str());
    let mut text = format!("{name}: {} over {}\n", counted(runs.len(), "run", "runs"), keys.join(", "));
    if !table.is_empty() {
        let _ = writeln!(
            text,
            "\n{}\n\nPercent, mean over repeats ± half of its 95 % interval, where there is more than one repeat.\nclaims: of a repeat.",
            table.terminal()
        );
        if let Some(legend) = few_claims::legend(&text) {
            let _ = writeln!(text, "{legend}");
        }
    }
    for Note { text: note, first, said_by } in notes(runs) {
        let _ = if said_by == runs.len() {
            writeln!(text, "note: {note}")
        } else if said_by == 1 {
            let values: Vec<String> =
                short(keys).iter().zip(runs[first].0).map(|(key, value)| format!("{key}={value}")).collect();
            writeln!(text, "note ({}): {note}", values.join(", "))
        } else {
            writeln!(text, "note (in {said_by} of {} runs): {note}", runs.len())
        };
    }
    text
}

/// Key paths without the steps that are not needed to tell them apart.
fn short(keys: &[String]) -> Vec<String> {
    let tail = |key: &str, steps: usize| -> String {
        let all: Vec<&str> = key.split('.').collect();
        all[all.len().saturating_sub(steps)..].join(".")
    };
    let longest = keys.iter().map(|key| key.split('.').count()).max().unwrap_or(1);
    let one = |key: &String| {
        let alone =
            |steps: &usize| keys.iter().filter(|other| tail(other, *steps) == tail(key, *steps)).count() == 1;
        (1..=longest).find(alone).map_or_else(|| key.clone(), |steps| tail(key, steps))
    };
    keys.iter().map(one).collect()
}

/// What reports say.
struct Note<'a> {
    text: &'a str,
    /// The first run that says so.
    first: usize,
    /// How many runs do.
    said_by: usize,
}

/// Each note once, in the order it is first said.
fn notes<'a>(runs: &[(&[String], &'a Report)]) -> Vec<Note<'a>> {
    let mut notes: Vec<Note<'a>> = Vec::new();
    for (run, (_, report)) in runs.iter().enumerate() {
        for text in &report.notes {
            match notes.iter_mut().find(|note| note.text == text) {
                Some(note) => note.said_by += 1,
                None => notes.push(Note { text, first: run, said_by: 1 }),
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_as_short_as_they_may_be() {
        let keys = ["federation.skew.dirichlet.alpha", "federation.records_per_party.skewed.alpha", "seed"];
        let keys: Vec<String> = keys.map(String::from).into();
        assert_eq!(short(&keys), ["dirichlet.alpha", "skewed.alpha", "seed"]);
        assert_eq!(short(&["a.b".into(), "b".into()]), ["a.b", "b"]);
    }

    #[test]
    fn every_run_and_result_has_a_row_and_notes_are_told_once() {
        let report = |accuracy: f64, claims_in: f64, notes: &str| {
            let text = format!(
                r#"{{"schema": "turncoat.report/1", "scenario": {{"name": "n"}}, "notes": [{notes}],
                "results": [{{"attack": "gap", "claims": 400, "claims_in": {claims_in}, "accuracy": {{"mean": {accuracy}, "ci95": [0.5, 0.6]}}}}]}}"#
            );
            Report::parse(&text).unwrap()
        };
        let (one, two) = (report(0.55, 180.2, r#""look""#), report(0.65, 6.5, r#""look", "also""#));
        let values = [["3".to_owned()], ["5".to_owned()]];
        let text = render(&["federation.parties".into()], &[(&values[0], &one), (&values[1], &two)]);
        let lines: Vec<String> =
            text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines,
            [
                "n: 2 runs over federation.parties",
                "",
                "parties attack claims claims of in accuracy",
                "3 gap 400 180 55.0 ± 5.0",
                "5 gap 400 6.5† 65.0 ± 5.0",
                "",
                "Percent, mean over repeats ± half of its 95 % interval, where there is more than one repeat.",
                "claims: of a repeat.",
                "† fewer than 30 claims a repeat, too few for a 95 % interval.",
                "note: look",
                "note (parties=5): also",
            ]
        );
    }
}
