//! `turncoat completions` and `turncoat man`: made from the same definitions as the help.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::{Cli, CompletionsArgs, ManArgs};
use crate::error::Error;
use crate::terminal;
use crate::together::{Together, write_whole};

pub(super) fn completions(args: &CompletionsArgs) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "turncoat", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))
}

pub(super) fn man(args: &ManArgs, quiet: bool) -> Result<(), Error> {
    let mut root = Cli::command();
    root.build();
    let Some(folder) = &args.out else {
        terminal::print(&page(&root)?)?;
        return Ok(());
    };
    let mut made = Together::default();
    made.folder(folder)?;
    let pages = write(&root, folder, &mut made)?;
    made.keep();
    terminal::note(quiet, &format!("{pages} pages are in {}; read them with man -l FILE", folder.display()));
    Ok(())
}

/// Writes the page of a command and those of the commands below it, and counts them.
fn write(command: &Command, folder: &Path, made: &mut Together) -> Result<usize, Error> {
    let path = folder.join(format!("{}.1", name(command)));
    let new = !path.exists();
    write_whole(&path, &page(command)?, true)?;
    if new {
        made.made(&path);
    }
    let below = command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help");
    below.map(|below| write(below, folder, made)).try_fold(1, |sum, pages| Ok(sum + pages?))
}

/// The page of one command. Undated, so that the same version gives the same bytes.
fn page(command: &Command) -> Result<String, Error> {
    let man = Man::new(command.clone().version(env!("CARGO_PKG_VERSION"))).manual("turncoat");
    let mut page = Vec::new();
    let mut parts = || -> std::io::Result<()> {
        man.render_title(&mut page)?;
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
        if command.has_subcommands() {
            man.render_subcommands_section(&mut page)?;
        }
        page.extend(examples(command).into_bytes());
        man.render_version_section(&mut page)
    };
    parts()
        .map_err(|e| Error::Bug(format!("the manual page of {} cannot be written: {e}", name(command))))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// What follows the options in the help, line by line: a paragraph would run the examples together.
fn examples(command: &Command) -> String {
    let Some(text) = command.get_after_help() else { return String::new() };
    let mut section = String::from(".SH EXAMPLES\n.nf\n");
    for line in text.to_string().lines().skip_while(|line| line.starts_with("Example")) {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        // A dot or an apostrophe at the beginning would be a request.
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        section.push_str(&format!("{guard}{line}\n"));
    }
    section.push_str(".fi\n");
    section
}

/// `turncoat-data-list`.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}
