//! `attack_sets.csv.gz`: the attack sets D* of an experiment on single targets, for others to learn from.
//!
//! Columns: repeat (from 1), generation, shadow_model (from 0), label (the shadow record's class), member (0 or 1), and the
//! prediction vector as p0 to pk. Only attack sets that serve every target of a repeat are kept.

use std::fmt::Write as _;

use turncoat_attack::ShadowRun;

use super::folder::{ATTACK_SETS, OutputFolder};
use super::gz_csv::GzCsv;
use crate::error::Error;

/// Begins the file in an output folder, for vectors of that many classes.
///
/// # Errors
/// [`Error::Refused`].
pub fn begin(folder: &OutputFolder, classes: usize) -> Result<GzCsv, Error> {
    let mut header = String::from("repeat,generation,shadow_model,label,member");
    (0..classes).for_each(|class| {
        let _ = write!(header, ",p{class}");
    });
    GzCsv::begin(folder, ATTACK_SETS, &header)
}

/// The rows of one attack set: what each shadow model answered to the records that it was asked about.
#[must_use]
pub fn rows(repeat: u32, generation: &str, run: &ShadowRun) -> String {
    let mut text = String::new();
    for (model, shadow) in run.shadows().iter().enumerate() {
        for (place, &row) in shadow.rows().iter().enumerate() {
            let (label, member) = (run.labels()[row], u8::from(place < shadow.members()));
            for vector in shadow.answers().iter().filter_map(|answers| answers.row(place)) {
                let _ = write!(text, "{repeat},{generation},{model},{label},{member}");
                vector.iter().for_each(|value| {
                    let _ = write!(text, ",{value}");
                });
                text.push('\n');
            }
        }
    }
    text
}
