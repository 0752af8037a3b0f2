//! Puts a page and its pictures into a folder: `report.html`, and `pictures/` with each chart as SVG and as PNG.

use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::compose::Page;
use super::folder::Run;
use super::sections;
use super::sweep::Swept;
use crate::error::Error;
use crate::files::folder::{OutputFolder, PAGE, PICTURES, REPORT, remove_folder};
use crate::sweep::folder as sweep;

/// Writes the page of a run whose other files are in the folder; its report may not be yet, so its text is given.
///
/// # Errors
/// [`Error::Altered`] of a file that is there and is malformed, [`Error::Refused`] when the page cannot be written.
pub fn of_run(folder: &OutputFolder, json: &str) -> Result<(), Error> {
    let run = Run::read(folder.path(), json)?;
    keep(folder, &run.report.scenario.name, &sections::of_run(&run)?)
}

/// Writes the page of a sweep from its results and the reports of its runs.
///
/// # Errors
/// As [`of_run`].
pub fn of_sweep(folder: &OutputFolder) -> Result<(), Error> {
    let swept = Swept::read(folder.path())?;
    keep(folder, swept.name(), &swept.page()?)
}

/// Writes the page of whatever finished run or sweep is in a folder; of a sweep, those of its runs too. Returns how many pages.
///
/// # Errors
/// [`Error::NoRun`] when there is no finished run; else as [`of_run`].
pub fn of_folder(path: &Path) -> Result<usize, Error> {
    let again = |path: &Path| -> Result<(), Error> {
        let report = path.join(REPORT);
        let text = fs::read_to_string(&report).map_err(|e| Error::unreadable(&report, e))?;
        of_run(&OutputFolder::hold(path)?, &text)
    };
    if path.join(REPORT).is_file() {
        again(path)?;
        return Ok(1);
    }
    if !sweep::is_folder(path) {
        return Err(Error::NoRun(path.into()));
    }
    let runs = sweep::finished_runs(path)?;
    let mut done: Vec<&Path> = Vec::new();
    for (run, _) in &runs {
        if !done.contains(&run.as_path()) {
            let during = |source| Error::During { what: run.display().to_string(), source: Box::new(source) };
            again(run).map_err(during)?;
            done.push(run);
        }
    }
    of_sweep(&OutputFolder::hold(path)?)?;
    Ok(done.len() + 1)
}

fn keep(folder: &OutputFolder, name: &str, page: &Page) -> Result<(), Error> {
    let pictures_folder = folder.path().join(PICTURES);
    remove_folder(&pictures_folder).map_err(|e| Error::refused("replace", &pictures_folder, &e))?;
    let place = OutputFolder::make(&pictures_folder)?;
    // Each picture is drawn by itself: the order does not matter to their bytes.
    page.pictures.par_iter().try_for_each(|picture| {
        place.write(&format!("{}.svg", picture.name), picture.svg()?.as_bytes())?;
        place.write(&format!("{}.png", picture.name), &picture.png()?)
    })?;
    folder.write(PAGE, page.document(&format!("{name}: turncoat report")).as_bytes())
}
