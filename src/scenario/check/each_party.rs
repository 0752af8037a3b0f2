//! Lists whose entries are each about one party, and no two about the same.

use turncoat_learn::PartyId;

use crate::scenario::reader::{At, Reader};

/// Reads such a list; nothing at all is an empty one. `twice` says of a party what its entry before this one has done.
pub(super) fn each_party_once<T>(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    mut entry: impl FnMut(&mut Reader<'_>, &At<'_>) -> Option<T>,
    party_of: impl Fn(&T) -> PartyId,
    twice: impl Fn(PartyId) -> String,
) -> Option<Vec<T>> {
    if at.is_null() {
        return Some(Vec::new());
    }
    // All entries are read before the first violation is given way to.
    let mut all: Vec<T> = Vec::new();
    let mut whole = true;
    for at in reader.list(at)? {
        match entry(reader, &at) {
            Some(next) if all.iter().any(|before| party_of(before) == party_of(&next)) => {
                let party = party_of(&next);
                reader.note(at.spot, &at.path, Some(party.to_string()), twice(party), None);
                whole = false;
            }
            Some(next) => all.push(next),
            None => whole = false,
        }
    }
    whole.then_some(all)
}
