//! `turncoat certs`: the certificates of a hand-started federation, one file a member; and what such files say.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use turncoat_proto::identity::date;
use turncoat_proto::{Authority, Certificate, Subject, Validity};

use crate::cli::{CertsCommand, NewCertsArgs, ShowCertsArgs};
use crate::error::Error;

const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn certs(command: &CertsCommand) -> Result<(), Error> {
    match command {
        CertsCommand::New(args) => new(args),
        CertsCommand::Show(args) => show(args),
    }
}

fn new(args: &NewCertsArgs) -> Result<(), Error> {
    fs::create_dir_all(&args.out)
        .map_err(|e| Error::Output(format!("cannot make the folder {}: {e}", args.out.display())))?;
    let files: Vec<_> = Subject::everybody(args.parties)
        .map(|subject| (subject, args.out.join(format!("{subject}.pem"))))
        .collect();
    if let Some((_, path)) = files.iter().find(|(_, path)| path.exists()) {
        return Err(Error::Output(format!(
            "{} is there already; choose another folder, or remove it first",
            path.display()
        )));
    }
    let validity = Validity::from_now(DAY * args.days);
    let authority = Authority::new(validity).map_err(|e| Error::Output(e.to_string()))?;
    for (subject, path) in &files {
        let certificate = authority.issue(*subject).map_err(|e| Error::Output(e.to_string()))?;
        certificate.save(path).map_err(|e| Error::Output(e.to_string()))?;
    }
    let _ = writeln!(
        std::io::stderr(),
        "{}: certificates of {} members, valid until {}; hand each its own file alone",
        args.out.display(),
        files.len(),
        date(validity.not_after)
    );
    Ok(())
}

fn show(args: &ShowCertsArgs) -> Result<(), Error> {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["file", "member", "federation", "valid", "SHA-256"]);
    let mut wrong = Vec::new();
    for path in &args.files {
        match Certificate::load(path) {
            Ok(certificate) => {
                table.add_row(row(path, &certificate));
            }
            Err(error) => wrong.push(error.to_string()),
        }
    }
    // A closed pipe takes what it wants of the table.
    let _ = writeln!(std::io::stdout().lock(), "{table}");
    if wrong.is_empty() { Ok(()) } else { Err(Error::Usage(wrong.join("\n"))) }
}

fn row(path: &Path, certificate: &Certificate) -> [String; 5] {
    let facts = certificate.facts();
    let now = SystemTime::now();
    let valid = if facts.valid_at(now) {
        format!("until {}", date(facts.not_after))
    } else if now < facts.not_before {
        format!("not before {}", date(facts.not_before))
    } else {
        format!("expired {}", date(facts.not_after))
    };
    let authority = facts.authority.trim_start_matches("turncoat federation ").to_string();
    [path.display().to_string(), facts.subject.to_string(), authority, valid, facts.fingerprint.to_string()]
}
