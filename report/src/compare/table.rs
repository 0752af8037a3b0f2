//! The comparison on the terminal: percent with two digits, as papers print them.

use std::fmt::Write as _;

use turncoat_learn::words::counted;

use super::comparison::{Comparison, Line};
use crate::few_claims;
use crate::table::grid::Grid;

/// Where a list is broken into lines.
const WIDTH: usize = 110;

/// Everything that is printed. `what` names the references, as in "published".
#[must_use]
pub fn render(comparison: &Comparison<'_>, what: &str) -> String {
    let mut text = String::new();
    if !comparison.lines.is_empty() {
        let names = [
            "scenario",
            "swept",
            "adversary",
            "attack",
            "non-members",
            "target",
            "generation",
            "attack model",
            "figure",
        ];
        let numbers = ["measured", "claims", what, "claims", "difference", "covered", "source"];
        let mut grid = Grid::new(names.map(String::from), numbers.map(String::from));
        let notes = notes(comparison);
        comparison.lines.iter().for_each(|line| grid.add(cells(line, &notes)));
        let _ = writeln!(text, "{}\n", grid.table());
        text.push_str(
            "Percent; measured: mean over repeats ± half of its 95 % interval; claims: how many a repeat's figure rests on;\n\
             covered: whether that interval covers the figure it is held against.\n",
        );
        if let Some(legend) = few_claims::legend(&text) {
            let _ = writeln!(text, "{legend}");
        }
        for (place, note) in notes.iter().enumerate() {
            let _ = writeln!(text, "[{}] {note}", place + 1);
        }
        text.push('\n');
    }
    let (known, covered) = comparison
        .lines
        .iter()
        .filter_map(Line::covered)
        .fold((0, 0), |(known, covered), yes| (known + 1, covered + usize::from(yes)));
    let _ = writeln!(
        text,
        "{} compared, {covered} of the {known} with an interval covered; {} measured without a figure to compare",
        counted(comparison.lines.len(), "figure", "figures"),
        counted(comparison.unpublished, "result", "results"),
    );
    for reference in &comparison.unmet {
        let fields: Vec<&str> = reference.fields.iter().map(|(_, value)| value.as_str()).collect();
        let swept: Vec<String> =
            reference.swept.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let about: Vec<&str> = fields
            .into_iter()
            .chain(swept.iter().map(String::as_str))
            .chain([reference.figure.as_str()])
            .collect();
        let _ = writeln!(
            text,
            "no result for {} {} ({:.2}, {})",
            reference.scenario,
            about.join(" "),
            100.0 * reference.value,
            reference.source
        );
    }
    if !comparison.not_measured.is_empty() {
        text.push_str("not measured here, with the number of figures:\n");
        let mut line = String::from(" ");
        for (scenario, figures) in &comparison.not_measured {
            let entry = format!(" {scenario} ({figures})");
            if line.len() + entry.len() > WIDTH {
                let _ = writeln!(text, "{line}");
                line = String::from(" ");
            }
            line.push_str(&entry);
        }
        let _ = writeln!(text, "{line}");
    }
    text
}

fn cells(line: &Line<'_>, notes: &[&str]) -> [String; 16] {
    let Line { measured, reference, figure } = line;
    let swept: Vec<String> = measured.swept.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let result = &measured.result;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let claims = |claims: Option<f64>| claims.map_or_else(String::new, few_claims::shown);
    let mark = notes.iter().position(|note| *note == reference.note);
    [
        measured.scenario.clone(),
        swept.join(" "),
        text(&result.adversary),
        result.id().to_owned(),
        text(&result.non_members),
        text(&result.means.target),
        text(&result.means.generation),
        text(&result.means.attack_learner),
        reference.figure.clone(),
        figure.percent(2),
        claims(line.claims()),
        format!("{:.2}", 100.0 * reference.value),
        claims(reference.claims),
        format!("{:+.2}", 100.0 * line.difference()),
        line.covered().map_or("-", |covered| if covered { "yes" } else { "no" }).into(),
        mark.map_or_else(|| reference.source.clone(), |mark| format!("{} [{}]", reference.source, mark + 1)),
    ]
}

/// The notes of the lines, each once.
fn notes<'a>(comparison: &Comparison<'a>) -> Vec<&'a str> {
    let mut notes: Vec<&str> = Vec::new();
    for line in &comparison.lines {
        if !line.reference.note.is_empty() && !notes.contains(&line.reference.note.as_str()) {
            notes.push(&line.reference.note);
        }
    }
    notes
}
