//! The one place that makes a [`Study`].

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::held::Held;
use crate::broken::Broken;
use crate::federation::Scenario;
use crate::places::{At, Notes};
use crate::resolve::{Resolved, federation, single_target};
use crate::schema::described;
use crate::study::Study;
use crate::walk::Walk;
use crate::written::Written;
use crate::yaml::Value as Tree;

/// Reads a whole scenario; one that names no kind is a federation. `None` only when a violation has been noted.
pub(crate) fn study(notes: &mut Notes<'_>, root: &At<'_>) -> Option<(Study, Resolved)> {
    let kind = match root.value {
        Tree::Map(entries) => entries.iter().find(|entry| entry.key == "kind"),
        _ => None,
    };
    let single = match kind {
        Some(entry) => {
            let words = &described()["definitions"]["federation_study"]["properties"]["kind"];
            let mut walk = Walk::new(notes);
            let kind = walk.read(&root.below("kind", &entry.node), words);
            if !walk.broken.sound("kind") {
                return None;
            }
            kind == "single_target"
        }
        None => false,
    };
    if single {
        let (written, _, broken) = read::<Written>(notes, root, &described()["then"])?;
        Held { notes, root, broken }.single_target(&written);
        let resolved = single_target(&written);
        notes.is_empty().then(|| (Study::SingleTarget(Box::new(written.into())), resolved))
    } else {
        let (mut scenario, value, broken) = read::<Scenario>(notes, root, &described()["else"])?;
        Held { notes, root, broken }.federation(&mut scenario, &value);
        let resolved = federation(&scenario);
        notes.is_empty().then(|| (Study::Federation(Box::new(scenario)), resolved))
    }
}

/// Reads a part of a scenario by its definition in the schema. `None` only when a violation has been noted.
pub(crate) fn part<T: DeserializeOwned>(notes: &mut Notes<'_>, at: &At<'_>, definition: &str) -> Option<T> {
    let (part, _, _) = read(notes, at, &json!({"$ref": format!("#/definitions/{definition}")}))?;
    notes.is_empty().then_some(part)
}

/// What a tree says by its schema: the type, the value that it was made of, and what is stood in for.
fn read<T: DeserializeOwned>(
    notes: &mut Notes<'_>,
    at: &At<'_>,
    schema: &Value,
) -> Option<(T, Value, Broken)> {
    let mut walk = Walk::new(notes);
    let value = walk.read(at, schema);
    let broken = walk.broken;
    match serde_json::from_value(value.clone()) {
        Ok(typed) => Some((typed, value, broken)),
        Err(_) if !notes.is_empty() => None,
        Err(error) => {
            // The schema is that of the type, so this is a mistake of ours; whoever wrote the scenario is told all the same.
            let rule =
                format!("cannot be read ({error}), which is a mistake of turncoat's; please report it");
            notes.note(at.spot, &at.path, None, rule, None);
            None
        }
    }
}
