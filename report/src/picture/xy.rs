//! Curves and points over two axes, linear or logarithmic.

use plotters::prelude::*;

use super::frame::{self, AXIS, Axes, KEY, Place, TITLE, around, number};
use super::ink::{Area, Drawn, SOFT, Tone, px};

/// Height of the plot itself, CSS pixels.
const PLOT: f64 = 230.0;
/// Shapes along a curve.
const SHAPES: i32 = 5;

/// A chart.
#[derive(Clone, Debug)]
pub(crate) struct Xy {
    /// What it shows.
    pub(crate) title: String,
    /// From left to right.
    pub(crate) x: Axis,
    /// From bottom to top.
    pub(crate) y: Axis,
    /// Whether both axes are logarithmic. They begin above zero then, and what lies below is drawn at their beginning.
    pub(crate) logarithmic: bool,
    /// Whether equal values of both are marked, as guessing gives them on a ROC.
    pub(crate) diagonal: bool,
    /// What is drawn.
    pub(crate) series: Vec<Series>,
}

/// An axis.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// What it measures, with its unit.
    pub(crate) name: String,
    /// Where it begins and ends.
    pub(crate) range: [f64; 2],
    /// How its numbers are written.
    pub(crate) format: Format,
}

/// How numbers are written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Format {
    /// Fractions as percent.
    Percent,
    /// As they are.
    Plain,
    /// Places 0, 1, 2 ... under these names.
    Names(Vec<String>),
}

/// Values that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// What they are of; empty for what the key need not name.
    pub(crate) name: String,
    /// Their colour and shape.
    pub(crate) tone: Tone,
    /// Whether they are joined.
    pub(crate) line: bool,
    /// In the order in which they are joined.
    pub(crate) points: Vec<Point>,
    /// What of a line is marked, from left to right; where nothing is, it carries a few shapes to be known by.
    pub(crate) marked: Vec<(f64, f64)>,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    /// To the right.
    pub(crate) x: f64,
    /// Up.
    pub(crate) y: f64,
    /// The 95 % interval of the latter.
    pub(crate) interval: Option<[f64; 2]>,
}

impl Series {
    /// Of points that are not joined.
    pub(crate) fn of_points(name: String, tone: Tone, points: Vec<Point>) -> Self {
        Self { name, tone, line: false, points, marked: Vec::new() }
    }
}

/// What the axis upwards covers: all points with their intervals, and some room.
pub(crate) fn reach(series: &[Series]) -> [f64; 2] {
    let points = series.iter().flat_map(|series| &series.points);
    around(points.flat_map(|point| [point.y].into_iter().chain(point.interval.into_iter().flatten())), 0.06)
}

impl Format {
    fn write(&self, value: f64) -> String {
        match self {
            Self::Percent => number(100.0 * value, 6),
            Self::Plain => number(value, 6),
            Self::Names(names) => {
                let place = value.round();
                let whole = (value - place).abs() < 1e-9 && place >= 0.0;
                whole.then(|| names.get(place as usize).cloned()).flatten().unwrap_or_default()
            }
        }
    }
}

impl Xy {
    pub(super) fn height(&self) -> u32 {
        (TITLE + PLOT + AXIS + self.below() + 8.0) as u32
    }

    fn below(&self) -> f64 {
        KEY * self.key().len() as f64 + 4.0
    }

    fn key(&self) -> Vec<(Tone, &str)> {
        let named = self.series.iter().filter(|series| !series.name.is_empty());
        named.map(|series| (series.tone, series.name.as_str())).collect()
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        frame::title(area, &self.title)?;
        let power = |value: f64, written: String| {
            let exponent = value.log10();
            if (exponent - exponent.round()).abs() < 1e-6 { written } else { String::new() }
        };
        let write = |axis: &Axis, value: f64| {
            let written = axis.format.write(value);
            if self.logarithmic { power(value, written) } else { written }
        };
        let axes = Axes {
            x: &self.x.name,
            y: &self.y.name,
            x_format: &|value| write(&self.x, *value),
            y_format: &|value| write(&self.y, *value),
            below: self.below(),
        };
        let ([x0, x1], [y0, y1]) = (self.x.range, self.y.range);
        if self.logarithmic {
            frame::chart(area, &axes, (x0..x1).log_scale(), (y0..y1).log_scale(), |at| {
                self.inside(area, at)
            })?;
        } else {
            frame::chart(area, &axes, x0..x1, y0..y1, |at| self.inside(area, at))?;
        }
        frame::key(area, &self.key(), f64::from(self.height()) - self.below())
    }

    fn inside<DB: DrawingBackend>(&self, area: &Area<DB>, at: &Place<'_>) -> Drawn<DB> {
        let ([x0, x1], [y0, y1]) = (self.x.range, self.y.range);
        let place = |x: f64, y: f64| at(x.clamp(x0, x1), y.clamp(y0, y1));
        if self.diagonal {
            let dashes: i32 = 30;
            let ((left, bottom), (right, top)) = (at(x0, y0), at(x1, y1));
            let step = |n: i32| {
                (left + (right - left) * n / (2 * dashes), bottom + (top - bottom) * n / (2 * dashes))
            };
            for dash in 0..dashes {
                let ends = vec![step(2 * dash), step(2 * dash + 1)];
                area.draw(&PathElement::new(ends, SOFT.stroke_width(px(0.5) as u32)))?;
            }
        }
        for (number, series) in self.series.iter().enumerate() {
            let colour = series.tone.rgb();
            let places: Vec<(i32, i32)> = series.points.iter().map(|point| place(point.x, point.y)).collect();
            if series.line {
                let corners = corners(&places);
                area.draw(&PathElement::new(corners.clone(), colour.stroke_width(px(1.5) as u32)))?;
                let marked = series.marked.iter().map(|&(x, y)| place(x, y)).collect::<Vec<_>>();
                let shapes =
                    if marked.is_empty() { shapes(&corners, number as i32) } else { apart(&marked, px(8.0)) };
                for shape in shapes {
                    series.tone.mark(area, shape, 3.0)?;
                }
                if series.points.len() > 30 {
                    continue;
                }
            }
            for (point, &(x, y)) in series.points.iter().zip(&places) {
                if let Some([low, high]) = point.interval {
                    let ends = vec![place(point.x, low), place(point.x, high)];
                    area.draw(&PathElement::new(ends, colour.stroke_width(px(1.0) as u32)))?;
                }
                if !series.line || point.interval.is_some() {
                    series.tone.mark(area, (x, y), 3.0)?;
                }
            }
        }
        Ok(())
    }
}

/// The same line without points that do not change it: those on the spot, and those in the middle of a level or upright piece.
fn corners(places: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for &place in places {
        if kept.last() == Some(&place) {
            continue;
        }
        if let [.., before, last] = kept[..]
            && ((before.0 == last.0 && last.0 == place.0 && between(before.1, last.1, place.1))
                || (before.1 == last.1 && last.1 == place.1 && between(before.0, last.0, place.0)))
        {
            kept.pop();
        }
        kept.push(place);
    }
    kept
}

fn between(from: i32, middle: i32, to: i32) -> bool {
    (from..=to).contains(&middle) || (to..=from).contains(&middle)
}

/// Places along a line, without those that are no further than `least` in both directions from the one kept before.
fn apart(places: &[(i32, i32)], least: i32) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for &(x, y) in places {
        if kept.last().is_none_or(|last| (x - last.0).abs() > least || (y - last.1).abs() > least) {
            kept.push((x, y));
        }
    }
    kept
}

/// Where shapes stand on a line from left to right, a little apart from those of other lines.
fn shapes(corners: &[(i32, i32)], number: i32) -> Vec<(i32, i32)> {
    let (Some(&(left, _)), Some(&(right, _))) = (corners.first(), corners.last()) else { return Vec::new() };
    let wanted = |shape: i32| left + (right - left) * (4 * shape + 2 + number % 4) / (4 * SHAPES + 4);
    let on_line = |x: i32| {
        let piece =
            corners.windows(2).find(|ends| between(ends[0].0, x, ends[1].0) && ends[0].0 != ends[1].0)?;
        let [(x0, y0), (x1, y1)] = [piece[0], piece[1]];
        Some((x, y0 + (y1 - y0) * (x - x0) / (x1 - x0)))
    };
    (0..SHAPES).map(wanted).filter_map(on_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_corners_of_a_line_are_drawn() {
        let places = [(0, 9), (0, 9), (0, 5), (0, 4), (3, 4), (5, 4), (5, 2), (5, 7), (6, 1)];
        assert_eq!(corners(&places), [(0, 9), (0, 4), (5, 4), (5, 2), (5, 7), (6, 1)]);
        assert_eq!(corners(&[]), []);
    }

    #[test]
    fn shapes_stand_on_their_line() {
        for (x, y) in shapes(&[(0, 100), (50, 100), (50, 0), (100, 0)], 1) {
            assert!(if x <= 50 { y == 100 || x == 50 } else { y == 0 }, "{x} {y}");
        }
        assert_eq!(shapes(&[], 0), []);
        assert_eq!(shapes(&[(3, 1), (3, 9)], 0), []);
    }

    #[test]
    fn marks_do_not_cover_each_other() {
        assert_eq!(apart(&[(0, 9), (2, 8), (2, 5), (3, 5), (9, 5)], 3), [(0, 9), (2, 5), (9, 5)]);
        assert_eq!(apart(&[], 3), []);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(Format::Percent.write(0.001), "0.1");
        assert_eq!(Format::Percent.write(0.07), "7");
        assert_eq!(Format::Plain.write(0.1 + 0.2), "0.3");
        let names = Format::Names(vec!["open".into(), "aggregator".into()]);
        assert_eq!([names.write(1.0), names.write(0.5), names.write(2.0)], ["aggregator", "", ""]);
    }
}
