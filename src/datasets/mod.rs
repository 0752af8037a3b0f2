//! The data sets that a scenario can name: where their files are expected, whether those are what they should be, and
//! getting them from their official home.

mod catalogue;
mod download;
mod download_error;
mod fetch;
mod locate;
mod proxy;
mod verify;

pub(crate) use catalogue::{DataFile, DataSet, Kind, all, set};
pub(crate) use download::FetchLimits;
pub(crate) use fetch::{ADULT_HOME, fetch_adult};
pub(crate) use locate::{Place, State, state};
pub(crate) use verify::verify;
