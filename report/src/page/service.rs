//! What was asked, and whatever was answered without a party, rejected or refused.

use super::folder::Run;
use super::parts::{Part, paragraph, table};
use crate::result::service::DegradedResponses;
use crate::table::columns::Table;

/// Most rows of ranges; the report has all.
const ROWS: usize = 50;

/// Queries, and what was lost of them.
pub(super) fn service(run: &Run) -> Vec<Part> {
    let report = &run.report;
    if report.clients().is_empty() && report.degraded.is_empty() && report.rejected.is_empty() {
        return Vec::new();
    }
    let clients = Table::of(report.clients())
        .text("client", |client| &client.client)
        .number("asked", |client| client.asked)
        .number("answered", |client| client.answered)
        .number("refused", |client| client.refused)
        .text("by limit", |client| {
            let limits = client.refused_by.iter().map(|(limit, count)| format!("{limit}: {count}"));
            limits.collect::<Vec<_>>().join(", ")
        })
        .number("failed", |client| client.failed);
    let require = report.service.as_ref().map_or("", |service| &service.require);
    let heading = "Queries (single records) over all repeats; parties that have to answer";
    let mut parts = vec![table(&format!("{heading}: {require}"), clients)];
    let honest = report.byzantine.as_ref().map_or(&[][..], |figures| &figures.degraded);
    for (what, ranges) in [("", &report.degraded[..]), (" in the repeats without Byzantine parties", honest)]
    {
        if !ranges.is_empty() {
            let heading = format!("Queries answered by fewer parties than all{what}{}", cut(ranges.len()));
            parts.push(table(&heading, degraded(ranges)));
        }
    }
    if !report.rejected.is_empty() {
        let rejected = Table::of(report.rejected.iter().take(ROWS))
            .number("repeat", |one| one.repeat)
            .text("party", |one| format!("P{}", one.id))
            .text("rule", |one| &one.reason)
            .number("calls", |one| one.count)
            .number("first query", |one| one.first_query)
            .text("example", |one| &one.example);
        parts.push(table(&format!("Answers that were thrown away{}", cut(report.rejected.len())), rejected));
    }
    if !report.is_degraded() && report.rejected.is_empty() {
        parts.push(paragraph("Nothing was answered without a party, rejected or refused."));
    }
    parts
}

fn degraded(ranges: &[DegradedResponses]) -> Table<&DegradedResponses> {
    Table::of(ranges.iter().take(ROWS))
        .number("repeat", |range| range.repeat)
        .text("client", |range| &range.client)
        .number("first query", |range| range.first_query)
        .number("queries", |range| range.rows)
        .text("missing", |range| {
            let missing = range.missing.iter().map(|party| format!("P{} ({})", party.id, party.reason));
            missing.collect::<Vec<_>>().join(", ")
        })
}

fn cut(rows: usize) -> String {
    if rows > ROWS {
        format!("; the first {ROWS} of {rows}, all of them in report.json")
    } else {
        String::new()
    }
}
