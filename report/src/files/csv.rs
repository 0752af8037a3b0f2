//! `results.csv`: one row for each result of `report.json`, the same names, means with deviation and interval.

use turncoat_attack::Summary;

use super::folder::RESULTS;
use crate::error::Error;
use crate::result::attack::ResultFigures;
use crate::result::figure::Mean;
use crate::result::report::Report;

/// The figures of a row that come with deviation and interval: their names, and where each stands.
type Figure = (&'static str, fn(&ResultFigures) -> Option<&Summary>);

const FIGURES: [Figure; 14] = [
    ("precision", |row| Some(&row.precision)),
    ("accuracy", |row| Some(&row.accuracy)),
    ("recall", |row| Some(&row.recall)),
    ("auc", |row| Some(&row.auc)),
    ("advantage", |row| Some(&row.advantage)),
    ("tpr_at_fpr_1pct", |row| Some(&row.tpr_at_fpr_1pct)),
    ("tpr_at_fpr_0_1pct", |row| Some(&row.tpr_at_fpr_0_1pct)),
    ("prior_only_precision", |row| Some(&row.prior_only.precision)),
    ("prior_only_accuracy", |row| Some(&row.prior_only.accuracy)),
    ("over_prior_precision", |row| Some(&row.over_prior.precision)),
    ("over_prior_accuracy", |row| Some(&row.over_prior.accuracy)),
    ("over_outsider_precision", |row| row.over_outsider.as_ref().map(|over| &over.precision)),
    ("over_outsider_accuracy", |row| row.over_outsider.as_ref().map(|over| &over.accuracy)),
    ("smallest_fpr", |row| Some(&row.smallest_fpr)),
];

/// The text of the file. A figure that does not exist is an empty field.
///
/// # Errors
/// [`Error::Bug`]: writing to memory does not fail.
pub fn to_csv(report: &Report) -> Result<Vec<u8>, Error> {
    let failed = |error: csv::Error| Error::unwritten(RESULTS, &error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header: Vec<String> = [
        "scenario",
        "vantage",
        "adversary",
        "question",
        "attack",
        "id",
        "target",
        "generation",
        "attack_learner",
        "non_members",
        "records",
        "claims",
        "claims_in",
        "prior_only_unnamed",
        "chance",
    ]
    .map(String::from)
    .into();
    header.extend(
        FIGURES.iter().flat_map(|(name, _)| {
            ["mean", "std", "ci95_low", "ci95_high"].map(|part| format!("{name}_{part}"))
        }),
    );
    writer.write_record(&header).map_err(failed)?;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let count = |mean: Option<Mean>| mean.map(|mean| mean.0.to_string()).unwrap_or_default();
    for row in &report.results {
        let mut fields = vec![
            report.scenario.name.clone(),
            text(&row.vantage),
            text(&row.adversary),
            text(&row.question),
            text(&row.attack),
            row.id().into(),
            text(&row.means.target),
            text(&row.means.generation),
            text(&row.means.attack_learner),
            text(&row.non_members),
            count(row.records),
            count(row.claims),
            count(row.claims_in),
            count(row.prior_only.unnamed),
            row.chance.map(|chance| chance.to_string()).unwrap_or_default(),
        ];
        for (_, figure) in FIGURES {
            let summary = figure(row);
            let end = |place: usize| summary.and_then(|summary| summary.ci95).map(|ends| ends[place]);
            let mean = summary.and_then(|summary| summary.mean);
            for value in [mean, summary.and_then(|summary| summary.std), end(0), end(1)] {
                fields.push(value.map(|v| v.to_string()).unwrap_or_default());
            }
        }
        writer.write_record(&fields).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::unwritten(RESULTS, error.error()))
}
