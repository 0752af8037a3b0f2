//! What a report says in one sentence for each question, and what that rests on. The terminal and the page say the same.

mod reading;
mod sentence;

pub(crate) use reading::{ACCURACY, PRECISION, QUESTIONS, Reading, VANTAGES};
pub(crate) use sentence::Headline;

#[cfg(test)]
mod null;
