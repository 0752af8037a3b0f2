//! What was decided about a table in text, and why: the reader's account, for people who publish figures made of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column_accounts::ColumnAccounts;

/// Remarks that are told before the rest is only counted.
const MOST_NOTES: usize = 12;
/// Columns that a note names before it only counts them.
const MOST_NAMES: usize = 4;

/// How a table was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableAccount {
    /// How text is written as bytes.
    pub encoding: Decision,
    /// What stands between fields; its value is the word of a scenario.
    pub separator: Decision,
    /// What stands before the fraction of a number.
    pub decimal: Decision,
    /// What lines begin with that are no rows.
    pub comment: Decision,
    /// Whether the first line names the columns: `true` or `false`.
    pub header: Decision,
    /// Rows left out because their class is missing.
    pub rows_without_class: usize,
    /// Rows left out because they have more or fewer fields than the first.
    pub ragged_rows: usize,
    /// Every column of the file, from the left.
    pub columns: ColumnAccounts,
}

/// What was decided, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What.
    pub value: String,
    /// Why.
    pub why: String,
}

impl Decision {
    /// Why, where the scenario says so.
    pub(super) const DECLARED: &'static str = "declared";

    pub(super) fn new(value: impl ToString, why: impl Into<String>) -> Self {
        Self { value: value.to_string(), why: why.into() }
    }
}

impl TableAccount {
    /// What a reader should know before trusting figures made of this table, a sentence each: remarks on columns, those that say
    /// the same of several columns together, and rows that were left out.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let rows = |count: usize, what: &str| {
            let (rows, were) = if count == 1 { ("row", "was") } else { ("rows", "were") };
            (count > 0).then(|| format!("{count} {rows} of the table {what} {were} left out"))
        };
        notes.extend(rows(self.rows_without_class, "whose class is missing"));
        notes.extend(rows(self.ragged_rows, "with more or fewer fields than the first"));
        let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut order = Vec::new();
        for (column, remark) in self.columns.remarks() {
            let columns = said.entry(remark).or_default();
            if columns.is_empty() {
                order.push(remark);
            }
            columns.push(column);
        }
        for remark in order.iter().take(MOST_NOTES) {
            notes.push(format!("{}: {remark}", named(&said[*remark])));
        }
        if let Some(more @ 1..) = order.len().checked_sub(MOST_NOTES) {
            notes.push(format!("{more} more remarks on columns stand in `table.columns` of report.json"));
        }
        notes
    }
}

/// `column "age"`, `columns "age", "pay" and 5 more`.
fn named(columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().take(MOST_NAMES).map(|name| format!("{name:?}")).collect();
    let more = match columns.len().saturating_sub(MOST_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("column{} {}{more}", if columns.len() == 1 { "" } else { "s" }, names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ColumnAccount, ColumnRole};

    #[test]
    fn notes_say_what_several_columns_share_once() {
        let column = |name: &str, remark: &str| ColumnAccount {
            name: name.to_owned().into(),
            role: ColumnRole::Feature,
            kind: "numeric".into(),
            why: "".into(),
            present: 1,
            missing: 0,
            missing_as: Vec::new(),
            filled_with: None,
            distinct: Some(1),
            distinct_in_f32: None,
            remarks: vec![remark.to_owned().into()],
        };
        let decided = || Decision::new("", "");
        let mut account = TableAccount {
            encoding: decided(),
            separator: decided(),
            decimal: decided(),
            comment: decided(),
            header: decided(),
            rows_without_class: 1,
            ragged_rows: 0,
            columns: ["a", "b", "c", "d", "e", "f"].into_iter().map(|name| column(name, "same")).collect(),
        };
        account.columns.push(column("g", "other"));
        assert_eq!(
            account.notes(),
            [
                "1 row of the table whose class is missing was left out",
                "columns \"a\", \"b\", \"c\", \"d\" and 2 more: same",
                "column \"g\": other"
            ]
        );
        account.columns = (0..14).map(|at| column("x", &at.to_string())).collect();
        assert!(account.notes().last().unwrap().starts_with("2 more remarks"));
    }
}
