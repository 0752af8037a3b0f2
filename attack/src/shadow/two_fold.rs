//! Shadow federations that each halve the adversary's records anew.
//!
//! The records are split class by class into two halves of equal number, in and out, so that nothing but membership tells them
//! apart. The in-records are shared among as many shadow parties as the adversary sees the combined or single answers of; for each
//! class, the parties' weights are drawn from a symmetric Dirichlet distribution, so shards come out skewed. Its concentration is
//! log-uniform in [0.3, 30], drawn for each shadow federation, so that attacks meet even and uneven ones. Where parties are many and
//! records few, shards are small and some are empty: a poor imitation, which is all that such an adversary has.
//!
//! Guarantee: shadow k is the same whatever the number of shadows, so that runs of several numbers agree in what they share.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, Gamma};
use turncoat_learn::{Samples, Seed};

use super::design::{Assignment, class_rows};
use crate::error::AttackError;

/// Fewest records a shadow federation can be trained and judged on: two in and two out.
const FEWEST: usize = 4;
/// Natural logarithms of the bounds of the concentration.
const LOG_CONCENTRATION: (f64, f64) = (-1.2, 3.4);

/// Divides the samples for that many shadow federations of each learner.
///
/// # Errors
/// [`AttackError::NoShadows`], [`AttackError::TooFewRecords`].
pub(super) fn assign(
    attack: &'static str,
    samples: &Samples<'_>,
    learners: usize,
    shadows: u32,
    parties: usize,
    seed: Seed,
) -> Result<Vec<Assignment>, AttackError> {
    if shadows == 0 {
        return Err(AttackError::NoShadows { attack });
    }
    let by_class = class_rows(samples);
    let pairs: usize = by_class.iter().map(|rows| rows.len() / 2).sum();
    if pairs * 2 < FEWEST {
        return Err(too_few(attack, samples.labels.len()));
    }
    let of_learner = |learner: usize| {
        let seed = if learner == 0 { seed } else { seed.child("learner", learner as u64) };
        let by_class = &by_class;
        (0..u64::from(shadows)).map(move |shadow| {
            let seed = seed.child("shadow", shadow);
            let (low, high) = LOG_CONCENTRATION;
            let concentration = seed.stream("concentration").random_range(low..high).exp();
            let mut stream = seed.stream("deal");
            let mut shards = vec![Vec::new(); parties];
            let (mut inside, mut outside) = (Vec::new(), Vec::new());
            for rows in by_class {
                let mut rows = rows.clone();
                rows.shuffle(&mut stream);
                let half = rows.len() / 2;
                share(&rows[..half], concentration, &mut shards, &mut stream);
                inside.extend_from_slice(&rows[..half]);
                outside.extend_from_slice(&rows[half..2 * half]);
            }
            let parties = (1..).map(|party| seed.child("party", party));
            Assignment { learner, parties: shards.into_iter().zip(parties).collect(), inside, outside }
        })
    };
    Ok((0..learners).flat_map(of_learner).collect())
}

/// An adversary that holds that many records, too few for shadow federations.
pub(crate) fn too_few(attack: &'static str, has: usize) -> AttackError {
    AttackError::TooFewRecords {
        attack,
        needs: format!("at least {FEWEST} records in pairs of a class, to train shadow parties on"),
        has: if has == 0 { "none".into() } else { has.to_string() },
    }
}

/// Shares the rows of one class among the parties, by weights drawn with that concentration: small is skewed, large is even.
pub(super) fn share(
    rows: &[usize],
    concentration: f64,
    shards: &mut [Vec<usize>],
    stream: &mut impl rand::Rng,
) {
    let weights = dirichlet(concentration, shards.len(), stream);
    for &row in rows {
        shards[draw(&weights, stream)].push(row);
    }
}

/// A draw from the symmetric Dirichlet distribution: Gamma draws over their sum; even where all underflow.
fn dirichlet(concentration: f64, parties: usize, stream: &mut impl rand::Rng) -> Vec<f64> {
    let even = vec![1.0 / parties as f64; parties];
    let Ok(gamma) = Gamma::new(concentration, 1.0) else { return even };
    let draws: Vec<f64> = (0..parties).map(|_| gamma.sample(stream)).collect();
    let sum: f64 = draws.iter().sum();
    if sum > 0.0 { draws.into_iter().map(|draw| draw / sum).collect() } else { even }
}

/// A place drawn by its weight.
fn draw(weights: &[f64], stream: &mut impl rand::Rng) -> usize {
    let mut left = stream.random::<f64>();
    for (place, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return place;
        }
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_a_distribution_and_are_drawn_by() {
        let mut stream = Seed::root(3).stream("test");
        let weights = dirichlet(1.0, 4, &mut stream);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let mut counts = [0_u32; 3];
        for _ in 0..4_000 {
            counts[draw(&[0.5, 0.25, 0.25], &mut stream)] += 1;
        }
        // Four standard deviations: 4 * sqrt(4,000 / 4) = 126.
        assert!(counts[0].abs_diff(2_000) < 127 && counts[1].abs_diff(1_000) < 127, "{counts:?}");
        assert_eq!(draw(&[0.5, 0.0], &mut stream) / 2, 0);
    }

    #[test]
    fn concentration_sets_the_skew() {
        let mut stream = Seed::root(4).stream("test");
        let mut largest = |concentration| -> f64 {
            (0..200)
                .map(|_| dirichlet(concentration, 3, &mut stream).into_iter().fold(0.0, f64::max))
                .sum::<f64>()
                / 200.0
        };
        assert!(largest(0.1) > 0.8);
        assert!(largest(1_000.0) < 0.4);
    }
}
