//! One shadow federation drawn from the targets, and all that is asked of it.
//!
//! Guarantee: it depends on the targets (in their canonical order), the probes, the learner and its seed alone.

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use turncoat_learn::{Learner, LearnerError, PredictionVectors, PreparedRecords, Seed};

use crate::error::AttackError;
use crate::source::shadow_federation::owner::{Evidence, evidence};
use crate::source::shadow_federation::shares::{ClassTraits, Confusion};
use crate::source::shadow_federation::transductive::assign::assign;
use crate::source::shadow_federation::transductive::features::{ClassFeatures, alone, features, right};
use crate::source::shadow_federation::transductive::ridge::Differences;

/// Records and their labels.
#[derive(Clone, Copy)]
pub(in crate::source::shadow_federation) struct Labelled<'a> {
    pub(in crate::source::shadow_federation) records: ArrayView2<'a, f32>,
    pub(in crate::source::shadow_federation) labels: &'a [u32],
}

/// The targets in an order of their own: by class, then by record.
pub(super) struct Order {
    /// Places among the targets.
    pub(super) places: Vec<usize>,
    /// Their labels.
    pub(super) labels: Vec<u32>,
    /// Of each class, the places in this order.
    pub(super) by_class: Vec<Vec<usize>>,
}

impl Order {
    pub(super) fn of(targets: Labelled<'_>, classes: usize) -> Self {
        let mut places: Vec<usize> = (0..targets.labels.len()).collect();
        // Adding zero turns -0.0 into 0.0: equal records are equal to a learner, too, and their order says nothing.
        let features = |place: usize| targets.records.row(place).into_iter().map(|value| value + 0.0);
        places.sort_by(|&a, &b| {
            let mut pairs = features(a).zip(features(b)).map(|(a, b)| a.total_cmp(&b));
            let records = || pairs.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal);
            targets.labels[a].cmp(&targets.labels[b]).then_with(records)
        });
        let labels: Vec<u32> = places.iter().map(|&place| targets.labels[place]).collect();
        let mut by_class = vec![Vec::new(); classes];
        for (row, &label) in labels.iter().enumerate() {
            by_class[label as usize].push(row);
        }
        Self { places, labels, by_class }
    }
}

/// The records of a shadow federation: the probes, then the targets in their order.
pub(super) struct Records {
    held: usize,
    features: Array2<f32>,
    labels: Vec<u32>,
}

impl Records {
    pub(super) fn new(
        probes: Labelled<'_>,
        targets: Labelled<'_>,
        order: &Order,
    ) -> Result<Self, AttackError> {
        let requested = targets.records.select(Axis(0), &order.places);
        let features = concatenate(Axis(0), &[probes.records.view(), requested.view()]).map_err(|error| {
            AttackError::Targets(format!("their width is not that of the adversary's own records: {error}"))
        })?;
        let labels = probes.labels.iter().chain(&order.labels).copied().collect();
        Ok(Self { held: probes.labels.len(), features, labels })
    }

    pub(super) fn prepare<'a>(&'a self, learner: &'a Learner) -> Result<PreparedRecords<'a>, LearnerError> {
        learner.prepare(self.features.view())
    }
}

/// What the parties of a federation, shadow or real, show of its classes.
pub(super) struct Observed {
    /// `[classes][parties]`.
    pub(super) features: Vec<Vec<ClassFeatures>>,
    /// p_j(x)\[y\] on probes and on targets, `[parties][records]`.
    probes: Vec<Vec<f64>>,
    targets: Vec<Vec<f64>>,
}

impl Observed {
    /// From the answers to the probes, and to the targets in order: target k is row `rows[k]`. Every one was answered.
    pub(super) fn new(
        to_probes: &[&PredictionVectors],
        to_targets: &[&PredictionVectors],
        rows: &[usize],
        labels: &[u32],
        order: &Order,
    ) -> Self {
        let traits: Vec<Vec<ClassTraits>> = to_probes
            .iter()
            .map(|answers| {
                let mut confusion = Confusion::new(order.by_class.len());
                for (row, &label) in labels.iter().enumerate() {
                    confusion.add(label as usize, answers.row(row));
                }
                confusion.traits()
            })
            .collect();
        let targets = right(to_targets, rows, &order.labels);
        let of_class = |(class, rows): (usize, &Vec<usize>)| {
            let alone = alone(&targets, rows);
            traits
                .iter()
                .zip(alone)
                .map(|(traits, alone)| features(&traits[class], alone, rows.len()))
                .collect()
        };
        let all: Vec<usize> = (0..labels.len()).collect();
        Self {
            features: order.by_class.iter().enumerate().map(of_class).collect(),
            probes: right(to_probes, &all, labels),
            targets,
        }
    }

    /// What two parties get right of a class, the second's taken off the first's.
    pub(super) fn differences(&self, pair: [usize; 2], probes: &[usize], targets: &[usize]) -> Differences {
        let of = |table: &[Vec<f64>], rows: &[usize]| -> Vec<f64> {
            rows.iter().map(|&row| table[pair[0]][row] - table[pair[1]][row]).collect()
        };
        Differences { probes: of(&self.probes, probes), targets: of(&self.targets, targets) }
    }

    /// What one party gets right of a class.
    pub(super) fn right(&self, party: usize, probes: &[usize], targets: &[usize]) -> Differences {
        let of = |table: &[Vec<f64>], rows: &[usize]| rows.iter().map(|&row| table[party][row]).collect();
        Differences { probes: of(&self.probes, probes), targets: of(&self.targets, targets) }
    }
}

/// What the adversary learns from one shadow federation.
pub(super) struct Shadow {
    /// Of each target, in order.
    pub(super) owners: Vec<usize>,
    pub(super) observed: Observed,
    /// Of the first two parties, for each target.
    pub(super) evidence: Vec<[Evidence; 2]>,
}

/// Draws, trains and asks.
pub(super) fn train(
    records: &Records,
    prepared: &PreparedRecords<'_>,
    learner: &Learner,
    order: &Order,
    parties: usize,
    seed: Seed,
) -> Result<Shadow, LearnerError> {
    let (held, classes) = (records.held, order.by_class.len());
    let owners = assign(&order.by_class, parties, &mut seed.stream("deal"));
    let all: Vec<usize> = (0..records.labels.len()).collect();
    let answers = (0..parties)
        .map(|party| {
            let rows: Vec<usize> =
                (0..owners.len()).filter(|&row| owners[row] == party).map(|row| held + row).collect();
            let seed = seed.child("party", party as u64 + 1);
            let model = learner.fit_rows(prepared, &records.labels, &rows, classes, seed)?;
            model.predict_rows(prepared, &all)
        })
        .collect::<Result<Vec<_>, LearnerError>>()?;
    let answers: Vec<&PredictionVectors> = answers.iter().collect();
    let rows: Vec<usize> = (held..records.labels.len()).collect();
    let observed = Observed::new(&answers, &answers, &rows, &records.labels[..held], order);
    let evidence = rows
        .iter()
        .zip(&order.labels)
        .map(|(&row, &label)| [0, 1].map(|party| evidence(answers[party].row(row), label)))
        .collect();
    Ok(Shadow { owners, observed, evidence })
}
