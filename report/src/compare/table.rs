//! The comparison on the terminal: percent with two digits, as papers print them.

use std::fmt::Write as _;

use turncoat_learn::words::counted;

use super::comparison::{Comparison, Line};
use super::reference::Reference;
use crate::few_claims;
use crate::table::columns::Table;

/// Where a list is broken into lines.
const WIDTH: usize = 110;

/// Everything that is printed. `what` names the references, as in "published".
#[must_use]
pub fn render(comparison: &Comparison<'_>, what: &str) -> String {
    let mut text = String::new();
    if !comparison.lines.is_empty() {
        let notes = notes(comparison);
        let _ = writeln!(text, "{}\n", table(comparison, what, &notes).terminal());
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
        let fields = reference.fields.iter().map(|(_, value)| value.clone());
        let about = fields.chain(pairs(&reference.swept)).chain([reference.figure.clone()]);
        let _ = writeln!(
            text,
            "no result for {} {} ({:.2}, {})",
            reference.scenario,
            about.collect::<Vec<_>>().join(" "),
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

fn table<'a>(comparison: &'a Comparison<'_>, what: &str, notes: &[&str]) -> Table<&'a Line<'a>> {
    const RESULT: [(&str, &str); 6] = [
        ("adversary", "adversary"),
        ("attack", "id"),
        ("non-members", "non_members"),
        ("target", "target"),
        ("generation", "generation"),
        ("attack model", "attack_learner"),
    ];
    let mut table = Table::of(&comparison.lines)
        .text("scenario", |line| &line.measured.scenario)
        .text("swept", |line| pairs(&line.measured.swept).join(" "));
    for (heading, field) in RESULT {
        table = table.text(heading, |line| line.measured.result.field(field).unwrap_or_default());
    }
    table
        .text("figure", |line| &line.reference.figure)
        .number("measured", |line| line.figure.percent(2))
        .claims("claims", Line::claims)
        .number(what, |line| format!("{:.2}", 100.0 * line.reference.value))
        .claims("claims", |line| line.reference.claims)
        .number("difference", |line| format!("{:+.2}", 100.0 * line.difference()))
        .number("covered", |line| line.covered().map_or("-", |covered| if covered { "yes" } else { "no" }))
        .number("source", |line| {
            let Reference { source, note, .. } = line.reference;
            let mark = notes.iter().position(|own| own == note);
            mark.map_or_else(|| source.clone(), |mark| format!("{source} [{}]", mark + 1))
        })
}

/// `key=value`, of each swept key.
fn pairs(swept: &[(String, String)]) -> Vec<String> {
    swept.iter().map(|(key, value)| format!("{key}={value}")).collect()
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
