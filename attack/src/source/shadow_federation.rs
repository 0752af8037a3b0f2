//! The source attack that learns owners on shadow federations (placeholder: answers like `prior_aware`).

use crate::claim::SourceClaim;
use crate::error::AttackError;
use crate::source::prior_aware;
use crate::view::AdversaryView;

/// Claims an owner for every target.
///
/// # Errors
/// [`AttackError`].
pub(crate) fn claim(view: &AdversaryView<'_>, _shadows: u32) -> Result<Vec<SourceClaim>, AttackError> {
    prior_aware::claim(view)
}
