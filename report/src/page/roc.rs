//! The ROC of an attack from its claims, averaged over the repeats: straight lines between attainable thresholds.
//!
//! Within one repeat (and fold) each distinct score is a threshold that an adversary can choose; between two of them it can
//! choose at random, which reaches the points of the straight line between. The area under these lines is the AUC in which ties
//! count half. The curve is the mean of the repeats' at every false positive rate (vertical averaging; folds are averaged
//! within their repeat first), so the area under it is the report's AUC. Scores of different repeats are not pooled: they
//! come from different models, and a threshold in the one is none in the other.
//!
//! The true positive rate at a bounded false positive rate goes by the step rule all the same, as the report's figures do: that
//! of the largest set {score >= t} whose false positive rate does not exceed the bound, without interpolation.

use super::claims::{Claim, ClaimSet};

/// False and true positive rate.
type Rates = (f64, f64);

/// One block's thresholds from (0, 0) to (1, 1), and what it weighs in the mean.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    repeat: u32,
    weight: f64,
    thresholds: Vec<Rates>,
}

/// A curve, and those that it is the mean of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Roc {
    curves: Vec<Curve>,
    line: Vec<Rates>,
}

impl Roc {
    /// Of the claims that count for a draw of non-members (0 uniform, 1 matched); none where no repeat has both kinds.
    pub(crate) fn of(set: &ClaimSet, draw: usize) -> Option<Self> {
        let mut curves: Vec<Curve> = set
            .blocks()
            .filter_map(|block| {
                let repeat = block.first()?.at.0;
                Some(Curve { repeat, weight: 0.0, thresholds: thresholds(block, draw)? })
            })
            .collect();
        let repeats = curves.chunk_by(|a, b| a.repeat == b.repeat).count();
        for folds in curves.chunk_by_mut(|a, b| a.repeat == b.repeat) {
            let weight = 1.0 / (repeats * folds.len()) as f64;
            folds.iter_mut().for_each(|curve| curve.weight = weight);
        }
        (!curves.is_empty()).then(|| Self { line: mean(&curves), curves })
    }

    /// The true positive rate at a bounded false positive rate, by the step rule.
    pub(crate) fn bounded(&self, fpr: f64) -> f64 {
        let of = |curve: &Curve| {
            let reached = curve.thresholds.partition_point(|(rate, _)| *rate <= fpr);
            curve.weight * reached.checked_sub(1).map_or(0.0, |place| curve.thresholds[place].1)
        };
        self.curves.iter().map(of).sum()
    }

    /// The points between which it is straight, from (0, 0) to (1, 1).
    pub(crate) fn line(&self) -> &[Rates] {
        &self.line
    }

    /// Where a threshold of some repeat lies, but for those that claim nothing or everything; of several at one false positive
    /// rate the first and the last.
    pub(crate) fn attainable(&self) -> Vec<Rates> {
        self.line.iter().copied().filter(|at| ![(0.0, 0.0), (1.0, 1.0)].contains(at)).collect()
    }

    /// Points close enough to each other that straight lines between them show it over logarithmic axes that begin at `least`,
    /// where a straight line is a curve.
    pub(crate) fn logarithmic(&self, least: f64) -> Vec<Rates> {
        const APART: f64 = 1.2;
        let mut points = Vec::new();
        for ends in self.line.windows(2) {
            let [(x0, y0), (x1, y1)] = [ends[0], ends[1]];
            points.push((x0, y0));
            let mut x = if x0 < least { least } else { x0 * APART };
            while x < x1 {
                points.push((x, y0 + (y1 - y0) * (x - x0) / (x1 - x0)));
                x *= APART;
            }
        }
        points.extend(self.line.last());
        points
    }
}

/// The mean of the curves at every false positive rate where one of them has a threshold.
fn mean(curves: &[Curve]) -> Vec<Rates> {
    let all = curves.iter().flat_map(|curve| &curve.thresholds);
    let mut at: Vec<f64> = all.map(|(fpr, _)| *fpr).collect();
    at.sort_by(f64::total_cmp);
    at.dedup();
    // From below and above, which differ where members alone have a score. Added in the order of repeats.
    let mut heights = vec![[0.0; 2]; at.len()];
    for Curve { weight, thresholds, .. } in curves {
        let mut next = 0;
        for (&fpr, height) in at.iter().zip(&mut heights) {
            while thresholds[next].0 < fpr {
                next += 1;
            }
            let (x1, y1) = thresholds[next];
            let below = if x1 == fpr {
                y1
            } else {
                let (x0, y0) = thresholds[next - 1];
                y0 + (y1 - y0) * (fpr - x0) / (x1 - x0)
            };
            while thresholds.get(next + 1).is_some_and(|(rate, _)| *rate == fpr) {
                next += 1;
            }
            let above = if x1 == fpr { thresholds[next].1 } else { below };
            height[0] += weight * below;
            height[1] += weight * above;
        }
    }
    let both = |(fpr, [below, above]): (&f64, [f64; 2])| [(*fpr, below.min(1.0)), (*fpr, above.min(1.0))];
    let mut line: Vec<Rates> = at.iter().zip(heights).flat_map(both).collect();
    // Weights may sum to a little less than one.
    if let Some(end) = line.last_mut() {
        *end = (1.0, 1.0);
    }
    line.dedup();
    line
}

/// One block's thresholds from none to all, of those at one false positive rate the first and the last; none without both kinds.
fn thresholds(block: &[Claim], draw: usize) -> Option<Vec<Rates>> {
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
    let mut reached: Vec<Rates> = vec![(0.0, 0.0)];
    // `==` and not bits: 0.0 and -0.0 are the same score.
    for tied in scored.chunk_by(|a, b| a.0 == b.0) {
        let more = tied.iter().filter(|(_, member)| *member).count();
        inside += more;
        outside += tied.len() - more;
        let (fpr, tpr) = (outside as f64 / others as f64, inside as f64 / members as f64);
        if let [.., before, last] = reached[..]
            && before.0 == fpr
            && last.0 == fpr
        {
            reached.pop();
        }
        reached.push((fpr, tpr));
    }
    Some(reached)
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

    fn area(line: &[Rates]) -> f64 {
        line.windows(2).map(|ends| (ends[1].0 - ends[0].0) * (ends[0].1 + ends[1].1) / 2.0).sum()
    }

    #[test]
    fn one_repeat_by_hand() {
        // From the top: a member; a member tied with a non-member; a non-member; a member; a non-member.
        let scores = [(0.9, true), (0.7, true), (0.7, false), (0.5, false), (0.3, true), (0.1, false)];
        let roc =
            Roc::of(&set(scores.map(|(score, member)| claim((1, 0), score, member)).into()), 1).unwrap();
        let third = 1.0 / 3.0;
        let thresholds = [(0.0, third), (third, 2.0 * third), (2.0 * third, 2.0 * third), (2.0 * third, 1.0)];
        assert_eq!(roc.attainable(), thresholds);
        assert_eq!(roc.line()[1..5], thresholds);
        assert_eq!((roc.line()[0], roc.line()[5]), ((0.0, 0.0), (1.0, 1.0)));
        // Pairs won: 3 by the first member, 2 and a half by the second, 1 by the third, of 9.
        assert!((area(roc.line()) - 6.5 / 9.0).abs() < 1e-15);
        // The step rule: the tie at 0.7 costs a third of the non-members, so below that only the first member is had.
        assert_eq!((roc.bounded(0.0), roc.bounded(0.33), roc.bounded(0.34)), (third, third, 2.0 * third));
    }

    #[test]
    fn two_scores_make_two_straight_lines_above_the_diagonal() {
        // As `gap` claims: two of three members right, one of three non-members. By steps it would run along the bottom.
        let scores = [(1.0, true), (1.0, true), (1.0, false), (0.0, true), (0.0, false), (0.0, false)];
        let roc =
            Roc::of(&set(scores.map(|(score, member)| claim((1, 0), score, member)).into()), 0).unwrap();
        let (third, two) = (1.0 / 3.0, 2.0 / 3.0);
        assert_eq!(roc.line(), [(0.0, 0.0), (third, two), (1.0, 1.0)]);
        assert!((area(roc.line()) - two).abs() < 1e-15);
        assert_eq!(roc.bounded(0.3), 0.0);
        // Over logarithmic axes the line is drawn through points of itself.
        let points = roc.logarithmic(1e-4);
        assert!(points.len() > 30 && points.iter().all(|(x, y)| *x > third || (y - 2.0 * x).abs() < 1e-12));
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
        assert_eq!(roc.line(), [(0.0, 0.0), (0.0, 0.75), (1.0, 0.75), (1.0, 1.0)]);
        assert_eq!((roc.bounded(0.0), roc.bounded(0.99), roc.bounded(1.0)), (0.75, 0.75, 1.0));
    }

    /// Blocks of different sizes with many ties, each pair counted: the area under what is drawn is what the AUC says.
    #[test]
    fn the_area_is_the_mean_auc_of_the_repeats() {
        let mut state = 7_u32;
        let mut draw = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        let (mut claims, mut expected) = (Vec::new(), 0.0);
        for (repeat, folds) in [(1, 2), (2, 1), (3, 3)] {
            for fold in 0..folds {
                let sizes = [5 + draw(20), 5 + draw(20)];
                let scores = [0, 1].map(|kind| -> Vec<f64> {
                    (0..sizes[kind]).map(|_| f64::from(draw(9) + 2 * kind as u32)).collect()
                });
                for (kind, scores) in scores.iter().enumerate() {
                    claims.extend(scores.iter().map(|&score| claim((repeat, fold), score, kind == 1)));
                }
                let half = |other: f64, member: f64| match member.total_cmp(&other) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
                let won =
                    scores[0].iter().flat_map(|&other| scores[1].iter().map(move |&one| half(other, one)));
                expected += won.sum::<f64>() / f64::from(sizes[0] * sizes[1] * folds * 3);
            }
        }
        let roc = Roc::of(&set(claims), 0).unwrap();
        assert!((area(roc.line()) - expected).abs() < 1e-12, "{} and {expected}", area(roc.line()));
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
