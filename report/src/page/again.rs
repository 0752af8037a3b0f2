//! Notes, and everything that is needed to run the experiment again.

use super::folder::{FILES, Run};
use super::parts::{Part, code, folded, list, paragraph, small, table};
use crate::table::columns::{Cell, Table};

/// What a reader should know before trusting the figures, from the run and from this page.
pub(super) fn notes(run: &Run) -> Vec<Part> {
    let missing = run.resolved.is_none().then(|| {
        "scenario.resolved.yaml is not in this folder, so that this page cannot tell how to run the experiment again".to_owned()
    });
    let mut notes = run.report.notes.clone();
    notes.extend(run.claims.remark());
    notes.extend(missing);
    if notes.is_empty() { Vec::new() } else { vec![list(&notes)] }
}

/// Version, identity, seed, command, scenario, files.
pub(super) fn again(run: &Run) -> Vec<Part> {
    let (version, scenario) = (&run.report.version, &run.report.scenario);
    let (seed, repeats) = (scenario.seed.to_string(), scenario.repeats.to_string());
    let identity = [
        ("scenario", &scenario.name),
        ("turncoat", version),
        ("seed", &seed),
        ("repeats", &repeats),
        ("SHA-256 of the resolved scenario", &scenario.sha256),
    ];
    let identity = Table::of(&identity).text("", |(what, _)| what).text("", |(_, value)| value);
    let files = Table::of(FILES.iter().filter(|(name, _)| run.files.contains(name)))
        .column("file", false, |(name, _)| Cell::Link { text: (*name).into(), to: (*name).into() })
        .text("holds", |(_, what)| what);
    let mut parts = vec![
        paragraph(
            "Same scenario, same seed, same version: the same bytes, on any machine and any number of cores. In this folder:",
        ),
        code("turncoat run scenario.resolved.yaml --out again"),
        small(
            "Where the scenario reads files, add --data-dir DIR with the folder that holds them. turncoat report DIR makes this page and \
             its pictures again from the folder's own files.",
        ),
        table("What this is", identity),
    ];
    let resolved = run.resolved.iter();
    parts.extend(resolved.map(|resolved| folded("The scenario with every default and override", resolved)));
    parts.push(table("Beside this page", files));
    parts
}
