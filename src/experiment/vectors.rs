//! Asks a trained federation for every party's vectors of the records that adversaries were asked about, as its operator, once
//! everything else is done: nobody's figures or accounts depend on it.

use std::collections::BTreeSet;

use turncoat_attack::challenge::{MembershipChallenge, NonMembers};
use turncoat_learn::{Dataset, Partition, PartyId};
use turncoat_report::files::vectors::{Spool, SpoolWriter};

use crate::error::Error;
use crate::launch::Federation;

/// Whose vectors are kept.
pub(super) struct Wanted<'a> {
    /// The repeat, from 1.
    pub(super) number: u32,
    /// The challenge about all parties, whose draws of non-members are told with its records.
    pub(super) challenge: &'a MembershipChallenge,
    /// Every record that any adversary was asked about.
    pub(super) requested: &'a BTreeSet<usize>,
    pub(super) data: &'a Dataset,
    pub(super) partition: &'a Partition,
}

/// Writes them to a spool: the records of the challenge about all parties in its order, then the other ones that somebody was
/// asked about, in the order of the data set.
pub(super) async fn vectors(
    wanted: Wanted<'_>,
    federation: &mut Federation,
    mut spool: SpoolWriter,
) -> Result<Spool, Error> {
    let Wanted { number, challenge, requested, data, partition } = wanted;
    let mut owners = vec![0; data.len()];
    for party in PartyId::first(partition.parties()) {
        partition.rows(party).iter().for_each(|&row| owners[row] = i64::from(party.get()));
    }
    let there: BTreeSet<usize> = challenge.rows().iter().copied().collect();
    let rows: Vec<usize> = challenge.rows().iter().chain(requested.difference(&there)).copied().collect();
    let mut counts = vec![[0_i64; 2]; rows.len()];
    for (column, draw) in NonMembers::ALL.into_iter().enumerate() {
        challenge.places(draw).iter().for_each(|&place| counts[place][column] = 1);
    }
    let at_once = federation.shared_at_once(data.features().len()).await?;
    for (rows, counts) in rows.chunks(at_once).zip(counts.chunks(at_once)) {
        let (records, labels) = data.take(rows);
        let shared = federation.predict_shared(records).await?;
        for (place, &row) in rows.iter().enumerate() {
            let [uniform, matched] = counts[place];
            let (owner, label) = (owners[row], i64::from(labels[place]));
            let keys = [i64::from(number), row as i64, label, i64::from(owner != 0), owner, uniform, matched];
            let average = shared.mean.row(place).into_iter().map(|&value| Some(value));
            let of_parties = shared.parties.values().flat_map(|answers| {
                let vector = answers.row(place);
                (0..answers.classes()).map(move |class| vector.map(|vector| vector[class]))
            });
            spool.add(keys, average.chain(of_parties))?;
        }
    }
    Ok(spool.finish()?)
}
