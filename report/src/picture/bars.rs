//! Two histograms over each other: the one filled, the other as an outline.

use plotters::prelude::*;

use super::frame::{self, AXIS, Axes, KEY, TITLE, number};
use super::ink::{Area, Drawn, Tone, px};

const PLOT: f64 = 150.0;

/// A chart: bins of equal width, with the share of either kind that lies in each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bars {
    /// What it shows.
    pub(crate) title: String,
    /// What the axis measures.
    pub(crate) axis: String,
    /// Where the first bin begins and the last ends.
    pub(crate) range: [f64; 2],
    /// Share of the first kind in each bin, fractions.
    pub(crate) filled: Vec<f64>,
    /// Share of the second kind, of as many bins.
    pub(crate) outlined: Vec<f64>,
    /// Names of both kinds.
    pub(crate) names: [String; 2],
}

const FILLED: Tone = Tone::Blue;
const OUTLINED: Tone = Tone::Vermilion;

impl Bars {
    pub(super) fn height(&self) -> u32 {
        (TITLE + PLOT + AXIS + 2.0 * KEY + 8.0) as u32
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        frame::title(area, &self.title)?;
        let most = self.filled.iter().chain(&self.outlined).copied().fold(0.0, f64::max).max(1e-9);
        let [low, high] = self.range;
        let high = if high > low { high } else { low + 1.0 };
        let bins = self.filled.len().max(1) as f64;
        let edge = |bin: usize| low + (high - low) * bin as f64 / bins;
        let axes = Axes {
            x: &self.axis,
            y: "share, percent",
            x_format: &|value| number(*value, 4),
            y_format: &|value| number(100.0 * value, 4),
            below: 2.0 * KEY,
        };
        frame::chart(area, &axes, low..high, 0.0..1.08 * most, |at| {
            for (bin, &share) in self.filled.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                let corners = [at(edge(bin), share), at(edge(bin + 1), 0.0)];
                area.draw(&Rectangle::new(corners, FILLED.rgb().mix(0.45).filled()))?;
            }
            let mut line = vec![at(low, 0.0)];
            for (bin, &share) in self.outlined.iter().enumerate() {
                line.extend([at(edge(bin), share), at(edge(bin + 1), share)]);
            }
            line.push(at(high, 0.0));
            line.dedup();
            area.draw(&PathElement::new(line, OUTLINED.rgb().stroke_width(px(1.5) as u32)))
        })?;
        let top = f64::from(self.height()) - 2.0 * KEY - 2.0;
        frame::key(area, &[(OUTLINED, &self.names[1])], top + KEY)?;
        frame::entry(area, top, &self.names[0], |(x, y)| {
            let patch = [(x - px(5.0), y - px(4.0)), (x + px(5.0), y + px(4.0))];
            area.draw(&Rectangle::new(patch, FILLED.rgb().mix(0.45).filled()))
        })
    }
}
