//! The public edge of a service: calls at a time, the time that a question may take to arrive and an answer to be taken, and the
//! size of a message. It stands behind the check of who calls, so that each refusal has a name in the account.

mod answer;
mod bystander;
mod question;
mod service;
mod turns;

pub use bystander::{Answered, Bystander, Nobody};
pub(crate) use service::Edge;
pub use service::arrival;
