//! The ground truth of one repeat, and the challenges that are made of it. It never leaves this process.

use std::collections::BTreeMap;

use rand::seq::index;
use turncoat_attack::challenge::{MembershipChallenge, SourceChallenge};
use turncoat_learn::partition::Partition;
use turncoat_learn::{Dataset, EqualRecords, PartyId, Seed};

use crate::error::Error;

/// Who holds what. Challenges about the same candidates are the same challenge, whoever is asked.
pub(super) struct Truth<'a> {
    pub(super) data: &'a Dataset,
    pub(super) partition: &'a Partition,
    pub(super) equal: &'a EqualRecords,
    pub(super) seed: Seed,
    /// About how many records are asked about at most.
    pub(super) most: usize,
}

impl Truth<'_> {
    fn members(&self) -> BTreeMap<PartyId, Vec<usize>> {
        PartyId::first(self.partition.parties())
            .map(|party| (party, self.partition.rows(party).to_vec()))
            .collect()
    }

    /// The members that are asked about: all, or where these are too many the same part of each party's, at least one.
    fn requested(&self) -> BTreeMap<PartyId, Vec<usize>> {
        let mut members = self.members();
        let training: usize = members.values().map(Vec::len).sum();
        if training > self.most {
            let mut draws = self.seed.stream("asked");
            for rows in members.values_mut().filter(|rows| !rows.is_empty()) {
                let kept = (rows.len() * self.most / training).max(1);
                let mut places = index::sample(&mut draws, rows.len(), kept).into_vec();
                places.sort_unstable();
                *rows = places.into_iter().map(|place| rows[place]).collect();
            }
        }
        members
    }

    /// Whose is it? The records of the candidates.
    pub(super) fn source(&self, candidates: &[PartyId]) -> Result<SourceChallenge, Error> {
        let (labels, classes) = (self.data.labels(), self.data.classes());
        let seed = self.seed.child("source", 0);
        let requested = self.requested().into_values().flatten().collect();
        SourceChallenge::new(candidates, &self.members(), labels, classes, seed)
            .and_then(|challenge| challenge.about(&requested))
            .map_err(|e| Error::Usage(e.to_string()))
    }

    /// Records that were held out and equal none that was: who asks about a copy of a training record asks about a
    /// training record, whichever party holds it.
    pub(super) fn outside(&self) -> Vec<usize> {
        let training = PartyId::first(self.partition.parties()).flat_map(|party| self.partition.rows(party));
        self.equal.without_copies(self.partition.held_out(), training.copied())
    }

    /// Was it in? Members of the candidates, and as many of those outside.
    pub(super) fn membership(&self, candidates: &[PartyId]) -> Result<MembershipChallenge, Error> {
        let (labels, classes) = (self.data.labels(), self.data.classes());
        let (members, outside) = (self.requested(), self.outside());
        if outside.is_empty() && !self.partition.held_out().is_empty() {
            return Err(Error::Usage(format!(
                "all {} records that were held out equal one that was, so there are no non-members to ask about; \
                 set preprocess.duplicates to drop, or lower records_per_party",
                self.partition.held_out().len()
            )));
        }
        let seed = self.seed.child("membership", 0);
        MembershipChallenge::new(candidates, &members, &outside, labels, classes, seed)
            .map_err(|e| Error::Usage(e.to_string()))
    }
}
