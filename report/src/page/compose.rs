//! A page: an opening and its sections, each a heading with what stands under it, in one list.

use super::html::Html;
use super::parts::Part;
use crate::error::Error;
use crate::few_claims;
use crate::picture::Picture;

const STYLE: &str = include_str!("style.css");

/// A section of a page that is made from a `T`.
pub(super) struct Section<T> {
    /// Where links lead.
    pub(super) id: &'static str,
    /// What stands above it.
    pub(super) heading: &'static str,
    /// What it holds: nothing where it does not apply.
    pub(super) parts: fn(&T) -> Vec<Part>,
}

/// A page with the pictures in it.
#[derive(Debug, Default)]
pub(super) struct Page {
    html: Html,
    /// Every picture in it, to be written as files too.
    pub(super) pictures: Vec<Picture>,
}

impl Page {
    /// Of what it opens with, and its sections in their order.
    ///
    /// # Errors
    /// [`Error::Bug`] of a picture that cannot be drawn.
    pub(super) fn of<T>(opening: Vec<Part>, sections: &[Section<T>], of: &T) -> Result<Self, Error> {
        let mut page = Self::default();
        page.add(opening)?;
        for section in sections {
            let parts = (section.parts)(of);
            if !parts.is_empty() {
                page.html.element("h2", &[("id", section.id)], |h| h.text(section.heading));
                page.add(parts)?;
            }
        }
        Ok(page)
    }

    fn add(&mut self, parts: Vec<Part>) -> Result<(), Error> {
        for part in parts {
            match part {
                Part::Html(html) => self.html.add(&html),
                Part::Picture(picture, _) if picture.panels.is_empty() => {}
                Part::Picture(picture, caption) => {
                    self.draw(&picture, &caption)?;
                    self.pictures.push(picture);
                }
            }
        }
        Ok(())
    }

    fn draw(&mut self, picture: &Picture, caption: &str) -> Result<(), Error> {
        let parts = picture.parts()?;
        let name = &picture.name;
        self.html.element("figure", &[("id", &format!("picture-{name}"))], |h| {
            h.element("div", &[("class", "panels")], |h| parts.iter().for_each(|svg| h.drawing(svg)));
            h.element("figcaption", &[], |h| {
                h.text(caption);
                if let Some(legend) = few_claims::legend(&parts.concat()) {
                    h.text(&format!(" {legend}"));
                }
                h.text(" As files: ");
                for (kind, comma) in [("svg", ", "), ("png", ".")] {
                    let to = format!("pictures/{name}.{kind}");
                    h.element("a", &[("href", &to)], |h| h.text(&format!("{name}.{kind}")));
                    h.text(comma);
                }
            });
        });
        Ok(())
    }

    /// The document around it.
    pub(super) fn document(&self, title: &str) -> String {
        let mut html = Html::default();
        html.element("html", &[("lang", "en")], |h| {
            h.element("head", &[], |h| {
                h.void("meta", &[("charset", "utf-8")]);
                h.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
                // Nothing is fetched, not even a picture of the site, and nothing runs.
                let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
                h.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy)]);
                h.void("link", &[("rel", "icon"), ("href", "data:,")]);
                h.element("title", &[], |h| h.text(title));
                h.style(STYLE);
            });
            h.element("body", &[], |h| h.element("main", &[], |h| h.add(&self.html)));
        });
        html.document()
    }
}
