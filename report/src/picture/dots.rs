//! Rows of values with their 95 % intervals over one axis in percent; dashed lines through all rows, and a tick in a row for
//! what its values are to be held against.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::frame::{self, AXIS, KEY, TITLE, around, number};
use super::ink::{Area, Drawn, RULE, SMALL, SOFT, TEXT, Tone, WIDTH, letters, px, shortened, width};
use crate::result::figure::Figure;

const ROW: f64 = 21.0;
/// Between values of one row, so that their intervals do not lie upon each other.
const APART: f64 = 7.0;
/// Most room for labels, CSS pixels.
const LABELS: f64 = 150.0;

/// A chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dots {
    /// What it shows.
    pub(crate) title: String,
    /// What the axis measures.
    pub(crate) axis: String,
    /// From top to bottom.
    pub(crate) rows: Vec<Row>,
    /// Values through all rows, fractions.
    pub(crate) lines: Vec<f64>,
    /// What the shapes and lines stand for.
    pub(crate) key: Vec<(Tone, String)>,
    /// What the lines stand for; empty without lines.
    pub(crate) line_key: String,
    /// What the ticks stand for; empty without ticks.
    pub(crate) tick_key: String,
}

/// A row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// What it is about.
    pub(crate) label: String,
    /// Its values; a row without any is a heading if it has no tick either.
    pub(crate) marks: Vec<Mark>,
    /// What its values are to be held against, a fraction.
    pub(crate) tick: Option<f64>,
    /// What guessing gives, a fraction: a dashed line through this row alone.
    pub(crate) chance: Option<f64>,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    /// Its colour and shape.
    pub(crate) tone: Tone,
    /// A fraction.
    pub(crate) value: f64,
    /// Its 95 % interval.
    pub(crate) interval: Option<[f64; 2]>,
}

impl Row {
    /// A heading above other rows.
    pub(crate) fn heading(label: &str) -> Self {
        Self { label: label.into(), ..Self::default() }
    }
}

impl Mark {
    /// Of a figure.
    pub(crate) fn of(tone: Tone, Figure { mean, ci95 }: Figure) -> Self {
        Self { tone, value: mean, interval: ci95 }
    }
}

impl Dots {
    pub(super) fn height(&self) -> u32 {
        (TITLE + 6.0 + self.row() * self.rows.len() as f64 + AXIS + KEY * self.entries() as f64 + 4.0) as u32
    }

    /// Height of a row: of all the same, so that as many values as any has find room.
    fn row(&self) -> f64 {
        let most = self.rows.iter().map(|row| row.marks.len()).max().unwrap_or(0);
        ROW + APART * most.saturating_sub(1) as f64
    }

    fn entries(&self) -> usize {
        self.key.len() + usize::from(!self.line_key.is_empty()) + usize::from(!self.tick_key.is_empty())
    }

    /// What the axis covers: everything that is drawn, from nought where that is near, and nothing that is no fraction.
    fn range(&self) -> [f64; 2] {
        let marks = || self.rows.iter().flat_map(|row| &row.marks);
        let drawn = marks().map(|mark| mark.value).chain(marks().flat_map(|mark| mark.interval).flatten());
        let ticks = self.rows.iter().flat_map(|row| [row.tick, row.chance]).flatten();
        let [low, high] = around(drawn.chain(ticks).chain(self.lines.iter().copied()), 0.06);
        // Fractions: an interval that goes on beyond nought or one is cut there.
        [if low < 0.25 { 0.0 } else { low }, high.min(1.0)]
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        frame::title(area, &self.title)?;
        let longest = self.rows.iter().map(|row| width(&row.label, SMALL)).fold(0.0, f64::max);
        let labels = (longest + 14.0).clamp(40.0, LABELS);
        let (top, bottom) = (TITLE + 6.0, TITLE + 6.0 + self.row() * self.rows.len() as f64);
        let (left, right) = (labels, f64::from(WIDTH) - 16.0);
        let [low, high] = self.range();
        let at = |value: f64| px(left + (right - left) * (value - low) / (high - low));
        let y = |css: f64| px(css);

        for percent in ticks(100.0 * low, 100.0 * high) {
            let x = at(percent / 100.0);
            area.draw(&PathElement::new(vec![(x, y(top)), (x, y(bottom))], RULE.stroke_width(1)))?;
            area.draw_text(&number(percent, 6), &letters(SMALL, SOFT, HPos::Center), (x, y(bottom + 10.0)))?;
        }
        area.draw(&PathElement::new(
            vec![(px(left), y(bottom)), (px(right), y(bottom))],
            SOFT.stroke_width(1),
        ))?;
        // Under the middle of the axis, or as far to the left of it as a long text needs.
        let furthest = f64::from(WIDTH) - 6.0 - width(&self.axis, SMALL) / 2.0;
        let middle = px(((left + right) / 2.0).min(furthest));
        area.draw_text(&self.axis, &letters(SMALL, TEXT, HPos::Center), (middle, y(bottom + 26.0)))?;
        for line in &self.lines {
            dashed(area, at(*line), [y(top), y(bottom)])?;
        }
        for (place, row) in self.rows.iter().enumerate() {
            let centre = y(top + self.row() * (place as f64 + 0.5));
            let heading = row.marks.is_empty() && row.tick.is_none();
            let (colour, room) =
                if heading { (SOFT, f64::from(WIDTH) - 20.0) } else { (TEXT, labels - 10.0) };
            let label = shortened(&row.label, SMALL, room);
            area.draw_text(&label, &letters(SMALL, colour, HPos::Left), (px(6.0), centre))?;
            if let Some(chance) = row.chance {
                dashed(area, at(chance), [centre - y(self.row() / 2.0), centre + y(self.row() / 2.0)])?;
            }
            if let Some(tick) = row.tick {
                tick_mark(area, at(tick), centre)?;
            }
            for (number, mark) in row.marks.iter().enumerate() {
                let lower = number as f64 - (row.marks.len() - 1) as f64 / 2.0;
                let centre = centre + px(APART * lower);
                let style = mark.tone.rgb().stroke_width(px(1.5) as u32);
                if let Some([from, to]) = mark.interval {
                    let ends = [at(from.max(low)), at(to.min(high))];
                    area.draw(&PathElement::new(ends.map(|end| (end, centre)).to_vec(), style))?;
                    // An end that is cut has no stroke across it.
                    let whole = [from >= low, to <= high];
                    for (end, _) in ends.into_iter().zip(whole).filter(|(_, whole)| *whole) {
                        let across = vec![(end, centre - px(3.0)), (end, centre + px(3.0))];
                        area.draw(&PathElement::new(across, style))?;
                    }
                }
                mark.tone.mark(area, (at(mark.value), centre), 4.0)?;
            }
        }
        self.draw_key(area, bottom + AXIS)
    }

    fn draw_key<DB: DrawingBackend>(&self, area: &Area<DB>, top: f64) -> Drawn<DB> {
        let entries: Vec<(Tone, &str)> = self.key.iter().map(|(tone, text)| (*tone, text.as_str())).collect();
        frame::key(area, &entries, top)?;
        let mut next = top + KEY * entries.len() as f64;
        if !self.line_key.is_empty() {
            frame::entry(area, next, &self.line_key, |(x, y)| {
                dashed(area, x, [y - px(KEY / 2.0 - 2.0), y + px(KEY / 2.0 - 2.0)])
            })?;
            next += KEY;
        }
        if !self.tick_key.is_empty() {
            frame::entry(area, next, &self.tick_key, |(x, y)| tick_mark(area, x, y))?;
        }
        Ok(())
    }
}

/// A dashed line from top to bottom.
fn dashed<DB: DrawingBackend>(area: &Area<DB>, x: i32, [top, bottom]: [i32; 2]) -> Drawn<DB> {
    let mut from = top;
    while from < bottom {
        let to = (from + px(4.0)).min(bottom);
        area.draw(&PathElement::new(vec![(x, from), (x, to)], TEXT.stroke_width(px(1.0) as u32)))?;
        from = to + px(3.0);
    }
    Ok(())
}

/// A thick upright stroke.
fn tick_mark<DB: DrawingBackend>(area: &Area<DB>, x: i32, centre: i32) -> Drawn<DB> {
    let style = Tone::Purple.rgb().stroke_width(px(2.5) as u32);
    area.draw(&PathElement::new(vec![(x, centre - px(6.5)), (x, centre + px(6.5))], style))
}

/// Three to eight round numbers within a range.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let width = (high - low).max(1e-9);
    let raw = width / 5.0;
    let power = 10.0_f64.powi(raw.log10().floor() as i32);
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= raw).unwrap_or(width);
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks(0.0, 100.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(47.0, 73.0), [50.0, 60.0, 70.0]);
        assert_eq!(
            ticks(49.9, 50.3).iter().copied().map(|tick| number(tick, 6)).collect::<Vec<_>>(),
            ["49.9", "50", "50.1", "50.2", "50.3"]
        );
        assert_eq!(number(-0.0, 6), "0");
    }

    #[test]
    fn the_axis_covers_all_that_is_drawn() {
        let mark = |value, interval| Mark { tone: Tone::Blue, value, interval };
        let row = |marks, tick| Row { label: "a".into(), marks, tick, chance: None };
        let dots = Dots {
            rows: vec![row(vec![mark(0.6, Some([0.55, 0.65]))], Some(0.7))],
            lines: vec![0.5],
            ..Dots::default()
        };
        let [low, high] = dots.range();
        assert!(low < 0.5 && low > 0.4 && high > 0.7 && high < 0.8, "{low} {high}");
        assert_eq!(
            Dots { rows: vec![row(vec![mark(1.0, None), mark(0.1, None)], None)], ..Dots::default() }.range(),
            [0.0, 1.0]
        );
    }
}
