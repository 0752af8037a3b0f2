//! Shadow models and the attack set D* that they make of shadow data (Truex et al., section 3.2).
//!
//! Shadow data is cut, class by class, into q + 1 parts. Each of q parts trains one shadow model for each learner of the
//! generation: with one learner a data partition ensemble, with several and q = 1 a model-based one, with several and q > 1
//! a hybrid. A model is asked about its own part, whose vectors are labelled in, and about the part that trained none,
//! labelled out. Both hold equally many records of each class, so that nothing but membership tells them apart; records
//! that are left over when a class is cut train a model and are not asked about.
//!
//! Guarantee: D* depends on the shadow data, the generation and the seed alone, and is the same on any number of threads.

use rand::seq::SliceRandom;
use rayon::prelude::*;
use turncoat_learn::{Learner, PredictionVectors, Seed};

use super::{AttackSet, ShadowData};
use crate::error::AttackError;

/// What stands in for the target, and how often.
///
/// ```
/// use ndarray::Array2;
/// use turncoat_attack::lab::{Generation, ShadowData};
/// use turncoat_learn::{Learner, Seed};
///
/// // The adversary's records: labels without rhyme, which a tree can only learn by heart.
/// let records = Array2::from_shape_fn((200, 1), |(row, _)| row as f32);
/// let labels: Vec<u32> = (0..200).map(|row| (row * row / 7) % 2).collect();
/// let shadow = ShadowData { records, labels };
/// let tree = Learner::DecisionTree(Default::default());
/// let generation = Generation::new(vec![tree.clone()], 1).unwrap();
/// let set = generation.attack_set(&shadow, 2, Seed::root(1))?;
/// // As many answers about records that trained the shadow model as about others.
/// let members = set.members().iter().filter(|&&member| member).count();
/// assert_eq!(2 * members, set.len());
/// # Ok::<(), turncoat_attack::AttackError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    learners: Vec<Learner>,
    partitions: u32,
}

impl Generation {
    /// Most parts that train.
    pub const MAX_PARTITIONS: u32 = 1_000;

    /// A generation of one or more learners on that many partitions; `None` without a learner or a partition, or with more
    /// than [`MAX_PARTITIONS`](Self::MAX_PARTITIONS).
    #[must_use]
    pub fn new(learners: Vec<Learner>, partitions: u32) -> Option<Self> {
        let sound = !learners.is_empty() && (1..=Self::MAX_PARTITIONS).contains(&partitions);
        sound.then_some(Self { learners, partitions })
    }

    /// Its name: those of its learners, joined by `+`.
    #[must_use]
    pub fn name(&self) -> String {
        self.learners.iter().map(Learner::name).collect::<Vec<_>>().join("+")
    }

    /// What trains on each partition, at least one.
    #[must_use]
    pub fn learners(&self) -> &[Learner] {
        &self.learners
    }

    /// The number q of partitions, at least one.
    #[must_use]
    pub fn partitions(&self) -> u32 {
        self.partitions
    }

    /// Trains the shadow models and asks them. `classes` are those of the target.
    ///
    /// # Errors
    /// [`AttackError::Shadow`] when no class has a record for each part; otherwise what a model refuses.
    pub fn attack_set(
        &self,
        shadow: &ShadowData,
        classes: usize,
        seed: Seed,
    ) -> Result<AttackSet, AttackError> {
        let parts = Parts::cut(&shadow.labels, classes, self.partitions as usize, seed);
        if parts.out.is_empty() {
            let most =
                (0..classes as u32).map(|class| shadow.labels.iter().filter(|&&own| own == class).count());
            return Err(AttackError::Shadow {
                step: "generation",
                reason: format!(
                    "a class needs {} records, one to test and one for each partition, and of {} shadow records no class has \
                     more than {}",
                    self.partitions + 1,
                    shadow.labels.len(),
                    most.max().unwrap_or(0)
                ),
                mend: "raise shadow.records, or lower generation.partitions".into(),
            });
        }
        let records = shadow.records.view();
        let models: Vec<(usize, usize)> = (0..self.learners.len())
            .flat_map(|learner| (0..parts.train.len()).map(move |part| (learner, part)))
            .collect();
        let prepared = self
            .learners
            .par_iter()
            .map(|learner| learner.prepare(records))
            .collect::<Result<Vec<_>, _>>()?;
        let answers = models
            .par_iter()
            .map(|&(learner, part)| {
                let seed = seed.child("learner", learner as u64).child("partition", part as u64);
                let model = self.learners[learner].fit_rows(
                    &prepared[learner],
                    &shadow.labels,
                    &parts.train[part],
                    classes,
                    seed,
                )?;
                let asked = [&parts.inside[part][..], &parts.out].concat();
                model.predict_rows(&prepared[learner], &asked)
            })
            .collect::<Result<Vec<PredictionVectors>, _>>()?;

        let mut set = AttackSet::empty(classes);
        for (model, (&(_, part), vectors)) in models.iter().zip(&answers).enumerate() {
            let asked = [&parts.inside[part][..], &parts.out].concat();
            let labels = asked.iter().map(|&row| shadow.labels[row]);
            set.add(model as u32, vectors, labels, parts.inside[part].len());
        }
        Ok(set)
    }
}

/// Rows of shadow data, by what they are for.
struct Parts {
    /// What each partition trains on.
    train: Vec<Vec<usize>>,
    /// Of these, what its models are asked about.
    inside: Vec<Vec<usize>>,
    /// What trains nothing; as many of each class as each of `inside` has.
    out: Vec<usize>,
}

impl Parts {
    fn cut(labels: &[u32], classes: usize, partitions: usize, seed: Seed) -> Self {
        let mut stream = seed.stream("cut");
        let mut parts = Self {
            train: vec![Vec::new(); partitions],
            inside: vec![Vec::new(); partitions],
            out: Vec::new(),
        };
        // Left-over records of one class go on where those of the last class ended, so that partitions stay equal.
        let mut next = 0;
        for class in 0..classes {
            let mut rows: Vec<usize> =
                (0..labels.len()).filter(|&row| labels[row] as usize == class).collect();
            rows.shuffle(&mut stream);
            let share = rows.len() / (partitions + 1);
            let (out, rest) = rows.split_at(share);
            parts.out.extend_from_slice(out);
            for (part, rows) in
                rest.chunks(share.max(1)).take(if share == 0 { 0 } else { partitions }).enumerate()
            {
                parts.inside[part].extend_from_slice(rows);
                parts.train[part].extend_from_slice(rows);
            }
            for &row in &rest[share * partitions..] {
                parts.train[next % partitions].push(row);
                next += 1;
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use turncoat_learn::tree::TreeParams;

    use super::*;

    fn tree() -> Learner {
        Learner::DecisionTree(TreeParams::default())
    }

    #[test]
    fn parts_are_disjoint_and_alike_in_each_class() {
        // 23 records of class 0, 9 of class 1, 2 of class 2, cut for three partitions: 5, 2 and 0 a part.
        let labels: Vec<u32> = [vec![0; 23], vec![1; 9], vec![2; 2]].concat();
        let parts = Parts::cut(&labels, 3, 3, Seed::root(1));
        let counts =
            |rows: &[usize]| [0, 1, 2].map(|class| rows.iter().filter(|&&row| labels[row] == class).count());
        assert_eq!(counts(&parts.out), [5, 2, 0]);
        assert!(parts.inside.iter().all(|rows| counts(rows) == [5, 2, 0]));
        let mut all = [parts.out.clone(), parts.train.concat()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..34).collect::<Vec<_>>());
        // Three, one and two records are left over: two for each partition.
        assert!(parts.train.iter().all(|rows| rows.len() == 9));
        for (inside, train) in parts.inside.iter().zip(&parts.train) {
            assert!(inside.iter().all(|row| train.contains(row)));
        }
    }

    #[test]
    fn a_lookup_table_is_sure_of_what_it_was_shown() {
        // Labels that nothing predicts: a full tree is right on its own part and at chance elsewhere.
        let mut stream = Seed::root(2).stream("labels");
        let labels: Vec<u32> = (0..400).map(|_| rand::RngExt::random_range(&mut stream, 0..2)).collect();
        let shadow = ShadowData { records: Array2::from_shape_fn((400, 1), |(row, _)| row as f32), labels };
        let set = Generation::new(vec![tree()], 3).unwrap().attack_set(&shadow, 2, Seed::root(3)).unwrap();
        let right = |member: bool| {
            let rows: Vec<usize> = (0..set.len()).filter(|&row| set.members()[row] == member).collect();
            let right = rows.iter().filter(|&&row| set.vectors()[(row, set.labels()[row] as usize)] == 1.0);
            (right.count(), rows.len())
        };
        let ((inside, members), (outside, others)) = (right(true), right(false));
        assert_eq!((inside, members), (members, others));
        // Four standard deviations of a fair coin.
        assert!((outside as f64 - others as f64 / 2.0).abs() < 2.0 * (others as f64).sqrt());
    }

    #[test]
    fn a_hybrid_adds_up() {
        let shadow = ShadowData {
            records: Array2::from_shape_fn((60, 2), |(row, column)| (row * (column + 1) % 7) as f32),
            labels: (0..60).map(|row| row % 3).collect(),
        };
        let bayes = Learner::NaiveBayes(Default::default());
        let hybrid = Generation::new(vec![tree(), bayes], 4).unwrap();
        let set = hybrid.attack_set(&shadow, 3, Seed::root(4)).unwrap();
        // Twenty records of each class in five parts of four: two models for each of four partitions, twelve in and twelve
        // out each.
        assert_eq!(set.len(), 2 * 4 * 24);
        assert_eq!(hybrid.name(), "decision_tree+naive_bayes");
        let again = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(again.install(|| hybrid.attack_set(&shadow, 3, Seed::root(4)).unwrap()), set);
    }

    #[test]
    fn too_little_shadow_data_is_told() {
        let shadow = ShadowData { records: Array2::zeros((4, 1)), labels: vec![0, 1, 2, 3] };
        let error =
            Generation::new(vec![tree()], 1).unwrap().attack_set(&shadow, 4, Seed::root(1)).unwrap_err();
        assert!(matches!(error, AttackError::Shadow { .. }));
        assert!(
            error.to_string().ends_with("raise shadow.records, or lower generation.partitions"),
            "{error}"
        );
        assert!(Generation::new(Vec::new(), 1).is_none() && Generation::new(vec![tree()], 0).is_none());
    }
}
