//! The command line: what can be asked, and the examples that `--help` shows.

mod edge;

use std::path::PathBuf;

pub use edge::EdgeArgs;

use clap::{Args, Parser, Subcommand};

/// Measures how much more an insider of a federation learns about its training data than an outsider.
#[derive(Debug, Parser)]
#[command(
    name = "turncoat",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  turncoat run                                       the embedded quickstart, no data needed
  turncoat run scenarios/truex/table8-mnist.yaml --data-dir data --out runs/mnist
  turncoat check scenarios/truex/*.yaml

Exit codes:
  0 done   2 scenario or command line wrong   3 data missing or malformed
  4 federation could not be launched or lost a party   5 done, but degraded
  70 a bug of ours   130 interrupted"
)]
pub struct Cli {
    /// Say more in the logs (-v debug, -vv trace); the variable TURNCOAT_LOG takes filter directives.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario or a sweep: launch the federation, attack it, score the claims, print the table
    #[command(after_help = "\
Examples:
  turncoat run
  turncoat run scenarios/truex/table8-adult.yaml --data-dir data --out runs/adult
  turncoat run --set federation.parties=5 --set federation.disclosure=aggregator
  turncoat run --set launch.mode=in_process --jobs 1 --quiet
  turncoat run --set 'sweep.federation.parties=[3, 5, 8]' --out runs/parties
  turncoat run --resume runs/adult

A run with --out keeps every repeat (and fold) as soon as it is finished. Stopped by anything, it goes
on from there with --resume DIR and gives the same report; the scenario is the one in the folder.

A scenario may have `sweep:`, a map from key paths to lists of values. Every combination is run, the
last key fastest, each in a folder DIR/runs/<hash of what decides its figures>, and DIR/results.csv
holds the results of all. Stopped and started again with the same command, it goes on where it was.
--set of a swept key replaces its list; --set 'sweep.KEY=[...]' sweeps a key.")]
    Run(RunArgs),

    /// Check scenario files: every violation of every file at once
    #[command(after_help = "\
Examples:
  turncoat check scenarios/*.yaml scenarios/truex/*.yaml
  turncoat check my.yaml --set federation.parties=5")]
    Check(CheckArgs),

    /// Put measured figures beside published ones, or beside those of other runs
    #[command(after_help = "\
Examples:
  turncoat compare runs/adult --with published       the figures of Truex et al., embedded
  turncoat compare runs --with published             every run below the folder
  turncoat compare runs/parties --with expected.csv
  turncoat compare runs/today --with runs/yesterday

DIR is the --out folder of a run or of a sweep, or a folder that holds several. Results are matched
by the name of their scenario and by the fields that a figure gives; a field left empty matches
anything. A table of one's own has the columns scenario, figure (a name in report.json) and value
(a fraction), and any of sweep (key=value;...), vantage, question, attack, target, generation,
attack_learner, source and note.")]
    Compare(CompareArgs),

    /// Look at data sets
    #[command(subcommand)]
    Data(DataCommand),

    /// Make and show the certificates by which the members of a hand-started federation know each other
    #[command(subcommand)]
    Certs(CertsCommand),

    /// Make the tokens of a hand-started federation without encryption (--insecure)
    #[command(after_help = "\
Example:
  turncoat credentials --parties 3 --out tokens
      tokens/coordinator.credentials    for the coordinator: the token of every role that calls it
      tokens/party-1.credentials ...    one for each party, to be handed to it alone
      tokens/operator.credentials, tokens/outsider.credentials, tokens/aggregator.credentials")]
    Credentials(CredentialsArgs),

    /// Start a coordinator by hand
    #[command(after_help = "\
Example:
  turncoat coordinator --listen 192.0.2.1:7700 --parties 3 --disclosure open \\
      --certificate certs/coordinator.pem")]
    Coordinator(CoordinatorArgs),

    /// Start a party by hand
    #[command(after_help = "\
Example:
  turncoat party --id 1 --shard shard.npz --coordinator 192.0.2.1:7700 \\
      --listen 192.0.2.2:7701 --certificate certs/party-1.pem

A shard is an .npz file with x (f32, [n, d]) and y (u32, [n]):
  numpy.savez('shard.npz', x=x.astype('f4'), y=y.astype('u4'))")]
    Party(PartyArgs),

    /// Ask a hand-started coordinator: its status, to fit, or to predict
    #[command(after_help = "\
Examples:
  turncoat ask status  --coordinator 192.0.2.1:7700 --certificate certs/operator.pem
  turncoat ask fit     --coordinator 192.0.2.1:7700 --certificate certs/operator.pem --classes 2
  turncoat ask predict --coordinator 192.0.2.1:7700 --certificate certs/outsider.pem \\
      --role outsider --records queries.npz
  turncoat ask predict --coordinator 192.0.2.1:7700 --certificate certs/party-3.pem \\
      --role party-3 --records queries.npz --shared")]
    Ask(AskArgs),

    /// Put an adversary behind the credentials of an outsider, a party or the aggregator (started by `run`)
    #[command(hide = true)]
    Adversary(AdversaryArgs),
}

/// `turncoat run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The scenario file; the embedded quickstart when left out
    pub scenario: Option<PathBuf>,
    /// Write report.json, results.csv, claims.csv.gz, table.txt, scenario.resolved.yaml and logs/ into this folder; of a
    /// sweep, results.csv, table.txt, sweep.resolved.yaml and runs/
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with the run or the sweep in this --out folder where it was stopped, without computing again what is finished
    #[arg(long, value_name = "DIR", conflicts_with = "overwrite")]
    pub resume: Option<PathBuf>,
    /// Replace the run in the --out folder; of a sweep, run every run again
    #[arg(long, requires = "out")]
    pub overwrite: bool,
    /// Replace a value of the scenario, as in federation.parties=5 (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// Where the data sets are
    #[arg(long, env = "TURNCOAT_DATA", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// How many repeats run at the same time; all cores when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// No progress, only the table
    #[arg(short, long)]
    pub quiet: bool,
}

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

/// `turncoat check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Scenario files
    #[arg(required = true)]
    pub scenarios: Vec<PathBuf>,
    /// Replace a value before checking (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
}

/// `turncoat compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The folder of a run, of a sweep, or of several
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// What to hold the figures against: `published`, a CSV file, or a folder like DIR
    #[arg(long, value_name = "published|FILE.csv|DIR")]
    pub with: String,
}

/// `turncoat certs`.
#[derive(Debug, Subcommand)]
pub enum CertsCommand {
    /// Make a certificate authority for one federation, and one certificate a member
    #[command(after_help = "\
Example:
  turncoat certs new --parties 3 --out certs
      certs/coordinator.pem     its key, its certificate, and the authority's certificate
      certs/party-1.pem ...     one for each party, to be handed to it alone
      certs/operator.pem, certs/outsider.pem, certs/aggregator.pem, certs/challenger.pem

The authority's key is not kept: nobody can be added to a federation afterwards. Make new
certificates for all members when one is lost or expires.")]
    New(NewCertsArgs),

    /// Show whom certificates name, of which federation, and when they are valid
    #[command(after_help = "\
Example:
  turncoat certs show certs/*.pem")]
    Show(ShowCertsArgs),
}

/// `turncoat certs new`.
#[derive(Debug, Args)]
pub struct NewCertsArgs {
    /// Number of parties
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub parties: u32,
    /// The folder to write them to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How many days they are valid
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub days: u32,
}

/// `turncoat certs show`.
#[derive(Debug, Args)]
pub struct ShowCertsArgs {
    /// Certificate files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// Who a member is, and how its connections are secured.
#[derive(Clone, Debug, Args)]
pub struct IdentityArgs {
    /// Its certificate, as `turncoat certs new` makes it: connections are encrypted, and both sides prove who they are
    #[arg(long, value_name = "FILE", required_unless_present = "insecure", conflicts_with = "insecure")]
    pub certificate: Option<PathBuf>,
    /// Plain text instead, with the tokens of --credentials, which anybody on the network can read
    #[arg(long, requires = "credentials")]
    pub insecure: bool,
    /// The file with its tokens, as `turncoat credentials` makes it
    #[arg(long, value_name = "FILE", requires = "insecure")]
    pub credentials: Option<PathBuf>,
}

/// `turncoat credentials`.
#[derive(Debug, Args)]
pub struct CredentialsArgs {
    /// Number of parties
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub parties: u32,
    /// The folder to write them to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `turncoat coordinator`.
#[derive(Debug, Args)]
pub struct CoordinatorArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "HOST:PORT")]
    pub listen: String,
    /// Number of parties that will join
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub parties: u32,
    /// Who sees single vectors: `open` members do, `aggregator` only the coordinator does
    #[arg(long, default_value = "open")]
    pub disclosure: String,
    /// Who it is
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// What it takes on and whom it waits for
    #[command(flatten)]
    pub edge: EdgeArgs,
    /// Deadlines and supervision
    #[command(flatten)]
    pub service: ServiceArgs,
}

/// `turncoat party`.
#[derive(Debug, Args)]
pub struct PartyArgs {
    /// Its number, from 1
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub id: u32,
    /// Its training records, an .npz file
    #[arg(long, value_name = "FILE")]
    pub shard: PathBuf,
    /// The coordinator to join
    #[arg(long, value_name = "HOST:PORT")]
    pub coordinator: String,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "HOST:PORT")]
    pub listen: String,
    /// Where the coordinator can reach it, when that is not where it listens (0.0.0.0, or behind a router)
    #[arg(long, value_name = "HOST:PORT")]
    pub advertise: Option<String>,
    /// Who it is
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// Write the fitted model to this file
    #[arg(long, value_name = "FILE")]
    pub save_model: Option<PathBuf>,
    /// Go on with the model in this file instead of waiting to be trained; the coordinator makes sure that it is the same
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// What befalls it, as `run` writes it down
    #[arg(long, value_name = "FILE", hide = true)]
    pub faults: Option<PathBuf>,
    /// How often it has come back
    #[arg(long, default_value_t = 0, value_name = "N", hide = true)]
    pub incarnation: u32,
    /// Deadlines and supervision
    #[command(flatten)]
    pub service: ServiceArgs,
}

/// Deadlines and supervision, common to all services.
#[derive(Clone, Debug, Args)]
pub struct ServiceArgs {
    /// Longest wait for a connection, in milliseconds
    #[arg(long, default_value_t = 5_000, value_name = "MS")]
    pub connect_timeout_ms: u64,
    /// Longest wait to be admitted to the federation, in milliseconds
    #[arg(long, default_value_t = 60_000, value_name = "MS")]
    pub join_timeout_ms: u64,
    /// Longest wait for a party to train, in milliseconds
    #[arg(long, default_value_t = 600_000, value_name = "MS")]
    pub fit_timeout_ms: u64,
    /// Longest wait for one batch of predictions, in milliseconds
    #[arg(long, default_value_t = 60_000, value_name = "MS")]
    pub predict_timeout_ms: u64,
    /// How long calls under way may take to finish when the service is asked to stop, in milliseconds
    #[arg(long, default_value_t = 2_000, value_name = "MS")]
    pub drain_timeout_ms: u64,
    /// Report readiness on standard output, and stop when standard input closes
    #[arg(long, hide = true)]
    pub supervised: bool,
}

/// `turncoat adversary`.
#[derive(Debug, Args)]
pub struct AdversaryArgs {
    /// What it knows and which attacks it runs
    #[arg(long, value_name = "FILE")]
    pub brief: PathBuf,
    /// The coordinator to ask
    #[arg(long, value_name = "HOST:PORT")]
    pub coordinator: String,
    /// Address to listen on for challenges
    #[arg(long, default_value = "127.0.0.1:0", value_name = "HOST:PORT")]
    pub listen: String,
    /// Who it is
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// Deadlines and supervision
    #[command(flatten)]
    pub service: ServiceArgs,
}

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
