//! `turncoat certs`: the certificates of a hand-started federation, one file a member; and what such files say.

use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use turncoat_net::identity::date;
use turncoat_net::{Authority, Certificate, Validity};
use turncoat_proto::Subject;
use turncoat_report::table::columns::Table;

use crate::cli::{CertsCommand, Format, NewCertsArgs, ShowCertsArgs};
use crate::error::Error;
use crate::terminal;
use crate::together::Together;

const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn certs(command: &CertsCommand, quiet: bool) -> Result<(), Error> {
    match command {
        CertsCommand::New(args) => new(args, quiet),
        CertsCommand::Show(args) => show(args),
    }
}

fn new(args: &NewCertsArgs, quiet: bool) -> Result<(), Error> {
    let mut made = Together::default();
    made.folder(&args.out)?;
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
    let authority = Authority::new(validity)?;
    for (subject, path) in &files {
        let certificate = authority.issue(*subject)?;
        certificate.save(path)?;
        made.made(path);
    }
    made.keep();
    let reported = format!(
        "{}: certificates of {} members, valid until {}; hand each its own file alone",
        args.out.display(),
        files.len(),
        date(validity.not_after)
    );
    terminal::note(quiet, &reported);
    Ok(())
}

/// What a certificate file says. Times are to the minute, UTC.
#[derive(Serialize)]
struct Shown {
    file: String,
    member: String,
    federation: String,
    not_before: String,
    not_after: String,
    /// Whether it is valid now.
    valid: bool,
    sha256: String,
    /// The same in words.
    #[serde(skip)]
    validity: String,
}

fn show(args: &ShowCertsArgs) -> Result<(), Error> {
    let (mut sound, mut wrong) = (Vec::new(), Vec::new());
    for path in &args.files {
        match Certificate::load(path) {
            Ok(certificate) => sound.push(shown(path, &certificate)),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    match args.format {
        Format::Json => terminal::print_json(&sound)?,
        Format::Table => {
            let table = Table::of(&sound)
                .text("file", |one| &one.file)
                .text("member", |one| &one.member)
                .text("federation", |one| &one.federation)
                .text("valid", |one| &one.validity)
                .text("SHA-256", |one| &one.sha256);
            if !table.is_empty() {
                terminal::print(&format!("{}\n", table.terminal()))?;
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Usage(wrong.join("\n"))) }
}

fn shown(path: &Path, certificate: &Certificate) -> Shown {
    let facts = certificate.facts();
    let now = SystemTime::now();
    let validity = if facts.valid_at(now) {
        format!("until {}", date(facts.not_after))
    } else if now < facts.not_before {
        format!("not before {}", date(facts.not_before))
    } else {
        format!("expired {}", date(facts.not_after))
    };
    Shown {
        file: path.display().to_string(),
        member: facts.name.to_string(),
        federation: facts.authority.trim_start_matches("turncoat federation ").to_string(),
        not_before: date(facts.not_before),
        not_after: date(facts.not_after),
        valid: facts.valid_at(now),
        sha256: facts.fingerprint.to_string(),
        validity,
    }
}
