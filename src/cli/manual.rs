//! The arguments of `turncoat completions` and `turncoat man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// `turncoat completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// `turncoat man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write turncoat.1 and a page for each command into this folder, instead of printing turncoat.1
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
