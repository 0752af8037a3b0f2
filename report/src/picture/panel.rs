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

impl Panel {
    /// Height in CSS pixels; all are [`WIDTH`] wide.
    pub(super) fn height(&self) -> u32 {
        match self {
            Self::Dots(dots) => dots.height(),
            Self::Xy(xy) => xy.height(),
            Self::Bars(bars) => bars.height(),
            Self::Heat(heat) => heat.height(),
            Self::Plane(plane) => plane.height(),
        }
    }

    /// Width and height in CSS pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        (WIDTH, self.height())
    }

    /// What it shows, in a few words.
    pub(crate) fn title(&self) -> &str {
        match self {
            Self::Dots(dots) => &dots.title,
            Self::Xy(xy) => &xy.title,
            Self::Bars(bars) => &bars.title,
            Self::Heat(heat) => &heat.title,
            Self::Plane(plane) => &plane.title,
        }
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        match self {
            Self::Dots(dots) => dots.draw(area),
            Self::Xy(xy) => xy.draw(area),
            Self::Bars(bars) => bars.draw(area),
            Self::Heat(heat) => heat.draw(area),
            Self::Plane(plane) => plane.draw(area),
        }
    }
}
