//! `turncoat data fetch`: a data set from its official home.

use std::time::Duration;

use super::choose::known;
use crate::cli::FetchArgs;
use crate::datasets::{self, ADULT_HOME, FetchLimits, Kind};
use crate::error::Error;
use crate::terminal;

pub(super) fn fetch(args: &FetchArgs, quiet: bool) -> Result<(), Error> {
    let set = known(&args.name)?;
    if set.name != "adult" {
        let how = match set.kind {
            Kind::Files(_) => {
                format!("its home is {}; `turncoat data list` says where its files are looked for", set.home)
            }
            Kind::Embedded => "it is inside turncoat, and there is nothing to fetch".into(),
            Kind::Generated => "it is generated, and there is nothing to fetch".into(),
            Kind::Own => "it stands for files of your own".into(),
        };
        return Err(Error::Usage(format!("turncoat fetches adult alone, not {}: {how}", set.name)));
    }
    let limits = FetchLimits { silence: Duration::from_millis(args.timeout_ms), retries: args.retries };
    let from = args.from.as_deref().unwrap_or(ADULT_HOME);
    let fetched = datasets::fetch_adult(from, &args.data_dir, args.force, limits, quiet)?;
    for file in &fetched {
        let how = if file.was_there { "was there" } else { "fetched" };
        terminal::print(&format!("{}  {} bytes  SHA-256 ok  {how}\n", file.path.display(), file.bytes))?;
    }
    let dir = args.data_dir.display();
    terminal::note(
        quiet,
        &format!("use it with --data-dir {dir}, or with TURNCOAT_DATA={dir} in the environment"),
    );
    Ok(())
}
