//! How a page opens: the answer, and the picture that shows it.

use super::answer::{Answer, most_precise};
use super::folder::Run;
use super::parts::Page;
use crate::error::Error;
use crate::picture::{Dots, Mark, Panel, Picture, Row, Tone};
use crate::report::read::{ReadReport, ReadResult};

/// The two questions with what they ask.
pub(super) const QUESTIONS: [(&str, &str); 2] =
    [("source", "Whose record is it?"), ("membership", "Was it in the training data?")];
/// What federations are told by.
pub(super) const PRECISION: &str = "precision";
/// What single targets are told by: precision is cheap for an attack that hardly claims anything.
pub(super) const ACCURACY: &str = "accuracy";
/// Vantages, from who sees least to who sees most.
pub(super) const VANTAGES: [&str; 3] = ["outsider", "party", "aggregator"];

const FEDERATION: &str = "Precision of the most precise attack from each vantage, in percent, mean over the repeats with its 95 % interval (Student's \
     t); membership on class-matched non-members. Dashed: guessing. Purple: what an adversary reaches that asks nothing and knows \
     the true class counts (prior only), of the records that this adversary is asked about. The question is that of Truex et al., \
     section 4.7. That the best of several attacks is shown favours whoever tries more of them; every attack is in the tables below.";
const TARGETS: &str = "Accuracy of the most accurate attack on each kind of target, in percent, mean over the repeats with its 95 % interval \
     (Student's t, cut at 0 and 100 %), on class-matched non-members. Dashed: guessing. That the best of several attacks is shown \
     favours targets that more were tried on; every attack is in the tables below. After Truex et al., section 4.";

/// The name, the answer, and what a reader has to know before anything else.
pub(super) fn opening(page: &mut Page, run: &Run) -> Result<(), Error> {
    let report = &run.report;
    page.html.element("p", &[("class", "name")], |h| {
        h.text(&format!("{} · {}", report.scenario.name, kind(report)));
    });
    let answer = Answer::of(report);
    let target = report.laboratory.is_some();
    page.html.plain("h1", if target { "What a model gives away" } else { "What the insider learns" });
    page.html.element("p", &[("class", "answer"), ("id", "answer")], |h| h.text(&answer.sentence));
    if let Some(more) = &answer.more {
        page.paragraph(more);
    }
    if report.is_degraded() {
        page.html.element("p", &[("class", "warn")], |h| {
            h.text("This run was degraded: some queries were answered without a party, refused or not answered. Its figures are \
                    not those of the federation that the scenario describes; ");
            h.element("a", &[("href", "#service")], |h| h.text("see what was lost"));
            h.text(".");
        });
    }
    let panels: Vec<Panel> =
        QUESTIONS.iter().filter_map(|(question, title)| panel(report, question, title)).collect();
    page.picture(
        Picture {
            name: "answer".into(),
            alternative: format!("The answer as a picture. {}", answer.sentence),
            panels,
        },
        if target { TARGETS } else { FEDERATION },
    )?;
    page.small(&match report.scenario.repeats {
        1 => "One repeat, so that there are no intervals: how much the draw of the records alone changes is not known.".into(),
        repeats => format!(
            "Square brackets and ± give the 95 % interval of the mean over {repeats} repeats of dealing, training and attacking."
        ),
    });
    Ok(())
}

fn kind(report: &ReadReport) -> String {
    match (&report.federation, &report.laboratory) {
        (Some(federation), _) => format!(
            "{} parties, {}, disclosure {}, {} repeats",
            federation.parties.len(),
            federation.learner,
            federation.disclosure,
            report.scenario.repeats
        ),
        (None, Some(laboratory)) => format!(
            "single targets, {} adversary, {} repeats of {} folds",
            laboratory.knowledge, report.scenario.repeats, laboratory.folds
        ),
        (None, None) => String::new(),
    }
}

fn panel(report: &ReadReport, question: &str, title: &str) -> Option<Panel> {
    let rows: Vec<Row> = match &report.laboratory {
        None => VANTAGES
            .iter()
            .filter_map(|vantage| most_precise(report, question, vantage))
            .filter_map(|result| row(result, &who(result), PRECISION))
            .collect(),
        Some(laboratory) => laboratory
            .targets
            .iter()
            .filter_map(|target| best_of_target(report, &target.learner))
            .filter(|result| result.question.as_deref() == Some(question))
            .filter_map(|result| row(result, result.target.as_deref().unwrap_or("target"), ACCURACY))
            .collect(),
    };
    if rows.is_empty() {
        return None;
    }
    let figure = if report.laboratory.is_some() { ACCURACY } else { PRECISION };
    let has_prior = rows.iter().any(|row| row.tick.is_some());
    Some(Panel::Dots(Dots {
        title: title.into(),
        axis: format!("{figure}, percent"),
        rows,
        lines: Vec::new(),
        key: Vec::new(),
        line_key: "guessing".into(),
        tick_key: if has_prior { "prior only: class counts, no query".into() } else { String::new() },
    }))
}

/// The most accurate attack on a kind of target.
pub(super) fn best_of_target<'a>(report: &'a ReadReport, learner: &str) -> Option<&'a ReadResult> {
    let of_target = report.results.iter().filter(|result| result.target.as_deref() == Some(learner));
    let known = of_target.filter_map(|result| Some((result, result.figure(ACCURACY)?.mean)));
    known.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(result, _)| result)
}

/// `party-3: least_loss`.
fn who(result: &ReadResult) -> String {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    format!("{}: {}", text(&result.adversary), result.id())
}

/// A row of a chart for one of a result's figures.
pub(super) fn row(result: &ReadResult, label: &str, name: &str) -> Option<Row> {
    let figure = result.figure(name)?;
    let tone = match result.target {
        Some(_) => Tone::Blue,
        None => Tone::of_vantage(result.vantage.as_deref().unwrap_or_default()),
    };
    Some(Row {
        label: label.into(),
        marks: vec![Mark { tone, value: figure.mean, interval: figure.ci95 }],
        tick: result.prior_only(name).filter(|_| result.target.is_none()).map(|prior| prior.mean),
        chance: result.chance(),
    })
}
