//! The arguments of `turncoat data`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `turncoat data`.
#[derive(Debug, Subcommand)]
pub enum DataCommand {
    /// Tell what the data of a scenario is like: records, features, classes, in-class standard deviation
    #[command(after_help = "\
Examples:
  turncoat data describe                             the embedded quickstart's wines
  turncoat data describe scenarios/truex/table8-mnist.yaml --data-dir data
  turncoat data describe --set data=adult --set preprocess.categories=one_hot --data-dir data")]
    Describe(DescribeArgs),
}

/// `turncoat data describe`.
#[derive(Debug, Args)]
pub struct DescribeArgs {
    /// The scenario file; the embedded quickstart when left out
    pub scenario: Option<PathBuf>,
    /// Replace a value of the scenario, as in data=iris (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// Where the data sets are
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}
