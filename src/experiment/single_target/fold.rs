//! One fold: halve the pool, train the targets on one half, attack them, score the claims.
//!
//! The truth stays in the challenge; the adversary is sent records, with noise if the scenario says so, and labels.

use std::collections::BTreeMap;

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;
use turncoat_attack::Evidence;
use turncoat_attack::challenge::{Figures, Halves, MembershipChallenge, NonMembers};
use turncoat_attack::single_target::{TargetApi, with_noise};
use turncoat_learn::{LearnerError, LocalModel, PartyId, PredictionVectors, PreparedRecords, Seed};
use turncoat_report::files::claims::ClaimRows;
use turncoat_report::files::target_claims::Heading;
use turncoat_report::files::vectors::{Spool, SpoolWriter};

use super::adversary::{FittedAttacks, ShadowOutcome};
use super::draw::Draw;
use crate::error::Error;
use crate::scenario::{Cell, SingleTarget};

/// What one fold found. All of it is kept until its repeat is.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FoldOutcome {
    /// In the order of the scenario's cells.
    pub(super) results: Vec<Figures>,
    /// In the order of the targets.
    pub(super) targets: Vec<TargetOutcome>,
    /// Records of the half that stayed out that equal one of the other, and so are no non-members.
    pub(super) copies: usize,
    /// Every claim, if they are kept. Renamed when a column came in, so that rows of both shapes never meet in a file.
    #[serde(rename = "identified_claims")]
    pub(super) claims: ClaimRows,
    /// Every target's vectors, if they are kept.
    pub(super) vectors: Option<Spool>,
}

/// One target.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetOutcome {
    pub(super) records: usize,
    pub(super) train_accuracy: Option<f64>,
    pub(super) test_accuracy: Option<f64>,
    pub(super) model_bytes: usize,
    pub(super) smallest_leaf: Option<u64>,
    /// Whether training reached the optimum, of a model that is trained in steps.
    pub(super) converged: Option<bool>,
    /// A shadow data set that was made for this target alone.
    pub(super) shadow: Option<ShadowOutcome>,
}

/// What all folds of a repeat share.
pub(super) struct Shared<'a> {
    pub(super) study: &'a SingleTarget,
    pub(super) cells: &'a [Cell],
    pub(super) draw: &'a Draw,
    pub(super) classes: usize,
    /// The pool, prepared for each of the targets' learners.
    pub(super) prepared: &'a [PreparedRecords<'a>],
    /// What serves every target; `None` where shadow data is made by asking a target.
    pub(super) attacks: Option<&'a FittedAttacks>,
    /// That of the repeat.
    pub(super) seed: Seed,
    /// From 1.
    pub(super) repeat: u32,
    pub(super) keep_claims: bool,
}

/// What one fold asks about.
struct Questions<'a> {
    /// From zero.
    fold: u32,
    challenge: &'a MembershipChallenge,
    /// The records as they are, in the order of the challenge.
    truly: ArrayView2<'a, f32>,
    /// As the adversary knows them, where that is not as they are.
    noisy: Option<ArrayView2<'a, f32>>,
    labels: &'a [u32],
}

impl Questions<'_> {
    /// What the target is asked about.
    fn known(&self) -> ArrayView2<'_, f32> {
        self.noisy.as_ref().unwrap_or(&self.truly).view()
    }

    /// How well a target predicts that answered the records as they are with these vectors, and how large it is.
    fn measure(&self, model: &LocalModel, vectors: &PredictionVectors, records: usize) -> TargetOutcome {
        let accuracy = |member: bool| {
            let places = || (0..self.labels.len()).filter(|&place| self.challenge.truth()[place] == member);
            let right =
                places().filter(|&place| vectors.predicted_class(place) == self.labels[place] as usize);
            let all = places().count();
            (all > 0).then(|| right.count() as f64 / all as f64)
        };
        TargetOutcome {
            records,
            train_accuracy: accuracy(true),
            test_accuracy: accuracy(false),
            model_bytes: model.memory_bytes(),
            smallest_leaf: model.smallest_leaf(),
            converged: model.convergence().map(|reported| reported.converged),
            shadow: None,
        }
    }
}

/// The place of a cell, its figures, and its claims if they are kept.
type CellOutcome = (usize, Figures, ClaimRows);

/// A shadow data set made for one target alone, and the outcome of every cell of that target.
type Attacked = (Option<ShadowOutcome>, Vec<CellOutcome>);

/// A target, the outcome of its cells, and its vectors if they are kept.
type Tried = (TargetOutcome, Vec<CellOutcome>, Option<PredictionVectors>);

impl Shared<'_> {
    /// Carries out fold `fold`, from zero; vectors go to `spool`, if they are kept.
    ///
    /// # Errors
    /// [`Error`] of a model or an attack.
    pub(super) fn fold(&self, fold: u32, mut spool: Option<SpoolWriter>) -> Result<FoldOutcome, Error> {
        let keep_vectors = spool.is_some();
        let seed = self.seed.child("fold", u64::from(fold));
        let labels = &self.draw.labels;
        let pool: Vec<usize> = (0..labels.len()).collect();
        let halves = Halves::of_fold(&pool, labels, fold, self.seed);
        let owner = PartyId::first(1).collect::<Vec<_>>();
        let members = BTreeMap::from([(owner[0], halves.inside.clone())]);
        // Who asks about a copy of a training record asks about a training record.
        let outside = self.draw.equal.without_copies(&halves.outside, halves.inside.iter().copied());
        let copies = halves.outside.len() - outside.len();
        let challenge = MembershipChallenge::new(
            &owner,
            &members,
            &outside,
            labels,
            self.classes,
            seed.child("challenge", 0),
        )
        .map_err(|e| {
            Error::Usage(format!(
                "the target's records cannot be halved class by class: {e}; raise target.records"
            ))
        })?;
        let truly = self.draw.records.select(Axis(0), challenge.rows());
        let sigma = self.study.target.noise;
        let noisy = (sigma > 0.0).then(|| with_noise(truly.view(), sigma, seed.child("target_noise", 0)));
        let reported: Vec<u32> = challenge.rows().iter().map(|&row| labels[row]).collect();
        let questions = Questions {
            fold,
            challenge: &challenge,
            truly: truly.view(),
            noisy: noisy.as_ref().map(|records| records.view()),
            labels: &reported,
        };

        let attacked = self
            .study
            .target
            .learners
            .par_iter()
            .enumerate()
            .map(|(place, learner)| {
                let seed = seed.child("target", place as u64);
                let model = learner
                    .fit_rows(
                        &self.prepared[place],
                        labels,
                        &halves.inside,
                        self.classes,
                        seed.child("fit", 0),
                    )
                    .map_err(failed)?;
                let target = TargetApi::new(&model);
                let vectors = target.predict_proba(questions.known()).map_err(attack_failed)?;
                // What is asked with noise tells the adversary's accuracy, not the target's.
                let clean = match questions.noisy {
                    Some(_) => Some(model.predict_proba(questions.truly).map_err(failed)?),
                    None => None,
                };
                let measured =
                    questions.measure(&model, clean.as_ref().unwrap_or(&vectors), halves.inside.len());
                let (shadow, cells) = self.attack(place, &target, &vectors, &questions, seed)?;
                Ok((TargetOutcome { shadow, ..measured }, cells, keep_vectors.then_some(vectors)))
            })
            .collect::<Result<Vec<Tried>, Error>>()?;

        let mut results: Vec<Option<Figures>> = vec![None; self.cells.len()];
        let mut outcome = FoldOutcome {
            results: Vec::new(),
            targets: Vec::new(),
            copies,
            claims: ClaimRows::default(),
            vectors: None,
        };
        let mut claims: Vec<(usize, ClaimRows)> = Vec::new();
        for (place, (target, cells, vectors)) in attacked.into_iter().enumerate() {
            outcome.targets.push(target);
            if let (Some(spool), Some(vectors)) = (&mut spool, vectors) {
                self.keep(&questions, place, &vectors, spool)?;
            }
            for (cell, figures, rows) in cells {
                results[cell] = Some(figures);
                claims.push((cell, rows));
            }
        }
        outcome.vectors = spool.map(SpoolWriter::finish).transpose()?;
        claims.sort_by_key(|(cell, _)| *cell);
        claims.iter().for_each(|(_, rows)| outcome.claims.append(rows));
        // Every cell has a target, and every target has been attacked.
        outcome.results = results.into_iter().flatten().collect();
        Ok(outcome)
    }

    /// Keeps a target's answers as the adversary gets them, beside the truth.
    fn keep(
        &self,
        questions: &Questions<'_>,
        target: usize,
        vectors: &PredictionVectors,
        spool: &mut SpoolWriter,
    ) -> Result<(), Error> {
        let challenge = questions.challenge;
        let mut matched = vec![0; challenge.rows().len()];
        challenge.places(NonMembers::Matched).iter().for_each(|&place| matched[place] = 1);
        for (place, &matched) in matched.iter().enumerate() {
            let keys = [
                i64::from(self.repeat),
                i64::from(questions.fold) + 1,
                target as i64,
                self.draw.rows[challenge.rows()[place]] as i64,
                i64::from(questions.labels[place]),
                i64::from(challenge.truth()[place]),
                matched,
            ];
            spool.add(keys, vectors.row(place).into_iter().map(|&value| Some(value)))?;
        }
        Ok(())
    }

    /// Every cell of one target, and the shadow data set that it was asked for.
    fn attack(
        &self,
        place: usize,
        target: &TargetApi<'_>,
        vectors: &PredictionVectors,
        questions: &Questions<'_>,
        seed: Seed,
    ) -> Result<Attacked, Error> {
        let of_target: Vec<usize> =
            (0..self.cells.len()).filter(|&cell| self.cells[cell].target == place).collect();
        let mut shadow = None;
        let own;
        let attacks = match self.attacks {
            Some(shared) => shared,
            None => {
                let cells: Vec<Cell> = of_target.iter().map(|&cell| self.cells[cell]).collect();
                own = FittedAttacks::make(
                    self.study,
                    &cells,
                    self.draw.real(),
                    Some(target),
                    seed.child("arsenal", 0),
                )
                .map_err(attack_failed)?;
                shadow = own.shadow;
                &own
            }
        };
        let evidence =
            Evidence::of_model(questions.known(), questions.labels, vectors, seed.child("attack", 0))
                .map_err(attack_failed)?;
        let try_cell = |&cell: &usize| {
            let means = &self.cells[cell];
            let claims = attacks.claim(means, &evidence).map_err(attack_failed)?;
            let figures = questions
                .challenge
                .score(NonMembers::Matched, &claims)
                .map_err(|e| Error::Bug(format!("claims do not fit their challenge: {e}")))?;
            let mut rows = ClaimRows::default();
            if self.keep_claims {
                let study = self.study;
                let heading = Heading {
                    repeat: self.repeat,
                    fold: questions.fold + 1,
                    target: study.target.learners[means.target].name(),
                    generation: &means.generation.map_or_else(String::new, |at| study.generations[at].name()),
                    attack_learner: means.attack_learner.map_or("", |at| study.attack_learners[at].name()),
                    attack: study.attacks[means.named].attack.name(),
                    id: &study.attacks[means.named].id,
                };
                rows.target(heading, questions.challenge, &self.draw.rows, &claims);
            }
            Ok((cell, figures, rows))
        };
        Ok((shadow, of_target.par_iter().map(try_cell).collect::<Result<Vec<_>, Error>>()?))
    }
}

/// A model of the experiment's own that could not be trained or used.
pub(super) fn failed(error: LearnerError) -> Error {
    Error::Usage(format!("a model could not be trained: {error}"))
}

pub(super) fn attack_failed(error: turncoat_attack::AttackError) -> Error {
    Error::Usage(error.to_string())
}
