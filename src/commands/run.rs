//! `turncoat run`: a scenario from its file to its table.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use turncoat_learn::data::DataFolders;

use crate::cli::RunArgs;
use crate::error::Error;
use crate::experiment::{self, Options, load_data};
use crate::progress::Progress;
use crate::report::folder::{OutputFolder, REPORT};
use crate::report::{csv, table};
use crate::scenario::{Loaded, Scenario, Study};

const QUICKSTART: &str = include_str!("../../scenarios/quickstart.yaml");

pub(super) fn run(args: RunArgs) -> Result<(), Error> {
    let loaded = load(args.scenario.as_deref(), &args.overrides)?;
    let out = args.out.as_ref().map(|path| OutputFolder::prepare(path, args.overwrite)).transpose()?;
    let resolved = loaded.resolved_yaml.clone();
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let executable = std::env::current_exe().map_err(|e| {
        Error::Federation(format!("this executable cannot be found again to start processes: {e}"))
    })?;
    let folders = DataFolders {
        data_dir: args.data_dir.clone(),
        scenario_dir: args.scenario.as_deref().and_then(Path::parent).map(Path::to_path_buf),
    };
    let options = Options {
        out: out.clone(),
        executable,
        jobs: args.jobs.map_or(cores, usize::from),
        progress: progress(&loaded.study, args.quiet),
    };

    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::Federation(format!("cannot start the threads of the experiment: {e}")))?;
    let outcome = runtime.block_on(async {
        let interrupted = interruption()?;
        let data = Arc::new(load_data(&loaded.study, &folders)?);
        experiment::run(loaded, data, options, interrupted).await
    });
    // Training that was cut short in this very process is not waited for.
    runtime.shutdown_background();
    let report = outcome?;

    if let Some(folder) = &out {
        let json =
            report.to_json().map_err(|e| Error::Bug(format!("{REPORT} cannot be written down: {e}")))?;
        folder.write("scenario.resolved.yaml", resolved.as_bytes())?;
        folder.write("results.csv", &csv::to_csv(&report)?)?;
        folder.write(REPORT, json.as_bytes())?;
    }
    // A closed pipe takes what it wants of the table.
    let _ = write!(std::io::stdout().lock(), "{}", table::render(&report));
    if !args.quiet {
        let _ = match &out {
            Some(folder) => writeln!(
                std::io::stderr(),
                "report, results, claims and logs are in {}",
                folder.path().display()
            ),
            None => writeln!(std::io::stderr(), "add --out DIR to keep the report, the claims and the logs"),
        };
    }
    Ok(())
}

/// Progress over a federation's repeats, or over the folds of single targets.
fn progress(study: &Study, quiet: bool) -> Progress {
    match study {
        Study::Federation(scenario) => Progress::new(scenario.repeats.into(), "repeats", quiet),
        Study::SingleTarget(study) => {
            Progress::new(u64::from(study.repeats) * u64::from(study.folds), "folds", quiet)
        }
    }
}

/// The scenario of a file, or the quickstart.
pub(super) fn load(scenario: Option<&Path>, overrides: &[String]) -> Result<Loaded, Error> {
    Ok(match scenario {
        Some(path) => Scenario::load(path, overrides)?,
        None => Scenario::parse("quickstart.yaml", QUICKSTART, overrides)?,
    })
}

/// Resolves when the user or the system asks to stop.
fn interruption() -> Result<impl Future<Output = ()>, Error> {
    let listen =
        |kind| signal(kind).map_err(|e| Error::Federation(format!("cannot listen for signals: {e}")));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    let mut hangup = listen(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}
