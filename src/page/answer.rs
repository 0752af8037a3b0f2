//! The answer in one sentence: the most precise insider beside the most precise outsider, beside what class counts alone tell and
//! what guessing gives; and whether that is a difference at all.
//!
//! A figure is above another here if its 95 % interval lies wholly above the other's. That is stricter than a test of the
//! difference: intervals that overlap do not prove that two figures are the same, and the sentence says no more than that.
//! Membership is told on the class-matched draw of non-members, which class skew cannot flatter.

use crate::report::read::{ReadFigure, ReadReport, ReadResult};

/// What a page opens with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The answer.
    pub(crate) sentence: String,
    /// The same for the other question, where both were asked.
    pub(crate) more: Option<String>,
}

/// The most precise result of a question: of insiders (parties, or the aggregator where no party attacks) or of outsiders.
pub(crate) fn best<'a>(report: &'a ReadReport, question: &str, insider: bool) -> Option<&'a ReadResult> {
    let of_vantage = |vantage: &str| most_precise(report, question, vantage);
    if insider { of_vantage("party").or_else(|| of_vantage("aggregator")) } else { of_vantage("outsider") }
}

/// The most precise result of a vantage, of equals the first; of membership on the matched draw. An attack that has no precision in
/// some repeat, because it claimed nothing there, comes after those that have one in all.
pub(crate) fn most_precise<'a>(
    report: &'a ReadReport,
    question: &str,
    vantage: &str,
) -> Option<&'a ReadResult> {
    let mut best: Option<(&ReadResult, (bool, f64))> = None;
    for result in &report.results {
        let is = |field: &Option<String>, text: &str| field.as_deref() == Some(text);
        let counts = is(&result.question, question)
            && is(&result.vantage, vantage)
            && !is(&result.non_members, "uniform");
        let Some(figure) = result.figure("precision").filter(|_| counts) else { continue };
        let rank = (result.summary("precision").by_repeat.iter().all(Option::is_some), figure.mean);
        if best.is_none_or(|(_, other)| rank > other) {
            best = Some((result, rank));
        }
    }
    best.map(|(result, _)| result)
}

impl Answer {
    /// Of a report.
    pub(crate) fn of(report: &ReadReport) -> Self {
        if report.laboratory.is_some() {
            let sentence = single_target(report).unwrap_or_else(|| nothing(report).into());
            return Self { sentence, more: None };
        }
        let mut sentences: Vec<String> =
            ["source", "membership"].into_iter().filter_map(|question| sentence(report, question)).collect();
        if sentences.is_empty() {
            return Self { sentence: nothing(report).into(), more: None };
        }
        let first = sentences.remove(0);
        Self { sentence: first, more: sentences.into_iter().next() }
    }
}

fn nothing(report: &ReadReport) -> &'static str {
    if report.results.is_empty() {
        "No attack was run, so there is nothing to hold an insider against."
    } else {
        "No attack came to a figure: every one of them was refused, or claimed nothing; what was refused is told below."
    }
}

fn sentence(report: &ReadReport, question: &str) -> Option<String> {
    let (insider, outsider) = (best(report, question, true), best(report, question, false));
    match (insider, outsider) {
        (Some(insider), Some(outsider)) => Some(both(insider, outsider, question)),
        (Some(alone), None) => Some(format!(
            "{}; no outsider's attack came to a figure to hold it against.",
            one(alone, question)
        )),
        (None, Some(alone)) => {
            Some(format!("No insider's attack came to a figure here: {}.", one(alone, question)))
        }
        (None, None) => None,
    }
}

fn both(insider: &ReadResult, outsider: &ReadResult, question: &str) -> String {
    let figure = |result: &ReadResult| result.figure("precision");
    let (inside, outside) = (figure(insider), figure(outsider));
    let prior = insider.prior_only("precision");
    let beats_outsider = above(inside, outside);
    let beats_prior = prior.is_none() || above(inside, prior) == Some(true);
    let verdict = match (beats_outsider, beats_prior) {
        (Some(true), true) => "its interval lies above both",
        (Some(true), false) => {
            "its interval lies above the outsider's, but not above what class counts alone tell"
        }
        (Some(false), _) if is_larger(inside, outside) => {
            "the intervals overlap, so this run shows no difference to the outsider"
        }
        (Some(false), _) => "the insider is not more precise than the outsider here",
        (None, _) => "without intervals this shows no difference",
    };
    format!(
        "{}, an outsider ({}) with {}; {verdict}.",
        one(insider, question),
        name(outsider),
        shown(outside),
    )
}

/// "party-3 (least_loss) names the owner of a record with 71.3 % precision ..., where class counts alone give 66.6 % and guessing
/// 50.0 %".
fn one(result: &ReadResult, question: &str) -> String {
    let does = match question {
        "source" => "names the owner of a record",
        _ => "tells members from class-matched non-members",
    };
    let prior = result.prior_only("precision");
    let prior =
        prior.map_or_else(String::new, |prior| format!("class counts alone give {}, ", shown(Some(prior))));
    format!(
        "{} ({}) {does} with {} precision ({prior}guessing {})",
        result.adversary.as_deref().unwrap_or("the adversary"),
        name(result),
        shown(result.figure("precision")),
        guessing(result),
    )
}

fn guessing(result: &ReadResult) -> String {
    result.chance().map_or_else(|| "–".into(), |chance| format!("{:.1} %", 100.0 * chance))
}

/// Of single targets: the most accurate of all attacks, and whether it is above guessing. Precision would choose an attack that
/// hardly ever claims anything.
fn single_target(report: &ReadReport) -> Option<String> {
    let known = report.results.iter().filter_map(|result| Some((result, result.figure("accuracy")?)));
    let (best, accuracy) =
        known.reduce(|best, other| if other.1.mean > best.1.mean { other } else { best })?;
    let verdict = match (accuracy.ci95, best.chance()) {
        (Some([low, _]), Some(chance)) if low > chance => "its interval lies above guessing",
        (Some(_), _) => "its interval reaches down to guessing, so this run shows no leak",
        (None, _) => "without intervals this shows no leak",
    };
    let count = report.results.len();
    let of = if count > 1 { format!("the most accurate of {count} attacks, ") } else { String::new() };
    Some(format!(
        "A {} gives its records away to {of}{}, in {} of claims about class-matched members and non-members (guessing {}); {verdict}.",
        best.target.as_deref().unwrap_or("model"),
        name(best),
        shown(Some(accuracy)),
        guessing(best),
    ))
}

fn name(result: &ReadResult) -> String {
    let attack = result.id();
    match (&result.generation, &result.attack_learner) {
        (Some(generation), Some(learner)) => {
            format!("{attack}, {generation} shadows, {learner} attack model")
        }
        _ => attack.into(),
    }
}

/// `71.3 % (95 % interval 68.2 to 74.4)`.
fn shown(figure: Option<ReadFigure>) -> String {
    match figure {
        None => "no figure".into(),
        Some(ReadFigure { mean, ci95: None }) => format!("{:.1} %", 100.0 * mean),
        Some(ReadFigure { mean, ci95: Some([low, high]) }) => {
            format!("{:.1} % [{:.1}, {:.1}]", 100.0 * mean, 100.0 * low, 100.0 * high)
        }
    }
}

/// Whether the one's interval is wholly above the other's; none without intervals.
fn above(one: Option<ReadFigure>, other: Option<ReadFigure>) -> Option<bool> {
    let ([low, _], [_, high]) = (one?.ci95?, other?.ci95?);
    Some(low > high)
}

fn is_larger(one: Option<ReadFigure>, other: Option<ReadFigure>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.mean > other.mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(results: &[String]) -> ReadReport {
        let text = format!(r#"{{"schema": "turncoat.report/1", "results": [{}]}}"#, results.join(","));
        ReadReport::parse(&text).unwrap()
    }

    fn result(vantage: &str, question: &str, attack: &str, precision: &str) -> String {
        let adversary = if vantage == "party" { "party-3" } else { vantage };
        let draw = if question == "membership" { "\"matched\"" } else { "null" };
        format!(
            r#"{{"vantage": "{vantage}", "adversary": "{adversary}", "question": "{question}", "attack": "{attack}",
            "non_members": {draw}, "chance": 0.5, "precision": {precision},
            "prior_only": {{"precision": {{"mean": 0.6, "ci95": [0.58, 0.62]}}}}}}"#
        )
    }

    fn said(results: &[String]) -> String {
        Answer::of(&report(results)).sentence
    }

    const HIGH: &str = r#"{"mean": 0.713, "ci95": [0.682, 0.744]}"#;
    const LOW: &str = r#"{"mean": 0.501, "ci95": [0.48, 0.522]}"#;

    #[test]
    fn an_insider_who_is_better_is_said_to_be() {
        let outsider = result("outsider", "source", "least_loss", LOW);
        let worse = result("party", "source", "least_loss", LOW);
        assert_eq!(
            said(&[outsider.clone(), worse, result("party", "source", "prior_aware", HIGH)]),
            "party-3 (prior_aware) names the owner of a record with 71.3 % [68.2, 74.4] precision (class counts alone give \
             60.0 % [58.0, 62.0], guessing 50.0 %), an outsider (least_loss) with 50.1 % [48.0, 52.2]; its interval lies above both."
        );
        let between = r#"{"mean": 0.6, "ci95": [0.57, 0.63]}"#;
        assert!(said(&[outsider, result("party", "source", "prior_aware", between)]).ends_with(
            "its interval lies above the outsider's, but not above what class counts alone tell."
        ));
    }

    #[test]
    fn an_insider_who_is_not_better_is_not_praised() {
        let outsider = result("outsider", "source", "gap", r#"{"mean": 0.52, "ci95": [0.5, 0.54]}"#);
        let overlapping = result("party", "source", "gap", r#"{"mean": 0.53, "ci95": [0.51, 0.55]}"#);
        assert!(
            said(&[outsider.clone(), overlapping])
                .ends_with("so this run shows no difference to the outsider.")
        );
        assert!(
            said(&[outsider.clone(), result("party", "source", "gap", LOW)])
                .ends_with("the insider is not more precise than the outsider here.")
        );
        let single = result("party", "source", "gap", r#"{"mean": 0.9, "ci95": null}"#);
        assert!(said(&[outsider, single]).ends_with("without intervals this shows no difference."));
    }

    #[test]
    fn whoever_is_missing_is_named() {
        let outsider = result("outsider", "membership", "gap", LOW);
        assert!(
            said(std::slice::from_ref(&outsider))
                .starts_with("No insider's attack came to a figure here: outsider (gap) tells members")
        );
        let insider = result("party", "membership", "gap", HIGH);
        assert!(
            said(std::slice::from_ref(&insider))
                .ends_with("no outsider's attack came to a figure to hold it against.")
        );
        assert_eq!(said(&[]), "No attack was run, so there is nothing to hold an insider against.");
        let refused = result("party", "source", "gap", r#"{"mean": null, "ci95": null}"#);
        assert!(said(&[refused]).starts_with("No attack came to a figure"));
        // The aggregator speaks for insiders where no party attacks; both questions have a sentence, the source first.
        let hub = result("aggregator", "source", "least_loss", HIGH);
        let answer = Answer::of(&report(&[outsider, insider, hub]));
        assert!(answer.sentence.starts_with("aggregator (least_loss) names"), "{}", answer.sentence);
        assert!(answer.more.unwrap().starts_with("party-3 (gap) tells members"));
    }

    #[test]
    fn who_hardly_claims_anything_does_not_speak_for_the_others() {
        let rare = r#"{"mean": 1.0, "ci95": null, "by_repeat": [1.0, null]}"#;
        let steady = r#"{"mean": 0.6, "ci95": [0.5, 0.7], "by_repeat": [0.6, 0.6]}"#;
        let results = [result("party", "source", "rare", rare), result("party", "source", "steady", steady)];
        assert!(said(&results).starts_with("party-3 (steady)"));
        assert!(said(&results[..1]).starts_with("party-3 (rare)"));
    }

    #[test]
    fn single_targets_are_told_by_accuracy_and_held_against_guessing() {
        let report = |accuracy: &str| {
            let result = |learner: &str, accuracy: &str| {
                format!(
                    r#"{{"vantage": "outsider", "question": "membership", "attack": "gap", "target": "{learner}", "chance": 0.5,
                    "accuracy": {accuracy}, "precision": {{"mean": 1.0}}}}"#
                )
            };
            let weak = r#"{"mean": 0.5, "ci95": [0.4, 0.6]}"#;
            let text = format!(
                r#"{{"schema": "turncoat.report/1", "laboratory": {{}}, "results": [{}, {}]}}"#,
                result("knn", weak),
                result("decision_tree", accuracy)
            );
            Answer::of(&ReadReport::parse(&text).unwrap()).sentence
        };
        assert_eq!(
            report(r#"{"mean": 0.75, "ci95": [0.7, 0.8]}"#),
            "A decision_tree gives its records away to the most accurate of 2 attacks, gap, in 75.0 % [70.0, 80.0] of claims about \
             class-matched members and non-members (guessing 50.0 %); its interval lies above guessing."
        );
        assert!(report(r#"{"mean": 0.55, "ci95": [0.45, 0.65]}"#).ends_with("so this run shows no leak."));
        assert!(report(r#"{"mean": 0.55, "ci95": null}"#).ends_with("without intervals this shows no leak."));
    }

    #[test]
    fn the_uniform_draw_never_speaks() {
        let uniform = result("party", "membership", "gap", HIGH).replace("\"matched\"", "\"uniform\"");
        assert!(said(&[uniform]).starts_with("No attack came to a figure"));
    }
}
