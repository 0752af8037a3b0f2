//! The vantage ladder: what is learned from each place, from who sees least to who sees most.
//!
//! The rungs are the outsider, who sees the average; a party under disclosure `aggregator`, who sees the average and its own vector,
//! hence the mean of the others (the residual party); a party under `open`, who sees every vector; and the aggregator, who sees
//! every vector and holds no data. One run has one disclosure, so it measures one kind of party at most.

use super::charts::{against_guessing, figure};
use super::folder::Run;
use super::parts::{Part, picture, small};
use crate::headline::{QUESTIONS, Reading, VANTAGES};
use crate::picture::{Panel, Row, Tone};
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
pub(super) fn ladder(run: &Run) -> Vec<Part> {
    let Some(federation) = &run.report.federation else { return Vec::new() };
    let disclosure = federation.disclosure.as_str();
    let panels =
        QUESTIONS.iter().filter_map(|(question, title)| panel(&run.report, question, title, disclosure));
    let mut parts = vec![picture(
        "ladder",
        "Every attack by vantage. The figures are in the tables of all attacks",
        panels,
        "Precision of every attack (accuracy, where class counts alone never name some of the parties), in percent with 95 % intervals, from the vantage that sees least (top) to the one that sees \
         most: the outsider sees the average; a residual party the average and its own vector, hence the mean of the others; a party \
         under disclosure open every vector; the aggregator every vector, without data of its own. Parties are asked about the \
         others' records, the outsider about the same ones, the aggregator about everybody's. Membership on class-matched \
         non-members. After Truex et al., section 4.7.",
    )];
    let measured = |vantage: &str, rung: &str| {
        run.report.results.iter().any(|result| result.is_of(vantage))
            && (rung.is_empty() || rung == disclosure)
    };
    let missing = RUNGS.iter().filter(|(vantage, rung, _)| !measured(vantage, rung));
    let missing: Vec<&str> = missing.map(|(_, _, name)| *name).collect();
    if !missing.is_empty() {
        parts.push(small(&format!(
            "Not measured in this run: {}. Both kinds of party are measured by a sweep over disclosure, \
             turncoat run SCENARIO --set 'sweep.federation.disclosure=[open, aggregator]' --out DIR; an outsider, a party and the \
             aggregator stand in the scenario's list of adversaries.",
            missing.join(", ")
        )));
    }
    parts
}

/// What a vantage is called under a disclosure.
pub(super) fn rung(vantage: &str, disclosure: &str) -> &'static str {
    let is =
        |(of, under, _): &&(&str, &str, &str)| *of == vantage && (under.is_empty() || *under == disclosure);
    RUNGS.iter().find(is).map_or("party", |(_, _, name)| name)
}

fn panel(report: &Report, question: &str, title: &str, disclosure: &str) -> Option<Panel> {
    let measure = Reading::of(report, question).figure;
    let (mut rows, mut claims) = (Vec::new(), Vec::new());
    for vantage in VANTAGES {
        let counts = |result: &&ResultFigures| {
            result.question.as_deref() == Some(question)
                && result.is_of(vantage)
                && result.non_members.as_deref() != Some("uniform")
        };
        let mut adversary = None;
        for result in report.results.iter().filter(counts) {
            let Some(row) = figure(result, result.id(), measure) else { continue };
            if adversary != Some(&result.adversary) {
                let name = result.adversary.as_deref().unwrap_or_default();
                let rung = rung(vantage, disclosure);
                rows.push(Row::heading(&if name == rung {
                    name.to_owned()
                } else {
                    format!("{name} ({rung})")
                }));
                adversary = Some(&result.adversary);
            }
            rows.push(row);
            claims.extend(result.claims(measure));
        }
    }
    let key = [(Tone::Blue, "outsider"), (Tone::Vermilion, "party"), (Tone::Green, "aggregator")];
    against_guessing(title, measure, rows, claims, &key)
}
