//! `turncoat data describe`: what the data of a scenario is like, or a table by itself.

use std::path::Path;

use serde::Serialize;
use serde_json::json;
use turncoat_learn::Dataset;
use turncoat_learn::data::{DataFolders, Description, TableAccount};

use super::table;
use crate::cli::{DescribeArgs, Format};
use crate::error::Error;
use crate::experiment::DataCache;
use crate::shipped::{self, ScenarioText};
use crate::terminal::{self, Bar};
use crate::words::counted;

/// Tells what parties would get records from: the data of a scenario, prepared as the scenario says.
pub(super) fn describe(args: &DescribeArgs, quiet: bool) -> Result<(), Error> {
    let text = match args.scenario.as_deref().filter(|path| is_table(path)) {
        Some(path) => around(path),
        None => shipped::text_of(args.scenario.as_deref())?,
    };
    let study = text.single(&args.overrides)?.study;
    let folders = DataFolders { data_dir: args.data_dir.clone(), scenario_dir: text.folder };
    let shown = Bar::spinner(&format!("reading {}", study.data().name()), quiet);
    let data = DataCache::new(folders, false).prepared(&study)?;
    let described = Description::of(&data);
    drop(shown);
    match args.format {
        Format::Json => terminal::print_json(&Document::new(&data, &described)),
        Format::Table => {
            let mut text = render(data.name(), &described);
            text.extend(data.table().map(|table| table::render(table)));
            terminal::print(&text)
        }
    }
}

/// Whether a path is that of a table, told by its ending: no scenario ends so.
fn is_table(path: &Path) -> bool {
    let ending = |path: &Path| path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let zipped = ending(path).is_some_and(|ending| ending == "gz");
    let inside = if zipped { ending(&path.with_extension("")) } else { ending(path) };
    zipped || matches!(inside.as_deref(), Some("csv" | "tsv" | "tab" | "txt" | "data" | "dat"))
}

/// The smallest scenario on a table, so that it is read as one with `--set data.csv...` would read it.
fn around(path: &Path) -> ScenarioText {
    let data = json!({"csv": {"path": path.to_string_lossy()}});
    let federation = json!({"parties": 2, "records_per_party": 1, "skew": "iid"});
    let scenario = json!({"name": "table", "seed": 1, "repeats": 1, "data": data, "federation": federation});
    // JSON is YAML.
    ScenarioText { name: path.display().to_string(), text: scenario.to_string(), folder: None }
}

/// What is told, as a document.
#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    records: usize,
    features: usize,
    constant_features: usize,
    in_class_std: Option<f64>,
    equal_records: EqualRecords,
    classes: Vec<Class<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'a TableAccount>,
}

#[derive(Serialize)]
struct EqualRecords {
    repeated: usize,
    contradicting: usize,
}

#[derive(Serialize)]
struct Class<'a> {
    class: &'a str,
    records: usize,
    share: f64,
}

impl<'a> Document<'a> {
    fn new(data: &'a Dataset, described: &'a Description) -> Self {
        let class = |(class, records): &'a (String, usize)| Class {
            class,
            records: *records,
            share: *records as f64 / described.records as f64,
        };
        Self {
            name: data.name(),
            records: described.records,
            features: described.features,
            constant_features: described.constant_features,
            in_class_std: described.in_class_std,
            equal_records: EqualRecords {
                repeated: described.repeated,
                contradicting: described.contradicting,
            },
            classes: described.classes.iter().map(class).collect(),
            table: data.table().map(AsRef::as_ref),
        }
    }
}

fn render(name: &str, described: &Description) -> String {
    let mut text = format!(
        "{name}: {}, {} ({} of them constant), {}\n",
        counted(described.records, "record", "records"),
        counted(described.features, "feature", "features"),
        described.constant_features,
        counted(described.classes.len(), "class", "classes")
    );
    if let Some(deviation) = described.in_class_std {
        text.push_str(&format!(
            "in-class standard deviation {deviation:.4} (features in [0, 1]; mean over features, then over classes)\n"
        ));
    }
    if described.repeated + described.contradicting > 0 {
        text.push_str(&format!(
            "{} records equal an earlier one in all features and their class (preprocess.duplicates: drop keeps one of each); \
             {} equal another one and are of another class\n",
            described.repeated, described.contradicting
        ));
    }
    let widest = described.classes.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(5);
    text.push_str(&format!("\n{:<widest$}  {:>9}  {:>7}\n", "class", "records", "share"));
    for (name, records) in &described.classes {
        let share = 100.0 * *records as f64 / described.records as f64;
        text.push_str(&format!("{name:<widest$}  {records:>9}  {share:>5.1} %\n"));
    }
    text
}
