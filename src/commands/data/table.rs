//! How a table was read, for the terminal: what was decided about the file, and what each column was taken for.

use turncoat_learn::data::{ColumnAccount, ColumnRole, TableAccount};

/// Columns that are shown before the rest is counted.
const SHOWN: usize = 60;

/// The account as text, with an empty line before.
pub(super) fn render(table: &TableAccount) -> String {
    let decisions = [
        ("encoding", &table.encoding),
        ("separator", &table.separator),
        ("decimal", &table.decimal),
        ("comment", &table.comment),
        ("header", &table.header),
    ];
    let mut text = String::new();
    for (what, decision) in decisions {
        let value = match decision.value.as_str() {
            "\t" => "tab",
            " " => "blank",
            value => value,
        };
        text.push_str(&format!("\n{what:<9}  {value:<12}  {}", decision.why));
    }
    let shown = || table.columns.iter().take(SHOWN);
    let widest = shown().map(|column| column.name.chars().count()).max().unwrap_or(0).max(6);
    text.push_str(&format!(
        "\n\n{:<widest$}  {:<13}  {:>9}  {:>9}  {:>9}  why\n",
        "column", "taken for", "values", "missing", "distinct"
    ));
    for column in shown() {
        let taken = match column.role {
            ColumnRole::Feature => column.kind.as_ref(),
            ColumnRole::Target => "target",
            ColumnRole::Dropped => "left out",
        };
        let distinct = column.distinct.map_or_else(|| "-".into(), |distinct| distinct.to_string());
        text.push_str(&format!(
            "{:<widest$}  {taken:<13}  {:>9}  {:>9}  {distinct:>9}  {}{}\n",
            column.name,
            column.present,
            column.missing,
            column.why,
            missing(&column)
        ));
    }
    if let Some(more @ 1..) = table.columns.len().checked_sub(SHOWN) {
        text.push_str(&format!("and {more} more columns; --format json has them all\n"));
    }
    let notes = table.notes();
    if !notes.is_empty() {
        text.push('\n');
    }
    notes.iter().for_each(|note| text.push_str(&format!("note: {note}\n")));
    text
}

/// `; missing: 3 NULL, 1 empty, each taken as 41`.
fn missing(column: &ColumnAccount<'_>) -> String {
    if column.missing_as.is_empty() {
        return String::new();
    }
    let mark = |text: &str| if text.is_empty() { "empty".to_owned() } else { format!("{text:?}") };
    let marks: Vec<String> = column
        .missing_as
        .iter()
        .map(|missing| format!("{} {}", missing.count, mark(&missing.text)))
        .collect();
    let filled =
        column.filled_with.map(|median| format!(", taken as the median, {median}")).unwrap_or_default();
    format!("; missing: {}{filled}", marks.join(", "))
}
