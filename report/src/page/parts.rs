//! What sections are put together from: pictures with their captions, tables, and figures that say which one they are.

use super::html::Html;
use crate::error::Error;
use crate::few_claims;
use crate::picture::Picture;
use crate::result::figure::Figure;

/// A page as it grows, with the pictures in it.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its text.
    pub(crate) html: Html,
    /// Every picture in it, to be written as files too.
    pub(crate) pictures: Vec<Picture>,
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// Text, on the left.
    Text(String),
    /// A number, on the right.
    Number(String),
    /// A figure of a result, in percent.
    Figure {
        /// The result's place in the report.
        result: usize,
        /// The figure's name there.
        name: String,
        /// Its value, where it has one.
        figure: Option<Figure>,
    },
    /// A link.
    Link {
        /// What it says.
        text: String,
        /// Where it leads.
        to: String,
    },
}

impl Cell {
    /// Text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A figure of no single result, in percent.
    pub(crate) fn percent(figure: Option<Figure>) -> Self {
        Self::Number(percent(figure))
    }
}

/// Percent with half of the 95 % interval: `59.9 ± 0.4`; a dash where there is no figure.
pub(crate) fn percent(figure: Option<Figure>) -> String {
    figure.map_or_else(|| "–".into(), |figure| figure.percent(1))
}

/// A number of claims, marked where it is too small for an interval.
pub(crate) fn claims(claims: Option<f64>) -> Cell {
    Cell::Number(claims.map_or_else(String::new, few_claims::shown))
}

/// A text, and on how many claims its figures rest: `precision, percent; 161 claims a repeat`.
pub(crate) fn resting(text: &str, claims: impl Iterator<Item = f64>) -> String {
    match few_claims::range(claims) {
        range if range.is_empty() => text.into(),
        range => format!("{text}; {range}"),
    }
}

impl Page {
    /// A section with its heading.
    pub(crate) fn heading(&mut self, id: &str, title: &str) {
        self.html.element("h2", &[("id", id)], |h| h.text(title));
    }

    /// A paragraph.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.html.plain("p", text);
    }

    /// A paragraph that explains.
    pub(crate) fn small(&mut self, text: &str) {
        self.html.element("p", &[("class", "small")], |h| h.text(text));
    }

    /// A picture with its caption, kept for its files.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub(crate) fn picture(&mut self, picture: Picture, caption: &str) -> Result<(), Error> {
        if picture.panels.is_empty() {
            return Ok(());
        }
        let parts = picture.parts()?;
        let name = picture.name.clone();
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
        self.pictures.push(picture);
        Ok(())
    }

    /// A table, which scrolls where the window is narrow. Columns without anything in them are left out.
    pub(crate) fn table(&mut self, caption: &str, columns: &[&str], rows: &[Vec<Cell>]) {
        let is_empty = |cell: &Cell| match cell {
            Cell::Text(text) | Cell::Number(text) => text.is_empty(),
            Cell::Figure { .. } | Cell::Link { .. } => false,
        };
        let used: Vec<usize> = (0..columns.len())
            .filter(|&column| rows.iter().any(|row| row.get(column).is_some_and(|cell| !is_empty(cell))))
            .collect();
        let is_number = |column: usize| {
            rows.iter().any(|row| matches!(row.get(column), Some(Cell::Number(_) | Cell::Figure { .. })))
        };
        let marked = rows.iter().flatten().find_map(|cell| match cell {
            Cell::Number(text) => few_claims::legend(text),
            Cell::Text(_) | Cell::Figure { .. } | Cell::Link { .. } => None,
        });
        let caption = marked.map_or_else(|| caption.to_owned(), |legend| format!("{caption}. {legend}"));
        self.html.element("div", &[("class", "scroll"), ("tabindex", "0")], |h| {
            h.element("table", &[], |h| {
                h.element("caption", &[], |h| h.plain("span", &caption));
                h.element("thead", &[], |h| {
                    h.element("tr", &[], |h| {
                        for &column in &used {
                            let class: &[(&str, &str)] = &[("scope", "col"), ("class", "n")];
                            let class = if is_number(column) { class } else { &class[..1] };
                            h.element("th", class, |h| h.text(columns[column]));
                        }
                    });
                });
                h.element("tbody", &[], |h| {
                    for row in rows {
                        h.element("tr", &[], |h| used.iter().for_each(|&column| cell(h, &row[column])));
                    }
                });
            });
        });
    }
}

fn cell(h: &mut Html, cell: &Cell) {
    match cell {
        Cell::Text(text) => h.element("td", &[], |h| h.text(text)),
        Cell::Number(text) => h.element("td", &[("class", "n")], |h| h.text(text)),
        Cell::Link { text, to } => h.element("td", &[], |h| {
            h.element("a", &[("href", to)], |h| h.text(text));
        }),
        Cell::Figure { result, name, figure } => {
            let (place, value) = (result.to_string(), figure.map(|figure| figure.mean.to_string()));
            let value = value.unwrap_or_else(|| "null".into());
            let marks = [
                ("class", "n"),
                ("data-result", place.as_str()),
                ("data-figure", name),
                ("data-value", &value),
            ];
            h.element("td", &marks, |h| h.text(&percent(*figure)));
        }
    }
}
