//! What can keep an attack from answering.

use turncoat_learn::{LearnerError, PredictionViolation};

use crate::single_target::{ParameterViolation, sentences};

/// An attack that cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum AttackError {
    /// The attack learns from records, and this adversary has too few.
    #[error(
        "{attack} needs {needs}, and this adversary has {has}; give the scenario `auxiliary: {{records: ...}}`"
    )]
    TooFewRecords {
        /// The attack.
        attack: &'static str,
        /// What it learns from.
        needs: String,
        /// What there is.
        has: String,
    },
    /// The targets do not fit each other or the federation.
    #[error("the targets are unusable: {0}")]
    Targets(String),
    /// A step towards shadow data came short.
    #[error("shadow data, {step}: {reason}; {mend}")]
    Shadow {
        /// The step, or the knowledge, that came short.
        step: &'static str,
        /// Of what.
        reason: String,
        /// What helps.
        mend: String,
    },
    /// The adversary's knowledge is not enough for the steps of its shadow plan.
    #[error("the shadow plan does not fit the adversary's knowledge: {}", sentences(.0))]
    ShadowPlan(Vec<ParameterViolation>),
    /// An attack that learns from shadows was given none.
    #[error("{attack} needs at least one shadow federation; give it `shadows: 1` or more")]
    NoShadows {
        /// The attack.
        attack: &'static str,
    },
    /// The federation did not answer.
    #[error("the federation did not answer: {0}")]
    Oracle(String),
    /// The federation does not answer any more: a limit on what may be asked is reached.
    #[error("the federation refused to answer: {0}")]
    Refused(String),
    /// The federation's answer does not fit what was asked.
    #[error("the federation's answer is unusable: {0}")]
    Answer(#[from] PredictionViolation),
    /// A model of the adversary's own could not be trained or used.
    #[error(transparent)]
    Learner(#[from] LearnerError),
}
