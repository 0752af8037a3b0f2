//! Tables in text: split into cells, then encoded as a data set.

mod adult;
mod csv;
mod encode;
mod split;

pub(super) use adult::load as load_adult;
pub(super) use csv::load as load_csv;
