//! The plan of shadow data with every parameter.

use turncoat_attack::lab::{Dependence, ShadowPlan, Step};

use super::learner::learner;
use super::tagged;
use crate::scenario::write::Out;

pub(super) fn shadow(plan: &ShadowPlan) -> Out {
    let plan = plan.get();
    Out::map([
        ("records", Out::plain(plan.records)),
        ("noise", Out::number(plan.noise)),
        ("steps", Out::List(plan.steps.iter().map(step).collect())),
    ])
}

fn step(given: &Step) -> Out {
    let body = match given {
        Step::SameDistribution => return Out::plain(given.name()),
        Step::Statistics(params) => {
            let dependence = match params.dependence {
                Dependence::Independent => "independent",
                Dependence::Pairwise => "pairwise",
            };
            Out::map([("dependence", Out::plain(dependence))])
        }
        Step::ActiveLearning(params) => Out::map([
            ("labelled", Out::plain(params.labelled)),
            ("learner", learner(&params.learner)),
            ("rounds", Out::plain(params.rounds)),
        ]),
        Step::Query(params) => Out::map([
            ("confidence", Out::number(params.confidence)),
            ("attempts", Out::plain(params.attempts)),
            ("redraw", Out::optional(params.redraw)),
            ("budget", Out::plain(params.budget)),
        ]),
        Step::Region(params) => {
            Out::map([("side", Out::number(params.side)), ("points", Out::plain(params.points))])
        }
    };
    tagged(given.name(), body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::write::write;
    use turncoat_attack::lab::{ActiveLearning, Query, RawShadowPlan, Region, Statistics};
    use turncoat_learn::Learner;

    #[test]
    fn every_parameter_is_written() {
        let learn = ActiveLearning { rounds: 2, ..ActiveLearning::of(22, Learner::Knn(Default::default())) };
        let query = Query { confidence: 0.9, attempts: 7, redraw: Some(2), budget: 1000 };
        let steps = vec![
            Step::Statistics(Statistics::default()),
            Step::Query(query),
            Step::ActiveLearning(learn),
            Step::Region(Region { side: 0.25, points: 3 }),
        ];
        let plan = RawShadowPlan { records: 101, noise: 0.5, steps }.check().unwrap();
        insta::assert_snapshot!(write(&shadow(&plan)), @"
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
        let plan = RawShadowPlan { records: 5, noise: 0.0, steps: vec![Step::SameDistribution] };
        assert_eq!(
            write(&shadow(&plan.check().unwrap())),
            "records: 5\nnoise: 0.0\nsteps: [same_distribution]\n"
        );
    }
}
