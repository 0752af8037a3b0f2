//! Notes, and everything that is needed to run the experiment again.

use super::folder::{FILES, Run};
use super::parts::{Cell, Page};

/// What a reader should know before trusting the figures, from the run and from this page.
pub(super) fn notes(page: &mut Page, run: &Run) {
    let missing = run.resolved.is_none().then(|| {
        "scenario.resolved.yaml is not in this folder, so that this page cannot tell how to run the experiment again".to_owned()
    });
    let mut notes = run.report.notes.clone();
    notes.extend(run.claims.remark());
    notes.extend(missing);
    if notes.is_empty() {
        return;
    }
    page.heading("notes", "Notes");
    page.html.element("ul", &[], |h| notes.iter().for_each(|note| h.plain("li", note)));
}

/// Version, identity, seed, command, scenario, files.
pub(super) fn again(page: &mut Page, run: &Run) {
    let report = &run.report;
    page.heading("again", "Run it again");
    page.paragraph(
        "Same scenario, same seed, same version: the same bytes, on any machine and any number of cores. In this folder:",
    );
    let command = "turncoat run scenario.resolved.yaml --out again";
    page.html.element("pre", &[], |h| h.plain("code", command));
    page.small(
        "Where the scenario reads files, add --data-dir DIR with the folder that holds them. turncoat report DIR makes this page and \
         its pictures again from the folder's own files.",
    );
    let text = |name: &str, value: String| vec![Cell::text(name), Cell::text(value)];
    page.table(
        "What this is",
        &["", ""],
        &[
            text("scenario", report.scenario.name.clone()),
            text("turncoat", report.version.clone()),
            text("seed", report.scenario.seed.to_string()),
            text("repeats", report.scenario.repeats.to_string()),
            text("SHA-256 of the resolved scenario", report.scenario.sha256.clone()),
        ],
    );
    if let Some(resolved) = &run.resolved {
        page.html.element("details", &[], |h| {
            h.plain("summary", "The scenario with every default and override");
            h.element("pre", &[], |h| h.plain("code", resolved));
        });
    }
    let rows: Vec<Vec<Cell>> = FILES
        .iter()
        .filter(|(name, _)| run.files.contains(name))
        .map(|(name, what)| vec![Cell::Link { text: (*name).into(), to: (*name).into() }, Cell::text(*what)])
        .collect();
    page.table("Beside this page", &["file", "holds"], &rows);
}
