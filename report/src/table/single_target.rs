//! The table of an experiment on single targets: one row a result, percent, mean over repeats with its 95 % interval.

use std::fmt::Write as _;

use turncoat_learn::words::counted;

use super::columns::Table;
use super::run::{chance, close};
use crate::headline::Headline;
use crate::result::attack::ResultFigures;
use crate::result::report::Report;
use crate::result::single_target::SingleTargetFigures;

/// Everything that is printed when a run ends.
pub(super) fn render(report: &Report, study: &SingleTargetFigures) -> String {
    let mut text = format!(
        "{}: {} of {}, {} knowledge, {} ({} to make them)\n",
        report.scenario.name,
        counted(report.scenario.repeats as usize, "repeat", "repeats"),
        counted(study.folds as usize, "fold", "folds"),
        study.knowledge.replace('_', "-"),
        counted(study.shadow_records.0.round() as u64, "shadow record", "shadow records"),
        counted(study.shadow_queries.0.round() as u64, "query", "queries"),
    );
    let targets = Table::of(&study.targets)
        .text("target", |target| &target.learner)
        .number("records", |target| format!("{:.0}", target.records.0))
        .mean("right on its own", |target| &target.train_accuracy)
        .mean("right on others", |target| &target.test_accuracy);
    let attacks = report.results.iter().filter(|row| row.means.target.is_some());
    let attacks = Table::of(attacks)
        .text("target", ResultFigures::subject)
        .text("generation", |row| row.field("generation").unwrap_or("-"))
        .text("attack learner", |row| row.field("attack_learner").unwrap_or("-"))
        .text("attack", ResultFigures::id)
        .claims("claims", |row| row.claims("accuracy"))
        .summary("precision", |row| &row.precision)
        .summary("accuracy", |row| &row.accuracy)
        .mean("prior only", |row| &row.prior_only.accuracy)
        .mean("AUC", |row| &row.auc)
        .mean("TPR at 1 % FPR", |row| &row.tpr_at_fpr_1pct)
        .mean("smallest FPR", |row| &row.smallest_fpr)
        .number("chance", chance);
    let _ = writeln!(
        text,
        "{}\n\nWas it in the target's training data?  Membership inference, class-matched non-members.\n{}",
        targets.narrow().terminal(),
        attacks.narrow().terminal()
    );
    if !report.results.is_empty() {
        let _ = writeln!(text, "{}", Headline::of(report).sentence);
    }
    if let Some(deviations) = &report.deviations {
        let _ = writeln!(
            text,
            "\nAccuracy varies by {:.4} while the target's type is fixed, {:.4} while the generation's, {:.4} while the \
             attack learner's.",
            deviations.fixed_target, deviations.fixed_generation, deviations.fixed_attack
        );
    }
    text.push_str(if report.scenario.repeats > 1 {
        "\nPercent, mean over repeats ± half of its 95 % interval; a repeat is the mean of its folds.\n"
    } else {
        "\nPercent, one repeat, so without an interval; the mean of its folds.\n"
    });
    close(&mut text, report);
    text
}
