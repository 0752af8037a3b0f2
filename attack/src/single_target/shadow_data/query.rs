//! Random search for points that the target is sure of (Truex et al., Figure 4).
//!
//! A search starts at a draw from the source. An update draws some features anew and asks again; it is kept unless the
//! largest probability falls (on the plateaus of a tree a search that asks for growth stands still). The point is accepted when that
//! probability reaches the threshold, and given up after the most updates; then another search starts.
//!
//! Searches run side by side, one batch of queries a round, but never more of them than points are still needed: those that
//! run are exactly those that would run one after the other, however wide the batch, unless the budget is spent.

use ndarray::Array2;
use rand::seq::index;
use rayon::prelude::*;
use turncoat_learn::Seed;
use turncoat_learn::seed::Stream;

use super::data::Draft;
use super::develop::{Search, Service};
use super::params::Query;
use super::source::Source;
use crate::error::AttackError;

/// Most searches side by side.
const WIDTH: usize = 256;

/// One search.
struct Walk {
    stream: Stream,
    /// Where it stands; empty before the first answer.
    point: Vec<f32>,
    confidence: f64,
    class: u32,
    /// What is asked next.
    proposal: Vec<f32>,
    updates: u32,
}

impl Walk {
    fn start(number: u64, seed: Seed) -> Self {
        let stream = seed.child("search", number).stream("steps");
        Self { stream, point: Vec::new(), confidence: 0.0, class: 0, proposal: Vec::new(), updates: 0 }
    }

    fn propose(&mut self, source: &Source<'_>, features: usize, redraw: usize) {
        if self.point.is_empty() {
            self.proposal = vec![0.0; features];
            source.draw(&mut self.proposal, &mut self.stream);
        } else {
            self.proposal.clone_from(&self.point);
            let anew = index::sample(&mut self.stream, features, redraw).into_vec();
            source.redraw(&mut self.proposal, &anew, &mut self.stream);
            self.updates += 1;
        }
    }

    fn accept(&mut self, confidence: f64, class: u32) {
        if self.point.is_empty() || confidence >= self.confidence {
            std::mem::swap(&mut self.point, &mut self.proposal);
            (self.confidence, self.class) = (confidence, class);
        }
    }
}

/// Searches until `wanted` points are accepted or the budget is spent. Points stand in the order in which their searches
/// started, labels are the target's.
///
/// # Errors
/// [`AttackError::Shadow`] when nothing was accepted; what the target refuses.
pub(super) fn search(
    params: &Query,
    wanted: usize,
    features: usize,
    source: &Source<'_>,
    service: &mut Service<'_>,
    seed: Seed,
) -> Result<(Draft, Search), AttackError> {
    let redraw = params.redraw.map_or(features.div_ceil(10), |redraw| redraw as usize).min(features);
    let mut accepted: Vec<(u64, Vec<f32>, u32)> = Vec::new();
    let mut walks: Vec<(u64, Walk)> = Vec::new();
    let (mut started, mut abandoned, mut left, mut best) = (0, 0, params.budget, 0.0_f64);
    while left > 0 {
        while walks.len() < WIDTH.min(wanted - accepted.len()) {
            walks.push((started, Walk::start(started, seed)));
            started += 1;
        }
        if walks.is_empty() {
            break;
        }
        let requested = walks.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        left -= requested as u64;
        walks[..requested].par_iter_mut().for_each(|(_, walk)| walk.propose(source, features, redraw));
        let flat: Vec<f32> =
            walks[..requested].iter().flat_map(|(_, walk)| walk.proposal.iter().copied()).collect();
        let records = Array2::from_shape_vec((requested, features), flat)
            .expect("each proposal has as many values as there are features");
        let vectors = service.ask("query", records.view())?;
        for (place, (_, walk)) in walks[..requested].iter_mut().enumerate() {
            let class = vectors.predicted_class(place);
            let confidence = vectors.row(place)[class];
            best = best.max(confidence);
            walk.accept(confidence, class as u32);
        }
        walks.retain_mut(|(number, walk)| {
            if walk.confidence >= params.confidence {
                accepted.push((*number, std::mem::take(&mut walk.point), walk.class));
                return false;
            }
            let over = walk.updates >= params.attempts;
            abandoned += u64::from(over);
            !over
        });
    }
    if accepted.is_empty() {
        return Err(AttackError::Shadow {
            step: "query",
            reason: format!(
                "none of {started} starting points reached confidence {} within {} queries; the best answer was \
                 {best:.3}",
                params.confidence, params.budget
            ),
            mend: "lower `confidence`, or raise `budget` or `attempts`".into(),
        });
    }
    accepted.sort_by_key(|(number, ..)| *number);
    let found = Search { wanted: wanted as u64, accepted: accepted.len() as u64, abandoned };
    let labels: Vec<u32> = accepted.iter().map(|(_, _, class)| *class).collect();
    let flat: Vec<f32> = accepted.into_iter().flat_map(|(_, point, _)| point).collect();
    let records = Array2::from_shape_vec((labels.len(), features), flat)
        .expect("each point has as many values as there are features");
    let answered = vec![true; labels.len()];
    Ok((Draft { records, labels, answered }, found))
}

#[cfg(test)]
mod tests {
    use super::super::params::Dependence;
    use super::super::testing::{chain, grey, sure_above_half};
    use super::*;
    use crate::single_target::TargetApi;

    /// Figure 4, one search after the other.
    fn one_by_one(
        params: &Query,
        wanted: usize,
        source: &Source<'_>,
        target: &TargetApi<'_>,
        seed: Seed,
    ) -> (Vec<Vec<f32>>, Vec<u32>) {
        let (mut points, mut labels, mut number) = (Vec::new(), Vec::new(), 0);
        while points.len() < wanted {
            let mut walk = Walk::start(number, seed);
            number += 1;
            while walk.confidence < params.confidence
                && (walk.point.is_empty() || walk.updates < params.attempts)
            {
                walk.propose(source, 5, 1);
                let record = Array2::from_shape_vec((1, 5), walk.proposal.clone()).unwrap();
                let vectors = target.predict_proba(record.view()).unwrap();
                let class = vectors.predicted_class(0);
                walk.accept(vectors.row(0)[class], class as u32);
            }
            if walk.confidence >= params.confidence {
                points.push(walk.point);
                labels.push(walk.class);
            }
        }
        (points, labels)
    }

    #[test]
    fn searches_side_by_side_are_those_one_after_the_other() {
        let model = sure_above_half();
        let population = chain(200);
        // More points than run side by side, few updates, so that many are given up.
        let params = Query { attempts: 2, redraw: Some(1), ..Query::of(1_000_000) };
        let known = grey().of(population.real(), Seed::root(1));
        let source = Source::statistics(&known, Dependence::Independent, Seed::root(1));
        let (apart, together) = (TargetApi::new(&model), TargetApi::new(&model));
        let (points, labels) = one_by_one(&params, 600, &source, &apart, Seed::root(3));
        let mut service = Service::new(Some(&together));
        let (draft, found) = search(&params, 600, 5, &source, &mut service, Seed::root(3)).unwrap();
        assert!(points.iter().flatten().eq(draft.records.iter()));
        assert_eq!((draft.labels, found.accepted), (labels, 600));
        assert!(found.abandoned > 100, "{found:?}");
        assert_eq!(apart.queries(), together.queries());
    }

    #[test]
    fn an_update_that_makes_the_target_less_sure_is_undone() {
        let mut walk = Walk::start(0, Seed::root(1));
        for (proposal, confidence, stands) in
            [(1.0, 0.5, 1.0), (2.0, 0.4, 1.0), (3.0, 0.5, 3.0), (4.0, 0.6, 4.0)]
        {
            walk.proposal = vec![proposal];
            walk.accept(confidence, 0);
            assert_eq!(walk.point, [stands]);
        }
        assert_eq!(walk.confidence, 0.6);
    }
}
