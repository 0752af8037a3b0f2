//! The runs of a sweep: a row for each, and the vantage ladder of each.

use super::{Run, Swept};
use crate::files::folder::PAGE;
use crate::headline::{QUESTIONS, Reading, VANTAGES};
use crate::page::charts::{against_guessing, reported};
use crate::page::ladder::rung;
use crate::page::parts::{Part, picture, table};
use crate::picture::{Panel, Row};
use crate::result::figure::Figure;
use crate::sweep::folder::RUNS;
use crate::table::columns::{Cell, Table};

/// Most runs in the ladder.
const LADDER: usize = 16;

/// What the best attacks of a run reach on one question.
struct Best {
    insider: Option<Figure>,
    outsider: Option<Figure>,
    prior: Option<Figure>,
    /// The fewest that one of these rests on.
    claims: Option<f64>,
}

impl Best {
    fn of(reading: &Reading<'_>) -> Self {
        let (insider, outsider) = (reading.insider(), reading.outsider());
        let rests_on = [insider, outsider].into_iter().flatten();
        Self {
            insider: insider.and_then(|result| reading.shown(result)),
            outsider: outsider.and_then(|result| reading.shown(result)),
            prior: insider.or(outsider).and_then(|result| reading.prior(result)),
            claims: rests_on.filter_map(|result| result.claims(reading.figure)).reduce(f64::min),
        }
    }
}

/// What the best attacks of each run reach.
pub(super) fn runs(swept: &Swept) -> Vec<Part> {
    let best = |run| QUESTIONS.map(|(question, _)| Best::of(&swept.reading(run, question)));
    let rows: Vec<(&Run, [Best; 2])> = swept.runs.iter().map(|run| (run, best(run))).collect();
    let keys = swept.keys.iter().enumerate();
    let mut columns = keys
        .fold(Table::of(&rows), |known, (place, key)| known.text(key, |(run, _)| &run.values[place]))
        .column("run", false, |(run, _)| Cell::Link {
            text: run.folder.chars().take(8).collect(),
            to: format!("{RUNS}/{}/{PAGE}", run.folder),
        });
    let shown = |figure: Option<Figure>| figure.map_or_else(String::new, |figure| figure.percent(1));
    for (place, (question, _)) in QUESTIONS.iter().enumerate() {
        columns = columns
            .number(format!("{question}: insider"), |(_, best)| shown(best[place].insider))
            .number("outsider", |(_, best)| shown(best[place].outsider))
            .number("prior only", |(_, best)| shown(best[place].prior))
            .claims("claims", |(_, best)| best[place].claims);
    }
    vec![table(
        "The most precise attack (single targets, and where class counts alone never name some of the parties: the most accurate), chosen on half \
         of the repeats and told of the others, percent ± half of the 95 % interval; claims: of a repeat, the fewest that one of these figures rests on; each run links to its own \
         page",
        columns,
    )]
}

/// The best attack from each vantage, run by run.
pub(super) fn ladder(swept: &Swept) -> Vec<Part> {
    if swept.runs.iter().any(|run| run.report.federation.is_none()) {
        return Vec::new();
    }
    let cut = if swept.runs.len() > LADDER { format!(" The first {LADDER} runs.") } else { String::new() };
    vec![picture(
        "ladder",
        "The most precise attack from each vantage, run by run. The figures are in the table of runs",
        QUESTIONS.iter().filter_map(|(question, title)| panel(swept, question, title)),
        &format!(
            "The most precise attack from each vantage in percent with 95 % intervals. A residual party is one under \
             disclosure aggregator: it sees the average and its own vector, hence the mean of the others; a party under open sees \
             every vector. After Truex et al., section 4.7.{cut}"
        ),
    )]
}

fn panel(swept: &Swept, question: &str, title: &str) -> Option<Panel> {
    let (mut rows, mut claims) = (Vec::new(), Vec::new());
    for run in swept.runs.iter().take(LADDER) {
        let disclosure = run.report.federation.as_ref().map_or("", |of| of.disclosure.as_str());
        let reading = swept.reading(run, question);
        let mut found = Vec::new();
        for vantage in VANTAGES {
            let Some(result) = reading.vantage(vantage) else { continue };
            found.extend(reported(&reading, result, rung(vantage, disclosure)));
            claims.extend(result.claims(reading.figure));
        }
        if !found.is_empty() {
            rows.push(Row::heading(&swept.label(run)));
            rows.extend(found);
        }
    }
    against_guessing(title, swept.figure(question), rows, claims, &[])
}
