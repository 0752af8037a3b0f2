//! `results.csv`: one row for each result of `report.json`, the same names, means with deviation and interval.

use turncoat_attack::Summary;

use super::folder::RESULTS;
use crate::error::Error;
use crate::result::report::Report;

/// The names of a result.
const NAMES: [&str; 9] = [
    "vantage",
    "adversary",
    "question",
    "attack",
    "id",
    "target",
    "generation",
    "attack_learner",
    "non_members",
];

/// What it has without an interval.
const ALONE: [&str; 5] = ["records", "claims", "claims_in", "prior_only_unnamed", "chance"];

/// The figures of a row that come with deviation and interval.
const FIGURES: [&str; 14] = [
    "precision",
    "accuracy",
    "recall",
    "auc",
    "advantage",
    "tpr_at_fpr_1pct",
    "tpr_at_fpr_0_1pct",
    "prior_only_precision",
    "prior_only_accuracy",
    "over_prior_precision",
    "over_prior_accuracy",
    "over_outsider_precision",
    "over_outsider_accuracy",
    "smallest_fpr",
];

/// The text of the file. A figure that does not exist is an empty field.
///
/// # Errors
/// [`Error::Bug`]: writing to memory does not fail.
pub fn to_csv(report: &Report) -> Result<Vec<u8>, Error> {
    let failed = |error: csv::Error| Error::unwritten(RESULTS, &error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = ["scenario"].into_iter().chain(NAMES).chain(ALONE);
    let figures = FIGURES
        .iter()
        .flat_map(|name| ["mean", "std", "ci95_low", "ci95_high"].map(|part| format!("{name}_{part}")));
    writer.write_record(names.map(String::from).chain(figures)).map_err(failed)?;
    let shown = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for row in &report.results {
        let mut fields = vec![report.scenario.name.clone()];
        fields.extend(NAMES.map(|name| row.field(name).unwrap_or_default().to_owned()));
        fields.extend(ALONE.map(|name| shown(row.figure(name).map(|figure| figure.mean))));
        for name in FIGURES {
            let Summary { mean, std, ci95, .. } = row.summary(name);
            fields.extend([mean, std, ci95.map(|ends| ends[0]), ci95.map(|ends| ends[1])].map(shown));
        }
        writer.write_record(&fields).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::unwritten(RESULTS, error.error()))
}
