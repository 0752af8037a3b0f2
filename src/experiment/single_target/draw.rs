//! Which records a repeat's targets may be trained on, and which the adversary's knowledge is made from.
//!
//! Guarantee: the two share no record. It is checked where they are drawn, and a breach ends the run.

use ndarray::Array2;
use rand::seq::SliceRandom;
use turncoat_attack::challenge::apart;
use turncoat_attack::single_target::RawKnowledge;
use turncoat_learn::{Dataset, EqualRecords, Samples, Seed};

use crate::error::Error;
use crate::scenario::SingleTarget;

/// The records of one repeat.
pub(super) struct Draw {
    /// The target's pool: rows of the data set, ascending; half of them train the target in a fold.
    pub(super) rows: Vec<usize>,
    /// Their records, shape `[n, d]`.
    pub(super) records: Array2<f32>,
    /// Their labels.
    pub(super) labels: Vec<u32>,
    /// Which of them are equal.
    pub(super) equal: EqualRecords,
    real: Array2<f32>,
    real_labels: Vec<u32>,
    classes: usize,
}

impl Draw {
    /// Draws both without replacement.
    ///
    /// # Errors
    /// [`Error::Usage`] when the data set has fewer records than the target's pool takes, or leaves none for the knowledge.
    pub(super) fn new(study: &SingleTarget, data: &Dataset, seed: Seed) -> Result<Self, Error> {
        let wanted = study.target.records;
        let rest = real_records(study);
        if wanted + usize::from(rest > 0) > data.len() {
            return Err(Error::Usage(format!(
                "target.records asks for {wanted} of the {} records of {}, and the adversary's knowledge is made from \
                 others; set target.records lower, to {} for half of the data",
                data.len(),
                data.name(),
                data.len() / 2
            )));
        }
        let mut rows: Vec<usize> = (0..data.len()).collect();
        rows.shuffle(&mut seed.stream("draw"));
        let mut others = rows.split_off(wanted);
        others.truncate(rest);
        rows.sort_unstable();
        others.sort_unstable();
        apart(&rows, &others, data.len())
            .map_err(|e| Error::Bug(format!("the adversary was given a record of the target: {e}")))?;
        let (records, labels) = data.take(&rows);
        let (real, real_labels) = data.take(&others);
        let equal = EqualRecords::of(records.view(), &labels);
        Ok(Self { rows, records, labels, equal, real, real_labels, classes: data.classes() })
    }

    /// What the adversary's knowledge is made from.
    pub(super) fn real(&self) -> Samples<'_> {
        Samples { records: self.real.view(), labels: &self.real_labels, classes: self.classes }
    }
}

/// How many records the adversary's knowledge is made from: as many as shadow data is to hold, or as it is said to be made
/// from; none where it knows the structure alone.
fn real_records(study: &SingleTarget) -> usize {
    let reported = match *study.knowledge.get() {
        RawKnowledge::BlackBox => return 0,
        RawKnowledge::GreyBox { records } | RawKnowledge::WhiteBox { records, .. } => records,
    };
    reported.unwrap_or(study.shadow.get().records)
}
