//! `claims.csv.gz`: every claim of every adversary beside the truth, so that others can score them again.
//!
//! Columns: repeat (from 1), adversary, question, attack, id (what tells it from the
//! adversary's other attacks), record (row of the data set as it was partitioned, from 0); of membership member and claimed_member
//! (1 in, 0 out), of the source owner and claimed_owner (numbers of parties), each empty for the other question; score, whether the
//! record counts for the uniform and the matched draw of non-members (0 or 1; empty for the source question), and label (the
//! record's class, by its index from 0 in the report's `classes`). The claim and the
//! score are empty where an attack makes no claim, since nothing that it needs was answered; such a row counts in no figure.

use turncoat_attack::challenge::{MembershipChallenge, NonMembers, SourceChallenge};
use turncoat_attack::{MembershipClaim, NamedAttack, SourceClaim};

use super::folder::OutputFolder;
use super::gz_csv::GzCsv;
use crate::error::Error;

/// The name of the file.
pub const CLAIMS: &str = "claims.csv.gz";

const HEADER: &str = "repeat,adversary,question,attack,id,record,member,claimed_member,owner,claimed_owner,score,uniform,matched,label";

/// The rows of one repeat, as text.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ClaimRows(String);

/// Where a block of claims belongs.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// The repeat, from 1.
    pub repeat: u32,
    /// The adversary.
    pub adversary: &'a str,
    /// The attack.
    pub attack: &'a NamedAttack,
}

/// Only how much text it is: nobody reads a hundred thousand rows in a message.
impl std::fmt::Debug for ClaimRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClaimRows({} bytes)", self.0.len())
    }
}

impl ClaimRows {
    /// Adds the claims of an attack on membership.
    pub fn membership(
        &mut self,
        at: Heading<'_>,
        challenge: &MembershipChallenge,
        claims: &[Option<MembershipClaim>],
    ) {
        let Heading { repeat, adversary, attack: NamedAttack { id, attack } } = at;
        let attack = attack.name();
        let mut counts = vec![[0_u8; 2]; claims.len()];
        for (column, draw) in NonMembers::ALL.into_iter().enumerate() {
            for &place in challenge.places(draw) {
                counts[place][column] = 1;
            }
        }
        for (place, claim) in claims.iter().enumerate() {
            let ([uniform, matched], label) = (counts[place], challenge.labels()[place]);
            let (record, member) = (challenge.rows()[place], u8::from(challenge.truth()[place]));
            self.line(format_args!(
                "{repeat},{adversary},membership,{attack},{id},{record},{member},{},,,{},{uniform},{matched},{label}",
                field(*claim, |claim| u8::from(claim.member)),
                field(*claim, |claim| claim.score)
            ));
        }
    }

    /// Adds the claims of an attack on the source.
    pub fn source(&mut self, at: Heading<'_>, challenge: &SourceChallenge, claims: &[Option<SourceClaim>]) {
        let Heading { repeat, adversary, attack: NamedAttack { id, attack } } = at;
        let attack = attack.name();
        for (place, claim) in claims.iter().enumerate() {
            let (record, owner) = (challenge.rows()[place], challenge.owners()[place].get());
            let label = challenge.labels()[place];
            self.line(format_args!(
                "{repeat},{adversary},source,{attack},{id},{record},,,{owner},{},{},,,{label}",
                field(*claim, |claim| claim.party.get()),
                field(*claim, |claim| claim.score)
            ));
        }
    }

    /// Adds rows behind these.
    pub fn append(&mut self, rows: &Self) {
        self.0.push_str(&rows.0);
    }

    /// The rows.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn line(&mut self, line: std::fmt::Arguments<'_>) {
        use std::fmt::Write as _;
        let _ = writeln!(self.0, "{line}");
    }
}

/// What a row says of a claim: nothing where there is none.
pub(super) fn field<C, T: ToString>(claim: Option<C>, of: impl Fn(C) -> T) -> String {
    claim.map_or_else(String::new, |claim| of(claim).to_string())
}

/// Begins the file in an output folder.
///
/// # Errors
/// [`Error::Refused`].
pub fn begin(folder: &OutputFolder) -> Result<GzCsv, Error> {
    GzCsv::begin(folder, CLAIMS, HEADER)
}
