//! Symmetric systems: small ones for fits with a handful of weights, and inverses of some hundred rows at most.
//!
//! Guarantee: the answer depends on the numbers alone; sums run in index order.

/// Solves A w = b for a symmetric positive definite A by Cholesky's decomposition, A = L L^T. `None` when A is not
/// positive definite in f64.
pub(super) fn solve<const N: usize>(matrix: &[[f64; N]; N], right: &[f64; N]) -> Option<[f64; N]> {
    let mut lower = [[0.0; N]; N];
    for row in 0..N {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let left = matrix[row][column] - known;
            if row == column {
                if !(left > 0.0 && left.is_finite()) {
                    return None;
                }
                lower[row][row] = left.sqrt();
            } else {
                lower[row][column] = left / lower[column][column];
            }
        }
    }
    let mut solution = *right;
    for row in 0..N {
        let known: f64 = (0..row).map(|k| lower[row][k] * solution[k]).sum();
        solution[row] = (solution[row] - known) / lower[row][row];
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|k| lower[k][row] * solution[k]).sum();
        solution[row] = (solution[row] - known) / lower[row][row];
    }
    Some(solution)
}

/// The sum of products.
pub(super) fn dot<const N: usize>(left: &[f64; N], right: &[f64; N]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// The inverse of a symmetric positive definite matrix by Gauss and Jordan, which needs no pivots there.
pub(super) fn inverse(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = matrix.len();
    for pivot in 0..n {
        let mut line = std::mem::take(&mut matrix[pivot]);
        let head = line[pivot];
        line[pivot] = 1.0;
        line.iter_mut().for_each(|value| *value /= head);
        for (row, other) in matrix.iter_mut().enumerate() {
            if row != pivot {
                let factor = std::mem::replace(&mut other[pivot], 0.0);
                other.iter_mut().zip(&line).for_each(|(value, part)| *value -= factor * part);
            }
        }
        matrix[pivot] = line;
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_by_hand() {
        // 4x + 2y = 10, 2x + 3y = 11: x = 1, y = 3.
        let [x, y] = solve(&[[4.0, 2.0], [2.0, 3.0]], &[10.0, 11.0]).unwrap();
        assert!((x - 1.0).abs() < 1e-12 && (y - 3.0).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_single_answer_has_none() {
        assert_eq!(solve(&[[1.0, 1.0], [1.0, 1.0]], &[1.0, 1.0]), None);
        assert_eq!(solve(&[[f64::NAN]], &[1.0]), None);
    }

    #[test]
    fn an_inverse_by_hand() {
        // 1 / (4 * 3 - 2 * 2) = 1/8 of [[3, -2], [-2, 4]].
        let got = inverse(vec![vec![4.0, 2.0], vec![2.0, 3.0]]);
        let expected = [[0.375, -0.25], [-0.25, 0.5]];
        assert!(
            got.iter().flatten().zip(expected.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-12),
            "{got:?}"
        );
    }
}
