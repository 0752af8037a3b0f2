//! The tables on the terminal: the insider against the outsider, percent, mean over repeats with its 95 % interval.

use std::fmt::Write as _;

use turncoat_attack::correlation::Coefficient;
use turncoat_attack::{Question, Summary};
use turncoat_learn::words::counted;

use super::columns::Table;
use super::{byzantine, single_target};
use crate::few_claims;
use crate::headline::Headline;
use crate::result::attack::ResultFigures;
use crate::result::report::DistanceCorrelation;
use crate::result::report::FederationFigures;
use crate::result::report::Report;

/// Everything that is printed when a run ends.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut text = match (&report.federation, &report.single_target) {
        (Some(federation), _) => heading(report, federation),
        (None, Some(study)) => return single_target::render(report, study),
        (None, None) => String::new(),
    };
    for (question, title) in [
        (
            Question::Source,
            "Whose record is it?  Source inference: the record is known to be in the training data.",
        ),
        (Question::Membership, "Was it in the training data?  Membership inference."),
    ] {
        let mut rows: Vec<&ResultFigures> =
            report.results.iter().filter(|row| row.question.as_deref() == Some(question.name())).collect();
        if rows.is_empty() {
            continue;
        }
        // Stable, so that attacks stay in the order of the scenario within each adversary.
        rows.sort_by_key(|row| vantage_rank(row.vantage.as_deref().unwrap_or_default()));
        let table = match question {
            Question::Source => source_table(&rows).narrow().terminal(),
            Question::Membership => membership_table(&rows).narrow().terminal(),
        };
        let _ = write!(text, "\n{title}\n{table}\n");
        if let Some(headline) = Headline::to(report, question.name()) {
            let _ = writeln!(text, "{headline}");
        }
    }
    if let Some(figures) = &report.byzantine {
        text.push_str(&byzantine::render(figures, &report.results));
    }
    if let Some(line) = correlation(report) {
        let _ = write!(text, "\n{line}\n");
    }
    if !report.results.is_empty() {
        text.push_str(if report.scenario.repeats > 1 {
            "\nPercent, mean over repeats ± half of its 95 % interval. prior only: asks nothing, knows the true class\n"
        } else {
            "\nPercent, one repeat, so without an interval. prior only: asks nothing, knows the true class\n"
        });
        text.push_str(
            "counts. matched: non-members drawn to the members' class counts, which class skew cannot flatter. claims: of a\n\
             repeat, for both draws. over prior, over outsider: differences of accuracy (of membership, matched), repeat by\n\
             repeat, in points.\n",
        );
        if report.results.iter().any(|row| row.leaves_unnamed()) {
            text.push_str(
                "* Class counts alone never name some of the parties in question, each of which counts as zero in this precision:\n\
                 compare accuracies.\n",
            );
        }
    }
    close(&mut text, report);
    text
}

/// What a mark means, and the notes.
pub(super) fn close(text: &mut String, report: &Report) {
    if let Some(legend) = few_claims::legend(text) {
        let _ = writeln!(text, "{legend}");
    }
    for note in &report.notes {
        let _ = writeln!(text, "note: {note}");
    }
}

fn vantage_rank(vantage: &str) -> u8 {
    match vantage {
        "outsider" => 0,
        "party" => 1,
        _ => 2,
    }
}

fn heading(report: &Report, federation: &FederationFigures) -> String {
    let n = federation.parties.len();
    let records: f64 = federation.parties.iter().map(|party| party.records.0).sum();
    let mut text = format!(
        "{}: {} of {}, {records:.0} records in all, disclosure {}\n",
        report.scenario.name,
        counted(report.scenario.repeats as usize, "repeat", "repeats"),
        counted(n, "party", "parties"),
        federation.disclosure,
    );
    let alone: Vec<f64> = federation.parties.iter().filter_map(|party| party.test_accuracy.mean).collect();
    if let (Some(train), Some(test)) = (federation.train_accuracy.mean, federation.test_accuracy.mean) {
        let _ = writeln!(
            text,
            "The federation predicts {:.1} % of its own and {:.1} % of new records right; one party alone {:.1} % of \
             new ones.",
            100.0 * train,
            100.0 * test,
            100.0 * alone.iter().sum::<f64>() / alone.len().max(1) as f64,
        );
    }
    text
}

fn source_table<'a>(rows: &[&'a ResultFigures]) -> Table<&'a ResultFigures> {
    Table::of(rows.iter().copied())
        .text("adversary", |row| row.field("adversary").unwrap_or_default())
        .text("attack", ResultFigures::id)
        .claims("claims", |row| row.claims("accuracy"))
        .summary("precision", |row| &row.precision)
        // Marked where the baseline names fewer candidates than there are, which the line under the tables explains.
        .number("prior only", |row| {
            mean(&row.prior_only.precision) + if row.leaves_unnamed() { "*" } else { "" }
        })
        .summary("accuracy", |row| &row.accuracy)
        .mean("prior only", |row| &row.prior_only.accuracy)
        .summary("over prior", |row| &row.over_prior.accuracy)
        .figure("over outsider", |row| row.figure("over_outsider_accuracy"))
        .number("chance", chance)
}

/// Both draws of non-members beside each other, one row an attack.
fn membership_table<'a>(rows: &[&'a ResultFigures]) -> Table<(&'a ResultFigures, &'a ResultFigures)> {
    let pairs = rows.iter().filter(|row| row.field("non_members") == Some("uniform")).filter_map(|uniform| {
        let same = |row: &&&ResultFigures| {
            (&row.adversary, row.id(), row.field("non_members"))
                == (&uniform.adversary, uniform.id(), Some("matched"))
        };
        Some((*uniform, *rows.iter().find(same)?))
    });
    Table::of(pairs)
        .text("adversary", |(uniform, _)| uniform.field("adversary").unwrap_or_default())
        .text("attack", |(uniform, _)| uniform.id())
        .number("claims", |(uniform, matched)| format!("{}, {}", claims(uniform), claims(matched)))
        .summary("precision", |(uniform, _)| &uniform.precision)
        .mean("prior only", |(uniform, _)| &uniform.prior_only.precision)
        .summary("matched", |(_, matched)| &matched.precision)
        .mean("prior only", |(_, matched)| &matched.prior_only.precision)
        .summary("accuracy, matched", |(_, matched)| &matched.accuracy)
        .summary("over prior", |(_, matched)| &matched.over_prior.accuracy)
        .figure("over outsider", |(_, matched)| matched.figure("over_outsider_accuracy"))
        .mean("AUC, matched", |(_, matched)| &matched.auc)
        .mean("TPR at 1 % FPR", |(_, matched)| &matched.tpr_at_fpr_1pct)
        .mean("smallest FPR", |(_, matched)| &matched.smallest_fpr)
        .number("chance", |(_, matched)| chance(matched))
}

/// How the first insider's accuracy goes with the distance of the shards, where enough repeats say something about it.
fn correlation(report: &Report) -> Option<String> {
    const FEWEST_REPEATS: usize = 10;
    let rank = |one: &&DistanceCorrelation| match one.adversary.as_str() {
        "outsider" => 2,
        "aggregator" => 1,
        _ => 0,
    };
    let of = report.correlations.iter().min_by_key(rank)?;
    let shown = |name: &str, coefficient: Option<Coefficient>| {
        coefficient.map(|c| format!("{name} {:.2} [{:.2}, {:.2}]", c.r, c.ci95[0], c.ci95[1]))
    };
    let known = &of.correlation;
    let both = shown("Pearson", known.pearson).zip(shown("Spearman", known.spearman));
    let (pearson, spearman) = both.filter(|_| known.repeats >= FEWEST_REPEATS)?;
    Some(format!(
        "In-class distance of the shards against the accuracy of {} ({}), {} repeats: {pearson}, {spearman}.",
        of.adversary,
        of.id(),
        known.repeats
    ))
}

/// How many claims a repeat's figures rest on.
fn claims(row: &ResultFigures) -> String {
    row.claims("accuracy").map_or_else(String::new, few_claims::shown)
}

/// What guessing reaches, in percent.
pub(super) fn chance(row: &ResultFigures) -> String {
    row.chance.map_or_else(String::new, percent)
}

fn percent(fraction: f64) -> String {
    format!("{:.1}", 100.0 * fraction)
}

fn mean(summary: &Summary) -> String {
    summary.mean.map_or_else(|| "-".into(), percent)
}
