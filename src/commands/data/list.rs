//! `turncoat data list`: what a scenario can name under `data:`, and what of it is there.

use std::path::PathBuf;

use serde::Serialize;
use turncoat_report::table::columns::Table;

use crate::cli::{DataListArgs, Format};
use crate::datasets::{self, DataSet, State};
use crate::error::Error;
use crate::terminal;

/// A row, as JSON has it.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    records: Option<u32>,
    features: Option<u32>,
    classes: &'static str,
    /// `embedded`, `generated`, `own`, `found` or `missing`.
    state: &'static str,
    /// Files that are there.
    found: Vec<PathBuf>,
    /// Files that are wanted, where they would be looked for, as they are called or with `.gz`.
    looked_for: Vec<PathBuf>,
    home: &'static str,
    licence: &'static str,
}

pub(super) fn list(args: &DataListArgs) -> Result<(), Error> {
    let rows: Vec<Row> = datasets::all().map(|set| row(set, args)).collect();
    match args.format {
        Format::Json => terminal::print_json(&rows),
        Format::Table => terminal::print(&in_words(&rows, args)),
    }
}

fn row(set: &'static DataSet, args: &DataListArgs) -> Row {
    let (state, found, looked_for) = match datasets::state(set, args.data_dir.as_deref()) {
        State::Embedded => ("embedded", Vec::new(), Vec::new()),
        State::Generated => ("generated", Vec::new(), Vec::new()),
        State::Own => ("own", Vec::new(), Vec::new()),
        State::Found(places) => ("found", places.into_iter().map(|place| place.path).collect(), Vec::new()),
        State::Missing { there, wanted } => {
            ("missing", there.into_iter().map(|place| place.path).collect(), wanted)
        }
    };
    let DataSet { name, records, features, classes, home, licence, .. } = *set;
    Row { name, records, features, classes, state, found, looked_for, home, licence }
}

fn in_words(rows: &[Row], args: &DataListArgs) -> String {
    let number = |n: Option<u32>| n.map_or("any".into(), |n| n.to_string());
    let table = Table::of(rows)
        .text("data", |row| row.name)
        .number("records", |row| number(row.records))
        .number("features", |row| number(row.features))
        .number("classes", |row| row.classes);
    let (mut homes, mut missing) = (String::new(), String::new());
    let widest = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    for row in rows {
        homes.push_str(&format!("  {:<widest$}  {:<9}  {}", row.name, row.state, row.home));
        homes.push_str(&if row.licence == "-" { "\n".into() } else { format!("  ({})\n", row.licence) });
        if let [first, others @ ..] = &row.looked_for[..] {
            let more = match others.len() {
                0 => String::new(),
                n => format!(" and {n} more beside it"),
            };
            missing.push_str(&format!("  {:<widest$}  {}{more}\n", row.name, first.display()));
        }
    }
    let looked = match &args.data_dir {
        None => "\nNo data folder was looked in: name one with --data-dir or TURNCOAT_DATA.\n".to_owned(),
        Some(_) if missing.is_empty() => String::new(),
        Some(_) => format!("\nLooked for, also with .gz:\n{missing}"),
    };
    format!(
        "{}\n\n{homes}{looked}\n`turncoat data fetch adult` gets adult; the others come from the homes above.\n",
        table.terminal()
    )
}
