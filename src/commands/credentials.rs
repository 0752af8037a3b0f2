//! `turncoat credentials`: the tokens of a hand-started federation, for networks where plain text was asked for: one file
//! for each who needs some.

use turncoat_learn::PartyId;
use turncoat_proto::{Credentials, Role};

use crate::cli::CredentialsArgs;
use crate::error::Error;
use crate::terminal;
use crate::together::Together;

pub(super) fn credentials(args: &CredentialsArgs, quiet: bool) -> Result<(), Error> {
    let mut made = Together::default();
    made.folder(&args.out)?;
    let all = Credentials::generate(args.parties)?;
    let mut save = |name: String, credentials: &Credentials| {
        let path = args.out.join(format!("{name}.credentials"));
        if path.exists() {
            return Err(Error::Output(format!(
                "{} is there already; choose another folder, or remove it first",
                path.display()
            )));
        }
        credentials.save(&path)?;
        made.made(&path);
        Ok(())
    };
    save("coordinator".into(), &all.for_coordinator())?;
    for party in PartyId::first(args.parties) {
        save(party.to_string(), &all.for_party(party))?;
    }
    for role in [Role::Operator, Role::Outsider, Role::Aggregator] {
        let token = all.token(role).map_err(|e| Error::Bug(e.to_string()))?.clone();
        save(role.to_string(), &Credentials::default().with(role, token))?;
    }
    made.keep();
    let whose =
        format!("the coordinator, {} parties, the operator, an outsider and the aggregator", args.parties);
    terminal::note(quiet, &format!("{}: credentials for {whose}", args.out.display()));
    Ok(())
}
