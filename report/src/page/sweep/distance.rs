//! The distance of the shards against the accuracy of source inference, over all federations of a sweep.

use turncoat_attack::{Correlation, Summary};

use super::Swept;
use crate::headline::ACCURACY;
use crate::page::distance::{attacked, points, scatter, written};
use crate::page::parts::{Part, picture, resting, table};
use crate::picture::{Panel, Series, Tone};
use crate::result::report::DistanceCorrelation;
use crate::table::columns::Table;

/// Figure 11 over all federations of all runs.
pub(super) fn distance(swept: &Swept) -> Vec<Part> {
    let Some(first) = swept.runs.first() else { return Vec::new() };
    let insiders = first.report.correlations.iter().filter(|of| of.adversary != "outsider");
    let found: Vec<Found<'_>> = insiders.filter_map(|of| of_attack(swept, of)).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let columns = Table::of(&found)
        .text("adversary", |one| &one.of.adversary)
        .text("attack", |one| one.of.id())
        .number("federations", |one| one.whole.repeats)
        .number("Pearson", |one| written(one.whole.pearson))
        .number("Spearman", |one| written(one.whole.spearman))
        .number("runs", |one| one.of_means.repeats)
        .number("Pearson", |one| written(one.of_means.pearson))
        .number("Spearman", |one| written(one.of_means.spearman));
    let table = table(
        "Correlation with its 95 % interval, over all federations and over the means of the runs",
        columns,
    );
    let picture = picture(
        "scatter",
        "In-class distance of the shards against the accuracy of source inference, over all federations. The coefficients are in the table below",
        found.into_iter().map(|one| one.panel),
        "One point a federation (a repeat of a run): the in-class distance of the shards in question (of each class's mean records, \
         features in [0, 1], averaged over classes and pairs of parties) against the accuracy of source inference in percent; \
         shapes tell the runs apart (they come round again after eight). Truex et al., Figure 11.",
    );
    vec![picture, table]
}

/// An attack's points and their correlations: of all federations, and of the means of the runs.
struct Found<'a> {
    of: &'a DistanceCorrelation,
    panel: Panel,
    whole: Correlation,
    of_means: Correlation,
}

fn of_attack<'a>(swept: &'a Swept, of: &'a DistanceCorrelation) -> Option<Found<'a>> {
    let (mut series, mut rests_on) = (Vec::new(), Vec::new());
    let mut pairs: Vec<(Summary, Summary)> = Vec::new();
    for (number, run) in swept.runs.iter().enumerate() {
        let same = |other: &&DistanceCorrelation| (&other.adversary, other.id()) == (&of.adversary, of.id());
        let Some(found) = run.report.correlations.iter().find(same) else { continue };
        let Some(result) = attacked(&run.report, of) else { continue };
        let (distance, accuracy) = (found.in_class_distance.clone(), result.summary(ACCURACY));
        rests_on.extend(result.claims(ACCURACY));
        let name = if swept.runs.len() <= 8 { swept.label(run) } else { String::new() };
        series.push(Series::of_points(name, Tone::nth(number), points(&distance, &accuracy)));
        pairs.push((distance, accuracy));
    }
    series.retain(|series| !series.points.is_empty());
    let of_repeats = |pick: fn(&(Summary, Summary)) -> &Summary| -> Vec<Option<f64>> {
        pairs.iter().flat_map(|pair| pick(pair).by_repeat.iter().copied()).collect()
    };
    let means = |pick: fn(&(Summary, Summary)) -> &Summary| -> Vec<Option<f64>> {
        pairs.iter().map(|pair| pick(pair).mean).collect()
    };
    (!series.is_empty()).then(|| Found {
        of,
        panel: scatter(resting(&format!("{}: {}", of.adversary, of.id()), rests_on), series),
        whole: Correlation::of(&of_repeats(|pair| &pair.0), &of_repeats(|pair| &pair.1)),
        of_means: Correlation::of(&means(|pair| &pair.0), &means(|pair| &pair.1)),
    })
}
