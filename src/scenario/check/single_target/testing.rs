//! Parts of a scenario from their text alone.

use crate::scenario::reader::{At, Reader};
use crate::scenario::violation::ScenarioErrors;
use crate::scenario::yaml;

type Part<T> = fn(&mut Reader<'_>, &At<'_>) -> Option<T>;

fn read<T>(text: &str, part: Part<T>) -> (Option<T>, String) {
    let mut reader = Reader::new("x.yaml", &[]);
    let (root, violations) = yaml::read(text);
    violations.into_iter().for_each(|violation| reader.note_text(violation));
    let root = root.unwrap();
    let value = part(&mut reader, &At { path: "part".into(), ..At::root(&root) });
    let violations = reader.into_violations();
    let told = if violations.is_empty() {
        String::new()
    } else {
        ScenarioErrors::Violations(violations).to_string()
    };
    (value, told)
}

/// What a text that breaks no rule is read as.
pub(super) fn sound<T>(text: &str, part: Part<T>) -> T {
    let (value, told) = read(text, part);
    assert_eq!(told, "");
    value.unwrap()
}

/// The violations of a text that breaks rules; one of them is enough to refuse the scenario.
pub(super) fn refused<T>(text: &str, part: Part<T>) -> String {
    let (_, told) = read(text, part);
    assert!(!told.is_empty(), "{text} was read");
    told
}
