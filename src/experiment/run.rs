//! The repeats of an experiment: as many at a time as there are cores, put back in order before anything is summed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use turncoat_learn::data::DataFolders;
use turncoat_learn::partition::Clusters;
use turncoat_learn::{Dataset, Seed, UnitScale};

use super::assemble::assemble;
use super::plane::Plane;
use super::repeat::Outcome;
use crate::error::Error;
use crate::progress::Progress;
use crate::report::claims::{ClaimRows, ClaimsFile};
use crate::report::folder::OutputFolder;
use crate::report::json::Report;
use crate::scenario::{Loaded, Scenario};

/// How an experiment is run. Nothing here changes a figure.
#[derive(Debug)]
pub struct Options {
    /// Where data sets are looked for.
    pub folders: DataFolders,
    /// Where files go, if they are kept.
    pub out: Option<OutputFolder>,
    /// The executable that processes are started from.
    pub executable: PathBuf,
    /// Repeats at the same time.
    pub jobs: usize,
    /// What is shown while it runs.
    pub progress: Progress,
}

/// An experiment, ready to run: its data is loaded and its folders are there.
#[derive(Debug)]
pub struct Experiment {
    loaded: Loaded,
    data: Dataset,
    clusters: Clusters,
    scale: UnitScale,
    plane: Option<Plane>,
    options: Options,
    workspace: TempDir,
    started: Instant,
}

impl Experiment {
    /// Loads and prepares the data.
    ///
    /// # Errors
    /// [`Error::Data`], or [`Error::Output`] when there is no room for the parties' files.
    pub fn prepare(loaded: Loaded, options: Options) -> Result<Self, Error> {
        let started = Instant::now();
        let seed = Seed::root(loaded.scenario.seed);
        let data = loaded.scenario.data.load(&options.folders, seed.child("data", 0))?;
        let data = loaded.scenario.preprocess.apply(data, seed.child("preprocess", 0))?;
        let clusters = Clusters::find(&loaded.scenario.federation.deal, &data, seed.child("clusters", 0));
        let scale = UnitScale::of(data.records());
        let plane = loaded.scenario.boundaries.as_ref().map(|asked| Plane::find(asked, &data)).transpose()?;
        // Only the user may look inside: shards and tokens pass through here.
        let workspace = tempfile::Builder::new().prefix("turncoat-").tempdir().map_err(|e| {
            Error::Output(format!("cannot make a temporary folder for the parties' files: {e}"))
        })?;
        Ok(Self { loaded, data, clusters, scale, plane, options, workspace, started })
    }

    /// Runs every repeat and sums them up, until `interrupted` resolves.
    ///
    /// # Errors
    /// The first [`Error`] of any repeat, or [`Error::Interrupted`]; every other repeat is stopped then, and its
    /// processes with it.
    pub async fn run(self, interrupted: impl Future<Output = ()>) -> Result<Report, Error> {
        let mut file = self.options.out.as_ref().map(ClaimsFile::begin).transpose()?;
        let repeats = self.scenario().repeats;
        let experiment = Arc::new(self);
        let turns = Arc::new(Semaphore::new(experiment.options.jobs.max(1)));
        let mut running = JoinSet::new();
        for number in 0..repeats {
            let (experiment, turns) = (Arc::clone(&experiment), Arc::clone(&turns));
            running.spawn(async move {
                // Turns are never closed, so a turn always comes.
                let _turn = turns.acquire_owned().await;
                (number, experiment.repeat(number).await)
            });
        }
        let collected = tokio::select! {
            collected = experiment.collect(&mut running, &mut file) => collected,
            () = interrupted => Err(Error::Interrupted),
        };
        experiment.options.progress.done();
        running.shutdown().await;
        let outcomes = collected?;
        if let Some(file) = file {
            file.finish()?;
        }
        Ok(assemble(&experiment.loaded, &experiment.data, &outcomes, experiment.started.elapsed()))
    }

    /// Outcomes as they come, put in order; claims are written and let go as soon as their turn has come.
    async fn collect(
        &self,
        running: &mut JoinSet<(u32, Result<Outcome, Error>)>,
        file: &mut Option<ClaimsFile>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut early: BTreeMap<u32, Outcome> = BTreeMap::new();
        let mut outcomes = Vec::new();
        while let Some(finished) = running.join_next().await {
            let (number, outcome) = finished.map_err(|e| Error::Bug(format!("a repeat broke off: {e}")))?;
            early.insert(number, outcome?);
            self.options.progress.finished(number);
            while let Some(outcome) = early.remove(&(outcomes.len() as u32)) {
                if let Some(file) = file {
                    file.add(&outcome.claims)?;
                }
                if let (Some(files), Some(folder)) = (&outcome.boundaries, &self.options.out) {
                    files.write(folder)?;
                }
                outcomes.push(Outcome { claims: ClaimRows::default(), boundaries: None, ..outcome });
            }
        }
        Ok(outcomes)
    }

    pub(crate) fn scenario(&self) -> &Scenario {
        &self.loaded.scenario
    }

    pub(crate) fn data(&self) -> &Dataset {
        &self.data
    }

    /// Features in [0, 1] over the whole data.
    pub(crate) fn scale(&self) -> &UnitScale {
        &self.scale
    }

    /// The plane of the boundaries, in the repeat that they are asked of, if files are kept.
    pub(super) fn plane(&self, number: u32) -> Option<&Plane> {
        let asked = self.scenario().boundaries.as_ref()?;
        self.plane.as_ref().filter(|_| self.options.out.is_some() && number + 1 == asked.repeat)
    }

    /// The same for every repeat.
    pub(crate) fn clusters(&self) -> &Clusters {
        &self.clusters
    }

    pub(crate) fn seed(&self) -> Seed {
        Seed::root(self.loaded.scenario.seed)
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.options.progress
    }

    pub(crate) fn keeps_claims(&self) -> bool {
        self.options.out.is_some()
    }

    pub(crate) fn executable(&self) -> PathBuf {
        self.options.executable.clone()
    }

    /// A private folder for the files of one repeat, removed with the experiment at the latest.
    pub(crate) fn workspace(&self, number: u32) -> PathBuf {
        self.workspace.path().join(format!("repeat-{:03}", number + 1))
    }

    /// Where the processes of one repeat log: kept with the output, else gone with the experiment.
    pub(crate) fn logs(&self, number: u32) -> PathBuf {
        match &self.options.out {
            Some(folder) => folder.logs().join(format!("repeat-{:03}", number + 1)),
            None => self.workspace.path().join("logs").join(format!("repeat-{:03}", number + 1)),
        }
    }
}
