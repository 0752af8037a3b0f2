//! `turncoat data`: what data sets are like.

use std::io::Write;
use std::path::Path;

use turncoat_learn::data::{DataFolders, Description};

use super::run::load;
use crate::cli::DescribeArgs;
use crate::error::Error;
use crate::experiment::DataShelf;

/// Tells what parties would be dealt from: the data of a scenario, prepared as the scenario says.
pub(super) fn describe(args: &DescribeArgs) -> Result<(), Error> {
    let study = load(args.scenario.as_deref(), &args.overrides)?.study;
    let folders = DataFolders {
        data_dir: args.data_dir.clone(),
        scenario_dir: args.scenario.as_deref().and_then(Path::parent).map(Path::to_path_buf),
    };
    let data = DataShelf::new(folders, false).prepared(&study)?;
    // Nobody reading is no fault.
    let _ = write!(std::io::stdout().lock(), "{}", render(data.name(), &Description::of(&data)));
    Ok(())
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
