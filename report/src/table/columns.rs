//! A table as data: rows, and the columns over them, each a heading with what stands under it. It is described once and shown on the
//! terminal or in a page.

use comfy_table::{CellAlignment, presets};
use turncoat_attack::Summary;
use turncoat_learn::visible;

use crate::few_claims;
use crate::result::figure::Figure;

/// What stands in a row under a heading.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// As it is.
    Text(String),
    /// A figure in percent: of which result (its place in the report) and under which name, where it is one of a result.
    Figure { figure: Option<Figure>, of: Option<(usize, String)> },
    /// A link: what it says, and where it leads.
    Link { text: String, to: String },
}

impl Cell {
    /// Its text, with what stands for a figure that does not exist.
    pub(crate) fn shown(&self, dash: &str) -> String {
        match self {
            Self::Text(text) | Self::Link { text, .. } => text.clone(),
            Self::Figure { figure, .. } => figure.map_or_else(|| dash.into(), |figure| figure.percent(1)),
        }
    }
}

/// A heading with its cells, one for each row.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// What stands above.
    pub(crate) heading: String,
    /// Whether it holds numbers, which stand on the right.
    pub(crate) number: bool,
    /// From the first row to the last.
    pub(crate) cells: Vec<Cell>,
}

impl Column {
    /// Whether no row has anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| matches!(cell, Cell::Text(text) if text.is_empty()))
    }
}

/// Rows under the columns that were added so far.
#[derive(Clone, Debug)]
pub struct Table<R> {
    rows: Vec<R>,
    columns: Vec<Column>,
}

impl<R: Copy> Table<R> {
    /// Of rows, still without a column.
    pub fn of(rows: impl IntoIterator<Item = R>) -> Self {
        Self { rows: rows.into_iter().collect(), columns: Vec::new() }
    }

    /// Adds a column of text.
    #[must_use]
    pub fn text<S: ToString>(self, heading: impl Into<String>, of: impl Fn(R) -> S) -> Self {
        self.column(heading, false, |row| Cell::Text(of(row).to_string()))
    }

    /// Adds a column of numbers.
    #[must_use]
    pub fn number<S: ToString>(self, heading: impl Into<String>, of: impl Fn(R) -> S) -> Self {
        self.column(heading, true, |row| Cell::Text(of(row).to_string()))
    }

    /// Adds a column of figures in percent, a dash for those that do not exist.
    #[must_use]
    pub(crate) fn figure(self, heading: impl Into<String>, of: impl Fn(R) -> Option<Figure>) -> Self {
        self.column(heading, true, |row| Cell::Figure { figure: of(row), of: None })
    }

    /// Adds a column of figures that have their repeats.
    #[must_use]
    pub(crate) fn summary<'s>(self, heading: impl Into<String>, of: impl Fn(R) -> &'s Summary) -> Self {
        self.figure(heading, |row| Figure::of(of(row)))
    }

    /// Adds a column of their means alone.
    #[must_use]
    pub(crate) fn mean<'s>(self, heading: impl Into<String>, of: impl Fn(R) -> &'s Summary) -> Self {
        self.figure(heading, |row| of(row).mean.map(|mean| Figure { mean, ci95: None }))
    }

    /// Adds a column of numbers of claims, marked where they are too small for an interval.
    #[must_use]
    pub(crate) fn claims(self, heading: impl Into<String>, of: impl Fn(R) -> Option<f64>) -> Self {
        self.number(heading, |row| of(row).map_or_else(String::new, few_claims::shown))
    }

    /// Adds a column of any cells.
    #[must_use]
    pub(crate) fn column(mut self, heading: impl Into<String>, number: bool, of: impl Fn(R) -> Cell) -> Self {
        let cells = self.rows.iter().map(|row| of(*row)).collect();
        self.columns.push(Column { heading: heading.into(), number, cells });
        self
    }

    /// Breaks headings that are wider than their figures into two lines.
    #[must_use]
    pub(crate) fn narrow(mut self) -> Self {
        self.columns.iter_mut().for_each(|column| column.heading = in_two_lines(&column.heading));
        self
    }

    /// Its columns.
    pub(crate) fn columns(self) -> Vec<Column> {
        self.columns
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For the terminal, without a column in which no row has anything.
    pub fn terminal(&self) -> comfy_table::Table {
        let used = || self.columns.iter().filter(|column| self.is_empty() || !column.is_empty());
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_header(used().map(|column| &column.heading));
        for row in 0..self.rows.len() {
            table.add_row(used().map(|column| visible::line(&column.cells[row].shown("-")).into_owned()));
        }
        for (shown, column) in table.column_iter_mut().zip(used()) {
            shown.set_cell_alignment(if column.number { CellAlignment::Right } else { CellAlignment::Left });
        }
        table
    }
}

/// Broken at the blank nearest to its middle, or else on the second line.
fn in_two_lines(heading: &str) -> String {
    let blanks = heading.match_indices(' ').map(|(place, _)| place);
    match blanks.min_by_key(|place| (2 * place).abs_diff(heading.len())) {
        Some(place) => format!("{}\n{}", &heading[..place], &heading[place + 1..]),
        None => format!("\n{heading}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_nothing_is_left_out_and_what_does_not_exist_is_a_dash() {
        let figure = |mean| Some(Figure { mean, ci95: None });
        let rows = [("least_loss", figure(0.5), 400.0), ("gap\n", None, 6.5)];
        let table = Table::of(&rows)
            .text("attack", |(name, ..)| name)
            .text("target", |_| "")
            .figure("AUC", |(_, figure, _)| *figure)
            .claims("claims", |(.., claims)| Some(*claims));
        let lines = |table: &Table<&_>| -> Vec<String> {
            let shown = table.terminal().to_string();
            shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
        };
        assert_eq!(lines(&table), ["attack AUC claims", "least_loss 50.0 400", "gap\\n - 6.5†"]);
        assert!(!table.is_empty() && Table::<&()>::of([]).is_empty());
        assert_eq!(in_two_lines("TPR at 1 % FPR"), "TPR at\n1 % FPR");
        assert_eq!(in_two_lines("AUC"), "\nAUC");
    }
}
