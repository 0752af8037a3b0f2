//! The attack model: from features of a record to the probability that it was in (Truex et al., section 3.3).
//!
//! It learns from what shadows answered (the attack set D*) and is then shown what the target answers. Classes share one model, or each
//! class of the record has its own (Shokri et al., 2017, section V-D); a class without a row in D* is judged by a model of all
//! rows.

use rayon::prelude::*;
use turncoat_learn::tree::RawTreeParams;
use turncoat_learn::{Learner, LocalModel, Samples, Seed};

use crate::error::AttackError;
use crate::evidence::{Evidence, FeatureTable, Features, Models};
use crate::inference::Scorer;
use crate::shadow::Shadows;

/// Splits on a path of the attack model that is taken where none is asked for.
const DEPTH: u32 = 8;
/// Fewest records in one of its leaves, and the share of all records below which it does not go either.
const LEAF: (usize, f64) = (10, 0.005);

/// Fitted on what shadows answered.
#[derive(Clone, Debug)]
pub(super) struct AttackModel {
    features: Features,
    /// Of all rows; `None` where every class has its own.
    shared: Option<LocalModel>,
    /// One a class; `None` where the shared one serves.
    by_class: Vec<Option<LocalModel>>,
}

impl AttackModel {
    /// Learns to tell in from out; a tree of bounded depth does where no learner is given.
    ///
    /// # Errors
    /// [`AttackError::Learner`].
    pub(super) fn fit(
        shadows: &Shadows<'_>,
        learner: Option<&Learner>,
        features: Features,
        seed: Seed,
    ) -> Result<Self, AttackError> {
        let mut table = FeatureTable::default();
        let mut truth = Vec::new();
        for (evidence, members) in shadows.evidence() {
            let before = table.places.len();
            table.add(features, &evidence);
            truth.extend(table.places[before..].iter().map(|&place| u32::from(place < members)));
        }
        let bounded;
        let learner = match learner {
            Some(learner) => learner,
            None => {
                bounded = bounded_tree(truth.len())?;
                &bounded
            }
        };
        let fit = |rows: &[usize], seed: Seed| -> Result<LocalModel, AttackError> {
            let records = table.select(rows);
            let truth: Vec<u32> = rows.iter().map(|&row| truth[row]).collect();
            Ok(learner.fit(Samples { records: records.view(), labels: &truth, classes: 2 }, seed)?)
        };
        let rows = if features.models == Models::PerClass {
            table.by_class(shadows.run().classes())
        } else {
            Vec::new()
        };
        let by_class = rows
            .par_iter()
            .enumerate()
            .map(|(class, rows)| match rows.as_slice() {
                [] => Ok(None),
                rows => fit(rows, seed.child("class", class as u64)).map(Some),
            })
            .collect::<Result<Vec<_>, AttackError>>()?;
        let needed = features.models == Models::One || by_class.iter().any(Option::is_none);
        let all: Vec<usize> = (0..truth.len()).collect();
        let shared = if needed { Some(fit(&all, seed.child("shared", 0))?) } else { None };
        Ok(Self { features, shared, by_class })
    }
}

impl Scorer for AttackModel {
    fn scores(&self, evidence: &Evidence<'_>) -> Result<Vec<Option<f64>>, AttackError> {
        let table = evidence.table(self.features);
        let mut scores = vec![None; evidence.len()];
        let groups = match self.by_class.len() {
            0 => vec![(0..table.places.len()).collect()],
            classes => table.by_class(classes),
        };
        for (class, rows) in groups.iter().enumerate().filter(|(_, rows): &(_, &Vec<usize>)| !rows.is_empty())
        {
            let own = self.by_class.get(class).and_then(Option::as_ref);
            // Where a class has no model of its own, there is a shared one.
            let Some(model) = own.or(self.shared.as_ref()) else { continue };
            let answers = model.predict_proba(table.select(rows).view())?;
            for (place, &row) in rows.iter().enumerate() {
                scores[table.places[row]] = Some(answers.row(place)[1]);
            }
        }
        Ok(scores)
    }
}

/// What learns where nothing is asked for, from that many rows.
fn bounded_tree(rows: usize) -> Result<Learner, AttackError> {
    let leaf = LEAF.0.max((rows as f64 * LEAF.1) as usize);
    let params = RawTreeParams {
        max_depth: Some(DEPTH),
        min_samples_leaf: u32::try_from(leaf).unwrap_or(u32::MAX),
        ..RawTreeParams::default()
    };
    params.check().map(Learner::DecisionTree).map_err(|mut violations| violations.remove(0).into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::{Array2, array};
    use turncoat_learn::PredictionVectors;
    use turncoat_learn::tree::TreeParams;

    use super::*;
    use crate::evidence::{Models, Sees};
    use crate::shadow::{Shadow, ShadowRun};

    const HIGH: [f64; 3] = [0.9, 0.05, 0.05];
    const LOW: [f64; 3] = [0.5, 0.25, 0.25];

    /// The scores of vectors of records of those classes, by a model of one shadow's answers: in class 0 high p[0] means in, in class 1
    /// it means out.
    fn scores(features: Features, vectors: Array2<f64>, labels: &[u32]) -> Vec<f64> {
        // Members first.
        let answers = PredictionVectors::new(array![HIGH, LOW, LOW, HIGH]).unwrap();
        let shadow = Shadow::new(vec![0, 3, 1, 2], 2, vec![true, false, false, true], vec![answers.into()]);
        let run = ShadowRun::new(vec![0, 0, 1, 1], 3, false, vec![shadow]);
        let records = Array2::zeros((4, 1));
        let shadows = Shadows::new(Arc::new(run), records.view());
        let tree = Learner::DecisionTree(TreeParams::default());
        let model = AttackModel::fit(&shadows, Some(&tree), features, Seed::root(1)).unwrap();
        let vectors = PredictionVectors::new(vectors).unwrap();
        let records = Array2::zeros((labels.len(), 1));
        let evidence = Evidence::of_model(records.view(), labels, &vectors, Seed::root(1)).unwrap();
        model.scores(&evidence).unwrap().into_iter().flatten().collect()
    }

    #[test]
    fn a_class_is_judged_by_its_own_model() {
        let features = Features { sees: Sees::Vector, models: Models::PerClass, label: false };
        let reported = scores(features, array![HIGH, HIGH, LOW, LOW, HIGH], &[0, 1, 0, 1, 2]);
        // Class 2 has no row: all rows together say one half of such a vector.
        assert_eq!(reported, [1.0, 0.0, 0.0, 1.0, 0.5]);
    }

    #[test]
    fn one_model_for_all_without_the_label_is_blind_to_it() {
        let of = |label| {
            let features = Features { sees: Sees::Vector, models: Models::One, label };
            scores(features, array![HIGH, HIGH, LOW, LOW], &[0, 1, 0, 1])
        };
        assert_eq!(of(false), [0.5; 4]);
        assert_eq!(of(true), [1.0, 0.0, 0.0, 1.0]);
    }
}
