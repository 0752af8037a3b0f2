//! What the adversary makes before it asks about anybody: shadow data, attack sets, attack models.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;
use turncoat_attack::lab::{AttackModel, AttackSet, RawKnowledge, Search, Seen, TargetApi, confidence, gap};
use turncoat_attack::{AttackError, MembershipClaim};
use turncoat_learn::{PredictionVectors, Samples, Seed};

use crate::scenario::{Cell, SingleTarget, TargetAttack};

/// What was made of one shadow data set.
pub(super) struct Arsenal {
    /// One attack set a generation; `None` for one that no cell uses.
    pub(super) sets: Vec<Option<AttackSet>>,
    /// The attack models that cells use, by the places of generation and attack learner.
    models: Vec<((usize, usize), AttackModel)>,
    /// What the shadow data came to; `None` where nothing needed any.
    pub(super) shadow: Option<ShadowOutcome>,
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

/// What the target answered to the records asked about.
pub(super) struct Answer<'a> {
    /// The records, as the adversary knows them.
    pub(super) records: ArrayView2<'a, f32>,
    pub(super) vectors: &'a PredictionVectors,
    /// The records' classes.
    pub(super) labels: &'a [u32],
    /// The vectors as attack models see them.
    pub(super) seen: Seen,
    /// That of the attack on this target.
    pub(super) seed: Seed,
}

impl Arsenal {
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
        if !(0..study.generations.len()).any(used) {
            return Ok(Self { sets: Vec::new(), models: Vec::new(), shadow: None });
        }
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
        let sets = study
            .generations
            .par_iter()
            .enumerate()
            .map(|(place, generation)| {
                let seed = seed.child("generation", place as u64);
                let make = || generation.attack_set(&developed.data, real.classes, seed);
                used(place).then(make).transpose()
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut pairs: Vec<(usize, usize)> =
            cells.iter().filter_map(|cell| cell.generation.zip(cell.attack_learner)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let models = pairs
            .par_iter()
            .filter_map(|&(generation, learner)| {
                sets[generation].as_ref().map(|set| (generation, learner, set))
            })
            .map(|(generation, learner, set)| {
                let seed = seed.child("attack_model", generation as u64).child("learner", learner as u64);
                let model = AttackModel::fit(set, &study.attack_learners[learner], study.view, seed)?;
                Ok(((generation, learner), model))
            })
            .collect::<Result<Vec<_>, AttackError>>()?;
        let shadow = ShadowOutcome {
            records: developed.data.labels.len(),
            queries: target.map_or(0, TargetApi::queries) - before,
            search: developed.search,
        };
        Ok(Self { sets, models, shadow: Some(shadow) })
    }

    /// The claims of one cell on the records that the target answered.
    ///
    /// # Errors
    /// [`AttackError`].
    pub(super) fn claim(
        &self,
        cell: &Cell,
        Answer { records, vectors, labels, seen, seed }: &Answer<'_>,
    ) -> Result<Vec<MembershipClaim>, AttackError> {
        let set = cell.generation.and_then(|place| self.sets.get(place)).and_then(Option::as_ref);
        let model = cell
            .generation
            .zip(cell.attack_learner)
            .and_then(|pair| self.models.iter().find(|(key, _)| *key == pair))
            .map(|(_, model)| model);
        match (cell.attack, set, model) {
            (TargetAttack::Gap(ties), _, _) => gap(*records, vectors, labels, ties, *seed),
            (TargetAttack::Confidence, Some(set), _) => confidence(set, vectors, labels),
            (TargetAttack::ShadowModel, _, Some(model)) => model.claim(seen),
            (attack, _, _) => {
                Err(AttackError::Targets(format!("nothing was prepared for {}", attack.name())))
            }
        }
    }
}
