//! A table for the terminal whose empty columns are left out.

use comfy_table::{CellAlignment, Table, presets};
use turncoat_learn::visible;

/// Rows of cells under named columns.
#[derive(Clone, Debug)]
pub struct Grid {
    columns: Vec<(String, CellAlignment)>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// Names stand on the left of their column, numbers on the right.
    pub fn new(names: impl IntoIterator<Item = String>, numbers: impl IntoIterator<Item = String>) -> Self {
        let names = names.into_iter().map(|name| (name, CellAlignment::Left));
        let numbers = numbers.into_iter().map(|name| (name, CellAlignment::Right));
        Self { columns: names.chain(numbers).collect(), rows: Vec::new() }
    }

    /// Adds a row: a cell for each column.
    pub fn add(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| visible::line(&cell).into_owned()).collect());
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table, without a column in which no row has anything.
    pub fn table(&self) -> Table {
        let used: Vec<usize> = (0..self.columns.len())
            .filter(|&column| {
                self.rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))
            })
            .collect();
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(used.iter().map(|&column| &self.columns[column].0));
        for row in &self.rows {
            table.add_row(used.iter().map(|&column| row.get(column).map_or("", String::as_str)));
        }
        for (column, &place) in table.column_iter_mut().zip(&used) {
            column.set_cell_alignment(self.columns[place].1);
        }
        table
    }
}
