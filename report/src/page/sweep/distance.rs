//! The distance of the shards against the accuracy of source inference, over all federations of a sweep.

use turncoat_attack::Correlation;
use turncoat_attack::correlation::Coefficient;

use super::Swept;
use crate::error::Error;
use crate::headline::ACCURACY;
use crate::page::distance::{attacked, scatter};
use crate::page::parts::{Cell, Page, resting};
use crate::picture::{Picture, Point, Series, Tone};

impl Swept {
    /// Figure 11 over all federations of all runs.
    pub(super) fn distance(&self, page: &mut Page) -> Result<(), Error> {
        let Some(first) = self.runs.first() else { return Ok(()) };
        let insiders = first.report.correlations.iter().filter(|of| of.adversary != "outsider");
        let mut panels = Vec::new();
        let mut rows = Vec::new();
        for of in insiders {
            let (mut all, mut means) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
            let (mut series, mut rests_on) = (Vec::new(), Vec::new());
            for (number, run) in self.runs.iter().enumerate() {
                let same = |other: &&crate::result::report::DistanceCorrelation| {
                    (&other.adversary, other.id()) == (&of.adversary, of.id())
                };
                let Some(found) = run.report.correlations.iter().find(same) else { continue };
                let Some(result) = attacked(&run.report, of) else { continue };
                let accuracy = result.summary(ACCURACY);
                rests_on.extend(result.claims(ACCURACY));
                let distance = &found.in_class_distance;
                all.0.extend(distance.by_repeat.iter().copied());
                all.1.extend(accuracy.by_repeat.iter().copied());
                means.0.push(distance.mean);
                means.1.push(accuracy.mean);
                let pairs = distance.by_repeat.iter().zip(&accuracy.by_repeat);
                let points =
                    pairs.filter_map(|(x, y)| Some(Point { x: (*x)?, y: (*y)?, interval: None })).collect();
                let name = if self.runs.len() <= 8 { self.label(run) } else { String::new() };
                series.push(Series {
                    name,
                    tone: Tone::nth(number),
                    line: false,
                    points,
                    marked: Vec::new(),
                });
            }
            series.retain(|series| !series.points.is_empty());
            if series.is_empty() {
                continue;
            }
            let whole = Correlation::of(&all.0, &all.1);
            let of_means = Correlation::of(&means.0, &means.1);
            let count = |found: &Correlation| Cell::Number(found.repeats.to_string());
            rows.push(vec![
                Cell::text(&of.adversary),
                Cell::text(of.id()),
                count(&whole),
                Cell::Number(written(whole.pearson)),
                Cell::Number(written(whole.spearman)),
                count(&of_means),
                Cell::Number(written(of_means.pearson)),
                Cell::Number(written(of_means.spearman)),
            ]);
            let title = format!("{}: {}", of.adversary, of.id());
            panels.push(scatter(resting(&title, rests_on.into_iter()), series));
        }
        if panels.is_empty() {
            return Ok(());
        }
        page.heading("distance", "Distance of the shards against accuracy");
        page.picture(
            Picture {
                name: "scatter".into(),
                alternative: "In-class distance of the shards against the accuracy of source inference, over all federations. The \
                              coefficients are in the table below"
                    .into(),
                panels,
            },
            "One point a federation (a repeat of a run): the in-class distance of the shards in question (of each class's mean records, \
             features in [0, 1], averaged over classes and pairs of parties) against the accuracy of source inference in percent; \
             shapes tell the runs apart (they come round again after eight). Truex et al., Figure 11.",
        )?;
        page.table(
            "Correlation with its 95 % interval, over all federations and over the means of the runs",
            &["adversary", "attack", "federations", "Pearson", "Spearman", "runs", "Pearson", "Spearman"],
            &rows,
        );
        Ok(())
    }
}

fn written(coefficient: Option<Coefficient>) -> String {
    coefficient.map_or_else(
        || "–".into(),
        |Coefficient { r, ci95: [low, high] }| format!("{r:.2} [{low:.2}, {high:.2}]"),
    )
}
