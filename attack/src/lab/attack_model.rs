//! The attack model: from a prediction vector to in or out (Truex et al., section 3.3).
//!
//! It learns from D* and is then shown what the target answers. What it sees of a vector is the vector itself or its largest
//! probabilities in falling order, and the record's own class through that class's probability and whether it is the
//! predicted one, if asked for. Classes share one model, or each class of the record has its own (Shokri et al., 2017,
//! section V-D); a class without a row in D* is judged by a model of all rows.
//!
//! Score: the model's probability of in; in iff it is at least one half.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;
use turncoat_learn::{Learner, LocalModel, PredictionVectors, Samples, Seed, on_grid, predicted_class};

use super::AttackSet;
use crate::claim::MembershipClaim;
use crate::error::AttackError;

/// What the attack model is shown of a vector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sees {
    /// All k probabilities, in class order.
    #[default]
    Vector,
    /// The largest probabilities in falling order, at most as many as there are classes; says nothing of which classes they
    /// are (Salem et al., 2019, take three).
    TopK(u32),
}

/// How attack models are made of D*.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::lab::{AttackView, Sees};
/// use turncoat_learn::PredictionVectors;
///
/// let view = AttackView { sees: Sees::TopK(1), ..Default::default() };
/// let answers = PredictionVectors::new(array![[0.9, 0.1]])?;
/// assert!(view.see(&answers, &[0]).is_ok());
/// assert!(view.see(&answers, &[2]).is_err(), "there is no class 2 of two classes");
/// # Ok::<(), turncoat_learn::PredictionViolation>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttackView {
    /// Of the vector.
    pub sees: Sees,
    /// Whether two values of the record's own class y stand beside it: p\[y\], and 1 where y is the predicted class, else 0.
    pub label: bool,
    /// Whether each class has a model of its own.
    pub per_class: bool,
}

/// Fitted on D*.
///
/// ```
/// use ndarray::{Array2, array};
/// use turncoat_attack::lab::{AttackModel, AttackView, Generation, ShadowData};
/// use turncoat_learn::{Learner, PredictionVectors, Seed};
///
/// // The adversary's records: labels without rhyme, which a tree can only learn by heart.
/// let records = Array2::from_shape_fn((200, 1), |(row, _)| row as f32);
/// let labels: Vec<u32> = (0..200).map(|row| (row * row / 7) % 2).collect();
/// let shadow = ShadowData { records, labels };
/// let tree = Learner::DecisionTree(Default::default());
/// let generation = Generation::new(vec![tree.clone()], 1).unwrap();
/// let set = generation.attack_set(&shadow, 2, Seed::root(1))?;
/// let view = AttackView { label: true, ..Default::default() };
/// let model = AttackModel::fit(&set, &tree, view, Seed::root(1))?;
/// // Sure of the right class, and sure of the wrong one.
/// let answers = PredictionVectors::new(array![[1.0, 0.0], [0.0, 1.0]])?;
/// let claims = model.claim(&view.see(&answers, &[0, 0])?)?;
/// assert!(claims[0].score > claims[1].score);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AttackModel {
    view: AttackView,
    /// Of all rows; `None` where every class has its own.
    shared: Option<LocalModel>,
    /// One a class; `None` where the shared one serves.
    by_class: Vec<Option<LocalModel>>,
}

impl AttackModel {
    /// Learns to tell in from out.
    ///
    /// # Errors
    /// [`AttackError::Learner`].
    pub fn fit(
        set: &AttackSet,
        learner: &Learner,
        view: AttackView,
        seed: Seed,
    ) -> Result<Self, AttackError> {
        let fit = |rows: &[usize], seed: Seed| -> Result<LocalModel, AttackError> {
            let labels: Vec<u32> = rows.iter().map(|&row| set.labels()[row]).collect();
            let records = view.features(set.select(rows).view(), &labels);
            let truth = set.truth(rows);
            Ok(learner.fit(Samples { records: records.view(), labels: &truth, classes: 2 }, seed)?)
        };
        let rows = if view.per_class { rows_by_class(set.labels(), set.classes()) } else { Vec::new() };
        let by_class = rows
            .par_iter()
            .enumerate()
            .map(|(class, rows)| match rows.as_slice() {
                [] => Ok(None),
                rows => fit(rows, seed.child("class", class as u64)).map(Some),
            })
            .collect::<Result<Vec<_>, AttackError>>()?;
        let needed = !view.per_class || by_class.iter().any(Option::is_none);
        let all: Vec<usize> = (0..set.len()).collect();
        let shared = if needed { Some(fit(&all, seed.child("shared", 0))?) } else { None };
        Ok(Self { view, shared, by_class })
    }

    /// Claims in or out for the records that were seen.
    ///
    /// # Errors
    /// [`AttackError::Targets`] when they were seen with another view; otherwise [`AttackError::Learner`].
    pub fn claim(&self, seen: &Seen) -> Result<Vec<MembershipClaim>, AttackError> {
        if seen.view != self.view {
            return Err(AttackError::Targets("they were seen otherwise than the attack set".into()));
        }
        let mut claims = vec![MembershipClaim { member: true, score: 0.5 }; seen.records];
        for (class, (rows, features)) in seen.by_class.iter().enumerate() {
            let own = self.by_class.get(class).and_then(Option::as_ref);
            // Where a class has no model of its own, there is a shared one.
            let Some(model) = own.or(self.shared.as_ref()).filter(|_| !rows.is_empty()) else { continue };
            let scores = model.predict_proba(features.view())?;
            for (place, &row) in rows.iter().enumerate() {
                let score = scores.row(place)[1];
                claims[row] = MembershipClaim { member: score >= 0.5, score };
            }
        }
        Ok(claims)
    }
}

/// Records as attack models of one view see them, made once for all of these models.
#[derive(Clone, Debug)]
pub struct Seen {
    view: AttackView,
    records: usize,
    /// For each class, the places of its records and what is seen of them.
    by_class: Vec<(Vec<usize>, Array2<f32>)>,
}

impl AttackView {
    /// What is seen of records of those classes, of whose vectors `[n, k]` there are as many.
    ///
    /// # Errors
    /// [`AttackError::Targets`] when lengths differ, or a class is none of the target's.
    pub fn see(self, vectors: &PredictionVectors, labels: &[u32]) -> Result<Seen, AttackError> {
        super::threshold::check(vectors, labels)?;
        let of_class = |rows: Vec<usize>| {
            let own: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
            let features = self.features(vectors.view().select(Axis(0), &rows).view(), &own);
            (rows, features)
        };
        let by_class = rows_by_class(labels, vectors.classes()).into_iter().map(of_class).collect();
        Ok(Seen { view: self, records: labels.len(), by_class })
    }

    /// What a model is shown of vectors `[n, k]` of records of those classes. On a grid of a billionth, so that the rounding
    /// of a sum cannot tell records apart.
    fn features(&self, vectors: ArrayView2<'_, f64>, labels: &[u32]) -> Array2<f32> {
        let classes = vectors.ncols();
        let seen = match self.sees {
            Sees::Vector => classes,
            Sees::TopK(k) => classes.min(k as usize),
        };
        let width = seen + if self.label { 2 } else { 0 };
        let mut features = Array2::zeros((vectors.nrows(), width));
        for ((vector, &label), mut row) in vectors.rows().into_iter().zip(labels).zip(features.rows_mut()) {
            let mut values = vector.to_vec();
            if let Sees::TopK(_) = self.sees {
                values.sort_by(|a, b| b.total_cmp(a));
            }
            for (place, value) in values[..seen].iter().enumerate() {
                row[place] = on_grid(*value) as f32;
            }
            if self.label {
                let own = vector[label as usize];
                row[seen] = on_grid(own) as f32;
                row[seen + 1] = f32::from(u8::from(predicted_class(vector) == label as usize));
            }
        }
        features
    }
}

/// The rows of each class, in their order.
fn rows_by_class(labels: &[u32], classes: usize) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); classes];
    for (row, &label) in labels.iter().enumerate() {
        rows[label as usize].push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use turncoat_learn::tree::TreeParams;

    use super::*;

    fn tree() -> Learner {
        Learner::DecisionTree(TreeParams::default())
    }

    fn set(rows: &[([f64; 3], u32, bool)]) -> AttackSet {
        let mut set = AttackSet::empty(3);
        for &(vector, label, member) in rows {
            let vectors = PredictionVectors::new(Array2::from(vec![vector])).unwrap();
            set.add(0, &vectors, std::iter::once(label), usize::from(member));
        }
        set
    }

    #[test]
    fn what_is_seen_of_a_vector() {
        let vectors = array![[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]];
        let seen = |view: AttackView| view.features(vectors.view(), &[1, 2]);
        assert_eq!(seen(AttackView::default()), array![[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]]);
        let two = AttackView { sees: Sees::TopK(2), ..AttackView::default() };
        assert_eq!(seen(two), array![[0.5, 0.3], [0.4, 0.4]]);
        // Of a tie the lowest class is the predicted one, so class 2 is not.
        let labelled = AttackView { sees: Sees::TopK(9), label: true, per_class: false };
        assert_eq!(seen(labelled), array![[0.5, 0.3, 0.2, 0.5, 1.0], [0.4, 0.4, 0.2, 0.4, 0.0]]);
        // Nor is it where the rounding of a sum has made it the larger by a bit.
        let rounded = array![[0.4, 0.2, 0.4_f64.next_up()]];
        assert_eq!(labelled.features(rounded.view(), &[2]), array![[0.4, 0.4, 0.2, 0.4, 0.0]]);
    }

    #[test]
    fn a_class_is_judged_by_its_own_model() {
        // In class 0 high p[0] means in, in class 1 it means out.
        let (high, low) = ([0.9, 0.05, 0.05], [0.5, 0.25, 0.25]);
        let set = set(&[(high, 0, true), (low, 0, false), (high, 1, false), (low, 1, true)]);
        let view = AttackView { per_class: true, ..AttackView::default() };
        let model = AttackModel::fit(&set, &tree(), view, Seed::root(1)).unwrap();
        let vectors = PredictionVectors::new(array![high, high, low, low, high]).unwrap();
        let claims = model.claim(&view.see(&vectors, &[0, 1, 0, 1, 2]).unwrap()).unwrap();
        let members: Vec<bool> = claims[..4].iter().map(|claim| claim.member).collect();
        assert_eq!(members, [true, false, false, true]);
        // Class 2 has no row: all rows together say one half of such a vector.
        assert_eq!(claims[4].score, 0.5);
    }

    #[test]
    fn one_model_for_all_without_the_label_is_blind_to_it() {
        let (high, low) = ([0.9, 0.05, 0.05], [0.5, 0.25, 0.25]);
        let set = set(&[(high, 0, true), (low, 0, false), (high, 1, false), (low, 1, true)]);
        let claims = |label| {
            let view = AttackView { label, ..AttackView::default() };
            let model = AttackModel::fit(&set, &tree(), view, Seed::root(1)).unwrap();
            let vectors = PredictionVectors::new(array![high, high, low, low]).unwrap();
            let claims = model.claim(&view.see(&vectors, &[0, 1, 0, 1]).unwrap()).unwrap();
            claims.iter().map(|claim| claim.member).collect::<Vec<_>>()
        };
        assert_eq!(claims(false), [true, true, true, true]);
        assert_eq!(claims(true), [true, false, false, true]);
    }
}
