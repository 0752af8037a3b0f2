//! The arguments of `turncoat run`.

use std::path::PathBuf;

use clap::Args;

use super::Format;

/// `turncoat run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The scenario, a file or a name of `turncoat scenarios list`; the embedded quickstart when left out
    pub scenario: Option<PathBuf>,
    /// Write report.html, pictures/, report.json, results.csv, claims.csv.gz, table.txt, scenario.resolved.yaml and logs/ into
    /// this folder; of a sweep, report.html, pictures/, results.csv, table.txt, sweep.resolved.yaml and runs/
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with the run or the sweep in this --out folder where it was stopped, without computing again what is finished
    #[arg(long, value_name = "DIR", conflicts_with = "overwrite")]
    pub resume: Option<PathBuf>,
    /// Replace the run in the --out folder; of a sweep, run every run again
    #[arg(long, requires = "out")]
    pub overwrite: bool,
    /// Replace a value of the scenario, as in federation.parties=5 (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// Where the data sets are
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Start the programs that the scenario names (federation.commands), which may do whatever you may
    #[arg(long)]
    pub allow_commands: bool,
    /// How many repeats run at the same time; all cores when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// What to print when it ends: tables, or report.json; of a sweep, one JSON document with the report of every run
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
