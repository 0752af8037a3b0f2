//! How shadow data is developed: `{records, noise, steps: [...]}`, each step by its name with its parameters.

use turncoat_attack::lab::{
    ActiveLearning, Dependence, LabViolation, Query, RawShadowPlan, Region, ShadowPlan, Statistics, Step,
};
use turncoat_learn::Learner;

use super::knowledge::refuse;
use crate::scenario::check::MAX_RECORDS;
use crate::scenario::check::given::Given;
use crate::scenario::check::learner::learner;
use crate::scenario::reader::{At, Reader};

const STEPS: [&str; 5] = ["same_distribution", "statistics", "active_learning", "query", "region"];
const DEPENDENCE: [(&str, Dependence); 2] =
    [("independent", Dependence::Independent), ("pairwise", Dependence::Pairwise)];

/// A step as far as it could be read.
enum ReadStep {
    Whole(Step),
    /// What could not be read stands at its default.
    InPart(Step),
    /// No step goes by that name.
    Unknown,
}

/// Reads the plan of shadow data.
pub(super) fn shadow(reader: &mut Reader<'_>, at: &At<'_>) -> Option<ShadowPlan> {
    let mut given = Given::new(reader, at.clone(), &[&["records", "noise", "steps"]])?;
    let records = given.required("records", "how many records the adversary's data set holds", count);
    let noise = given.number("noise", 0.0);
    let steps = given.required("steps", "what makes them, such as [same_distribution]", |reader, at| {
        let list = reader.list(at)?;
        Some(list.iter().map(|at| step(reader, at)).collect::<Vec<_>>())
    });
    let whole = given.whole() && steps.iter().flatten().all(|step| matches!(step, ReadStep::Whole(_)));
    let steps = steps?;
    let known = steps.iter().all(|step| !matches!(step, ReadStep::Unknown));
    let raw = RawShadowPlan {
        // Zero breaks a rule, so that what steps need of each other is not told where something is not known.
        records: if whole { records? } else { 0 },
        noise,
        steps: steps.iter().map(ReadStep::or_stand_in).collect(),
    };
    let told = |violation: &LabViolation| {
        let Some((place, below)) = place_of_step(&violation.parameter) else {
            return whole || violation.parameter != "records";
        };
        // Bounds of what was read, as what stands in breaks none, and the order where all steps are known.
        known || (below && !matches!(steps.get(place), Some(ReadStep::Unknown)))
    };
    match raw.check() {
        Ok(plan) => Some(plan),
        Err(violations) => {
            refuse(reader, at, violations.into_iter().filter(told).collect());
            None
        }
    }
}

/// The place of the step that a parameter belongs to, and whether it is one of the step's own.
fn place_of_step(parameter: &str) -> Option<(usize, bool)> {
    let mut path = parameter.split('.');
    if path.next() != Some("steps") {
        return None;
    }
    let place = path.next()?.parse().ok()?;
    Some((place, path.next().is_some()))
}

impl ReadStep {
    fn or_stand_in(&self) -> Step {
        match self {
            Self::Whole(step) | Self::InPart(step) => step.clone(),
            Self::Unknown => Step::SameDistribution,
        }
    }
}

fn step(reader: &mut Reader<'_>, at: &At<'_>) -> ReadStep {
    let Some((tag, body)) = reader.tagged(at, &STEPS) else { return ReadStep::Unknown };
    let keys: &[&str] = match tag {
        "same_distribution" => &[],
        "statistics" => &["dependence"],
        "active_learning" => &["labelled", "learner", "rounds"],
        "query" => &["confidence", "attempts", "redraw", "budget"],
        _ => &["side", "points"],
    };
    let Some(mut given) = Given::new(reader, body, &[keys]) else { return ReadStep::Unknown };
    let step = match tag {
        "same_distribution" => Step::SameDistribution,
        "statistics" => {
            let dependence = given.word("dependence", &DEPENDENCE, Dependence::default());
            Step::Statistics(Statistics { dependence })
        }
        "active_learning" => active_learning(&mut given),
        "query" => query(&mut given),
        _ => {
            let unless_told = Region::default();
            let side = given.number("side", unless_told.side);
            Step::Region(Region { side, points: given.read("points", unless_told.points, count) })
        }
    };
    if given.whole() { ReadStep::Whole(step) } else { ReadStep::InPart(step) }
}

fn count(reader: &mut Reader<'_>, at: &At<'_>) -> Option<usize> {
    reader.whole(at, 1..=MAX_RECORDS).map(|count| count as usize)
}

fn active_learning(given: &mut Given<'_, '_, '_>) -> Step {
    let labelled = given.required("labelled", "how many records the target is asked to label", count);
    let learner = given.required("learner", "what labels the others, such as knn", learner);
    let learner = learner.unwrap_or_else(|| Learner::Knn(Default::default()));
    // What stands in for a number that could not be read is enough for any number of rounds.
    let unless_told = ActiveLearning::of(labelled.unwrap_or(usize::MAX), learner);
    // The default asks for no more rounds than there are records to label.
    let rounds = unless_told.rounds.min(unless_told.labelled);
    Step::ActiveLearning(ActiveLearning { rounds: given.read("rounds", rounds, count), ..unless_told })
}

fn query(given: &mut Given<'_, '_, '_>) -> Step {
    let budget = given.required("budget", "how many queries at most", |reader, at| {
        reader.whole(at, 1..=u64::from(u32::MAX) * MAX_RECORDS)
    });
    let unless_told = Query::of(budget.unwrap_or(1));
    Step::Query(Query {
        confidence: given.number("confidence", unless_told.confidence),
        attempts: given.count("attempts", unless_told.attempts),
        redraw: given.bound("redraw", unless_told.redraw),
        budget: unless_told.budget,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{refused, sound};
    use super::*;

    fn read(text: &str) -> RawShadowPlan {
        sound(text, shadow).into()
    }

    #[test]
    fn plans_are_read_with_their_defaults() {
        let knn = Learner::Knn(Default::default());
        assert_eq!(
            read("{records: 5000, noise: 0.0, steps: [same_distribution]}"),
            RawShadowPlan { records: 5000, noise: 0.0, steps: vec![Step::SameDistribution] }
        );
        let text = "
records: 5000
noise: 0.2
steps: [statistics: {dependence: pairwise}, active_learning: {labelled: 200, learner: {knn: {}}}]
";
        let statistics = Step::Statistics(Statistics { dependence: Dependence::Pairwise });
        let learn = Step::ActiveLearning(ActiveLearning { labelled: 200, learner: knn.clone(), rounds: 5 });
        assert_eq!(read(text), RawShadowPlan { records: 5000, noise: 0.2, steps: vec![statistics, learn] });
        let query = Query { confidence: 0.8, attempts: 100, redraw: None, budget: 9000 };
        let region = Region { side: 0.1, points: 10 };
        assert_eq!(
            read("{records: 100, steps: [query: {budget: 9000}, region]}").steps,
            [Step::Query(query), Step::Region(region)]
        );
        let few = Step::ActiveLearning(ActiveLearning { labelled: 3, learner: knn, rounds: 3 });
        assert_eq!(
            read("{records: 100, steps: [statistics, active_learning: {labelled: 3, learner: knn}]}").steps,
            [Step::Statistics(Statistics::default()), few]
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        // As a resolved scenario writes it.
        let text = "\
records: 101
noise: 0.5
steps:
  - statistics:
      dependence: independent
  - query:
      confidence: 0.9
      attempts: 7
      redraw: 2
      budget: 1000
  - active_learning:
      labelled: 22
      learner:
        knn:
          k: 5
          weights: uniform
      rounds: 2
  - region:
      side: 0.25
      points: 3
";
        let query = Query { confidence: 0.9, attempts: 7, redraw: Some(2), budget: 1000 };
        let learner = Learner::Knn(Default::default());
        assert_eq!(
            read(text),
            RawShadowPlan {
                records: 101,
                noise: 0.5,
                steps: vec![
                    Step::Statistics(Statistics::default()),
                    Step::Query(query),
                    Step::ActiveLearning(ActiveLearning { labelled: 22, learner, rounds: 2 }),
                    Step::Region(Region { side: 0.25, points: 3 }),
                ],
            }
        );
    }

    #[test]
    fn every_violation_is_told_at_once() {
        let text = "
records: none
noise: -1
step: 1
steps:
  - same_distribution: {noise: 1}
  - query: {confidence: 2, attempts: 0, redraw: 0}
  - active_learning: {labelled: 5, learner: {knn: {k: 0}}, rounds: 6}
  - region: {side: 0, points: many}
  - statistics
";
        insta::assert_snapshot!(refused(text, shadow), @"
        x.yaml:2:10: part.records is none: must be a whole number from 1 to 1000000000
        x.yaml:3:8: part.noise is -1: must be from 0 to 1,000,000
        x.yaml:4:1: part.step: unknown key; did you mean `steps`?
        x.yaml:6:25: part.steps.0.same_distribution.noise: unknown key; none is allowed here
        x.yaml:7:12: part.steps.1.query.budget: missing; how many queries at most
        x.yaml:7:25: part.steps.1.query.confidence is 2: must be above 0 and at most 1
        x.yaml:7:38: part.steps.1.query.attempts is 0: must be at least 1
        x.yaml:7:49: part.steps.1.query.redraw is 0: must be at least 1
        x.yaml:8:55: part.steps.2.active_learning.learner.knn.k is 0: must be at least 1
        x.yaml:8:68: part.steps.2.active_learning.rounds is 6: must be from 1 to the number `labelled`, so that each round labels one
        x.yaml:9:20: part.steps.3.region.side is 0: must be above 0 and at most 1,000,000
        x.yaml:9:31: part.steps.3.region.points is many: must be a whole number from 1 to 1000000000
        x.yaml:10:5: part.steps.4 is statistics: must be the first step: draws from a source do not go on from what is there
        ");
    }

    #[test]
    fn bounds_are_told_beside_a_step_that_is_not_known_and_its_place_is_not() {
        let text = "{records: 10, steps: [regoin, region: {side: 0}, query: {budget: 5}]}";
        insta::assert_snapshot!(refused(text, shadow), @"
        x.yaml:1:23: part.steps.0 is regoin: must be one of `same_distribution`, `statistics`, `active_learning`, `query`, `region`; did you mean `region`?
        x.yaml:1:46: part.steps.1.region.side is 0: must be above 0 and at most 1,000,000
        ");
    }

    #[test]
    fn steps_that_do_not_fit_each_other_are_refused() {
        let refused = |steps: &str| refused(&format!("{{records: 100, steps: {steps}}}"), shadow);
        insta::assert_snapshot!(refused("[]"), @"x.yaml:1:23: part.steps is empty: must be at least one step: `same_distribution`, `statistics` or `query` makes records");
        insta::assert_snapshot!(refused("same_distribution"), @"x.yaml:1:23: part.steps is same_distribution: must be a list");
        insta::assert_snapshot!(refused("[region, same_distribution, region]"), @"
        x.yaml:1:24: part.steps.0 is region: must be after `same_distribution`, `statistics` or `query`, which make the records it works on
        x.yaml:1:32: part.steps.1 is same_distribution: must be the first step: draws from a source do not go on from what is there
        x.yaml:1:51: part.steps.2 is region: must be there only once
        ");
        insta::assert_snapshot!(refused("[statistics, region, query: {budget: 500}]"), @"x.yaml:1:44: part.steps.2 is query: must be first, or next to the source whose draws are its starting points");
        insta::assert_snapshot!(refused("[query: {budget: 99}]"), @"x.yaml:1:40: part.steps.0.query.budget is 99: must be at least 100, one query for each point that the plan needs");
        insta::assert_snapshot!(refused("[statistics, active_learning: {labelled: 101, learner: knn}]"), @"x.yaml:1:64: part.steps.1.active_learning.labelled is 101: must be at most 100, the records that there are at this step");
        insta::assert_snapshot!(refused("[statistics: {dependence: pairs}, active_learning: {rounds: 2}]"), @"
        x.yaml:1:49: part.steps.0.statistics.dependence is pairs: must be one of `independent`, `pairwise`; did you mean `pairwise`?
        x.yaml:1:74: part.steps.1.active_learning.labelled: missing; how many records the target is asked to label
        x.yaml:1:74: part.steps.1.active_learning.learner: missing; what labels the others, such as knn
        ");
    }
}
