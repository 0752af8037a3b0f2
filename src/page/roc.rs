//! The ROC of an attack from its claims, by the step rule, averaged over the repeats.
//!
//! Within one repeat (and fold) the true positive rate at a false positive rate f is that of the largest set {score >= t} whose
//! false positive rate does not exceed f, without interpolation: what the report's TPR at 1 % and 0.1 % are. The curve is the
//! mean of the repeats' at every f (vertical averaging; folds are averaged within their repeat first), so that at 1 % it passes
//! through the report's figure. Scores of different repeats are not pooled: they come from different models, and a threshold
//! in the one is none in the other. The area under this curve is at most the report's AUC, in which ties count half.

use super::claims::{Claim, ClaimSet};

/// The repeat that it is of, and false and true positive rate where the latter rises.
type Curve = (u32, Vec<(f64, f64)>);

/// A curve: the rate from each false positive rate on, up to the next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Roc {
    /// False and true positive rate of each corner; the first at 0, rates rising.
    pub(crate) corners: Vec<(f64, f64)>,
}

impl Roc {
    /// Of the claims that count for a draw of non-members (0 uniform, 1 matched); none where no repeat has both kinds.
    pub(crate) fn of(set: &ClaimSet, draw: usize) -> Option<Self> {
        let curves: Vec<Curve> =
            set.blocks().filter_map(|block| Some((block.first()?.at.0, steps(block, draw)?))).collect();
        let repeats: Vec<&[Curve]> = curves.chunk_by(|a, b| a.0 == b.0).collect();
        // Each curve's rises, by how much they lift the mean.
        let mut rises: Vec<(f64, f64)> = Vec::new();
        for folds in &repeats {
            let weight = 1.0 / (repeats.len() * folds.len()) as f64;
            for (_, curve) in *folds {
                let mut below = 0.0;
                for &(fpr, tpr) in curve {
                    rises.push((fpr, weight * (tpr - below)));
                    below = tpr;
                }
            }
        }
        // Stable: rises at one place are added in the order of repeats.
        rises.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut corners: Vec<(f64, f64)> = Vec::new();
        let mut height = 0.0;
        for at in rises.chunk_by(|a, b| a.0 == b.0) {
            height += at.iter().map(|(_, rise)| rise).sum::<f64>();
            corners.push((at[0].0, height.min(1.0)));
        }
        (!corners.is_empty()).then_some(Self { corners })
    }

    /// The true positive rate at a false positive rate.
    pub(crate) fn at(&self, fpr: f64) -> f64 {
        let reached = self.corners.partition_point(|(corner, _)| *corner <= fpr);
        reached.checked_sub(1).map_or(0.0, |place| self.corners[place].1)
    }

    /// Every corner of the steps, from (0, 0) to (1, 1).
    pub(crate) fn line(&self) -> Vec<(f64, f64)> {
        let mut line = vec![(0.0, 0.0)];
        let mut height = 0.0;
        for &(fpr, tpr) in &self.corners {
            line.extend([(fpr, height), (fpr, tpr)]);
            height = tpr;
        }
        line.extend([(1.0, height), (1.0, 1.0)]);
        line.dedup();
        line
    }
}

/// One block's curve: false and true positive rate where the latter rises; none without both kinds.
fn steps(block: &[Claim], draw: usize) -> Option<Vec<(f64, f64)>> {
    let mut scored: Vec<(f64, bool)> = block
        .iter()
        .filter(|claim| claim.counts[draw])
        .map(|claim| (claim.score, claim.truth == 1))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let members = scored.iter().filter(|(_, member)| *member).count();
    let others = scored.len() - members;
    if members == 0 || others == 0 {
        return None;
    }
    let (mut inside, mut outside) = (0, 0);
    let mut steps: Vec<(f64, f64)> = Vec::new();
    // `==` and not bits: 0.0 and -0.0 are the same score.
    for tied in scored.chunk_by(|a, b| a.0 == b.0) {
        let more = tied.iter().filter(|(_, member)| *member).count();
        inside += more;
        outside += tied.len() - more;
        let (fpr, tpr) = (outside as f64 / others as f64, inside as f64 / members as f64);
        match steps.last_mut() {
            Some(last) if last.0 == fpr => last.1 = tpr,
            _ => steps.push((fpr, tpr)),
        }
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(at: (u32, u32), score: f64, member: bool) -> Claim {
        Claim { at, record: 0, label: None, truth: u32::from(member), claim: 0, score, counts: [true; 2] }
    }

    fn set(claims: Vec<Claim>) -> ClaimSet {
        ClaimSet { claims, ..ClaimSet::default() }
    }

    #[test]
    fn one_repeat_by_hand() {
        // From the top: a member; a member tied with a non-member; a non-member; a member; a non-member.
        let scores = [(0.9, true), (0.7, true), (0.7, false), (0.5, false), (0.3, true), (0.1, false)];
        let roc =
            Roc::of(&set(scores.map(|(score, member)| claim((1, 0), score, member)).into()), 1).unwrap();
        let third = 1.0 / 3.0;
        assert_eq!(
            roc.line(),
            [
                (0.0, 0.0),
                (0.0, third),
                (third, third),
                (third, 2.0 * third),
                (2.0 * third, 2.0 * third),
                (2.0 * third, 1.0),
                (1.0, 1.0)
            ]
        );
        // The step rule: the tie at 0.7 costs a third of the non-members, so below that only the first member is had.
        assert_eq!((roc.at(0.0), roc.at(0.33), roc.at(0.34)), (third, third, 2.0 * third));
    }

    #[test]
    fn repeats_are_averaged_upwards_and_folds_within_them() {
        // Repeat 1 has a perfect and a useless fold, repeat 2 is perfect: (1/2 (1 + 0) + 1) / 2 at 0.
        let claims = vec![
            claim((1, 1), 1.0, true),
            claim((1, 1), 0.0, false),
            claim((1, 2), 0.0, true),
            claim((1, 2), 1.0, false),
            claim((2, 1), 9.0, true),
            claim((2, 1), 8.0, false),
        ];
        let roc = Roc::of(&set(claims), 0).unwrap();
        assert_eq!(roc.corners, [(0.0, 0.75), (1.0, 1.0)]);
        assert_eq!(roc.line(), [(0.0, 0.0), (0.0, 0.75), (1.0, 0.75), (1.0, 1.0)]);
    }

    #[test]
    fn without_both_kinds_there_is_no_curve() {
        assert_eq!(Roc::of(&set(vec![claim((1, 0), 1.0, true)]), 0), None);
        assert_eq!(Roc::of(&set(Vec::new()), 0), None);
        let mut uncounted = claim((1, 0), 1.0, false);
        uncounted.counts = [false, true];
        assert_eq!(Roc::of(&set(vec![claim((1, 0), 1.0, true), uncounted]), 0), None);
    }
}
