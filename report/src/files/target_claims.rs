//! `claims.csv.gz` of an experiment on single targets: every claim beside the truth, so that others can score it again.
//!
//! Columns: repeat and fold (from 1), target, generation, attack_learner (empty where there is none), attack, id (what tells it from
//! the others), record (row of
//! the data set as it was prepared, from 0), member and claimed_member (1 in, 0 out), score, whether the record counts (0 or 1), and
//! label (the record's class, by its index from 0 in the report's `classes`).

use turncoat_attack::MembershipClaim;
use turncoat_attack::challenge::{MembershipChallenge, NonMembers};

use super::claims::{CLAIMS, ClaimRows, field};
use super::folder::OutputFolder;
use super::gz_csv::GzCsv;
use crate::error::Error;

const HEADER: &str =
    "repeat,fold,target,generation,attack_learner,attack,id,record,member,claimed_member,score,matched,label";

/// Where a block of claims belongs.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// The repeat, from 1.
    pub repeat: u32,
    /// The fold, from 1.
    pub fold: u32,
    /// What was attacked.
    pub target: &'a str,
    /// What shadow models were; empty without.
    pub generation: &'a str,
    /// What learned from them; empty without.
    pub attack_learner: &'a str,
    /// The attack.
    pub attack: &'a str,
    /// What tells it from the others.
    pub id: &'a str,
}

impl ClaimRows {
    /// Adds the claims of one cell; `rows` are the rows of the data set that the challenge's rows stand for.
    pub fn target(
        &mut self,
        at: Heading<'_>,
        challenge: &MembershipChallenge,
        rows: &[usize],
        claims: &[Option<MembershipClaim>],
    ) {
        let Heading { repeat, fold, target, generation, attack_learner, attack, id } = at;
        let mut counts = vec![0_u8; claims.len()];
        challenge.places(NonMembers::Matched).iter().for_each(|&place| counts[place] = 1);
        for (place, claim) in claims.iter().enumerate() {
            let (record, member) = (rows[challenge.rows()[place]], u8::from(challenge.truth()[place]));
            let (counts, label) = (counts[place], challenge.labels()[place]);
            self.line(format_args!(
                "{repeat},{fold},{target},{generation},{attack_learner},{attack},{id},{record},{member},{},{},{counts},{label}",
                field(*claim, |claim| u8::from(claim.member)),
                field(*claim, |claim| claim.score)
            ));
        }
    }
}

/// Begins the file in an output folder.
///
/// # Errors
/// [`Error::Refused`].
pub fn begin(folder: &OutputFolder) -> Result<GzCsv, Error> {
    GzCsv::begin(folder, CLAIMS, HEADER)
}
