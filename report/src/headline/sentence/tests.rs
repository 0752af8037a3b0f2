//! Sentences of reports that are written down here, and what they must not say.

use super::*;

/// One result: its figures by repeat, of precision and accuracy alike, beside a prior of 60 %.
struct Told {
    vantage: &'static str,
    question: &'static str,
    attack: &'static str,
    by_repeat: Vec<f64>,
}

impl Told {
    fn json(&self) -> String {
        let Self { vantage, question, attack, by_repeat } = self;
        let adversary = if *vantage == "party" { "party-3" } else { vantage };
        let draw = if *question == "membership" { "\"matched\"" } else { "null" };
        let summary = |values: &[f64]| {
            let summary = turncoat_attack::Summary::new(values.iter().copied().map(Some).collect());
            serde_json::to_string(&summary).unwrap()
        };
        let (figure, prior) = (summary(by_repeat), summary(&vec![0.6; by_repeat.len()]));
        format!(
            r#"{{"vantage": "{vantage}", "adversary": "{adversary}", "question": "{question}", "attack": "{attack}",
            "non_members": {draw}, "chance": 0.5, "claims": 400, "precision": {figure}, "accuracy": {figure},
            "candidates": [1, 2], "prior_only": {{"precision": {prior}, "accuracy": {prior}, "unnamed": 0}}}}"#
        )
    }
}

fn told(vantage: &'static str, question: &'static str, attack: &'static str, by_repeat: &[f64]) -> String {
    Told { vantage, question, attack, by_repeat: by_repeat.to_vec() }.json()
}

fn report(results: &[String]) -> Report {
    let text = format!(
        r#"{{"schema": "turncoat.report/1", "classes": ["a", "b"], "results": [{}]}}"#,
        results.join(",")
    );
    Report::parse(&text).unwrap()
}

fn said(results: &[String]) -> String {
    Headline::of(&report(results)).sentence
}

/// Around a mean, with deviations that sum to nought.
fn around(mean: f64) -> [f64; 4] {
    [mean - 0.03, mean + 0.03, mean + 0.01, mean - 0.01]
}

#[test]
fn an_insider_who_is_better_is_said_to_be() {
    // Differences to the prior: 0.08, 0.14, 0.12, 0.10, std 0.0258; t(0.975, 3) = 3.182: 4.1 points. To the outsider's: 0.2 each, so
    // that the deviation is that of a step of 1/400, 0.00072: 0.1 points.
    let results = [
        told("outsider", "source", "least_loss", &around(0.51)),
        told("party", "source", "prior_aware", &around(0.71)),
    ];
    assert_eq!(
        said(&results),
        "party-3 (prior_aware) names the owner of a record with 71.0 % [66.9, 75.1] precision; guessing gives 50.0 %, class counts \
         alone 60.0 % [60.0, 60.0], an outsider (least_loss) 51.0 % [46.9, 55.1]. That is 11.0 points [6.9, 15.1] more than class \
         counts alone, and 20.0 points [19.9, 20.1] more than the outsider. (400 claims a repeat; differences taken repeat by \
         repeat, intervals of them at 95 %.)"
    );
}

/// The intervals of both overlap; their difference, taken repeat by repeat, leaves no doubt.
#[test]
fn a_paired_difference_is_seen_where_intervals_overlap() {
    let results = [
        told("outsider", "source", "gap", &[0.62, 0.72, 0.68, 0.66]),
        told("party", "source", "gap", &[0.65, 0.75, 0.71, 0.70]),
    ];
    let text = said(&results);
    assert!(text.contains("3.2 points [2.5, 4.9] more than the outsider"), "{text}");
}

#[test]
fn an_insider_who_is_not_better_is_not_praised() {
    let outsider = told("outsider", "source", "gap", &around(0.71));
    let text = said(&[outsider.clone(), told("party", "source", "gap", &[0.72, 0.70, 0.73, 0.70])]);
    assert!(text.contains("more than class counts alone; over the outsider it is 0.3 points ["), "{text}");
    assert!(text.contains("so no difference to the outsider is shown."), "{text}");
    // What does not beat class counts is not held against the outsider.
    let text = said(&[
        told("outsider", "source", "gap", &around(0.4)),
        told("party", "source", "gap", &around(0.6)),
    ]);
    assert!(text.contains("this run does not show that the answers told anything."), "{text}");
    assert!(!text.contains("than the outsider"), "{text}");
    let text = said(&[outsider, told("party", "source", "gap", &[0.9])]);
    assert!(text.contains("One repeat has no interval, so no difference is shown."), "{text}");
}

/// The luckiest of several attacks is not told of the repeats that it was lucky on.
#[test]
fn the_best_attack_is_chosen_on_one_half_and_told_of_the_other() {
    let lucky = told("party", "source", "lucky", &[0.9, 0.9, 0.9, 0.52, 0.58, 0.56, 0.54]);
    let steady = told("party", "source", "steady", &[0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]);
    let text = said(&[steady.clone(), lucky]);
    assert!(
        text.starts_with(
            "party-3 (lucky, the most precise of 2 attacks) names the owner of a record with 55.0 %"
        ),
        "{text}"
    );
    assert!(
        text.contains("(Attacks chosen on repeats 1 to 3, told of repeats 4 to 7; 400 claims a repeat;"),
        "{text}"
    );
    // Nothing is chosen from one attack, so all of its repeats are told.
    assert!(!said(&[steady]).contains("chosen"));
}

#[test]
fn two_questions_share_the_risk() {
    let both =
        [told("party", "source", "gap", &around(0.7)), told("party", "membership", "gap", &around(0.7))];
    let headline = Headline::of(&report(&both));
    assert!(headline.sentence.contains("at 97.5 %"), "{}", headline.sentence);
    assert!(headline.more.unwrap().starts_with("party-3 (gap) tells members from class-matched non-members"));
}

#[test]
fn whoever_is_missing_is_named() {
    let outsider = told("outsider", "membership", "gap", &around(0.5));
    let text = said(std::slice::from_ref(&outsider));
    assert!(
        text.starts_with("No insider's attack came to a figure here. outsider (gap) tells members"),
        "{text}"
    );
    let insider = told("party", "membership", "gap", &around(0.7));
    assert!(said(std::slice::from_ref(&insider)).contains(", and no outsider's attack came to a figure"));
    assert_eq!(said(&[]), "No attack was run, so there is nothing to hold an insider against.");
    let refused = told("party", "source", "gap", &[0.5]).replace("0.5,", "null,").replace("0.5]", "null]");
    assert!(said(&[refused]).starts_with("No attack came to a figure"));
    // The aggregator speaks for insiders where no party attacks. Who was asked about other records is not compared.
    let hub = told("aggregator", "source", "least_loss", &around(0.8)).replace("[1, 2]", "[1, 2, 3]");
    let text = said(&[hub, told("outsider", "source", "gap", &around(0.5))]);
    assert!(text.starts_with("aggregator (least_loss) names"), "{text}");
    assert!(
        text.contains("the outsider was asked about other records, so that no difference is taken."),
        "{text}"
    );
}

#[test]
fn who_hardly_claims_anything_does_not_speak_for_the_others() {
    let rare = told("party", "source", "rare", &[0.987, 0.987, 0.99, 0.99]).replacen("0.987", "null", 9);
    let steady = told("party", "source", "steady", &around(0.6));
    assert!(said(&[rare.clone(), steady]).starts_with("party-3 (steady"));
    assert!(said(&[rare]).starts_with("party-3 (rare)"));
}

/// Where class counts leave a party unnamed, their precision is below what they know, and accuracies are compared.
#[test]
fn a_party_that_class_counts_never_name_turns_to_accuracy() {
    let named = told("party", "source", "gap", &around(0.7));
    let unnamed = named.replace(r#""unnamed": 0"#, r#""unnamed": 0.25"#);
    assert!(said(std::slice::from_ref(&named)).contains(" precision; guessing"));
    assert!(said(&[unnamed]).contains(" accuracy; guessing"));
    // A report of an older version does not say so: more candidates than classes cannot all be named.
    let older = named.replace(r#", "unnamed": 0"#, "");
    assert!(said(std::slice::from_ref(&older)).contains(" precision; guessing"));
    assert!(said(&[older.replace("[1, 2]", "[1, 2, 4]")]).contains(" accuracy; guessing"));
}

#[test]
fn single_targets_are_told_by_accuracy_and_held_against_guessing() {
    let said = |accuracy: &[f64]| {
        let target = |learner: &str, values: &[f64]| {
            told("outsider", "membership", "gap", values).replacen(
                '{',
                &format!(r#"{{"target": "{learner}", "#),
                1,
            )
        };
        let text = format!(
            r#"{{"schema": "turncoat.report/1", "single_target": {{}}, "results": [{}, {}]}}"#,
            target("knn", &[0.5, 0.5, 0.5, 0.5]),
            target("decision_tree", accuracy)
        );
        Headline::of(&Report::parse(&text).unwrap()).sentence
    };
    assert_eq!(
        said(&[0.9, 0.9, 0.74, 0.76]),
        "A decision_tree gives its records away to gap, the most accurate of 2 attacks in 75.0 % [62.3, 87.7] of claims about \
         class-matched members and non-members (guessing 50.0 %). That is 25.0 points [12.3, 37.7] above guessing. (Attacks chosen on \
         repeats 1 to 2, told of repeats 3 to 4; 400 claims a repeat; differences taken repeat by repeat, intervals of them at 95 %.)"
    );
    assert!(said(&[0.6, 0.6, 0.45, 0.65]).contains("this run shows no leak."));
    assert!(said(&[0.55]).contains("Without an interval this shows no leak."));
}

#[test]
fn the_uniform_draw_never_speaks() {
    let uniform = told("party", "membership", "gap", &around(0.7)).replace("\"matched\"", "\"uniform\"");
    assert!(said(&[uniform]).starts_with("No attack came to a figure"));
}
