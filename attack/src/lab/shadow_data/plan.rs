//! A plan of steps towards D', checked: only [`RawShadowPlan::check`] makes a [`ShadowPlan`].

use turncoat_learn::Learner;

use super::params::{Dependence, Step};
use crate::lab::knowledge::{Knowledge, RawKnowledge};
use crate::lab::noise::MOST_NOISE;
use crate::lab::violation::{LabViolation, checked};

/// Most records of D': rows are counted in 32 bits.
const MOST_RECORDS: usize = 1_000_000_000;

/// How D' is developed, not yet checked.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawShadowPlan {
    /// How many records D' holds, from 1 to 1,000,000,000. No record is repeated to get there: steps make as many as
    /// the next one needs, the surplus of the last region is not made, and a source that runs dry is an error. Only a
    /// search whose budget is spent gives fewer.
    pub records: usize,
    /// Sigma of the noise uniform in [0, sigma] on every value of the finished records (section 4.6), from 0 to 1,000,000.
    #[serde(default)]
    pub noise: f64,
    /// What is done, in order. First a source (`same_distribution`, `statistics`) or `query`; then, each at most once,
    /// `query` (next to its source), `active_learning`, `region`.
    pub steps: Vec<Step>,
}

checked! {
    /// How D' is developed.
    ShadowPlan of RawShadowPlan, "RawShadowPlan"
}

impl RawShadowPlan {
    /// Checks every bound that needs no knowledge.
    ///
    /// # Errors
    /// All [`LabViolation`]s at once.
    pub fn check(self) -> Result<ShadowPlan, Vec<LabViolation>> {
        let mut violations = Vec::new();
        if !(1..=MOST_RECORDS).contains(&self.records) {
            violations.push(LabViolation::new("records", self.records, "from 1 to 1,000,000,000"));
        }
        if !(0.0..=MOST_NOISE).contains(&self.noise) {
            violations.push(LabViolation::new("noise", self.noise, "from 0 to 1,000,000"));
        }
        if self.steps.is_empty() {
            let rule = "at least one step: `same_distribution`, `statistics` or `query` makes records";
            violations.push(LabViolation::new("steps", "empty", rule));
        }
        for (place, step) in self.steps.iter().enumerate() {
            if let Some(rule) = self.out_of_order(place) {
                violations.push(LabViolation::new(format!("steps.{place}"), step.name(), rule));
            }
            step.check(place, &mut violations);
        }
        // What steps need of each other is told once each of them and their order are right.
        if violations.is_empty() {
            self.check_numbers(&mut violations);
        }
        if violations.is_empty() { Ok(ShadowPlan(self)) } else { Err(violations) }
    }

    /// Why a step may not stand at its place.
    fn out_of_order(&self, place: usize) -> Option<&'static str> {
        let (before, step) = (&self.steps[..place], &self.steps[place]);
        if before.iter().any(|earlier| earlier.name() == step.name()) {
            return Some("each step at most once");
        }
        match step {
            Step::SameDistribution | Step::Statistics(_) if place > 0 => {
                Some("a source of records stands first and alone; what comes later would be lost")
            }
            Step::Query(_) if place > 1 || before.iter().any(|earlier| !earlier.is_source()) => {
                Some("first, or next to the source whose draws are its starting points")
            }
            Step::ActiveLearning(_) | Step::Region(_) if place == 0 => Some(
                "not first: it needs records from `same_distribution`, `statistics` or `query` before it",
            ),
            _ => None,
        }
    }

    fn check_numbers(&self, violations: &mut Vec<LabViolation>) {
        for (place, (step, needed)) in self.steps.iter().zip(self.needed()).enumerate() {
            match step {
                Step::ActiveLearning(params) if params.labelled > needed => {
                    violations.push(LabViolation::new(
                        format!("steps.{place}.active_learning.labelled"),
                        params.labelled,
                        format!("at most {needed}, the records that there are at this step"),
                    ))
                }
                Step::Query(params) if params.budget < needed as u64 => violations.push(LabViolation::new(
                    format!("steps.{place}.query.budget"),
                    params.budget,
                    format!("at least {needed}, one query for each point that the plan needs"),
                )),
                _ => {}
            }
        }
    }

    /// How many records each step has to hand on. A source before `query` hands on its distribution instead, and makes what
    /// later steps still lack.
    fn needed(&self) -> Vec<usize> {
        let mut needed = self.records;
        let mut all = Vec::with_capacity(self.steps.len());
        for (place, step) in self.steps.iter().enumerate().rev() {
            all.push(needed);
            let after_query = place > 0 && matches!(self.steps[place - 1], Step::Query(_));
            match step {
                Step::Region(params) => needed = needed.div_ceil(params.of_one()),
                Step::ActiveLearning(params) if after_query => needed = params.in_round(0),
                _ => {}
            }
        }
        all.reverse();
        all
    }
}

impl ShadowPlan {
    /// Whether it asks the target: then D' depends on the target and is made for each target anew.
    #[must_use]
    pub fn asks_target(&self) -> bool {
        self.0.steps.iter().any(Step::asks_target)
    }

    /// Every learner that it trains.
    pub fn learners(&self) -> impl Iterator<Item = &Learner> {
        self.0.steps.iter().filter_map(|step| match step {
            Step::ActiveLearning(params) => Some(&params.learner),
            _ => None,
        })
    }

    /// Whether the knowledge is enough for every step.
    ///
    /// # Errors
    /// All [`LabViolation`]s at once.
    pub fn check_against(&self, knowledge: &Knowledge) -> Result<(), Vec<LabViolation>> {
        let mut violations = Vec::new();
        let name = knowledge.name();
        for (place, step) in self.0.steps.iter().enumerate() {
            match (step, knowledge.get()) {
                (Step::SameDistribution, RawKnowledge::WhiteBox { records: Some(copies), .. })
                    if !self.searches() && *copies < self.needed()[place] =>
                {
                    let (needed, rule) = (self.needed()[place], "white_box knowledge of as many records");
                    let value = format!("same_distribution of {needed} records");
                    let rule = format!("{rule}, not of {copies}, or a step `region` that makes more of them");
                    violations.push(LabViolation::new(format!("steps.{place}"), value, rule));
                }
                (Step::SameDistribution, RawKnowledge::BlackBox | RawKnowledge::GreyBox { .. }) => {
                    let rule = format!("white_box knowledge: a {name} adversary holds no real record");
                    violations.push(LabViolation::new(format!("steps.{place}"), step.name(), rule));
                }
                (Step::Statistics(params), RawKnowledge::BlackBox)
                    if params.dependence == Dependence::Pairwise =>
                {
                    let parameter = format!("steps.{place}.statistics.dependence");
                    let rule = "`independent` with black_box knowledge, which tells no statistics";
                    violations.push(LabViolation::new(parameter, "pairwise", rule));
                }
                _ => {}
            }
        }
        if violations.is_empty() { Ok(()) } else { Err(violations) }
    }

    /// Whether the source gives starting points and not records.
    fn searches(&self) -> bool {
        self.0.steps.iter().any(|step| matches!(step, Step::Query(_)))
    }

    /// The steps, each with how many records it has to hand on.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&Step, usize)> {
        self.0.steps.iter().zip(self.needed())
    }

    fn needed(&self) -> Vec<usize> {
        self.0.needed()
    }
}
