//! The coordinator's answers to one chunk, checked; and chunks put in a row.

use std::collections::BTreeMap;
use std::ops::Range;

use ndarray::{Array2, Axis, concatenate};
use turncoat_learn::{Answers, PartyId, PredictionVectors};

use crate::absence::{Absence, AbsenceReason};
use crate::convert::absence::{averaged_from_wire, missing_from_wire, query_from_wire};
use crate::convert::vectors::vectors_from_wire;
use crate::federation::{Prediction, SharedPrediction};
use crate::violation::Violation;
use crate::wire;

/// What an answer must look like.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) parties: u32,
    pub(super) classes: usize,
}

/// The answer to some rows of a request.
pub(super) fn average_from_wire(
    reply: wire::PredictReply,
    rows: Range<usize>,
    shape: Shape,
) -> Result<Prediction, Violation> {
    let averaged = averaged_from_wire(&reply.averaged, "averaged", shape.parties)?;
    let missing = PartyId::first(shape.parties)
        .filter(|party| !averaged.contains(party))
        .map(|party| (party, AbsenceReason::Untold));
    let missing = absences(missing, &rows, reply.first_query)?;
    let mean = vectors_from_wire(reply.mean, "mean", rows.len(), Some(shape.classes))?;
    Ok(Prediction { mean, missing })
}

/// The answer to some rows of a request, with its parts.
pub(super) fn shared_from_wire(
    reply: wire::PredictSharedReply,
    rows: Range<usize>,
    shape: Shape,
) -> Result<SharedPrediction, Violation> {
    let numbers: Vec<u32> = reply.parties.iter().map(|part| part.party).collect();
    let answered = averaged_from_wire(&numbers, "parties.party", shape.parties)?;
    let missing = missing_from_wire(&reply.missing)?;
    let mut all: Vec<PartyId> =
        answered.iter().copied().chain(missing.iter().map(|&(party, _)| party)).collect();
    all.sort_unstable();
    if !all.iter().copied().eq(PartyId::first(shape.parties)) {
        let (got, expected) = (all.len(), shape.parties as usize);
        return Err(Violation::Length { field: "parties and missing", got, expected });
    }
    let missing = absences(missing.into_iter(), &rows, reply.first_query)?;
    let mut parties: BTreeMap<_, _> =
        missing.iter().map(|absence| (absence.party, Answers::none(rows.len(), shape.classes))).collect();
    for (party, part) in answered.into_iter().zip(reply.parties) {
        let vectors = vectors_from_wire(part.vectors, "parties.vectors", rows.len(), Some(shape.classes))?;
        parties.insert(party, vectors.into());
    }
    let mean = vectors_from_wire(reply.mean, "mean", rows.len(), Some(shape.classes))?;
    Ok(SharedPrediction { mean, parties, missing })
}

fn absences(
    missing: impl Iterator<Item = (PartyId, AbsenceReason)>,
    rows: &Range<usize>,
    first_query: u64,
) -> Result<Vec<Absence>, Violation> {
    let first_query = query_from_wire(first_query, "first_query")?;
    Ok(missing.map(|(party, reason)| Absence { rows: rows.clone(), first_query, party, reason }).collect())
}

/// Chunks in a row.
pub(super) fn joined(parts: &[PredictionVectors]) -> PredictionVectors {
    if let [only] = parts {
        return only.clone();
    }
    let views: Vec<_> = parts.iter().map(PredictionVectors::view).collect();
    let rows: Array2<f64> =
        concatenate(Axis(0), &views).expect("every chunk was checked to have all classes");
    PredictionVectors::new(rows).expect("rows that were checked stay what they are")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const SHAPE: Shape = Shape { parties: 3, classes: 2 };

    fn vectors() -> wire::Vectors {
        wire::Vectors::of(array![[0.25, 0.75]].view())
    }

    fn party(number: u32) -> PartyId {
        PartyId::new(number).unwrap()
    }

    #[test]
    fn who_is_missing_from_an_average_is_reported() {
        let reply = |averaged: &[u32], first_query| wire::PredictReply {
            mean: Some(vectors()),
            averaged: averaged.to_vec(),
            first_query,
        };
        let prediction = average_from_wire(reply(&[1, 3], 41), 7..8, SHAPE).unwrap();
        let absence = Absence { rows: 7..8, first_query: 41, party: party(2), reason: AbsenceReason::Untold };
        assert_eq!(prediction.missing, [absence]);
        assert_eq!(average_from_wire(reply(&[1, 2, 3], 41), 7..8, SHAPE).unwrap().missing, []);
        for (averaged, first_query) in [(&[][..], 1), (&[4], 1), (&[1, 2, 3], 0)] {
            assert!(average_from_wire(reply(averaged, first_query), 7..8, SHAPE).is_err());
        }
    }

    #[test]
    fn a_missing_party_has_no_vector() {
        let part = |party| wire::PartyVectors { party, vectors: Some(vectors()) };
        let absence = wire::Absence { party: 2, reason: wire::AbsenceReason::Deadline as i32 };
        let good = wire::PredictSharedReply {
            mean: Some(vectors()),
            parties: vec![part(1), part(3)],
            missing: vec![absence],
            first_query: 9,
        };
        let shared = shared_from_wire(good.clone(), 0..1, SHAPE).unwrap();
        assert_eq!((shared.parties[&party(2)].len(), shared.parties[&party(2)].row(0)), (1, None));
        assert_eq!(shared.parties[&party(3)].row(0).unwrap(), array![0.25, 0.75]);
        let reason = AbsenceReason::Deadline;
        assert_eq!(shared.missing, [Absence { rows: 0..1, first_query: 9, party: party(2), reason }]);
        for wrong in [
            wire::PredictSharedReply { missing: vec![], ..good.clone() },
            wire::PredictSharedReply { parties: vec![part(1), part(2), part(3)], ..good.clone() },
            wire::PredictSharedReply { parties: vec![], ..good },
        ] {
            assert!(shared_from_wire(wrong, 0..1, SHAPE).is_err());
        }
    }
}
