//! `turncoat compare`: measured figures beside published ones, or beside those of other runs.

use std::io::Write;
use std::path::Path;

use crate::cli::CompareArgs;
use crate::compare::{self, Comparison};
use crate::error::Error;

/// The word that stands for the embedded figures.
const PUBLISHED: &str = "published";

pub(super) fn compare(args: &CompareArgs) -> Result<(), Error> {
    let measured = compare::read(&args.folder)?;
    let with = Path::new(&args.with);
    let (references, what) = if args.with == PUBLISHED {
        (compare::published()?, PUBLISHED)
    } else if with.is_dir() {
        (compare::of_runs(&compare::read(with)?, &args.with), "other runs")
    } else {
        (compare::of_file(with)?, "expected")
    };
    let comparison = Comparison::new(&measured, &references);
    // A closed pipe takes what it wants of the table.
    let _ = write!(std::io::stdout().lock(), "{}", compare::render(&comparison, what));
    Ok(())
}
