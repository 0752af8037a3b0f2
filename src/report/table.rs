//! The tables on the terminal: the insider against the outsider, percent, mean over repeats with its 95 % interval.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use turncoat_attack::correlation::Coefficient;
use turncoat_attack::{Question, Summary};

use super::json::{DistanceCorrelation, FederationFigures, Report, ResultFigures};

mod byzantine;
mod laboratory;

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
            report.results.iter().filter(|r| r.question == question).collect();
        if rows.is_empty() {
            continue;
        }
        // Stable, so that attacks stay in the order of the scenario within each adversary.
        rows.sort_by_key(|row| vantage_rank(row.vantage));
        let table = match question {
            Question::Source => source_table(&rows),
            Question::Membership => membership_table(&rows),
        };
        let _ = write!(text, "\n{title}\n{table}\n");
        if let Some(answer) = answer(question, &rows) {
            let _ = writeln!(text, "{answer}");
        }
    }
    if let Some(figures) = &report.byzantine {
        text.push_str(&byzantine::render(figures));
    }
    if let Some(line) = correlation(report) {
        let _ = write!(text, "\n{line}\n");
    }
    if !report.results.is_empty() {
        text.push_str(if report.scenario.repeats > 1 {
            "\nPercent, mean over repeats ± half of its 95 % interval. prior only: asks nothing, knows the true class\n\
             counts. matched: non-members drawn to the members' class counts, which class skew cannot flatter.\n"
        } else {
            "\nPercent, one repeat, so without an interval. prior only: asks nothing, knows the true class counts.\n\
             matched: non-members drawn to the members' class counts, which class skew cannot flatter.\n"
        });
    }
    for note in &report.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
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

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn source_table(rows: &[&ResultFigures]) -> Table {
    let mut table =
        empty(&["adversary", "attack", "precision", "prior only", "accuracy", "prior only", "chance"], 2);
    for row in rows {
        table.add_row([
            row.adversary.clone(),
            row.id.clone(),
            with_interval(&row.precision),
            mean(&row.prior_only.precision),
            with_interval(&row.accuracy),
            mean(&row.prior_only.accuracy),
            percent(row.chance),
        ]);
    }
    table
}

/// Both draws of non-members beside each other, one row an attack.
fn membership_table(rows: &[&ResultFigures]) -> Table {
    let columns = [
        "adversary",
        "attack",
        "precision",
        "prior only",
        "matched",
        "prior only",
        "accuracy, matched",
        "AUC, matched",
        "TPR at 1 % FPR",
        "smallest FPR",
        "chance",
    ];
    let mut table = empty(&columns, 2);
    for uniform in rows.iter().filter(|row| row.non_members == Some("uniform")) {
        let same = |row: &&&ResultFigures| {
            (&row.adversary, &row.id, row.non_members) == (&uniform.adversary, &uniform.id, Some("matched"))
        };
        let Some(matched) = rows.iter().find(same) else { continue };
        table.add_row([
            uniform.adversary.clone(),
            uniform.id.clone(),
            with_interval(&uniform.precision),
            mean(&uniform.prior_only.precision),
            with_interval(&matched.precision),
            mean(&matched.prior_only.precision),
            with_interval(&matched.accuracy),
            mean(&matched.auc),
            mean(&matched.tpr_at_fpr_1pct),
            mean(&matched.smallest_fpr),
            percent(matched.chance),
        ]);
    }
    table
}

fn empty(columns: &[&str], names: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(columns.to_vec());
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_cell_alignment(if index < names { CellAlignment::Left } else { CellAlignment::Right });
    }
    table
}

/// The sentence under a table: the most precise insider beside the most precise outsider. An attack that has no precision in some
/// repeat, because it claimed nothing there, comes after those that have one in all.
fn answer(question: Question, rows: &[&ResultFigures]) -> Option<String> {
    let best = |insider: bool| {
        rows.iter()
            .filter(|row| (row.vantage != "outsider") == insider && row.non_members != Some("uniform"))
            .filter(|row| row.vantage != "aggregator" || !rows.iter().any(|other| other.vantage == "party"))
            .filter_map(|row| {
                let claims_everywhere = row.precision.by_repeat.iter().all(Option::is_some);
                Some((row, (claims_everywhere, row.precision.mean?)))
            })
            .fold(None, |best: Option<(&&ResultFigures, (bool, f64))>, row| match best {
                Some(best) if best.1 >= row.1 => Some(best),
                _ => Some(row),
            })
    };
    let ((insider, (_, precision)), (outsider, (_, outside))) = (best(true)?, best(false)?);
    let does = match question {
        Question::Source => "names the owner",
        Question::Membership => "tells members (class-matched non-members)",
    };
    Some(format!(
        "{} ({}) {does} with {:.1} % precision ({} accuracy), an outsider ({}) with {:.1} % ({}); class counts alone \
         give {} %.",
        insider.adversary,
        insider.id,
        100.0 * precision,
        mean(&insider.accuracy),
        outsider.id,
        100.0 * outside,
        mean(&outsider.accuracy),
        mean(&insider.prior_only.precision),
    ))
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
        of.adversary, of.id, known.repeats
    ))
}

fn percent(fraction: f64) -> String {
    format!("{:.1}", 100.0 * fraction)
}

fn mean(summary: &Summary) -> String {
    summary.mean.map_or_else(|| "-".into(), percent)
}

fn with_interval(summary: &Summary) -> String {
    match (summary.mean, summary.ci95) {
        (Some(mean), Some([low, high])) => format!("{} ± {:.1}", percent(mean), 50.0 * (high - low)),
        (Some(mean), None) => percent(mean),
        (None, _) => "-".into(),
    }
}
