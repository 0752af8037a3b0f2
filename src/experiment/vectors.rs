//! Asks a trained federation for every party's vectors of the records of a challenge, as its operator, once everything else is
//! done: nobody's figures or accounts depend on it.

use turncoat_attack::challenge::{MembershipChallenge, NonMembers};
use turncoat_learn::{Dataset, Partition, PartyId};

use crate::error::Error;
use crate::launch::Federation;
use crate::report::vectors::VectorRows;

/// Values (records times features) that are asked about at once: 16 MiB of f32.
const VALUES: usize = 1 << 22;

/// The rows of repeat `number` (from 1), in the order of the challenge about all parties.
pub(super) async fn vectors(
    number: u32,
    challenge: &MembershipChallenge,
    data: &Dataset,
    partition: &Partition,
    federation: &mut Federation,
) -> Result<VectorRows, Error> {
    let mut owners = vec![0; data.len()];
    for party in PartyId::first(partition.parties()) {
        partition.rows(party).iter().for_each(|&row| owners[row] = i64::from(party.get()));
    }
    let mut counts = vec![[0_i64; 2]; challenge.rows().len()];
    for (column, draw) in NonMembers::ALL.into_iter().enumerate() {
        challenge.places(draw).iter().for_each(|&place| counts[place][column] = 1);
    }
    let mut all = VectorRows::default();
    let at_once = (VALUES / data.features().len().max(1)).max(1);
    for (rows, counts) in challenge.rows().chunks(at_once).zip(counts.chunks(at_once)) {
        let (records, labels) = data.take(rows);
        let shared = federation.predict_shared(records).await?;
        for (place, &row) in rows.iter().enumerate() {
            let [uniform, matched] = counts[place];
            let (owner, label) = (owners[row], i64::from(labels[place]));
            let keys = [i64::from(number), row as i64, label, i64::from(owner != 0), owner, uniform, matched];
            let average = shared.mean.row(place).into_iter().map(|&value| Some(value));
            let of_parties = shared.parties.iter().flat_map(|(&party, vectors)| {
                let is_missing = shared
                    .missing
                    .iter()
                    .any(|absence| absence.party == party && absence.rows.contains(&place));
                vectors.row(place).into_iter().map(move |&value| (!is_missing).then_some(value))
            });
            all.add(keys, average.chain(of_parties));
        }
    }
    Ok(all)
}
