//! The arguments of `turncoat data`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Format;

/// `turncoat data`.
#[derive(Debug, Subcommand)]
pub enum DataCommand {
    /// List the data sets that a scenario can name: their size, and whether their files are there
    #[command(after_help = "\
Examples:
  turncoat data list --data-dir data
  turncoat data list --format json")]
    List(DataListArgs),

    /// Tell what the data of a scenario or a table is like: records, features, classes, in-class standard deviation, columns
    #[command(after_help = "\
Examples:
  turncoat data describe                             the embedded quickstart's wines
  turncoat data describe people.csv                  a table: what each column is taken for, and why
  turncoat data describe people.csv --set data.csv.target=income
  turncoat data describe truex-table8-mnist --data-dir data
  turncoat data describe --set data=adult --set preprocess.categories=one_hot --data-dir data")]
    Describe(DescribeArgs),

    /// Check the files of data sets: by SHA-256 where that of the published file is known, else by their structure
    #[command(after_help = "\
Examples:
  turncoat data verify --data-dir data               all that are there
  turncoat data verify adult mnist --data-dir data

The content is checked, so a file may be gzipped or not. A file that is wrong ends with exit code 3,
and so does one that a data set lacks of which others are there.")]
    Verify(VerifyArgs),

    /// Download a data set from its official home, and check it by SHA-256
    #[command(after_help = "\
Examples:
  turncoat data fetch adult                          into data/adult
  turncoat data fetch adult --data-dir ~/data
  turncoat data fetch adult --from https://mirror.example.org/adult

Adult comes from the UCI Machine Learning Repository. A download that was stopped goes on where it
ended with the same command; two at once take turns. Proxies are taken from HTTPS_PROXY, HTTP_PROXY,
ALL_PROXY and NO_PROXY, root certificates from the system. `turncoat data list` says where the other
data sets come from.")]
    Fetch(FetchArgs),
}

/// `turncoat data list`.
#[derive(Debug, Args)]
pub struct DataListArgs {
    /// Where the data sets are
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// What to print: a table, or JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// `turncoat data describe`.
#[derive(Debug, Args)]
pub struct DescribeArgs {
    /// The scenario, a file or a name of `turncoat scenarios list`, or a table (.csv, .tsv, .txt, .data, each also .gz); the embedded quickstart when left out
    pub scenario: Option<PathBuf>,
    /// Replace a value of the scenario, as in data=iris (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// Where the data sets are
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// What to print: a table, or JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// `turncoat data verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Data sets, as `turncoat data list` calls them; all that are there when left out
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Where the data sets are
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// What to print: a table, or JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// `turncoat data fetch`.
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// The data set: adult
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The data folder; it is made if it is not there
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// A mirror: the address of a folder that holds the files under their own names
    #[arg(long, value_name = "URL")]
    pub from: Option<String>,
    /// Replace a file that is there and is not the published one
    #[arg(long)]
    pub force: bool,
    /// Longest silence of the server, in milliseconds
    #[arg(long, default_value_t = 30_000, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout_ms: u64,
    /// How often to try again when nothing arrives
    #[arg(long, default_value_t = 4, value_name = "N")]
    pub retries: u32,
}
