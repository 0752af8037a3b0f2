//! The arguments of `turncoat ask`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::IdentityArgs;

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
    Status(AskTarget),
    /// Have every party train a model on its shard (operator)
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
    /// Print the class probabilities of records as CSV
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
