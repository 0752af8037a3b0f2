//! A challenge and its answers, as domain types.

use ndarray::Array2;
use turncoat_learn::PartyId;

/// What is asked about the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Was the record in the training data of the candidates?
    Membership,
    /// Given that it was, whose was it?
    Source,
}

/// One question about many records. Whose they are and whether they were trained on is not among what is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct ChallengeRequest {
    /// The question.
    pub question: Question,
    /// The parties in question, ascending, at least one.
    pub candidates: Vec<PartyId>,
    /// The records, `[n, d]`, finite, at least one.
    pub records: Array2<f32>,
    /// Their true labels, `[n]`.
    pub labels: Vec<u32>,
}

/// What one attack answers.
#[derive(Clone, Debug, PartialEq)]
pub struct AttackAnswer {
    /// The attack, by the id that tells it from the adversary's others.
    pub attack: String,
    /// What it claims of each record, in the order asked, or why it answers nothing.
    pub claims: Result<Claims, Unanswered>,
}

/// Why an attack does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It cannot: something that it needs is not there.
    Failed(String),
    /// A limit of the federation kept it from asking what it needs.
    Refused(String),
}

/// One claim a record, or none where nothing that the attack needs was answered. Scores are finite.
#[derive(Clone, Debug, PartialEq)]
pub enum Claims {
    /// Claimed to be in, and a score that is higher for member.
    Membership(Vec<Option<(bool, f64)>>),
    /// The party claimed to own the record, and a score that is higher for surer.
    Source(Vec<Option<(PartyId, f64)>>),
}

impl Claims {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Membership(claims) => claims.len(),
            Self::Source(claims) => claims.len(),
        }
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
