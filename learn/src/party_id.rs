//! The number of a party in its federation, counted from one as the literature does (P1, P2, P3).

use std::fmt;
use std::num::NonZeroU32;

/// A party of a federation: P1 is `PartyId::new(1)`.
///
/// ```
/// use turncoat_learn::PartyId;
///
/// assert_eq!(PartyId::new(0), None);
/// let names: Vec<String> = PartyId::first(2).map(|party| party.to_string()).collect();
/// assert_eq!(names, ["party-1", "party-2"]);
/// ```
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(transparent)]
#[schemars(inline, extend("x-rule" = "be the number of a party, from 1 to `federation.parties`"))]
pub struct PartyId(
    #[schemars(range(min = 1, max = crate::partition::PartitionParams::MAX_PARTIES))] NonZeroU32,
);

impl PartyId {
    /// The party of that number; `None` for zero, which names nobody.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// P1 to Pn, in order.
    pub fn first(n: u32) -> impl Iterator<Item = Self> {
        (1..=n).filter_map(Self::new)
    }

    /// The number, from one.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// The place in a list of all parties, from zero.
    #[must_use]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "party-{}", self.0)
    }
}
