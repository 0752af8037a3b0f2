//! `turncoat compare`: measured figures beside published ones, or beside those of other runs.

use std::path::Path;

use turncoat_report::compare::{self, Comparison};

use crate::cli::{CompareArgs, Format};
use crate::error::Error;
use crate::terminal;

const PUBLISHED_FIGURES: &str = include_str!("../../scenarios/truex/published.csv");
/// The word that stands for the embedded figures.
const PUBLISHED: &str = "published";

pub(super) fn compare(args: &CompareArgs) -> Result<(), Error> {
    let measured = compare::read(&args.folder)?;
    let with = Path::new(&args.with);
    let (references, what) = if args.with == PUBLISHED {
        let published = compare::of_text("the published figures", PUBLISHED_FIGURES.as_bytes());
        (published.map_err(|e| Error::Bug(e.to_string()))?, PUBLISHED)
    } else if with.is_dir() {
        (compare::of_runs(&compare::read(with)?, &args.with), "other runs")
    } else {
        (compare::of_file(with)?, "expected")
    };
    let comparison = Comparison::new(&measured, &references);
    match args.format {
        Format::Table => terminal::print(&compare::render(&comparison, what))?,
        Format::Json => terminal::print_json(&compare::document(&comparison, &args.with))?,
    }
    Ok(())
}
