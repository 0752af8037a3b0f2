//! The arguments of `turncoat compare`.

use std::path::PathBuf;

use clap::Args;

use super::Format;

/// `turncoat compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The folder of a run, of a sweep, or of several
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// What to hold the figures against: `published`, a CSV file, or a folder like DIR
    #[arg(long, value_name = "published|FILE.csv|DIR")]
    pub with: String,
    /// What to print: a table, or JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
