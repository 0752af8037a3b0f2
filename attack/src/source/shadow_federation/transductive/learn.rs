//! From shadow federations drawn from the targets to the class shares of the real parties, and to the model of owners.

use rayon::prelude::*;
use turncoat_learn::{Learner, PredictionVectors};

use crate::error::AttackError;
use crate::source::shadow_federation::NAME;
use crate::source::shadow_federation::owner::{Comparison, OwnerModel};
use crate::source::shadow_federation::transductive::logit::{ClassCount, ShareLogit};
use crate::source::shadow_federation::transductive::ridge::{self, Pairs};
use crate::source::shadow_federation::transductive::shadow::{
    Labelled, Observed, Order, Records, Shadow, train,
};
use crate::source::shadow_federation::transductive::totals::level;
use crate::view::Knowledge;

/// Fewest targets for each candidate: with fewer, shadow parties could come out empty, and would teach nothing.
pub(in crate::source::shadow_federation) const RECORDS_OF_A_CANDIDATE: usize = 20;

/// What the targets taught.
pub(in crate::source::shadow_federation) struct TargetShares {
    /// The log share of each candidate, `[candidates][classes]`, up to a constant for each class.
    pub(in crate::source::shadow_federation) log_shares: Vec<Vec<f64>>,
    pub(in crate::source::shadow_federation) owner: OwnerModel,
}

/// The first two parties of a shadow federation stand for any two.
const PAIR: [usize; 2] = [0, 1];

/// Added to counts before logarithms are taken.
const HALF: f64 = 0.5;

/// Trains the shadow federations with the learner given, in parallel and each from its own seed, and fits the models in
/// their order. `vectors` are what each candidate answered to the targets, `to_probes` to the probes.
///
/// # Errors
/// [`AttackError::Targets`], [`AttackError::Oracle`], [`AttackError::Learner`].
pub(in crate::source::shadow_federation) fn learn(
    knowledge: &Knowledge,
    learner: &Learner,
    targets: Labelled<'_>,
    vectors: &[&PredictionVectors],
    probes: Labelled<'_>,
    to_probes: &[&PredictionVectors],
    shadows: u32,
) -> Result<TargetShares, AttackError> {
    let (parties, classes) = (vectors.len(), knowledge.classes);
    let order = Order::of(targets, classes);
    let records = Records::new(probes, targets, &order)?;
    let prepared = records.prepare(learner)?;
    let trained = (0..u64::from(shadows))
        .into_par_iter()
        .map(|number| {
            train(&records, &prepared, learner, &order, parties, knowledge.seed.child(NAME, number))
        })
        .collect::<Result<Vec<Shadow>, _>>()?;
    let observed = Observed::new(to_probes, vectors, &order.places, probes.labels, &order);
    let probes_of: Vec<Vec<usize>> = {
        let mut by_class = vec![Vec::new(); classes];
        for (row, &label) in probes.labels.iter().enumerate() {
            by_class[label as usize].push(row);
        }
        by_class
    };

    let requested: Vec<usize> = (0..classes).filter(|&class| !order.by_class[class].is_empty()).collect();
    let signals = |shadow: &Shadow, class: usize| {
        let mut counts = vec![0.0; parties];
        for &row in &order.by_class[class] {
            counts[shadow.owners[row]] += 1.0;
        }
        ClassCount { features: shadow.observed.features[class].clone(), counts }
    };
    let table: Vec<Vec<ClassCount>> = requested
        .iter()
        .map(|&class| trained.iter().map(|shadow| signals(shadow, class)).collect())
        .collect();
    let logit = ShareLogit::fit(&table.concat());

    let pairs: Vec<Pairs> = requested
        .iter()
        .zip(&table)
        .map(|(&class, signals)| {
            let mut pairs = Pairs::default();
            for (shadow, signals) in trained.iter().zip(signals) {
                let [first, second] = PAIR.map(|party| signals.counts[party]);
                let reported = logit.strength(&signals.features[0]) - logit.strength(&signals.features[1]);
                pairs.differences.push(shadow.observed.differences(
                    PAIR,
                    &probes_of[class],
                    &order.by_class[class],
                ));
                pairs.residuals.push(((first + HALF) / (second + HALF)).ln() - reported);
                pairs.weights.push((first + HALF) * (second + HALF) / (first + second + 2.0 * HALF));
            }
            pairs
        })
        .collect();
    let fits = ridge::fit(&pairs);

    let mut comparisons = Vec::new();
    for (place, shadow) in trained.iter().enumerate() {
        for ((&class, signals), fit) in requested.iter().zip(&table).zip(&fits) {
            let reported =
                logit.strength(&signals[place].features[0]) - logit.strength(&signals[place].features[1]);
            let log_ratio = reported + fit.left_out[place];
            for &row in &order.by_class[class] {
                let [first, second] = shadow.evidence[row];
                let comparison = match shadow.owners[row] {
                    0 => Comparison {
                        log_share_ratio: log_ratio,
                        evidence: [0, 1].map(|k| first[k] - second[k]),
                    },
                    1 => Comparison {
                        log_share_ratio: -log_ratio,
                        evidence: [0, 1].map(|k| second[k] - first[k]),
                    },
                    _ => continue,
                };
                comparisons.push(comparison);
            }
        }
    }

    let strengths: Vec<Vec<f64>> = requested
        .iter()
        .zip(pairs.iter().zip(&fits))
        .map(|(&class, (pairs, fit))| {
            let of_party = |party: usize| {
                let right = observed.right(party, &probes_of[class], &order.by_class[class]);
                logit.strength(&observed.features[class][party]) + fit.residual(pairs, &right)
            };
            (0..parties).map(of_party).collect()
        })
        .collect();
    // The doubt is about a ratio; a single strength has half of its variance.
    let variances: Vec<f64> = fits.iter().map(|fit| fit.doubt / 2.0).collect();
    let totals: Vec<f64> = requested.iter().map(|&class| order.by_class[class].len() as f64).collect();
    let mut log_shares = vec![vec![0.0; classes]; parties];
    for (&class, strengths) in requested.iter().zip(level(&strengths, &variances, &totals)) {
        for (shares, strength) in log_shares.iter_mut().zip(strengths) {
            shares[class] = strength;
        }
    }
    Ok(TargetShares { log_shares, owner: OwnerModel::fit(&comparisons) })
}
