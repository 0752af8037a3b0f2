//! How far a fit came.

/// What the optimiser says of the weights that it left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convergence {
    /// Whether `gradient` is within the tolerance. If not, the weights are the best that were found, not the optimum.
    pub converged: bool,
    /// Steps of L-BFGS.
    pub iterations: u32,
    /// 1/2 |W|^2 + C * (sum over the training records of -ln p(label)), in nats.
    pub objective: f64,
    /// Largest entry of the gradient over the objective: by what part of itself the objective changes when one weight changes by one
    /// over the standard deviation of its feature, over the share of records that have the weight's class.
    pub gradient: f64,
}

impl Convergence {
    /// Of a fit that had nothing to find: no record, or records of one class.
    pub(crate) const TRIVIAL: Self = Self { converged: true, iterations: 0, objective: 0.0, gradient: 0.0 };
}
