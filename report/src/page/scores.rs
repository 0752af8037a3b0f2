//! Histograms of the scores of members and of non-members.

use super::folder::Run;
use super::histogram::Histogram;
use super::parts::{Cell, Page};
use super::rocs::armed;
use crate::error::Error;
use crate::picture::{Bars, Panel, Picture};
use crate::result::attack::ResultFigures;

/// Most panels: of an experiment on single targets there may be hundreds of results.
const PANELS: usize = 18;

/// The histograms, on the matched draw.
pub(super) fn scores(page: &mut Page, run: &Run) -> Result<(), Error> {
    let matched = run.report.results.iter().filter(|result| result.non_members.as_deref() == Some("matched"));
    let all: Vec<(&ResultFigures, Histogram)> =
        matched.filter_map(|result| Some((result, Histogram::of(run.claims.of(result)?, 1)?))).collect();
    if all.is_empty() {
        return Ok(());
    }
    page.heading("scores", "Scores of members and non-members");
    let shown = &all[..all.len().min(PANELS)];
    let panels = shown.iter().map(|(result, histogram)| {
        let [filled, outlined] = histogram.shares();
        Panel::Bars(Bars {
            title: title(result),
            axis: "score, higher for members".into(),
            range: histogram.range,
            filled,
            outlined,
            names: ["members".into(), "non-members".into()],
        })
    });
    let more = match all.len() - shown.len() {
        0 => String::new(),
        more => format!(" {more} more results are in claims.csv.gz."),
    };
    page.picture(
        Picture {
            name: "histograms".into(),
            alternative: "Histograms of scores for members and class-matched non-members. The table below tells how much they \
                          share"
                .into(),
            panels: panels.collect(),
        },
        &format!(
            "Share of members (filled) and of class-matched non-members (line) in each of 20 bins of equal width from the smallest \
             to the largest score, in percent, all repeats together. Where both have one shape the score tells nothing; gap \
             gives two scores only, trees few.{more}"
        ),
    )?;
    let row = |(result, histogram): &(&ResultFigures, Histogram)| {
        let [members, others] = histogram.shares();
        let common: f64 = members.iter().zip(&others).map(|(one, other)| one.min(*other)).sum();
        vec![
            Cell::text(title(result)),
            Cell::Number(histogram.members.iter().sum::<u64>().to_string()),
            Cell::Number(histogram.others.iter().sum::<u64>().to_string()),
            Cell::Number(format!("{:.3}", histogram.range[0])),
            Cell::Number(format!("{:.3}", histogram.range[1])),
            Cell::Number(format!("{:.1}", 100.0 * common)),
        ]
    };
    let rows: Vec<Vec<Cell>> = all.iter().map(row).collect();
    page.table(
        "Scores over all repeats; overlap: the share that both histograms have in common, percent",
        &["attack", "members", "non-members", "smallest score", "largest score", "overlap"],
        &rows,
    );
    Ok(())
}

fn title(result: &ResultFigures) -> String {
    let who = result.means.target.as_deref().or(result.adversary.as_deref()).unwrap_or_default();
    format!("{who}: {}", armed(result))
}
