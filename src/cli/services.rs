//! The arguments of the services: `turncoat coordinator`, `party` and `adversary`, and what they share.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::EdgeArgs;

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
    /// Defences that stand before the average, as a JSON list, such as '[{"round":{"digits":1}}]'
    #[arg(long, value_name = "JSON")]
    pub release: Option<String>,
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
    /// Its training records, an .npz file, compressed or not
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
    /// The faults injected into it, as `run` writes them down
    #[arg(long, value_name = "FILE", hide = true)]
    pub faults: Option<PathBuf>,
    /// How often it has come back
    #[arg(long, default_value_t = 0, value_name = "N", hide = true)]
    pub restarts: u32,
    /// Deadlines and supervision
    #[command(flatten)]
    pub service: ServiceArgs,
}

/// `turncoat adversary`.
#[derive(Debug, Args)]
pub struct AdversaryArgs {
    /// What it knows and which attacks it runs
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
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

/// `turncoat guard`.
#[derive(Debug, Args)]
pub struct GuardArgs {
    /// The program and its arguments
    #[arg(last = true, required = true)]
    pub command: Vec<OsString>,
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
