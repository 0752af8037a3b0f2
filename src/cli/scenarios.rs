//! The arguments of `turncoat scenarios`.

use clap::{Args, Subcommand};

use super::Format;

/// `turncoat scenarios`.
#[derive(Debug, Subcommand)]
pub enum ScenariosCommand {
    /// List the scenarios that come with turncoat: what each is about, its data, its parties and repeats
    #[command(after_help = "\
Examples:
  turncoat scenarios list
  turncoat scenarios list table8                     those with this in their name, data or title
  turncoat scenarios list --format json")]
    List(ScenarioListArgs),

    /// Print the file of a scenario
    #[command(after_help = "\
Examples:
  turncoat scenarios show truex-table8-mnist
  turncoat scenarios show quickstart > mine.yaml     a copy to change")]
    Show(ScenarioShowArgs),

    /// Print the JSON Schema of scenarios, by which editors complete and check them
    #[command(after_help = "\
Example:
  turncoat scenarios schema > scenario.schema.json
  turncoat new mine.yaml --schema scenario.schema.json")]
    Schema,
}

/// `turncoat scenarios list`.
#[derive(Debug, Args)]
pub struct ScenarioListArgs {
    /// Only those with all of these words in their name, data or title
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// What to print: a table, or JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// `turncoat scenarios show`.
#[derive(Debug, Args)]
pub struct ScenarioShowArgs {
    /// The scenario's name, as the list has it
    pub name: String,
}
