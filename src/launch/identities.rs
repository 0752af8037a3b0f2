//! By what the members of a launched federation know each other: certificates of an authority that is made for this one
//! federation, or tokens where the scenario wants no TLS. Both are gone with the federation's folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use turncoat_learn::PartyId;
use turncoat_net::{Authority, Certificate, Validity};
use turncoat_proto::{Credentials, Identity, Role, Subject};

use crate::error::Error;

/// Longer than any experiment: a certificate must not expire under one.
const VALID: Duration = Duration::from_secs(30 * 86_400);

/// What everybody's identity is made from.
#[derive(Debug)]
pub(super) enum Identities {
    Certificates(Box<Authority>),
    Tokens(Credentials),
}

/// A member's identity, and the file in which its process is handed it.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) identity: Identity,
    file: PathBuf,
}

impl Identities {
    pub(super) fn new(tls: bool, parties: u32) -> Result<Self, Error> {
        if tls {
            Ok(Self::Certificates(Box::new(Authority::new(Validity::from_now(VALID))?)))
        } else {
            Ok(Self::Tokens(Credentials::generate(parties)?))
        }
    }

    pub(super) fn coordinator(&self, folder: &Path) -> Result<Held, Error> {
        match self {
            Self::Certificates(authority) => {
                Held::certified(authority, Subject::Coordinator, folder, "coordinator")
            }
            Self::Tokens(all) => Held::with_tokens(all.for_coordinator(), folder, "coordinator"),
        }
    }

    pub(super) fn party(&self, id: PartyId, folder: &Path) -> Result<Held, Error> {
        match self {
            Self::Certificates(authority) => {
                Held::certified(authority, Subject::Party(id), folder, &id.to_string())
            }
            Self::Tokens(all) => Held::with_tokens(all.for_party(id), folder, &id.to_string()),
        }
    }

    /// An adversary's identity, and its challenger's.
    pub(super) fn adversary(&self, role: Role, folder: &Path, name: &str) -> Result<(Held, Identity), Error> {
        match self {
            Self::Certificates(authority) => {
                let held = Held::certified(authority, Subject::of(role), folder, name)?;
                Ok((held, authority.issue(Subject::Challenger)?.into()))
            }
            Self::Tokens(all) => {
                let tokens = all.for_adversary(role)?;
                let held = Held::with_tokens(tokens, folder, name)?;
                let challenger = held.identity.clone();
                Ok((held, challenger))
            }
        }
    }

    pub(super) fn operator(&self) -> Result<Identity, Error> {
        match self {
            Self::Certificates(authority) => Ok(authority.issue(Subject::Operator)?.into()),
            Self::Tokens(all) => Ok(all.clone().into()),
        }
    }
}

impl Held {
    fn certified(authority: &Authority, subject: Subject, folder: &Path, name: &str) -> Result<Self, Error> {
        let certificate: Certificate = authority.issue(subject)?;
        let file = folder.join(format!("{name}.pem"));
        certificate.save(&file)?;
        Ok(Self { identity: certificate.into(), file })
    }

    fn with_tokens(tokens: Credentials, folder: &Path, name: &str) -> Result<Self, Error> {
        let file = folder.join(format!("{name}.credentials"));
        tokens.save(&file)?;
        Ok(Self { identity: tokens.into(), file })
    }

    /// How a process is handed it.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let flags: &[&str] = match self.identity {
            Identity::Certificate(_) => &["--certificate"],
            Identity::Tokens(_) => &["--insecure", "--credentials"],
        };
        flags.iter().map(OsString::from).chain([self.file.clone().into()]).collect()
    }
}
