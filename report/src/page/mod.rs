//! The report to look at: one HTML file that needs no network and no script, and its charts as files.
//!
//! A page is made from what is read back from a run's folder and from nothing else, so `turncoat run` and
//! `turncoat report` write the same bytes. What is computed here (curves from claims, histograms, figures by class, exposed
//! records) has a file of its own each, with its definition; what `report.json` says already is shown as it says it.

mod again;
mod boundaries;
mod byzantine;
mod charts;
mod claims;
mod classes;
mod compose;
mod distance;
mod exposed;
mod federation;
mod folder;
mod html;
mod ladder;
mod opening;
mod parties;
mod parts;
mod planes;
mod records;
mod results;
mod roc;
mod rocs;
mod scores;
mod sections;
mod service;
mod sweep;
mod table;
mod targets;
mod write;

pub use write::{of_folder, of_run, of_sweep};
