//! The answer in one sentence for each question: what an insider reaches, and how much of it is neither class counts nor what an
//! outsider reaches as well.

use super::reading::Difference;
use super::{PRECISION, Reading};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;
use crate::result::report::Report;

/// What a report opens with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Headline {
    /// The first question's answer.
    pub(crate) sentence: String,
    /// The same for the other question, where both were asked.
    pub(crate) more: Option<String>,
}

impl Headline {
    /// Of a report.
    pub(crate) fn of(report: &Report) -> Self {
        if report.single_target.is_some() {
            let sentence = single_target(report).unwrap_or_else(|| nothing(report).into());
            return Self { sentence, more: None };
        }
        let mut sentences =
            ["source", "membership"].into_iter().filter_map(|question| Self::to(report, question));
        let sentence = sentences.next().unwrap_or_else(|| nothing(report).into());
        Self { sentence, more: sentences.next() }
    }

    /// To one question of a federation; none where it was not asked, or where no attack came to a figure.
    pub(crate) fn to(report: &Report, question: &str) -> Option<String> {
        let reading = Reading::of(report, question);
        let (insider, outsider) = (reading.insider(), reading.outsider());
        let speaker = insider.or(outsider)?;
        let mut text = String::new();
        if insider.is_none() {
            text.push_str("No insider's attack came to a figure here. ");
        }
        text.push_str(&achievement(&reading, speaker, question));
        match (insider, outsider) {
            (Some(_), Some(outsider)) => {
                let figure = shown(reading.shown(outsider));
                text.push_str(&format!(", an outsider ({}) {figure}", attack_name(&reading, outsider)));
            }
            (Some(_), None) => {
                text.push_str(", and no outsider's attack came to a figure to hold it against")
            }
            (None, _) => {}
        }
        text.push_str(". ");
        text.push_str(&verdict(&reading, speaker, insider.and(outsider)));
        text.push_str(&basis(&reading, speaker));
        Some(text)
    }
}

fn nothing(report: &Report) -> &'static str {
    if report.results.is_empty() {
        "No attack was run, so there is nothing to hold an insider against."
    } else {
        "No attack came to a figure: every one of them was refused, or claimed nothing; what was refused is told below."
    }
}

/// "party-3 (least_loss) names the owner of a record with 71.3 % [68.2, 74.4] precision; guessing gives 50.0 %, class counts alone
/// 66.6 % [64.0, 69.2]".
fn achievement(reading: &Reading, result: &ResultFigures, question: &str) -> String {
    let does = match question {
        "source" => "names the owner of a record",
        _ => "tells members from class-matched non-members",
    };
    let prior = reading.prior(result);
    let prior =
        prior.map_or_else(String::new, |prior| format!(", class counts alone {}", shown(Some(prior))));
    format!(
        "{} ({}) {does} with {} {}; guessing gives {}{prior}",
        result.adversary.as_deref().unwrap_or("the adversary"),
        attack_name(reading, result),
        shown(reading.shown(result)),
        reading.figure,
        guessing(result),
    )
}

/// What may be said about the differences.
fn verdict(reading: &Reading, result: &ResultFigures, outsider: Option<&ResultFigures>) -> String {
    let Some(over_prior) = reading.over_prior(result) else {
        return "Without figures repeat by repeat no difference is shown.".into();
    };
    let points = points(&over_prior);
    match over_prior.is_above_nought() {
        None => return "One repeat has no interval, so no difference is shown.".into(),
        Some(false) => {
            return format!(
                "Over class counts alone that is {points}, which does not lie above nought: this run does not show that the \
                 answers told anything."
            );
        }
        Some(true) => {}
    }
    let prior = format!("That is {points} more than class counts alone");
    let Some(outsider) = outsider else { return format!("{prior}.") };
    match reading.over(result, outsider) {
        None => {
            format!("{prior}; the outsider was asked about other records, so that no difference is taken.")
        }
        Some(over) if over.is_above_nought() == Some(true) => {
            format!("{prior}, and {} more than the outsider.", self::points(&over))
        }
        Some(over) => {
            format!(
                "{prior}; over the outsider it is {}, so no difference to the outsider is shown.",
                self::points(&over)
            )
        }
    }
}

/// On what the figures rest.
fn basis(reading: &Reading, result: &ResultFigures) -> String {
    let mut parts = Vec::new();
    parts.extend(reading.halves().map(|halves| format!("attacks {halves}")));
    if let Some(claims) = result.claims(reading.figure) {
        parts.push(format!("{claims:.0} claims a repeat"));
    }
    parts.push(format!("differences taken repeat by repeat, intervals of them at {} %", level(reading)));
    format!(" ({}.)", capital(&parts.join("; ")))
}

fn level(reading: &Reading) -> f64 {
    (1_000.0 * reading.confidence).round() / 10.0
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn guessing(result: &ResultFigures) -> String {
    result.chance.map_or_else(|| "–".into(), |chance| format!("{:.1} %", 100.0 * chance))
}

/// Of single targets: the most accurate of all attacks, and whether it is above guessing.
fn single_target(report: &Report) -> Option<String> {
    let reading = Reading::of(report, "membership");
    let best = reading.target(None)?;
    let over = reading.over_chance(best);
    let verdict = match over.map(|over| (points(&over), over.is_above_nought())) {
        Some((points, Some(true))) => format!("That is {points} above guessing."),
        Some((points, Some(false))) => {
            format!(
                "Over guessing that is {points}, which does not lie above nought: this run shows no leak."
            )
        }
        _ => "Without an interval this shows no leak.".into(),
    };
    Some(format!(
        "A {} gives its records away to {} in {} of claims about class-matched members and non-members (guessing {}). {verdict}{}",
        best.means.target.as_deref().unwrap_or("model"),
        attack_name(&reading, best),
        shown(reading.shown(best)),
        guessing(best),
        basis(&reading, best),
    ))
}

/// `least_loss`, or `least_loss, the most precise of 3 attacks`.
fn attack_name(reading: &Reading, result: &ResultFigures) -> String {
    let attack = result.id();
    let name = match (&result.means.generation, &result.means.attack_learner) {
        (Some(generation), Some(learner)) => {
            format!("{attack}, {generation} shadows, {learner} attack model")
        }
        _ => attack.to_owned(),
    };
    let most = if reading.figure == PRECISION { "most precise" } else { "most accurate" };
    match reading.rivals(result) {
        0 | 1 => name,
        rivals => format!("{name}, the {most} of {rivals} attacks"),
    }
}

/// `71.3 % [68.2, 74.4]`.
fn shown(figure: Option<Figure>) -> String {
    match figure {
        None => "no figure".into(),
        Some(Figure { mean, ci95: None }) => format!("{:.1} %", 100.0 * mean),
        Some(Figure { mean, ci95: Some([low, high]) }) => {
            format!("{:.1} % [{:.1}, {:.1}]", 100.0 * mean, 100.0 * low, 100.0 * high)
        }
    }
}

/// `4.7 points [1.2, 8.2]`.
fn points(difference: &Difference) -> String {
    let interval = difference
        .interval
        .map_or_else(String::new, |[low, high]| format!(" [{:.1}, {:.1}]", 100.0 * low, 100.0 * high));
    format!("{:.1} points{interval}", 100.0 * difference.mean)
}

#[cfg(test)]
mod tests;
