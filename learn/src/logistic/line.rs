//! The line search: that of More and Thuente (1994), from argmin, on the loss along a line of scores.
//!
//! The scores of a direction are computed once; a step length then costs a pass over scores, not over records, so the search can
//! afford to look for steps that are nearly the best.

use std::cell::{Cell, RefCell};

use argmin::core::{
    CostFunction, Error, Executor, Gradient, KV, LineSearch, Problem, Solver, State, TerminationReason,
};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use ndarray::Array2;

use super::exponential::Real;
use super::objective::Objective;
use super::solve::{Iterate, Place, Variables};

/// Sufficient decrease (first strong Wolfe condition).
const DECREASE: f64 = 1e-4;
/// How much of the slope may be left (second strong Wolfe condition).
const CURVATURE: f64 = 0.3;
/// The same of the first step, of which only the direction is known, not how far to go.
const FIRST_CURVATURE: f64 = 0.01;
/// Most step lengths that are tried.
const TRIALS: u64 = 20;

/// A line search from where the search stands; it leaves the search where it came to.
pub(super) struct Line<'a, 'b, T> {
    objective: &'a Objective<'b>,
    place: &'a RefCell<Place<T>>,
    direction: Option<Variables>,
}

impl<'a, 'b, T> Line<'a, 'b, T> {
    pub(super) fn new(objective: &'a Objective<'b>, place: &'a RefCell<Place<T>>) -> Self {
        Self { objective, place, direction: None }
    }
}

impl<T> Clone for Line<'_, '_, T> {
    fn clone(&self) -> Self {
        Self { objective: self.objective, place: self.place, direction: self.direction.clone() }
    }
}

impl<T> LineSearch<Variables, f64> for Line<'_, '_, T> {
    fn search_direction(&mut self, direction: Variables) {
        self.direction = Some(direction);
    }

    fn initial_step_length(&mut self, _: f64) -> Result<(), Error> {
        Ok(())
    }
}

impl<O, T: Real> Solver<O, Iterate> for Line<'_, '_, T> {
    fn name(&self) -> &str {
        "line search along scores"
    }

    fn next_iter(&mut self, _: &mut Problem<O>, state: Iterate) -> Result<(Iterate, Option<KV>), Error> {
        let direction = self.direction.take().ok_or_else(|| Error::msg("no direction"))?;
        let objective = self.objective;
        let mut place = self.place.borrow_mut();
        let along = Along::new(objective, &place, &direction);
        let (value, slope) = (place.value, place.gradient.dot(&direction));
        let curvature = if place.steps == 0 { FIRST_CURVATURE } else { CURVATURE };
        let search = MoreThuenteLineSearch::new().with_c(DECREASE, curvature)?.with_width_tolerance(1e-3)?;
        let mut search: MoreThuenteLineSearch<f64, f64, f64> = search;
        search.search_direction(1.0);
        let mut outcome = Executor::new(along, search)
            .configure(|state| state.param(0.0).cost(value).gradient(slope).max_iters(TRIALS).counting(false))
            .ctrlc(false)
            .run()?;
        let step = outcome.state.take_best_param().ok_or_else(|| Error::msg("no step"))?;
        let best = outcome.state.get_best_cost();
        let along = outcome.problem.take_problem().ok_or_else(|| Error::msg("no line"))?;
        if best.partial_cmp(&value).is_none_or(std::cmp::Ordering::is_ge) {
            return Err(Error::msg("no step goes down"));
        }
        let moves = along.moves;
        place.variables.scaled_add(step, &direction);
        place.scores.scaled_add(T::of(step), &moves);
        place.steps += 1;
        (place.value, place.gradient) = objective.gradient(&place.variables, &place.scores);
        let state = state.param(place.variables.clone()).cost(place.value).gradient(place.gradient.clone());
        Ok((state.terminate_with(TerminationReason::SolverConverged), None))
    }
}

/// F along a line, as a function of the step.
struct Along<'a, 'b, T> {
    objective: &'a Objective<'b>,
    scores: Array2<T>,
    moves: Array2<T>,
    /// The penalty is `penalty[0] + penalty[1] * step + penalty[2] * step^2`.
    penalty: [f64; 3],
    /// The last step asked about, F there and its slope.
    last: Cell<(f64, f64, f64)>,
}

impl<'a, 'b, T: Real> Along<'a, 'b, T> {
    fn new(objective: &'a Objective<'b>, place: &Place<T>, direction: &Variables) -> Self {
        let mut penalty = [0.0; 3];
        for ((&ridge, &variable), &along) in objective.ridges.iter().zip(&place.variables).zip(direction) {
            penalty[0] += 0.5 * ridge * variable * variable;
            penalty[1] += ridge * variable * along;
            penalty[2] += 0.5 * ridge * along * along;
        }
        let moves = objective.scores(direction);
        Self {
            objective,
            scores: place.scores.clone(),
            moves,
            penalty,
            last: Cell::new((f64::NAN, 0.0, 0.0)),
        }
    }

    fn at(&self, step: f64) -> (f64, f64) {
        if self.last.get().0 != step {
            let (loss, slope) = self.objective.along(&self.scores, &self.moves, step);
            let [constant, linear, quadratic] = self.penalty;
            let value = loss + (constant + step * (linear + step * quadratic));
            self.last.set((step, value, slope + linear + 2.0 * step * quadratic));
        }
        (self.last.get().1, self.last.get().2)
    }
}

impl<T: Real> CostFunction for Along<'_, '_, T> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, &step: &f64) -> Result<f64, Error> {
        Ok(self.at(step).0)
    }
}

impl<T: Real> Gradient for Along<'_, '_, T> {
    type Param = f64;
    type Gradient = f64;

    fn gradient(&self, &step: &f64) -> Result<f64, Error> {
        Ok(self.at(step).1)
    }
}
