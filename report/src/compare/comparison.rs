//! Which measured figure belongs to which reference, and how far apart they are.

use std::collections::BTreeMap;

use super::measured::Measured;
use super::reference::Reference;
use crate::result::figure::Figure;

/// A measured figure beside its reference.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The result.
    pub measured: &'a Measured,
    /// What it is held against.
    pub reference: &'a Reference,
    /// The figure of the result.
    pub figure: Figure,
}

/// All of them, and what is left over.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// In the order of the references, then of the results.
    pub lines: Vec<Line<'a>>,
    /// References to a scenario that was measured, none of whose results they are about.
    pub unmet: Vec<&'a Reference>,
    /// Scenarios that references are about and that were not measured, with the number of the references.
    pub not_measured: BTreeMap<&'a str, usize>,
    /// Results that no reference is about.
    pub unpublished: usize,
}

impl<'a> Comparison<'a> {
    /// Compares.
    #[must_use]
    pub fn new(measured: &'a [Measured], references: &'a [Reference]) -> Self {
        let (mut lines, mut unmet, mut not_measured) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut published = vec![false; measured.len()];
        for reference in references {
            if !measured.iter().any(|measured| measured.scenario == reference.scenario) {
                *not_measured.entry(reference.scenario.as_str()).or_insert(0) += 1;
                continue;
            }
            let before = lines.len();
            for (place, measured) in measured.iter().enumerate() {
                if reference.is_about(measured)
                    && let Some(figure) = measured.figure(&reference.figure)
                {
                    published[place] = true;
                    lines.push(Line { measured, reference, figure });
                }
            }
            if lines.len() == before {
                unmet.push(reference);
            }
        }
        let unpublished = published.iter().filter(|published| !**published).count();
        Self { lines, unmet, not_measured, unpublished }
    }
}

impl Line<'_> {
    /// How many claims of a repeat the measured figure rests on; none of what rests on none, as guessing does.
    #[must_use]
    pub fn claims(&self) -> Option<f64> {
        self.measured.claims(&self.reference.figure)
    }

    /// Measured less reference, a fraction.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.figure.mean - self.reference.value
    }

    /// Whether the 95 % interval of the measured mean covers the reference; none where there is no interval.
    #[must_use]
    pub fn covered(&self) -> Option<bool> {
        self.figure.ci95.map(|[low, high]| (low..=high).contains(&self.reference.value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::result::attack::ResultFigures;

    fn measured(scenario: &str, swept: &[(&str, &str)], result: serde_json::Value) -> Measured {
        let swept = swept.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let result: ResultFigures = serde_json::from_value(result).unwrap();
        Measured { scenario: scenario.into(), swept, result, deviations: None }
    }

    fn reference(scenario: &str, fields: &[(&'static str, &str)], figure: &str, value: f64) -> Reference {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).into())).collect();
        Reference { scenario: scenario.into(), fields, figure: figure.into(), value, ..Reference::default() }
    }

    #[test]
    fn empty_fields_match_anything_and_named_ones_only_themselves() {
        let accuracy = json!({"mean": 0.6, "ci95": [0.58, 0.62]});
        let all = [
            measured("a", &[], json!({"vantage": "party", "attack": "least_loss", "accuracy": accuracy})),
            measured(
                "a",
                &[],
                json!({"vantage": "party", "attack": "prior_aware", "accuracy": {"mean": 0.7}}),
            ),
            measured("a", &[], json!({"vantage": "outsider", "attack": "gap", "accuracy": {"mean": null}})),
            measured("b", &[], json!({"target": "knn", "generation": null, "accuracy": {"mean": 0.5}})),
        ];
        let references = [
            reference("a", &[("vantage", "party")], "accuracy", 0.61),
            reference("a", &[], "accuracy", 0.7),
            reference("a", &[("vantage", "outsider")], "accuracy", 0.7),
            reference("b", &[("target", "knn"), ("generation", "knn")], "accuracy", 0.5),
            reference("c", &[], "accuracy", 0.5),
            reference("c", &[], "precision", 0.5),
        ];
        let comparison = Comparison::new(&all, &references);
        let told: Vec<_> = comparison
            .lines
            .iter()
            .map(|line| {
                (line.measured.result.attack.as_deref().unwrap(), line.reference.value, line.covered())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("least_loss", 0.61, Some(true)),
                ("prior_aware", 0.61, None),
                ("least_loss", 0.7, Some(false)),
                ("prior_aware", 0.7, None),
            ]
        );
        assert!((comparison.lines[2].difference() + 0.1).abs() < 1e-12);
        assert_eq!(comparison.unmet.len(), 2, "what does not exist and what was done with something else");
        assert_eq!(comparison.not_measured, BTreeMap::from([("c", 2)]));
        assert_eq!(comparison.unpublished, 2);
    }

    #[test]
    fn swept_values_are_compared_as_numbers() {
        let all = [
            measured("a", &[("noise", "0.10"), ("kind", "x")], json!({"auc": {"mean": 0.6}})),
            measured("a", &[("noise", "0.2"), ("kind", "x")], json!({"auc": {"mean": 0.7}})),
            measured("a", &[], json!({"auc": {"mean": 0.8}})),
        ];
        let swept = vec![("noise".to_owned(), "1e-1".to_owned()), ("kind".to_owned(), "x".to_owned())];
        let references = [Reference { swept, ..reference("a", &[], "auc", 0.5) }];
        let comparison = Comparison::new(&all, &references);
        assert_eq!(comparison.lines.len(), 1);
        assert_eq!(comparison.lines[0].figure.mean, 0.6);
    }
}
