//! `gap`: a record is in iff it is predicted right.
//!
//! Prediction correctness (Yeom et al., 2018), the weakest attack: what it gains is the gap between training and test
//! accuracy. On a model that fits its training set perfectly and has test accuracy t, with as many members as
//! non-members, precision is 1/(1 + t) and accuracy (2 - t)/2.
//!
//! An outsider judges by the predicted class of p (a member that is shown p only: of the residual); an insider claims
//! in iff any candidate's own predicted class is the true label. The predicted class is the largest probability, the
//! lowest class among equals. Score: 1 for in, 0 for out, so that every record ties with half of the others.

use crate::claim::MembershipClaim;
use crate::membership::sight::Sight;
use crate::view::AdversaryView;

/// Claims in or out for every target.
pub(crate) fn claim(view: &AdversaryView<'_>) -> Vec<MembershipClaim> {
    let sight = Sight::of(&view.observation, &view.targets.candidates);
    let claim = |(row, &label): (usize, &u32)| {
        let member = sight.batches().iter().any(|batch| batch.predicted_class(row) == label as usize);
        MembershipClaim { member, score: f64::from(u8::from(member)) }
    };
    view.targets.labels.iter().enumerate().map(claim).collect()
}
