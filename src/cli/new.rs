//! The arguments of `turncoat new`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `turncoat new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The file to write; - for standard output, NAME.yaml when left out
    pub file: Option<PathBuf>,
    /// What reports call it
    #[arg(long)]
    pub name: Option<String>,
    /// What is attacked
    #[arg(long, value_enum)]
    pub kind: Option<KindWord>,
    /// A data set of `turncoat data list`, or the path of a CSV file
    #[arg(long, value_name = "NAME|FILE.csv")]
    pub data: Option<String>,
    /// The class column of the CSV file: its name, or its place from 1, or from -1 at the end
    #[arg(long, value_name = "COLUMN", requires = "data", allow_hyphen_values = true)]
    pub target: Option<String>,
    /// Number of parties
    #[arg(long, value_name = "N")]
    pub parties: Option<u32>,
    /// Records of each party; of a single target, of its pool
    #[arg(long, value_name = "N")]
    pub records: Option<u32>,
    /// How unevenly classes are given to the parties
    #[arg(long, value_enum)]
    pub skew: Option<SkewWord>,
    /// Who sees the parties' single answers
    #[arg(long, value_enum)]
    pub disclosure: Option<DisclosureWord>,
    /// Who attacks, with commas between them
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHO,...")]
    pub adversaries: Option<Vec<AdversaryWord>>,
    /// How often all of it is repeated
    #[arg(long, value_name = "N")]
    pub repeats: Option<u32>,
    /// The number from which every random draw derives
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Begin the file with a line that tells editors of the JSON Schema at this path or address
    #[arg(long, value_name = "PATH|URL")]
    pub schema: Option<String>,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
}

/// What is attacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum KindWord {
    /// Parties, each with its own records and model, that answer together
    Federation,
    /// One model by itself
    SingleTarget,
}

/// How unevenly classes are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SkewWord {
    /// All parties alike
    Iid,
    /// Shares drawn evenly from all there can be
    Simplex,
    /// Shares drawn with a concentration that can be turned
    Dirichlet,
    /// Clusters within each class divided unevenly, too
    Clustered,
}

/// Who sees single answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DisclosureWord {
    /// Every member of the federation
    Open,
    /// The coordinator alone
    Aggregator,
}

/// Who attacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AdversaryWord {
    /// Who only asks
    Outsider,
    /// A malicious party
    Party,
    /// The malicious hub
    Aggregator,
}
