//! Vectors that are valid and false: each row stays a point of the simplex, so nobody can reject it.
//!
//! With p the honest vector of a record over K classes:
//! - label flip: q_c = p_(K - 1 - c), the reversal of the classes (the label-flipping attack of Fang et al., 2020, section
//!   5.1, on answers instead of labels);
//! - constant: q_k = 1 for one class k, whatever the record;
//! - amplified: q_c = max(0, 1/K + a (p_c - 1/K)), divided by their sum: what p says beyond the uniform vector, a times as
//!   loud, renormalised.

use ndarray::{Array2, ArrayView1};
use turncoat_config::fault::Behaviour;
use turncoat_learn::PredictionVectors;

/// Changes one vector. A constant class beyond the vector leaves it as it is.
fn falsify_row(behaviour: Behaviour, vector: &mut [f64]) {
    match behaviour {
        Behaviour::LabelFlip => vector.reverse(),
        Behaviour::Constant { class } if class < vector.len() => {
            vector.fill(0.0);
            vector[class] = 1.0;
        }
        Behaviour::Constant { .. } => {}
        Behaviour::Amplified { by } => {
            let uniform = 1.0 / vector.len() as f64;
            for value in &mut *vector {
                *value = (uniform + by * (*value - uniform)).max(0.0);
            }
            // What was clipped was negative, so at least 1 is left.
            let sum: f64 = vector.iter().sum();
            for value in vector {
                *value /= sum;
            }
        }
    }
}

/// Makes false vectors of the rows.
pub(crate) fn falsify(behaviour: Behaviour, vectors: &mut Array2<f64>) {
    for mut row in vectors.rows_mut() {
        let mut vector = row.to_vec();
        falsify_row(behaviour, &mut vector);
        row.assign(&ArrayView1::from(&vector));
    }
}

/// The false vectors of a batch.
#[must_use]
pub fn falsified(behaviour: Behaviour, honest: PredictionVectors) -> PredictionVectors {
    let mut vectors = honest.into_inner();
    falsify(behaviour, &mut vectors);
    PredictionVectors::new(vectors).expect("every behaviour keeps a vector in the simplex")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    fn reported(behaviour: Behaviour, honest: ndarray::Array2<f64>) -> ndarray::Array2<f64> {
        falsified(behaviour, PredictionVectors::new(honest).unwrap()).into_inner()
    }

    #[test]
    fn a_flip_reverses_the_classes() {
        let honest = array![[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]];
        assert_eq!(reported(Behaviour::LabelFlip, honest), array![[0.2, 0.3, 0.5], [0.0, 0.0, 1.0]]);
    }

    #[test]
    fn a_constant_says_the_same_of_every_record() {
        let honest = array![[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]];
        assert_eq!(
            reported(Behaviour::Constant { class: 1 }, honest),
            array![[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]
        );
    }

    #[test]
    fn amplified_by_hand() {
        // 1/3 + 4 (1/2 - 1/3) = 1; 1/3 + 4 (3/10 - 1/3) = 1/5; 1/3 + 4 (1/5 - 1/3) = -1/5, clipped; divided by 6/5.
        let got = reported(Behaviour::Amplified { by: 4.0 }, array![[0.5, 0.3, 0.2]]);
        for (got, expected) in got.iter().zip([5.0 / 6.0, 1.0 / 6.0, 0.0]) {
            assert!((got - expected).abs() < 1e-15, "{got} is not {expected}");
        }
        // Nothing can be said louder than certainty, and the uniform vector says nothing.
        assert_eq!(reported(Behaviour::Amplified { by: 4.0 }, array![[0.0, 1.0]]), array![[0.0, 1.0]]);
        assert_eq!(reported(Behaviour::Amplified { by: 9.0 }, array![[0.25; 4]]), array![[0.25; 4]]);
    }

    proptest! {
        #[test]
        fn a_falsified_vector_is_a_vector(
            weights in prop::collection::vec(0.0..1.0_f64, 2..7),
            by in 1.0..1e6_f64,
            class in 0_usize..7,
        ) {
            let sum: f64 = weights.iter().sum();
            prop_assume!(sum > 1e-3);
            let honest: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
            for behaviour in [Behaviour::LabelFlip, Behaviour::Constant { class: class % honest.len() }, Behaviour::Amplified { by }] {
                let matrix = Array2::from_shape_vec((2, honest.len()), honest.repeat(2)).unwrap();
                let rows = reported(behaviour, matrix);
                prop_assert_eq!(rows.row(0), rows.row(1));
            }
        }
    }
}
