//! The tables on the terminal: the insider against the outsider, percent, mean over repeats with its 95 % interval.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use turncoat_attack::correlation::Coefficient;
use turncoat_attack::{Question, Summary};
use turncoat_learn::words::counted;

use super::{byzantine, laboratory};
use crate::few_claims;
use crate::headline::Answer;
use crate::result::attack::ResultFigures;
use crate::result::report::DistanceCorrelation;
use crate::result::report::FederationFigures;
use crate::result::report::Report;

/// Everything that is printed when a run ends.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut text = match (&report.federation, &report.laboratory) {
        (Some(federation), _) => heading(report, federation),
        (None, Some(laboratory)) => return laboratory::render(report, laboratory),
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
            Question::Source => source_table(&rows),
            Question::Membership => membership_table(&rows),
        };
        let _ = write!(text, "\n{title}\n{table}\n");
        if let Some(answer) = Answer::to(report, question.name()) {
            let _ = writeln!(text, "{answer}");
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

const SOURCE: [&str; 10] = [
    "adversary",
    "attack",
    "claims",
    "precision",
    "prior only",
    "accuracy",
    "prior only",
    "over prior",
    "over outsider",
    "chance",
];

fn source_table(rows: &[&ResultFigures]) -> Table {
    let mut table = empty(&SOURCE, 2);
    for row in rows {
        table.add_row([
            row.adversary.clone().unwrap_or_default(),
            row.id().into(),
            claims(row),
            with_interval(&row.precision),
            // Marked where the baseline names fewer candidates than there are, which the line under the tables explains.
            mean(&row.prior_only.precision) + if row.leaves_unnamed() { "*" } else { "" },
            with_interval(&row.accuracy),
            mean(&row.prior_only.accuracy),
            with_interval(&row.over_prior.accuracy),
            over_outsider(row),
            row.chance.map_or_else(String::new, percent),
        ]);
    }
    table
}

/// Both draws of non-members beside each other, one row an attack.
fn membership_table(rows: &[&ResultFigures]) -> Table {
    let columns = [
        "adversary",
        "attack",
        "claims",
        "precision",
        "prior only",
        "matched",
        "prior only",
        "accuracy, matched",
        "over prior",
        "over outsider",
        "AUC, matched",
        "TPR at 1 % FPR",
        "smallest FPR",
        "chance",
    ];
    let mut table = empty(&columns, 2);
    for uniform in rows.iter().filter(|row| row.non_members.as_deref() == Some("uniform")) {
        let same = |row: &&&ResultFigures| {
            (&row.adversary, row.id(), row.non_members.as_deref())
                == (&uniform.adversary, uniform.id(), Some("matched"))
        };
        let Some(matched) = rows.iter().find(same) else { continue };
        table.add_row([
            uniform.adversary.clone().unwrap_or_default(),
            uniform.id().into(),
            format!("{}, {}", claims(uniform), claims(matched)),
            with_interval(&uniform.precision),
            mean(&uniform.prior_only.precision),
            with_interval(&matched.precision),
            mean(&matched.prior_only.precision),
            with_interval(&matched.accuracy),
            with_interval(&matched.over_prior.accuracy),
            over_outsider(matched),
            mean(&matched.auc),
            mean(&matched.tpr_at_fpr_1pct),
            mean(&matched.smallest_fpr),
            matched.chance.map_or_else(String::new, percent),
        ]);
    }
    table
}

pub(super) fn empty(columns: &[&str], names: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(columns.iter().map(|name| in_two_lines(name)));
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_cell_alignment(if index < names { CellAlignment::Left } else { CellAlignment::Right });
    }
    table
}

/// A column's name above its figures, which are narrower: broken at the blank nearest to its middle, or else on the second line.
fn in_two_lines(name: &str) -> String {
    let blanks = name.match_indices(' ').map(|(place, _)| place);
    match blanks.min_by_key(|place| (2 * place).abs_diff(name.len())) {
        Some(place) => format!("{}\n{}", &name[..place], &name[place + 1..]),
        None => format!("\n{name}"),
    }
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
pub(super) fn claims(row: &ResultFigures) -> String {
    row.claims.map_or_else(String::new, |claims| few_claims::shown(claims.0))
}

/// What it has over an outsider, where one was asked about the same records.
fn over_outsider(row: &ResultFigures) -> String {
    row.over_outsider.as_ref().map_or_else(|| "-".into(), |over| with_interval(&over.accuracy))
}

pub(super) fn percent(fraction: f64) -> String {
    format!("{:.1}", 100.0 * fraction)
}

pub(super) fn mean(summary: &Summary) -> String {
    summary.mean.map_or_else(|| "-".into(), percent)
}

pub(super) fn with_interval(summary: &Summary) -> String {
    match (summary.mean, summary.ci95) {
        (Some(mean), Some([low, high])) => format!("{} ± {:.1}", percent(mean), 50.0 * (high - low)),
        (Some(mean), None) => percent(mean),
        (None, _) => "-".into(),
    }
}
