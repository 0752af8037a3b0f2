//! The arguments of `turncoat check`.

use std::path::PathBuf;

use clap::Args;

use super::Format;

/// `turncoat check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Scenario files, or names of `turncoat scenarios list`
    #[arg(required = true)]
    pub scenarios: Vec<PathBuf>,
    /// Replace a value before checking (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// Where the data sets are
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Check the scenarios alone: look for no data, neither in the data folder nor in files that a scenario names, so that what only
    /// these can tell (whether they are there, their columns and classes) is not checked
    #[arg(long)]
    pub no_data: bool,
    /// What to print: a table, or JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
