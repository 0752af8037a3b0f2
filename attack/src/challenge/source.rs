//! The source challenge: every record of the candidates, in one shuffled batch; whose is it?

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::seq::SliceRandom;
use turncoat_learn::{PartyId, Seed};

use crate::challenge::error::ChallengeError;
use crate::challenge::figures::{Figures, PartyFigures, PriorOnly, fraction, mean};
use crate::challenge::membership::{check_rows, owned};
use crate::claim::SourceClaim;

/// Who owns what, and what is asked.
///
/// ```
/// use std::collections::BTreeMap;
/// use turncoat_attack::{SourceChallenge, SourceClaim};
/// use turncoat_learn::{PartyId, Seed};
///
/// let parties: Vec<PartyId> = PartyId::first(2).collect();
/// let members = BTreeMap::from([(parties[0], vec![0, 1]), (parties[1], vec![2, 3])]);
/// let challenge = SourceChallenge::new(&parties, &members, &[0, 1, 0, 1], 2, Seed::root(1))?;
/// // An adversary who says party 1 to everything is right half of the time.
/// let claims = vec![SourceClaim { party: parties[0], score: 0.0 }; challenge.rows().len()];
/// let figures = challenge.score(&claims)?;
/// assert_eq!((figures.accuracy, figures.chance), (Some(0.5), 0.5));
/// // Where there is no time for all of it, two of the records.
/// assert_eq!(challenge.about(&[1, 2].into())?.rows().len(), 2);
/// # Ok::<(), turncoat_attack::ChallengeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SourceChallenge {
    rows: Vec<usize>,
    labels: Vec<u32>,
    owners: Vec<PartyId>,
    candidates: Vec<PartyId>,
    /// Records of each class that each candidate has: `[classes][candidates]`.
    held: Vec<Vec<usize>>,
    seed: Seed,
}

impl SourceChallenge {
    /// Makes a challenge. `members` are the data-set rows of each party, `labels` those of the whole data set.
    ///
    /// # Errors
    /// [`ChallengeError`]: candidates that are no parties, rows that overlap or do not exist, no row at all.
    pub fn new(
        candidates: &[PartyId],
        members: &BTreeMap<PartyId, Vec<usize>>,
        labels: &[u32],
        classes: usize,
        seed: Seed,
    ) -> Result<Self, ChallengeError> {
        let owned = owned(candidates, members)?;
        check_rows(owned.iter().flat_map(|(_, rows)| *rows), labels, classes)?;
        let mut requested: Vec<(usize, PartyId)> =
            owned.iter().flat_map(|&(party, rows)| rows.iter().map(move |&row| (row, party))).collect();
        if requested.is_empty() {
            return Err(ChallengeError::NoMembers);
        }
        // Sorted first, so that the order of a partition's lists is not in the order of asking.
        requested.sort_unstable();
        requested.shuffle(&mut seed.stream("order"));
        let (rows, owners): (Vec<_>, Vec<_>) = requested.into_iter().unzip();
        let all_labels = labels;
        let labels: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
        let mut held = vec![vec![0; candidates.len()]; classes];
        for (place, (_, rows)) in owned.iter().enumerate() {
            rows.iter().for_each(|&row| held[all_labels[row] as usize][place] += 1);
        }
        Ok(Self { rows, labels, owners, candidates: candidates.to_vec(), held, seed })
    }

    /// The same challenge about these data-set rows only. Who knows how many records of each class a candidate has still knows that
    /// of all of them.
    ///
    /// # Errors
    /// [`ChallengeError::NoMembers`] when none of its rows is among them.
    pub fn about(self, requested: &BTreeSet<usize>) -> Result<Self, ChallengeError> {
        let kept: Vec<usize> =
            (0..self.rows.len()).filter(|&place| requested.contains(&self.rows[place])).collect();
        if kept.is_empty() {
            return Err(ChallengeError::NoMembers);
        }
        Ok(Self {
            rows: kept.iter().map(|&place| self.rows[place]).collect(),
            labels: kept.iter().map(|&place| self.labels[place]).collect(),
            owners: kept.iter().map(|&place| self.owners[place]).collect(),
            ..self
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

    /// The owner of each record asked about. For the challenger's records; never for an adversary.
    #[must_use]
    pub fn owners(&self) -> &[PartyId] {
        &self.owners
    }

    /// The parties in question.
    #[must_use]
    pub fn candidates(&self) -> &[PartyId] {
        &self.candidates
    }

    /// Scores the claims. A record without a claim counts in no figure, the baseline's neither.
    ///
    /// # Errors
    /// [`ChallengeError::Length`], [`ChallengeError::Score`] or [`ChallengeError::Claimed`].
    pub fn score<C: Copy + Into<Option<SourceClaim>>>(
        &self,
        claims: &[C],
    ) -> Result<Figures, ChallengeError> {
        let claims: Vec<Option<SourceClaim>> = claims.iter().map(|&claim| claim.into()).collect();
        if claims.len() != self.rows.len() {
            return Err(ChallengeError::Length { expected: self.rows.len(), got: claims.len() });
        }
        let candidates: BTreeSet<PartyId> = self.candidates.iter().copied().collect();
        for (place, claim) in claims.iter().enumerate() {
            let Some(claim) = claim else { continue };
            if !claim.score.is_finite() {
                return Err(ChallengeError::Score { place, score: claim.score });
            }
            if !candidates.contains(&claim.party) {
                return Err(ChallengeError::Claimed { place, party: claim.party });
            }
        }
        let claimed: Vec<(PartyId, PartyId)> = claims
            .iter()
            .zip(&self.owners)
            .filter_map(|(claim, &owner)| Some(((*claim)?.party, owner)))
            .collect();
        let by_party = self.by_party(&claimed);
        let prior = self.prior_only().into_iter().zip(&self.owners).zip(&claims);
        let prior: Vec<(PartyId, PartyId)> =
            prior.filter(|(_, claim)| claim.is_some()).map(|((party, &owner), _)| (party, owner)).collect();
        let prior_by_party = self.by_party(&prior);
        Ok(Figures {
            records: claimed.len(),
            unclaimed: claims.len() - claimed.len(),
            claims: claimed.len(),
            claims_in: None,
            precision: macro_precision(&by_party),
            accuracy: accuracy(&claimed),
            recall: mean(by_party.iter().map(|party| party.recall)),
            auc: None,
            advantage: None,
            tpr_at_fpr_1pct: None,
            tpr_at_fpr_0_1pct: None,
            smallest_fpr: None,
            prior_only: PriorOnly {
                precision: macro_precision(&prior_by_party),
                accuracy: accuracy(&prior),
                unnamed: prior_by_party.iter().filter(|party| party.claims == 0).count(),
            },
            chance: 1.0 / self.candidates.len() as f64,
            by_party,
        })
    }

    /// The figures of an attack that was kept from answering.
    #[must_use]
    pub fn unanswered(&self) -> Figures {
        Figures::unanswered(self.rows.len(), 1.0 / self.candidates.len() as f64, &self.candidates)
    }

    /// The figures of each candidate, from (claimed, owner) of each record.
    fn by_party(&self, claims: &[(PartyId, PartyId)]) -> Vec<PartyFigures> {
        // Of each party: claims on it, its records, and claims on it that are right.
        let mut counts: BTreeMap<PartyId, [usize; 3]> = BTreeMap::new();
        for &(claim, owner) in claims {
            counts.entry(claim).or_default()[0] += 1;
            counts.entry(owner).or_default()[1] += 1;
            counts.entry(owner).or_default()[2] += usize::from(claim == owner);
        }
        let figures = |&party: &PartyId| {
            let [claims, records, right] = counts.get(&party).copied().unwrap_or_default();
            let (precision, recall) = (fraction(right, claims), fraction(right, records));
            PartyFigures { party, records, claims, precision, recall }
        };
        self.candidates.iter().map(figures).collect()
    }

    /// The claims of an adversary that knows how many records of each class every candidate has and asks nothing: the
    /// candidate with the most records of the class, a fair coin for each record among equals.
    fn prior_only(&self) -> Vec<PartyId> {
        let most: Vec<Vec<PartyId>> = self
            .held
            .iter()
            .map(|held| {
                let largest = held.iter().max();
                let tied = self.candidates.iter().zip(held).filter(|&(_, count)| Some(count) == largest);
                tied.map(|(&party, _)| party).collect()
            })
            .collect();
        let mut coin = self.seed.stream("prior_only");
        self.labels
            .iter()
            .map(|&label| match most[label as usize].as_slice() {
                [only] => *only,
                tied => tied[coin.random_range(0..tied.len())],
            })
            .collect()
    }
}

/// The fraction of claims that are right.
fn accuracy(claims: &[(PartyId, PartyId)]) -> Option<f64> {
    fraction(claims.iter().filter(|(claim, owner)| claim == owner).count(), claims.len())
}

/// The mean over all candidates of the fraction of claims on them that are right, zero for one that no claim names. A
/// candidate without a record counts too, since no claim on it can be right: left out, it would flatter an attack that
/// never names it, and would count as zero as soon as a single claim does. `None` without any claim.
fn macro_precision(by_party: &[PartyFigures]) -> Option<f64> {
    let claimed = by_party.iter().any(|party| party.claims > 0);
    mean(by_party.iter().map(|party| claimed.then(|| party.precision.unwrap_or(0.0))))
}
