//! What sections are put together from: texts, pictures with their captions, and tables.

use super::html::Html;
use crate::few_claims;
use crate::picture::{Panel, Picture};
use crate::table::columns::{Cell, Column, Table};

/// A part of a section.
#[derive(Debug)]
pub(crate) enum Part {
    /// As it is.
    Html(Html),
    /// A picture with its caption; nothing where it has no panel.
    Picture(Picture, String),
}

impl Part {
    /// One element, written by what is given.
    pub(crate) fn html(write: impl FnOnce(&mut Html)) -> Self {
        let mut html = Html::default();
        write(&mut html);
        Self::Html(html)
    }
}

/// A paragraph.
pub(crate) fn paragraph(text: &str) -> Part {
    Part::html(|h| h.plain("p", text))
}

/// A paragraph that explains.
pub(crate) fn small(text: &str) -> Part {
    Part::html(|h| h.element("p", &[("class", "small")], |h| h.text(text)))
}

/// Text as it is typed.
pub(crate) fn code(text: &str) -> Part {
    Part::html(|h| h.element("pre", &[], |h| h.plain("code", text)))
}

/// Text as it is typed, folded under a summary.
pub(crate) fn folded(summary: &str, text: &str) -> Part {
    Part::html(|h| {
        h.element("details", &[], |h| {
            h.plain("summary", summary);
            h.element("pre", &[], |h| h.plain("code", text));
        });
    })
}

/// A list of notes.
pub(crate) fn list(notes: &[String]) -> Part {
    Part::html(|h| h.element("ul", &[], |h| notes.iter().for_each(|note| h.plain("li", note))))
}

/// A picture, whose name is that of its files. `alternative` says what it shows to who cannot see it.
pub(crate) fn picture(
    name: &str,
    alternative: &str,
    panels: impl IntoIterator<Item = Panel>,
    caption: &str,
) -> Part {
    let panels = panels.into_iter().collect();
    Part::Picture(Picture { name: name.into(), alternative: alternative.into(), panels }, caption.into())
}

/// A table, which scrolls where the window is narrow. Columns without anything in them are left out.
pub(crate) fn table<R: Copy>(caption: &str, table: Table<R>) -> Part {
    let mut columns = table.columns();
    columns.retain(|column| !column.is_empty());
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let numbers = columns.iter().filter(|column| column.number).flat_map(|column| &column.cells);
    let marked = numbers.filter_map(|cell| few_claims::legend(&cell.shown(""))).next();
    let caption = marked.map_or_else(|| caption.to_owned(), |legend| format!("{caption}. {legend}"));
    let heading = |h: &mut Html, column: &Column| {
        let class: &[(&str, &str)] = &[("scope", "col"), ("class", "n")];
        h.element("th", if column.number { class } else { &class[..1] }, |h| h.text(&column.heading));
    };
    Part::html(|h| {
        h.element("div", &[("class", "scroll"), ("tabindex", "0")], |h| {
            h.element("table", &[], |h| {
                h.element("caption", &[], |h| h.plain("span", &caption));
                h.element("thead", &[], |h| {
                    h.element("tr", &[], |h| columns.iter().for_each(|column| heading(h, column)));
                });
                h.element("tbody", &[], |h| {
                    for row in 0..rows {
                        h.element("tr", &[], |h| columns.iter().for_each(|column| cell(h, column, row)));
                    }
                });
            });
        });
    })
}

fn cell(h: &mut Html, column: &Column, row: usize) {
    let cell = &column.cells[row];
    let text = cell.shown("–");
    let class = if column.number { &[("class", "n")][..] } else { &[] };
    match cell {
        Cell::Link { to, .. } => {
            h.element("td", class, |h| h.element("a", &[("href", to)], |h| h.text(&text)));
        }
        Cell::Figure { figure, of: Some((result, name)) } => {
            let value = figure.map_or_else(|| "null".into(), |figure| figure.mean.to_string());
            let result = result.to_string();
            let marks =
                [("class", "n"), ("data-result", &result), ("data-figure", name), ("data-value", &value)];
            h.element("td", &marks, |h| h.text(&text));
        }
        Cell::Text(_) | Cell::Figure { .. } => h.element("td", class, |h| h.text(&text)),
    }
}

/// A text, and on how many claims its figures rest: `precision, percent; 161 claims a repeat`.
pub(crate) fn resting(text: &str, claims: impl IntoIterator<Item = f64>) -> String {
    match few_claims::range(claims.into_iter()) {
        range if range.is_empty() => text.into(),
        range => format!("{text}; {range}"),
    }
}
