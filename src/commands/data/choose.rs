//! From the parsed command line to one command on data sets, and data sets by their names.

use super::{describe, fetch, list, verify};
use crate::cli::DataCommand;
use crate::datasets::{self, DataSet};
use crate::error::Error;
use crate::scenario::nearest;

/// Carries out one of them.
pub(in crate::commands) fn data(command: &DataCommand, quiet: bool) -> Result<(), Error> {
    match command {
        DataCommand::List(args) => list::list(args),
        DataCommand::Describe(args) => describe::describe(args, quiet),
        DataCommand::Verify(args) => verify::verify(args, quiet),
        DataCommand::Fetch(args) => fetch::fetch(args, quiet),
    }
}

/// The data set of a name.
pub(super) fn known(name: &str) -> Result<&'static DataSet, Error> {
    datasets::set(name).ok_or_else(|| {
        let meant = nearest(name, datasets::all().map(|set| set.name))
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Error::Usage(format!("{name} is no data set; `turncoat data list` shows all{meant}"))
    })
}
