//! The records that the most precise attacks identify most reliably.

use super::exposed::{Exposed, Found, SHOWN, exposed};
use super::folder::Run;
use super::opening::best_of_target;
use super::parts::{Cell, Page};
use super::rocs::armed;
use crate::headline::Reading;
use crate::result::attack::ResultFigures;

/// A table for each question (of single targets, for each target).
pub(super) fn records(page: &mut Page, run: &Run) {
    let chosen: Vec<&ResultFigures> = match &run.report.laboratory {
        None => ["source", "membership"]
            .iter()
            .filter_map(|question| {
                let reading = Reading::of(&run.report, question);
                reading.insider().or_else(|| reading.outsider())
            })
            .collect(),
        Some(laboratory) => laboratory
            .targets
            .iter()
            .filter_map(|target| best_of_target(&run.report, &target.learner))
            .collect(),
    };
    let tables: Vec<(&ResultFigures, Found)> = chosen
        .into_iter()
        .filter_map(|result| {
            let found = exposed(run.claims.of(result)?);
            (!found.records.is_empty()).then_some((result, found))
        })
        .collect();
    if tables.is_empty() {
        return;
    }
    page.heading("records", "Most exposed records");
    page.small(&format!(
        "The {SHOWN} records that the most precise attack (of single targets, the most accurate one) identified most reliably. A record is asked about in the repeats in which it \
         was a member; a hit is a claim that is right and no less sure than half of the claims of that attack in that repeat. Ordered \
         by the lower end of the 95 % Wilson interval of hits among the times asked. Each repeat trains on another draw of the \
         data, and the largest of many shares is large by chance alone: this says where to look, and is neither a record's own \
         risk nor a bound on what can be learned of it."
    ));
    for (result, found) in &tables {
        let who = result.means.target.as_deref().or(result.adversary.as_deref()).unwrap_or_default();
        let question = result.question.as_deref().unwrap_or_default();
        let ties = match found.ties {
            0 => String::new(),
            ties => format!("; {ties} more are exposed as much as the last one"),
        };
        let row = |one: &Exposed| {
            let share =
                |count: u32| Cell::Number(format!("{:.0}", 100.0 * f64::from(count) / f64::from(one.asked)));
            vec![
                Cell::Number(one.record.to_string()),
                Cell::text(one.label.map(|label| run.class(label as usize)).unwrap_or_default()),
                Cell::Number(one.asked.to_string()),
                Cell::Number(one.right.to_string()),
                Cell::Number(one.hit.to_string()),
                share(one.hit),
                Cell::Number(format!("{:.0}", 100.0 * one.at_least())),
            ]
        };
        let rows: Vec<Vec<Cell>> = found.records.iter().map(row).collect();
        page.table(
            &format!(
                "{question}, {who}: {} ({} records were asked about; record is the row of the data set, from 0){ties}",
                armed(result),
                found.asked
            ),
            &["record", "class", "times asked", "right", "hits", "hits, percent", "at least, percent"],
            &rows,
        );
    }
}
