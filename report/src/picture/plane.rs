//! Decision boundaries: which class is predicted where in the plane of two features, and the training records upon it.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::frame::{self, AXIS, Axes, KEY, TITLE, number};
use super::ink::{Area, Drawn, SMALL, TEXT, Tone, WIDTH, letters, px, shortened};

const PLOT: f64 = 220.0;
/// How deep the colour of a class is.
const DEPTH: f64 = 0.32;

/// A chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plane {
    /// What it shows.
    pub(crate) title: String,
    /// Names of the features, to the right and up.
    pub(crate) axes: [String; 2],
    /// Where they begin and end.
    pub(crate) range: [[f64; 2]; 2],
    /// Patches of one predicted class.
    pub(crate) patches: Vec<Patch>,
    /// Records, with their class.
    pub(crate) points: Vec<([f64; 2], usize)>,
    /// Names of the classes that are drawn, by their number.
    pub(crate) classes: Vec<(usize, String)>,
}

/// A rectangle in which one class is predicted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Patch {
    /// From and to, to the right.
    pub(crate) x: [f64; 2],
    /// From and to, up.
    pub(crate) y: [f64; 2],
    /// The class's number.
    pub(crate) class: usize,
}

impl Plane {
    pub(super) fn height(&self) -> u32 {
        (TITLE + PLOT + AXIS + KEY * self.classes.len() as f64 + 8.0) as u32
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        frame::title(area, &self.title)?;
        let short = |value: &f64| number(*value, 4);
        let below = KEY * self.classes.len() as f64 + 2.0;
        let axes = Axes { x: &self.axes[0], y: &self.axes[1], x_format: &short, y_format: &short, below };
        let [x, y] = self.range.map(|[low, high]| if high > low { [low, high] } else { [low, low + 1.0] });
        frame::chart(area, &axes, x[0]..x[1], y[0]..y[1], |at| {
            for patch in &self.patches {
                let corners = [at(patch.x[0], patch.y[1]), at(patch.x[1], patch.y[0])];
                area.draw(&Rectangle::new(corners, Tone::nth(patch.class).rgb().mix(DEPTH).filled()))?;
            }
            for &([px, py], class) in &self.points {
                let inside = (x[0]..=x[1]).contains(&px) && (y[0]..=y[1]).contains(&py);
                if inside {
                    Tone::nth(class).mark(area, at(px, py), 2.0)?;
                }
            }
            Ok(())
        })?;
        let top = f64::from(self.height()) - below;
        for (place, (class, name)) in self.classes.iter().enumerate() {
            let centre = px(top + KEY * (place as f64 + 0.5));
            let tone = Tone::nth(*class);
            let patch = [(px(10.0), centre - px(5.0)), (px(24.0), centre + px(5.0))];
            area.draw(&Rectangle::new(patch, tone.rgb().mix(DEPTH).filled()))?;
            tone.mark(area, (px(17.0), centre), 3.0)?;
            let name = shortened(name, SMALL, f64::from(WIDTH) - 40.0);
            area.draw_text(&name, &letters(SMALL, TEXT, HPos::Left), (px(30.0), centre))?;
        }
        Ok(())
    }
}
