//! What scenarios of either kind say: how they are called, what numbers they draw from, and on which data.

use turncoat_learn::data::DataSource;
use turncoat_learn::preprocess::Preprocess;

use super::data::{data as data_source, preprocess};
use crate::scenario::reader::{At, Fields, Reader};

/// The keys that [`Common::read`] reads, and those that are read before it: `kind`, and `sweep`, which is gone by then and
/// named here for whoever misspells it.
pub(super) const KEYS: [&str; 7] = ["kind", "name", "seed", "repeats", "sweep", "data", "preprocess"];
const MAX_NAME: usize = 100;
const MAX_REPEATS: u32 = 1_000_000;

/// Each as far as it could be read.
pub(super) struct Common {
    pub(super) name: Option<String>,
    pub(super) seed: Option<u64>,
    pub(super) repeats: Option<u32>,
    pub(super) data: Option<DataSource>,
    pub(super) preprocess: Option<Preprocess>,
}

impl Common {
    pub(super) fn read(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Self {
        let name = reader.required(fields, "name", "what reports call the experiment");
        let name = name.and_then(|at| read_name(reader, &at));
        let seed = reader.required(fields, "seed", "the whole number from which every random draw derives");
        let seed = seed.and_then(|at| reader.whole(&at, 0..=u64::MAX));
        let repeats = match fields.get("repeats") {
            Some(at) => reader.whole_u32(&at, 1..=MAX_REPEATS),
            None => Some(1),
        };
        let data = reader.required(fields, "data", "where the records come from, such as `winequality`");
        let data = data.and_then(|at| data_source(reader, &at));
        let preprocess = match fields.get("preprocess") {
            Some(at) => preprocess(reader, &at),
            None => Some(Preprocess::default()),
        };
        Self { name, seed, repeats, data, preprocess }
    }
}

fn read_name(reader: &mut Reader<'_>, at: &At<'_>) -> Option<String> {
    let name = reader.text(at)?;
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        reader.refuse(at, format!("must be one line of at most {MAX_NAME} characters"));
        return None;
    }
    Some(name.into())
}
