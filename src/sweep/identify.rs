//! The identities of a sweep's runs: each data set is read once, however many runs are made on it.

use turncoat_learn::Seed;
use turncoat_learn::data::DataSource;

use crate::error::Error;
use crate::experiment::DataCache;
use crate::identity::{RunId, digest, programs};
use crate::scenario::SweepRun;

/// A run and what it reads.
#[derive(Debug)]
pub(super) struct Identified {
    pub(super) id: RunId,
    /// Runs that read the same files have the same number; none for runs that read none.
    pub(super) files: Option<usize>,
}

/// The identities of runs, in their order. Reads each data set once.
///
/// # Errors
/// [`Error::Data`] of the first data set that cannot be read, with the run that wants it.
pub(super) fn identify(runs: &[SweepRun], data_cache: &mut DataCache) -> Result<Vec<Identified>, Error> {
    let mut known: Vec<(&DataSource, String)> = Vec::new();
    let mut identified = Vec::with_capacity(runs.len());
    for SweepRun { loaded, .. } in runs {
        let source = loaded.study.data();
        let files = if source.reads_files() {
            let place = match known.iter().position(|(of, _)| *of == source) {
                Some(place) => place,
                None => {
                    // Files do not depend on the seed.
                    let data = data_cache.load(source, Seed::root(0))?;
                    known.push((source, digest(&data)));
                    known.len() - 1
                }
            };
            Some(place)
        } else {
            None
        };
        let content = files.map(|place| known[place].1.as_str());
        let programs = programs(&loaded.study, data_cache.folders().scenario_dir.as_deref())?;
        identified
            .push(Identified { id: RunId::new(&loaded.run_sha256, content, programs.as_deref()), files });
    }
    Ok(identified)
}
