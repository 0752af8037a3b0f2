//! Carries out experiments one after the other, on threads, data and an ear for signals that they share.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use turncoat_learn::data::DataFolders;
use turncoat_report::files::folder::OutputFolder;
use turncoat_report::finished::Finished;

use super::data_cache::DataCache;
use super::options::Options;
use super::study;
use crate::checkpoint::Checkpoints;
use crate::error::Error;
use crate::interruption::Interruption;
use crate::progress::Progress;
use crate::scenario::{Loaded, Study};
use crate::terminal::{self, Bar};
use crate::words::counted;

/// What all runs of a command share.
#[derive(Debug)]
pub struct Runner {
    /// Taken when it is let go.
    runtime: Option<Runtime>,
    interruption: Interruption,
    data_cache: DataCache,
    executable: PathBuf,
    jobs: usize,
}

impl Runner {
    /// Repeats run on all cores unless `jobs` says how many at a time; `several` runs that follow each other on the same
    /// data read it once.
    ///
    /// # Errors
    /// [`Error::Federation`] when the system gives no threads or no signals.
    pub fn new(folders: DataFolders, jobs: Option<u16>, several: bool) -> Result<Self, Error> {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let executable = std::env::current_exe().map_err(|e| {
            Error::Federation(format!("this executable cannot be found again to start processes: {e}"))
        })?;
        let runtime = Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|e| Error::Federation(format!("cannot start the threads of the experiment: {e}")))?;
        let interruption = {
            let _inside = runtime.enter();
            Interruption::listen()?
        };
        Ok(Self {
            runtime: Some(runtime),
            interruption,
            data_cache: DataCache::new(folders, several),
            executable,
            jobs: jobs.map_or(cores, usize::from),
        })
    }

    /// The data that runs are made on.
    pub fn data_cache(&mut self) -> &mut DataCache {
        &mut self.data_cache
    }

    /// Runs one experiment to its end. Claims and logs go to `out`; the other files are the caller's to keep.
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::Interrupted`] also for a signal that came since the last run.
    pub fn run(
        &mut self,
        loaded: Loaded,
        out: Option<OutputFolder>,
        watch: Watch<'_>,
    ) -> Result<Finished, Error> {
        let Self { runtime, interruption, data_cache, executable, jobs } = self;
        let runtime = runtime.as_ref().expect("the threads are there until the runner is dropped");
        runtime.block_on(async {
            let data = {
                let _shown = watch.reading(&loaded.study);
                Arc::new(data_cache.prepared(&loaded.study)?)
            };
            let scenario_dir = data_cache.folders().scenario_dir.as_deref();
            let checkpoints = out.as_ref().map(|out| Checkpoints::begin(out, &loaded, &data, scenario_dir));
            let checkpoints = checkpoints.transpose()?;
            let checkpoints = checkpoints.map(Arc::new);
            let options = Options {
                out,
                checkpoints: checkpoints.clone(),
                scenario_dir: data_cache.folders().scenario_dir.clone(),
                executable: executable.clone(),
                jobs: *jobs,
                progress: watch.progress(&loaded.study),
            };
            let repeats = loaded.study.repeats();
            let report = study::run(loaded, data, options, interruption.came()).await;
            if let Some(taken) = checkpoints.map(|kept| kept.taken()).filter(|&taken| taken > 0) {
                watch.say(&format!(
                    "{taken} of {} taken from the folder",
                    counted(repeats, "repeat was", "repeats were")
                ));
            }
            Ok(Finished::new(&report?)?)
        })
    }
}

/// What a person is shown of a run.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// Which of several runs it is; empty for one alone.
    pub label: &'a str,
    /// Whether nothing is shown.
    pub quiet: bool,
}

impl Watch<'_> {
    /// Says something to whoever watches.
    fn say(self, text: &str) {
        let label = if self.label.is_empty() { String::new() } else { format!("{}: ", self.label) };
        terminal::note(self.quiet, &format!("{label}{text}"));
    }

    /// Something moves while data is read, which takes seconds where there are many images.
    fn reading(self, study: &Study) -> Bar {
        Bar::spinner(&format!("reading {}", study.data().name()), self.quiet || !study.data().reads_files())
    }

    /// Progress over a federation's repeats, or over the folds of single targets.
    fn progress(self, study: &Study) -> Progress {
        let (total, unit) = match study {
            Study::Federation(scenario) => (scenario.repeats.into(), ["repeat", "repeats"]),
            Study::SingleTarget(study) => {
                (u64::from(study.repeats) * u64::from(study.folds), ["fold", "folds"])
            }
        };
        Progress::new(self.label, total, unit[usize::from(total != 1)], self.quiet)
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // Training that was cut short in this very process is not waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
