//! Letters of an SVG that take the same room in every font.
//!
//! A viewer draws an SVG's text with whatever font it has for `sans-serif`, wider or narrower than the one that texts are measured and
//! shortened with. So each text says how wide it is, and the viewer fits its letters to that; and it is lowered by a share of its em and
//! not of the height of an x, which fonts differ in.

use super::ink::{EM, SCALE, width};

/// By what plotters divides the size of any font for its em in an SVG.
const PLOTTERS_EM: f64 = 1.24;

/// Height of an x of Noto Sans, of its em.
const EX: f64 = 0.536;

/// A drawing of plotters with the width of each of its texts.
pub(super) fn held(drawing: &str) -> String {
    let mut held = String::with_capacity(drawing.len() + drawing.len() / 4);
    let mut rest = drawing;
    while let Some((before, text)) = rest.split_once("<text ")
        && let Some((tag, text)) = text.split_once('>')
        && let Some((letters, after)) = text.split_once("</text>")
    {
        held.push_str(before);
        held.push_str("<text ");
        held.push_str(&attributes(tag, letters.trim_matches('\n')));
        held.push('>');
        held.push_str(letters);
        held.push_str("</text>");
        rest = after;
    }
    held + rest
}

/// What stands in the tag of a text of such letters.
fn attributes(tag: &str, letters: &str) -> String {
    let mut attributes = Vec::new();
    for attribute in tag.split_inclusive("\" ") {
        let (name, value) = attribute.split_once("=\"").unwrap_or_default();
        let number = |unit| value.trim_end().trim_end_matches('"').trim_end_matches(unit).parse::<f64>().ok();
        match (name, number("ex"), number("")) {
            ("font-size", _, Some(size)) => {
                let size = size * PLOTTERS_EM / EM;
                attributes.push(format!("font-size=\"{}\"", rounded(size)));
                // Of nothing, there is nothing to fit.
                let wide = width(&unescaped(letters), size / f64::from(SCALE)) * f64::from(SCALE);
                if wide > 0.0 {
                    attributes
                        .push(format!("textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", rounded(wide)));
                }
            }
            ("dy", Some(heights), _) => attributes.push(format!("dy=\"{}em\"", rounded(heights * EX))),
            _ => attributes.push(attribute.trim_end().into()),
        }
    }
    attributes.join(" ")
}

fn rounded(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

fn unescaped(letters: &str) -> String {
    let plain =
        letters.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    plain.replace("&apos;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_how_wide_it_is_and_all_else_stays() {
        let of = |size: f64| format!("{}", size * EM / PLOTTERS_EM);
        let drawing = format!(
            "<rect x=\"1\"/>\n<text x=\"2\" dy=\"0.5ex\" font-size=\"{}\" fill=\"#000000\">\na &lt; b\n</text>\n\
             <text x=\"3\" dy=\"0.76em\" font-size=\"{}\">\n\n</text>\n</svg>",
            of(22.0),
            of(26.0)
        );
        let wide = rounded(width("a < b", 11.0) * 2.0);
        assert!(wide > 40.0, "{wide}");
        assert_eq!(
            held(&drawing),
            format!(
                "<rect x=\"1\"/>\n<text x=\"2\" dy=\"0.268em\" font-size=\"22\" textLength=\"{wide}\" \
                 lengthAdjust=\"spacingAndGlyphs\" fill=\"#000000\">\na &lt; b\n</text>\n\
                 <text x=\"3\" dy=\"0.76em\" font-size=\"26\">\n\n</text>\n</svg>"
            )
        );
    }
}
