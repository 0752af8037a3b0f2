//! Puts a page and its pictures into a folder: `report.html`, and `pictures/` with each chart as SVG and as PNG.

use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::compose::{document, of_run as compose};
use super::folder::Run;
use super::parts::Page;
use super::sweep::Swept;
use crate::error::Error;
use crate::report::folder::{OutputFolder, PAGE, PICTURES, REPORT};
use crate::sweep;

/// Writes the page of a run whose other files are in the folder; its report may not be yet, so its text is given.
///
/// # Errors
/// [`Error::Data`] of a file that is there and is malformed, [`Error::Output`] when the page cannot be written.
pub(crate) fn of_run(folder: &OutputFolder, json: &str) -> Result<(), Error> {
    let run = Run::read(folder.path(), json)?;
    keep(folder, &run.report.scenario.name, compose(&run)?)
}

/// Writes the page of a sweep from its results and the reports of its runs.
///
/// # Errors
/// As [`of_run`].
pub(crate) fn of_sweep(folder: &OutputFolder) -> Result<(), Error> {
    let swept = Swept::read(folder.path())?;
    keep(folder, swept.name(), swept.page()?)
}

/// Writes the page of whatever finished run or sweep is in a folder; of a sweep, those of its runs too. Returns how many pages.
///
/// # Errors
/// [`Error::Usage`] when there is no finished run; else as [`of_run`].
pub(crate) fn of_folder(path: &Path) -> Result<usize, Error> {
    let again = |path: &Path| -> Result<(), Error> {
        let report = path.join(REPORT);
        let text = fs::read_to_string(&report)
            .map_err(|e| Error::Data(format!("cannot read {}: {e}", report.display())))?;
        of_run(&OutputFolder::hold(path)?, &text)
    };
    if path.join(REPORT).is_file() {
        again(path)?;
        return Ok(1);
    }
    if !sweep::is_folder(path) {
        return Err(Error::Usage(format!(
            "{} holds no finished run: it has no {REPORT}; give the --out folder of a run or of a sweep (an unfinished one goes on \
             with `turncoat run --resume {0}`)",
            path.display()
        )));
    }
    let runs = sweep::finished_runs(path)?;
    let mut done: Vec<&Path> = Vec::new();
    for (run, _) in &runs {
        if !done.contains(&run.as_path()) {
            again(run).map_err(|error| error.during(&run.display().to_string()))?;
            done.push(run);
        }
    }
    of_sweep(&OutputFolder::hold(path)?)?;
    Ok(done.len() + 1)
}

/// Removes the pictures of an earlier page.
///
/// # Errors
/// When they are there and cannot be removed.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder.join(PICTURES)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn keep(folder: &OutputFolder, name: &str, page: Page) -> Result<(), Error> {
    let Page { html, pictures } = page;
    let failed = |e: io::Error| Error::refused("replace", &folder.path().join(PICTURES), &e);
    clear(folder.path()).map_err(failed)?;
    let place = OutputFolder::make(&folder.path().join(PICTURES))?;
    // Each picture is drawn by itself: the order does not matter to their bytes.
    pictures.par_iter().try_for_each(|picture| {
        place.write(&format!("{}.svg", picture.name), picture.svg()?.as_bytes())?;
        place.write(&format!("{}.png", picture.name), &picture.png()?)
    })?;
    folder.write(PAGE, document(&format!("{name}: turncoat report"), html).as_bytes())
}
