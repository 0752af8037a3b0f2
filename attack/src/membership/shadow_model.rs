//! `shadow_model`: an attack model learned on shadow federations.
//!
//! Shadow data -> shadow federations -> attack model (Shokri et al., 2017; Truex et al., section 3). Shadow k is
//! dealt with a skew of its own, its concentration log-uniform in [0.3, 30], so the attack model meets even and uneven
//! federations. Shadow parties train what the parties do, or another generation model. The attack model is a decision tree
//! of bounded depth and leaf size, or any learner; it takes one row a record ([`features`]), the same for any order of
//! the candidates.
//!
//! Score: the attack model's probability of in; in iff it is at least one half.
//!
//! Of several candidates those that answered count, so features of a record are of as many vectors as there are. Without any
//! answer on a record there is no claim on it.

use ndarray::{Array2, ArrayView1};
use rand::RngExt;
use rayon::prelude::*;
use turncoat_learn::tree::RawTreeParams;
use turncoat_learn::{Learner, Samples, on_grid};

use crate::claim::{Claims, MembershipClaim, Question};
use crate::error::AttackError;
use crate::inference::{Inference, Setting, Training};
use crate::membership::shadow::{Shadow, Workshop, shadow_federation};
use crate::membership::sight::Sight;
use crate::view::{AdversaryView, Vantage};

/// Natural logarithms of the bounds of the concentration.
const LOG_CONCENTRATION: (f64, f64) = (-1.2, 3.4);
/// Splits on a path of the attack model.
const DEPTH: u32 = 8;
/// Fewest records in a leaf of the attack model, and the share of all records below which it does not go either.
const LEAF: (usize, f64) = (10, 0.005);
/// How many candidates' probabilities are looked at one by one; the rest count through their mean.
const RANKED: usize = 8;

/// Parameters of `shadow_model`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShadowModel {
    /// Shadow federations to train, at least 1.
    pub shadows: u32,
    /// What shadow parties train, the generation model of Truex et al., section 3.2; `None` for what the parties do.
    pub generation: Option<Learner>,
    /// What learns to tell in from out (Truex et al., section 3.3); `None` for a decision tree of bounded depth.
    pub attack_learner: Option<Learner>,
}

impl Default for ShadowModel {
    fn default() -> Self {
        Self { shadows: 10, generation: None, attack_learner: None }
    }
}

impl Inference for ShadowModel {
    fn question(&self) -> Question {
        Question::Membership
    }

    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        claim(view, self.shadows, self.generation.as_ref(), self.attack_learner.as_ref())
            .map(Claims::Membership)
    }

    fn needs_records(&self, _vantage: Vantage) -> bool {
        true
    }

    fn generation(&self) -> Option<&Learner> {
        self.generation.as_ref()
    }

    fn attack_learner(&self) -> Option<&Learner> {
        self.attack_learner.as_ref()
    }

    fn training(&self, setting: &Setting) -> Training {
        shadow_federation(setting).times(u64::from(self.shadows))
    }
}

/// Claims in or out for every target. Shadow parties train `generation` (what the parties train, where there is none), and
/// `attack_learner` (a tree of bounded depth) learns to tell in from out.
///
/// # Errors
/// [`AttackError::NoShadows`]; [`AttackError::TooFewRecords`] without records to train shadows on; otherwise what a
/// model or the federation refuses.
fn claim(
    view: &AdversaryView<'_>,
    shadows: u32,
    generation: Option<&Learner>,
    attack_learner: Option<&Learner>,
) -> Result<Vec<Option<MembershipClaim>>, AttackError> {
    if shadows == 0 {
        return Err(AttackError::NoShadows { attack: "shadow_model" });
    }
    if view.targets.labels.is_empty() {
        return Ok(Vec::new());
    }
    let seed = view.knowledge.seed.child("shadow_model", 0);
    let workshop = Workshop::new("shadow_model", view, generation)?;
    let shadows = (0..shadows)
        .into_par_iter()
        .map(|shadow| {
            let seed = seed.child("shadow", u64::from(shadow));
            let (low, high) = LOG_CONCENTRATION;
            let concentration = seed.stream("concentration").random_range(low..high).exp();
            workshop.train(concentration, seed)
        })
        .collect::<Result<Vec<Shadow>, AttackError>>()?;

    let rows: Vec<Vec<f32>> = shadows
        .iter()
        .flat_map(|shadow| table(&shadow.sight(), &shadow.labels).flatten().collect::<Vec<_>>())
        .collect();
    let truth: Vec<u32> = shadows
        .iter()
        .flat_map(|shadow| (0..shadow.labels.len()).map(|row| u32::from(row < shadow.members)))
        .collect();
    let records = stack(&rows);
    let samples = Samples { records: records.view(), labels: &truth, classes: 2 };
    let bounded;
    let attack_learner = match attack_learner {
        Some(learner) => learner,
        None => {
            bounded = bounded_tree(truth.len())?;
            &bounded
        }
    };
    let model = attack_learner.fit(samples, seed.child("attack_model", 0))?;

    let sight = Sight::of(view.observation()?, &view.targets.candidates);
    let rows: Vec<Option<Vec<f32>>> = table(&sight, &view.targets.labels).collect();
    let answered: Vec<Vec<f32>> = rows.iter().flatten().cloned().collect();
    if answered.is_empty() {
        return Ok(vec![None; rows.len()]);
    }
    let scores = model.predict_proba(stack(&answered).view())?;
    let mut scores = scores.view().column(1).to_vec().into_iter();
    let claim = |score| MembershipClaim { member: score >= 0.5, score };
    Ok(rows.iter().map(|row| row.as_ref().and_then(|_| scores.next()).map(claim)).collect())
}

/// The attack model where none is asked for, for that many training rows.
fn bounded_tree(rows: usize) -> Result<Learner, AttackError> {
    let leaf = LEAF.0.max((rows as f64 * LEAF.1) as usize);
    let params = RawTreeParams {
        max_depth: Some(DEPTH),
        min_samples_leaf: u32::try_from(leaf).unwrap_or(u32::MAX),
        ..RawTreeParams::default()
    };
    params.check().map(Learner::DecisionTree).map_err(|mut violations| violations.remove(0).into())
}

/// One row of features for each record, none where nothing is in sight.
fn table<'a>(sight: &'a Sight<'_>, labels: &'a [u32]) -> impl Iterator<Item = Option<Vec<f32>>> + 'a {
    labels.iter().enumerate().map(|(row, &label)| features(sight, row, label as usize))
}

/// What the attack model sees of one record.
///
/// Of an aggregate p: p\[y\], the largest probability, the entropy, whether y is predicted, and the modified entropy.
/// Of single vectors, over the candidates that answered: the [`RANKED`] largest p_j\[y\] in falling order (fewer where
/// there are fewer candidates; the smallest again for those that did not answer), their mean and smallest, the share of
/// vectors that predict y, the smallest and mean entropy and modified entropy, and the largest probability of all. All are
/// on the grid, so rounding cannot tell records apart.
fn features(sight: &Sight<'_>, row: usize, label: usize) -> Option<Vec<f32>> {
    let vectors = sight.row(row);
    let least = vectors.len().checked_sub(1)?;
    // Sums in falling order of value: the same for any order of the candidates.
    let sorted = |measure: &dyn Fn(ArrayView1<'_, f64>) -> f64| {
        let mut values: Vec<f64> = vectors.iter().map(|&vector| measure(vector)).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        values
    };
    let of_label = sorted(&|vector| vector[label]);
    let largest = sorted(&|vector| vector.fold(0.0, |a: f64, &b| a.max(b)));
    let entropies = sorted(&entropy);
    let modified = sorted(&|vector| modified_entropy(vector, label));
    let right = sight.predicted_classes(row).filter(|&class| class == label).count();
    let mut features = match sight {
        Sight::Mean(_) | Sight::Aggregate(_) => vec![of_label[0]],
        Sight::PerParty(candidates) => {
            let smallest = of_label[least];
            let mut ranked = of_label.clone();
            ranked.resize(RANKED.min(candidates.len()), smallest);
            ranked.extend([mean(&of_label), smallest, mean(&entropies), mean(&modified)]);
            ranked
        }
    };
    features.extend([largest[0], entropies[least], modified[least], right as f64 / vectors.len() as f64]);
    Some(features.into_iter().map(|value| on_grid(value) as f32).collect())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// -sum p ln p, in nats.
fn entropy(vector: ArrayView1<'_, f64>) -> f64 {
    -vector.iter().filter(|&&p| p > 0.0).map(|&p| p * p.ln()).sum::<f64>()
}

/// -(1 - p_y) ln p_y - sum over the other classes of p ln(1 - p), in nats (Song and Mittal, 2021; Hu et al.'s survey,
/// eq. 19). Logarithms of less than 1e-9 are taken of that.
fn modified_entropy(vector: ArrayView1<'_, f64>, label: usize) -> f64 {
    let ln = |value: f64| value.max(1e-9).ln();
    let terms = vector
        .iter()
        .enumerate()
        .map(|(class, &p)| if class == label { (1.0 - p) * ln(p) } else { p * ln(1.0 - p) });
    -terms.sum::<f64>()
}

/// Rows of equal width as one array.
fn stack(rows: &[Vec<f32>]) -> Array2<f32> {
    let width = rows.first().map_or(0, Vec::len);
    Array2::from_shape_fn((rows.len(), width), |(row, column)| rows[row][column])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use turncoat_learn::{Answers, PredictionVectors};

    #[test]
    fn entropies_by_hand() {
        assert_eq!(entropy(array![1.0, 0.0].view()), 0.0);
        assert!((entropy(array![0.5, 0.5].view()) - 2.0_f64.ln()).abs() < 1e-15);
        // Sure and right: 0. Even: -(0.5 ln 0.5) twice. Sure and wrong: -ln 1e-9 twice over.
        assert_eq!(modified_entropy(array![1.0, 0.0].view(), 0), 0.0);
        assert!((modified_entropy(array![0.5, 0.5].view(), 0) - 2.0_f64.ln()).abs() < 1e-15);
        assert!((modified_entropy(array![1.0, 0.0].view(), 1) - 2.0 * 9.0 * 10.0_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn features_do_not_depend_on_the_order_of_candidates() {
        let vectors = |row: [f64; 3]| Answers::from(PredictionVectors::new(Array2::from(vec![row])).unwrap());
        let (a, b, c) = (vectors([0.1, 0.7, 0.2]), vectors([0.3, 0.3, 0.4]), vectors([0.0, 0.9, 0.1]));
        let of = |candidates| features(&Sight::PerParty(candidates), 0, 1);
        let first = of(vec![&a, &b, &c]).unwrap();
        assert_eq!(of(vec![&c, &a, &b]), Some(first.clone()));
        assert_eq!(first[..3], [0.9, 0.7, 0.3]);
        assert_eq!(first.len(), 3 + 4 + 4);
        assert_eq!(features(&Sight::Aggregate(&a), 0, 1).unwrap().len(), 5);
        // Who did not answer counts in no mean and in no share, and the row keeps its width.
        let silent = Answers::none(1, 3);
        let without = of(vec![&a, &silent, &c]).unwrap();
        assert_eq!(without[..5], [0.9, 0.7, 0.7, 0.8, 0.7]);
        assert_eq!((without.len(), without[7]), (first.len(), 0.9));
        assert_eq!(without[10], 1.0, "both that answered predict it");
        assert_eq!((of(vec![&silent]), features(&Sight::Aggregate(&silent), 0, 1)), (None, None));
    }
}
