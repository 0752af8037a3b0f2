//! Shares learned from shadow federations that are drawn from the targets themselves.
//!
//! All targets are training records of some candidate, and the adversary is given their labels. So it can make shadows of
//! the very federation that it attacks: give the targets to as many shadow parties as there are candidates, each class with
//! the total that it really has, train each, and see how what they show follows from what they hold. Only the split of
//! each class is unknown, and nothing of the true split is used.
//!
//! 1. `assign`: the targets, divided under random skews to parties of equal size;
//! 2. `shadow`: one shadow federation, trained and asked about the targets and the probes;
//! 3. `features`: what a party's answers show of the records that it holds of a class, in a few numbers;
//! 4. `logit`: the shares of a class, from the features of all parties;
//! 5. `ridge`: what the single records of the class add to that, with the doubt that is left;
//! 6. `totals`: parties of about equal size, which moves the classes most in doubt;
//! 7. `learn`: all of it, and the model of owners, for the federation itself.
//!
//! Shadow parties answer every record, so what is compared with them are the targets and probes that every candidate answered.
//!
//! Where a challenge covers but part of the members, shadow parties are smaller than real ones by as much, and what they
//! teach is as much off. Parties of one federation hold about as many records each (Truex et al., section 4.7): the
//! shadows assume it, the real parties may miss it by some [`totals::SPREAD`] of their size at a small price.

mod assign;
mod features;
mod learn;
mod logit;
mod ridge;
mod shadow;
mod totals;

pub(super) use learn::{RECORDS_OF_A_CANDIDATE, TargetShares, learn};
pub(super) use shadow::Labelled;
