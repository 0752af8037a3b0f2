//! The scenario parser on any text and overrides: every violation, or a scenario that resolves to itself.
//! Overrides stand behind unit separators.

#![no_main]

use libfuzzer_sys::fuzz_target;
use turncoat::scenario::{Plan, ScenarioErrors};

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut parts = text.split('\u{1f}');
    let text = parts.next().unwrap_or_default();
    let overrides: Vec<String> = parts.map(String::from).collect();
    match Plan::parse("fuzz.yaml", text, &overrides) {
        Ok(Plan::Single(loaded)) => {
            let again = Plan::parse("again.yaml", &loaded.resolved_yaml, &[]);
            assert_eq!(again.expect("what was resolved is a scenario"), Plan::Single(loaded));
        }
        Ok(Plan::Sweep(sweep)) => {
            let again = Plan::parse("again.yaml", &sweep.resolved_yaml, &[]);
            let Ok(Plan::Sweep(again)) = again else { panic!("what was resolved is a sweep: {again:?}") };
            assert_eq!(again.resolved_yaml, sweep.resolved_yaml);
            let runs = |sweep: &turncoat::scenario::Sweep| -> Vec<String> {
                sweep.runs.iter().map(|run| run.loaded.sha256.clone()).collect()
            };
            assert_eq!(runs(&again), runs(&sweep));
        }
        Err(ScenarioErrors::Violations(violations)) => assert!(!violations.is_empty()),
        Err(other) => panic!("{other}"),
    }
});
