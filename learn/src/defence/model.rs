//! A model behind defences.
//!
//! In a model file: the defences as a JSON list (its length u32, its bytes), the key of their random draws (32 bytes), the model.

use super::{Defence, Defences};
use crate::learner::Convergence;
use crate::learner::{CheckedRecords, LocalModel, Model, Reader, SavedModel, Writer};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// A model whose answers are told behind defences.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::defence::{Defence, DefendedModel, Defences, Round};
/// use turncoat_learn::{Learner, Model, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [2.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1], classes: 2 };
/// let model = Learner::Knn(Default::default()).fit(samples, Seed::root(1))?;
/// let defences = Defences::new(vec![Defence::Round(Round { digits: 0 })], Seed::root(1));
/// assert_eq!(DefendedModel::new(model, defences).predict_proba(x.view())?.row(0).to_vec(), [1.0, 0.0]);
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DefendedModel {
    model: LocalModel,
    defences: Defences,
}

impl DefendedModel {
    /// Puts defences before a model.
    #[must_use]
    pub fn new(model: LocalModel, defences: Defences) -> Self {
        Self { model, defences }
    }

    /// The model behind them.
    #[must_use]
    pub fn model(&self) -> &LocalModel {
        &self.model
    }
}

impl Model for DefendedModel {
    fn predict(&self, records: &CheckedRecords<'_>) -> PredictionVectors {
        self.defences.of_checked(records, self.model.predict(records))
    }

    fn features(&self) -> usize {
        self.model.features()
    }

    fn classes(&self) -> usize {
        self.model.classes()
    }

    fn heap_bytes(&self) -> usize {
        self.model.memory_bytes() + size_of_val(self.defences.list())
    }

    fn encode(&self, writer: &mut Writer) {
        let list = serde_json::to_vec(self.defences.list()).expect("parameters are numbers and words");
        writer.byte(Self::KINDS[0]);
        writer.word(list.len() as u32);
        writer.raw(&list);
        writer.raw(self.defences.seed().as_bytes());
        self.model.encode(writer);
    }

    fn smallest_leaf(&self) -> Option<u64> {
        self.model.smallest_leaf()
    }

    fn convergence(&self) -> Option<Convergence> {
        self.model.convergence()
    }
}

impl SavedModel for DefendedModel {
    const KINDS: &'static [u8] = &[20];

    fn decode(_kind: u8, reader: &mut Reader<'_>, nested: u32) -> Result<Self, String> {
        let nested = nested.checked_sub(1).ok_or("its models are nested too deep")?;
        let length = reader.word()? as usize;
        let list = std::str::from_utf8(reader.bytes(length)?).map_err(|error| error.to_string())?;
        let list = Defence::list(list)?;
        let seed = Seed::from(reader.take::<32>()?);
        Ok(Self { model: LocalModel::decode(reader, nested)?, defences: Defences::new(list, seed) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defence::{RawDefendedParams, Round, TopK};
    use crate::tree::random;
    use crate::{Learner, Samples};

    #[test]
    fn no_defence_changes_nothing_and_a_saved_model_answers_the_same_bits() {
        let (records, labels) = random(80, 3, 4, 5);
        let samples = Samples { records: records.view(), labels: &labels, classes: 4 };
        let plain = Learner::LogisticRegression(Default::default()).fit(samples, Seed::root(1)).unwrap();
        let answers = plain.predict_proba(records.view()).unwrap();
        let none = DefendedModel::new(plain.clone(), Defences::new(Vec::new(), Seed::root(2)));
        assert_eq!(none.predict_proba(records.view()).unwrap(), answers);
        let list = vec![Defence::TopK(TopK { k: 2 }), Defence::Round(Round { digits: 1 })];
        let defended = DefendedModel::new(plain, Defences::new(list, Seed::root(2))).into_local();
        let reported = defended.predict_proba(records.view()).unwrap();
        assert_ne!(reported, answers);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        defended.save(&path).unwrap();
        let loaded = LocalModel::load(&path).unwrap();
        assert_eq!(
            (loaded.predict_proba(records.view()).unwrap(), loaded.digest()),
            (reported, defended.digest())
        );
    }

    #[test]
    fn what_cannot_stand_is_refused() {
        let tree = || Box::new(Learner::DecisionTree(Default::default()));
        let refused = |defences: Vec<Defence>| {
            let reported = RawDefendedParams { learner: tree(), defences }.check().unwrap_err();
            reported.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(refused(Vec::new()), "defences is 0 defences: from 1 to 16 defences");
        let both = vec![Defence::TopK(TopK { k: 0 }), Defence::Round(Round { digits: 40 })];
        assert_eq!(refused(both), "k is 0: at least 1; digits is 40: at most 15");
        let mut deep = Learner::DecisionTree(Default::default());
        let wrap = |learner| RawDefendedParams {
            learner: Box::new(learner),
            defences: vec![Defence::TopK(TopK { k: 1 })],
        };
        for _ in 0..4 {
            deep = Learner::Defended(wrap(deep).check().unwrap());
        }
        assert!(wrap(deep).check().is_err());
    }
}
