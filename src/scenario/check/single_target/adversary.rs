//! What targets, shadow models and attack models are made of.

use turncoat_attack::{Features, Generation, Sees};
use turncoat_learn::Learner;

use crate::scenario::check::learner::learner;
use crate::scenario::reader::{At, Reader};
use crate::scenario::yaml::{Scalar, Value};

/// A list of learners, none of a kind twice: reports tell them apart by their kind.
pub(super) fn learners(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Vec<Learner>> {
    named(reader, at, learner, |learner| learner.name().into())
}

/// Entries of a list, at least one, none of a name twice.
fn named<T>(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    mut read: impl FnMut(&mut Reader<'_>, &At<'_>) -> Option<T>,
    name: impl Fn(&T) -> String,
) -> Option<Vec<T>> {
    let list = reader.list(at)?;
    if list.is_empty() {
        reader.refuse(at, "must name at least one learner");
        return None;
    }
    let mut entries: Vec<T> = Vec::new();
    let mut whole = true;
    for at in &list {
        match read(reader, at) {
            Some(entry) => {
                let called = name(&entry);
                if entries.iter().any(|other| name(other) == called) {
                    let rule = "there already: results tell learners apart by their kind; give each variant a run of its own";
                    reader.note(at.spot, &at.path, Some(called), rule, None);
                    whole = false;
                }
                entries.push(entry);
            }
            None => whole = false,
        }
    }
    whole.then_some(entries)
}

/// `{learners: [...], partitions: q}`; an entry of `learners` is a learner, or `{ensemble: [...]}` of several.
pub(super) fn generations(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Vec<Generation>> {
    let fields = reader.fields(at, &["learners", "partitions"])?;
    let partitions = match fields.get("partitions") {
        Some(at) => reader.whole_u32(&at, 1..=Generation::MAX_PARTITIONS),
        None => Some(1),
    };
    let list = reader.required(&fields, "learners", "a list of what stands in for the target");
    let entry = |reader: &mut Reader<'_>, at: &At<'_>| match at.value {
        Value::Map(entries) if entries.len() == 1 && entries[0].key == "ensemble" => {
            learners(reader, &at.below("ensemble", &entries[0].node))
        }
        _ => learner(reader, at).map(|learner| vec![learner]),
    };
    // Stood in for by one partition where that could not be read, so that the list is checked all the same.
    let read = |reader: &mut Reader<'_>, at: &At<'_>| {
        entry(reader, at).and_then(|learners| Generation::new(learners, partitions.unwrap_or(1)))
    };
    let list = list.and_then(|at| named(reader, &at, read, Generation::name));
    partitions.and(list)
}

/// `{learners: [...], sees: vector | {top_k: k}, label: bool, models: one | per_class}`.
pub(super) fn attack_models(reader: &mut Reader<'_>, at: &At<'_>) -> Option<(Vec<Learner>, Features)> {
    let fields = reader.fields(at, &["learners", "sees", "label", "models"])?;
    let list = reader.required(&fields, "learners", "a list of what learns to tell in from out");
    let list = list.and_then(|at| learners(reader, &at));
    let sees = match fields.get("sees") {
        Some(at) => sees(reader, &at),
        None => Some(Sees::Vector),
    };
    let label = match fields.get("label") {
        Some(at) => reader.flag(&at),
        None => Some(false),
    };
    let per_class = match fields.get("models") {
        Some(at) => reader.word(&at, &[("one", false), ("per_class", true)]),
        None => Some(true),
    };
    Some((list?, Features { sees: sees?, label: label?, per_class: per_class? }))
}

fn sees(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Sees> {
    let (tag, body) = reader.tagged(at, &["vector", "top_k"])?;
    if tag == "vector" {
        reader.fields(&body, &[])?;
        return Some(Sees::Vector);
    }
    if let Value::Scalar(Scalar::Int(_), _) = body.value {
        return reader.whole_u32(&body, 1..=100_000).map(Sees::TopK);
    }
    reader.refuse(&body, "must be how many of the largest probabilities, such as {top_k: 3}");
    None
}
