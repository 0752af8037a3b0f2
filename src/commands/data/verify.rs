//! `turncoat data verify`: whether the files of the data folder are what they should be.

use std::path::{Path, PathBuf};

use serde::Serialize;
use turncoat_report::table::columns::Table;

use super::choose::known;
use crate::cli::{Format, VerifyArgs};
use crate::datasets::{self, DataFile, DataSet, Kind, Place, State};
use crate::error::Error;
use crate::terminal::{self, Bar};

/// One file, as JSON has it.
#[derive(Serialize)]
struct Row {
    data: &'static str,
    file: PathBuf,
    ok: bool,
    /// `sha256`, `structure`, or `presence` of a file that is not there.
    check: &'static str,
    /// Length without gzip.
    bytes: u64,
    /// Of the content without gzip.
    sha256: String,
    problem: Option<String>,
}

pub(super) fn verify(args: &VerifyArgs, quiet: bool) -> Result<(), Error> {
    let Some(dir) = args.data_dir.as_deref() else {
        return Err(Error::Usage("which data folder? Name it with --data-dir or TURNCOAT_DATA".into()));
    };
    let (files, missing) = chosen(args, dir)?;
    let bar = Bar::over(files.len() as u64, "files", quiet);
    let mut rows = Vec::new();
    for (set, file, path) in files {
        bar.says(&path.display().to_string());
        let found = datasets::verify(file, &path);
        rows.push(Row {
            data: set.name,
            file: path,
            ok: found.problem.is_none(),
            check: found.check,
            bytes: found.bytes,
            sha256: found.sha256,
            problem: found.problem,
        });
        bar.moves(1);
    }
    drop(bar);
    rows.extend(missing.into_iter().map(|(set, path)| Row {
        data: set.name,
        file: path,
        ok: false,
        check: "presence",
        bytes: 0,
        sha256: String::new(),
        problem: Some(format!("is not there, also not with .gz, and {} is not whole without it", set.name)),
    }));
    match args.format {
        Format::Json => terminal::print_json(&rows)?,
        Format::Table => terminal::print(&in_words(&rows))?,
    }
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let again = match row.check {
                "presence" => known(row.data).map_or_else(|_| String::new(), how_to_get),
                _ => "get it again".into(),
            };
            row.problem.as_ref().map(|problem| format!("{} {problem}; {again}", row.file.display()))
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::Data(wrong.join("\n"))) }
}

type Chosen = (&'static DataSet, &'static DataFile, PathBuf);

/// A file that is not there.
type Lacking = (&'static DataSet, PathBuf);

/// The files that are there, of the data sets that were named, or of all; and those that sets of which some are there lack.
fn chosen(args: &VerifyArgs, dir: &Path) -> Result<(Vec<Chosen>, Vec<Lacking>), Error> {
    let named: Vec<&'static DataSet> = args.names.iter().map(|name| known(name)).collect::<Result<_, _>>()?;
    let all = named.is_empty();
    let (mut files, mut missing) = (Vec::new(), Vec::new());
    for set in if all { datasets::all().collect() } else { named } {
        let Kind::Files(known) = set.kind else {
            if all {
                continue;
            }
            return Err(Error::Usage(format!("{} has no files in the data folder: {}", set.name, set.home)));
        };
        match datasets::state(set, Some(dir)) {
            State::Found(places) => files.extend(these(set, known, places)),
            State::Missing { there, wanted } if !there.is_empty() => {
                files.extend(these(set, known, there));
                missing.extend(wanted.into_iter().map(|path| (set, path)));
            }
            State::Missing { wanted, .. } if !all => {
                let places: Vec<String> = wanted.iter().map(|path| path.display().to_string()).collect();
                return Err(Error::Data(format!(
                    "{} is not there: looked for {}, also with .gz; {}",
                    set.name,
                    places.join(", "),
                    how_to_get(set)
                )));
            }
            _ => {}
        }
    }
    if files.is_empty() {
        return Err(Error::Data(format!(
            "no data set is in {}; `turncoat data list --data-dir {0}` says where each is looked for",
            dir.display()
        )));
    }
    Ok((files, missing))
}

fn these(
    set: &'static DataSet,
    known: &'static [DataFile],
    places: Vec<Place>,
) -> impl Iterator<Item = Chosen> {
    places.into_iter().filter_map(move |place| {
        let file = known.iter().find(|file| file.path == place.file)?;
        Some((set, file, place.path))
    })
}

fn how_to_get(set: &DataSet) -> String {
    if set.name == "adult" {
        "`turncoat data fetch adult` gets it".into()
    } else {
        format!("get it from {}", set.home)
    }
}

fn in_words(rows: &[Row]) -> String {
    let table = Table::of(rows)
        .text("data", |row| row.data)
        .text("file", |row| row.file.display())
        .number("bytes", |row| row.bytes)
        .number("check", |row| if row.check == "sha256" { "SHA-256" } else { row.check })
        .number("result", |row| match row.check {
            _ if row.ok => "ok",
            "presence" => "missing",
            _ => "wrong",
        });
    format!("{}\n", table.terminal())
}
