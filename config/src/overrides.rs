//! `--set key.path=value`: changes to the raw tree, before anything is checked.
//!
//! Missing maps on the way are made. A number names an entry of a list that is there. Setting below another tag of a
//! one-of-many value replaces the tag: `federation.skew.dirichlet.alpha=0.5` where the file says `skew: iid`.

use super::yaml::{self, Entry, Node, Scalar, Spot, TextViolation, Value, join, shown};

/// Values that are one of many, by key path; `*` is any step.
const ONE_OF: [&[&str]; 10] = [
    &["data"],
    &["data", "synthetic"],
    &["data", "purchase"],
    &["federation", "records_per_party"],
    &["federation", "skew"],
    &["federation", "learner"],
    &["knowledge"],
    &["attack", "sees"],
    &["adversaries", "*"],
    &["adversaries", "*", "*", "attacks", "*"],
];

/// One override, read and not yet applied.
pub(super) struct Override {
    /// The key path as it was written, without the blanks around it.
    pub(super) path: String,
    /// What it is to be.
    pub(super) value: Node,
    /// The override of that index.
    pub(super) spot: Spot,
}

impl Override {
    /// Reads the override of that index.
    pub(super) fn read(index: usize, text: &str) -> Result<Self, Vec<TextViolation>> {
        let spot = Spot::Override(index);
        let mut violations = Vec::new();
        let mut refuse = |key_path: &str, rule: String| {
            violations.push(TextViolation { spot, key_path: key_path.into(), rule });
        };
        match text.split_once('=') {
            None => refuse("", "write it as key.path=value".into()),
            Some((path, value)) => {
                let path = path.trim();
                if has_empty_step(path) {
                    refuse("", "write it as key.path=value, with no empty step in the path".into());
                } else if let Some(value) = value_of(value, spot, |rule| refuse(path, rule)) {
                    return Ok(Self { path: path.into(), value, spot });
                }
            }
        }
        Err(violations)
    }
}

/// Whether a key path has nothing between two of its dots, or at an end.
pub(super) fn has_empty_step(path: &str) -> bool {
    path.split('.').any(str::is_empty)
}

/// Whether setting one of these key paths can undo what setting the other did: one lies within the other, or they part
/// where only one of many may stand.
pub(super) fn contend(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split('.').collect(), other.split('.').collect());
    let shared = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    shared == one.len() || shared == other.len() || is_one_of(&one[..shared])
}

/// The value of an override; nothing after the `=` is null.
fn value_of(text: &str, spot: Spot, mut refuse: impl FnMut(String)) -> Option<Node> {
    if text.trim().is_empty() {
        return Some(Node { spot, value: Value::Scalar(Scalar::Null, String::new()) });
    }
    let (node, violations) = yaml::read(text);
    let sound = violations.is_empty();
    for violation in violations {
        refuse(violation.rule);
    }
    let mut node = node.filter(|_| sound)?;
    move_to(&mut node, spot);
    Some(node)
}

/// Gives a tree, of bounded depth, a new place.
fn move_to(node: &mut Node, spot: Spot) {
    node.spot = spot;
    match &mut node.value {
        Value::Scalar(..) => {}
        Value::List(items) => items.iter_mut().for_each(|item| move_to(item, spot)),
        Value::Map(entries) => {
            for entry in entries {
                entry.spot = spot;
                move_to(&mut entry.node, spot);
            }
        }
    }
}

/// Puts a value at a key path; `spot` is the place of the keys that are made on the way. An error is a key path and the
/// rule.
pub(super) fn set(root: &mut Node, path: &str, value: Node, spot: Spot) -> Result<(), (String, String)> {
    let steps: Vec<&str> = path.split('.').collect();
    let mut node = root;
    let mut path = String::new();
    for (depth, &step) in steps.iter().enumerate() {
        let above = path.clone();
        path = join(&path, step);
        if matches!(node.value, Value::Scalar(..)) {
            *node = Node { spot, value: Value::Map(Vec::new()) };
        }
        node = match &mut node.value {
            Value::List(items) => {
                let there = items.len();
                let entry = step.parse::<usize>().ok().and_then(|place| items.get_mut(place));
                entry.ok_or_else(|| {
                    let rule = format!("{above} is a list of {there}, whose entries count from 0");
                    (path.clone(), rule)
                })?
            }
            Value::Map(entries) => {
                if is_one_of(&steps[..depth]) {
                    entries.retain(|entry| entry.key == step);
                }
                let place = entries.iter().position(|entry| entry.key == step).unwrap_or_else(|| {
                    let node = Node { spot, value: Value::Map(Vec::new()) };
                    let number = step.parse().ok();
                    entries.push(Entry { key: step.into(), number, spot, node });
                    entries.len() - 1
                });
                &mut entries[place].node
            }
            Value::Scalar(..) => {
                return Err((path, format!("{} has no keys", shown(&above))));
            }
        };
    }
    *node = value;
    Ok(())
}

fn is_one_of(path: &[&str]) -> bool {
    ONE_OF.iter().any(|known| {
        known.len() == path.len()
            && known.iter().zip(path).all(|(known, step)| *known == "*" || known == step)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, overrides: &[&str]) -> (Node, Vec<String>) {
        let mut root = yaml::read(text).0.unwrap();
        let mut violations = Vec::new();
        for (index, text) in overrides.iter().enumerate() {
            match Override::read(index, text) {
                Ok(Override { path, value, spot }) => {
                    let done = set(&mut root, &path, value, spot);
                    violations.extend(done.err().map(|(path, rule)| format!("{path}: {rule}")));
                }
                Err(refused) => {
                    violations.extend(refused.into_iter().map(|v| format!("{}: {}", v.key_path, v.rule)));
                }
            }
        }
        (root, violations)
    }

    fn same(text: &str, overrides: &[&str], expected: &str) {
        let (mut got, violations) = after(text, overrides);
        assert_eq!(violations, [""; 0]);
        let mut expected = yaml::read(expected).0.unwrap();
        move_to(&mut got, Spot::Override(0));
        move_to(&mut expected, Spot::Override(0));
        assert_eq!(got, expected);
    }

    #[test]
    fn values_are_replaced_and_maps_made() {
        same("a: {b: 1}", &["a.b=2"], "a: {b: 2}");
        same("a: 1", &["b.c.d=[1, x]"], "a: 1\nb: {c: {d: [1, x]}}");
        same("a: [{b: 1}, {b: 2}]", &["a.1.b=3"], "a: [{b: 1}, {b: 3}]");
        same("a: 1", &["a=2", "a=3"], "a: 3");
        same("a: 1", &["a="], "a:");
        same("a: 1", &["a=x=y"], "a: x=y");
    }

    #[test]
    fn a_tag_is_replaced_where_the_value_is_one_of_many() {
        let file = "federation: {skew: {simplex: {}}, parties: 3}";
        same(file, &["federation.skew.iid={}"], "federation: {skew: {iid: {}}, parties: 3}");
        same(
            "federation: {skew: iid}",
            &["federation.skew.dirichlet.alpha=0.5"],
            "federation: {skew: {dirichlet: {alpha: 0.5}}}",
        );
        same(
            "adversaries: [{party: {id: 3, attacks: [a, b: {c: 1}]}}]",
            &["adversaries.0.party.id=2", "adversaries.0.party.attacks.1.d.c=2"],
            "adversaries: [{party: {id: 2, attacks: [a, d: {c: 2}]}}]",
        );
        same("data: {purchase: {classes: 50}}", &["data.purchase.path=p"], "data: {purchase: {path: p}}");
    }

    #[test]
    fn paths_contend_where_one_can_undo_the_other() {
        assert!(contend("federation.skew", "federation.skew.dirichlet.alpha"));
        assert!(contend("federation.skew.iid", "federation.skew.dirichlet.alpha"));
        assert!(contend("seed", "seed"));
        assert!(contend("data", "data.synthetic"));
        assert!(!contend("federation.skew.dirichlet.alpha", "federation.parties"));
        assert!(!contend("adversaries.0.party.id", "adversaries.1.party.id"));
        assert!(contend("adversaries.0.party.id", "adversaries.0.outsider.attacks"));
        assert!(!contend("seed", "repeats"));
    }

    #[test]
    fn what_cannot_be_set_is_said() {
        assert_eq!(after("a: 1", &["a"]).1, [": write it as key.path=value"]);
        assert_eq!(after("a: 1", &["a..b=1"]).1.len(), 1);
        assert_eq!(after("a: 1", &["=1"]).1.len(), 1);
        assert_eq!(after("a: [1]", &["a.3=1"]).1, ["a.3: a is a list of 1, whose entries count from 0"]);
        assert!(after("a: 1", &["a=[1"]).1[0].starts_with("a: not YAML"));
        assert!(after("a: 1", &["a={b: 1, b: 2}"]).1[0].starts_with("a: given twice"));
    }
}
