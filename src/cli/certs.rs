//! The arguments of `turncoat certs` and `turncoat credentials`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Format;

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
    /// What to print: a table, or JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
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
