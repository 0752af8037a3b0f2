//! `turncoat run`: a scenario, or a sweep of them, from its file to its table.

use std::path::Path;

use turncoat_learn::data::DataFolders;
use turncoat_report::files::folder::{OutputFolder, PAGE, RESOLVED, RESULTS};
use turncoat_report::sweep::folder::is_folder;

use super::resume::resume;
use crate::checkpoint::{self, Origin};
use crate::cli::{Format, RunArgs};
use crate::error::Error;
use crate::experiment::{Runner, Watch};
use crate::interruption;
use crate::scenario::{Loaded, Plan, Sweep};
use crate::shipped;
use crate::sweep::{self, Place};
use crate::terminal::{self, Bar};

/// How a run is carried out and shown. Nothing here changes a figure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) jobs: Option<u16>,
    pub(super) format: Format,
    pub(super) quiet: bool,
    /// Whether a scenario may start programs of its own.
    pub(super) allow_commands: bool,
}

pub(super) fn run(args: &RunArgs, quiet: bool) -> Result<(), Error> {
    interruption::see_to_it()?;
    let manner = Manner { jobs: args.jobs, format: args.format, quiet, allow_commands: args.allow_commands };
    if let Some(folder) = &args.resume {
        return resume(folder, args, manner);
    }
    let text = shipped::text_of(args.scenario.as_deref())?;
    let folders = DataFolders { data_dir: args.data_dir.clone(), scenario_dir: text.folder.clone() };
    match text.plan(&args.overrides)? {
        Plan::Single(loaded) => {
            consented(&loaded, manner)?;
            let out = args.out.as_ref().map(|path| prepare(path, args.overwrite)).transpose()?;
            if let Some(out) = &out {
                // What a resumed run needs, before anything else: first where to look, then what for.
                Origin::of(&folders).keep(out.path(), &loaded.run_sha256)?;
                out.write(RESOLVED, loaded.resolved_yaml.as_bytes())?;
            }
            single(*loaded, out, folders, manner)
        }
        Plan::Sweep(sweep) => {
            let work = Work { out: args.out.as_deref(), folders, overwrite: args.overwrite };
            several(&sweep, &work, manner)
        }
    }
}

/// Runs one scenario; its folder is there, and may hold parts of the run that are finished.
pub(super) fn single(
    loaded: Loaded,
    out: Option<OutputFolder>,
    folders: DataFolders,
    manner: Manner,
) -> Result<(), Error> {
    let resolved = loaded.resolved_yaml.clone();
    let watch = Watch { label: "", quiet: manner.quiet };
    if let Some(path) = out.as_ref().map(|folder| folder.path().to_owned()) {
        let interrupted = Error::Interrupted { processes: false };
        interruption::last_words(move || how_to_go_on(&interrupted, &path, manner.quiet));
    }
    let mut runner = Runner::new(folders, manner.jobs, false)?;
    let finished = runner.run(loaded, out.clone(), watch).and_then(|finished| {
        if let Some(folder) = &out {
            let _drawing = Bar::spinner("drawing report.html", manner.quiet);
            finished.keep(folder, &resolved)?;
            // Nothing looks at them any more; that they could not be removed is no reason to call the run a failure.
            let _ = checkpoint::remove(folder.path());
        }
        Ok(finished)
    });
    if let (Err(error), Some(folder)) = (&finished, &out) {
        how_to_go_on(error, folder.path(), manner.quiet);
    }
    let left = out.as_ref().map_or_else(
        || "add --out DIR to keep the report, the claims and the logs".into(),
        |folder| {
            let path = folder.path();
            format!(
                "look at {}; report, results, claims and logs are in {}",
                path.join(PAGE).display(),
                path.display()
            )
        },
    );
    let finished = finished?;
    let shown = if manner.format == Format::Json { &finished.json } else { &finished.table };
    show(shown, &left, manner)?;
    finished.degradation.map_or(Ok(()), |what| Err(Error::Degraded(what)))
}

/// Where a sweep's files are.
pub(super) struct Work<'a> {
    pub(super) out: Option<&'a Path>,
    pub(super) folders: DataFolders,
    pub(super) overwrite: bool,
}

pub(super) fn several(sweep: &Sweep, work: &Work<'_>, manner: Manner) -> Result<(), Error> {
    for run in &sweep.runs {
        consented(&run.loaded, manner)?;
    }
    let origin = Origin::of(&work.folders);
    let place = Place {
        out: work.out,
        overwrite: work.overwrite,
        quiet: manner.quiet,
        format: manner.format,
        origin: &origin,
    };
    if let Some(path) = work.out.map(Path::to_owned) {
        interruption::last_words(move || {
            let again = "the runs that are finished are kept; the same command goes on from there, or `turncoat run --resume";
            terminal::note(manner.quiet, &format!("{again} {}`", path.display()));
        });
    }
    let mut runner = Runner::new(work.folders.clone(), manner.jobs, true)?;
    let sweep::Executed { shown, degraded } = sweep::execute(sweep, &mut runner, place)?;
    let left = work.out.map_or_else(
        || "add --out DIR to keep the runs, and to go on from there when a sweep is stopped".into(),
        |path| {
            format!(
                "look at {}; all results are in {}, one folder a run in runs/ beside it",
                path.join(PAGE).display(),
                path.join(RESULTS).display()
            )
        },
    );
    show(&shown, &left, manner)?;
    if degraded > 0 {
        return Err(Error::Degraded(format!(
            "in {degraded} of {} runs queries were answered by fewer parties than all, or refused",
            sweep.runs.len()
        )));
    }
    Ok(())
}

/// A scenario is a text that people hand each other: it starts no program that its reader has not agreed to.
pub(super) fn consented(loaded: &Loaded, manner: Manner) -> Result<(), Error> {
    let commands = loaded.study.federation().map_or(&[][..], |scenario| &scenario.federation.commands);
    if commands.is_empty() || manner.allow_commands {
        return Ok(());
    }
    let each: Vec<String> =
        commands.iter().map(|served| format!("{} by `{}`", served.party, served.command.join(" "))).collect();
    Err(Error::Usage(format!(
        "the scenario starts programs of its own: {}; read them, and add --allow-commands if they are to run",
        each.join(", ")
    )))
}

/// Tells whoever watches how a run that was stopped, or that has something to go on from, is resumed.
fn how_to_go_on(error: &Error, path: &Path, quiet: bool) {
    let kept = checkpoint::kept(path) > 0;
    if kept || matches!(error, Error::Interrupted { .. }) {
        let what = if kept { "what is finished is kept" } else { "nothing was finished yet" };
        terminal::note(
            quiet,
            &format!("{what}; `turncoat run --resume {}` goes on from there", path.display()),
        );
    }
}

/// The folder of one run, which must not be that of a sweep.
fn prepare(path: &Path, overwrite: bool) -> Result<OutputFolder, Error> {
    if is_folder(path) {
        return Err(Error::Output(format!(
            "{} holds the runs of a sweep; choose another --out for this one",
            path.display()
        )));
    }
    let folder = OutputFolder::prepare(path, overwrite, checkpoint::kept(path) > 0)?;
    checkpoint::remove(path).map_err(|e| Error::refused("clear the output folder", path, &e))?;
    Ok(folder)
}

/// Prints what was found; where the rest is, is said even if that is lost.
fn show(text: &str, left: &str, manner: Manner) -> Result<(), Error> {
    let printed = match manner.format {
        Format::Table => terminal::print(text),
        Format::Json => terminal::print_document(text),
    };
    terminal::note(manner.quiet, left);
    printed
}
