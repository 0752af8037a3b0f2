//! When a figure rests on too few claims for its interval.
//!
//! A fraction of c claims moves in steps of 1/c. With few steps, and nearly all claims right or nearly all wrong, the figures of several
//! repeats are often equal: their deviation is then too small, and the interval of their mean covers it less often than it says (six
//! claims, 95 % of them right, five repeats: 79 of 100 intervals). With thirty claims a repeat 94 of 100 still do where 98 % are right; the
//! guide has the table.

use crate::result::attack::ResultFigures;
use crate::result::figure::Mean;

/// Fewer claims in a repeat are too few.
pub const FEWEST: f64 = 30.0;
/// Most results that a note names.
const NAMED: usize = 4;
/// What stands beside such a number.
const MARK: &str = "†";

fn too_few(claims: f64) -> bool {
    claims > 0.0 && claims < FEWEST
}

/// A number of claims as it stands beside a figure, marked where it is too small.
#[must_use]
pub fn shown(claims: f64) -> String {
    if too_few(claims) { format!("{}{MARK}", short(claims)) } else { format!("{claims:.0}") }
}

/// `161 claims a repeat`, or `6† to 400 claims a repeat` of several figures; nothing where no number is known.
#[must_use]
pub fn range(claims: impl Iterator<Item = f64>) -> String {
    let known = claims.filter(|claims| *claims > 0.0);
    let ends = known.fold(None, |ends: Option<(f64, f64)>, claims| {
        Some(ends.map_or((claims, claims), |(least, most)| (least.min(claims), most.max(claims))))
    });
    let Some(ends) = ends else { return String::new() };
    let (least, most) = (shown(ends.0), shown(ends.1));
    let numbers = if least == most { least } else { format!("{least} to {most}") };
    format!("{numbers} {} a repeat", if ends.1 == 1.0 { "claim" } else { "claims" })
}

/// What the mark means, of a text that has it; nothing of another.
#[must_use]
pub fn legend(text: &str) -> Option<String> {
    text.contains(MARK)
        .then(|| format!("{MARK} fewer than {FEWEST} claims a repeat, too few for a 95 % interval."))
}

/// What a reader should know before trusting intervals.
#[must_use]
pub fn notes(results: &[ResultFigures]) -> Vec<String> {
    let (all, rest): (Vec<_>, Vec<_>) =
        results.iter().partition(|result| result.claims.is_some_and(|claims| too_few(claims.0)));
    let precisions: Vec<_> = rest
        .into_iter()
        .filter_map(|result| Some((result, result.claims_in.filter(|claims| too_few(claims.0))?)))
        .collect();
    let all: Vec<_> = all.into_iter().filter_map(|result| Some((result, result.claims?))).collect();
    let note = |found: &[(&ResultFigures, Mean)], what: &str| {
        let least = found.iter().map(|(_, claims)| claims.0).reduce(f64::min)?;
        let most = found.iter().map(|(_, claims)| claims.0).fold(least, f64::max);
        let range =
            if most - least < 0.05 { short(most) } else { format!("{} to {}", short(least), short(most)) };
        let mut names: Vec<String> = found.iter().take(NAMED).map(|(result, _)| name(result)).collect();
        if found.len() > NAMED {
            names.push(format!("{} more", found.len() - NAMED));
        }
        Some(format!(
            "{what} {range} claims a repeat, too few for a 95 % interval, which takes {FEWEST}: one claim is worth up to {:.1} points of \
             a repeat's figure ({})",
            100.0 / least.max(1.0),
            names.join("; ")
        ))
    };
    [note(&all, "figures rest on"), note(&precisions, "precisions rest on")].into_iter().flatten().collect()
}

fn short(claims: f64) -> String {
    format!("{claims:.1}").trim_end_matches(".0").to_owned()
}

fn name(result: &ResultFigures) -> String {
    let draw = result.field("non_members").map_or_else(String::new, |draw| format!(", {draw}"));
    format!("{}, {}{draw}", result.subject(), result.id())
}
