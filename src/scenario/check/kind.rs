//! Which kind of experiment a scenario is; the rest of its keys follow from that.

use super::federation_study::federation_study;
use super::single_target::single_target;
use crate::scenario::reader::{At, Reader};
use crate::scenario::study::Study;
use crate::scenario::yaml::Value;

#[derive(Clone, Copy)]
enum Kind {
    Federation,
    SingleTarget,
}

const KINDS: [(&str, Kind); 2] = [("federation", Kind::Federation), ("single_target", Kind::SingleTarget)];

/// Reads a whole scenario; one that names no kind is a federation. `None` only when the reader has noted a violation.
pub(in crate::scenario) fn check(reader: &mut Reader<'_>, root: &At<'_>) -> Option<Study> {
    let written = match root.value {
        Value::Map(entries) => entries.iter().find(|entry| entry.key == "kind"),
        _ => None,
    };
    let kind = match written {
        Some(entry) => reader.word(&root.below("kind", &entry.node), &KINDS)?,
        None => Kind::Federation,
    };
    match kind {
        Kind::Federation => {
            federation_study(reader, root).map(|scenario| Study::Federation(Box::new(scenario)))
        }
        Kind::SingleTarget => single_target(reader, root).map(|study| Study::SingleTarget(Box::new(study))),
    }
}
