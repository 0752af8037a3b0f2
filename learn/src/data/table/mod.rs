//! Tables in text: cells encoded as a data set.

mod adult;
mod cells;
mod csv;
mod declared;
mod dialect;
mod distinct;
mod encode;
mod header;
mod names;
mod numeral;
mod profile;
mod quantities;

pub(super) use adult::{find as find_adult, load as load_adult};
pub(super) use csv::load as load_csv;
