//! The targets of an experiment on single ones, what the adversary was given, and how well they are attacked.

use super::charts::{accuracies, against_guessing, figure};
use super::folder::Run;
use super::parts::{Part, paragraph, picture, table};
use crate::headline::ACCURACY;
use crate::picture::Row;
use crate::result::attack::ResultFigures;
use crate::table::columns::Table;

/// Most results drawn of one target.
const ROWS: usize = 24;

/// How well targets predict.
pub(super) fn targets(run: &Run) -> Vec<Part> {
    let Some(study) = &run.report.single_target else { return Vec::new() };
    let noise = match study.target_noise {
        noise if noise > 0.0 => format!("The records asked about carry noise of sigma {noise}."),
        _ => String::new(),
    };
    let rows = study
        .targets
        .iter()
        .map(|target| (target.learner.clone(), [&target.train_accuracy, &target.test_accuracy]));
    let tests = ["train: members", "test: class-matched others"];
    vec![
        paragraph(&format!(
            "The adversary is of {} knowledge; a shadow data set has {:.0} records and took {:.0} queries of the target, on average. Each \
             repeat halves the pool {} times; the records of one half are members. {noise}",
            study.knowledge, study.shadow_records.0, study.shadow_queries.0, study.folds,
        )),
        picture(
            "targets",
            "Accuracy of the targets on their own and on other records. The figures are in the table below",
            [accuracies("Accuracy of the targets", rows, tests)],
            "Accuracy of each kind of target in percent with 95 % intervals, on the records it was trained on and on as many others. \
             What a model knows better of its own records is what membership inference lives on (Truex et al., section 4).",
        ),
        table(
            "Targets, percent ± half of the 95 % interval",
            Table::of(&study.targets)
                .text("target", |target| &target.learner)
                .number("records", |target| format!("{:.0}", target.records.0))
                .summary("train accuracy", |target| &target.train_accuracy)
                .summary("test accuracy", |target| &target.test_accuracy),
        ),
    ]
}

/// How well they are attacked, and how accuracy varies while one role keeps its type.
pub(super) fn attacks(run: &Run) -> Vec<Part> {
    let Some(study) = &run.report.single_target else { return Vec::new() };
    let panels = study.targets.iter().filter_map(|target| {
        let of_target = |result: &&ResultFigures| result.means.target.as_ref() == Some(&target.learner);
        let mut all: Vec<&ResultFigures> = run.report.results.iter().filter(of_target).collect();
        let total = all.len();
        all.truncate(ROWS);
        let cut = if total > ROWS { format!(", first {ROWS} of {total} attacks") } else { String::new() };
        let claims = all.iter().filter_map(|result| result.claims(ACCURACY));
        against_guessing(&format!("{}{cut}", target.learner), ACCURACY, rows(&all), claims, &[])
    });
    let mut parts = vec![picture(
        "attacks",
        "Accuracy of every attack by target. The figures are in the table of all attacks",
        panels,
        "Accuracy of membership inference in percent with 95 % intervals (cut at 0 and 100 %), on class-matched non-members, by \
         target; in grey the attack and what its shadow models were, below it what learned from them (Truex et al., sections 3 and 4).",
    )];
    parts.extend(run.report.deviations.iter().map(|deviations| {
        table(
            "Standard deviation of accuracy while one role keeps its type (fractions; Truex et al., Table 4)",
            Table::of(deviations.named())
                .text("role", |(name, _)| name.replace("fixed_", "fixed "))
                .number("deviation", |(_, value)| format!("{value:.4}")),
        )
    }));
    parts
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
            rows.extend(figure(result, &result.with_means(), ACCURACY));
            heading = None;
            continue;
        };
        let above = above(result);
        if heading.as_ref() != Some(&above) {
            rows.push(Row::heading(&above));
            heading = Some(above);
        }
        rows.extend(figure(result, learner, ACCURACY));
    }
    rows
}
