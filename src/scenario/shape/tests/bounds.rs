//! Every bound of a number in the schema is the checker's: at the bound it is accepted, beyond it refused.

use serde_json::{Value, json};

use super::instances::{Place, places};
use super::told::violations;

/// Where another key decides too, so that the bound alone cannot be tried: the end of the key path and the reason.
const DECIDED_ELSEWHERE: [(&str, &str); 14] = [
    ("party.id", "federation.parties"),
    ("faults.0.crash.party", "federation.parties"),
    ("faults.0.restart.party", "federation.parties"),
    ("faults.0.delay.party", "federation.parties"),
    ("faults.0.drop.party", "federation.parties"),
    ("faults.0.corrupt.party", "federation.parties"),
    ("faults.0.partition.parties.0", "federation.parties"),
    ("byzantine.0.party", "federation.parties"),
    ("federation.commands.0.party", "federation.parties"),
    ("federation.require.at_least", "federation.parties"),
    ("boundaries.repeat", "repeats"),
    ("active_learning.labelled", "shadow.records"),
    ("active_learning.rounds", "labelled"),
    ("query.budget", "shadow.records"),
];
/// Entries of lists whose other entries decide too: sums, lengths, order.
const DECIDED_BY_THE_LIST: [&str; 2] = ["federation.skew.explicit.0.0", "federation.records_per_party.0"];

/// Whether the checker refuses a number there, by what it says of the place or of the list that it is in.
fn refused(place: &Place, number: Value) -> bool {
    let path = place.path(false);
    let all = violations(&place.with(number, false)).err().unwrap_or_default();
    all.iter().any(|violation| {
        let list = path.trim_end_matches(".0");
        violation.key_path == path || violation.key_path == list
    })
}

/// A little beyond a bound, to that side.
fn beyond(bound: f64, whole: bool, side: f64) -> Value {
    if whole {
        // Beyond u64 no whole number is left in JSON; the text of a larger one is a float.
        return match (side < 0.0, bound < 9e18) {
            (true, _) => json!(bound as i64 - 1),
            (false, true) => json!(bound as u64 + 1),
            (false, false) => json!(bound * 2.0),
        };
    }
    json!(bound + side * (bound.abs() * 0.01).max(if bound == 0.0 { 1e-3 } else { 0.0 }))
}

#[test]
fn every_bound_is_the_checkers() {
    let mut bounds = 0;
    for place in places() {
        let alternatives = place.body["anyOf"].as_array().cloned().unwrap_or_default();
        for body in alternatives.iter().chain([&place.schema, &place.body]) {
            for (name, side) in
                [("minimum", -1.0), ("exclusiveMinimum", -1.0), ("maximum", 1.0), ("exclusiveMaximum", 1.0)]
            {
                let Some(bound) = body.get(name) else { continue };
                let path = place.path(false);
                if DECIDED_BY_THE_LIST.contains(&path.as_str()) {
                    continue;
                }
                let types = body["type"].to_string();
                let (number, whole) = (bound.as_f64().unwrap(), types.contains("integer"));
                // As far as it can be told from a number of the other type.
                let at = if whole { bound.clone() } else { json!(number) };
                let inside = beyond(number, whole, -side);
                assert!(
                    refused(&place, beyond(number, whole, side)),
                    "{path}: beyond {name} {bound} is accepted"
                );
                if name.starts_with("exclusive") {
                    assert!(refused(&place, at), "{path}: {name} {bound} is accepted");
                    assert!(!refused(&place, inside), "{path}: within {name} {bound} is refused");
                } else if !DECIDED_ELSEWHERE.iter().any(|(end, _)| path.ends_with(end)) {
                    assert!(!refused(&place, at), "{path}: {name} {bound} is refused");
                }
                bounds += 1;
            }
        }
    }
    assert!(bounds >= 120, "{bounds}");
}
