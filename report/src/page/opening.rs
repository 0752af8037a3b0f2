//! How a page opens: the answer, and the picture that shows it.

use turncoat_learn::words::counted;

use super::folder::Run;
use super::parts::{Page, resting};
use crate::error::Error;
use crate::headline::{ACCURACY, Answer, Reading};
use crate::picture::{Dots, Mark, Panel, Picture, Row, Tone};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;
use crate::result::report::Report;

/// The two questions with what they ask.
pub(super) const QUESTIONS: [(&str, &str); 2] =
    [("source", "Whose record is it?"), ("membership", "Was it in the training data?")];
/// Vantages, from who sees least to who sees most.
pub(super) const VANTAGES: [&str; 3] = ["outsider", "party", "aggregator"];

const FEDERATION: &str = "The most precise attack from each vantage (the most accurate one, where class counts alone never name some of the parties), in \
     percent, mean with its 95 % interval; membership on class-matched non-members. Dashed: guessing. Purple: what an adversary reaches \
     that asks nothing and knows the true class counts (prior only), of the records that this adversary is asked about. The question \
     is that of Truex et al., section 4.7.";
const TARGETS: &str = "Accuracy of the most accurate attack on each kind of target, in percent, mean with its 95 % interval (cut at 0 and 100 %), on \
     class-matched non-members. Dashed: guessing. After Truex et al., section 4.";
/// How the best of several attacks is kept from being the luckiest.
const HALVES: &str = "Where there are several attacks, the best is chosen on the first half of the repeats, and what is told of it here are the repeats of the \
     second half; every attack is in the tables below, on all repeats.";

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
        &format!("{} {HALVES}", if target { TARGETS } else { FEDERATION }),
    )?;
    page.small(&match report.scenario.repeats {
        1 => "One repeat, so that there are no intervals: how much the draw of the records alone changes is not known.".into(),
        repeats => format!(
            "Square brackets give an interval, ± half of its length: of the mean over {repeats} repeats of dealing, training and attacking, \
             or those of them that are named, at 95 %, and of differences at the level that the sentence names. It is Student's t, \
             longer on the side of the longer tail (Johnson, 1978). A difference is claimed where its interval lies above nought; where \
             two questions are asked it is at 97.5 %, so that with nothing to find all claims together are wrong in one of twenty runs \
             at most."
        ),
    });
    Ok(())
}

fn kind(report: &Report) -> String {
    match (&report.federation, &report.laboratory) {
        (Some(federation), _) => format!(
            "{}, {}, disclosure {}, {}",
            counted(federation.parties.len(), "party", "parties"),
            federation.learner,
            federation.disclosure,
            counted(report.scenario.repeats, "repeat", "repeats")
        ),
        (None, Some(laboratory)) => format!(
            "single targets, {} adversary, {} of {}",
            laboratory.knowledge,
            counted(report.scenario.repeats, "repeat", "repeats"),
            counted(laboratory.folds, "fold", "folds")
        ),
        (None, None) => String::new(),
    }
}

fn panel(report: &Report, question: &str, title: &str) -> Option<Panel> {
    let reading = Reading::of(report, question);
    let results: Vec<&ResultFigures> = match &report.laboratory {
        None => VANTAGES.iter().filter_map(|vantage| reading.vantage(vantage)).collect(),
        Some(laboratory) => {
            let targets = laboratory.targets.iter();
            targets.filter_map(|target| reading.target(Some(&target.learner))).collect()
        }
    };
    let label = |result: &ResultFigures| result.means.target.clone().unwrap_or_else(|| who(result));
    let rows: Vec<Row> = results.iter().filter_map(|result| told(&reading, result, &label(result))).collect();
    if rows.is_empty() {
        return None;
    }
    let claims = results.iter().filter_map(|result| result.claims(reading.figure));
    let has_prior = rows.iter().any(|row| row.tick.is_some());
    Some(Panel::Dots(Dots {
        title: title.into(),
        axis: resting(&format!("{}, percent", reading.figure), claims),
        rows,
        lines: Vec::new(),
        key: Vec::new(),
        line_key: "guessing".into(),
        tick_key: if has_prior { "prior only: class counts, no query".into() } else { String::new() },
    }))
}

/// The most accurate attack on a kind of target.
pub(super) fn best_of_target<'a>(report: &'a Report, learner: &str) -> Option<&'a ResultFigures> {
    Reading::of(report, "membership").by(ACCURACY).target(Some(learner))
}

/// `party-3: least_loss`.
fn who(result: &ResultFigures) -> String {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    format!("{}: {}", text(&result.adversary), result.id())
}

/// A row of a chart for what a reading tells of a result.
pub(super) fn told(reading: &Reading, result: &ResultFigures, label: &str) -> Option<Row> {
    Some(drawn(result, label, reading.shown(result)?, reading.prior(result)))
}

/// A row of a chart for one of a result's figures.
pub(super) fn row(result: &ResultFigures, label: &str, name: &str) -> Option<Row> {
    Some(drawn(result, label, result.figure(name)?, result.prior_only(name)))
}

fn drawn(result: &ResultFigures, label: &str, figure: Figure, prior: Option<Figure>) -> Row {
    let tone = match result.means.target {
        Some(_) => Tone::Blue,
        None => Tone::of_vantage(result.vantage.as_deref().unwrap_or_default()),
    };
    Row {
        label: label.into(),
        marks: vec![Mark { tone, value: figure.mean, interval: figure.ci95 }],
        tick: prior.filter(|_| result.means.target.is_none()).map(|prior| prior.mean),
        chance: result.chance,
    }
}
