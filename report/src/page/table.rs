//! How the table that the records come from was read.

use turncoat_learn::data::{ColumnRole, TableAccount};

use super::folder::Run;
use super::parts::{Cell, Page};

/// Columns that are shown before the rest is counted.
const SHOWN: usize = 60;

/// What was decided about the file, and what each column was taken for; nothing where the records come from no table.
pub(super) fn table(page: &mut Page, run: &Run) {
    let Some(table) = &run.report.table else { return };
    page.heading("table", "How the table was read");
    let decided = [
        ("encoding", &table.encoding),
        ("separator", &table.separator),
        ("decimal mark", &table.decimal),
        ("comments", &table.comment),
        ("first line is a header", &table.header),
    ];
    let rows = decided.map(|(what, decision)| {
        vec![Cell::text(what), Cell::text(format!("{:?}", decision.value)), Cell::text(&decision.why)]
    });
    page.table("What was decided about the file, and why", &["", "taken as", "why"], &rows);
    let columns = ["column", "taken for", "values", "missing", "different values", "why", "remark"];
    page.table("What each column was taken for, and why", &columns, &column_rows(table));
    if let Some(more @ 1..) = table.columns.len().checked_sub(SHOWN) {
        page.small(&format!("And {more} more columns, in report.json under table.columns."));
    }
}

fn column_rows(table: &TableAccount) -> Vec<Vec<Cell>> {
    let shown = table.columns.iter().take(SHOWN);
    let row = shown.map(|column| {
        let taken = match column.role {
            ColumnRole::Feature => column.kind.to_string(),
            ColumnRole::Target => format!("target, {}", column.kind),
            ColumnRole::Dropped => "left out".into(),
        };
        let missing: Vec<String> = column
            .missing_as
            .iter()
            .map(|missing| format!("{} times {:?}", missing.count, missing.text))
            .collect();
        let mut why = column.why.into_owned();
        if !missing.is_empty() {
            why.push_str(&format!("; missing: {}", missing.join(", ")));
        }
        if let Some(median) = column.filled_with {
            why.push_str(&format!(", taken as the median, {median}"));
        }
        vec![
            Cell::text(column.name),
            Cell::text(taken),
            Cell::Number(column.present.to_string()),
            Cell::Number(column.missing.to_string()),
            Cell::Number(column.distinct.map(|distinct| distinct.to_string()).unwrap_or_default()),
            Cell::text(why),
            Cell::text(column.remarks.join("; ")),
        ]
    });
    row.collect()
}
