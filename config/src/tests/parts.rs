//! Parts of a scenario from their text alone: what the adversary of a single target is given, and how its shadow data is made.

use serde::de::DeserializeOwned;
use turncoat_attack::single_target::{
    ActiveLearning, Dependence, Knowledge, Query, RawKnowledge, RawShadowPlan, Region, ShadowPlan,
    Statistics, Step,
};
use turncoat_learn::Learner;

use crate::places::{At, Notes};
use crate::write::{Out, write};
use crate::{ScenarioErrors, rules, yaml};

/// What a text says as the part of that definition, or all that is wrong with it.
fn part<T: DeserializeOwned>(definition: &str, text: &str) -> Result<T, String> {
    let mut notes = Notes::new("x.yaml", &[]);
    let root = yaml::read(text).0.unwrap();
    let value = rules::part(&mut notes, &At { path: "part".into(), ..At::root(&root) }, definition);
    match value {
        Some(value) => Ok(value),
        None => Err(ScenarioErrors::Violations(notes.into_violations()).to_string()),
    }
}

fn knowledge(text: &str) -> RawKnowledge {
    part::<Knowledge>("knowledge", text).unwrap().into()
}

fn shadow(text: &str) -> RawShadowPlan {
    part::<ShadowPlan>("shadow", text).unwrap().into()
}

fn refused(definition: &str, text: &str) -> String {
    match definition {
        "knowledge" => part::<Knowledge>(definition, text).unwrap_err(),
        _ => part::<ShadowPlan>(definition, text).unwrap_err(),
    }
}

#[test]
fn each_kind_of_knowledge_is_read_with_its_defaults() {
    assert_eq!(knowledge("black_box"), RawKnowledge::BlackBox);
    assert_eq!(knowledge("{black_box: {}}"), RawKnowledge::BlackBox);
    assert_eq!(knowledge("grey_box"), RawKnowledge::GreyBox { records: None });
    assert_eq!(knowledge("grey_box: {records: 500}"), RawKnowledge::GreyBox { records: Some(500) });
    assert_eq!(knowledge("white_box"), RawKnowledge::white_box());
    assert_eq!(
        knowledge("{white_box: {records: 2000, noise: 0.1, known_features: 0.8}}"),
        RawKnowledge::WhiteBox { records: Some(2000), noise: 0.1, known_features: 0.8 }
    );
    assert_eq!(knowledge("grey_box:\n  records: null\n"), RawKnowledge::GreyBox { records: None });
}

#[test]
fn every_violation_of_knowledge_is_told_at_once() {
    let refused = |text| refused("knowledge", text);
    insta::assert_snapshot!(refused("{white_box: {records: 0, noise: -1, known_features: 1.5, noize: 1}}"), @"
    x.yaml:1:23: part.white_box.records is 0: must be a whole number from 1 to 1000000000, or null
    x.yaml:1:33: part.white_box.noise is -1: must be a number from 0 to 1000000
    x.yaml:1:53: part.white_box.known_features is 1.5: must be a number above 0 and at most 1
    x.yaml:1:58: part.white_box.noize: unknown key; did you mean `noise`?
    ");
    insta::assert_snapshot!(refused("grey-box"), @"x.yaml:1:1: part is grey-box: must be one of `black_box`, `grey_box`, `white_box`; did you mean `grey_box`?");
    insta::assert_snapshot!(refused("{black_box: {records: 5}}"), @"x.yaml:1:14: part.black_box.records: unknown key; none is allowed here");
    insta::assert_snapshot!(refused("{grey_box: {noise: 0.1}}"), @"x.yaml:1:13: part.grey_box.noise: unknown key; allowed here: records");
    insta::assert_snapshot!(refused("[white_box]"), @"x.yaml:1:1: part is a list: must be one of `black_box`, `grey_box`, `white_box`");
    insta::assert_snapshot!(refused("{white_box: {noise: much, known_features: 0}}"), @"
    x.yaml:1:21: part.white_box.noise is much: must be a number from 0 to 1000000
    x.yaml:1:43: part.white_box.known_features is 0: must be a number above 0 and at most 1
    ");
}

#[test]
fn steps_are_read_with_their_defaults() {
    let knn = Learner::Knn(Default::default());
    let text = "
records: 5000
noise: 0.2
steps: [statistics: {dependence: pairwise}, active_learning: {labelled: 200, learner: {knn: {}}}]
";
    let statistics = Step::Statistics(Statistics { dependence: Dependence::Pairwise });
    let learn = Step::ActiveLearning(ActiveLearning { labelled: 200, learner: knn.clone(), rounds: 5 });
    assert_eq!(shadow(text), RawShadowPlan { records: 5000, noise: 0.2, steps: vec![statistics, learn] });
    let query = Query { confidence: 0.8, attempts: 100, redraw: None, budget: 9000 };
    let region = Region { side: 0.1, points: 10 };
    assert_eq!(
        shadow("{records: 100, steps: [query: {budget: 9000}, region]}").steps,
        [Step::Query(query), Step::Region(region)]
    );
    let few = Step::ActiveLearning(ActiveLearning { labelled: 3, learner: knn, rounds: 3 });
    assert_eq!(
        shadow("{records: 100, steps: [statistics, active_learning: {labelled: 3, learner: knn}]}").steps,
        [Step::Statistics(Statistics::default()), few]
    );
}

#[test]
fn what_is_written_has_every_parameter_and_reads_back() {
    let learn = ActiveLearning { rounds: 2, ..ActiveLearning::of(22, Learner::Knn(Default::default())) };
    let query = Query { confidence: 0.9, attempts: 7, redraw: Some(2), budget: 1000 };
    let steps = vec![
        Step::Statistics(Statistics::default()),
        Step::Query(query),
        Step::ActiveLearning(learn),
        Step::Region(Region { side: 0.25, points: 3 }),
    ];
    let plan = RawShadowPlan { records: 101, noise: 0.5, steps };
    let written = write(&Out::of(&plan).unwrap());
    insta::assert_snapshot!(written, @"
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
    ");
    assert_eq!(shadow(&written), plan);
    let plan = RawShadowPlan { records: 5, noise: 0.0, steps: vec![Step::SameDistribution] };
    assert_eq!(write(&Out::of(&plan).unwrap()), "records: 5\nnoise: 0.0\nsteps: [same_distribution]\n");
    let written = |raw: RawKnowledge| write(&Out::of(&raw).unwrap());
    assert_eq!(written(RawKnowledge::BlackBox), "black_box\n");
    assert_eq!(written(RawKnowledge::GreyBox { records: None }), "grey_box:\n  records: null\n");
    let white = written(RawKnowledge::white_box());
    assert_eq!(white, "white_box:\n  records: null\n  noise: 0.0\n  known_features: 1.0\n");
    assert_eq!(knowledge(&white), RawKnowledge::white_box());
}

#[test]
fn every_violation_of_a_plan_is_told_at_once() {
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
    insta::assert_snapshot!(refused("shadow", text), @"
    x.yaml:2:10: part.records is none: must be a whole number from 1 to 1000000000
    x.yaml:3:8: part.noise is -1: must be a number from 0 to 1000000
    x.yaml:4:1: part.step: unknown key; did you mean `steps`?
    x.yaml:6:25: part.steps.0.same_distribution.noise: unknown key; none is allowed here
    x.yaml:7:12: part.steps.1.query.budget: missing; most queries in all, at least one for each point that the plan needs, such as 100000
    x.yaml:7:25: part.steps.1.query.confidence is 2: must be a number above 0 and at most 1
    x.yaml:7:38: part.steps.1.query.attempts is 0: must be a whole number of at least 1
    x.yaml:7:49: part.steps.1.query.redraw is 0: must be a whole number of at least 1, or null
    x.yaml:8:55: part.steps.2.active_learning.learner.knn.k is 0: must be a whole number of at least 1
    x.yaml:8:68: part.steps.2.active_learning.rounds is 6: must be from 1 to the number `labelled`, so that each round labels one
    x.yaml:9:20: part.steps.3.region.side is 0: must be a number above 0 and at most 1000000
    x.yaml:9:31: part.steps.3.region.points is many: must be a whole number from 1 to 1000000000
    x.yaml:10:5: part.steps.4 is statistics: must be the first step: draws from a source do not go on from what is there
    ");
}

#[test]
fn bounds_are_told_beside_a_step_that_is_not_known_and_its_place_is_not() {
    let text = "{records: 10, steps: [regoin, region: {side: 0}, query: {budget: 5}]}";
    insta::assert_snapshot!(refused("shadow", text), @"
    x.yaml:1:23: part.steps.0 is regoin: must be one of `same_distribution`, `statistics`, `active_learning`, `query`, `region`; did you mean `region`?
    x.yaml:1:46: part.steps.1.region.side is 0: must be a number above 0 and at most 1000000
    ");
}

#[test]
fn steps_that_do_not_fit_each_other_are_refused() {
    let refused = |steps: &str| refused("shadow", &format!("{{records: 100, steps: {steps}}}"));
    insta::assert_snapshot!(refused("[]"), @"x.yaml:1:23: part.steps is a list: must be at least one step: `same_distribution`, `statistics` or `query` makes records");
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
    x.yaml:1:74: part.steps.1.active_learning.labelled: missing; records that the target labels, at most as many as there are, such as 200
    x.yaml:1:74: part.steps.1.active_learning.learner: missing; what labels the others, such as knn
    ");
}
