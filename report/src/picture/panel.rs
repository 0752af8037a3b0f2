//! One chart of a sheet: plain data that knows its size and how it is drawn.

use plotters::prelude::DrawingBackend;

use super::bars::Bars;
use super::dots::Dots;
use super::heat::Heat;
use super::ink::{Area, Drawn, WIDTH};
use super::plane::Plane;
use super::xy::Xy;

/// A chart.
#[derive(Clone, Debug)]
pub(crate) enum Panel {
    /// Rows of values with their intervals.
    Dots(Dots),
    /// Curves and points over two axes.
    Xy(Xy),
    /// Two histograms over each other.
    Bars(Bars),
    /// Shares as cells.
    Heat(Heat),
    /// Decision boundaries.
    Plane(Plane),
}

/// The same of whatever chart it is.
macro_rules! of_chart {
    ($panel:expr, $chart:ident => $what:expr) => {
        match $panel {
            Panel::Dots($chart) => $what,
            Panel::Xy($chart) => $what,
            Panel::Bars($chart) => $what,
            Panel::Heat($chart) => $what,
            Panel::Plane($chart) => $what,
        }
    };
}

impl Panel {
    /// Height in CSS pixels; all are [`WIDTH`] wide.
    pub(super) fn height(&self) -> u32 {
        of_chart!(self, chart => chart.height())
    }

    /// Width and height in CSS pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        (WIDTH, self.height())
    }

    /// What it shows, in a few words.
    pub(crate) fn title(&self) -> &str {
        of_chart!(self, chart => &chart.title)
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        of_chart!(self, chart => chart.draw(area))
    }
}
