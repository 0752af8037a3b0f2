//! The vantage ladder: what is learned from each place, from who sees least to who sees most.
//!
//! The rungs are the outsider, who sees the average; a party under disclosure `aggregator`, who sees the average and its own vector,
//! hence the mean of the others (the residual party); a party under `open`, who sees every vector; and the aggregator, who sees
//! every vector and holds no data. One run has one disclosure, so it measures one kind of party at most.

use super::folder::Run;
use super::opening::{QUESTIONS, VANTAGES, row};
use super::parts::{Page, resting};
use crate::error::Error;
use crate::headline::Reading;
use crate::picture::{Dots, Panel, Picture, Row, Tone};
use crate::result::attack::ResultFigures;
use crate::result::report::Report;

/// The rungs, their names, and how each is had.
const RUNGS: [(&str, &str, &str); 4] = [
    ("outsider", "", "outsider"),
    ("party", "aggregator", "residual party"),
    ("party", "open", "party"),
    ("aggregator", "", "aggregator"),
];

/// Every attack by vantage, and how the rungs that were not measured can be.
pub(super) fn ladder(page: &mut Page, run: &Run, disclosure: &str) -> Result<(), Error> {
    page.heading("ladder", "The vantage ladder");
    let panels: Vec<Panel> = QUESTIONS
        .iter()
        .filter_map(|(question, title)| panel(&run.report, question, title, disclosure))
        .collect();
    page.picture(
        Picture {
            name: "ladder".into(),
            alternative: "Every attack by vantage. The figures are in the tables of all attacks".into(),
            panels,
        },
        "Precision of every attack (accuracy, where class counts alone never name some of the parties), in percent with 95 % intervals, from the vantage that sees least (top) to the one that sees \
         most: the outsider sees the average; a residual party the average and its own vector, hence the mean of the others; a party \
         under disclosure open every vector; the aggregator every vector, without data of its own. Parties are asked about the \
         others' records, the outsider about the same ones, the aggregator about everybody's. Membership on class-matched \
         non-members. After Truex et al., section 4.7.",
    )?;
    let measured = |vantage: &str, rung: &str| {
        run.report.results.iter().any(|result| result.vantage.as_deref() == Some(vantage))
            && (rung.is_empty() || rung == disclosure)
    };
    let missing: Vec<&str> = RUNGS
        .iter()
        .filter(|(vantage, rung, _)| !measured(vantage, rung))
        .map(|(_, _, name)| *name)
        .collect();
    if !missing.is_empty() {
        page.small(&format!(
            "Not measured in this run: {}. Both kinds of party are measured by a sweep over disclosure, \
             turncoat run SCENARIO --set 'sweep.federation.disclosure=[open, aggregator]' --out DIR; an outsider, a party and the \
             aggregator stand in the scenario's list of adversaries.",
            missing.join(", ")
        ));
    }
    Ok(())
}

/// What a vantage is called under a disclosure.
pub(super) fn rung(vantage: &str, disclosure: &str) -> &'static str {
    let is =
        |(of, under, _): &&(&str, &str, &str)| *of == vantage && (under.is_empty() || *under == disclosure);
    RUNGS.iter().find(is).map_or("party", |(_, _, name)| name)
}

fn panel(report: &Report, question: &str, title: &str, disclosure: &str) -> Option<Panel> {
    let figure = Reading::of(report, question).figure;
    let (mut rows, mut claims) = (Vec::new(), Vec::new());
    for vantage in VANTAGES {
        let counts = |result: &&ResultFigures| {
            result.question.as_deref() == Some(question)
                && result.vantage.as_deref() == Some(vantage)
                && result.non_members.as_deref() != Some("uniform")
        };
        let of_vantage = report.results.iter().filter(counts);
        let mut adversary = None;
        for (result, row) in of_vantage.filter_map(|result| Some((result, row(result, result.id(), figure)?)))
        {
            if adversary != Some(&result.adversary) {
                let name = result.adversary.as_deref().unwrap_or_default();
                let rung = rung(vantage, disclosure);
                let label = if name == rung { name.to_owned() } else { format!("{name} ({rung})") };
                rows.push(Row { label, ..Row::default() });
                adversary = Some(&result.adversary);
            }
            rows.push(row);
            claims.extend(result.claims(figure));
        }
    }
    if rows.is_empty() {
        return None;
    }
    Some(Panel::Dots(Dots {
        title: title.into(),
        axis: resting(&format!("{figure}, percent"), claims.into_iter()),
        rows,
        lines: Vec::new(),
        key: vec![
            (Tone::Blue, "outsider".into()),
            (Tone::Vermilion, "party".into()),
            (Tone::Green, "aggregator".into()),
        ],
        line_key: "guessing".into(),
        tick_key: "prior only: class counts, no query".into(),
    }))
}
