//! `top_k`: only the largest probabilities are told (Shokri et al., 2017, section VIII).

use ndarray::ArrayViewMut1;

use super::VectorDefence;
use crate::learner::LearnerError;
use crate::prediction::on_grid;
use crate::seed::Seed;

/// The k largest probabilities stay as they are; what is left of one is shared evenly among the other classes. Of equal ones the lowest
/// class is kept. With at least as many as there are classes the vector stays as it is.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "top_k", extend("x-source" = "Shokri et al., 2017"))]
pub struct TopK {
    /// How many are told.
    #[schemars(range(min = 1, max = 100_000), extend("x-unit" = "classes", "examples" = [3]))]
    pub k: u32,
}

impl VectorDefence for TopK {
    fn apply(&self, mut vector: ArrayViewMut1<'_, f64>, _draw: &dyn Fn() -> Seed) {
        let (classes, k) = (vector.len(), self.k as usize);
        if k >= classes {
            return;
        }
        let mut order: Vec<usize> = (0..classes).collect();
        order.sort_by(|&a, &b| on_grid(vector[b]).total_cmp(&on_grid(vector[a])));
        let reported: f64 = order[..k].iter().map(|&class| vector[class]).sum();
        let share = (1.0 - reported).max(0.0) / (classes - k) as f64;
        order[k..].iter().for_each(|&class| vector[class] = share);
    }

    fn violation(&self) -> Option<LearnerError> {
        let rule = "at least 1";
        (self.k == 0).then(|| LearnerError::Parameter { parameter: "k", value: "0".into(), rule })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn by_hand() {
        let of = |k, mut vector: ndarray::Array1<f64>| {
            TopK { k }.apply(vector.view_mut(), &|| Seed::root(1));
            vector
        };
        assert_eq!(of(1, array![0.5, 0.25, 0.125, 0.125]), array![0.5, 0.5 / 3.0, 0.5 / 3.0, 0.5 / 3.0]);
        assert_eq!(of(2, array![0.125, 0.5, 0.125, 0.25]), array![0.125, 0.5, 0.125, 0.25]);
        assert_eq!(of(4, array![0.1, 0.2, 0.3, 0.4]), array![0.1, 0.2, 0.3, 0.4]);
        // Of equal ones the lowest class: rounding in the last bit does not decide.
        assert_eq!(of(1, array![0.4, 0.4_f64.next_up(), 0.2 - 1e-16])[0], 0.4);
        assert!(TopK { k: 0 }.violation().is_some() && TopK { k: 1 }.violation().is_none());
    }
}
