//! Every default of the schema is what the checker takes where nothing is said.

use serde_json::Value;

use super::super::schema::described;
use super::instances::{Place, places};
use super::told::violations;

/// A scenario written out with every default, or what is wrong with it.
fn resolved(text: &str) -> Result<String, String> {
    match violations(text) {
        Ok(plan) => Ok(plan.experiments().next().unwrap().resolved_yaml.clone()),
        Err(all) => Err(all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

/// The scenario of a place without the key: that of the map around it.
fn without(all: &[Place], place: &Place, root: &Value, after: bool) -> String {
    let path = place.path(false);
    let around = path.rsplit_once('.').map_or("", |(around, _)| around);
    let around = all.iter().find(|other| other.path(false) == around && other.body.get("anyOf").is_none());
    let around = around.unwrap_or_else(|| panic!("there is a map around {path}"));
    let mut least = around.least(root);
    if least.is_null() {
        least = Value::Object(Default::default());
    }
    if let (Value::Object(keys), Some((_, key))) = (&mut least, path.rsplit_once('.')) {
        keys.remove(key);
    }
    around.with(least, after)
}

#[test]
fn every_default_is_the_checkers() {
    let (root, all) = (described(), places());
    let mut defaults = 0;
    // Both kinds have their own root: the place of a key is that of the nearest root before it.
    let mut from = 0;
    for (index, place) in all.iter().enumerate() {
        if place.path(false).is_empty() {
            from = index;
        }
        let Some(default) = place.schema.get("default") else { continue };
        let path = place.path(false);
        let of_kind = &all[from..];
        let tried = |after| {
            let said = resolved(&place.with(default.clone(), after))?;
            Ok::<_, String>((said, resolved(&without(of_kind, place, &root, after))?))
        };
        let (said, unsaid) = tried(false).or_else(|_| tried(true)).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(said, unsaid, "{path}: {default}");
        defaults += 1;
    }
    assert!(defaults >= 90, "{defaults}");
}
