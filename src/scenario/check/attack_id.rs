//! What tells an attack from the others: in scenarios, tables and CSV files, hence few kinds of characters.

use crate::scenario::reader::{At, Fields, Reader};

/// Characters of an id.
const LONGEST: usize = 64;

/// The id of an attack: what its key `id` says, or its name. `names` are those of all attacks.
pub(super) fn id(reader: &mut Reader<'_>, fields: &Fields<'_>, name: &str, names: &[&str]) -> Option<String> {
    let Some(at) = fields.given("id") else { return Some(name.into()) };
    let id = reader.text(&at)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
    if id.len() > LONGEST || !id.bytes().all(plain) {
        reader.refuse(&at, format!("must be letters, digits, `_`, `-` and `.`, at most {LONGEST} of them"));
        return None;
    }
    if id != name && names.contains(&id) {
        reader.refuse(&at, "is the name of another attack");
        return None;
    }
    Some(id.into())
}

/// Whether no attack before has this id; noted where one has.
pub(super) fn is_new(reader: &mut Reader<'_>, at: &At<'_>, id: &str, before: &[String]) -> bool {
    let new = !before.iter().any(|other| other == id);
    if !new {
        let rule = "an attack of this id is there already; keep one, or give this one an `id` of its own";
        reader.note(at.spot, &at.path, Some(id.into()), rule, None);
    }
    new
}
