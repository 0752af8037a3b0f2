//! Colours, shapes and letters of all charts.
//!
//! Colours are those of Okabe and Ito (2008), which people with any kind of colour vision tell apart; every colour comes with a
//! shape of its own. Sizes are given in CSS pixels; a chart is drawn at [`SCALE`] times that, in an SVG file as the unit of its
//! coordinates, in a PNG file as pixels. Letters are at least 11 CSS pixels tall.

use std::sync::Once;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, register_font};
use turncoat_learn::visible;

/// What is drawn upon.
pub(super) type Area<DB> = DrawingArea<DB, Shift>;
/// Whether it could be.
pub(super) type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Units of a drawing for each CSS pixel.
pub(super) const SCALE: i32 = 2;
/// Width of a panel in CSS pixels: what a narrow screen shows whole.
pub(super) const WIDTH: u32 = 360;
/// Ratio of plotters' size of a font, from the top of its letters to the bottom, to the size of its em, in Noto Sans.
pub(super) const EM: f64 = 1.362;
/// Of plain text in charts, CSS pixels.
pub(super) const SMALL: f64 = 11.0;
/// Of titles of panels, CSS pixels.
pub(super) const LARGE: f64 = 13.0;

/// Units of so many CSS pixels.
pub(super) fn px(css: f64) -> i32 {
    (css * f64::from(SCALE)).round() as i32
}

/// Text and axes.
pub(super) const TEXT: RGBColor = RGBColor(0x1f, 0x23, 0x28);
/// What is to be seen second.
pub(super) const SOFT: RGBColor = RGBColor(0x59, 0x63, 0x6e);
/// Lines of a grid.
pub(super) const RULE: RGBColor = RGBColor(0xd8, 0xde, 0xe4);
/// Cells of a heat map, more or less opaque.
pub(super) const HEAT: RGBColor = RGBColor(0x1b, 0x6f, 0xae);

/// A colour with its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Blue, a disc.
    Blue,
    /// Vermilion, a diamond.
    Vermilion,
    /// Bluish green, a triangle.
    Green,
    /// Reddish purple, a square.
    Purple,
    /// Orange, a triangle on its head.
    Orange,
    /// Sky blue, a ring.
    Sky,
    /// Grey, a cross.
    Grey,
    /// Yellow, an upright bar.
    Yellow,
}

impl Tone {
    /// One after the other, and from the start again.
    pub(crate) fn nth(place: usize) -> Self {
        const ALL: [Tone; 8] = [
            Tone::Blue,
            Tone::Vermilion,
            Tone::Green,
            Tone::Purple,
            Tone::Orange,
            Tone::Sky,
            Tone::Grey,
            Tone::Yellow,
        ];
        ALL[place % ALL.len()]
    }

    /// That of a vantage, on every chart the same.
    pub(crate) fn of_vantage(vantage: &str) -> Self {
        match vantage {
            "outsider" => Self::Blue,
            "party" => Self::Vermilion,
            _ => Self::Green,
        }
    }

    pub(super) fn rgb(self) -> RGBColor {
        match self {
            Self::Blue => RGBColor(0x00, 0x72, 0xb2),
            Self::Vermilion => RGBColor(0xd5, 0x5e, 0x00),
            Self::Green => RGBColor(0x00, 0x9e, 0x73),
            Self::Purple => RGBColor(0xb8, 0x5c, 0x92),
            Self::Orange => RGBColor(0xc9, 0x8a, 0x00),
            Self::Sky => RGBColor(0x3a, 0x9b, 0xd1),
            Self::Grey => RGBColor(0x7a, 0x82, 0x8c),
            Self::Yellow => RGBColor(0xb5, 0xa6, 0x00),
        }
    }

    /// Draws its shape around a place of an area, `radius` in CSS pixels.
    pub(super) fn mark<DB: DrawingBackend>(
        self,
        area: &Area<DB>,
        (x, y): (i32, i32),
        radius: f64,
    ) -> Drawn<DB> {
        let (r, style) = (px(radius), self.rgb().filled());
        let stroke = self.rgb().stroke_width(px(1.6) as u32);
        let polygon = |corners: &[(i32, i32)]| {
            Polygon::new(corners.iter().map(|(dx, dy)| (x + dx, y + dy)).collect::<Vec<_>>(), style)
        };
        match self {
            Self::Blue => area.draw(&Circle::new((x, y), r, style)),
            Self::Sky => area.draw(&Circle::new((x, y), r, stroke)),
            Self::Vermilion => area.draw(&polygon(&[(0, -r - 1), (r + 1, 0), (0, r + 1), (-r - 1, 0)])),
            Self::Green => area.draw(&polygon(&[(0, -r), (r, r), (-r, r)])),
            Self::Orange => area.draw(&polygon(&[(0, r), (r, -r), (-r, -r)])),
            Self::Purple => {
                area.draw(&Rectangle::new([(x - r + 1, y - r + 1), (x + r - 1, y + r - 1)], style))
            }
            Self::Grey => {
                area.draw(&PathElement::new(vec![(x - r, y - r), (x + r, y + r)], stroke))?;
                area.draw(&PathElement::new(vec![(x - r, y + r), (x + r, y - r)], stroke))
            }
            Self::Yellow => area.draw(&PathElement::new(vec![(x, y - r), (x, y + r)], stroke)),
        }
    }
}

/// The one font: a name that every SVG viewer knows, and the letters of Noto Sans for what is measured and drawn here.
fn font(size: f64) -> FontDesc<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let known = register_font(FontFamily::SansSerif.as_str(), FontStyle::Normal, ttf_noto_sans::REGULAR);
        // A test draws with it: the bytes are those of a font.
        debug_assert!(known.is_ok());
    });
    FontDesc::new(FontFamily::SansSerif, size * f64::from(SCALE) * EM, FontStyle::Normal)
}

/// Letters of a size in CSS pixels, standing left of, around or right of their place, and centred on its height.
pub(super) fn letters(size: f64, colour: RGBColor, side: HPos) -> TextStyle<'static> {
    let mut style = TextStyle::from(font(size));
    style.color = colour.to_backend_color();
    style.pos = Pos::new(side, VPos::Center);
    style
}

/// Width of a text in CSS pixels, in Noto Sans: what is asked of every font that stands in for it.
pub(super) fn width(text: &str, size: f64) -> f64 {
    font(size).box_size(text).map_or(0.0, |(width, _)| f64::from(width) / f64::from(SCALE))
}

/// As much of a text as fits, with an ellipsis where something is left out.
pub(super) fn shortened(text: &str, size: f64, room: f64) -> String {
    let text = &*visible::line(text);
    if width(text, size) <= room {
        return text.into();
    }
    let letters: Vec<char> = text.chars().collect();
    let candidate = |kept: usize| letters[..kept].iter().collect::<String>() + "…";
    (1..letters.len())
        .rev()
        .map(candidate)
        .find(|short| width(short, size) <= room)
        .unwrap_or_else(|| "…".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_that_of_the_em() {
        // Advances of Noto Sans, in thousandths of its em: H 741, i 258, space 260.
        let advances = f64::from(10 * 741 + 10 * 258 + 260) / 1000.0;
        let measured = width("HHHHHHHHHH iiiiiiiiii", 100.0);
        assert!((measured / 100.0 - advances).abs() < 0.1, "{measured}");
    }

    #[test]
    fn the_font_measures_and_texts_are_shortened_to_their_room() {
        let whole = width("shadow_federation", SMALL);
        assert!((60.0..120.0).contains(&whole), "{whole}");
        assert_eq!(shortened("shadow_federation", SMALL, whole), "shadow_federation");
        let short = shortened("shadow_federation", SMALL, whole / 2.0);
        assert!(short.ends_with('…') && width(&short, SMALL) <= whole / 2.0, "{short}");
        assert_eq!(shortened("abc", SMALL, 0.0), "…");
    }
}
