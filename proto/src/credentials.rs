//! Which token proves which role, and the file in which a process is handed the tokens that concern it.
//!
//! The file has one `role token` pair a line (`party-3 5f0c...`); empty lines and lines from `#` on are comments. It
//! is written readable by its owner only. Nobody is handed more than it needs: [`Credentials::for_party`],
//! [`Credentials::for_coordinator`] and [`Credentials::for_adversary`] cut out what one process gets.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use turncoat_learn::PartyId;
use turncoat_net::identity::{EntropyError, TokenParseError};
use turncoat_net::{PeerName, Token};

use crate::role::Role;
use crate::subject::Subject;

/// A table of roles and their tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials(BTreeMap<Role, Token>);

/// A credentials table that cannot be made, read, written or used.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// The file cannot be read or written.
    #[error("cannot {action} the credentials {}: {source}", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line that is not a role and its token. Lines count from one.
    #[error("{}, line {line}: {reason}; a line is a role, a space and 64 hexadecimal digits", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The table lacks a role that the process needs.
    #[error("the credentials have no token for {0}")]
    Missing(Role),
    /// The certificate is another member's.
    #[error("the certificate is that of {named}; nobody but {} acts as {wanted}", Subject::of(*wanted))]
    Named {
        /// The role.
        wanted: Role,
        /// Whom the certificate names.
        named: PeerName,
    },
    /// The certificate is not that of who should listen here.
    #[error("the certificate is that of {named}, but it is {wanted} that is to listen here")]
    Host {
        /// Who should listen.
        wanted: Subject,
        /// Whom the certificate names.
        named: PeerName,
    },
    /// No randomness to make tokens of.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl Credentials {
    /// New tokens for a federation of `parties` parties: the operator, the outsider, the aggregator, every party, and
    /// the coordinator as each party knows it.
    ///
    /// # Errors
    /// [`CredentialsError::Entropy`].
    pub fn generate(parties: u32) -> Result<Self, CredentialsError> {
        let members =
            PartyId::first(parties).flat_map(|party| [Role::Party(party), Role::Coordinator(party)]);
        let mut table = BTreeMap::new();
        for role in [Role::Operator, Role::Outsider, Role::Aggregator].into_iter().chain(members) {
            table.insert(role, Token::generate()?);
        }
        Ok(Self(table))
    }

    /// The same table with one more role, or another token for it.
    #[must_use]
    pub fn with(mut self, role: Role, token: Token) -> Self {
        self.0.insert(role, token);
        self
    }

    /// What the coordinator needs: every role that calls it, and what it shows to each party. No challenger.
    #[must_use]
    pub fn for_coordinator(&self) -> Self {
        self.filtered(|role| role != Role::Challenger)
    }

    /// What a party needs: its own token to join with, and the one by which it knows the coordinator.
    #[must_use]
    pub fn for_party(&self, party: PartyId) -> Self {
        self.filtered(|role| role == Role::Party(party) || role == Role::Coordinator(party))
    }

    /// What an adversary needs: the token of the role it plays, and a new one by which it knows its challenger. The
    /// operator's token is not among them: it would open what the vantage must not see.
    ///
    /// # Errors
    /// [`CredentialsError::Entropy`].
    pub fn for_adversary(&self, role: Role) -> Result<Self, CredentialsError> {
        Ok(self.filtered(|held| held == role).with(Role::Challenger, Token::generate()?))
    }

    /// The token of a role.
    ///
    /// # Errors
    /// [`CredentialsError::Missing`].
    pub fn token(&self, role: Role) -> Result<&Token, CredentialsError> {
        self.0.get(&role).ok_or(CredentialsError::Missing(role))
    }

    /// The role that a token proves; looks at every row, whichever matches.
    #[must_use]
    pub fn role_of(&self, token: &Token) -> Option<Role> {
        self.0.iter().fold(None, |found, (&role, held)| if held == token { Some(role) } else { found })
    }

    /// The roles of the table, in order.
    pub fn roles(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.keys().copied()
    }

    /// Writes the table, whole or not at all, readable by its owner only.
    ///
    /// # Errors
    /// [`CredentialsError::Io`].
    pub fn save(&self, path: &Path) -> Result<(), CredentialsError> {
        let io = |source| CredentialsError::Io { action: "write", path: path.into(), source };
        let mut draft = path.as_os_str().to_owned();
        draft.push(".part");
        let draft = PathBuf::from(draft);
        let lines: String =
            self.0.iter().map(|(role, token)| format!("{role} {}\n", token.reveal())).collect();
        // A leftover draft may have been made with other permissions.
        let _ = fs::remove_file(&draft);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&draft).and_then(|mut file| file.write_all(lines.as_bytes()));
        written.and_then(|()| fs::rename(&draft, path)).map_err(|source| {
            // Half a file is of no use; that it may not be removable changes nothing.
            let _ = fs::remove_file(&draft);
            io(source)
        })
    }

    /// Reads a table that [`save`](Self::save) wrote, or a person.
    ///
    /// # Errors
    /// [`CredentialsError::Io`] or [`CredentialsError::Line`].
    pub fn load(path: &Path) -> Result<Self, CredentialsError> {
        let text = fs::read_to_string(path).map_err(|source| CredentialsError::Io {
            action: "read",
            path: path.into(),
            source,
        })?;
        let mut table = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let refuse =
                |reason: String| CredentialsError::Line { path: path.into(), line: number + 1, reason };
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let Some(role) = words.next() else { continue };
            let role: Role =
                role.parse().map_err(|error: crate::role::NameError| refuse(error.to_string()))?;
            let token = words.next().ok_or_else(|| refuse(format!("{role} has no token")))?;
            let token = token.parse().map_err(|error: TokenParseError| refuse(error.to_string()))?;
            if words.next().is_some() {
                return Err(refuse("there is something after the token".into()));
            }
            if table.insert(role, token).is_some() {
                return Err(refuse(format!("{role} is named a second time")));
            }
        }
        Ok(Self(table))
    }

    fn filtered(&self, keep: impl Fn(Role) -> bool) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(role, _)| keep(**role))
                .map(|(&role, token)| (role, token.clone()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(number: u32) -> PartyId {
        PartyId::new(number).unwrap()
    }

    #[test]
    fn each_process_is_handed_what_it_needs_and_no_more() {
        let all = Credentials::generate(3).unwrap();
        assert_eq!(all.roles().count(), 3 + 2 * 3);
        let second: Vec<_> = all.for_party(party(2)).roles().collect();
        assert_eq!(second, [Role::Coordinator(party(2)), Role::Party(party(2))]);
        let adversary = all.for_adversary(Role::Party(party(3))).unwrap();
        assert_eq!(adversary.roles().collect::<Vec<_>>(), [Role::Party(party(3)), Role::Challenger]);
        assert_eq!(adversary.role_of(all.token(Role::Operator).unwrap()), None);
        assert_eq!(all.role_of(all.token(Role::Outsider).unwrap()), Some(Role::Outsider));
    }

    #[test]
    fn a_table_survives_its_file_which_only_its_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        let table = Credentials::generate(2).unwrap();
        table.save(&path).unwrap();
        table.save(&path).unwrap();
        assert_eq!(Credentials::load(&path).unwrap(), table);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_bad_line_is_named_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        for (text, line, says) in [
            ("# a comment\n\nroot 00\n", 3, "`root` is no role"),
            ("operator\n", 1, "no token"),
            ("operator 1234\n", 1, "64 hexadecimal digits"),
            (&format!("operator {0}\noperator {0}\n", "0".repeat(64)), 2, "second time"),
            (&format!("operator {0} {0}\n", "0".repeat(64)), 1, "after the token"),
        ] {
            fs::write(&path, text).unwrap();
            let error = Credentials::load(&path).unwrap_err();
            assert!(matches!(error, CredentialsError::Line { line: at, .. } if at == line), "{error}");
            assert!(error.to_string().contains(says), "{error}");
        }
        assert!(matches!(Credentials::load(&folder.path().join("none")), Err(CredentialsError::Io { .. })));
    }
}
