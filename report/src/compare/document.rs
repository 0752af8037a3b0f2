//! The comparison as a JSON document; figures are fractions, as in report.json.

use serde_json::{Map, Value, json};

use super::comparison::{Comparison, Line};
use super::reference::Reference;

/// The whole document. `with` is what the figures were held against, as it was given.
#[must_use]
pub fn document(comparison: &Comparison<'_>, with: &str) -> Value {
    json!({
        "schema": "turncoat.compare/1",
        "with": with,
        "lines": comparison.lines.iter().map(line).collect::<Vec<_>>(),
        "unmet": comparison.unmet.iter().map(|reference| unmet(reference)).collect::<Vec<_>>(),
        "not_measured": comparison.not_measured,
        "results_without_reference": comparison.unpublished,
    })
}

fn line(line: &Line<'_>) -> Value {
    let Line { measured, reference, figure } = line;
    let result = &measured.result;
    json!({
        "scenario": measured.scenario,
        "swept": map(&measured.swept),
        "vantage": result.vantage,
        "adversary": result.adversary,
        "question": result.question,
        "attack": result.attack,
        "id": result.id(),
        "non_members": result.non_members,
        "target": result.means.target,
        "generation": result.means.generation,
        "attack_learner": result.means.attack_learner,
        "figure": reference.figure,
        "measured": figure.mean,
        "ci95": figure.ci95,
        "claims": line.claims(),
        "reference": reference.value,
        "reference_claims": reference.claims,
        "difference": line.difference(),
        "covered": line.covered(),
        "source": reference.source,
        "note": reference.note,
    })
}

fn unmet(reference: &Reference) -> Value {
    let fields =
        reference.fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
    json!({
        "scenario": reference.scenario,
        "swept": map(&reference.swept),
        "fields": fields.collect::<Map<_, _>>(),
        "figure": reference.figure,
        "reference": reference.value,
        "source": reference.source,
    })
}

fn map(pairs: &[(String, String)]) -> Map<String, Value> {
    pairs.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect()
}
