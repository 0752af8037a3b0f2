//! `gap`: a record is in iff it is predicted right.
//!
//! Prediction correctness (Yeom et al., 2018), the weakest attack: what it gains is the gap between training and test
//! accuracy. On a model that fits its training set perfectly and has test accuracy t, with as many members as
//! non-members, precision is 1/(1 + t) and accuracy (2 - t)/2.
//!
//! An outsider judges by the predicted class of p (a member that is shown p only: of the residual); an insider claims
//! in iff any candidate's own predicted class is the true label. The predicted class is the largest probability, the
//! lowest class among equals. Score: 1 for in, 0 for out, so that every record ties with half of the others.
//!
//! Of several candidates those that answered count. Without any answer on a record there is no claim on it.

use crate::claim::MembershipClaim;
use crate::error::AttackError;
use crate::membership::sight::Sight;
use crate::view::AdversaryView;

/// Claims in or out for every target that was answered.
///
/// # Errors
/// What the federation refuses.
pub(crate) fn claim(view: &AdversaryView<'_>) -> Result<Vec<Option<MembershipClaim>>, AttackError> {
    let sight = Sight::of(view.observation()?, &view.targets.candidates);
    let claim = |(row, &label): (usize, &u32)| {
        let member =
            sight.predicted_classes(row).map(|class| class == label as usize).reduce(|a, b| a || b)?;
        Some(MembershipClaim { member, score: f64::from(u8::from(member)) })
    };
    Ok(view.targets.labels.iter().enumerate().map(claim).collect())
}
