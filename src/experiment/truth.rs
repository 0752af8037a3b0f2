//! The ground truth of one repeat, and the challenges that are made of it. It never leaves this process.

use std::collections::BTreeMap;

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
}

impl Truth<'_> {
    fn members(&self) -> BTreeMap<PartyId, Vec<usize>> {
        PartyId::first(self.partition.parties())
            .map(|party| (party, self.partition.rows(party).to_vec()))
            .collect()
    }

    /// Whose is it? All records of the candidates.
    pub(super) fn source(&self, candidates: &[PartyId]) -> Result<SourceChallenge, Error> {
        let (labels, classes) = (self.data.labels(), self.data.classes());
        let seed = self.seed.child("source", 0);
        SourceChallenge::new(candidates, &self.members(), labels, classes, seed)
            .map_err(|e| Error::Usage(e.to_string()))
    }

    /// Records that were dealt to nobody and equal none that was: who asks about a copy of a training record asks about a
    /// training record, whichever party holds it.
    pub(super) fn outside(&self) -> Vec<usize> {
        let dealt = PartyId::first(self.partition.parties()).flat_map(|party| self.partition.rows(party));
        self.equal.without_copies(self.partition.undealt(), dealt.copied())
    }

    /// Was it in? Members of the candidates, and as many of those outside.
    pub(super) fn membership(&self, candidates: &[PartyId]) -> Result<MembershipChallenge, Error> {
        let (labels, classes) = (self.data.labels(), self.data.classes());
        let (members, outside) = (self.members(), self.outside());
        if outside.is_empty() && !self.partition.undealt().is_empty() {
            return Err(Error::Usage(format!(
                "all {} records that were dealt to nobody equal one that was, so there are no non-members to ask about; \
                 set preprocess.duplicates to drop, or lower records_per_party",
                self.partition.undealt().len()
            )));
        }
        let seed = self.seed.child("membership", 0);
        MembershipChallenge::new(candidates, &members, &outside, labels, classes, seed)
            .map_err(|e| Error::Usage(e.to_string()))
    }
}
