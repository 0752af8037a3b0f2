//! Shares as cells: the larger the share, the deeper the colour, and its percent in the cell where there is room.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::frame::{self, TITLE};
use super::ink::{Area, Drawn, HEAT, RULE, SMALL, SOFT, TEXT, WIDTH, letters, px, shortened, width};

const ROW: f64 = 26.0;
const FOOT: f64 = 36.0;
/// As deep as a colour may be with dark or light letters upon it.
const DEEPEST: f64 = 0.62;

/// A chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heat {
    /// What it shows.
    pub(crate) title: String,
    /// What the columns are.
    pub(crate) axis: String,
    /// Names of the rows.
    pub(crate) rows: Vec<String>,
    /// Names of the columns.
    pub(crate) columns: Vec<String>,
    /// Of each row, a share for each column, fractions.
    pub(crate) shares: Vec<Vec<f64>>,
}

impl Heat {
    pub(super) fn height(&self) -> u32 {
        (TITLE + ROW * self.rows.len() as f64 + FOOT + 6.0) as u32
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        frame::title(area, &self.title)?;
        let labels =
            self.rows.iter().map(|row| width(row, SMALL)).fold(0.0, f64::max).clamp(20.0, 100.0) + 12.0;
        let columns = self.columns.len().max(1) as f64;
        let cell = (f64::from(WIDTH) - labels - 10.0) / columns;
        let deepest = self.shares.iter().flatten().copied().fold(0.0, f64::max).max(1e-9);
        for (row, shares) in self.shares.iter().enumerate() {
            let top = TITLE + ROW * row as f64;
            let centre = px(top + ROW / 2.0);
            let label = shortened(self.rows.get(row).map_or("", String::as_str), SMALL, labels - 8.0);
            area.draw_text(&label, &letters(SMALL, TEXT, HPos::Left), (px(6.0), centre))?;
            for (column, &share) in shares.iter().enumerate() {
                let left = labels + cell * column as f64;
                let corners = [
                    (px(left), px(top + 1.0)),
                    (px(left + cell - 1.0).max(px(left) + 1), px(top + ROW - 1.0)),
                ];
                area.draw(&Rectangle::new(corners, RULE.mix(0.5).filled()))?;
                let alpha = (DEEPEST * share / deepest * 100.0).round() / 100.0;
                if alpha > 0.0 {
                    area.draw(&Rectangle::new(corners, HEAT.mix(alpha).filled()))?;
                }
                let text =
                    if share > 0.0 && share < 0.005 { "<1".into() } else { format!("{:.0}", 100.0 * share) };
                if width(&text, SMALL) + 3.0 <= cell {
                    let middle = px(left + (cell - 1.0) / 2.0);
                    area.draw_text(&text, &letters(SMALL, TEXT, HPos::Center), (middle, centre))?;
                }
            }
        }
        let below = TITLE + ROW * self.rows.len() as f64;
        // As many names as do not touch each other, from the first on.
        let widest = self.columns.iter().map(|name| width(name, SMALL)).fold(0.0, f64::max).min(60.0) + 4.0;
        let every = ((widest / cell).ceil() as usize).max(1);
        for (column, name) in self.columns.iter().enumerate().step_by(every) {
            let middle = px(labels + cell * (column as f64 + 0.5));
            let name = shortened(name, SMALL, (cell * every as f64 - 2.0).max(10.0));
            area.draw_text(&name, &letters(SMALL, SOFT, HPos::Center), (middle, px(below + 9.0)))?;
        }
        let middle = px((labels + f64::from(WIDTH)) / 2.0);
        area.draw_text(&self.axis, &letters(SMALL, TEXT, HPos::Center), (middle, px(below + 26.0)))
    }
}
