//! What a party's answers to labelled records, none of them its own, say about its class shares.
//!
//! A model trained on many records of class c answers c more often, finds more of the records that are c, and takes
//! more of the others for it. With p the party's answers to probes of which n_c have class c, each class gives
//!
//! - the log of the mean over classes k of the mean p\[c\] on probes of class k (probes' own skew left out),
//! - the log odds of recall, the mean p\[c\] on probes of class c, smoothed by one probe of the party's overall recall,
//! - the log of the mean p\[c\] on probes of other classes;
//!
//! and ln q_c is a linear function of the three, fitted by least squares on shadow parties, whose shares are known. A
//! class counts by its share there, since a wrong share costs as many claims as the class has records.
//!
//! The fit is pulled, weakly, towards the first feature with weight one: where shadows teach nothing, the estimate is
//! the mean answer. A class without probes takes the overall recall and the other features; only order matters, so
//! estimates are not brought to sum to one.

use crate::source::shadow_federation::linear::{dot, solve};

/// An intercept and the three features of a class.
pub(super) type ClassTraits = [f64; 4];

/// Weights before any shadow party was seen: the mean answer is the share.
const PRIOR_WEIGHTS: ClassTraits = [0.0, 1.0, 0.0, 0.0];

/// Pull towards the prior weights, in shadow parties (each party's classes weigh about one in all).
const PULL: f64 = 0.1;

/// Recall is kept this far from 0 and 1, where its odds end.
const RECALL_FLOOR: f64 = 0.01;

/// Mean answers by true class: row c holds the sums of the answers to probes of class c.
#[derive(Clone, Debug)]
pub(super) struct Confusion {
    sums: Vec<Vec<f64>>,
    probes: Vec<usize>,
}

impl Confusion {
    /// No probe yet, in a federation of that many classes.
    pub(super) fn new(classes: usize) -> Self {
        Self { sums: vec![vec![0.0; classes]; classes], probes: vec![0; classes] }
    }

    /// Adds the answer to a probe of a class.
    pub(super) fn add<'a>(&mut self, class: usize, answer: impl IntoIterator<Item = &'a f64>) {
        self.probes[class] += 1;
        for (sum, value) in self.sums[class].iter_mut().zip(answer) {
            *sum += value;
        }
    }

    /// The traits of each class, in class order.
    pub(super) fn traits(&self) -> Vec<ClassTraits> {
        let classes = self.probes.len();
        let all = self.probes.iter().sum::<usize>() as f64;
        let shown = self.probes.iter().filter(|&&n| n > 0).count().max(1) as f64;
        // Half a probe a class: an answer never given is rare, not impossible.
        let half = 0.5 / all.max(1.0);
        let found: f64 = (0..classes).map(|class| self.sums[class][class]).sum();
        let overall = (found + 0.5) / (all + 1.0);
        (0..classes)
            .map(|class| {
                let own = self.probes[class] as f64;
                let hits = self.sums[class][class];
                let (mut balanced, mut taken) = (0.0, 0.0);
                for (true_class, &probes) in self.probes.iter().enumerate() {
                    if probes > 0 {
                        balanced += self.sums[true_class][class] / probes as f64;
                    }
                    if true_class != class {
                        taken += self.sums[true_class][class];
                    }
                }
                let balanced = (balanced / shown + half) / (1.0 + half * classes as f64);
                let recall = ((hits + overall) / (own + 1.0)).clamp(RECALL_FLOOR, 1.0 - RECALL_FLOOR);
                let taken = (taken + 0.5) / (all - own + 1.0);
                [1.0, balanced.ln(), (recall / (1.0 - recall)).ln(), taken.ln()]
            })
            .collect()
    }
}

/// The fitted function from the traits of a class to the log of its share.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShareModel {
    weights: ClassTraits,
}

impl ShareModel {
    /// Fits on shadow parties: the traits of each class, and how many training records of it the party had.
    pub(super) fn fit<'a>(parties: impl IntoIterator<Item = (&'a [ClassTraits], &'a [usize])>) -> Self {
        let mut matrix = [[0.0; 4]; 4];
        let mut right = [0.0; 4];
        for (place, prior) in PRIOR_WEIGHTS.iter().enumerate() {
            matrix[place][place] = PULL;
            right[place] = PULL * prior;
        }
        for (traits, counts) in parties {
            let records = counts.iter().sum::<usize>() as f64;
            let classes = counts.len() as f64;
            for (class, &count) in traits.iter().zip(counts) {
                let share = (count as f64 + 0.5) / (records + 0.5 * classes);
                for row in 0..4 {
                    for column in 0..4 {
                        matrix[row][column] += share * class[row] * class[column];
                    }
                    right[row] += share * class[row] * share.ln();
                }
            }
        }
        Self { weights: solve(&matrix, &right).unwrap_or(PRIOR_WEIGHTS) }
    }

    /// The log of each class's share, up to a constant.
    pub(super) fn log_shares(&self, traits: &[ClassTraits]) -> Vec<f64> {
        traits.iter().map(|class| dot(&self.weights, class)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_by_hand() {
        let mut confusion = Confusion::new(2);
        for answer in [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]] {
            confusion.add(0, &answer);
        }
        confusion.add(1, &[0.0, 1.0]);
        let [zero, one] = confusion.traits().try_into().unwrap();
        // Class 0: mean answer (2/3 + 0)/2, smoothed by 1/8; recall (2 + 3.5/5)/4; taken (0 + 0.5)/2.
        assert!((zero[1] - ((1.0_f64 / 3.0 + 0.125) / 1.25).ln()).abs() < 1e-12);
        assert!((zero[2] - (0.675_f64 / 0.325).ln()).abs() < 1e-12);
        assert!((zero[3] - 0.25_f64.ln()).abs() < 1e-12);
        // Class 1: taken (1 + 0.5)/4.
        assert!((one[3] - 0.375_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn a_class_without_probes_has_finite_traits() {
        let mut confusion = Confusion::new(3);
        assert!(confusion.traits().iter().flatten().all(|value| value.is_finite()));
        confusion.add(0, &[0.0, 0.0, 1.0]);
        let traits = confusion.traits();
        assert!(traits.iter().flatten().all(|value| value.is_finite()));
        assert!(traits[2][1] > traits[1][1]);
    }

    #[test]
    fn a_share_that_follows_one_trait_is_learned() {
        // ln share = 2 * balanced answer + constant, whatever the two other traits say.
        let parties: Vec<(Vec<ClassTraits>, Vec<usize>)> = (1..40)
            .map(|i| {
                let counts = vec![1_000 * i, 40_000 - 1_000 * i];
                let noise = [f64::from(i as u32 % 3), f64::from(i as u32 % 5)];
                let traits = counts
                    .iter()
                    .map(|&n| [1.0, ((n as f64 + 0.5) / 40_001.0).ln() / 2.0, noise[0], noise[1]])
                    .collect();
                (traits, counts)
            })
            .collect();
        let model = ShareModel::fit(parties.iter().map(|(traits, counts)| (&traits[..], &counts[..])));
        assert!((model.weights[1] - 2.0).abs() < 0.1, "{model:?}");
        assert!(model.weights[2].abs() < 0.05 && model.weights[3].abs() < 0.05, "{model:?}");
    }

    #[test]
    fn without_shadows_the_mean_answer_is_the_share() {
        let model = ShareModel::fit(std::iter::empty());
        assert!(model.weights.iter().zip(PRIOR_WEIGHTS).all(|(got, prior)| (got - prior).abs() < 1e-12));
    }
}
