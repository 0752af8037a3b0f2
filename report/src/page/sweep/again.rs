//! Notes of all runs, and what is needed to run the sweep again.

use super::Swept;
use crate::page::parts::{Part, code, folded, list, paragraph, small};
use crate::sweep::folder::RESOLVED;

/// What a reader should know before trusting the figures, each note once.
pub(super) fn notes(swept: &Swept) -> Vec<Part> {
    let mut notes: Vec<(String, Vec<String>)> = Vec::new();
    for run in &swept.runs {
        let degraded = run.report.is_degraded().then(|| "degraded: see the run's own page".to_owned());
        for note in run.report.notes.iter().cloned().chain(degraded) {
            match notes.iter_mut().find(|(text, _)| *text == note) {
                Some((_, by)) => by.push(swept.label(run)),
                None => notes.push((note, vec![swept.label(run)])),
            }
        }
    }
    let runs = swept.runs.len();
    let said = |(note, by): &(String, Vec<String>)| match by.len() {
        count if count == runs => note.clone(),
        1..=3 => format!("{note} ({})", by.join("; ")),
        count => format!("{note} (in {count} of {runs} runs)"),
    };
    let notes: Vec<String> = notes.iter().map(said).collect();
    if notes.is_empty() { Vec::new() } else { vec![list(&notes)] }
}

/// The command, the version, and the scenario.
pub(super) fn again(swept: &Swept) -> Vec<Part> {
    let version = swept.runs.first().map_or("", |run| &run.report.version);
    let mut parts = vec![
        paragraph("Same sweep, same seeds, same version: the same bytes. In this folder:"),
        code(&format!("turncoat run {RESOLVED} --out again")),
        small(
            "turncoat report DIR makes this page, those of the runs and all pictures again from the folder's own files.",
        ),
        paragraph(&format!(
            "Made by turncoat {version}; each run's page has its seed and the SHA-256 of its scenario."
        )),
    ];
    let resolved = swept.resolved.iter();
    parts.extend(resolved.map(|resolved| folded("The sweep with every default and override", resolved)));
    parts
}
