//! From a checked scenario to its report, whichever kind it is.

use std::sync::Arc;

use turncoat_learn::Dataset;
use turncoat_report::result::report::Report;

use super::options::Options;
use super::run::Experiment;
use super::single_target::SingleTargetExperiment;
use crate::error::Error;
use crate::scenario::{Loaded, Study};

/// Runs a scenario on its data until it is done or `interrupted` resolves. The report is not yet written down.
///
/// # Errors
/// The first [`Error`] of any repeat, or [`Error::Interrupted`].
pub async fn run(
    loaded: Loaded,
    data: Arc<Dataset>,
    options: Options,
    interrupted: impl Future<Output = ()>,
) -> Result<Report, Error> {
    match loaded.study.clone() {
        Study::Federation(scenario) => {
            Experiment::prepare(loaded, scenario, data, options)?.run(interrupted).await
        }
        Study::SingleTarget(study) => {
            SingleTargetExperiment::prepare(loaded, study, data, options)?.run(interrupted).await
        }
    }
}
