//! `results.csv`: one row for each result of `report.json`, the same names, means with deviation and interval.

use turncoat_attack::Summary;

use super::json::{Report, ResultFigures};
use crate::error::Error;

/// The figures of a row that come with deviation and interval: their names, and where each stands.
type Figure = (&'static str, fn(&ResultFigures) -> &Summary);

const FIGURES: [Figure; 10] = [
    ("precision", |row| &row.precision),
    ("accuracy", |row| &row.accuracy),
    ("recall", |row| &row.recall),
    ("auc", |row| &row.auc),
    ("advantage", |row| &row.advantage),
    ("tpr_at_fpr_1pct", |row| &row.tpr_at_fpr_1pct),
    ("tpr_at_fpr_0_1pct", |row| &row.tpr_at_fpr_0_1pct),
    ("prior_only_precision", |row| &row.prior_only.precision),
    ("prior_only_accuracy", |row| &row.prior_only.accuracy),
    ("smallest_fpr", |row| &row.smallest_fpr),
];

/// The text of the file. A figure that does not exist is an empty field.
///
/// # Errors
/// [`Error::Bug`]: writing to memory does not fail.
pub fn to_csv(report: &Report) -> Result<Vec<u8>, Error> {
    let failed = |error: csv::Error| Error::Bug(format!("results.csv cannot be written down: {error}"));
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
    for row in &report.results {
        let means = row.means.as_ref();
        let mut fields = vec![
            report.scenario.name.clone(),
            row.vantage.into(),
            row.adversary.clone(),
            match row.question {
                turncoat_attack::Question::Membership => "membership".into(),
                turncoat_attack::Question::Source => "source".into(),
            },
            row.attack.into(),
            row.id.clone(),
            means.map_or("", |means| means.target).into(),
            means.and_then(|means| means.generation.clone()).unwrap_or_default(),
            means.and_then(|means| means.attack_learner).unwrap_or_default().into(),
            row.non_members.unwrap_or_default().into(),
            row.records.0.to_string(),
            row.chance.to_string(),
        ];
        for (_, figure) in FIGURES {
            let summary = figure(row);
            let [low, high] = summary.ci95.map_or([None, None], |[low, high]| [Some(low), Some(high)]);
            for value in [summary.mean, summary.std, low, high] {
                fields.push(value.map(|v| v.to_string()).unwrap_or_default());
            }
        }
        writer.write_record(&fields).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::Bug(format!("results.csv cannot be written down: {error}")))
}
