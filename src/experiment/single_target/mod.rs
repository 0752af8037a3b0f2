//! Experiments on single targets: what happens in one repeat and one fold, and how folds become a report.

mod adversary;
mod assemble;
mod draw;
mod fold;
mod repeat;
mod run;

pub(super) use run::SingleTargetExperiment;
