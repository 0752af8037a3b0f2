//! The search for the minimum: L-BFGS from argmin, first with products in f32, then in f64 from where that came.
//!
//! f32 finds nearly all of the way at half the cost, but cannot be trusted to know its end: the gradient that decides
//! whether the fit has converged is always one in f64.

use std::cell::RefCell;

use argmin::core::{
    CostFunction, Error, Executor, Gradient, IterState, KV, Problem, Solver, State, TerminationReason,
    TerminationStatus,
};
use argmin::solver::quasinewton::LBFGS;
use ndarray::{Array1, Array2};

use super::exponential::Real;
use super::line::Line;
use super::objective::Objective;

/// Past steps that L-BFGS keeps.
const MEMORY: usize = 10;
/// The smallest gradient that f32 is asked for.
const SINGLE_TOLERANCE: f64 = 1e-4;
/// Steps of the first stage.
const FIRST_STAGE: u32 = 20;

pub(super) type Variables = Array1<f64>;
pub(super) type Iterate = IterState<Variables, Variables, (), (), (), f64>;

/// What was found.
#[derive(Debug)]
pub(super) struct Solution {
    pub(super) variables: Variables,
    /// F there.
    pub(super) value: f64,
    /// Largest entry of its gradient, over F.
    pub(super) gradient: f64,
    pub(super) iterations: u32,
}

/// Where a search stands.
#[derive(Debug)]
pub(super) struct Place<T> {
    pub(super) variables: Variables,
    pub(super) scores: Array2<T>,
    pub(super) value: f64,
    pub(super) gradient: Variables,
    /// Steps since the search began.
    pub(super) steps: u32,
}

impl<T: Real> Place<T> {
    fn new(objective: &Objective<'_>, variables: Variables) -> Self {
        let scores = objective.scores(&variables);
        let (value, gradient) = objective.gradient(&variables, &scores);
        Self { variables, scores, value, gradient, steps: 0 }
    }

    /// Largest entry of the gradient, over F.
    fn steepness(&self, objective: &Objective<'_>) -> f64 {
        objective.largest(&self.gradient) / self.value
    }
}

/// Searches from `start` until the largest entry of the gradient is at most `tolerance` times the objective, until
/// `max_iterations`, or until rounding leaves no step that goes down.
pub(super) fn minimise(
    objective: &mut Objective<'_>,
    start: Variables,
    max_iterations: u32,
    tolerance: f64,
) -> Solution {
    // A little further than asked, since f64 is to agree, but not where sums of f32 end.
    let single = (0.8 * tolerance).max(SINGLE_TOLERANCE);
    let (place, taken) = stages::<f32>(objective, start, max_iterations, single, 1e-7);
    let (place, more) = stages::<f64>(objective, place.variables, max_iterations - taken, tolerance, 1e-15);
    Solution {
        gradient: place.steepness(objective),
        value: place.value,
        variables: place.variables,
        iterations: taken + more,
    }
}

/// Searches in stages, each twice as long as the one before. Between them the variables are measured anew: where
/// the loss has become small, its curvature is another than where the search started.
fn stages<T: Real>(
    objective: &mut Objective<'_>,
    start: Variables,
    max_iterations: u32,
    tolerance: f64,
    least_progress: f64,
) -> (Place<T>, u32) {
    let mut place = Place::<T>::new(objective, start);
    let (mut iterations, mut stage) = (0, FIRST_STAGE);
    loop {
        let most = stage.min(max_iterations - iterations);
        let taken;
        (place, taken) = search(objective, place, most, tolerance, least_progress);
        iterations += taken;
        if taken < most || iterations == max_iterations {
            return (place, iterations);
        }
        stage *= 2;
        let variables = objective.measure_again(&place.variables, &place.scores, place.value);
        place = Place::new(objective, variables);
    }
}

/// Where the search came and the steps it took. It also stops when a step gains less than `least_progress` of the objective: all
/// that rounding leaves.
fn search<T: Real>(
    objective: &Objective<'_>,
    start: Place<T>,
    max_iterations: u32,
    tolerance: f64,
    least_progress: f64,
) -> (Place<T>, u32) {
    let (variables, value, gradient) = (start.variables.clone(), start.value, start.gradient.clone());
    let place = RefCell::new(start);
    let lbfgs = LBFGS::new(Line::new(objective, &place), MEMORY);
    let outcome =
        Executor::new(Stand { place: &place }, Stop { lbfgs, objective, tolerance, least_progress })
            .configure(|state| {
                state
                    .param(variables)
                    .cost(value)
                    .gradient(gradient)
                    .max_iters(max_iterations.into())
                    .counting(false)
            })
            .ctrlc(false)
            .run();
    // A line search that cannot start ends the run: in this precision there is nowhere lower to go.
    let iterations = outcome.map_or(0, |outcome| outcome.state.get_iter().min(max_iterations.into()) as u32);
    (place.into_inner(), iterations)
}

/// The objective as argmin asks for it: always about the place where the line search has just come to.
pub(super) struct Stand<'a, T> {
    place: &'a RefCell<Place<T>>,
}

impl<T: Real> CostFunction for Stand<'_, T> {
    type Param = Variables;
    type Output = f64;

    fn cost(&self, _: &Variables) -> Result<f64, Error> {
        Ok(self.place.borrow().value)
    }
}

impl<T: Real> Gradient for Stand<'_, T> {
    type Param = Variables;
    type Gradient = Variables;

    fn gradient(&self, _: &Variables) -> Result<Variables, Error> {
        Ok(self.place.borrow().gradient.clone())
    }
}

/// L-BFGS that stops by our rule in place of its own.
struct Stop<'a, 'b, T> {
    lbfgs: LBFGS<Line<'a, 'b, T>, Variables, Variables, f64>,
    objective: &'a Objective<'b>,
    tolerance: f64,
    least_progress: f64,
}

impl<'c, T: Real> Solver<Stand<'c, T>, Iterate> for Stop<'_, '_, T> {
    fn name(&self) -> &str {
        "L-BFGS"
    }

    fn init(
        &mut self,
        problem: &mut Problem<Stand<'c, T>>,
        state: Iterate,
    ) -> Result<(Iterate, Option<KV>), Error> {
        self.lbfgs.init(problem, state)
    }

    fn next_iter(
        &mut self,
        problem: &mut Problem<Stand<'c, T>>,
        state: Iterate,
    ) -> Result<(Iterate, Option<KV>), Error> {
        self.lbfgs.next_iter(problem, state)
    }

    fn terminate(&mut self, state: &Iterate) -> TerminationStatus {
        let (value, before) = (state.get_cost(), state.get_prev_cost());
        let gradient = state.get_gradient();
        let small =
            gradient.is_some_and(|gradient| self.objective.largest(gradient) <= self.tolerance * value);
        // Before the first step there is nothing to compare with.
        let stuck = state.get_iter() > 0 && before - value <= self.least_progress * value;
        if small || stuck {
            TerminationStatus::Terminated(TerminationReason::SolverConverged)
        } else {
            TerminationStatus::NotTerminated
        }
    }
}
