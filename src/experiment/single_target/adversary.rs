//! What the adversary makes before it asks about anybody: shadow data, shadow models, fitted attacks.

use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;
use turncoat_attack::single_target::{RawKnowledge, Search, TargetApi};
use turncoat_attack::{AttackError, Evidence, FittedAttack, MembershipClaim, ShadowRun, Shadows};
use turncoat_learn::{Samples, Seed};

use crate::scenario::{Cell, SingleTarget};

/// What was made of one shadow data set.
pub(super) struct FittedAttacks {
    /// One run of shadow models a generation; `None` for one that no cell uses.
    pub(super) runs: Vec<Option<Arc<ShadowRun>>>,
    /// The attacks that cells use.
    fitted: Vec<(Means, FittedAttack)>,
    /// What the shadow data came to; `None` where nothing needed any.
    pub(super) shadow: Option<ShadowOutcome>,
}

/// What tells fitted attacks apart: the places of attack, generation and attack learner.
type Means = (usize, Option<usize>, Option<usize>);

fn means(cell: &Cell) -> Means {
    (cell.named, cell.generation, cell.attack_learner)
}

/// One shadow data set.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShadowOutcome {
    pub(super) records: usize,
    /// What the target was asked for it, probing included.
    pub(super) queries: u64,
    /// What a search for points came to.
    pub(super) search: Option<Search>,
}

impl FittedAttacks {
    /// Makes what the cells need. `real` are the records that knowledge is made from, `target` is asked by plans that ask.
    ///
    /// # Errors
    /// [`AttackError`].
    pub(super) fn make(
        study: &SingleTarget,
        cells: &[Cell],
        real: Samples<'_>,
        target: Option<&TargetApi<'_>>,
        seed: Seed,
    ) -> Result<Self, AttackError> {
        let used = |place: usize| cells.iter().any(|cell| cell.generation == Some(place));
        let mut made = Self { runs: Vec::new(), fitted: Vec::new(), shadow: None };
        let mut records = Array2::zeros((0, 0));
        if (0..study.generations.len()).any(used) {
            let before = target.map_or(0, TargetApi::queries);
            let structure;
            let real = match (target.map(TargetApi::probe).transpose()?, study.knowledge.get()) {
                // Of the structure it knows what the service shows it, and there is no record to know more of.
                (Some(found), RawKnowledge::BlackBox) => {
                    structure = Array2::zeros((0, found.features));
                    Samples { records: structure.view(), labels: &[], classes: found.classes }
                }
                _ => Samples { records: real.records.view(), ..real },
            };
            let developed = study.shadow.develop(&study.knowledge, real, target, seed.child("shadow", 0))?;
            let labels = &developed.data.labels;
            let generations = study.generations.par_iter().enumerate();
            made.runs = generations
                .map(|(place, generation)| {
                    let seed = seed.child("generation", place as u64);
                    let samples =
                        Samples { records: developed.data.records.view(), labels, classes: real.classes };
                    let run = || generation.design().run("shadow_model", samples, seed).map(Arc::new);
                    used(place).then(run).transpose()
                })
                .collect::<Result<_, _>>()?;
            made.shadow = Some(ShadowOutcome {
                records: labels.len(),
                queries: target.map_or(0, TargetApi::queries) - before,
                search: developed.search,
            });
            records = developed.data.records;
        }
        let mut all: Vec<&Cell> = Vec::new();
        for cell in cells {
            if !all.iter().any(|other| means(other) == means(cell)) {
                all.push(cell);
            }
        }
        made.fitted = all
            .into_par_iter()
            .map(|cell| {
                let run = cell.generation.and_then(|place| made.runs[place].clone());
                let shadows = run.map(|run| Shadows::new(run, records.view()));
                let [generation, place] =
                    [cell.generation, cell.attack_learner].map(|place| place.unwrap_or(0) as u64);
                let seed = seed.child("attack_model", generation).child("learner", place);
                let attack = study.attack(cell);
                let Some(attack) = attack.membership() else {
                    return Err(AttackError::Targets(format!("{} asks whose a record is", attack.name())));
                };
                Ok((means(cell), attack.fit(shadows.as_ref(), seed)?))
            })
            .collect::<Result<_, AttackError>>()?;
        Ok(made)
    }

    /// The claims of one cell on the records that the target answered.
    ///
    /// # Errors
    /// [`AttackError`].
    pub(super) fn claim(
        &self,
        cell: &Cell,
        evidence: &Evidence<'_>,
    ) -> Result<Vec<Option<MembershipClaim>>, AttackError> {
        match self.fitted.iter().find(|(other, _)| *other == means(cell)) {
            Some((_, attack)) => attack.claims(evidence),
            None => Err(AttackError::Targets(format!("nothing was prepared for attack {}", cell.named))),
        }
    }
}
