//! A sheet of panels, as SVG and as PNG.
//!
//! In a page each panel is a picture of its own, so that panels wrap as the window allows; a file for a paper holds all of them,
//! in columns. Both are drawn by the same calls.

use plotters::prelude::*;
use turncoat_learn::visible;

use super::ink::{Area, Drawn, SCALE, WIDTH};
use super::lettering::held;
use super::panel::Panel;
use super::png;
use crate::error::Error;

/// Most panels beside each other in a file.
const COLUMNS: usize = 3;

/// Panels that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// Name of its files, without extension.
    pub(crate) name: String,
    /// What it shows, for who cannot see it.
    pub(crate) alternative: String,
    /// Its charts, of which there is at least one.
    pub(crate) panels: Vec<Panel>,
}

impl Picture {
    /// Each panel as a picture of its own, for a page: no background, so that the page's shows.
    ///
    /// # Errors
    /// [`Error::Bug`]: what is drawn here fits its picture.
    pub(crate) fn parts(&self) -> Result<Vec<String>, Error> {
        let part = |panel: &Panel| {
            let label = format!("{}: {}", self.alternative, panel.title());
            let label = if self.panels.len() == 1 { &self.alternative } else { &label };
            svg(panel.size(), label, |area| panel.draw(area))
        };
        self.panels.iter().map(part).collect()
    }

    /// The whole sheet as an SVG file, on white.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub(crate) fn svg(&self) -> Result<String, Error> {
        svg(self.size(), &self.alternative, |area| {
            area.fill(&WHITE)?;
            self.draw(area)
        })
    }

    /// The whole sheet as a PNG file, on white, at twice the size in CSS pixels.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub(crate) fn png(&self) -> Result<Vec<u8>, Error> {
        let (width, height) = units(self.size());
        let mut pixels = vec![0xff; 3 * width as usize * height as usize];
        {
            let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
            self.draw(&area).and_then(|()| area.present()).map_err(|e| failed(&self.name, &e))?;
        }
        png::encode(&pixels, width, height).map_err(|e| failed(&self.name, &e))
    }

    fn columns(&self) -> usize {
        self.panels.len().clamp(1, COLUMNS)
    }

    /// Of the whole sheet, in CSS pixels.
    fn size(&self) -> (u32, u32) {
        let height = self.rows().map(|row| row.iter().map(Panel::height).max().unwrap_or(0)).sum();
        (WIDTH * self.columns() as u32, height)
    }

    fn rows(&self) -> impl Iterator<Item = &[Panel]> {
        self.panels.chunks(self.columns())
    }

    fn draw<DB: DrawingBackend>(&self, area: &Area<DB>) -> Drawn<DB> {
        let mut top = 0;
        for row in self.rows() {
            for (column, panel) in row.iter().enumerate() {
                let (width, height) = units(panel.size());
                let left = column as u32 * width;
                let part = area.clone().shrink((left, top), (width, height));
                panel.draw(&part)?;
            }
            top += units((0, row.iter().map(Panel::height).max().unwrap_or(0))).1;
        }
        Ok(())
    }
}

fn units((width, height): (u32, u32)) -> (u32, u32) {
    (width * SCALE as u32, height * SCALE as u32)
}

/// An SVG of a size in CSS pixels, with a label for who cannot see it.
fn svg<F>(size: (u32, u32), label: &str, draw: F) -> Result<String, Error>
where
    F: FnOnce(&Area<SVGBackend<'_>>) -> Result<(), DrawingAreaErrorKind<std::io::Error>>,
{
    let (width, height) = units(size);
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        draw(&area).and_then(|()| area.present()).map_err(|e| failed(label, &e))?;
    }
    // Drawn in units; shown in CSS pixels. What is fully opaque needs no word.
    let (_, body) = text.split_once(">\n").unwrap_or_default();
    let body = visible::text(body)
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(" \"/>", "\"/>");
    let body = held(&body);
    let label = visible::markup(label);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"{label}\">\n<title>{label}</title>\n{body}",
        size.0, size.1
    ))
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> Error {
    Error::Bug { what: format!("a picture ({what})"), done: "drawn", why: error.to_string() }
}
