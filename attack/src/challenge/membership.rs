//! The membership challenge: members and non-members in one shuffled batch, non-members drawn twice.
//!
//! Members are the candidates' records, non-members records that were held out. Class skew makes a uniform draw
//! of non-members flatter any attack, so there are two draws ([`NonMembers`]), each with as many non-members as
//! members. All distinct rows of both draws are asked about once, in a seeded order; each draw knows which places of
//! the batch count for it.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::seq::{SliceRandom, index};
use turncoat_learn::{PartyId, Seed};

use crate::challenge::error::ChallengeError;
use crate::challenge::figures::{Figures, PriorOnly, fraction};
use crate::challenge::ranking::Ranking;
use crate::claim::MembershipClaim;

/// How non-members are drawn from the held-out records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NonMembers {
    /// Each as likely as any other; as many as members. Where fewer are held out, members are sampled down.
    Uniform,
    /// To the members' class counts; in a class with fewer held-out records than members, members are sampled down.
    Matched,
}

impl NonMembers {
    /// Both draws, in the order of reports.
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Matched];
}

/// Who was in, and what is asked.
///
/// ```
/// use std::collections::BTreeMap;
/// use turncoat_attack::{MembershipChallenge, MembershipClaim, NonMembers};
/// use turncoat_learn::{PartyId, Seed};
///
/// let party = PartyId::new(1).unwrap();
/// let members = BTreeMap::from([(party, vec![0, 1])]);
/// // Rows 0 and 1 are the party's, rows 2 and 3 nobody's.
/// let labels = [0, 1, 0, 1];
/// let challenge = MembershipChallenge::new(&[party], &members, &[2, 3], &labels, 2, Seed::root(1))?;
/// // An adversary who knows the truth.
/// let claim = |&member: &bool| MembershipClaim { member, score: f64::from(u8::from(member)) };
/// let claims: Vec<MembershipClaim> = challenge.truth().iter().map(claim).collect();
/// let figures = challenge.score(NonMembers::Uniform, &claims)?;
/// assert_eq!((figures.accuracy, figures.auc), (Some(1.0), Some(1.0)));
/// # Ok::<(), turncoat_attack::ChallengeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MembershipChallenge {
    rows: Vec<usize>,
    labels: Vec<u32>,
    classes: usize,
    truth: Vec<bool>,
    /// Places that count for each draw, ascending.
    draws: BTreeMap<NonMembers, Vec<usize>>,
    seed: Seed,
}

impl MembershipChallenge {
    /// Draws a challenge. `members` are the data-set rows of each party, `held_out` the rows held out (without
    /// auxiliary records, which adversaries hold), `labels` those of the whole data set.
    ///
    /// # Errors
    /// [`ChallengeError`]: candidates that are no parties, rows that overlap or do not exist, nothing to draw from.
    pub fn new(
        candidates: &[PartyId],
        members: &BTreeMap<PartyId, Vec<usize>>,
        held_out: &[usize],
        labels: &[u32],
        classes: usize,
        seed: Seed,
    ) -> Result<Self, ChallengeError> {
        let inside: Vec<usize> =
            owned(candidates, members)?.into_iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        check_rows(inside.iter().chain(held_out), labels, classes)?;
        if inside.is_empty() {
            return Err(ChallengeError::NoMembers);
        }
        if held_out.is_empty() {
            return Err(ChallengeError::NoNonMembers);
        }
        let uniform = draw_equal(&inside, held_out, &mut seed.stream("uniform"));
        let mut stream = seed.stream("matched");
        let of = |rows: &[usize], class: usize| -> Vec<usize> {
            rows.iter().copied().filter(|&row| labels[row] as usize == class).collect()
        };
        let mut matched = Vec::new();
        for class in 0..classes {
            matched.extend(draw_equal(&of(&inside, class), &of(held_out, class), &mut stream));
        }
        if matched.is_empty() {
            return Err(ChallengeError::NoMatch);
        }

        let mut rows: Vec<usize> =
            uniform.iter().chain(&matched).copied().collect::<BTreeSet<_>>().into_iter().collect();
        rows.shuffle(&mut seed.stream("order"));
        let inside: BTreeSet<usize> = inside.into_iter().collect();
        let places = |draw: Vec<usize>| -> Vec<usize> {
            let draw: BTreeSet<usize> = draw.into_iter().collect();
            (0..rows.len()).filter(|&place| draw.contains(&rows[place])).collect()
        };
        let draws = [(NonMembers::Uniform, places(uniform)), (NonMembers::Matched, places(matched))];
        Ok(Self {
            truth: rows.iter().map(|row| inside.contains(row)).collect(),
            labels: rows.iter().map(|&row| labels[row]).collect(),
            draws: draws.into_iter().collect(),
            rows,
            classes,
            seed,
        })
    }

    /// The data-set rows asked about, in the order of asking.
    #[must_use]
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// The class of each record asked about, in the order of asking. The adversary is told them too.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Whether each record asked about is a member. For the challenger's records; never for an adversary.
    #[must_use]
    pub fn truth(&self) -> &[bool] {
        &self.truth
    }

    /// The places of the batch that count for a draw, ascending.
    #[must_use]
    pub fn places(&self, draw: NonMembers) -> &[usize] {
        self.draws.get(&draw).map_or(&[], Vec::as_slice)
    }

    /// Scores the claims on the records of one draw. A record without a claim counts in no figure, the baseline's neither.
    ///
    /// # Errors
    /// [`ChallengeError::Length`] or [`ChallengeError::Score`].
    pub fn score<C: Copy + Into<Option<MembershipClaim>>>(
        &self,
        draw: NonMembers,
        claims: &[C],
    ) -> Result<Figures, ChallengeError> {
        let claims: Vec<Option<MembershipClaim>> = claims.iter().map(|&claim| claim.into()).collect();
        if claims.len() != self.rows.len() {
            return Err(ChallengeError::Length { expected: self.rows.len(), got: claims.len() });
        }
        for (place, claim) in claims.iter().enumerate() {
            if let Some(MembershipClaim { score, .. }) = claim
                && !score.is_finite()
            {
                return Err(ChallengeError::Score { place, score: *score });
            }
        }
        let places = self.places(draw);
        let claimed: Vec<(MembershipClaim, bool)> =
            places.iter().filter_map(|&place| Some((claims[place]?, self.truth[place]))).collect();
        let counts = Counts::of(claimed.iter().map(|&(claim, truth)| (claim.member, truth)));
        let ranking = Ranking::new(claimed.iter().map(|&(claim, truth)| (claim.score, truth)).collect());
        let prior = self.prior_only(places);
        let prior = places.iter().zip(prior).filter(|&(&place, _)| claims[place].is_some());
        let prior = Counts::of(prior.map(|(_, prior)| prior));
        Ok(Figures {
            records: claimed.len(),
            unclaimed: places.len() - claimed.len(),
            claims: claimed.len(),
            claims_in: Some(counts.true_in + counts.false_in),
            precision: counts.precision(),
            accuracy: counts.accuracy(),
            recall: counts.recall(),
            auc: ranking.auc(),
            advantage: counts.advantage(),
            tpr_at_fpr_1pct: ranking.tpr_at_fpr(10),
            tpr_at_fpr_0_1pct: ranking.tpr_at_fpr(1),
            smallest_fpr: ranking.smallest_fpr(),
            prior_only: PriorOnly { precision: prior.precision(), accuracy: prior.accuracy(), unnamed: 0 },
            chance: 0.5,
            by_party: Vec::new(),
        })
    }

    /// The figures of an attack that was kept from answering.
    #[must_use]
    pub fn unanswered(&self, draw: NonMembers) -> Figures {
        Figures::unanswered(self.places(draw).len(), 0.5, &[])
    }

    /// (claim, truth) of an adversary that knows the class counts of members and non-members and asks nothing: in iff
    /// the class is more frequent among members; a fair coin for each record where both are equal, as they are in every
    /// class of the matched draw.
    fn prior_only(&self, places: &[usize]) -> Vec<(bool, bool)> {
        let mut more_members = vec![0_i64; self.classes];
        for &place in places {
            more_members[self.labels[place] as usize] += if self.truth[place] { 1 } else { -1 };
        }
        let mut coin = self.seed.stream("prior_only");
        let claim = |place: &usize| {
            let more = more_members[self.labels[*place] as usize];
            if more == 0 { coin.random::<bool>() } else { more > 0 }
        };
        places.iter().map(claim).zip(places.iter().map(|&place| self.truth[place])).collect()
    }
}

/// The candidates' records, in the order of the candidates.
pub(crate) fn owned<'a>(
    candidates: &[PartyId],
    members: &'a BTreeMap<PartyId, Vec<usize>>,
) -> Result<Vec<(PartyId, &'a [usize])>, ChallengeError> {
    if candidates.is_empty() {
        return Err(ChallengeError::NoCandidates);
    }
    let mut seen = BTreeSet::new();
    let rows_of = |&party: &PartyId| match members.get(&party) {
        Some(rows) if seen.insert(party) => Ok((party, rows.as_slice())),
        _ => Err(ChallengeError::Candidate(party)),
    };
    candidates.iter().map(rows_of).collect()
}

/// Rows exist, their labels name classes, and none comes twice.
pub(crate) fn check_rows<'a>(
    rows: impl Iterator<Item = &'a usize>,
    labels: &[u32],
    classes: usize,
) -> Result<(), ChallengeError> {
    let mut seen = vec![false; labels.len()];
    for &row in rows {
        match labels.get(row) {
            None => return Err(ChallengeError::Row { row, rows: labels.len() }),
            Some(&label) if label as usize >= classes => {
                return Err(ChallengeError::Label { row, label, classes });
            }
            Some(_) if seen[row] => return Err(ChallengeError::Overlap(row)),
            Some(_) => seen[row] = true,
        }
    }
    Ok(())
}

/// As many of the one as of the other: the smaller list whole, a uniform sample of the larger.
fn draw_equal(inside: &[usize], outside: &[usize], stream: &mut impl rand::Rng) -> Vec<usize> {
    let amount = inside.len().min(outside.len());
    let mut rows = Vec::with_capacity(2 * amount);
    for list in [inside, outside] {
        rows.extend(index::sample(stream, list.len(), amount).into_iter().map(|place| list[place]));
    }
    rows
}

/// Claims against truth.
#[derive(Default)]
struct Counts {
    true_in: usize,
    false_in: usize,
    true_out: usize,
    false_out: usize,
}

impl Counts {
    fn of(claims: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut counts = Self::default();
        for (claim, truth) in claims {
            *match (claim, truth) {
                (true, true) => &mut counts.true_in,
                (true, false) => &mut counts.false_in,
                (false, false) => &mut counts.true_out,
                (false, true) => &mut counts.false_out,
            } += 1;
        }
        counts
    }

    fn precision(&self) -> Option<f64> {
        fraction(self.true_in, self.true_in + self.false_in)
    }

    fn accuracy(&self) -> Option<f64> {
        let right = self.true_in + self.true_out;
        fraction(right, right + self.false_in + self.false_out)
    }

    fn recall(&self) -> Option<f64> {
        fraction(self.true_in, self.true_in + self.false_out)
    }

    fn advantage(&self) -> Option<f64> {
        Some(self.recall()? - fraction(self.false_in, self.false_in + self.true_out)?)
    }
}
