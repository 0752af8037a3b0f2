//! The ground truth of one repeat, and the challenges that are made of it. It never leaves this process.

use std::collections::BTreeMap;

use turncoat_attack::challenge::{MembershipChallenge, SourceChallenge};
use turncoat_learn::partition::Partition;
use turncoat_learn::{Dataset, PartyId, Seed};

use crate::error::Error;

/// Who holds what. Challenges about the same candidates are the same challenge, whoever is asked.
pub(super) struct Truth<'a> {
    pub(super) data: &'a Dataset,
    pub(super) partition: &'a Partition,
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

    /// Was it in? Members of the candidates, and as many records that were dealt to nobody.
    pub(super) fn membership(&self, candidates: &[PartyId]) -> Result<MembershipChallenge, Error> {
        let (labels, classes) = (self.data.labels(), self.data.classes());
        let (members, undealt) = (self.members(), self.partition.undealt());
        let seed = self.seed.child("membership", 0);
        MembershipChallenge::new(candidates, &members, undealt, labels, classes, seed)
            .map_err(|e| Error::Usage(e.to_string()))
    }
}
