//! The runs of a sweep, one after the other.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use turncoat_report::sweep::json::{OneRun, to_json};
use turncoat_report::sweep::results::{Block, to_csv};
use turncoat_report::sweep::table;

use super::folder::{Kept, SweepFolder};
use super::identify::{Identified, identify};
use crate::checkpoint::Origin;
use crate::cli::Format;
use crate::error::Error;
use crate::experiment::{Runner, Watch};
use crate::identity::{RunId, hex};
use crate::scenario::{Sweep, SweepRun};
use crate::terminal::{self, Bar};
use crate::visible;

/// Where a sweep leaves its files, and what it shows.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The folder; without one only the table is left.
    pub out: Option<&'a Path>,
    /// Whether runs that are finished there are run again.
    pub overwrite: bool,
    /// Whether nothing is said but results.
    pub quiet: bool,
    /// What is shown in the end.
    pub format: Format,
    /// Where its files are looked for.
    pub(crate) origin: &'a Origin,
}

impl Place<'_> {
    /// Says something to whoever watches.
    fn say(self, text: &str) {
        terminal::note(self.quiet, text);
    }
}

/// What is left of a sweep to show.
#[derive(Debug)]
pub struct Executed {
    /// The table of all runs, or their reports as JSON.
    pub shown: String,
    /// Runs in which something was answered without a party or refused.
    pub degraded: usize,
}

/// Runs what is not finished yet, and returns what all runs have found. Runs on the same files follow each other; results stand
/// in the order of the sweep all the same.
///
/// # Errors
/// The [`Error`] of the first run that fails, with its values; what is finished by then is kept.
pub fn execute(sweep: &Sweep, runner: &mut Runner, place: Place<'_>) -> Result<Executed, Error> {
    let folder = place.out.map(|path| SweepFolder::open(path, sweep, place.overwrite)).transpose()?;
    if let Some(path) = place.out {
        place.origin.keep(path, &identity(sweep))?;
    }
    let identified = identify(&sweep.runs, runner.data_cache())?;
    let mut work = Work { sweep, identified, finished: BTreeMap::new(), folder, place };
    work.take_up()?;
    let outcome = work.run_all(runner);
    if outcome.is_err()
        && let Some(folder) = &work.folder
    {
        place.say(&format!(
            "{0} of {1} runs are finished in {2}; the same command goes on from there, or `turncoat run --resume {2}`",
            work.count_finished(),
            sweep.runs.len(),
            folder.path().display()
        ));
    }
    outcome?;
    let table = work.render()?;
    if let Some(folder) = &work.folder {
        let _drawing = Bar::spinner("drawing report.html", place.quiet);
        folder.finish(&table)?;
    }
    let degraded = work.in_order().filter(|(_, _, kept)| kept.report.is_degraded()).count();
    let shown = match place.format {
        Format::Table => table,
        Format::Json => work.to_json(),
    };
    Ok(Executed { shown, degraded })
}

/// What a sweep's origin is told to be of: SHA-256 of what it resolves to.
pub(crate) fn identity(sweep: &Sweep) -> String {
    hex(&Sha256::digest(&sweep.resolved_yaml))
}

struct Work<'a> {
    sweep: &'a Sweep,
    /// In the order of the sweep's runs.
    identified: Vec<Identified>,
    finished: BTreeMap<RunId, Kept>,
    folder: Option<SweepFolder>,
    place: Place<'a>,
}

impl Work<'_> {
    /// Finds what an earlier sweep has finished.
    fn take_up(&mut self) -> Result<(), Error> {
        let Some(folder) = &self.folder else { return Ok(()) };
        for (Identified { id, .. }, run) in self.identified.iter().zip(&self.sweep.runs) {
            if !self.finished.contains_key(id)
                && let Some(kept) = folder.finished(id, &run.loaded, self.place.format)
            {
                self.finished.insert(id.clone(), kept);
            }
        }
        let there = self.count_finished();
        if there > 0 {
            self.place.say(&format!("{there} of {} runs were already there", self.sweep.runs.len()));
        }
        self.write_results()
    }

    fn run_all(&mut self, runner: &mut Runner) -> Result<(), Error> {
        let mut order: Vec<usize> = (0..self.sweep.runs.len()).collect();
        order.sort_by_key(|&number| self.identified[number].files);
        for number in order {
            let id = self.identified[number].id.clone();
            if !self.finished.contains_key(&id) {
                let kept =
                    self.run(number, &id, runner).map_err(|error| error.during(&self.label(number)))?;
                self.finished.insert(id, kept);
                self.write_results()?;
            }
        }
        Ok(())
    }

    fn run(&self, number: usize, id: &RunId, runner: &mut Runner) -> Result<Kept, Error> {
        let SweepRun { loaded, .. } = &self.sweep.runs[number];
        let out = self.folder.as_ref().map(|folder| folder.begin(id)).transpose()?;
        let watch = Watch { label: &self.label(number), quiet: self.place.quiet };
        let finished = runner.run(loaded.clone(), out.clone(), watch)?;
        if let (Some(folder), Some(out)) = (&self.folder, &out) {
            folder.keep(id, out, &finished, &loaded.resolved_yaml)?;
        }
        Kept::of(&finished, self.place.format)
    }

    /// "run 3 of 40 (federation.parties=5)".
    fn label(&self, number: usize) -> String {
        let pairs = self.sweep.keys.iter().zip(&self.sweep.runs[number].values);
        let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
        format!("run {} of {} ({})", number + 1, self.sweep.runs.len(), pairs.join(", "))
    }

    fn count_finished(&self) -> usize {
        self.identified.iter().filter(|run| self.finished.contains_key(&run.id)).count()
    }

    /// The finished runs with their swept values, in the order of the sweep.
    fn in_order(&self) -> impl Iterator<Item = (&SweepRun, &RunId, &Kept)> {
        self.sweep
            .runs
            .iter()
            .zip(&self.identified)
            .filter_map(|(run, Identified { id, .. })| self.finished.get(id).map(|kept| (run, id, kept)))
    }

    fn write_results(&self) -> Result<(), Error> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let blocks: Vec<Block<'_>> = self
            .in_order()
            .map(|(run, id, kept)| Block { values: &run.values, run: id.folder(), rows: &kept.rows })
            .collect();
        folder.write_results(&to_csv(&self.sweep.keys, &blocks)?)
    }

    fn to_json(&self) -> String {
        let runs = self.in_order().map(|(run, id, kept)| OneRun {
            values: self.sweep.keys.iter().cloned().zip(run.values.iter().cloned()).collect(),
            folder: id.folder().to_owned(),
            report: kept.json.clone().unwrap_or_default(),
        });
        to_json(runs)
    }

    fn render(&self) -> Result<String, Error> {
        let runs: Vec<_> = self.in_order().map(|(run, _, kept)| (&run.values[..], &kept.report)).collect();
        Ok(visible::text(&table::render(&self.sweep.keys, &runs)).into_owned())
    }
}
