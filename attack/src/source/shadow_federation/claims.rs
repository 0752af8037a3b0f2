//! From shadow federations to claims on the real one.
//!
//! Score: the claimed party's probability of ownership less the largest of the others, from 0 (a tie) to 1.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;
use turncoat_learn::{Answers, Learner, PredictionVectors, Samples, on_grid};

use crate::claim::SourceClaim;
use crate::error::AttackError;
use crate::source::least_loss::{largest, margin, single_vectors};
use crate::source::shadow_federation::NAME;
use crate::source::shadow_federation::owner::{Comparison, OwnerModel, evidence};
use crate::source::shadow_federation::shadow::{Shadow, Stage};
use crate::source::shadow_federation::shares::{Confusion, ShareModel};
use crate::source::shadow_federation::transductive::{self, Labelled, RECORDS_OF_A_CANDIDATE, TargetShares};
use crate::tie_breaker::TieBreaker;
use crate::view::AdversaryView;

/// Fewest records of some class: one for each of two shadow parties, and one to ask them about.
const RECORDS_OF_A_CLASS: usize = 3;

/// Claims an owner for every target that a candidate answered, after training `shadows` shadow federations. Where the vantage shows no single
/// vectors, nothing tells the candidates apart: each claim is a fair coin of score 0, and nothing is trained.
/// If `transductive`, the shadow federations are drawn from the targets that every candidate answered; with fewer than two
/// candidates, or fewer than [`RECORDS_OF_A_CANDIDATE`] such targets for each, there is nothing to divide, and the claims are
/// those without it.
///
/// # Errors
/// [`AttackError::NoShadows`]; [`AttackError::TooFewRecords`] when single vectors are visible and the adversary holds no
/// three records of one class; [`AttackError::Oracle`] and [`AttackError::Answer`] when the probes are not answered as
/// asked; [`AttackError::Learner`].
pub(super) fn claim(
    view: &AdversaryView<'_>,
    shadows: u32,
    transductive: bool,
    generation: Option<&Learner>,
) -> Result<Vec<Option<SourceClaim>>, AttackError> {
    if shadows == 0 {
        return Err(AttackError::NoShadows { attack: NAME });
    }
    let targets = view.targets;
    let strengths = match single_vectors(view)? {
        Some(answers) => strengths(view, &answers, shadows, transductive, generation)?,
        None => vec![vec![Some(0.0); targets.candidates.len()]; targets.labels.len()],
    };
    let ties = TieBreaker::new(view.knowledge.seed, NAME);
    let claim = |(row, strengths): (usize, &Vec<Option<f64>>)| {
        let most = strengths.iter().copied().flatten().fold(f64::NEG_INFINITY, f64::max);
        let under: Vec<Option<f64>> =
            strengths.iter().map(|strength| strength.map(|strength| strength - most)).collect();
        let compared: Vec<Option<f64>> = under.iter().map(|under| under.map(on_grid)).collect();
        let tied = largest(&compared);
        let place = ties.pick(targets.records.row(row), targets.labels[row], &tied)?;
        let odds: Vec<Option<f64>> = under.iter().map(|under| under.map(f64::exp)).collect();
        let sum: f64 = odds.iter().flatten().sum();
        let score = (margin(&odds, place) / sum).max(0.0);
        Some(SourceClaim { party: targets.candidates[place], score })
    };
    Ok(strengths.iter().enumerate().map(claim).collect())
}

/// The strength of each candidate on each target that it answered, `[targets][candidates]`.
fn strengths(
    view: &AdversaryView<'_>,
    answers: &[&Answers],
    shadows: u32,
    transductive: bool,
    generation: Option<&Learner>,
) -> Result<Vec<Vec<Option<f64>>>, AttackError> {
    let too_few = |has: String| AttackError::TooFewRecords {
        attack: NAME,
        needs: format!("at least {RECORDS_OF_A_CLASS} records of one class"),
        has,
    };
    let probes = view.probes()?.ok_or_else(|| too_few("no record".into()))?;
    let classes = view.knowledge.classes;
    let samples = Samples { records: probes.records.view(), labels: &probes.labels, classes };
    let learner = generation.unwrap_or(&view.knowledge.learner);
    let stage = Stage::new(samples, learner)?;
    if stage.by_class.iter().all(|rows| rows.len() < RECORDS_OF_A_CLASS) {
        return Err(too_few(format!("{} records, no three of one class", probes.labels.len())));
    }
    let (candidates, labels) = (answers.len(), &view.targets.labels);
    let observation = view.observe(probes.records.view())?;
    let to_probes = observation.of_parties(&view.targets.candidates).ok_or_else(|| {
        AttackError::Oracle("the answers to the probes lack a candidate that is one for the targets".into())
    })?;
    let known = Complete::of(view.targets.records.view(), labels, answers);
    let (log_shares, owner) =
        if transductive && candidates >= 2 && known.labels.len() >= RECORDS_OF_A_CANDIDATE * candidates {
            let probes = Complete::of(probes.records.view(), &probes.labels, &to_probes);
            let TargetShares { log_shares, owner } = transductive::learn(
                view.knowledge,
                learner,
                known.labelled(),
                &known.vectors(),
                probes.labelled(),
                &probes.vectors(),
                shadows,
            )?;
            (log_shares, owner)
        } else {
            let (shares, owner) = learn(&stage, view, shadows)?;
            (log_shares(&shares, &probes.labels, &to_probes, classes), owner)
        };
    let strengths = |(row, &label): (usize, &u32)| {
        let strength = |(answers, shares): (&&Answers, &Vec<f64>)| {
            let vector = answers.row(row)?;
            Some(owner.strength(shares[label as usize], &evidence(vector, label)))
        };
        answers.iter().zip(&log_shares).map(strength).collect()
    };
    Ok(labels.iter().enumerate().map(strengths).collect())
}

/// The records that every candidate answered, and their answers.
struct Complete {
    records: Array2<f32>,
    labels: Vec<u32>,
    /// Of each candidate.
    answers: Vec<Answers>,
}

impl Complete {
    fn of(records: ArrayView2<'_, f32>, labels: &[u32], answers: &[&Answers]) -> Self {
        let is_complete = |&row: &usize| answers.iter().all(|answers| answers.row(row).is_some());
        let rows: Vec<usize> = (0..labels.len()).filter(is_complete).collect();
        Self {
            records: records.select(Axis(0), &rows),
            labels: rows.iter().map(|&row| labels[row]).collect(),
            answers: answers.iter().map(|answers| answers.select(&rows)).collect(),
        }
    }

    fn labelled(&self) -> Labelled<'_> {
        Labelled { records: self.records.view(), labels: &self.labels }
    }

    fn vectors(&self) -> Vec<&PredictionVectors> {
        self.answers.iter().filter_map(Answers::complete).collect()
    }
}

/// Trains the shadow federations, in parallel and each from its own seed, and fits the models in their order: owners are
/// learned with the shares as they are estimated.
fn learn(
    stage: &Stage<'_>,
    view: &AdversaryView<'_>,
    shadows: u32,
) -> Result<(ShareModel, OwnerModel), AttackError> {
    let seed = view.knowledge.seed;
    let trained = (0..u64::from(shadows))
        .into_par_iter()
        .map(|number| stage.train(seed.child(NAME, number)))
        .collect::<Result<Vec<Shadow>, _>>()?;
    let shares = ShareModel::fit(trained.iter().flat_map(Shadow::parties));
    let comparisons: Vec<Comparison> =
        trained.iter().flat_map(|shadow| shadow.comparisons(&shadow.log_shares(&shares))).collect();
    Ok((shares, OwnerModel::fit(&comparisons)))
}

/// The estimated log shares of each candidate, `[candidates][classes]`, from the probes that it answered.
fn log_shares(shares: &ShareModel, labels: &[u32], to_probes: &[&Answers], classes: usize) -> Vec<Vec<f64>> {
    let of_party = |answers: &&Answers| {
        let mut confusion = Confusion::new(classes);
        for (row, &label) in labels.iter().enumerate() {
            if let Some(vector) = answers.row(row) {
                confusion.add(label as usize, vector);
            }
        }
        shares.log_shares(&confusion.traits())
    };
    to_probes.iter().map(of_party).collect()
}
