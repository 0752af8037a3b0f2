//! The repeats of an experiment on single targets, on as many threads as are asked for, in this process.

use std::sync::Arc;
use std::time::Instant;

use rayon::ThreadPool;
use turncoat_learn::Dataset;
use turncoat_report::files::attack_sets;
use turncoat_report::files::claims::ClaimRows;
use turncoat_report::files::target_claims;
use turncoat_report::files::vectors::{Layout, VectorFiles};
use turncoat_report::result::report::Report;

use super::assemble::assemble;
use super::repeat::Outcome;
use crate::checkpoint::{Checkpoints, Part};
use crate::error::Error;
use crate::experiment::options::Options;
use crate::experiment::turns::in_turn;
use crate::progress::Progress;
use crate::scenario::{Export, Loaded, SingleTarget};

/// An experiment on single targets, ready to run.
#[derive(Debug)]
pub(in crate::experiment) struct SingleTargetExperiment {
    loaded: Loaded,
    study: Box<SingleTarget>,
    data: Arc<Dataset>,
    options: Options,
    pool: ThreadPool,
    started: Instant,
}

impl SingleTargetExperiment {
    /// Starts the threads.
    ///
    /// # Errors
    /// [`Error::Usage`] when there cannot be as many.
    pub(in crate::experiment) fn prepare(
        loaded: Loaded,
        study: Box<SingleTarget>,
        data: Arc<Dataset>,
        options: Options,
    ) -> Result<Self, Error> {
        let started = Instant::now();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.jobs.max(1))
            .build()
            .map_err(|e| Error::Usage(format!("cannot start {} threads: {e}; lower --jobs", options.jobs)))?;
        Ok(Self { loaded, study, data, options, pool, started })
    }

    /// Runs every repeat and sums them up, until `interrupted` resolves.
    ///
    /// # Errors
    /// The first [`Error`] of any repeat, or [`Error::Interrupted`].
    pub(in crate::experiment) async fn run(
        self,
        interrupted: impl Future<Output = ()>,
    ) -> Result<Report, Error> {
        let out = self.options.out.clone();
        let keep = |kept: bool| out.as_ref().filter(|_| kept);
        let mut claims = keep(self.keeps_claims()).map(target_claims::begin).transpose()?;
        let sets = keep(self.keeps_attack_sets());
        let mut sets = sets.map(|folder| attack_sets::begin(folder, self.data.classes())).transpose()?;
        let kept = keep(self.keeps_vectors()).zip(self.checkpoints());
        let mut vectors =
            kept.map(|(folder, spools)| VectorFiles::new(folder, spools.path().into(), self.layout()));
        let study_run = Arc::new(self);
        let start = {
            let study_run = Arc::clone(&study_run);
            move |number| {
                let study_run = Arc::clone(&study_run);
                async move {
                    let repeat = move || study_run.pool.install(|| study_run.taken_or_repeated(number));
                    let done = tokio::task::spawn_blocking(repeat).await;
                    done.map_err(|e| Error::Bug(format!("a repeat broke off: {e}")))?
                }
            }
        };
        let mut outcomes = Vec::new();
        // What is kept is written and let go as soon as its turn has come.
        let each = |_, outcome: Outcome| {
            if let Some(file) = &mut claims {
                file.add(outcome.claims.text())?;
            }
            if let Some(file) = &mut sets {
                file.add(&outcome.attack_sets)?;
            }
            if let Some(files) = &mut vectors {
                outcome.vectors.into_iter().for_each(|spool| files.add(spool));
            }
            outcomes.push(Outcome {
                claims: ClaimRows::default(),
                attack_sets: String::new(),
                vectors: Vec::new(),
                ..outcome
            });
            Ok(())
        };
        let jobs = study_run.options.jobs;
        let done = in_turn(study_run.study.repeats, jobs, interrupted, start, each).await;
        study_run.options.progress.done();
        done?;
        for file in [claims, sets].into_iter().flatten() {
            file.finish()?;
        }
        vectors.map(VectorFiles::finish).transpose()?;
        let elapsed = study_run.started.elapsed();
        Ok(assemble(&study_run.loaded, &study_run.study, &study_run.data, &outcomes, elapsed))
    }

    /// What an earlier process has found in a repeat, or what it comes to, which is kept then.
    fn taken_or_repeated(&self, number: u32) -> Result<Outcome, Error> {
        let part = Part::Repeat(number);
        let checkpoints = self.checkpoints();
        if let Some(outcome) = checkpoints.map(|kept| kept.take::<Outcome>(part)).transpose()?.flatten() {
            if let Some(kept) = checkpoints {
                outcome.vectors.iter().try_for_each(|spool| spool.verify(kept.path()))?;
            }
            (0..self.study.folds).for_each(|_| self.progress().finished());
            return Ok(outcome);
        }
        let outcome = self.repeat(number)?;
        checkpoints.map(|kept| kept.keep(part, &outcome)).transpose()?;
        Ok(outcome)
    }

    pub(super) fn checkpoints(&self) -> Option<&Checkpoints> {
        self.options.checkpoints.as_deref()
    }

    /// The columns of its vectors.
    pub(super) fn layout(&self) -> Layout {
        Layout::single_target(self.data.classes())
    }

    pub(super) fn study(&self) -> &SingleTarget {
        &self.study
    }

    pub(super) fn data(&self) -> &Dataset {
        &self.data
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.options.progress
    }

    pub(super) fn keeps_claims(&self) -> bool {
        self.options.out.is_some() && self.study.export.contains(&Export::Claims)
    }

    pub(super) fn keeps_vectors(&self) -> bool {
        self.options.out.is_some() && self.study.export.contains(&Export::Vectors)
    }

    pub(super) fn keeps_attack_sets(&self) -> bool {
        self.options.out.is_some() && self.study.export.contains(&Export::AttackSets)
    }
}
