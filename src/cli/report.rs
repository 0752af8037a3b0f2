//! The arguments of `turncoat report`.

use std::path::PathBuf;

use clap::Args;

/// `turncoat report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The --out folder of a finished run or sweep
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}
