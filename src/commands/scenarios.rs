//! `turncoat scenarios`: those that come with turncoat.

use turncoat_report::table::columns::Table;

use crate::cli::{Format, ScenarioListArgs, ScenariosCommand};
use crate::error::Error;
use crate::shipped::{self, About};
use crate::terminal;

/// The JSON Schema of scenarios (draft 7), for editors. Tests of turncoat-config hold it against what a scenario is read by.
const SCHEMA: &str = include_str!("../../scenarios/scenario.schema.json");
/// How much of a hypothesis stands in the table, in characters.
const WIDTH: usize = 84;

pub(super) fn scenarios(command: &ScenariosCommand) -> Result<(), Error> {
    match command {
        ScenariosCommand::List(args) => list(args),
        ScenariosCommand::Show(args) => terminal::print(shipped::find(&args.name)?.text),
        ScenariosCommand::Schema => terminal::print(SCHEMA),
    }
}

fn list(args: &ScenarioListArgs) -> Result<(), Error> {
    let all: Vec<About> = shipped::all().map(|one| shipped::about(&one)).collect::<Result<_, _>>()?;
    let total = all.len();
    let mut rows: Vec<About> = all.into_iter().filter(|about| has(about, &args.words)).collect();
    rows.sort_by_key(rank);
    if args.format == Format::Json {
        return terminal::print_json(&rows);
    }
    if rows.is_empty() {
        return Err(Error::Usage(format!(
            "none of the {total} scenarios has {} in its name, data or title; leave the words out for all",
            args.words.join(" ")
        )));
    }
    let table = Table::of(&rows)
        .text("name", |row| &row.name)
        .text("data", |row| &row.data)
        .text("parties", parties)
        .text("repeats", repeats)
        .text("hypothesis", |row| short(&row.hypothesis));
    terminal::print(&format!(
        "{}\n\n{} of {total} scenarios. `turncoat run NAME` runs one, `turncoat scenarios show NAME` prints its file.\n",
        table.terminal(),
        rows.len()
    ))
}

/// What a newcomer looks for stands first, what measures turncoat itself last.
fn rank(about: &About) -> u8 {
    match about.file.split('/').nth(1) {
        Some("quickstart.yaml") => 0,
        Some("bench") => 3,
        Some("faults") => 2,
        _ => 1,
    }
}

/// Whether it has all words in what it is called and about.
fn has(about: &About, words: &[String]) -> bool {
    let text = [&about.name, &about.file, &about.data, &about.title, about.kind]
        .map(|part| part.to_lowercase())
        .join(" ");
    words.iter().all(|word| text.contains(&word.to_lowercase()))
}

fn parties(row: &About) -> String {
    match row.parties[..] {
        [] => "-".into(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}-{last}"),
    }
}

fn repeats(row: &About) -> String {
    if row.runs == 1 { row.repeats.to_string() } else { format!("{} x {}", row.runs, row.repeats) }
}

/// The text, or as much of it as there is room for.
fn short(text: &str) -> String {
    if text.chars().count() <= WIDTH {
        return text.to_owned();
    }
    let cut: String = text.chars().take(WIDTH - 1).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}
