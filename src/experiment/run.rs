//! A federation's repeats, from its data to its report.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use turncoat_learn::partition::Clusters;
use turncoat_learn::{Dataset, EqualRecords, Seed, UnitScale};
use turncoat_report::files::claims::{self, ClaimRows};
use turncoat_report::files::gz_csv::GzCsv;
use turncoat_report::files::vectors::{Layout, SpoolWriter, VectorFiles};
use turncoat_report::result::report::Report;

use super::assemble::assemble;
use super::options::Options;
use super::pass::Pass;
use super::plane::Plane;
use super::repeat::Outcome;
use super::turns::in_turn;
use crate::checkpoint::{self, Part};
use crate::error::Error;
use crate::faults::Behaviour;
use crate::progress::Progress;
use crate::scenario::{FederationExport, LaunchMode, Loaded, Scenario};
use crate::workspace::Workspace;

/// A federation's experiment, ready to run: its data is loaded and its folders are there.
#[derive(Debug)]
pub struct Experiment {
    loaded: Loaded,
    scenario: Box<Scenario>,
    data: Arc<Dataset>,
    equal: EqualRecords,
    clusters: Clusters,
    scale: UnitScale,
    plane: Option<Plane>,
    options: Options,
    workspace: Workspace,
    started: Instant,
}

impl Experiment {
    /// Makes room for the parties' files.
    ///
    /// # Errors
    /// [`Error::Output`] when there is none.
    pub(super) fn prepare(
        loaded: Loaded,
        scenario: Box<Scenario>,
        data: Arc<Dataset>,
        options: Options,
    ) -> Result<Self, Error> {
        let started = Instant::now();
        let seed = Seed::root(scenario.seed);
        let clusters = Clusters::find(&scenario.federation.partition, &data, seed.child("clusters", 0));
        let scale = UnitScale::of(data.records());
        let plane =
            scenario.boundaries.as_ref().map(|requested| Plane::find(requested, &data)).transpose()?;
        let byzantine = scenario.byzantine.iter().enumerate();
        for (place, byzantine) in byzantine {
            if let Behaviour::Constant { class } = byzantine.behaviour
                && class >= data.classes()
            {
                return Err(Error::Usage(format!(
                    "byzantine.{place}.how.constant.class is {class}: the data has classes 0 to {}",
                    data.classes() - 1
                )));
            }
        }
        let workspace = Workspace::make()?;
        if let Some(out) = &options.out {
            checkpoint::record_workspace(out.path(), workspace.path())?;
        }
        let equal = EqualRecords::of_data(&data);
        Ok(Self { loaded, scenario, data, equal, clusters, scale, plane, options, workspace, started })
    }

    /// Runs every repeat and sums them up, until `interrupted` resolves.
    ///
    /// # Errors
    /// The first [`Error`] of any repeat, or [`Error::Interrupted`]; every other repeat is stopped then, and its
    /// processes with it.
    pub(super) async fn run(self, interrupted: impl Future<Output = ()>) -> Result<Report, Error> {
        let mut file = self.options.out.as_ref().map(claims::begin).transpose()?;
        let folder = self.options.out.clone();
        let kept = folder.as_ref().zip(self.options.checkpoints.as_deref());
        let kept = kept.filter(|_| self.scenario.export.contains(&FederationExport::Vectors));
        let mut vectors =
            kept.map(|(folder, spools)| VectorFiles::new(folder, spools.path().into(), self.layout()));
        let experiment = Arc::new(self);
        let mut outcomes = Vec::new();
        let start = {
            let experiment = Arc::clone(&experiment);
            move |number| {
                let experiment = Arc::clone(&experiment);
                async move {
                    let outcome = experiment.taken_or_repeated(number).await?;
                    experiment.options.progress.finished();
                    Ok(outcome)
                }
            }
        };
        // Claims are written and let go as soon as their turn has come.
        let each = |_, outcome: Outcome| {
            if let Some(file) = &mut file {
                file.add(outcome.claims.text())?;
            }
            if let (Some(files), Some(folder)) = (&outcome.boundaries, &folder) {
                files.write(folder)?;
            }
            if let (Some(files), Some(spool)) = (&mut vectors, outcome.vectors) {
                files.add(spool);
            }
            outcomes.push(Outcome {
                claims: ClaimRows::default(),
                vectors: None,
                boundaries: None,
                ..outcome
            });
            Ok(())
        };
        let done =
            in_turn(experiment.scenario.repeats, experiment.options.jobs, interrupted, start, each).await;
        experiment.options.progress.done();
        done.map_err(|error| match error {
            Error::Interrupted { .. } => {
                Error::Interrupted { processes: experiment.scenario.launch.mode == LaunchMode::Processes }
            }
            other => other,
        })?;
        file.map(GzCsv::finish).transpose()?;
        vectors.map(VectorFiles::finish).transpose()?;
        Ok(assemble(
            &experiment.loaded,
            &experiment.scenario,
            &experiment.data,
            &experiment.equal,
            &outcomes,
            experiment.started.elapsed(),
        ))
    }

    /// What an earlier process has found in a repeat, or what it comes to, which is kept then.
    async fn taken_or_repeated(&self, number: u32) -> Result<Outcome, Error> {
        let part = Part::Repeat(number);
        let checkpoints = self.options.checkpoints.as_deref();
        if let Some(outcome) = checkpoints.map(|kept| kept.take::<Outcome>(part)).transpose()?.flatten() {
            if let (Some(spool), Some(kept)) = (&outcome.vectors, checkpoints) {
                spool.verify(kept.path())?;
            }
            return Ok(outcome);
        }
        let mut outcome = self.repeat(number).await?;
        if let Some(checkpoints) = checkpoints {
            // Timings tell of one process, and are not kept.
            let timings = std::mem::take(&mut outcome.timings_ms);
            checkpoints.keep(part, &outcome)?;
            outcome.timings_ms = timings;
        }
        Ok(outcome)
    }

    pub(crate) fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub(crate) fn data(&self) -> &Dataset {
        &self.data
    }

    /// Which records of the data are equal.
    pub(super) fn equal(&self) -> &EqualRecords {
        &self.equal
    }

    /// Features in [0, 1] over the whole data.
    pub(crate) fn scale(&self) -> &UnitScale {
        &self.scale
    }

    /// The plane of the boundaries, in the repeat that they are asked of, if files are kept.
    pub(super) fn plane(&self, number: u32, pass: Pass) -> Option<&Plane> {
        let requested = self.scenario().boundaries.as_ref()?;
        self.plane.as_ref().filter(|_| self.keeps_files(pass) && number + 1 == requested.repeat)
    }

    /// The same for every repeat.
    pub(crate) fn clusters(&self) -> &Clusters {
        &self.clusters
    }

    pub(crate) fn seed(&self) -> Seed {
        Seed::root(self.scenario.seed)
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.options.progress
    }

    /// Whether what goes beyond figures is kept of a pass.
    pub(crate) fn keeps_files(&self, pass: Pass) -> bool {
        pass == Pass::AsWritten && self.options.out.is_some()
    }

    /// Where the scenario lies, if it is a file.
    pub(super) fn scenario_dir(&self) -> Option<&Path> {
        self.options.scenario_dir.as_deref()
    }

    /// Whether the vectors of a pass are kept.
    pub(super) fn keeps_vectors(&self, pass: Pass) -> bool {
        self.keeps_files(pass) && self.scenario.export.contains(&FederationExport::Vectors)
    }

    /// The columns of its vectors.
    fn layout(&self) -> Layout {
        Layout::federation(self.scenario.parties(), self.data.classes())
    }

    /// Where the vectors of a repeat go, if they are kept.
    pub(super) fn spool(&self, number: u32) -> Result<SpoolWriter, Error> {
        let kept = self.options.checkpoints.as_deref();
        let kept = kept.ok_or_else(|| Error::Bug("vectors are kept without a folder".into()))?;
        kept.spool(Part::Repeat(number), &self.layout())
    }

    pub(super) fn executable(&self) -> PathBuf {
        self.options.executable.clone()
    }

    /// A private folder for the files of one pass through a repeat, removed with the experiment at the latest.
    pub(super) fn workspace(&self, number: u32, pass: Pass) -> PathBuf {
        self.workspace.path().join(pass.folder(number))
    }

    /// Where the processes of one pass log: kept with the output, else gone with the experiment.
    pub(super) fn logs(&self, number: u32, pass: Pass) -> PathBuf {
        match &self.options.out {
            Some(folder) => folder.logs().join(pass.folder(number)),
            None => self.workspace.path().join("logs").join(pass.folder(number)),
        }
    }

    /// Whether the logs lie in the private folder.
    pub(super) fn logs_are_private(&self) -> bool {
        self.options.out.is_none()
    }
}
