//! How the table that the records come from was read.

use turncoat_learn::data::{ColumnAccount, ColumnRole};

use super::folder::Run;
use super::parts::{Part, small, table as shown};
use crate::table::columns::Table;

/// Columns that are shown before the rest is counted.
const SHOWN: usize = 60;

/// What was decided about the file, and what each column was taken for; nothing where the records come from no table.
pub(super) fn table(run: &Run) -> Vec<Part> {
    let Some(table) = &run.report.table else { return Vec::new() };
    let decided = [
        ("encoding", &table.encoding),
        ("separator", &table.separator),
        ("decimal mark", &table.decimal),
        ("comments", &table.comment),
        ("first line is a header", &table.header),
    ];
    let decided = Table::of(&decided)
        .text("", |(what, _)| what)
        .text("taken as", |(_, decision)| format!("{:?}", decision.value))
        .text("why", |(_, decision)| &decision.why);
    let columns: Vec<ColumnAccount<'_>> = table.columns.iter().take(SHOWN).collect();
    let columns = Table::of(&columns)
        .text("column", |column| &column.name)
        .text("taken for", |column| match column.role {
            ColumnRole::Feature => column.kind.to_string(),
            ColumnRole::Target => format!("target, {}", column.kind),
            ColumnRole::Dropped => "left out".into(),
        })
        .number("values", |column| column.present)
        .number("missing", |column| column.missing)
        .number("different values", |column| {
            column.distinct.map_or_else(String::new, |distinct| distinct.to_string())
        })
        .text("why", why)
        .text("remark", |column| column.remarks.join("; "));
    let mut parts = vec![
        shown("What was decided about the file, and why", decided),
        shown("What each column was taken for, and why", columns),
    ];
    if let Some(more @ 1..) = table.columns.len().checked_sub(SHOWN) {
        parts.push(small(&format!("And {more} more columns, in report.json under table.columns.")));
    }
    parts
}

fn why(column: &ColumnAccount<'_>) -> String {
    let missing =
        column.missing_as.iter().map(|missing| format!("{} times {:?}", missing.count, missing.text));
    let missing: Vec<String> = missing.collect();
    let mut why = column.why.to_string();
    if !missing.is_empty() {
        why.push_str(&format!("; missing: {}", missing.join(", ")));
    }
    if let Some(median) = column.filled_with {
        why.push_str(&format!(", taken as the median, {median}"));
    }
    why
}
