//! How a page opens: the answer, and the picture that shows it.

use turncoat_learn::words::counted;

use super::charts::{against_guessing, reported};
use super::folder::Run;
use super::html::Html;
use super::parts::{Part, paragraph, picture, small};
use crate::headline::{Headline, QUESTIONS, Reading};
use crate::picture::Panel;
use crate::result::report::Report;

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
pub(super) fn opening(run: &Run) -> Vec<Part> {
    let report = &run.report;
    let headline = Headline::of(report);
    let target = report.single_target.is_some();
    let title = if target { "What a model gives away" } else { "What the insider learns" };
    let mut parts =
        vec![named(&format!("{} · {}", report.scenario.name, kind(report)), title, &headline.sentence)];
    parts.extend(headline.more.as_deref().map(paragraph));
    if report.is_degraded() {
        parts.push(Part::html(degraded));
    }
    let panels = QUESTIONS.iter().filter_map(|(question, title)| panel(report, question, title));
    parts.extend([
        picture(
            "answer",
            &format!("The answer as a picture. {}", headline.sentence),
            panels,
            &format!("{} {HALVES}", if target { TARGETS } else { FEDERATION }),
        ),
        small(&match report.scenario.repeats {
            1 => "One repeat, so that there are no intervals: how much the draw of the records alone changes is not known.".into(),
            repeats => format!(
                "Square brackets give an interval, ± half of its length: of the mean over {repeats} repeats of partitioning, training and attacking, \
                 or those of them that are named, at 95 %, and of differences at the level that the sentence names. It is Student's t, \
                 longer on the side of the longer tail (Johnson, 1978). A difference is claimed where its interval lies above nought; where \
                 two questions are asked it is at 97.5 %, so that with nothing to find all claims together are wrong in one of twenty runs \
                 at most."
            ),
        }),
    ]);
    parts
}

/// The first lines of a page: what it is of, its title, and the answer.
pub(super) fn named(name: &str, title: &str, answer: &str) -> Part {
    Part::html(|h| {
        h.element("p", &[("class", "name")], |h| h.text(name));
        h.plain("h1", title);
        h.element("p", &[("class", "answer"), ("id", "answer")], |h| h.text(answer));
    })
}

fn degraded(h: &mut Html) {
    h.element("p", &[("class", "warn")], |h| {
        h.text(
            "This run was degraded: some queries were answered without a party, refused or not answered. Its figures are \
             not those of the federation that the scenario describes; ",
        );
        h.element("a", &[("href", "#service")], |h| h.text("see what was lost"));
        h.text(".");
    });
}

fn kind(report: &Report) -> String {
    match (&report.federation, &report.single_target) {
        (Some(federation), _) => format!(
            "{}, {}, disclosure {}, {}",
            counted(federation.parties.len(), "party", "parties"),
            federation.learner,
            federation.disclosure,
            counted(report.scenario.repeats, "repeat", "repeats")
        ),
        (None, Some(study)) => format!(
            "single targets, {} adversary, {} of {}",
            study.knowledge,
            counted(report.scenario.repeats, "repeat", "repeats"),
            counted(study.folds, "fold", "folds")
        ),
        (None, None) => String::new(),
    }
}

fn panel(report: &Report, question: &str, title: &str) -> Option<Panel> {
    let reading = Reading::of(report, question);
    let results = reading.speakers();
    let rows = results.iter().filter_map(|(_, result)| {
        let label = match &result.means.target {
            Some(target) => target.clone(),
            None => format!("{}: {}", result.subject(), result.id()),
        };
        reported(&reading, result, &label)
    });
    let claims = results.iter().filter_map(|(_, result)| result.claims(reading.figure));
    against_guessing(title, reading.figure, rows.collect(), claims, &[])
}
