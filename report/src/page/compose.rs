//! The order of a run's page: the answer first, then what it rests on, then how to have it again.

use super::folder::Run;
use super::html::Html;
use super::parts::Page;
use super::{
    again, distance, federation, groups, laboratory, ladder, lies, opening, planes, records, results,
};
use super::{rocs, scores, service, table};
use crate::error::Error;

const STYLE: &str = include_str!("style.css");

/// A run's page.
///
/// # Errors
/// [`Error::Bug`] of a picture that cannot be drawn.
pub(super) fn of_run(run: &Run) -> Result<Page, Error> {
    let mut page = Page::default();
    opening::opening(&mut page, run)?;
    if let Some(figures) = &run.report.federation {
        federation::federation(&mut page, run, figures)?;
    }
    if let Some(figures) = &run.report.laboratory {
        laboratory::laboratory(&mut page, run, figures)?;
    }
    results::results(&mut page, run);
    if let Some(figures) = &run.report.federation {
        ladder::ladder(&mut page, run, &figures.disclosure)?;
    }
    rocs::rocs(&mut page, run)?;
    scores::scores(&mut page, run)?;
    groups::by_classes(&mut page, run)?;
    groups::by_parties(&mut page, run)?;
    records::records(&mut page, run);
    planes::planes(&mut page, run)?;
    distance::distance(&mut page, run)?;
    if let Some(figures) = &run.report.byzantine {
        lies::lies(&mut page, figures, &run.report.results)?;
    }
    service::service(&mut page, &run.report);
    table::table(&mut page, run);
    again::notes(&mut page, run);
    again::again(&mut page, run);
    Ok(page)
}

/// The document around a page.
pub(super) fn document(title: &str, body: Html) -> String {
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
        h.element("body", &[], |h| h.element("main", &[], |h| h.drawing(&body.inner())));
    });
    html.document()
}
