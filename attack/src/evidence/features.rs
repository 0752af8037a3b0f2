//! What an attack model is shown of a record: a row of features made of what is seen of the candidates' answers to it.
//!
//! All features are on the grid of a billionth, so rounding cannot tell records apart, and the same for any order of the candidates.

use ndarray::{Array2, ArrayView1};
use turncoat_learn::{on_grid, predicted_class};

use super::{CandidateVectors, Evidence};

/// How many candidates' probabilities are looked at one by one; the rest count through their mean.
const RANKED: usize = 8;

/// What an attack model sees of an answer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "sees")]
pub enum Sees {
    /// Measures of them. Of one vector p: p\[y\], the largest probability, the entropy, the modified entropy, and whether y is
    /// predicted. Of several candidates' vectors, over those that answered: the eight largest p_j\[y\] in falling order (fewer where
    /// there are fewer candidates; the smallest again for those that did not answer), their mean and smallest, the mean entropy and
    /// modified entropy, the largest probability of all, the smallest entropy and modified entropy, and the share that predict y.
    #[default]
    Summary,
    /// The whole vector.
    ///
    /// All k probabilities, in class order; of several candidates one vector after the other, by falling p_j\[y\], the last again
    /// for those that did not answer.
    Vector,
    /// The largest probabilities, so many, in descending order.
    ///
    /// At most as many as there are classes; says nothing of which classes they are. Of several candidates as with `Vector`.
    #[schemars(extend("x-source" = "Salem et al., 2019"))]
    TopK(
        #[schemars(range(min = 1, max = 100_000), extend("x-unit" = "probabilities", "examples" = [3]))] u32,
    ),
}

/// What attack models are shown, and how records are shared among them.
///
/// ```
/// use turncoat_attack::{Features, Models, Sees};
///
/// let features = Features { sees: Sees::TopK(3), models: Models::PerClass, ..Default::default() };
/// assert!(!features.label);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Of the vectors.
    pub sees: Sees,
    /// Whether two values of the record's own class y stand beside each vector: p\[y\], and 1 where y is the predicted class, else 0.
    pub label: bool,
    /// How many models there are.
    pub models: Models,
}

/// How many attack models there are.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Models {
    /// One for all classes.
    #[default]
    One,
    /// One for each class of the records.
    PerClass,
}

/// Features of the records that were answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct FeatureTable {
    /// The places of these records.
    pub(crate) places: Vec<usize>,
    /// Their classes.
    pub(crate) labels: Vec<u32>,
    /// A row for each of them.
    values: Vec<f32>,
}

impl FeatureTable {
    /// Of all records of the evidence.
    pub(crate) fn of(features: Features, evidence: &Evidence<'_>) -> Self {
        let mut table = Self::default();
        table.add(features, evidence);
        table
    }

    /// Adds the records of more evidence, whose places are counted on.
    pub(crate) fn add(&mut self, features: Features, evidence: &Evidence<'_>) {
        for place in 0..evidence.len() {
            let label = evidence.label(place);
            if features.append(evidence.vectors(), place, label as usize, &mut self.values) {
                self.places.push(place);
                self.labels.push(label);
            }
        }
    }

    /// The features of some of its rows, shape `[rows, features]`.
    pub(crate) fn select(&self, rows: &[usize]) -> Array2<f32> {
        let width = self.values.len().checked_div(self.labels.len()).unwrap_or(0);
        // Row by row: value by value it takes some 3 % of a grid of attacks.
        let mut values = Vec::with_capacity(rows.len() * width);
        rows.iter().for_each(|row| values.extend_from_slice(&self.values[row * width..(row + 1) * width]));
        Array2::from_shape_vec((rows.len(), width), values).expect("each row has the same width")
    }

    /// Its rows by class, in their order.
    pub(crate) fn by_class(&self, classes: usize) -> Vec<Vec<usize>> {
        let mut rows = vec![Vec::new(); classes];
        for (row, &label) in self.labels.iter().enumerate() {
            rows[label as usize].push(row);
        }
        rows
    }
}

impl Features {
    /// Appends the row of one record, if anything was answered.
    fn append(self, of: &CandidateVectors<'_>, place: usize, label: usize, values: &mut Vec<f32>) -> bool {
        let mut vectors = of.row(place);
        if vectors.is_empty() {
            return false;
        }
        if self.sees == Sees::Summary {
            summary(of, &vectors, label, values);
        } else {
            let falling = |a: &ArrayView1<'_, f64>, b: &ArrayView1<'_, f64>| b[label].total_cmp(&a[label]);
            vectors.sort_by(|a, b| {
                falling(a, b).then_with(|| {
                    b.iter()
                        .zip(a)
                        .map(|(b, a)| b.total_cmp(a))
                        .find(|o| o.is_ne())
                        .unwrap_or(std::cmp::Ordering::Equal)
                })
            });
            for candidate in 0..of.candidates() {
                self.vector(vectors[candidate.min(vectors.len() - 1)], values);
            }
        }
        if self.label {
            for vector in &vectors {
                values.push(on_grid(vector[label]) as f32);
                values.push(f32::from(u8::from(predicted_class(*vector) == label)));
            }
            for _ in vectors.len()..of.candidates() {
                values.extend_from_within(values.len() - 2..);
            }
        }
        true
    }

    fn vector(self, vector: ArrayView1<'_, f64>, values: &mut Vec<f32>) {
        let gridded = |value: &f64| on_grid(*value) as f32;
        match self.sees {
            Sees::TopK(k) => {
                let mut sorted = vector.to_vec();
                sorted.sort_by(|a, b| b.total_cmp(a));
                values.extend(sorted.iter().take(k as usize).map(gridded));
            }
            _ => values.extend(vector.iter().map(gridded)),
        }
    }
}

/// Appends the measures of one record's vectors.
fn summary(of: &CandidateVectors<'_>, vectors: &[ArrayView1<'_, f64>], label: usize, values: &mut Vec<f32>) {
    let least = vectors.len() - 1;
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
    let right = vectors.iter().filter(|&&vector| predicted_class(vector) == label).count();
    let mut features = match of {
        CandidateVectors::Mean(_) | CandidateVectors::Aggregate(_) => vec![of_label[0]],
        CandidateVectors::PerParty(candidates) => {
            let smallest = of_label[least];
            let mut ranked = of_label.clone();
            ranked.resize(RANKED.min(candidates.len()), smallest);
            ranked.extend([mean(&of_label), smallest, mean(&entropies), mean(&modified)]);
            ranked
        }
    };
    features.extend([largest[0], entropies[least], modified[least], right as f64 / vectors.len() as f64]);
    values.extend(features.into_iter().map(|value| on_grid(value) as f32));
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

#[cfg(test)]
mod tests {
    use ndarray::array;
    use turncoat_learn::{Answers, PredictionVectors};

    use super::*;

    fn row(features: Features, of: &CandidateVectors<'_>, label: usize) -> Option<Vec<f32>> {
        let mut values = Vec::new();
        features.append(of, 0, label, &mut values).then_some(values)
    }

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
        let of = |candidates| row(Features::default(), &CandidateVectors::PerParty(candidates), 1);
        let first = of(vec![&a, &b, &c]).unwrap();
        assert_eq!(of(vec![&c, &a, &b]), Some(first.clone()));
        assert_eq!(first[..3], [0.9, 0.7, 0.3]);
        assert_eq!(first.len(), 3 + 4 + 4);
        assert_eq!(row(Features::default(), &CandidateVectors::Aggregate(&a), 1).unwrap().len(), 5);
        // Who did not answer counts in no mean and in no share, and the row keeps its width.
        let silent = Answers::none(1, 3);
        let without = of(vec![&a, &silent, &c]).unwrap();
        assert_eq!(without[..5], [0.9, 0.7, 0.7, 0.8, 0.7]);
        assert_eq!((without.len(), without[7]), (first.len(), 0.9));
        assert_eq!(without[10], 1.0, "both that answered predict it");
        assert_eq!(of(vec![&silent]), None);
        assert_eq!(row(Features::default(), &CandidateVectors::Aggregate(&silent), 1), None);
        // Whole vectors, those that are surest of the label first.
        let whole = |candidates| {
            row(
                Features { sees: Sees::TopK(2), label: true, models: Models::One },
                &CandidateVectors::PerParty(candidates),
                1,
            )
        };
        let all = whole(vec![&a, &silent, &c]).unwrap();
        assert_eq!(all, [0.9, 0.1, 0.7, 0.2, 0.7, 0.2, 0.9, 1.0, 0.7, 1.0, 0.7, 1.0]);
        assert_eq!(whole(vec![&c, &a, &silent]), Some(all));
    }

    #[test]
    fn what_is_seen_of_a_vector() {
        let vectors = PredictionVectors::new(array![[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]]).unwrap();
        let of = CandidateVectors::Mean(&vectors);
        let of = |features: Features, place, label| {
            let mut values = Vec::new();
            assert!(features.append(&of, place, label, &mut values));
            values
        };
        let vector = Features { sees: Sees::Vector, ..Features::default() };
        assert_eq!((of(vector, 0, 1), of(vector, 1, 2)), (vec![0.2, 0.5, 0.3], vec![0.4, 0.2, 0.4]));
        let two = Features { sees: Sees::TopK(2), ..Features::default() };
        assert_eq!((of(two, 0, 1), of(two, 1, 2)), (vec![0.5, 0.3], vec![0.4, 0.4]));
        // Of a tie the lowest class is the predicted one, so class 2 is not.
        let labelled = Features { sees: Sees::TopK(9), label: true, models: Models::One };
        assert_eq!(of(labelled, 0, 1), [0.5, 0.3, 0.2, 0.5, 1.0]);
        assert_eq!(of(labelled, 1, 2), [0.4, 0.4, 0.2, 0.4, 0.0]);
        // Nor is it where the rounding of a sum has made it the larger by a bit.
        let rounded = PredictionVectors::new(array![[0.4, 0.2, 0.4_f64.next_up()]]).unwrap();
        let mut values = Vec::new();
        labelled.append(&CandidateVectors::Mean(&rounded), 0, 2, &mut values);
        assert_eq!(values, [0.4, 0.4, 0.2, 0.4, 0.0]);
    }
}
