//! Histograms of the scores of members and of non-members, in bins of equal width.
//!
//! Bins span the smallest to the largest score of the attack over all repeats; a score on the border of two bins belongs to the
//! upper one, the largest to the last. Shares are of all members, and of all non-members, of all repeats together.

use super::claims::ClaimSet;
use super::folder::Run;
use super::parts::{Part, picture, table};
use crate::picture::{Bars, Panel};
use crate::result::attack::ResultFigures;
use crate::table::columns::Table;

/// Most panels: of an experiment on single targets there may be hundreds of results.
const PANELS: usize = 18;

/// How many bins.
const BINS: usize = 20;

/// Two histograms over the same bins.
#[derive(Clone, Debug, PartialEq)]
struct Histogram {
    /// Smallest and largest score.
    range: [f64; 2],
    /// Members in each bin.
    members: Vec<u64>,
    /// Non-members in each bin.
    others: Vec<u64>,
}

impl Histogram {
    /// Of the claims that count for a draw of non-members; none without any.
    fn of(set: &ClaimSet, draw: usize) -> Option<Self> {
        let counted = || set.claims.iter().filter(|claim| claim.counts[draw]);
        let low = counted().map(|claim| claim.score).reduce(f64::min)?;
        let high = counted().map(|claim| claim.score).reduce(f64::max)?;
        let (mut members, mut others) = (vec![0; BINS], vec![0; BINS]);
        for claim in counted() {
            let place = (claim.score - low) / (high - low) * BINS as f64;
            // Where all scores are the same, `place` is no number, and the first bin holds them all.
            let bin = (place as usize).min(BINS - 1);
            let side = if claim.truth == 1 { &mut members } else { &mut others };
            side[bin] += 1;
        }
        Some(Self { range: [low, high], members, others })
    }

    /// Shares of members and of non-members in each bin.
    fn shares(&self) -> [Vec<f64>; 2] {
        [&self.members, &self.others].map(|counts| {
            let all = counts.iter().sum::<u64>().max(1) as f64;
            counts.iter().map(|&count| count as f64 / all).collect()
        })
    }

    /// The share that both have in common.
    fn overlap(&self) -> f64 {
        let [members, others] = self.shares();
        members.iter().zip(&others).map(|(one, other)| one.min(*other)).sum()
    }
}

/// The histograms, on the matched draw.
pub(super) fn scores(run: &Run) -> Vec<Part> {
    let matched = run.report.results.iter().filter(|result| result.non_members.as_deref() == Some("matched"));
    let all: Vec<(&ResultFigures, Histogram)> =
        matched.filter_map(|result| Some((result, Histogram::of(run.claims.of(result)?, 1)?))).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let panels = all.iter().take(PANELS).map(|(result, histogram)| {
        let [filled, outlined] = histogram.shares();
        Panel::Bars(Bars {
            title: result.label(),
            axis: "score, higher for members".into(),
            range: histogram.range,
            filled,
            outlined,
            names: ["members".into(), "non-members".into()],
        })
    });
    let more = match all.len().saturating_sub(PANELS) {
        0 => String::new(),
        more => format!(" {more} more results are in claims.csv.gz."),
    };
    let columns = Table::of(&all)
        .text("attack", |(result, _)| result.label())
        .number("members", |(_, histogram)| histogram.members.iter().sum::<u64>())
        .number("non-members", |(_, histogram)| histogram.others.iter().sum::<u64>())
        .number("smallest score", |(_, histogram)| format!("{:.3}", histogram.range[0]))
        .number("largest score", |(_, histogram)| format!("{:.3}", histogram.range[1]))
        .number("overlap", |(_, histogram)| format!("{:.1}", 100.0 * histogram.overlap()));
    vec![
        picture(
            "histograms",
            "Histograms of scores for members and class-matched non-members. The table below tells how much they share",
            panels,
            &format!(
                "Share of members (filled) and of class-matched non-members (line) in each of 20 bins of equal width from the smallest \
                 to the largest score, in percent, all repeats together. Where both have one shape the score tells nothing; gap \
                 gives two scores only, trees few.{more}"
            ),
        ),
        table(
            "Scores over all repeats; overlap: the share that both histograms have in common, percent",
            columns,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::claims::Claim;
    use super::*;

    fn set(scores: &[(f64, bool)]) -> ClaimSet {
        let claim = |&(score, member): &(f64, bool)| Claim {
            at: (1, 0),
            record: 0,
            label: None,
            truth: u32::from(member),
            claim: 0,
            score,
            counts: [false, true],
        };
        ClaimSet { claims: scores.iter().map(claim).collect(), ..ClaimSet::default() }
    }

    #[test]
    fn borders_belong_to_the_upper_bin_and_the_largest_to_the_last() {
        let histogram =
            Histogram::of(&set(&[(0.0, true), (0.5, true), (0.499, false), (1.0, true), (0.96, false)]), 1)
                .unwrap();
        assert_eq!(histogram.range, [0.0, 1.0]);
        let filled = |counts: &[u64]| {
            counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(bin, n)| (bin, *n)).collect::<Vec<_>>()
        };
        assert_eq!(filled(&histogram.members), [(0, 1), (10, 1), (19, 1)]);
        assert_eq!(filled(&histogram.others), [(9, 1), (19, 1)]);
        assert_eq!(histogram.shares()[1][9], 0.5);
    }

    #[test]
    fn equal_scores_are_in_the_first_bin_and_no_scores_in_none() {
        let histogram = Histogram::of(&set(&[(2.0, true), (2.0, false)]), 1).unwrap();
        assert_eq!((histogram.range, histogram.members[0], histogram.others[0]), ([2.0, 2.0], 1, 1));
        assert_eq!(Histogram::of(&set(&[(2.0, true)]), 0), None);
    }
}
