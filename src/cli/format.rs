//! In what form a command prints what it has to say.

use clap::ValueEnum;

/// What stands on standard output. Messages go to standard error in either case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document, for programs.
    Json,
}
