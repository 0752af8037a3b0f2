//! What single records say of a class, beyond its features: ridge regression on the residual of the logit.
//!
//! For a pair of parties and a class, d is the vector, over its probes and its targets, of p_1(x)\[c\] - p_2(x)\[c\]: who gets
//! which record right. Some records tell more than others of how many a party holds, and shadow federations drawn from
//! the very targets show which. The residual, ln(n_1 / n_2) less what the logit says, is taken as beta . d plus noise, and
//! beta, one for each class, is found in the dual (kernel ridge; Saunders et al., 1998), a shadow federation being one
//! observation of weight N f (1 - f). The kernel is the mean of those of probes and of targets, each scaled to a mean
//! diagonal of one. The penalty is that of [`PENALTIES`] which errs least over all classes on shadows left out in turn;
//! the last is as good as none of it.
//!
//! The errors on the shadows left out are the doubt about the class that is left.
//!
//! Guarantee: exchanging the two parties turns the feature of what is predicted.

use crate::source::shadow_federation::linear::inverse;

/// Penalties to choose from, in units of noise over signal.
const PENALTIES: [f64; 6] = [0.1, 0.3, 1.0, 3.0, 10.0, 1e6];

/// Residuals are cut here: a class that a party lacks has no finite ratio.
const LARGEST_RESIDUAL: f64 = 2.0;

/// Pull of the doubt towards one, in shadow federations.
const PULL: f64 = 0.5;

/// Keeps weights above zero where a party lacks the class.
const LEAST_WEIGHT: f64 = 1e-3;

/// Differences in being right, on the probes and on the targets of a class.
#[derive(Clone, Debug)]
pub(super) struct Differences {
    pub(super) probes: Vec<f64>,
    pub(super) targets: Vec<f64>,
}

/// A class, as a pair of parties of each shadow federation shows it.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pub(super) differences: Vec<Differences>,
    /// ln(n_1 / n_2) less what the logit says.
    pub(super) residuals: Vec<f64>,
    /// N f (1 - f).
    pub(super) weights: Vec<f64>,
}

/// What is learned of a class.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    /// For each shadow federation, what the others predict of its residual.
    pub(super) left_out: Vec<f64>,
    /// Variance of the log ratio of two parties.
    pub(super) doubt: f64,
    /// The weight of each shadow federation's differences in a prediction.
    dual: Vec<f64>,
    scales: [f64; 2],
}

impl Fitted {
    /// The residual that differences tell of.
    pub(super) fn residual(&self, pairs: &Pairs, observed: &Differences) -> f64 {
        let kernel = pairs.differences.iter().map(|known| product(known, observed, self.scales));
        kernel.zip(&self.dual).map(|(kernel, dual)| kernel * dual).sum()
    }
}

/// Fits all classes, with one penalty.
pub(super) fn fit(classes: &[Pairs]) -> Vec<Fitted> {
    let kernels: Vec<([f64; 2], Vec<Vec<f64>>)> = classes.iter().map(kernel).collect();
    let of_penalty = |penalty: f64| -> (f64, Vec<Fitted>) {
        let fits = classes.iter().zip(&kernels);
        let fits: Vec<(f64, Fitted)> =
            fits.map(|(pairs, (scales, kernel))| fit_class(pairs, *scales, kernel, penalty)).collect();
        (fits.iter().map(|(error, _)| error).sum(), fits.into_iter().map(|(_, fitted)| fitted).collect())
    };
    let mut best = of_penalty(PENALTIES[PENALTIES.len() - 1]);
    for &penalty in PENALTIES[..PENALTIES.len() - 1].iter().rev() {
        let tried = of_penalty(penalty);
        if tried.0 < best.0 {
            best = tried;
        }
    }
    best.1
}

fn product(left: &Differences, right: &Differences, scales: [f64; 2]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    scales[0] * dot(&left.probes, &right.probes) + scales[1] * dot(&left.targets, &right.targets)
}

/// The scales of both parts, and the kernel between shadow federations.
fn kernel(pairs: &Pairs) -> ([f64; 2], Vec<Vec<f64>>) {
    let known = &pairs.differences;
    let scale = |part: &dyn Fn(&Differences) -> &Vec<f64>| -> f64 {
        let squares: f64 = known.iter().flat_map(part).map(|value| value * value).sum();
        if squares > 0.0 { known.len() as f64 / squares / 2.0 } else { 0.0 }
    };
    let scales = [scale(&|d| &d.probes), scale(&|d| &d.targets)];
    (scales, known.iter().map(|a| known.iter().map(|b| product(a, b, scales)).collect()).collect())
}

/// The weighted squares of the errors on shadows left out, and the fit.
fn fit_class(pairs: &Pairs, scales: [f64; 2], kernel: &[Vec<f64>], penalty: f64) -> (f64, Fitted) {
    let n = kernel.len();
    let residuals: Vec<f64> =
        pairs.residuals.iter().map(|r| r.clamp(-LARGEST_RESIDUAL, LARGEST_RESIDUAL)).collect();
    let all: f64 = pairs.weights.iter().sum::<f64>();
    let mean = all / n.max(1) as f64;
    let weights: Vec<f64> =
        pairs.weights.iter().map(|w| if all > 0.0 { (w / mean).max(LEAST_WEIGHT) } else { 1.0 }).collect();
    let mut matrix = kernel.to_vec();
    for (row, line) in matrix.iter_mut().enumerate() {
        line[row] += penalty / weights[row];
    }
    let inverse = inverse(matrix);
    let dual: Vec<f64> =
        inverse.iter().map(|row| row.iter().zip(&residuals).map(|(a, b)| a * b).sum()).collect();
    // Without observation i, the prediction misses it by dual_i / inverse_ii.
    let missed: Vec<f64> = (0..n).map(|row| dual[row] / inverse[row][row]).collect();
    let squares: f64 = missed.iter().zip(&weights).map(|(missed, weight)| weight * missed * missed).sum();
    let doubt = (squares + PULL) / (weights.iter().sum::<f64>() + PULL);
    let left_out = residuals.iter().zip(&missed).map(|(residual, missed)| residual - missed).collect();
    (squares * mean, Fitted { left_out, doubt, dual, scales })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One target in ten tells the residual, the rest is noise.
    fn pairs(shadows: usize, signal: f64) -> Pairs {
        let mut pairs = Pairs::default();
        for shadow in 0..shadows {
            let value = |k: usize| {
                f64::from(u8::from((shadow * 7 + k * k * 13 + shadow * shadow * k) % 11 < 5)) * 2.0 - 1.0
            };
            pairs.differences.push(Differences { probes: Vec::new(), targets: (0..10).map(value).collect() });
            pairs
                .residuals
                .push(signal * value(3) + (1.0 - signal) * (shadow as f64 * 29.0 % 7.0 - 3.0) / 3.0);
            pairs.weights.push(50.0);
        }
        pairs
    }

    #[test]
    fn the_record_that_tells_is_found() {
        let pairs = pairs(60, 1.0);
        let fitted = &fit(std::slice::from_ref(&pairs))[0];
        assert!(fitted.doubt < 0.1, "{}", fitted.doubt);
        let mut observed = Differences { probes: Vec::new(), targets: vec![0.0; 10] };
        observed.targets[3] = 1.0;
        let reported = fitted.residual(&pairs, &observed);
        // Pulled towards nothing, and no more than the least penalty does.
        assert!((0.8..1.0).contains(&reported), "{reported}");
        observed.targets[3] = -1.0;
        assert_eq!(fitted.residual(&pairs, &observed), -reported);
    }

    #[test]
    fn shadows_left_out_are_those_of_a_fit_without_them() {
        let all = pairs(12, 0.7);
        let mut rest = all.clone();
        rest.differences.pop();
        rest.residuals.pop();
        rest.weights.pop();
        let (scales, whole) = kernel(&all);
        let (_, fitted) = fit_class(&all, scales, &whole, 1.0);
        let part: Vec<Vec<f64>> = whole[..11].iter().map(|row| row[..11].to_vec()).collect();
        let (_, without) = fit_class(&rest, scales, &part, 1.0);
        let reported = without.residual(&rest, &all.differences[11]);
        assert!((reported - fitted.left_out[11]).abs() < 1e-9, "{reported}");
    }

    #[test]
    fn nothing_seen_says_nothing() {
        let empty = Pairs {
            differences: vec![Differences { probes: vec![0.0], targets: vec![0.0; 2] }; 3],
            residuals: vec![0.5, -0.2, 0.1],
            weights: vec![0.0, 0.0, 0.0],
        };
        let fitted = &fit(std::slice::from_ref(&empty))[0];
        assert_eq!(fitted.residual(&empty, &empty.differences[0]), 0.0);
        assert!(fitted.doubt > 0.0 && fitted.left_out.iter().all(|&value| value == 0.0));
    }
}
