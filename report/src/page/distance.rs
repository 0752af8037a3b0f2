//! How attacks go with the distance of the shards, repeat by repeat.

use super::folder::Run;
use super::parts::{Cell, Page, resting};
use crate::error::Error;
use crate::picture::{Axis, Format, Panel, Picture, Point, Series, Tone, Xy, around};
use crate::result::attack::ResultFigures;
use crate::result::report::DistanceCorrelation;
use crate::result::report::Report;
use turncoat_attack::Coefficient;

/// A scatter for each attack on the source.
pub(super) fn distance(page: &mut Page, run: &Run) -> Result<(), Error> {
    let known: Vec<(&DistanceCorrelation, Vec<Point>)> = run
        .report
        .correlations
        .iter()
        .map(|of| (of, points(run, of)))
        .filter(|(_, points)| points.len() > 1)
        .collect();
    if known.is_empty() {
        return Ok(());
    }
    page.heading("distance", "Distance of the shards against accuracy");
    let panels = known.iter().map(|(of, points)| {
        let claims = attacked(&run.report, of).and_then(|result| result.claims("accuracy"));
        let title = resting(&format!("{}: {}", of.adversary, of.id()), claims.into_iter());
        let tone = Tone::of_vantage(of.adversary.split('-').next().unwrap_or_default());
        scatter(
            title,
            vec![Series {
                name: coefficients(of),
                tone,
                line: false,
                points: points.clone(),
                marked: Vec::new(),
            }],
        )
    });
    page.picture(
        Picture {
            name: "scatter".into(),
            alternative: "In-class distance of the shards against the accuracy of source inference. The coefficients are in the \
                          table below"
                .into(),
            panels: panels.collect(),
        },
        "One point a repeat: the in-class distance of the shards in question (of each class's mean records, features in [0, 1], \
         averaged over classes and pairs of parties) against the accuracy of source inference in percent. After Truex et al., \
         Figure 11, where the distance varies by the way records are dealt; here by the draw of each repeat alone.",
    )?;
    let row = |(of, _): &(&DistanceCorrelation, Vec<Point>)| {
        vec![
            Cell::text(&of.adversary),
            Cell::text(of.id()),
            Cell::Number(of.correlation.repeats.to_string()),
            Cell::Number(written(of.correlation.pearson)),
            Cell::Number(written(of.correlation.spearman)),
        ]
    };
    let rows: Vec<Vec<Cell>> = known.iter().map(row).collect();
    page.table(
        "Correlation over the repeats with its 95 % interval",
        &["adversary", "attack", "repeats", "Pearson", "Spearman"],
        &rows,
    );
    Ok(())
}

/// A chart of distances against accuracies.
pub(super) fn scatter(title: String, series: Vec<Series>) -> Panel {
    let all = || series.iter().flat_map(|series| &series.points);
    let reach = all().flat_map(|point| [point.y].into_iter().chain(point.interval.into_iter().flatten()));
    let (x, y) = (around(all().map(|point| point.x), 0.06), around(reach, 0.06));
    Panel::Xy(Xy {
        title,
        x: Axis { name: "in-class distance".into(), range: x, format: Format::Plain },
        y: Axis { name: "accuracy, percent".into(), range: y, format: Format::Percent },
        logarithmic: false,
        diagonal: false,
        series,
    })
}

/// The result that a correlation is about.
pub(super) fn attacked<'a>(report: &'a Report, of: &DistanceCorrelation) -> Option<&'a ResultFigures> {
    let is = |field: &Option<String>, text: &str| field.as_deref() == Some(text);
    report.results.iter().find(|result| {
        is(&result.adversary, &of.adversary) && result.id() == of.id() && is(&result.question, "source")
    })
}

fn points(run: &Run, of: &DistanceCorrelation) -> Vec<Point> {
    let accuracy =
        attacked(&run.report, of).map(|result| result.summary("accuracy").by_repeat).unwrap_or_default();
    let pairs = of.in_class_distance.by_repeat.iter().zip(&accuracy);
    pairs.filter_map(|(x, y)| Some(Point { x: (*x)?, y: (*y)?, interval: None })).collect()
}

fn written(coefficient: Option<Coefficient>) -> String {
    coefficient.map_or_else(
        || "–".into(),
        |Coefficient { r, ci95: [low, high] }| format!("{r:.2} [{low:.2}, {high:.2}]"),
    )
}

fn coefficients(of: &DistanceCorrelation) -> String {
    match (of.correlation.pearson, of.correlation.spearman) {
        (Some(pearson), Some(spearman)) => format!("Pearson {:.2}, Spearman {:.2}", pearson.r, spearman.r),
        _ => "too few repeats for a correlation".into(),
    }
}
