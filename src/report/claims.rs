//! `claims.csv.gz`: every claim of every adversary beside the truth, so that others can score them again.
//!
//! Columns: repeat (from 1), adversary, question, attack, record (row of the data set as it was dealt, from 0), truth
//! (`in` or `out`; the owner's number for the source question), claim (the same), score, and whether the record counts
//! for the uniform and the matched draw of non-members (0 or 1; empty for the source question). The bytes depend on
//! the claims alone: the archive carries no time and no name.

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use turncoat_attack::challenge::{MembershipChallenge, NonMembers, SourceChallenge};
use turncoat_attack::{MembershipClaim, SourceClaim};

use super::folder::{OutputFolder, PendingFile};
use crate::error::Error;

/// The name of the file.
pub const CLAIMS: &str = "claims.csv.gz";

/// The rows of one repeat, as text.
#[derive(Clone, Debug, Default)]
pub struct ClaimRows(String);

/// Where a block of claims belongs.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// The repeat, from 1.
    pub repeat: u32,
    /// The adversary.
    pub adversary: &'a str,
    /// The attack.
    pub attack: &'a str,
}

impl ClaimRows {
    /// Adds the claims of an attack on membership.
    pub fn membership(
        &mut self,
        at: Heading<'_>,
        challenge: &MembershipChallenge,
        claims: &[MembershipClaim],
    ) {
        let mut counts = vec![[0_u8; 2]; claims.len()];
        for (column, draw) in NonMembers::ALL.into_iter().enumerate() {
            for &place in challenge.places(draw) {
                counts[place][column] = 1;
            }
        }
        let word = |inside: bool| if inside { "in" } else { "out" };
        for (place, claim) in claims.iter().enumerate() {
            let [uniform, matched] = counts[place];
            let (record, truth) = (challenge.rows()[place], word(challenge.truth()[place]));
            let Heading { repeat, adversary, attack } = at;
            self.line(format_args!(
                "{repeat},{adversary},membership,{attack},{record},{truth},{},{},{uniform},{matched}",
                word(claim.member),
                claim.score
            ));
        }
    }

    /// Adds the claims of an attack on the source.
    pub fn source(&mut self, at: Heading<'_>, challenge: &SourceChallenge, claims: &[SourceClaim]) {
        for (place, claim) in claims.iter().enumerate() {
            let (record, owner) = (challenge.rows()[place], challenge.owners()[place].get());
            let Heading { repeat, adversary, attack } = at;
            self.line(format_args!(
                "{repeat},{adversary},source,{attack},{record},{owner},{},{},,",
                claim.party.get(),
                claim.score
            ));
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        use std::fmt::Write as _;
        let _ = writeln!(self.0, "{line}");
    }
}

/// The file being written, repeat after repeat.
#[derive(Debug)]
pub struct ClaimsFile {
    encoder: GzEncoder<PendingFile>,
}

impl ClaimsFile {
    /// Begins the file in an output folder.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn begin(folder: &OutputFolder) -> Result<Self, Error> {
        let mut claims = Self { encoder: GzBuilder::new().write(folder.begin(CLAIMS)?, Compression::fast()) };
        claims.text("repeat,adversary,question,attack,record,truth,claim,score,uniform,matched\n")?;
        Ok(claims)
    }

    /// Adds the rows of the next repeat.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn add(&mut self, rows: &ClaimRows) -> Result<(), Error> {
        self.text(&rows.0)
    }

    /// Puts the file under its name.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn finish(self) -> Result<(), Error> {
        let finished = self.encoder.finish();
        finished.map_err(|e| Error::Output(format!("cannot write {CLAIMS}: {e}")))?.finish()
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        let written = self.encoder.write_all(text.as_bytes());
        written.map_err(|source| self.encoder.get_ref().failed(&source))
    }
}
