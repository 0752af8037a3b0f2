//! Figures to hold measured ones against.
//!
//! A table of them is a CSV file with these columns, of which `scenario`, `figure` and `value` must be there; an empty field
//! matches anything:
//!
//! ```text
//! scenario,sweep,vantage,question,attack,id,target,generation,attack_learner,figure,value,source,note
//! ```
//!
//! `sweep` is `key=value`, several with `;` between them; `value` is a fraction between 0 and 1; `figure` is the name of
//! a figure in report.json, or `deviation_` and the name of a deviation.

use std::path::Path;

use turncoat_learn::words::nearest;

use super::measured::Measured;
use crate::error::Error;

const COLUMNS: [&str; 13] = [
    "scenario",
    "sweep",
    "vantage",
    "question",
    "attack",
    "id",
    "target",
    "generation",
    "attack_learner",
    "figure",
    "value",
    "source",
    "note",
];
/// Those without which a row says nothing.
const NEEDED: [&str; 3] = ["scenario", "figure", "value"];
/// The fields by which results are told apart.
const TOLD_APART: [&str; 9] = [
    "vantage",
    "adversary",
    "question",
    "attack",
    "id",
    "non_members",
    "target",
    "generation",
    "attack_learner",
];
/// The figures of runs that others are held against.
const FIGURES: [&str; 3] = ["precision", "accuracy", "auc"];

/// Other figures that a reference may name, beside deviations.
const OTHER_FIGURES: [&str; 6] =
    ["recall", "advantage", "tpr_at_fpr_1pct", "tpr_at_fpr_0_1pct", "smallest_fpr", "chance"];
const DEVIATIONS: [&str; 3] =
    ["deviation_fixed_attack", "deviation_fixed_generation", "deviation_fixed_target"];

/// One figure. A field that is absent matches anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// The scenario's name.
    pub scenario: String,
    /// Swept keys and the values they must have.
    pub swept: Vec<(String, String)>,
    /// Fields of a result and the values they must have, by the names of report.json.
    pub fields: Vec<(&'static str, String)>,
    /// The figure's name.
    pub figure: String,
    /// Its value, a fraction.
    pub value: f64,
    /// How many claims of a repeat it rests on, where that is known.
    pub claims: Option<f64>,
    /// Where it stands.
    pub source: String,
    /// What a reader should know.
    pub note: String,
}

impl Reference {
    /// Whether it is about this result.
    #[must_use]
    pub fn is_about(&self, measured: &Measured) -> bool {
        let has = |(name, value): &(&str, String)| measured.result.field(name) == Some(value);
        let swept = |(key, value): &(String, String)| {
            measured.swept.iter().any(|(own, at)| own == key && same_value(at, value))
        };
        self.scenario == measured.scenario && self.fields.iter().all(has) && self.swept.iter().all(swept)
    }
}

/// Numbers by their value, everything else by its text.
fn same_value(one: &str, other: &str) -> bool {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// The figures of a CSV file.
///
/// # Errors
/// When it cannot be read, or as [`of_text`].
pub fn of_file(path: &Path) -> Result<Vec<Reference>, Error> {
    let text = std::fs::read(path).map_err(|source| Error::NoFigures { path: path.into(), source })?;
    of_text(&path.display().to_string(), &text)
}

/// The means of other runs: precision, accuracy and area under the curve of each result.
#[must_use]
pub fn of_runs(runs: &[Measured], source: &str) -> Vec<Reference> {
    let mut references = Vec::new();
    for measured in runs {
        let named = |name| Some((name, measured.result.field(name)?.to_owned()));
        let fields: Vec<_> = TOLD_APART.into_iter().filter_map(named).collect();
        for figure in FIGURES.into_iter().chain(DEVIATIONS) {
            if let Some(found) = measured.figure(figure) {
                references.push(Reference {
                    scenario: measured.scenario.clone(),
                    swept: measured.swept.clone(),
                    fields: fields.clone(),
                    figure: figure.into(),
                    value: found.mean,
                    claims: measured.claims(figure),
                    source: source.into(),
                    ..Reference::default()
                });
            }
        }
    }
    references
}

/// The figures of a CSV file's text; `name` is what errors call it.
///
/// # Errors
/// [`Error::Table`] with the line that is malformed.
pub fn of_text(name: &str, text: &[u8]) -> Result<Vec<Reference>, Error> {
    let failed = |e: csv::Error| Error::table(name, e);
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().map_err(failed)?.clone();
    if let Some(unknown) = header.iter().find(|column| !COLUMNS.contains(column)) {
        let what = format!("unknown column {unknown:?}; known are {}", COLUMNS.join(", "));
        return Err(Error::table(name, what));
    }
    if let Some(missing) = NEEDED.iter().find(|needed| !header.iter().any(|column| column == **needed)) {
        let what = format!("the column `{missing}` is missing; needed are {}", NEEDED.join(", "));
        return Err(Error::table(name, what));
    }
    let mut references = Vec::new();
    for row in reader.records() {
        let row = row.map_err(failed)?;
        let line = row.position().map_or(0, csv::Position::line);
        let wrong = |rule: &str| Error::table(format!("{name}:{line}"), rule);
        let cell = |column: &str| {
            header.iter().position(|own| own == column).map_or("", |place| row[place].trim()).to_owned()
        };
        if cell("scenario").is_empty() || cell("figure").is_empty() {
            return Err(wrong("scenario and figure must not be empty"));
        }
        let known = || FIGURES.into_iter().chain(OTHER_FIGURES).chain(DEVIATIONS);
        let figure = cell("figure");
        if !known().any(|name| name == figure) {
            let meant = match nearest(&figure, known()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("known are {}", known().collect::<Vec<_>>().join(", ")),
            };
            return Err(wrong(&format!("figure is {figure:?}, which no result has; {meant}")));
        }
        let value = cell("value").parse().ok().filter(|value| (-1.0..=1.0).contains(value));
        let value = value.ok_or_else(|| {
            wrong(&format!("value is {:?}: must be a fraction such as 0.5989, not percent", cell("value")))
        })?;
        let mut swept = Vec::new();
        for pair in cell("sweep").split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').ok_or_else(|| {
                wrong(&format!("sweep has {pair:?}: write key=value, several with ; between"))
            })?;
            swept.push((key.trim().to_owned(), value.trim().to_owned()));
        }
        let fields = ["vantage", "question", "attack", "id", "target", "generation", "attack_learner"];
        let fields = fields.map(|field| (field, cell(field)));
        references.push(Reference {
            scenario: cell("scenario"),
            swept,
            fields: fields.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            figure: cell("figure"),
            value,
            claims: None,
            source: cell("source"),
            note: cell("note"),
        });
    }
    Ok(references)
}

#[cfg(test)]
mod tests;
