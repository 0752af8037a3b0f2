//! `turncoat new`: a scenario to start from, by question or by flags, checked before it is written.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use turncoat_learn::Seed;
use turncoat_learn::data::{ColumnRef, CsvSource, DataFolders, DataSource};

use crate::cli::{AdversaryWord, DisclosureWord, KindWord, NewArgs, SkewWord};
use crate::datasets::{self, State};
use crate::draft::{Disclosure, Draft, Fault, Given, Interview, Kind, Skew, Source, Who, ask, text};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::terminal::{self, LineWriter};
use crate::together::{Together, write_whole};

/// What stands for standard output.
const DASH: &str = "-";

pub(super) fn new(args: &NewArgs, quiet: bool) -> Result<(), Error> {
    if let Some(file) = args.file.as_deref() {
        may_be_written(file, args.force)?;
    }
    let draft = if given_by_flags(args) || !io::stdin().is_terminal() {
        given(args)?.complete().map_err(|fault| Error::Usage(fault.to_string()))?
    } else {
        questions(args)?
    };
    let file = args.file.clone().unwrap_or_else(|| PathBuf::from(format!("{}.yaml", draft.name)));
    may_be_written(&file, args.force)?;
    let text = text(&draft, args.schema.as_deref());
    // What is wrong now is wrong with what was given: a name that cannot be one, too many parties.
    Scenario::parse(&file.display().to_string(), &text, &[])?;
    if file == Path::new(DASH) {
        terminal::print(&text)?;
        return Ok(());
    }
    write(&file, &text, args.force)?;
    terminal::note(quiet, &what_next(&file, &draft));
    Ok(())
}

/// Whether anything that would be asked was said.
fn given_by_flags(args: &NewArgs) -> bool {
    args.name.is_some()
        || args.kind.is_some()
        || args.data.is_some()
        || args.parties.is_some()
        || args.records.is_some()
        || args.skew.is_some()
        || args.disclosure.is_some()
        || args.adversaries.is_some()
        || args.repeats.is_some()
        || args.seed.is_some()
}

fn may_be_written(file: &Path, force: bool) -> Result<(), Error> {
    if file == Path::new(DASH) {
        return Ok(());
    }
    if file.is_dir() {
        return Err(Error::Output(format!("{} is a folder; give the name of a file", file.display())));
    }
    if file.exists() && !force {
        return Err(Error::Output(format!(
            "{} is there already; give another name, or add --force to replace it",
            file.display()
        )));
    }
    Ok(())
}

/// The name of the file without its ending, where it can be a scenario's.
fn stem(file: Option<&Path>) -> Option<String> {
    let file = file.filter(|file| *file != Path::new(DASH))?;
    Some(file.file_stem()?.to_str()?.to_owned())
}

fn given(args: &NewArgs) -> Result<Given, Error> {
    let data = args.data.as_deref().map(|word| look(word, args.target.as_deref(), args.file.as_deref()));
    let data = data.transpose().map_err(|fault| Error::Usage(format!("--data: {fault}")))?;
    if let (Some(Source::Named(name)), Some(_)) = (&data, &args.target) {
        return Err(Error::Usage(format!(
            "--target names the class column of a CSV file, and {name} is none; leave it out"
        )));
    }
    Ok(Given {
        name: args.name.clone().or_else(|| stem(args.file.as_deref())),
        kind: args.kind.map(|kind| match kind {
            KindWord::Federation => Kind::Federation,
            KindWord::SingleTarget => Kind::SingleTarget,
        }),
        data,
        parties: args.parties,
        records: args.records,
        skew: args.skew.map(|skew| match skew {
            SkewWord::Iid => Skew::Iid,
            SkewWord::Simplex => Skew::Simplex,
            SkewWord::Dirichlet => Skew::Dirichlet,
            SkewWord::Clustered => Skew::Clustered,
        }),
        disclosure: args.disclosure.map(|disclosure| match disclosure {
            DisclosureWord::Open => Disclosure::Open,
            DisclosureWord::Aggregator => Disclosure::Aggregator,
        }),
        adversaries: args.adversaries.as_ref().map(|words| words.iter().copied().map(who).collect()),
        repeats: args.repeats,
        seed: args.seed,
    })
}

fn who(word: AdversaryWord) -> Who {
    match word {
        AdversaryWord::Outsider => Who::Outsider,
        AdversaryWord::Party => Who::Party,
        AdversaryWord::Aggregator => Who::Aggregator,
    }
}

fn questions(args: &NewArgs) -> Result<Draft, Error> {
    let name = stem(args.file.as_deref()).unwrap_or_else(|| "mine".into());
    let requested =
        ask(&mut io::stdin().lock(), &mut LineWriter::Plain, &name, &data_lines(), |word, target| {
            look(word, target, args.file.as_deref())
        });
    match requested {
        Ok(Interview::Complete(draft)) => Ok(draft),
        Ok(Interview::BrokenOff) => {
            Err(Error::Usage("the answers ended before the questions; nothing was written".into()))
        }
        Err(error) => {
            Err(Error::Usage(format!("the questions cannot be asked: {error}; give flags instead")))
        }
    }
}

/// Every data set with its size and whether it is there.
fn data_lines() -> Vec<String> {
    let dir = std::env::var_os("TURNCOAT_DATA").map(PathBuf::from);
    datasets::all()
        .filter_map(|set| {
            let state = match datasets::state(set, dir.as_deref()) {
                State::Embedded => "comes with turncoat",
                State::Generated => "is generated",
                State::Own => return None,
                State::Found(_) => "is in the data folder",
                State::Missing { .. } if set.name == "adult" => {
                    "has to be fetched: turncoat data fetch adult"
                }
                State::Missing { .. } => "has to be fetched, see turncoat data list",
            };
            let records = set.records.map_or_else(String::new, |records| format!("{records} records, "));
            Some(format!("{:<18} {records}{} classes; {state}", set.name, set.classes))
        })
        .collect()
}

/// A data set by its name, or a table, which is read to see that it is one.
fn look(word: &str, target: Option<&str>, scenario: Option<&Path>) -> Result<Source, Fault> {
    let path = Path::new(word);
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !path.is_file() && !matches!(ending, "csv" | "tsv" | "gz" | "txt") {
        return Source::named(word);
    }
    let column = target.map(|text| match text.parse::<i64>() {
        Ok(place) => ColumnRef::Position(place),
        Err(_) => ColumnRef::Name(text.to_owned()),
    });
    let table = CsvSource::new(path, column);
    let data = DataSource::Csv(table)
        .load(&DataFolders::default(), Seed::root(0))
        .map_err(|error| Fault(error.to_string()))?;
    let path = seen_from(scenario, path).map_err(|error| Fault(format!("{word}: {error}")))?;
    Ok(Source::Csv { path, target: target.map(String::from), records: data.len() })
}

/// The path as the scenario has to name it: files are looked for beside the scenario.
fn seen_from(scenario: Option<&Path>, table: &Path) -> io::Result<String> {
    let folder = scenario.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    let Some(folder) = folder else { return Ok(table.display().to_string()) };
    let inside = table.strip_prefix(folder).ok().map(|inside| inside.display().to_string());
    match inside {
        Some(inside) => Ok(inside),
        None => Ok(fs::canonicalize(table)?.display().to_string()),
    }
}

fn write(file: &Path, text: &str, force: bool) -> Result<(), Error> {
    let mut made = Together::default();
    if let Some(folder) = file.parent() {
        made.folder(folder)?;
    }
    // Somebody else's file of this moment is not overwritten either.
    write_whole(file, text, force)?;
    made.keep();
    Ok(())
}

fn what_next(file: &Path, draft: &Draft) -> String {
    let mut text = format!("{} is written, commented on every key.", file.display());
    let mut data = "";
    if let Source::Named(name) = draft.data
        && let Some(set) = datasets::set(name)
        && matches!(set.kind, datasets::Kind::Files(_))
    {
        data = " --data-dir data";
        text.push_str(&match name {
            "adult" => "\nGet its data:  turncoat data fetch adult".to_owned(),
            _ => format!("\nGet its data:  {} (turncoat data list says where it goes)", set.home),
        });
    }
    text.push_str(&format!(
        "\nRun it:        turncoat run {}{data} --out runs/{}",
        file.display(),
        draft.name
    ));
    text
}
