//! `shadow_federation`: the owner of a record, by a rule learned on federations of the adversary's own making.
//!
//! The adversary deals the records it holds to pairs of shadow parties under many random skews, trains the federation's
//! learner on each shard, and learns where it knows the answer (shadow models after Shokri et al., 2017; the question
//! is that of Truex et al., section 4.7.1):
//!
//! 1. `shadow`: one shadow federation, its shards, its answers and who owned what;
//! 2. `shares`: from a party's answers to labelled probes to the party's class shares q_j;
//! 3. `owner`: from p_j(x) to the evidence that x was among party j's training records;
//! 4. `claims`: both applied to the federation itself. The odds are Bayes' rule, q_j\[y\] times the evidence;
//! 5. `transductive`: if it is asked for, shares and owners are learned on shadow federations dealt from the targets instead,
//!    all of which are training records of some candidate.
//!
//! A candidate that did not answer a record is no choice for it; where none answered there is no claim. Shares are estimated from
//! the probes that a candidate answered, and are about equal for one that answered none.
//!
//! Guarantee: a claim depends on its record and label, the parties' answers to it, and the adversary's own records with
//! the answers to those; if `transductive`, on the other targets with their labels and answers too. It never depends on
//! the order of the targets, on the numbers of the parties, or on threads.

mod claims;
mod linear;
mod owner;
mod shadow;
mod shares;
mod transductive;

pub(crate) use claims::claim;

/// What the attack is called, and what its random draws are addressed by.
const NAME: &str = "shadow_federation";
