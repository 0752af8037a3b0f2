//! Target records and the adversary's records are different records.

use crate::challenge::error::ChallengeError;
use crate::challenge::membership::check_rows;

/// Refuses rows of a data set of `records` rows that stand in both lists, twice in one, or beyond the data set.
///
/// # Errors
/// [`ChallengeError::Overlap`] or [`ChallengeError::Row`] for the first such row.
///
/// ```
/// use turncoat_attack::challenge::apart;
///
/// assert!(apart(&[0, 2], &[1, 3], 4).is_ok());
/// assert!(apart(&[0, 2], &[1, 2], 4).is_err(), "row 2 is on both sides");
/// ```
pub fn apart(target: &[usize], adversary: &[usize], records: usize) -> Result<(), ChallengeError> {
    check_rows(target.iter().chain(adversary), &vec![0; records], 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_overlap_is_refused() {
        assert!(apart(&[0, 2], &[1, 3], 4).is_ok());
        assert!(matches!(apart(&[0, 2], &[1, 2], 4), Err(ChallengeError::Overlap(2))));
        assert!(matches!(apart(&[0, 0], &[], 4), Err(ChallengeError::Overlap(0))));
        assert!(matches!(apart(&[0], &[4], 4), Err(ChallengeError::Row { row: 4, .. })));
    }
}
