//! The targets of an experiment on single ones, and what the adversary was given.

use super::folder::Run;
use super::opening::row;
use super::parts::{Cell, Page, resting};
use super::rocs::armed;
use crate::error::Error;
use crate::headline::ACCURACY;
use crate::picture::{Dots, Mark, Panel, Picture, Row, Tone};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;
use crate::result::single_target::LaboratoryFigures;
use turncoat_attack::Summary;

/// Most results drawn of one target.
const ROWS: usize = 24;

/// How well targets predict, and how well they are attacked.
pub(super) fn laboratory(page: &mut Page, run: &Run, laboratory: &LaboratoryFigures) -> Result<(), Error> {
    page.heading("targets", "The targets");
    page.paragraph(&format!(
        "The adversary is of {} knowledge; a shadow data set has {:.0} records and took {:.0} queries of the target, on average. Each \
         repeat halves the pool {} times; the records of one half are members. {}",
        laboratory.knowledge,
        laboratory.shadow_records.0,
        laboratory.shadow_queries.0,
        laboratory.folds,
        if laboratory.target_noise > 0.0 {
            format!("The records asked about carry noise of sigma {}.", laboratory.target_noise)
        } else {
            String::new()
        }
    ));
    let mark =
        |tone, summary: &Summary| summary.mean.map(|value| Mark { tone, value, interval: summary.ci95 });
    let rows = laboratory.targets.iter().map(|target| Row {
        label: target.learner.clone(),
        marks: [mark(Tone::Sky, &target.train_accuracy), mark(Tone::Blue, &target.test_accuracy)]
            .into_iter()
            .flatten()
            .collect(),
        tick: None,
        chance: None,
    });
    page.picture(
        Picture {
            name: "targets".into(),
            alternative: "Accuracy of the targets on their own and on other records. The figures are in the table below".into(),
            panels: vec![Panel::Dots(Dots {
                title: "Accuracy of the targets".into(),
                axis: "accuracy, percent".into(),
                rows: rows.collect(),
                key: vec![(Tone::Sky, "train: members".into()), (Tone::Blue, "test: class-matched others".into())],
                ..Dots::default()
            })],
        },
        "Accuracy of each kind of target in percent with 95 % intervals, on the records it was trained on and on as many others. \
         What a model knows better of its own records is what membership inference lives on (Truex et al., section 4).",
    )?;
    let rows: Vec<Vec<Cell>> = laboratory
        .targets
        .iter()
        .map(|target| {
            vec![
                Cell::text(&target.learner),
                Cell::Number(format!("{:.0}", target.records.0)),
                Cell::percent(Figure::of(&target.train_accuracy)),
                Cell::percent(Figure::of(&target.test_accuracy)),
            ]
        })
        .collect();
    page.table(
        "Targets, percent ± half of the 95 % interval",
        &["target", "records", "train accuracy", "test accuracy"],
        &rows,
    );
    attacks(page, run, laboratory)?;
    deviations(page, run);
    Ok(())
}

fn attacks(page: &mut Page, run: &Run, laboratory: &LaboratoryFigures) -> Result<(), Error> {
    let panels = laboratory.targets.iter().filter_map(|target| {
        let of_target = |result: &&ResultFigures| result.means.target.as_ref() == Some(&target.learner);
        let mut all: Vec<&ResultFigures> = run.report.results.iter().filter(of_target).collect();
        let total = all.len();
        all.truncate(ROWS);
        let rows = rows(&all);
        let cut = if total > ROWS { format!(", first {ROWS} of {total} attacks") } else { String::new() };
        (!rows.is_empty()).then(|| {
            Panel::Dots(Dots {
                title: format!("{}{cut}", target.learner),
                axis: resting("accuracy, percent", all.iter().filter_map(|result| result.claims(ACCURACY))),
                rows,
                line_key: "guessing".into(),
                ..Dots::default()
            })
        })
    });
    page.heading("attacks", "Attacks by target");
    page.picture(
        Picture {
            name: "attacks".into(),
            alternative: "Accuracy of every attack by target. The figures are in the table of all attacks".into(),
            panels: panels.collect(),
        },
        "Accuracy of membership inference in percent with 95 % intervals (cut at 0 and 100 %), on class-matched non-members, by \
         target; in grey the attack and what its shadow models were, below it what learned from them (Truex et al., sections 3 and 4).",
    )
}

/// A row for each attack, under a heading where several have the same shadow models.
fn rows(results: &[&ResultFigures]) -> Vec<Row> {
    let above = |result: &ResultFigures| {
        [result.id(), result.means.generation.as_deref().unwrap_or_default()].join(" · ")
    };
    // Stable: attacks stay in the order of the report below each heading, and headings in that of their first attack.
    let order: Vec<String> = results.iter().map(|result| above(result)).collect();
    let mut results = results.to_vec();
    results.sort_by_key(|result| order.iter().position(|heading| *heading == above(result)));
    let mut rows: Vec<Row> = Vec::new();
    let mut heading = None;
    for result in results {
        let Some(learner) = &result.means.attack_learner else {
            rows.extend(row(result, &armed(result), ACCURACY));
            heading = None;
            continue;
        };
        let above = above(result);
        if heading.as_ref() != Some(&above) {
            rows.push(Row { label: above.clone(), ..Row::default() });
            heading = Some(above);
        }
        rows.extend(row(result, learner, ACCURACY));
    }
    rows
}

/// How accuracy varies while one role keeps its type.
fn deviations(page: &mut Page, run: &Run) {
    if let Some(deviations) = &run.report.deviations {
        let row = |(name, value): (&str, f64)| {
            vec![Cell::text(name.replace("fixed_", "fixed ")), Cell::Number(format!("{value:.4}"))]
        };
        let rows: Vec<Vec<Cell>> = deviations.named().map(row).collect();
        page.table(
            "Standard deviation of accuracy while one role keeps its type (fractions; Truex et al., Table 4)",
            &["role", "deviation"],
            &rows,
        );
    }
}
