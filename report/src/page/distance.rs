//! How attacks go with the distance of the shards, repeat by repeat.

use turncoat_attack::{Coefficient, Summary};

use super::folder::Run;
use super::parts::{Part, picture, resting, table};
use crate::headline::ACCURACY;
use crate::picture::{Axis, Format, Panel, Point, Series, Tone, Xy, around, reach};
use crate::result::attack::ResultFigures;
use crate::result::report::{DistanceCorrelation, Report};
use crate::table::columns::Table;

/// A scatter for each attack on the source.
pub(super) fn distance(run: &Run) -> Vec<Part> {
    let known = run.report.correlations.iter().filter_map(|of| {
        let points = points(&of.in_class_distance, &attacked(&run.report, of)?.summary(ACCURACY));
        (points.len() > 1).then_some((of, points))
    });
    let known: Vec<(&DistanceCorrelation, Vec<Point>)> = known.collect();
    if known.is_empty() {
        return Vec::new();
    }
    let panels = known.iter().map(|(of, points)| {
        let claims = attacked(&run.report, of).and_then(|result| result.claims(ACCURACY));
        let tone = Tone::of_vantage(of.adversary.split('-').next().unwrap_or_default());
        let series = Series::of_points(coefficients(of), tone, points.clone());
        scatter(resting(&format!("{}: {}", of.adversary, of.id()), claims), vec![series])
    });
    let columns = Table::of(known.iter().map(|(of, _)| *of))
        .text("adversary", |of| &of.adversary)
        .text("attack", DistanceCorrelation::id)
        .number("repeats", |of| of.correlation.repeats)
        .number("Pearson", |of| written(of.correlation.pearson))
        .number("Spearman", |of| written(of.correlation.spearman));
    vec![
        picture(
            "scatter",
            "In-class distance of the shards against the accuracy of source inference. The coefficients are in the table below",
            panels,
            "One point a repeat: the in-class distance of the shards in question (of each class's mean records, features in [0, 1], \
             averaged over classes and pairs of parties) against the accuracy of source inference in percent. After Truex et al., \
             Figure 11, where the distance varies by the way records are partitioned; here by the draw of each repeat alone.",
        ),
        table("Correlation over the repeats with its 95 % interval", columns),
    ]
}

/// A chart of distances against accuracies.
pub(super) fn scatter(title: String, series: Vec<Series>) -> Panel {
    let all = series.iter().flat_map(|series| &series.points);
    let x = around(all.map(|point| point.x), 0.06);
    Panel::Xy(Xy {
        title,
        x: Axis { name: "in-class distance".into(), range: x, format: Format::Plain },
        y: Axis { name: "accuracy, percent".into(), range: reach(&series), format: Format::Percent },
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

/// A point for each repeat that has both.
pub(super) fn points(distance: &Summary, accuracy: &Summary) -> Vec<Point> {
    let pairs = distance.by_repeat.iter().zip(&accuracy.by_repeat);
    pairs.filter_map(|(x, y)| Some(Point { x: (*x)?, y: (*y)?, interval: None })).collect()
}

/// A coefficient with its interval.
pub(super) fn written(coefficient: Option<Coefficient>) -> String {
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
