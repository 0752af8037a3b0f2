//! One repeat: draw records, make what the adversary needs, carry out every fold.
//!
//! Guarantee: the outcome depends on the scenario, the data and the repeat's number alone, on any number of threads.

use rayon::prelude::*;
use turncoat_attack::challenge::Figures;
use turncoat_learn::Seed;
use turncoat_report::files::attack_sets;
use turncoat_report::files::claims::ClaimRows;
use turncoat_report::files::vectors::Spool;

use super::adversary::{FittedAttacks, ShadowOutcome};
use super::draw::Draw;
use super::fold::{FoldOutcome, Shared, TargetOutcome, attack_failed, failed};
use super::run::SingleTargetExperiment;
use crate::checkpoint::Part;
use crate::error::Error;

/// What one repeat found. All of it is kept until the report is there.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    /// In the order of the scenario's cells, means over the folds.
    pub(super) results: Vec<Figures>,
    /// In the order of the targets, one for each fold.
    pub(super) targets: Vec<Vec<TargetOutcome>>,
    /// Records that are no non-members since they equal a member, one for each fold.
    pub(super) copies: Vec<usize>,
    /// Each shadow data set made.
    pub(super) shadows: Vec<ShadowOutcome>,
    /// Every claim, if they are kept. Renamed when a column came in, so that rows of both shapes never meet in a file.
    #[serde(rename = "identified_claims")]
    pub(super) claims: ClaimRows,
    /// Every attack set, if they are kept, as text.
    pub(super) attack_sets: String,
    /// Every fold's vectors, if they are kept.
    pub(super) vectors: Vec<Spool>,
}

impl SingleTargetExperiment {
    /// Runs repeat `number`, from zero, on the threads of the pool it is called in.
    pub(super) fn repeat(&self, number: u32) -> Result<Outcome, Error> {
        let study = self.study();
        let seed = Seed::root(study.seed).child("repeat", u64::from(number));
        let cells = study.cells();
        let draw = Draw::new(study, self.data(), seed)?;
        let learners = study.target.learners.par_iter();
        let prepared = learners
            .map(|learner| learner.prepare(draw.records.view()).map_err(failed))
            .collect::<Result<Vec<_>, Error>>()?;
        let attacks = if study.shadow.asks_target() {
            None
        } else {
            let seed = seed.child("adversary", 0);
            Some(FittedAttacks::make(study, &cells, draw.real(), None, seed).map_err(attack_failed)?)
        };
        let shared = Shared {
            study,
            cells: &cells,
            draw: &draw,
            classes: self.data().classes(),
            prepared: &prepared,
            attacks: attacks.as_ref(),
            seed,
            repeat: number + 1,
            keep_claims: self.keeps_claims(),
        };
        let folds = (0..study.folds)
            .into_par_iter()
            .map(|fold| {
                let part = Part::Fold { repeat: number, fold };
                let taken =
                    self.checkpoints().map(|kept| kept.take::<FoldOutcome>(part)).transpose()?.flatten();
                let outcome = match taken {
                    Some(outcome) => {
                        if let (Some(spool), Some(kept)) = (&outcome.vectors, self.checkpoints()) {
                            spool.verify(kept.path())?;
                        }
                        outcome
                    }
                    None => {
                        let spools = self.checkpoints().filter(|_| self.keeps_vectors());
                        let spool = spools.map(|kept| kept.spool(part, &self.layout())).transpose()?;
                        let outcome = shared.fold(fold, spool)?;
                        self.checkpoints().map(|kept| kept.keep(part, &outcome)).transpose()?;
                        outcome
                    }
                };
                self.progress().finished();
                Ok(outcome)
            })
            .collect::<Result<Vec<FoldOutcome>, Error>>()?;

        let results = (0..cells.len())
            .map(|cell| Figures::mean(&folds.iter().map(|fold| &fold.results[cell]).collect::<Vec<_>>()))
            .collect();
        let targets: Vec<Vec<TargetOutcome>> = (0..study.target.learners.len())
            .map(|place| folds.iter().map(|fold| fold.targets[place]).collect())
            .collect();
        let copies = folds.iter().map(|fold| fold.copies).collect();
        let own = targets.iter().flatten().filter_map(|target| target.shadow);
        let shadows = own.chain(attacks.iter().filter_map(|attacks| attacks.shadow)).collect();
        let mut claims = ClaimRows::default();
        let mut vectors = Vec::new();
        for fold in folds {
            claims.append(&fold.claims);
            vectors.extend(fold.vectors);
        }
        let mut text = String::new();
        if let (Some(attacks), true) = (&attacks, self.keeps_attack_sets()) {
            for (generation, run) in study.generations.iter().zip(&attacks.runs) {
                if let Some(run) = run {
                    text.push_str(&attack_sets::rows(number + 1, &generation.name(), run));
                }
            }
        }
        Ok(Outcome { results, targets, copies, shadows, claims, attack_sets: text, vectors })
    }
}
