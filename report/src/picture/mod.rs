//! What is drawn: charts as vectors and as pixels, the same bytes on every machine.
//!
//! A [`Picture`] is a named sheet of panels; a panel is plain data (rows of dots, curves, bars, a heat map, a plane) that knows
//! its size and how it is drawn. plotters draws; what the figures are is decided elsewhere, in [`crate::page`].

mod bars;
mod dots;
mod frame;
mod heat;
mod ink;
mod lettering;
mod panel;
mod plane;
mod png;
mod sheet;
mod xy;

pub(crate) use bars::Bars;
pub(crate) use dots::{Dots, Mark, Row};
pub(crate) use frame::around;
pub(crate) use heat::Heat;
pub(crate) use ink::Tone;
pub(crate) use panel::Panel;
pub(crate) use plane::{Patch, Plane};
pub(crate) use sheet::Picture;
pub(crate) use xy::{Axis, Format, Point, Series, Xy, reach};
