//! A logistic regression as a point in its space of parameters: first the weights, feature by feature, one an output, then the intercepts.

use ndarray::{Array1, Array2, ArrayView2};

use super::LogisticRegression;
use super::link::loss_and_residuals;
use crate::learner::{CheckedRecords, LearnerError, LocalModel, Model, Parametric};

impl Parametric for LogisticRegression {
    fn parameters(&self) -> Vec<f32> {
        self.weights.iter().chain(&self.intercepts).map(|&parameter| parameter as f32).collect()
    }

    fn with_parameters(&self, parameters: &[f32]) -> Result<LocalModel, LearnerError> {
        let refuse = |reason| LearnerError::Parameters { reason };
        let (expected, got) = (self.weights.len() + self.intercepts.len(), parameters.len());
        if expected != got {
            return Err(refuse(format!("there are {got}, and the model has {expected}")));
        }
        if let Some(place) = parameters.iter().position(|parameter| !parameter.is_finite()) {
            return Err(refuse(format!("number {place} is {}, not a finite number", parameters[place])));
        }
        let (weights, intercepts) = parameters.split_at(self.weights.len());
        let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect();
        let (features, classes, present) = (self.features, self.classes, self.present.clone());
        let model = Self {
            features,
            classes,
            present,
            weights: wide(weights),
            intercepts: wide(intercepts),
            convergence: None,
        };
        Ok(model.into_local())
    }

    fn gradients(&self, records: ArrayView2<'_, f32>, labels: &[u32]) -> Result<Array2<f32>, LearnerError> {
        if records.nrows() != labels.len() {
            return Err(LearnerError::Lengths { records: records.nrows(), labels: labels.len() });
        }
        let checked = CheckedRecords::new(records, self.features)?;
        let places: Result<Vec<usize>, _> = labels
            .iter()
            .enumerate()
            .map(|(row, &label)| {
                let no_such = LearnerError::Label { row, label, classes: self.classes };
                self.present.binary_search(&label).map_err(|_| no_such)
            })
            .collect();
        let outputs = self.intercepts.len();
        let mut gradients = Array2::zeros((labels.len(), (self.features + 1) * outputs));
        if outputs == 0 {
            return Ok(gradients);
        }
        let weights = self.weights();
        let records = checked.records();
        for ((record, place), mut gradient) in
            records.rows().into_iter().zip(places?).zip(gradients.rows_mut())
        {
            let record = record.mapv(f64::from);
            let mut scores = record.dot(&weights) + Array1::from(self.intercepts.clone());
            let residuals = scores.as_slice_mut().expect("a fresh array is contiguous");
            loss_and_residuals(residuals, place);
            let parts = gradient.as_slice_mut().expect("a row of a fresh array is contiguous");
            for (value, part) in record.iter().chain([&1.0]).zip(parts.chunks_exact_mut(outputs)) {
                part.iter_mut()
                    .zip(&*residuals)
                    .for_each(|(entry, residual)| *entry = (value * residual) as f32);
            }
        }
        Ok(gradients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::random;
    use crate::{Learner, Samples, Seed};

    fn model(classes: usize) -> (LocalModel, Array2<f32>, Vec<u32>) {
        let (records, labels) = random(60, 3, classes as u32, 9);
        // Small values, so that a small step changes the loss nearly as its gradient says.
        let records = records.mapv(|value: f32| value / 256.0);
        let samples = Samples { records: records.view(), labels: &labels, classes: classes + 1 };
        let model = Learner::LogisticRegression(Default::default()).fit(samples, Seed::root(1)).unwrap();
        (model, records, labels)
    }

    fn loss(model: &dyn Model, records: ArrayView2<'_, f32>, label: u32) -> f64 {
        -model.predict_proba(records).unwrap().row(0)[label as usize].ln()
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        for classes in [2, 4] {
            let (model, records, labels) = model(classes);
            let parametric = model.parametric().unwrap();
            let gradients = parametric.gradients(records.view(), &labels).unwrap();
            let parameters = parametric.parameters();
            let model = parametric.with_parameters(&parameters).unwrap();
            let parametric = model.parametric().unwrap();
            assert_eq!(gradients.dim(), (60, 4 * if classes == 2 { 1 } else { classes }));
            for row in [0, 7, 31] {
                let record = records.select(ndarray::Axis(0), &[row]);
                for place in 0..parameters.len() {
                    let step = 2f32.powi(-10);
                    let at = |by: f32| {
                        let mut moved = parameters.clone();
                        moved[place] += by;
                        // What was added in f32 is not quite what was asked for.
                        let moved_by = f64::from(moved[place]) - f64::from(parameters[place]);
                        let moved = parametric.with_parameters(&moved).unwrap();
                        (moved_by, loss(&*moved, record.view(), labels[row]))
                    };
                    let ((up, above), (down, below)) = (at(step), at(-step));
                    let expected = (above - below) / (up - down);
                    let got = f64::from(gradients[(row, place)]);
                    assert!((got - expected).abs() < 1e-4 * (1.0 + expected.abs()), "{got} {expected}");
                }
            }
        }
    }

    #[test]
    fn a_model_with_its_own_parameters_is_the_same_in_f32_and_nothing_that_was_fitted() {
        let (model, records, labels) = model(3);
        let parametric = model.parametric().unwrap();
        let same = parametric.with_parameters(&parametric.parameters()).unwrap();
        let (reported, expected) =
            (same.predict_proba(records.view()).unwrap(), model.predict_proba(records.view()).unwrap());
        let near = reported.view().iter().zip(expected.view()).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(near && model.convergence().is_some() && same.convergence().is_none());
        let folder = tempfile::tempdir().unwrap();
        same.save(&folder.path().join("model")).unwrap();
        assert_eq!(LocalModel::load(&folder.path().join("model")).unwrap(), same);
        assert_ne!(same, model);
        let refused = |parameters: &[f32]| parametric.with_parameters(parameters).unwrap_err().to_string();
        assert!(refused(&[0.0]).contains("there are 1, and the model has 12"));
        assert!(refused(&[f32::NAN; 12]).contains("number 0 is NaN"));
        // A class that training did not show.
        let unknown = parametric.gradients(records.view(), &vec![3; labels.len()]);
        assert!(matches!(unknown, Err(LearnerError::Label { row: 0, label: 3, classes: 4 })));
    }
}
