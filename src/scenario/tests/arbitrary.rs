//! Texts that are no scenario, or nearly one: whatever they are, the check returns.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn no_text_makes_the_check_panic(text in any::<String>()) {
        let _ = parse(&text, &[]);
        let _ = parse(SMALL, &[&text, &format!("federation.skew={text}"), &format!("{text}=1")]);
    }

    #[test]
    fn no_yaml_like_text_makes_the_check_panic(text in "([-:?,\\[\\]{}#&*!|>'\"%@` \n~]|[a-c]|name: |federation:|\n  ){0,60}") {
        let _ = parse(&text, &[]);
    }

    /// Mutations of a sound scenario: a stretch of it replaced by something else.
    #[test]
    fn no_mutated_scenario_makes_the_check_panic(
        at in 0..SMALL.len(),
        cut in 0_usize..12,
        put in prop_oneof![
            Just(String::new()),
            "[-:,\\[\\]{}&*!|>'\" \n\t0-9a-z~.]{0,6}",
            Just("9999999999999999999999999999999999999999999".to_owned()),
            Just("-0.0e400".to_owned()),
            any::<String>(),
        ],
    ) {
        let end = (at + cut).min(SMALL.len());
        let text = format!("{}{put}{}", &SMALL[..at], &SMALL[end..]);
        match parse(&text, &[]) {
            Ok(loaded) => prop_assert_eq!(&parse(&loaded.resolved_yaml, &[]).unwrap(), &loaded),
            Err(ScenarioErrors::Violations(violations)) => prop_assert!(!violations.is_empty()),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
