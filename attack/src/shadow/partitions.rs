//! Shadow models on disjoint parts of the adversary's records (Truex et al., section 3.2).
//!
//! The records are cut, class by class, into q + 1 parts. Each of q parts trains one shadow for each learner: with one learner a data
//! partition ensemble, with several and q = 1 a model-based one, with several and q > 1 a hybrid. A shadow is asked about its own part and
//! about the part that trained none. Both hold equally many records of each class, so that nothing but membership tells them apart;
//! records that are left over when a class is cut train a shadow and are not asked about.

use rand::seq::SliceRandom;
use turncoat_learn::{Samples, Seed};

use super::design::Assignment;
use super::two_fold::share;
use crate::error::AttackError;

/// The skew of shards where a part is shared by several parties: uniform on the simplex, as in Truex et al., section 4.7.
const CONCENTRATION: f64 = 1.0;

/// Divides the samples into that many parts that train, for each learner.
///
/// # Errors
/// [`AttackError::Shadow`] when no class has a record for each part.
pub(super) fn assign(
    samples: &Samples<'_>,
    learners: usize,
    partitions: u32,
    parties: usize,
    seed: Seed,
) -> Result<Vec<Assignment>, AttackError> {
    let (labels, classes) = (samples.labels, samples.classes);
    let parts = Parts::cut(labels, classes, partitions as usize, seed);
    if parts.out.is_empty() {
        let most = (0..classes as u32).map(|class| labels.iter().filter(|&&own| own == class).count());
        return Err(AttackError::Shadow {
            step: "generation",
            reason: format!(
                "a class needs {} records, one to test and one for each partition, and of {} shadow records no class has more \
                 than {}",
                partitions + 1,
                labels.len(),
                most.max().unwrap_or(0)
            ),
            mend: "raise shadow.records, or lower generation.partitions".into(),
        });
    }
    let of_part = |learner: usize, part: usize| {
        let seed = seed.child("learner", learner as u64).child("partition", part as u64);
        let train = &parts.train[part];
        let parties = match parties {
            1 => vec![(train.clone(), seed)],
            _ => {
                let mut shards = vec![Vec::new(); parties];
                let mut stream = seed.stream("deal");
                for class in 0..classes {
                    let rows: Vec<usize> =
                        train.iter().copied().filter(|&row| labels[row] as usize == class).collect();
                    share(&rows, CONCENTRATION, &mut shards, &mut stream);
                }
                let seeds = (1..).map(|party| seed.child("party", party));
                shards.into_iter().zip(seeds).collect()
            }
        };
        Assignment { learner, parties, inside: parts.inside[part].clone(), outside: parts.out.clone() }
    };
    let places = (0..learners).flat_map(|learner| (0..parts.train.len()).map(move |part| (learner, part)));
    Ok(places.map(|(learner, part)| of_part(learner, part)).collect())
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
    use turncoat_learn::Learner;
    use turncoat_learn::tree::TreeParams;

    use super::*;
    use crate::evidence::Imitated;
    use crate::shadow::{ShadowDesign, ShadowRun, Split};

    fn run(
        learners: Vec<Learner>,
        parts: u32,
        records: &Array2<f32>,
        labels: &[u32],
        seed: u64,
    ) -> Result<ShadowRun, AttackError> {
        let classes = labels.iter().max().map_or(0, |&most| most as usize + 1);
        let samples = Samples { records: records.view(), labels, classes };
        let design = ShadowDesign {
            learners,
            split: Split::Partitions(parts),
            imitated: Imitated::MODEL,
            release: Vec::new(),
        };
        design.run("shadow_model", samples, Seed::root(seed))
    }

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
        let records = Array2::from_shape_fn((400, 1), |(row, _)| row as f32);
        let run = run(vec![tree()], 3, &records, &labels, 3).unwrap();
        let (mut inside, mut outside, mut members, mut others) = (0, 0, 0, 0);
        for shadow in run.shadows() {
            for (place, &row) in shadow.rows().iter().enumerate() {
                let right = shadow.answers()[0].row(place).unwrap()[labels[row] as usize] == 1.0;
                let member = place < shadow.members();
                assert_eq!(run.inclusion()[(row, 0)] && member, member && run.shadows()[0] == *shadow);
                *(if member { &mut members } else { &mut others }) += 1;
                *(if member { &mut inside } else { &mut outside }) += usize::from(right);
            }
        }
        assert_eq!((inside, members), (members, others));
        // Four standard deviations of a fair coin.
        assert!((outside as f64 - others as f64 / 2.0).abs() < 2.0 * (others as f64).sqrt());
    }

    #[test]
    fn a_hybrid_adds_up() {
        let records = Array2::from_shape_fn((60, 2), |(row, column)| (row * (column + 1) % 7) as f32);
        let labels: Vec<u32> = (0..60).map(|row| row % 3).collect();
        let hybrid = vec![tree(), Learner::NaiveBayes(Default::default())];
        let all = run(hybrid.clone(), 4, &records, &labels, 4).unwrap();
        // Twenty records of each class in five parts of four: two models for each of four partitions, twelve in and twelve
        // out each.
        assert_eq!(
            all.shadows().iter().map(|shadow| (shadow.members(), shadow.rows().len())).collect::<Vec<_>>(),
            [(12, 24); 8]
        );
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(one.install(|| run(hybrid, 4, &records, &labels, 4).unwrap()), all);
    }

    #[test]
    fn parties_share_a_part() {
        let records = Array2::from_shape_fn((90, 1), |(row, _)| row as f32);
        let labels: Vec<u32> = (0..90).map(|row| row % 3).collect();
        let samples = Samples { records: records.view(), labels: &labels, classes: 3 };
        let parts = assign(&samples, 1, 2, 3, Seed::root(5)).unwrap();
        for part in &parts {
            let mut rows: Vec<usize> = part.parties.iter().flat_map(|(rows, _)| rows.clone()).collect();
            rows.sort_unstable();
            let mut inside = part.inside.clone();
            inside.sort_unstable();
            assert_eq!((part.parties.len(), rows), (3, inside));
        }
    }

    #[test]
    fn too_little_shadow_data_is_reported() {
        let error = run(vec![tree()], 1, &Array2::zeros((4, 1)), &[0, 1, 2, 3], 1).unwrap_err();
        assert!(matches!(error, AttackError::Shadow { .. }));
        assert!(
            error.to_string().ends_with("raise shadow.records, or lower generation.partitions"),
            "{error}"
        );
    }
}
