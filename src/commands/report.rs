//! `turncoat report`: the page and the pictures of a finished run or sweep, made again from its folder.

use turncoat_report::files::folder::PAGE;
use turncoat_report::page;

use crate::cli::ReportArgs;
use crate::error::Error;
use crate::terminal::{self, Bar};

pub(super) fn report(args: &ReportArgs, quiet: bool) -> Result<(), Error> {
    let drawing = Bar::spinner("drawing", quiet);
    let pages = page::of_folder(&args.folder)?;
    drop(drawing);
    let runs = if pages > 1 { format!(", and those of its {} runs", pages - 1) } else { String::new() };
    terminal::print(&format!("{}{runs}\n", args.folder.join(PAGE).display()))
}
