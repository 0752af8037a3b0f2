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

/// A scenario of the repository with a stretch replaced by a stretch of another: what is accepted resolves to itself.
#[test]
fn no_mutation_of_the_repositorys_scenarios_makes_the_check_panic() {
    let below = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let mut texts = Vec::new();
    for part in ["", "truex", "truex/small"] {
        let mut paths: Vec<_> =
            std::fs::read_dir(below.join(part)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
        paths.sort();
        texts.extend(paths.iter().map(|path| std::fs::read_to_string(path).unwrap()));
    }
    assert!(texts.len() > 10);
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 400, ..Default::default() });
    let place = || (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..40);
    let strategy = (place(), place(), prop_oneof![Just(0_usize), 0_usize..4]);
    let accepted = std::cell::Cell::new(0);
    let tried = runner.run(&strategy, |((of, at, cut), (from, start, _), length)| {
        let (text, other) = (&texts[of.index(texts.len())], &texts[from.index(texts.len())]);
        // Whole characters, whole lines of the other.
        let at = (0..=at.index(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        let end =
            (at + cut.min(text.len() - at)..=text.len()).find(|&end| text.is_char_boundary(end)).unwrap();
        let lines: Vec<&str> = other.lines().collect();
        let put =
            lines.iter().skip(start.index(lines.len())).take(length).copied().collect::<Vec<_>>().join("\n");
        let mutated = format!("{}{put}{}", &text[..at], &text[end..]);
        match Plan::parse("mutated.yaml", &mutated, &[]) {
            Ok(Plan::Single(loaded)) => {
                accepted.set(accepted.get() + 1);
                prop_assert_eq!(&parse(&loaded.resolved_yaml, &[]).unwrap(), &*loaded);
            }
            Ok(Plan::Sweep(sweep)) => {
                accepted.set(accepted.get() + 1);
                let again = Plan::parse("again.yaml", &sweep.resolved_yaml, &[]).unwrap();
                let Plan::Sweep(again) = again else { return Err(TestCaseError::fail("no sweep any more")) };
                prop_assert_eq!(again.resolved_yaml, sweep.resolved_yaml);
            }
            Err(ScenarioErrors::Violations(violations)) => prop_assert!(!violations.is_empty()),
            Err(other) => prop_assert!(false, "{}", other),
        }
        Ok(())
    });
    tried.unwrap();
    assert!(accepted.get() > 40, "mutations in comments, at least, are accepted: {}", accepted.get());
}
