//! The records that the most precise attacks identify most reliably.

use super::exposed::{Found, SHOWN, exposed};
use super::folder::Run;
use super::parts::{Part, small, table};
use crate::headline::Reading;
use crate::result::attack::ResultFigures;
use crate::table::columns::Table;

/// A table for each question (of single targets, for each target).
pub(super) fn records(run: &Run) -> Vec<Part> {
    let chosen = ["source", "membership"].into_iter().flat_map(|question| -> Vec<&ResultFigures> {
        let reading = Reading::of(&run.report, question);
        if run.report.single_target.is_some() {
            return reading.speakers().into_iter().map(|(_, result)| result).collect();
        }
        reading.insider().or_else(|| reading.outsider()).into_iter().collect()
    });
    let found = chosen.filter_map(|result| Some((result, exposed(run.claims.of(result)?))));
    let tables: Vec<Part> = found
        .filter(|(_, found)| !found.records.is_empty())
        .map(|(result, found)| of_attack(run, result, &found))
        .collect();
    if tables.is_empty() {
        return tables;
    }
    let explained = small(&format!(
        "The {SHOWN} records that the most precise attack (of single targets, the most accurate one) identified most reliably. A record is asked about in the repeats in which it \
         was a member; a hit is a claim that is right and no less sure than half of the claims of that attack in that repeat. Ordered \
         by the lower end of the 95 % Wilson interval of hits among the times asked. Each repeat trains on another draw of the \
         data, and the largest of many shares is large by chance alone: this says where to look, and is neither a record's own \
         risk nor a bound on what can be learned of it."
    ));
    std::iter::once(explained).chain(tables).collect()
}

fn of_attack(run: &Run, result: &ResultFigures, found: &Found) -> Part {
    let question = result.question.as_deref().unwrap_or_default();
    let ties = match found.ties {
        0 => String::new(),
        ties => format!("; {ties} more are exposed as much as the last one"),
    };
    let columns = Table::of(&found.records)
        .number("record", |one| one.record)
        .text("class", |one| one.label.map_or_else(String::new, |label| run.class(label as usize)))
        .number("times asked", |one| one.queried)
        .number("right", |one| one.right)
        .number("hits", |one| one.hit)
        .number("hits, percent", |one| format!("{:.0}", 100.0 * f64::from(one.hit) / f64::from(one.queried)))
        .number("at least, percent", |one| format!("{:.0}", 100.0 * one.at_least()));
    let caption = format!(
        "{question}, {} ({} records were asked about; record is the row of the data set, from 0){ties}",
        result.label(),
        found.queried
    );
    table(&caption, columns)
}
