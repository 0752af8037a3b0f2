//! `turncoat report`: the page and the pictures of a finished run or sweep, made again from its folder.

use std::io::Write;

use crate::cli::ReportArgs;
use crate::error::Error;
use crate::page;
use crate::report::folder::PAGE;

pub(super) fn report(args: &ReportArgs) -> Result<(), Error> {
    let pages = page::of_folder(&args.folder)?;
    let runs = if pages > 1 { format!(", and those of its {} runs", pages - 1) } else { String::new() };
    // A closed pipe takes what it wants.
    let _ = writeln!(std::io::stdout().lock(), "{}{runs}", args.folder.join(PAGE).display());
    Ok(())
}
