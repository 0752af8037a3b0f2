//! `turncoat data describe`: what the data of a scenario is like.

use serde_json::{Value, json};
use turncoat_learn::data::{DataFolders, Description};

use crate::cli::{DescribeArgs, Format};
use crate::error::Error;
use crate::experiment::DataShelf;
use crate::shipped;
use crate::terminal::{self, Bar};

/// Tells what parties would be dealt from: the data of a scenario, prepared as the scenario says.
pub(super) fn describe(args: &DescribeArgs, quiet: bool) -> Result<(), Error> {
    let text = shipped::text_of(args.scenario.as_deref())?;
    let study = text.single(&args.overrides)?.study;
    let folders = DataFolders { data_dir: args.data_dir.clone(), scenario_dir: text.folder };
    let shown = Bar::spinner(&format!("reading {}", study.data().name()), quiet);
    let data = DataShelf::new(folders, false).prepared(&study)?;
    let told = Description::of(&data);
    drop(shown);
    match args.format {
        Format::Json => terminal::print_json(&document(data.name(), &told)),
        Format::Table => terminal::print(&render(data.name(), &told)),
    }
}

fn document(name: &str, told: &Description) -> Value {
    let classes: Vec<Value> = told
        .classes
        .iter()
        .map(|(name, records)| {
            json!({"class": name, "records": records, "share": *records as f64 / told.records as f64})
        })
        .collect();
    json!({
        "name": name,
        "records": told.records,
        "features": told.features,
        "constant_features": told.constant_features,
        "in_class_std": told.in_class_std,
        "classes": classes,
    })
}

fn render(name: &str, told: &Description) -> String {
    let mut text = format!(
        "{name}: {} records, {} features ({} of them constant), {} classes\n",
        told.records,
        told.features,
        told.constant_features,
        told.classes.len()
    );
    if let Some(deviation) = told.in_class_std {
        text.push_str(&format!(
            "in-class standard deviation {deviation:.4} (features in [0, 1]; mean over features, then over classes)\n"
        ));
    }
    let widest = told.classes.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(5);
    text.push_str(&format!("\n{:<widest$}  {:>9}  {:>7}\n", "class", "records", "share"));
    for (name, records) in &told.classes {
        let share = 100.0 * *records as f64 / told.records as f64;
        text.push_str(&format!("{name:<widest$}  {records:>9}  {share:>5.1} %\n"));
    }
    text
}
