//! The command line: what can be asked, and the examples that `--help` shows.

mod ask;
mod certs;
mod check;
mod compare;
mod data;
mod edge;
mod format;
mod manual;
mod new;
mod report;
mod run;
mod scenarios;
mod services;

pub use ask::{AskArgs, AskQuestion, AskTarget};
pub use certs::{CertsCommand, CredentialsArgs, NewCertsArgs, ShowCertsArgs};
pub use check::CheckArgs;
pub use compare::CompareArgs;
pub use data::{DataCommand, DataListArgs, DescribeArgs, FetchArgs, VerifyArgs};
pub use edge::EdgeArgs;
pub use format::Format;
pub use manual::{CompletionsArgs, ManArgs};
pub use new::{AdversaryWord, DisclosureWord, KindWord, NewArgs, SkewWord};
pub use report::ReportArgs;
pub use run::RunArgs;
pub use scenarios::{ScenarioListArgs, ScenarioShowArgs, ScenariosCommand};
pub use services::{AdversaryArgs, CoordinatorArgs, GuardArgs, IdentityArgs, PartyArgs, ServiceArgs};

use clap::{Parser, Subcommand};

use crate::logs::LogFormat;

/// Measures how much more an insider of a federation learns about its training data than an outsider.
#[derive(Debug, Parser)]
#[command(
    name = "turncoat",
    version,
    max_term_width = 100,
    styles = crate::terminal::styles(),
    after_help = "\
Examples:
  turncoat run                                       the embedded quickstart, no data needed
  turncoat new mine.yaml                             a scenario of one's own, by question
  turncoat scenarios list                            those that come with turncoat
  turncoat data fetch adult                          a data set, into data/
  turncoat run truex-table8-adult --data-dir data --out runs/adult

Exit codes:
  0 done   2 scenario or command line wrong   3 data missing or malformed
  4 federation could not be launched or lost a party   5 done, but degraded
  70 a bug of ours   74 the machine's trouble (disk full, no permission, output lost)   130 interrupted"
)]
pub struct Cli {
    /// Say more in the logs (-v debug, -vv trace); the variable TURNCOAT_LOG takes filter directives
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// How logs are written: for people, or for programs as one JSON object a line.
    #[arg(
        long,
        global = true,
        env = "TURNCOAT_LOG_FORMAT",
        value_name = "text|json",
        default_value = "text",
        hide_possible_values = true
    )]
    pub log_format: LogFormat,

    /// Say less: no progress and no notes, only results, warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a scenario to start from: commented, and checked
    #[command(after_help = "\
Examples:
  turncoat new mine.yaml                             asks, and takes Enter for the value in brackets
  turncoat new - < /dev/null                         the one that Enter all along would give
  turncoat new five.yaml --parties 5 --skew dirichlet --adversaries outsider,party
  turncoat new visits.yaml --data visits.csv --target diagnosis
  turncoat new shadow.yaml --kind single_target --data adult

With a flag that answers a question, or where standard input is no terminal, nothing is asked: what
is left out takes its default. Every key of the file has a comment; change what you like, and
`turncoat check` it.")]
    New(NewArgs),

    /// Run a scenario or a sweep: launch the federation, attack it, score the claims, print the table
    #[command(after_help = "\
Examples:
  turncoat run
  turncoat run truex-table8-adult --data-dir data --out runs/adult
  turncoat run mine.yaml --format json > report.json
  turncoat run --set federation.parties=5 --set federation.disclosure=aggregator
  turncoat run --set launch.mode=in_process --jobs 1 --quiet
  turncoat run --set 'sweep.federation.parties=[3, 5, 8]' --out runs/parties
  turncoat run --resume runs/adult

A scenario is a file, or a name that `turncoat scenarios list` shows; a file of that name goes first.

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
  turncoat check my.yaml --data-dir data
  turncoat check my.yaml --set federation.parties=5
  turncoat check my.yaml --format json               each violation with line, column, key and rule
  turncoat check --no-data scenarios/*.yaml scenarios/truex/*.yaml

Files that a scenario names are read as a run would read them, and public data sets are looked for
in the data folder. Data that is missing ends with exit code 3, a scenario that is wrong with 2.")]
    Check(CheckArgs),

    /// Make the page to look at, and its charts, again from the folder of a finished run or sweep
    #[command(after_help = "\
Examples:
  turncoat report runs/adult             writes runs/adult/report.html and runs/adult/pictures/
  turncoat report runs/parties           of a sweep, and of each of its runs

`turncoat run --out DIR` writes both by itself. The page is one file that needs no network; each chart
is also DIR/pictures/NAME.svg and NAME.png, for papers. Only the folder's own files are read, so
a folder of an older version gets the page that its files allow.")]
    Report(ReportArgs),

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

    /// Look at the scenarios that come with turncoat
    #[command(
        subcommand,
        after_help = "\
Examples:
  turncoat scenarios list
  turncoat scenarios show truex-table8-mnist > mine.yaml"
    )]
    Scenarios(ScenariosCommand),

    /// List, look at, check and download data sets
    #[command(
        subcommand,
        after_help = "\
Examples:
  turncoat data list
  turncoat data fetch adult
  turncoat data verify --data-dir data"
    )]
    Data(DataCommand),

    /// Make and show the certificates by which the members of a hand-started federation know each other
    #[command(
        subcommand,
        after_help = "\
Examples:
  turncoat certs new --parties 3 --out certs
  turncoat certs show certs/*.pem"
    )]
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
  numpy.savez('shard.npz', x=x.astype('f4'), y=y.astype('u4'))     or savez_compressed")]
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

    /// Print a script by which a shell completes commands and options
    #[command(after_help = "\
Examples:
  turncoat completions bash > ~/.local/share/bash-completion/completions/turncoat
  turncoat completions zsh > ~/.zfunc/_turncoat      with fpath+=~/.zfunc before compinit in .zshrc
  turncoat completions fish > ~/.config/fish/completions/turncoat.fish
  turncoat completions powershell >> $PROFILE

A new shell has it.")]
    Completions(CompletionsArgs),

    /// Print the manual page, or write a page for every command
    #[command(after_help = "\
Examples:
  turncoat man | man -l -                            to read it
  turncoat man --out ~/.local/share/man/man1         then: man turncoat, man turncoat-run")]
    Man(ManArgs),

    /// Put an adversary behind the credentials of an outsider, a party or the aggregator (started by `run`)
    #[command(hide = true)]
    Adversary(AdversaryArgs),

    /// Run a program, and end it and whatever it has started once the caller is gone (started by `run`)
    #[command(hide = true)]
    Guard(GuardArgs),
}
