//! A plan of steps towards D', checked: only [`RawShadowPlan::check`] makes a [`ShadowPlan`].

use turncoat_learn::{Learner, MOST_RECORDS, checked};

use super::params::{Dependence, Step};
use crate::single_target::knowledge::{Knowledge, RawKnowledge};
use crate::single_target::noise::MOST_NOISE;
use crate::single_target::violation::ParameterViolation;

/// How shadow data is made: the records that the adversary takes for ones like the target's.
///
/// These are the parameters, not yet checked; the records are D' of Truex et al.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::single_target::{RawKnowledge, RawShadowPlan, Step};
/// use turncoat_learn::{Samples, Seed};
///
/// let plan = RawShadowPlan { records: 2, noise: 0.0, steps: vec![Step::SameDistribution] }.check().unwrap();
/// let grey = RawKnowledge::GreyBox { records: None }.check().unwrap();
/// assert!(plan.check_against(&grey).is_err(), "a grey-box adversary holds no real record");
///
/// let x = array![[0.0], [1.0], [2.0]];
/// let real = Samples { records: x.view(), labels: &[0, 1, 1], classes: 2 };
/// let white = RawKnowledge::white_box().check().unwrap();
/// let developed = plan.develop(&white, real, None, Seed::root(1))?;
/// assert_eq!((developed.data.labels.len(), developed.queries), (2, 0));
/// # Ok::<(), turncoat_attack::AttackError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "shadow", extend("x-source" = "Truex et al., section 3.1.2", "examples" = [{"records": 10_000, "steps": ["statistics"]}]))]
pub struct RawShadowPlan {
    /// How many records the adversary's data set holds.
    ///
    /// No record is repeated to get there: steps make as many as the next one needs, the surplus of the last region is not made, and a
    /// source that runs dry is an error. Only a search whose budget is spent gives fewer.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records", "examples" = [10_000]))]
    pub records: usize,
    /// Sigma of the noise, uniform in [0, sigma], on every value of the finished records.
    #[serde(default)]
    #[schemars(
        range(min = 0.0, max = MOST_NOISE),
        extend("x-unit" = "units of the features", "x-source" = "Truex et al., section 4.6")
    )]
    pub noise: f64,
    /// What is done, in order. First a source (`same_distribution` or `statistics`) or `query`; then, each at most once, `query` (next
    /// to its source), `active_learning`, `region`.
    #[schemars(
        length(min = 1),
        extend(
            "x-rule" = "be at least one step: `same_distribution`, `statistics` or `query` makes records",
            "examples" = [["statistics"], ["same_distribution"]]
        )
    )]
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
    /// All [`ParameterViolation`]s at once.
    pub fn check(self) -> Result<ShadowPlan, Vec<ParameterViolation>> {
        let mut violations = Vec::new();
        if !(1..=MOST_RECORDS).contains(&self.records) {
            violations.push(ParameterViolation::new("records", self.records, "from 1 to 1,000,000,000"));
        }
        if !(0.0..=MOST_NOISE).contains(&self.noise) {
            violations.push(ParameterViolation::new("noise", self.noise, "from 0 to 1,000,000"));
        }
        if self.steps.is_empty() {
            let rule = "at least one step: `same_distribution`, `statistics` or `query` makes records";
            violations.push(ParameterViolation::new("steps", "empty", rule));
        }
        for (place, step) in self.steps.iter().enumerate() {
            if let Some(rule) = self.out_of_order(place) {
                violations.push(ParameterViolation::new(format!("steps.{place}"), step.name(), rule));
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
            return Some("there only once");
        }
        match step {
            Step::SameDistribution | Step::Statistics(_) if place > 0 => {
                Some("the first step: draws from a source do not go on from what is there")
            }
            Step::Query(_) if place > 1 || before.iter().any(|earlier| !earlier.is_source()) => {
                Some("first, or next to the source whose draws are its starting points")
            }
            Step::ActiveLearning(_) | Step::Region(_) if place == 0 => {
                Some("after `same_distribution`, `statistics` or `query`, which make the records it works on")
            }
            _ => None,
        }
    }

    fn check_numbers(&self, violations: &mut Vec<ParameterViolation>) {
        for (place, (step, needed)) in self.steps.iter().zip(self.needed()).enumerate() {
            match step {
                Step::ActiveLearning(params) if params.labelled > needed => {
                    violations.push(ParameterViolation::new(
                        format!("steps.{place}.active_learning.labelled"),
                        params.labelled,
                        format!("at most {needed}, the records that there are at this step"),
                    ))
                }
                Step::Query(params) if params.budget < needed as u64 => {
                    violations.push(ParameterViolation::new(
                        format!("steps.{place}.query.budget"),
                        params.budget,
                        format!("at least {needed}, one query for each point that the plan needs"),
                    ))
                }
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
    /// All [`ParameterViolation`]s at once.
    pub fn check_against(&self, knowledge: &Knowledge) -> Result<(), Vec<ParameterViolation>> {
        let mut violations = Vec::new();
        let name = knowledge.name();
        for (place, step) in self.0.steps.iter().enumerate() {
            match (step, knowledge.get()) {
                (Step::SameDistribution, RawKnowledge::WhiteBox { records: Some(copies), .. })
                    if !self.searches() && *copies < self.needed()[place] =>
                {
                    let value = format!("same_distribution of {} records", self.needed()[place]);
                    let rule = format!(
                        "of at most {copies}, which knowledge.white_box.records tells; `region` makes more of them"
                    );
                    violations.push(ParameterViolation::new(format!("steps.{place}"), value, rule));
                }
                (Step::SameDistribution, RawKnowledge::BlackBox | RawKnowledge::GreyBox { .. }) => {
                    let rule =
                        format!("left to white_box knowledge: a {name} adversary holds no real record");
                    violations.push(ParameterViolation::new(format!("steps.{place}"), step.name(), rule));
                }
                (Step::Statistics(params), RawKnowledge::BlackBox)
                    if params.dependence == Dependence::Pairwise =>
                {
                    let parameter = format!("steps.{place}.statistics.dependence");
                    let rule = "`independent` with black_box knowledge, which tells no statistics";
                    violations.push(ParameterViolation::new(parameter, "pairwise", rule));
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

#[cfg(test)]
mod tests {
    use super::super::{ActiveLearning, Query, Region, Statistics};
    use super::*;

    fn reported(records: usize, noise: f64, steps: Vec<Step>) -> Vec<String> {
        let violations = RawShadowPlan { records, noise, steps }.check().unwrap_err();
        violations.iter().map(ToString::to_string).collect()
    }

    fn learn(labelled: usize, rounds: usize) -> Step {
        let learner = Learner::Knn(Default::default());
        Step::ActiveLearning(ActiveLearning { labelled, rounds, learner })
    }

    #[test]
    fn every_violation_is_told_at_once() {
        let query = Query { confidence: 1.5, attempts: 0, redraw: Some(0), budget: 0 };
        let region = Region { side: f64::NAN, points: 0 };
        let steps = vec![Step::SameDistribution, Step::Query(query), learn(0, 0), Step::Region(region)];
        assert_eq!(
            reported(0, -0.1, steps),
            [
                "records is 0: from 1 to 1,000,000,000",
                "noise is -0.1: from 0 to 1,000,000",
                "steps.1.query.confidence is 1.5: above 0 and at most 1",
                "steps.1.query.attempts is 0: at least 1",
                "steps.1.query.redraw is 0: at least 1",
                "steps.1.query.budget is 0: at least 1",
                "steps.2.active_learning.labelled is 0: at least 1",
                "steps.2.active_learning.rounds is 0: from 1 to the number `labelled`, so that each round labels one",
                "steps.3.region.side is NaN: above 0 and at most 1,000,000",
                "steps.3.region.points is 0: at least 1",
            ]
        );
    }

    #[test]
    fn steps_out_of_order_are_refused() {
        let region = || Step::Region(Region::default());
        let query = || Step::Query(Query::of(1000));
        let statistics = || Step::Statistics(Statistics::default());
        let places = |steps: Vec<Step>| -> Vec<String> {
            let violations =
                RawShadowPlan { records: 100, noise: 0.0, steps }.check().err().unwrap_or_default();
            violations.into_iter().map(|violation| violation.parameter).collect()
        };
        assert_eq!(places(vec![]), ["steps"]);
        assert_eq!(places(vec![region()]), ["steps.0"]);
        assert_eq!(places(vec![learn(5, 1), statistics()]), ["steps.0", "steps.1"]);
        assert_eq!(places(vec![statistics(), statistics()]), ["steps.1"]);
        assert_eq!(places(vec![statistics(), Step::SameDistribution]), ["steps.1"]);
        assert_eq!(places(vec![statistics(), region(), query()]), ["steps.2"]);
        assert_eq!(places(vec![query(), query()]), ["steps.1"]);
        assert_eq!(places(vec![query(), region(), region()]), ["steps.2"]);
        for sound in [
            vec![statistics()],
            vec![Step::SameDistribution],
            vec![query()],
            vec![statistics(), query()],
            vec![query(), region()],
            vec![statistics(), query(), learn(10, 2), region()],
            vec![Step::SameDistribution, region(), learn(20, 2)],
            vec![statistics(), learn(20, 2)],
        ] {
            assert_eq!(places(sound), [""; 0]);
        }
    }

    #[test]
    fn what_steps_need_of_each_other_is_reported() {
        let region = Step::Region(Region { side: 0.1, points: 9 });
        // 100 records are ten centres.
        assert_eq!(
            reported(100, 0.0, vec![Step::Query(Query::of(9)), region.clone()]),
            ["steps.0.query.budget is 9: at least 10, one query for each point that the plan needs"]
        );
        assert_eq!(
            reported(100, 0.0, vec![Step::SameDistribution, learn(11, 1), region]),
            ["steps.1.active_learning.labelled is 11: at most 10, the records that there are at this step"]
        );
    }

    #[test]
    fn a_step_hands_on_as_many_as_the_next_one_needs() {
        let region = Step::Region(Region { side: 0.1, points: 3 });
        let query = Step::Query(Query::of(1000));
        let needed = |steps| RawShadowPlan { records: 101, noise: 0.0, steps }.needed();
        assert_eq!(needed(vec![query.clone(), region.clone()]), [26, 101]);
        // Five rounds of 22 begin with five.
        assert_eq!(needed(vec![query, learn(22, 5), region.clone()])[..2], [5, 26]);
        assert_eq!(needed(vec![Step::SameDistribution, region]), [26, 101]);
    }

    #[test]
    fn knowledge_must_be_enough() {
        let reported = |steps: Vec<Step>, knowledge: RawKnowledge| -> Vec<String> {
            let plan = RawShadowPlan { records: 100, noise: 0.0, steps }.check().unwrap();
            let violations = plan.check_against(&knowledge.check().unwrap()).err().unwrap_or_default();
            violations.iter().map(ToString::to_string).collect()
        };
        let pairwise = || Step::Statistics(Statistics { dependence: Dependence::Pairwise });
        let copies =
            |records| RawKnowledge::WhiteBox { records: Some(records), noise: 0.0, known_features: 1.0 };
        assert_eq!(
            reported(vec![Step::SameDistribution], RawKnowledge::BlackBox),
            [
                "steps.0 is same_distribution: left to white_box knowledge: a black_box adversary holds no real record"
            ]
        );
        assert_eq!(reported(vec![Step::SameDistribution], RawKnowledge::GreyBox { records: None }).len(), 1);
        assert_eq!(
            reported(vec![pairwise()], RawKnowledge::BlackBox),
            [
                "steps.0.statistics.dependence is pairwise: `independent` with black_box knowledge, which tells no statistics"
            ]
        );
        assert_eq!(
            reported(vec![Step::SameDistribution], copies(99)),
            [
                "steps.0 is same_distribution of 100 records: of at most 99, which knowledge.white_box.records tells; \
              `region` makes more of them"
            ]
        );
        let region = Step::Region(Region { side: 0.1, points: 9 });
        assert_eq!(reported(vec![Step::SameDistribution, region.clone()], copies(10)), [""; 0]);
        assert_eq!(reported(vec![Step::SameDistribution, region], copies(9)).len(), 1);
        assert_eq!(reported(vec![Step::SameDistribution, Step::Query(Query::of(1000))], copies(9)), [""; 0]);
        assert_eq!(reported(vec![pairwise()], RawKnowledge::GreyBox { records: Some(9) }), [""; 0]);
    }

    #[test]
    fn only_plans_with_queries_depend_on_the_target() {
        let asks = |steps| RawShadowPlan { records: 10, noise: 0.0, steps }.check().unwrap().asks_target();
        assert!(!asks(vec![Step::SameDistribution, Step::Region(Region::default())]));
        assert!(asks(vec![Step::Query(Query::of(100))]) && asks(vec![Step::SameDistribution, learn(5, 1)]));
    }
}
