//! Checked wire -> domain, and domain -> wire. Whatever comes out of a `from_wire` satisfies the invariants of its
//! type; whatever does not is a [`Violation`] that names the field. Nothing here panics on a
//! message, however it was made.

pub mod absence;
pub mod account;
#[cfg(test)]
mod arbitrary;
pub mod challenge;
pub mod federation;
pub mod learner;
pub mod records;
pub mod vectors;

use turncoat_learn::PartyId;

use crate::violation::Violation;

/// A party's number, which counts from one.
pub(crate) fn party(number: u32, field: &'static str) -> Result<PartyId, Violation> {
    PartyId::new(number).ok_or_else(|| Violation::Value {
        field,
        value: number.to_string(),
        rule: "parties count from 1",
    })
}

/// A count that is at least one.
pub(crate) fn positive(count: u32, field: &'static str) -> Result<u32, Violation> {
    if count == 0 {
        return Err(Violation::Value { field, value: "0".into(), rule: "at least 1" });
    }
    Ok(count)
}
