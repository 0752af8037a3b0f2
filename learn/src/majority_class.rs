//! The class shares of the training records, whatever is asked: what a learner must beat, and a control, since it tells nothing of
//! single records. Its predicted class is the commonest one (ZeroR; scikit-learn's `DummyClassifier` with the strategy `prior`).
//!
//! In a model file: features (u64), classes (u64), the share of each class (f64).

use ndarray::Array2;

use crate::dataset::MOST_CLASSES;
use crate::learner::{
    CheckedRecords, LearnerError, LocalModel, Model, Reader, SavedModel, Train, TrainingRows, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// The class shares of the training records, whatever is asked: a control, which tells nothing of single records.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "majority_class", extend("x-source" = "ZeroR; scikit-learn (DummyClassifier, prior)"))]
pub struct MajorityClassParams {}

/// What it makes of records.
#[derive(Clone, Debug)]
pub struct MajorityClass {
    features: usize,
    shares: Vec<f64>,
}

impl Train for MajorityClassParams {
    fn fit(&self, data: TrainingRows<'_, '_>, _seed: Seed) -> Result<LocalModel, LearnerError> {
        let (rows, features) = (data.in_order()?, data.prepared.records().ncols());
        let mut shares = vec![1.0 / data.classes as f64; data.classes];
        if !rows.is_empty() {
            shares.fill(0.0);
            rows.iter().for_each(|&row| shares[data.labels[row] as usize] += 1.0);
            shares.iter_mut().for_each(|share| *share /= rows.len() as f64);
        }
        Ok(MajorityClass { features, shares }.into_local())
    }
}

impl Model for MajorityClass {
    fn predict(&self, records: &CheckedRecords<'_>) -> PredictionVectors {
        let shape = (records.len(), self.shares.len());
        PredictionVectors::of_distributions(Array2::from_shape_fn(shape, |(_, class)| self.shares[class]))
    }

    fn features(&self) -> usize {
        self.features
    }

    fn classes(&self) -> usize {
        self.shares.len()
    }

    fn heap_bytes(&self) -> usize {
        size_of_val(&self.shares[..])
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        writer.size(self.features);
        writer.size(self.shares.len());
        writer.doubles(&self.shares);
    }
}

impl SavedModel for MajorityClass {
    const KINDS: &'static [u8] = &[21];

    fn decode(_kind: u8, reader: &mut Reader<'_>, _nested: u32) -> Result<Self, String> {
        let (features, classes) = (reader.size()?, reader.size()?);
        let shares = if classes > MOST_CLASSES { Vec::new() } else { reader.doubles(classes)? };
        let sum: f64 = shares.iter().sum();
        if shares.iter().any(|share| *share < 0.0) || (sum - 1.0).abs() > 1e-9 {
            return Err(format!("the shares of its classes sum to {sum}, not to 1"));
        }
        Ok(Self { features, shares })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use crate::{Learner, LocalModel, Samples, Seed};

    #[test]
    fn it_answers_the_shares_of_the_classes() {
        let learner: Learner = serde_json::from_str("{\"majority_class\": {}}").unwrap();
        let x = array![[0.0], [1.0], [2.0], [3.0]];
        let samples = Samples { records: x.view(), labels: &[2, 0, 2, 2], classes: 4 };
        let model = learner.fit(samples, Seed::root(1)).unwrap();
        assert_eq!(
            model.predict_proba(array![[9.0]].view()).unwrap().row(0).to_vec(),
            [0.25, 0.0, 0.75, 0.0]
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        model.save(&path).unwrap();
        assert_eq!(LocalModel::load(&path).unwrap(), model);
        let none = Samples { records: x.view(), labels: &[], classes: 4 };
        let nothing = learner.fit_rows(&learner.prepare(x.view()).unwrap(), &[0; 4], &[], 4, Seed::root(1));
        assert_eq!((none.classes, nothing.unwrap().predict_proba(x.view()).unwrap().row(0)[0]), (4, 0.25));
    }
}
