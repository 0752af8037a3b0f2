//! The table of an experiment on single targets: one row a result, percent, mean over repeats with its 95 % interval.

use std::fmt::Write as _;

use turncoat_learn::words::counted;

use super::run::{claims, close, empty, mean, percent, with_interval};
use crate::headline::Answer;
use crate::result::report::Report;
use crate::result::single_target::LaboratoryFigures;

/// Everything that is printed when a run ends.
pub(super) fn render(report: &Report, laboratory: &LaboratoryFigures) -> String {
    let mut text = format!(
        "{}: {} of {}, {} knowledge, {} ({} to make them)\n",
        report.scenario.name,
        counted(report.scenario.repeats as usize, "repeat", "repeats"),
        counted(laboratory.folds as usize, "fold", "folds"),
        laboratory.knowledge.replace('_', "-"),
        counted(laboratory.shadow_records.0.round() as u64, "shadow record", "shadow records"),
        counted(laboratory.shadow_queries.0.round() as u64, "query", "queries"),
    );
    let mut targets = empty(&["target", "records", "right on its own", "right on others"], 1);
    for target in &laboratory.targets {
        targets.add_row([
            target.learner.to_string(),
            format!("{:.0}", target.records.0),
            mean(&target.train_accuracy),
            mean(&target.test_accuracy),
        ]);
    }
    let _ = write!(
        text,
        "{targets}\n\nWas it in the target's training data?  Membership inference, class-matched non-members.\n"
    );
    let columns = [
        "target",
        "generation",
        "attack learner",
        "attack",
        "claims",
        "precision",
        "accuracy",
        "prior only",
        "AUC",
        "TPR at 1 % FPR",
        "smallest FPR",
        "chance",
    ];
    let mut table = empty(&columns, 4);
    for row in &report.results {
        let Some(target) = &row.means.target else { continue };
        table.add_row([
            target.clone(),
            row.means.generation.clone().unwrap_or_else(|| "-".into()),
            row.means.attack_learner.clone().unwrap_or_else(|| "-".into()),
            row.id().into(),
            claims(row),
            with_interval(&row.precision),
            with_interval(&row.accuracy),
            mean(&row.prior_only.accuracy),
            mean(&row.auc),
            mean(&row.tpr_at_fpr_1pct),
            mean(&row.smallest_fpr),
            row.chance.map_or_else(String::new, percent),
        ]);
    }
    let _ = writeln!(text, "{table}");
    if !report.results.is_empty() {
        let _ = writeln!(text, "{}", Answer::of(report).sentence);
    }
    if let Some(told) = &report.deviations {
        let _ = writeln!(
            text,
            "\nAccuracy varies by {:.4} while the target's type is fixed, {:.4} while the generation's, {:.4} while the \
             attack learner's.",
            told.fixed_target, told.fixed_generation, told.fixed_attack
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
