//! What the scores alone are worth, whatever threshold the adversary chose: AUC, TPR at a low FPR, the smallest FPR there is.
//!
//! Trees give few distinct scores, so ties are the rule. AUC counts a tied pair as half (mid-ranks). TPR at a bounded
//! FPR uses the step rule: the largest set {score >= t} whose FPR does not exceed the bound, without interpolation;
//! 0 when even the records at the highest score exceed it. All counts are integers, so no figure depends on an order.

/// Members and non-members at each distinct score, from the highest score down.
pub(crate) struct Ranking {
    steps: Vec<Step>,
    members: u64,
    others: u64,
}

#[derive(Clone, Copy, Default)]
struct Step {
    members: u64,
    others: u64,
}

impl Ranking {
    /// Ranks (score, member) pairs with finite scores.
    pub(crate) fn new(mut scored: Vec<(f64, bool)>) -> Self {
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        // `==` and not bits: 0.0 and -0.0 are the same score.
        let steps: Vec<Step> = scored
            .chunk_by(|a, b| a.0 == b.0)
            .map(|tied| {
                let members = tied.iter().filter(|(_, member)| *member).count() as u64;
                Step { members, others: tied.len() as u64 - members }
            })
            .collect();
        let members = steps.iter().map(|step| step.members).sum();
        let others = steps.iter().map(|step| step.others).sum();
        Self { steps, members, others }
    }

    /// The chance that a member scores above a non-member, ties counting half; `None` without one of either.
    pub(crate) fn auc(&self) -> Option<f64> {
        let pairs = u128::from(self.members) * u128::from(self.others);
        let mut above = 0_u64;
        let mut twice = 0_u128;
        for step in &self.steps {
            twice += u128::from(step.others) * u128::from(2 * above + step.members);
            above += step.members;
        }
        (pairs > 0).then(|| twice as f64 / (2 * pairs) as f64)
    }

    /// The FPR of the highest score: no threshold that claims anything has a smaller one. It is 0 where members alone have that
    /// score; `None` without a member or a non-member.
    pub(crate) fn smallest_fpr(&self) -> Option<f64> {
        let top = self.steps.first().filter(|_| self.members > 0 && self.others > 0)?;
        Some(top.others as f64 / self.others as f64)
    }

    /// TPR by the step rule, the bound on the FPR in thousandths; `None` without a member or a non-member.
    pub(crate) fn tpr_at_fpr(&self, permille: u64) -> Option<f64> {
        if self.members == 0 || self.others == 0 {
            return None;
        }
        let (mut true_claims, mut false_claims, mut allowed) = (0, 0, 0);
        for step in &self.steps {
            true_claims += step.members;
            false_claims += step.others;
            if false_claims * 1_000 > permille * self.others {
                break;
            }
            allowed = true_claims;
        }
        Some(allowed as f64 / self.members as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(members: &[f64], others: &[f64]) -> Ranking {
        let scored = members.iter().map(|&score| (score, true));
        Ranking::new(scored.chain(others.iter().map(|&score| (score, false))).collect())
    }

    #[test]
    fn auc_by_hand() {
        assert_eq!(ranking(&[0.9, 0.8], &[0.2, 0.1]).auc(), Some(1.0));
        assert_eq!(ranking(&[0.1], &[0.9]).auc(), Some(0.0));
        // Pairs: 0.5 against 0.5 a half, 0.5 against 0.1 one, 0.9 against both one: 3.5 of 4.
        assert_eq!(ranking(&[0.5, 0.9], &[0.5, 0.1]).auc(), Some(0.875));
        assert_eq!(ranking(&[0.0, 0.0, -0.0], &[-0.0, 0.0]).auc(), Some(0.5));
        assert_eq!(ranking(&[0.5], &[]).auc(), None);
        assert_eq!(ranking(&[], &[0.5]).auc(), None);
    }

    #[test]
    fn the_smallest_fpr_is_that_of_the_highest_score() {
        // Two scores, as `gap` has: one of three non-members is claimed with the members, and nothing can be had below.
        let few = ranking(&[1.0, 1.0, 0.0], &[1.0, 0.0, 0.0]);
        assert_eq!((few.smallest_fpr(), few.tpr_at_fpr(10)), (Some(1.0 / 3.0), Some(0.0)));
        assert_eq!(ranking(&[0.9, 0.5], &[0.5]).smallest_fpr(), Some(0.0));
        assert_eq!(ranking(&[0.5], &[0.9, 0.5]).smallest_fpr(), Some(0.5));
        assert_eq!(ranking(&[0.5], &[0.5, 0.5]).smallest_fpr(), Some(1.0));
        assert_eq!([ranking(&[0.5], &[]), ranking(&[], &[0.5])].map(|of| of.smallest_fpr()), [None, None]);
    }

    #[test]
    fn the_step_rule_by_hand() {
        let others: Vec<f64> = (0..1_000).map(|i| f64::from(i) / 1_000.0).collect();
        // Non-members at or above 0.9905: 9; at or above 0.9895: 10; at or above 0.98: 20. One percent is ten.
        let members = [2.0, 0.9905, 0.9895, 0.98, 0.5];
        assert_eq!(ranking(&members, &others).tpr_at_fpr(10), Some(0.6));
        // A tenth of a percent is one record: 0.999 itself.
        assert_eq!(ranking(&members, &others).tpr_at_fpr(1), Some(0.2));
        // A tie at the top that exceeds the bound is not cut through.
        assert_eq!(ranking(&[1.0, 1.0], &[1.0, 0.0]).tpr_at_fpr(10), Some(0.0));
        assert_eq!(ranking(&[1.0, 0.0], &[0.5]).tpr_at_fpr(10), Some(0.5));
        assert_eq!(ranking(&[1.0], &[]).tpr_at_fpr(10), None);
    }
}
