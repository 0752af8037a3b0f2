//! Rows of charts for figures of a report.

use turncoat_attack::Summary;

use super::parts::resting;
use crate::headline::Reading;
use crate::picture::{Dots, Mark, Panel, Row, Tone};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;

/// A row of summaries, each in its tone; those without a mean are left out.
pub(super) fn summaries<'a>(
    label: impl Into<String>,
    of: impl IntoIterator<Item = (Tone, &'a Summary)>,
) -> Row {
    let mark = |(tone, summary)| Figure::of(summary).map(|figure| Mark::of(tone, figure));
    Row { label: label.into(), marks: of.into_iter().filter_map(mark).collect(), ..Row::default() }
}

/// Accuracies of models on the records they were trained on and on others, which are named.
pub(super) fn accuracies<'a>(
    title: &str,
    rows: impl Iterator<Item = (String, [&'a Summary; 2])>,
    [train, test]: [&str; 2],
) -> Panel {
    let row = |(label, [train, test]): (String, [&Summary; 2])| {
        summaries(label, [(Tone::Sky, train), (Tone::Blue, test)])
    };
    Panel::Dots(Dots {
        title: title.into(),
        axis: "accuracy, percent".into(),
        rows: rows.map(row).collect(),
        key: vec![(Tone::Sky, train.into()), (Tone::Blue, test.into())],
        ..Dots::default()
    })
}

/// Rows that are held against guessing, and against class counts alone where they have a tick; none without a row.
pub(super) fn against_guessing(
    title: &str,
    figure: &str,
    rows: Vec<Row>,
    claims: impl IntoIterator<Item = f64>,
    key: &[(Tone, &str)],
) -> Option<Panel> {
    let has_prior = rows.iter().any(|row| row.tick.is_some());
    (!rows.is_empty()).then(|| {
        Panel::Dots(Dots {
            title: title.into(),
            axis: resting(&format!("{figure}, percent"), claims),
            rows,
            lines: Vec::new(),
            key: key.iter().map(|(tone, name)| (*tone, (*name).into())).collect(),
            line_key: "guessing".into(),
            tick_key: if has_prior { "prior only: class counts, no query".into() } else { String::new() },
        })
    })
}

/// A row for what a reading reports of a result.
pub(super) fn reported(reading: &Reading, result: &ResultFigures, label: &str) -> Option<Row> {
    Some(drawn(result, label, reading.shown(result)?, reading.prior(result)))
}

/// A row for one of a result's figures.
pub(super) fn figure(result: &ResultFigures, label: &str, name: &str) -> Option<Row> {
    Some(drawn(result, label, result.figure(name)?, result.prior_only(name)))
}

fn drawn(result: &ResultFigures, label: &str, figure: Figure, prior: Option<Figure>) -> Row {
    let tone = match result.means.target {
        Some(_) => Tone::Blue,
        None => Tone::of_vantage(result.vantage.as_deref().unwrap_or_default()),
    };
    Row {
        label: label.into(),
        marks: vec![Mark::of(tone, figure)],
        tick: prior.filter(|_| result.means.target.is_none()).map(|prior| prior.mean),
        chance: result.chance,
    }
}
