//! A k-nearest-neighbours model as bytes, checked when read.
//!
//! Little-endian: k (u32), weights (u8: 0 uniform, 1 distance), features, classes, records (u64 each); for each record its
//! class (u32), then for each the number of training records that it stands for (u32), then their values (f32), record by
//! record. Records ascend by class and values, so that a model has one form in bytes.

use ndarray::Array2;

use super::model::check_size;
use super::{KnnModel, RawKnnParams, Weights};
use crate::dataset::MOST_CLASSES;
use crate::learner::{Model, Reader, SavedModel, Writer};

impl KnnModel {
    /// Appends the model.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.word(self.k());
        writer.byte(match self.weights() {
            Weights::Uniform => 0,
            Weights::Distance => 1,
        });
        for number in [self.features(), self.classes, self.labels.len()] {
            writer.size(number);
        }
        writer.words(&self.labels);
        writer.words(&self.counts);
        writer.singles(&self.records);
    }
}

impl SavedModel for KnnModel {
    const KINDS: &'static [u8] = &[2];

    fn decode(_kind: u8, reader: &mut Reader<'_>, _nested: u32) -> Result<Self, String> {
        let k = reader.word()?;
        let weights = match reader.byte()? {
            0 => Weights::Uniform,
            1 => Weights::Distance,
            other => return Err(format!("weights {other} are none")),
        };
        let params = RawKnnParams { k, weights }.check().map_err(|violations| violations[0].to_string())?;
        let (features, classes, n) = (reader.size()?, reader.size()?, reader.size()?);
        if classes == 0 || classes > MOST_CLASSES {
            return Err(format!("{classes} classes make no model"));
        }
        check_size(n, features).map_err(|error| error.to_string())?;
        let (labels, counts) = (reader.words(n)?, reader.words(n)?);
        let values = features.checked_mul(n).ok_or("it is cut short")?;
        let records = Array2::from_shape_vec((n, features), reader.singles(values)?)
            .map_err(|error| error.to_string())?;
        for (row, &label) in labels.iter().enumerate() {
            if label as usize >= classes {
                return Err(format!("record {row} has class {label} of {classes}"));
            }
            if counts[row] == 0 {
                return Err(format!("record {row} stands for none"));
            }
            if records.row(row).iter().any(|value| *value == 0.0 && value.is_sign_negative()) {
                return Err(format!("record {row} has a minus zero"));
            }
            // Finite values, as they are read, have an order.
            if row > 0 {
                let before = (labels[row - 1], records.row(row - 1));
                let ascends =
                    before.0 < label || before.0 == label && before.1.iter().lt(records.row(row).iter());
                if !ascends {
                    return Err(format!("record {row} is out of order"));
                }
            }
        }
        if u32::try_from(counts.iter().map(|&count| u64::from(count)).sum::<u64>()).is_err() {
            return Err("it stands for more records than a model can count".into());
        }
        Ok(Self::of(params, classes, records, labels, counts))
    }
}
