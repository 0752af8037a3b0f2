//! What is logged, how, and where: lines for people or, with `--log-format json`, one JSON object a line with each field as a
//! value, on standard error; the children of a run write theirs as their parent does.
//!
//! `error!` stands where the exit code is not zero, `warn!` where the reader must look before trusting a figure.

use std::sync::OnceLock;

use clap::ValueEnum;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::cli::{Cli, Command};
use crate::error::Error;
use crate::terminal::{self, LineWriter};
use crate::traces::Traces;

/// The variable that chooses the format where the flag does not.
pub(crate) const FORMAT: &str = "TURNCOAT_LOG_FORMAT";

/// The variable that names a collector, and the one that names a collector of traces in particular.
pub(crate) const COLLECTOR: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const COLLECTOR_OF_TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// That of this process. A subscriber is one a process, and so is its format.
static CHOSEN: OnceLock<LogFormat> = OnceLock::new();

/// The format in which this process logs, and the children that it starts.
pub(crate) fn format() -> LogFormat {
    CHOSEN.get().copied().unwrap_or_default()
}

impl LogFormat {
    /// As the flag and the variable write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// What has to be kept until a process ends: spans that were not sent yet are sent then.
#[must_use]
pub struct Kept {
    _traces: Traces,
}

/// Starts to log, and to send traces where a collector is named. Services say what they do, commands only what must be looked
/// at; -v and TURNCOAT_LOG override.
pub fn start(cli: &Cli) -> Kept {
    let service = matches!(cli.command, Command::Coordinator(_) | Command::Party(_) | Command::Adversary(_));
    let level = match (cli.verbose, service) {
        (0, false) => "warn",
        (0, true) => "info",
        (1, _) => "turncoat=debug,turncoat_party=debug,turncoat_coordinator=debug,turncoat_proto=debug,info",
        _ => "trace",
    };
    let reported =
        std::env::var("TURNCOAT_LOG").ok().and_then(|directives| directives.parse::<Targets>().ok());
    let filter = reported.unwrap_or_else(|| level.parse().expect("the levels above are directives"));
    let format = *CHOSEN.get_or_init(|| cli.log_format);
    let (traces, spans) = Traces::begin(&cli.command);
    let layers: Vec<_> = [lines(format).with_filter(filter).boxed()].into_iter().chain(spans).collect();
    tracing_subscriber::registry().with(layers).init();
    if format == LogFormat::Json {
        std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "this is a bug of turncoat")));
    }
    traces.tell();
    Kept { _traces: traces }
}

/// Whether a collector of traces is named, and traces are not turned off, by the variables of the standard.
pub(crate) fn collector_is_named() -> bool {
    let is = |variable: &str, value: &str| {
        std::env::var(variable).is_ok_and(|set| set.eq_ignore_ascii_case(value))
    };
    [COLLECTOR, COLLECTOR_OF_TRACES]
        .iter()
        .any(|variable| std::env::var_os(variable).is_some_and(|value| !value.is_empty()))
        && !is("OTEL_SDK_DISABLED", "true")
        && !is("OTEL_TRACES_EXPORTER", "none")
}

fn lines(format: LogFormat) -> Box<dyn Layer<Registry> + Send + Sync> {
    let (colours, lines) = (terminal::colours(), fmt::layer());
    match format {
        LogFormat::Text if colours => lines.with_ansi(true).with_writer(|| LineWriter::Coloured).boxed(),
        LogFormat::Text => lines.with_ansi(false).with_writer(|| LineWriter::Plain).boxed(),
        LogFormat::Json => {
            let lines = lines.with_writer(|| LineWriter::Json);
            lines.json().flatten_event(true).with_current_span(false).boxed()
        }
    }
}

/// Says why a command failed, as the last thing that it says.
pub fn failed(error: &Error) {
    match (format(), error) {
        (LogFormat::Json, Error::Degraded(what)) => tracing::warn!(%what, "done, but degraded"),
        (LogFormat::Json, error) => tracing::error!(%error, "failed"),
        (LogFormat::Text, error) => terminal::complain(error),
    }
}

/// Says that the message above, or the one of the log, is a bug.
pub fn broken() {
    if format() == LogFormat::Text {
        terminal::say_error("this is a bug of turncoat; please report the message above");
    }
}
