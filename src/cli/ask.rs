//! The arguments of `turncoat ask`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Format, IdentityArgs};

/// `turncoat ask`.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// What to ask
    #[command(subcommand)]
    pub question: AskQuestion,
}

/// What a coordinator can be asked by hand.
#[derive(Debug, Subcommand)]
pub enum AskQuestion {
    /// Who has joined, and whether the federation is fitted
    #[command(after_help = "\
Example:
  turncoat ask status --coordinator 192.0.2.1:7700 --certificate certs/operator.pem")]
    Status {
        /// Whom to ask
        #[command(flatten)]
        target: AskTarget,
        /// What to print: a line, or JSON
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: Format,
    },
    /// Have every party train a model on its shard (operator)
    #[command(after_help = "\
Examples:
  turncoat ask fit --coordinator 192.0.2.1:7700 --certificate certs/operator.pem --classes 2
  turncoat ask fit --coordinator 192.0.2.1:7700 --certificate certs/operator.pem --classes 2 \\
      --learner '{random_forest: {trees: 20}}'")]
    Fit {
        /// Whom to ask
        #[command(flatten)]
        target: AskTarget,
        /// Number of classes of the federation
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        classes: u32,
        /// Seed of the parties' training
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// What each party trains, as a scenario writes it: knn, or '{random_forest: {trees: 20}}'
        #[arg(long, default_value = "decision_tree", value_name = "LEARNER")]
        learner: String,
    },
    /// Print the class probabilities of records
    #[command(after_help = "\
Examples:
  turncoat ask predict --coordinator 192.0.2.1:7700 --certificate certs/outsider.pem \\
      --role outsider --records queries.npz
  turncoat ask predict --coordinator 192.0.2.1:7700 --certificate certs/party-3.pem \\
      --role party-3 --records queries.npz --shared --format json")]
    Predict {
        /// Whom to ask
        #[command(flatten)]
        target: AskTarget,
        /// Records, an .npz file as for a shard
        #[arg(long, value_name = "FILE")]
        records: PathBuf,
        /// Every party's vector, not only the mean
        #[arg(long)]
        shared: bool,
        /// What to print: a CSV table, or JSON
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: Format,
    },
}

/// Whom to ask, and as whom.
#[derive(Debug, Args)]
pub struct AskTarget {
    /// The coordinator
    #[arg(long, value_name = "HOST:PORT")]
    pub coordinator: String,
    /// Who asks
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// The role to ask as: operator, outsider, aggregator or party-N
    #[arg(long, default_value = "operator", value_name = "ROLE")]
    pub role: String,
    /// Longest wait for the answer, in milliseconds
    #[arg(long, default_value_t = 600_000, value_name = "MS")]
    pub timeout_ms: u64,
}
