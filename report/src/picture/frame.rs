//! What charts over two axes have in common: a title, axes with few and legible ticks, and a key under the chart.

use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::ink::{Area, Drawn, LARGE, RULE, SMALL, SOFT, TEXT, Tone, WIDTH, letters, px, shortened};

/// Height of a title, CSS pixels.
pub(super) const TITLE: f64 = 24.0;
/// Height of one line of the key.
pub(super) const KEY: f64 = 17.0;
/// Height of the axis under a chart, with its name.
pub(super) const AXIS: f64 = 40.0;
/// Width of the axis beside a chart, with its name.
const SIDE: f64 = 50.0;
const RIGHT: f64 = 14.0;

/// Draws a title.
pub(super) fn title<DB: DrawingBackend>(area: &Area<DB>, text: &str) -> Drawn<DB> {
    let text = shortened(text, LARGE, f64::from(WIDTH) - 12.0);
    area.draw_text(&text, &letters(LARGE, TEXT, HPos::Left), (px(6.0), px(11.0)))
}

/// Draws the key: what each shape stands for, from `top` down.
pub(super) fn key<DB: DrawingBackend>(area: &Area<DB>, entries: &[(Tone, &str)], top: f64) -> Drawn<DB> {
    entries.iter().enumerate().try_for_each(|(place, (tone, text))| {
        entry(area, top + KEY * place as f64, text, |at| tone.mark(area, at, 4.0))
    })
}

/// Draws a line of the key: what is drawn around a place stands for a text.
pub(super) fn entry<DB: DrawingBackend>(
    area: &Area<DB>,
    top: f64,
    text: &str,
    draw: impl FnOnce((i32, i32)) -> Drawn<DB>,
) -> Drawn<DB> {
    let y = px(top + KEY / 2.0);
    draw((px(16.0), y))?;
    let text = shortened(text, SMALL, f64::from(WIDTH) - 34.0);
    area.draw_text(&text, &letters(SMALL, TEXT, HPos::Left), (px(26.0), y))
}

/// A number with as many decimals at the most, so that 0.30000000000000004 is 0.3.
pub(super) fn number(value: f64, decimals: i32) -> String {
    let scale = 10.0_f64.powi(decimals);
    let rounded = (value * scale).round() / scale;
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}

/// Two axes as they are written.
pub(super) struct Axes<'a> {
    pub(super) x: &'a str,
    pub(super) y: &'a str,
    pub(super) x_format: &'a dyn Fn(&f64) -> String,
    pub(super) y_format: &'a dyn Fn(&f64) -> String,
    /// Under the plot and above the key, CSS pixels.
    pub(super) below: f64,
}

/// Where a place of the chart is in its area.
pub(super) type Place<'a> = dyn Fn(f64, f64) -> (i32, i32) + 'a;

/// Draws a grid with its axes, and then what stands upon it.
pub(super) fn chart<DB, X, Y>(
    area: &Area<DB>,
    axes: &Axes<'_>,
    x: X,
    y: Y,
    inside: impl FnOnce(&Place<'_>) -> Drawn<DB>,
) -> Drawn<DB>
where
    DB: DrawingBackend,
    X: AsRangedCoord<Value = f64>,
    Y: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
    Y::CoordDescType: ValueFormatter<f64>,
{
    let mut chart: ChartContext<'_, DB, Cartesian2d<X::CoordDescType, Y::CoordDescType>> =
        ChartBuilder::on(area)
            .margin_top(px(TITLE + 4.0))
            .margin_left(px(6.0))
            .margin_right(px(RIGHT))
            .margin_bottom(px(axes.below))
            .x_label_area_size(px(AXIS))
            .y_label_area_size(px(SIDE))
            .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .x_labels(6)
        .y_labels(6)
        .x_max_light_lines(0)
        .y_max_light_lines(0)
        .bold_line_style(RULE.stroke_width(px(0.5) as u32))
        .light_line_style(TRANSPARENT)
        .axis_style(SOFT.stroke_width(px(0.5) as u32))
        .label_style(letters(SMALL, SOFT, HPos::Left))
        .axis_desc_style(letters(SMALL, TEXT, HPos::Left))
        .set_all_tick_mark_size(px(3.0))
        .x_label_formatter(axes.x_format)
        .y_label_formatter(axes.y_format)
        .x_desc(axes.x)
        .y_desc(axes.y)
        .draw()?;
    let (left, top) = area.get_base_pixel();
    inside(&|x, y| {
        let (x, y) = chart.backend_coord(&(x, y));
        (x - left, y - top)
    })
}

/// A range with some room, of values of which there may be none or one.
pub(crate) fn around(values: impl Iterator<Item = f64>, room: f64) -> [f64; 2] {
    let finite = values.filter(|value| value.is_finite());
    let [low, high] = finite
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
    if low > high {
        return [0.0, 1.0];
    }
    let width = if high > low { high - low } else { low.abs().max(1.0) };
    [low - room * width, high + room * width]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_room_and_width() {
        assert_eq!(around([1.0, 3.0].into_iter(), 0.5), [0.0, 4.0]);
        assert_eq!(around([2.0].into_iter(), 0.5), [1.0, 3.0]);
        assert_eq!(around([0.0, f64::NAN].into_iter(), 0.5), [-0.5, 0.5]);
        assert_eq!(around(std::iter::empty(), 0.5), [0.0, 1.0]);
    }
}
