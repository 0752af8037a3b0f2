//! What was asked, and whatever was answered without a party, rejected or refused.

use super::parts::{Cell, Page};
use crate::result::report::Report;
use crate::result::service::DegradedAnswers;

/// Most rows of ranges; the report has all.
const ROWS: usize = 50;

/// Queries, and what was lost of them.
pub(super) fn service(page: &mut Page, report: &Report) {
    if report.clients().is_empty() && report.degraded.is_empty() && report.rejected.is_empty() {
        return;
    }
    page.heading("service", "What was asked, and what was lost");
    let number = |count: u64| Cell::Number(count.to_string());
    let clients: Vec<Vec<Cell>> = report
        .clients()
        .iter()
        .map(|client| {
            let limits: Vec<String> =
                client.refused_by.iter().map(|(limit, count)| format!("{limit}: {count}")).collect();
            vec![
                Cell::text(&client.client),
                number(client.asked),
                number(client.answered),
                number(client.refused),
                Cell::text(limits.join(", ")),
                number(client.failed),
            ]
        })
        .collect();
    page.table(
        &format!(
            "Queries (single records) over all repeats; parties that have to answer: {}",
            report.service.as_ref().map_or("", |service| &service.require)
        ),
        &["client", "asked", "answered", "refused", "by limit", "failed"],
        &clients,
    );
    let honest = report.byzantine.as_ref().map_or(&[][..], |figures| &figures.degraded);
    for (what, ranges) in [("", &report.degraded[..]), (" in the repeats without lies", honest)] {
        degraded(page, what, ranges);
    }
    if !report.rejected.is_empty() {
        let rows: Vec<Vec<Cell>> = report
            .rejected
            .iter()
            .take(ROWS)
            .map(|one| {
                vec![
                    number(u64::from(one.repeat)),
                    Cell::text(format!("P{}", one.id)),
                    Cell::text(&one.reason),
                    number(one.count),
                    number(one.first_query),
                    Cell::text(&one.example),
                ]
            })
            .collect();
        page.table(
            &format!("Answers that were thrown away{}", cut(report.rejected.len())),
            &["repeat", "party", "rule", "calls", "first query", "example"],
            &rows,
        );
    }
    if !report.is_degraded() && report.rejected.is_empty() {
        page.paragraph("Nothing was answered without a party, rejected or refused.");
    }
}

fn degraded(page: &mut Page, what: &str, ranges: &[DegradedAnswers]) {
    if ranges.is_empty() {
        return;
    }
    let row = |range: &DegradedAnswers| {
        let missing: Vec<String> =
            range.missing.iter().map(|party| format!("P{} ({})", party.id, party.reason)).collect();
        vec![
            Cell::Number(range.repeat.to_string()),
            Cell::text(&range.client),
            Cell::Number(range.first_query.to_string()),
            Cell::Number(range.rows.to_string()),
            Cell::text(missing.join(", ")),
        ]
    };
    let rows: Vec<Vec<Cell>> = ranges.iter().take(ROWS).map(row).collect();
    page.table(
        &format!("Queries answered by fewer parties than all{what}{}", cut(ranges.len())),
        &["repeat", "client", "first query", "queries", "missing"],
        &rows,
    );
}

fn cut(rows: usize) -> String {
    if rows > ROWS {
        format!("; the first {ROWS} of {rows}, all of them in report.json")
    } else {
        String::new()
    }
}
