//! From shadow federations to claims on the real one.
//!
//! Score: the claimed party's probability of ownership less the largest of the others, from 0 (a tie) to 1.

use rayon::prelude::*;
use turncoat_learn::{Learner, PredictionVectors, PredictionViolation, Samples};

use crate::claim::SourceClaim;
use crate::coin::Coin;
use crate::error::AttackError;
use crate::source::least_loss::margin;
use crate::source::prior_aware::NEAR_TIE;
use crate::source::shadow_federation::owner::{Duel, OwnerModel, evidence};
use crate::source::shadow_federation::rehearsal::{Rehearsal, Stage};
use crate::source::shadow_federation::shares::{Confusion, ShareModel};
use crate::source::shadow_federation::transductive::{self, RECORDS_OF_A_CANDIDATE, TargetShares};
use crate::view::{AdversaryView, Probes};

const NAME: &str = "shadow_federation";

/// Fewest records of some class: one for each of two shadow parties, and one to ask them about.
const RECORDS_OF_A_CLASS: usize = 3;

/// Claims an owner for every target, after training `shadows` shadow federations. Where the vantage shows no single
/// vectors, nothing tells the candidates apart: each claim is a fair coin of score 0, and nothing is trained.
/// If `transductive`, the shadow federations are dealt from the targets; with fewer than two candidates, or fewer than
/// [`RECORDS_OF_A_CANDIDATE`] targets for each, there is nothing to deal, and the claims are those without it.
///
/// # Errors
/// [`AttackError::NoShadows`]; [`AttackError::TooFewRecords`] when single vectors are visible and the adversary holds no
/// three records of one class; [`AttackError::Oracle`] and [`AttackError::Answer`] when the probes are not answered as
/// asked; [`AttackError::Learner`].
pub(crate) fn claim(
    view: &AdversaryView<'_>,
    shadows: u32,
    transductive: bool,
    generation: Option<&Learner>,
) -> Result<Vec<SourceClaim>, AttackError> {
    if shadows == 0 {
        return Err(AttackError::NoShadows { attack: NAME });
    }
    let targets = view.targets;
    let strengths = match view.observation.of_parties(&targets.candidates) {
        Some(vectors) => strengths(view, &vectors, shadows, transductive, generation)?,
        None => vec![vec![0.0; targets.candidates.len()]; targets.labels.len()],
    };
    let coin = Coin::new(view.knowledge.seed, NAME);
    let claim = |(row, strengths): (usize, &Vec<f64>)| {
        let largest = strengths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let tied: Vec<usize> =
            (0..strengths.len()).filter(|&place| strengths[place] >= largest - NEAR_TIE).collect();
        let place = coin.pick(targets.records.row(row), targets.labels[row], &tied);
        let odds: Vec<f64> = strengths.iter().map(|strength| (strength - largest).exp()).collect();
        let sum: f64 = odds.iter().sum();
        let score = (margin(&odds, place) / sum).max(0.0);
        SourceClaim { party: targets.candidates[place], score }
    };
    Ok(strengths.iter().enumerate().map(claim).collect())
}

/// The strength of each candidate on each target, `[targets][candidates]`.
fn strengths(
    view: &AdversaryView<'_>,
    vectors: &[&PredictionVectors],
    shadows: u32,
    transductive: bool,
    generation: Option<&Learner>,
) -> Result<Vec<Vec<f64>>, AttackError> {
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
    let (candidates, labels) = (vectors.len(), &view.targets.labels);
    let (log_shares, owner) =
        if transductive && candidates >= 2 && labels.len() >= RECORDS_OF_A_CANDIDATE * candidates {
            let answers = answers(probes, view)?;
            let TargetShares { log_shares, owner } =
                transductive::learn(view, learner, vectors, probes, &answers, shadows, NAME)?;
            (log_shares, owner)
        } else {
            let (shares, owner) = learn(&stage, view, shadows)?;
            (log_shares(&shares, probes, view)?, owner)
        };
    let strengths = |(row, &label): (usize, &u32)| {
        let strength = |(vectors, shares): (&&PredictionVectors, &Vec<f64>)| {
            owner.strength(shares[label as usize], &evidence(vectors, row, label))
        };
        vectors.iter().zip(&log_shares).map(strength).collect()
    };
    Ok(labels.iter().enumerate().map(strengths).collect())
}

/// Trains the shadow federations, in parallel and each from its own seed, and fits the models in their order: owners are
/// learned with the shares as they are estimated.
fn learn(
    stage: &Stage<'_>,
    view: &AdversaryView<'_>,
    shadows: u32,
) -> Result<(ShareModel, OwnerModel), AttackError> {
    let seed = view.knowledge.seed;
    let rehearsals = (0..u64::from(shadows))
        .into_par_iter()
        .map(|shadow| stage.rehearse(seed.child(NAME, shadow)))
        .collect::<Result<Vec<Rehearsal>, _>>()?;
    let shares = ShareModel::fit(rehearsals.iter().flat_map(Rehearsal::parties));
    let duels: Vec<Duel> =
        rehearsals.iter().flat_map(|rehearsal| rehearsal.duels(&rehearsal.log_shares(&shares))).collect();
    Ok((shares, OwnerModel::fit(&duels)))
}

/// The candidates' answers to all probes, `[probes, classes]` each.
fn answers<'a>(
    probes: &'a Probes,
    view: &AdversaryView<'_>,
) -> Result<Vec<&'a PredictionVectors>, AttackError> {
    let answers = probes.observation.of_parties(&view.targets.candidates).ok_or_else(|| {
        AttackError::Oracle("the answers to the probes lack a candidate that answered on the targets".into())
    })?;
    let (rows, classes) = (probes.labels.len(), view.knowledge.classes);
    for answers in &answers {
        let (got_rows, got_classes) = answers.view().dim();
        if (got_rows, got_classes) != (rows, classes) {
            return Err(PredictionViolation::Shape { rows, classes, got_rows, got_classes }.into());
        }
    }
    Ok(answers)
}

/// The estimated log shares of each candidate, `[candidates][classes]`, from its answers to all probes.
fn log_shares(
    shares: &ShareModel,
    probes: &Probes,
    view: &AdversaryView<'_>,
) -> Result<Vec<Vec<f64>>, AttackError> {
    let of_party = |answers: &PredictionVectors| {
        let mut confusion = Confusion::new(view.knowledge.classes);
        for (row, &label) in probes.labels.iter().enumerate() {
            confusion.add(label as usize, answers.row(row));
        }
        shares.log_shares(&confusion.traits())
    };
    Ok(answers(probes, view)?.into_iter().map(of_party).collect())
}
