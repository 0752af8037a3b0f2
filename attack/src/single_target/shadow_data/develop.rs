//! The steps of a plan, carried out.

use ndarray::{ArrayView2, Axis, concatenate};
use turncoat_learn::{LearnerError, PredictionVectors, Samples, Seed};

use super::data::{Draft, ShadowData};
use super::params::{Dependence, Step};
use super::plan::ShadowPlan;
use super::source::Source;
use super::{active_learning, query, region};
use crate::error::AttackError;
use crate::single_target::knowledge::Knowledge;
use crate::single_target::noise::with_noise;
use crate::single_target::target::TargetApi;

/// D' and what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Developed {
    /// D'.
    pub data: ShadowData,
    /// Queries that the target answered for it.
    pub queries: u64,
    /// What a search for points came to.
    pub search: Option<Search>,
}

/// What a search for points that the target is sure of came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Search {
    /// Points that the plan needs. Where fewer were accepted, the budget was spent, and D' is smaller than planned unless
    /// active learning adds draws to them.
    pub wanted: u64,
    /// Points accepted, at least 1.
    pub accepted: u64,
    /// Starting points given up after the most updates.
    pub abandoned: u64,
}

/// The target's service, if it may be asked, and the queries so far.
pub(super) struct Service<'a> {
    target: Option<&'a TargetApi<'a>>,
    queries: u64,
}

impl<'a> Service<'a> {
    pub(super) fn new(target: Option<&'a TargetApi<'a>>) -> Self {
        Self { target, queries: 0 }
    }

    /// The target's answers to records `[n, d]`; n queries.
    pub(super) fn ask(
        &mut self,
        step: &'static str,
        records: ArrayView2<'_, f32>,
    ) -> Result<PredictionVectors, AttackError> {
        let Some(target) = self.target else {
            return Err(AttackError::Shadow {
                step,
                reason: "it asks the target, and no target was given".into(),
                mend: "give the target, or leave the step out".into(),
            });
        };
        self.queries += records.nrows() as u64;
        target.predict_proba(records)
    }
}

impl ShadowPlan {
    /// Develops D'. `real` are the records that knowledge is made from, disjoint from the target's; under black-box knowledge only
    /// their number of features and classes is looked at. `target` is asked by `query` and `active_learning` alone.
    ///
    /// # Errors
    /// [`AttackError::ShadowPlan`] when the knowledge is not enough for the plan; [`AttackError::Shadow`] when a step comes
    /// short; [`AttackError::Learner`] when records are out of bounds or do not fit the target.
    pub fn develop(
        &self,
        knowledge: &Knowledge,
        real: Samples<'_>,
        target: Option<&TargetApi<'_>>,
        seed: Seed,
    ) -> Result<Developed, AttackError> {
        self.check_against(knowledge).map_err(AttackError::ShadowPlan)?;
        check(real, target)?;
        let known = knowledge.of(real, seed.child("knowledge", 0));
        if known.labels.is_empty() && knowledge.name() != "black_box" {
            return Err(AttackError::Shadow {
                step: knowledge.name(),
                reason: "there is no real record to make knowledge from".into(),
                mend: "set records aside for the adversary, or take `black_box`".into(),
            });
        }
        let mut service = Service::new(target);
        let mut source = Source::statistics(&known, Dependence::Independent, seed);
        let mut draft: Option<Draft> = None;
        let mut search = None;
        for (place, (step, needed)) in self.steps().enumerate() {
            let seed = seed.child("step", place as u64);
            draft = match step {
                Step::SameDistribution => {
                    source = Source::Copies(&known);
                    None
                }
                Step::Statistics(params) => {
                    source = Source::statistics(&known, params.dependence, seed);
                    None
                }
                Step::Query(params) => {
                    let (found, reported) =
                        query::search(params, needed, known.features(), &source, &mut service, seed)?;
                    search = Some(reported);
                    Some(found)
                }
                Step::ActiveLearning(params) => {
                    let draft = filled(draft, needed, &source, seed)?;
                    Some(active_learning::label(params, draft, known.classes, &mut service, seed)?)
                }
                Step::Region(params) => {
                    let centres = match draft {
                        Some(draft) => draft,
                        None => source.draft(needed.div_ceil(params.of_one()), seed)?,
                    };
                    Some(region::around(params, &centres, &known.ranges(), needed, seed))
                }
            };
        }
        let Draft { records, labels, .. } = match draft {
            Some(draft) => draft,
            None => source.draft(self.get().records, seed)?,
        };
        let records = with_noise(records.view(), self.get().noise, seed.child("noise", 0));
        Ok(Developed { data: ShadowData { records, labels }, queries: service.queries, search })
    }
}

/// A draft of that many records: what is there, then draws from the source.
fn filled(
    draft: Option<Draft>,
    needed: usize,
    source: &Source<'_>,
    seed: Seed,
) -> Result<Draft, AttackError> {
    let Some(mut draft) = draft else { return source.draft(needed, seed) };
    if draft.len() < needed {
        let more = source.draft(needed - draft.len(), seed)?;
        draft.records = concatenate(Axis(0), &[draft.records.view(), more.records.view()])
            .expect("draws have as many features as the draft");
        draft.labels.extend(more.labels);
        draft.answered.extend(more.answered);
    }
    Ok(draft)
}

/// Refuses real records that no knowledge can be made of, or that are not like the target's.
fn check(real: Samples<'_>, target: Option<&TargetApi<'_>>) -> Result<(), AttackError> {
    let records = real.records;
    if records.nrows() != real.labels.len() {
        return Err(LearnerError::Lengths { records: records.nrows(), labels: real.labels.len() }.into());
    }
    if u32::try_from(records.nrows()).is_err() {
        return Err(LearnerError::TooMany { what: "records", got: records.nrows() }.into());
    }
    if real.classes == 0 {
        return Err(LearnerError::Classes.into());
    }
    if u32::try_from(real.classes).is_err() {
        return Err(LearnerError::TooMany { what: "classes", got: real.classes }.into());
    }
    if let Some(row) = real.labels.iter().position(|&label| label as usize >= real.classes) {
        return Err(LearnerError::Label { row, label: real.labels[row], classes: real.classes }.into());
    }
    if let Some(((row, feature), &value)) = records.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(LearnerError::NotFinite { row, feature, value }.into());
    }
    match target {
        Some(target) if target.features() != records.ncols() => {
            Err(LearnerError::Width { expected: target.features(), got: records.ncols() }.into())
        }
        Some(target) if target.classes() != real.classes => Err(AttackError::Targets(format!(
            "the target tells {} classes apart and the adversary's records have {}",
            target.classes(),
            real.classes
        ))),
        _ => Ok(()),
    }
}
