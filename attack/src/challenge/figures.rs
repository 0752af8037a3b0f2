//! The figures of one result: fractions from 0 to 1, `None` where a figure does not exist.

use turncoat_learn::PartyId;

/// How well the claims of one attack answered one challenge.
///
/// ```
/// use std::collections::BTreeMap;
/// use turncoat_attack::{Figures, MembershipChallenge, MembershipClaim, NonMembers};
/// use turncoat_learn::{PartyId, Seed};
///
/// let party = PartyId::new(1).unwrap();
/// let members = BTreeMap::from([(party, vec![0, 1])]);
/// // Rows 0 and 1 are the party's, rows 2 and 3 nobody's.
/// let labels = [0, 1, 0, 1];
/// let challenge = MembershipChallenge::new(&[party], &members, &[2, 3], &labels, 2, Seed::root(1))?;
/// // Once all claimed in, once all claimed out: half of the claims are right either way, all members are found or none.
/// let all = |member| vec![MembershipClaim { member, score: 0.0 }; challenge.rows().len()];
/// let [all_in, all_out] = [true, false].map(|member| challenge.score(NonMembers::Uniform, &all(member)));
/// let mean = Figures::mean(&[&all_in?, &all_out?]);
/// assert_eq!((mean.accuracy, mean.recall), (Some(0.5), Some(0.5)));
/// # Ok::<(), turncoat_attack::ChallengeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Figures {
    /// Records that were asked about and count: those on which there is a claim.
    pub records: usize,
    /// Claims that were scored: what the accuracy rests on. In the mean of folds, those of all folds.
    pub claims: usize,
    /// Membership: those that claim a record in, which is what the precision rests on; `None` for the source question.
    pub claims_in: Option<usize>,
    /// Records that would have counted, had there been a claim: nothing that the attack needs was answered about them.
    pub unclaimed: usize,
    /// Membership: the fraction of records claimed in that are in; `None` without such a claim. Source: the mean over
    /// all candidates of the fraction of claims on them that are right, zero for one that no claim names, whether it owns
    /// records or not.
    pub precision: Option<f64>,
    /// The fraction of claims that are right.
    pub accuracy: Option<f64>,
    /// Membership: the fraction of members claimed in (TPR). Source: the mean over the candidates that own a record of
    /// the fraction of their records claimed theirs.
    pub recall: Option<f64>,
    /// Membership: the area under the ROC curve of the scores, ties at mid-rank.
    pub auc: Option<f64>,
    /// Membership: TPR - FPR of the claims (Yeom et al., 2018); may be negative.
    pub advantage: Option<f64>,
    /// Membership: the TPR of the largest threshold set of scores whose FPR is at most 1 %.
    pub tpr_at_fpr_1pct: Option<f64>,
    /// Membership: the same at 0.1 %.
    pub tpr_at_fpr_0_1pct: Option<f64>,
    /// Membership: the FPR of the highest score. No threshold that claims anything has a smaller one, so that TPR at a lower
    /// bound is 0 whatever the attack knows.
    pub smallest_fpr: Option<f64>,
    /// What knowing the true class counts alone reaches on the same records, without asking the federation.
    pub prior_only: PriorOnly,
    /// Accuracy of blind guessing: 1/2, or 1 by the number of candidates.
    pub chance: f64,
    /// Source: each candidate's own figures, in the order of the candidates; empty for membership.
    pub by_party: Vec<PartyFigures>,
}

impl Figures {
    /// The figures of an attack that was kept from answering: none exists, the baseline's neither, so that both stay means
    /// over the same repeats.
    #[must_use]
    pub(crate) fn unanswered(records: usize, chance: f64, candidates: &[PartyId]) -> Self {
        let nothing =
            |&party: &PartyId| PartyFigures { party, records: 0, claims: 0, precision: None, recall: None };
        let by_party = candidates.iter().map(nothing).collect();
        Self { records, chance, by_party, ..Self::mean(&[]) }
    }

    /// The mean of each figure over those folds in which it exists, in their order; the records asked about are those of one
    /// fold on average, rounded down. Without a fold no figure exists. Parties are not summed up.
    #[must_use]
    pub fn mean(folds: &[&Self]) -> Self {
        let of = |figure: fn(&Self) -> Option<f64>| mean(folds.iter().map(|fold| figure(fold)));
        Self {
            records: folds.iter().map(|fold| fold.records).sum::<usize>() / folds.len().max(1),
            claims: folds.iter().map(|fold| fold.claims).sum(),
            claims_in: folds.iter().map(|fold| fold.claims_in).sum(),
            unclaimed: folds.iter().map(|fold| fold.unclaimed).sum::<usize>() / folds.len().max(1),
            precision: of(|fold| fold.precision),
            accuracy: of(|fold| fold.accuracy),
            recall: of(|fold| fold.recall),
            auc: of(|fold| fold.auc),
            advantage: of(|fold| fold.advantage),
            tpr_at_fpr_1pct: of(|fold| fold.tpr_at_fpr_1pct),
            tpr_at_fpr_0_1pct: of(|fold| fold.tpr_at_fpr_0_1pct),
            smallest_fpr: of(|fold| fold.smallest_fpr),
            prior_only: PriorOnly {
                precision: of(|fold| fold.prior_only.precision),
                accuracy: of(|fold| fold.prior_only.accuracy),
                unnamed: folds.iter().map(|fold| fold.prior_only.unnamed).max().unwrap_or(0),
            },
            chance: folds.first().map_or(0.5, |fold| fold.chance),
            by_party: Vec::new(),
        }
    }
}

/// The control: an adversary that knows the true class counts and never asks.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PriorOnly {
    /// As in [`Figures`].
    pub precision: Option<f64>,
    /// As in [`Figures`].
    pub accuracy: Option<f64>,
    /// Source: candidates that none of its claims names. It names the likeliest owner of each class, hence no more candidates than
    /// there are classes, and its macro precision counts the others as zero: it may then lie below chance, and only accuracies
    /// are to be compared.
    pub unnamed: usize,
}

/// The source claims on one candidate.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PartyFigures {
    /// The candidate.
    pub party: PartyId,
    /// Records it owns among those asked about.
    pub records: usize,
    /// Claims that name it.
    pub claims: usize,
    /// The fraction of those claims that are right; `None` without a claim.
    pub precision: Option<f64>,
    /// The fraction of its records that are claimed its; `None` without a record.
    pub recall: Option<f64>,
}

/// A fraction, where it exists.
pub(crate) fn fraction(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The mean of the values that exist, summed in their order; `None` without any.
pub(crate) fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, count) = values.flatten().fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}
