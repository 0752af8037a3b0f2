//! Tables in text: cells encoded as a data set.

mod adult;
mod csv;
mod encode;

pub(super) use adult::load as load_adult;
pub(super) use csv::load as load_csv;
