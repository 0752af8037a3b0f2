//! Records: bytes on the wire, in the narrowest form that keeps every value, matrices in the domain. Values survive both ways bit by
//! bit.

use ndarray::{Array2, ArrayView2};
use prost::bytes::Bytes;
use turncoat_net::MAX_MESSAGE_BYTES;

use super::positive;
use crate::violation::Violation;
use crate::wire::{self, records::Values};

/// Values of one message: as many as it could hold as 32-bit floats, in whatever form they come.
const MOST_VALUES: usize = MAX_MESSAGE_BYTES / 4;

/// Records `[n, d]` as a message.
#[must_use]
pub fn records_to_wire(records: ArrayView2<'_, f32>) -> wire::Records {
    // A record of 16 GB, or so many records, no message holds.
    let [rows, features] = [records.nrows(), records.ncols()].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    let flat;
    let values = match records.as_slice() {
        Some(values) => values,
        None => {
            flat = records.iter().copied().collect::<Vec<f32>>();
            &flat
        }
    };
    wire::Records { features, rows, values: Some(narrowest(values)) }
}

/// The narrowest form that keeps all of them.
fn narrowest(values: &[f32]) -> Values {
    let mut bytes = Vec::with_capacity(values.len());
    let mut largest = 0;
    // In pieces without branches, which are quick; most records that are wide say so in the first.
    for piece in values.chunks(1_024) {
        bytes.extend(piece.iter().map(|&value| value as u8));
        let of_piece = &bytes[bytes.len() - piece.len()..];
        // -0 is neither a bit nor a byte, and NaN none either.
        let same =
            |so_far, (&byte, value): (&u8, &f32)| so_far & (f32::from(byte).to_bits() == value.to_bits());
        if !of_piece.iter().zip(piece).fold(true, same) {
            return Values::F32(four_bytes_each(values));
        }
        largest = of_piece.iter().fold(largest, |largest, &byte| largest | byte);
    }
    if largest <= 1 {
        let byte = |bits: &[u8]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
        bytes = bytes.chunks(8).map(byte).collect();
        return Values::Bits(bytes.into());
    }
    Values::U8(bytes.into())
}

fn four_bytes_each(values: &[f32]) -> Bytes {
    let mut bytes = vec![0; values.len() * 4];
    bytes.as_chunks_mut().0.iter_mut().zip(values).for_each(|(bytes, value)| *bytes = value.to_le_bytes());
    bytes.into()
}

impl wire::Records {
    /// Those values, whatever they are, in rows of `features`, each written out; what is no whole row counts for none.
    #[must_use]
    pub fn of(features: u32, values: &[f32]) -> Self {
        let rows = u32::try_from(values.len()).unwrap_or(u32::MAX).checked_div(features).unwrap_or(0);
        Self { features, rows, values: Some(Values::F32(four_bytes_each(values))) }
    }
}

/// Records of a message, checked: finite, at least one feature each, and no more values than a message holds as 32-bit floats. They
/// are kept as they came, to be sent on or to be made a matrix of.
#[derive(Clone, Debug)]
pub struct ReceivedRecords {
    wire: wire::Records,
    rows: usize,
    features: usize,
}

impl ReceivedRecords {
    /// Checks a message.
    ///
    /// # Errors
    /// [`Violation`].
    pub fn new(records: Option<wire::Records>) -> Result<Self, Violation> {
        let wire = records.ok_or(Violation::Missing { field: "records" })?;
        let (rows, features) = (wire.rows as usize, positive(wire.features, "records.features")? as usize);
        let len = rows.checked_mul(features).filter(|&len| len <= MOST_VALUES).ok_or(Violation::Value {
            field: "records.rows",
            value: wire.rows.to_string(),
            rule: "no more values than a message holds as 32-bit floats",
        })?;
        match wire.values.as_ref().ok_or(Violation::Missing { field: "records.values" })? {
            Values::F32(bytes) => finite(sized(bytes, "records.f32", len * 4)?)?,
            Values::U8(bytes) => drop(sized(bytes, "records.u8", len)?),
            Values::Bits(bytes) => zero_behind(sized(bytes, "records.bits", len.div_ceil(8))?, len)?,
        }
        Ok(Self { wire, rows, features })
    }

    /// Number of records.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Values of each.
    #[must_use]
    pub fn features(&self) -> usize {
        self.features
    }

    /// As they came.
    #[must_use]
    pub fn as_wire(&self) -> &wire::Records {
        &self.wire
    }

    /// As a matrix `[rows, features]`.
    #[must_use]
    pub fn matrix(&self) -> Array2<f32> {
        let len = self.rows * self.features;
        let bits = |byte: &u8| -> [f32; 8] { std::array::from_fn(|bit| f32::from(byte >> bit & 1)) };
        let values: Vec<f32> = match &self.wire.values {
            Some(Values::F32(bytes)) => floats(bytes).collect(),
            Some(Values::U8(bytes)) => bytes.iter().map(|&byte| f32::from(byte)).collect(),
            Some(Values::Bits(bytes)) => {
                let mut values: Vec<f32> = bytes.iter().flat_map(bits).collect();
                values.truncate(len);
                values
            }
            None => Vec::new(),
        };
        Array2::from_shape_vec((self.rows, self.features), values).expect("there are rows x features values")
    }
}

/// Records `[n, d]` of a message; finite, d at least 1, n may be 0.
///
/// # Errors
/// [`Violation`].
pub fn records_from_wire(records: Option<wire::Records>) -> Result<Array2<f32>, Violation> {
    ReceivedRecords::new(records).map(|records| records.matrix())
}

/// Bytes of the length that the shape asks for.
pub(super) fn sized<'a>(
    bytes: &'a Bytes,
    field: &'static str,
    expected: usize,
) -> Result<&'a Bytes, Violation> {
    match bytes.len() {
        got if got == expected => Ok(bytes),
        got => Err(Violation::Length { field, got, expected }),
    }
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> + '_ {
    bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes))
}

fn finite(bytes: &Bytes) -> Result<(), Violation> {
    // In pieces without branches, which is quick; the place is looked for where there is one.
    let all_finite = |piece: &[u8]| floats(piece).fold(true, |so_far, value| so_far & value.is_finite());
    match bytes.chunks(4_096).all(all_finite) {
        true => Ok(()),
        false => {
            let (index, value) = floats(bytes)
                .enumerate()
                .find(|(_, value)| !value.is_finite())
                .expect("one of them is not finite");
            Err(Violation::NotFinite { field: "records.f32", index, value: f64::from(value) })
        }
    }
}

fn zero_behind(bytes: &Bytes, len: usize) -> Result<(), Violation> {
    match bytes.last().map(|last| u32::from(*last) >> ((len - 1) % 8 + 1)) {
        None | Some(0) => Ok(()),
        Some(_) => {
            let (value, rule) = ("ones behind the last value".into(), "zero in the bits that are left over");
            Err(Violation::Value { field: "records.bits", value, rule })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Axis, Slice, array};
    use proptest::prelude::*;

    fn there_and_back(records: ArrayView2<'_, f32>) -> (Values, Array2<f32>) {
        let message = records_to_wire(records);
        (message.values.clone().unwrap(), records_from_wire(Some(message)).unwrap())
    }

    #[test]
    fn records_survive_the_wire_whatever_their_layout() {
        let records = array![[1.0_f32, 2.0, 3.5], [4.0, 5.0, 6.0]];
        assert_eq!(there_and_back(records.view()).1, records);
        assert_eq!(there_and_back(records.t()).1, records.t());
        let none = records.slice_axis(Axis(0), Slice::from(0..0));
        assert_eq!(there_and_back(none).1.dim(), (0, 3));
    }

    /// By hand: the bits of 1, 0, 1, 1, 0, 0, 0, 0 | 1 are 13 and 1.
    #[test]
    fn the_form_is_the_narrowest_that_keeps_every_value() {
        let form =
            |values: &[f32]| there_and_back(ArrayView2::from_shape((1, values.len()), values).unwrap()).0;
        let bits = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        assert_eq!(form(&bits), Values::Bits(vec![13, 1].into()));
        assert_eq!(form(&[0.0, 255.0, 7.0]), Values::U8(vec![0, 255, 7].into()));
        assert_eq!(form(&[1.5]), Values::F32(vec![0, 0, 0xC0, 0x3F].into()));
        for wide in [256.0, -1.0, 0.1, f32::MIN_POSITIVE, -0.0, f32::MAX] {
            let (form, back) = there_and_back(array![[1.0, wide]].view());
            assert!(matches!(form, Values::F32(_)) && back[(0, 1)].to_bits() == f32::to_bits(wide), "{wide}");
        }
    }

    #[test]
    fn a_violation_names_the_field_and_the_place() {
        let refused = |rows, features, values| {
            let message = wire::Records { rows, features, values: Some(values) };
            records_from_wire(Some(message)).unwrap_err().to_string()
        };
        assert_eq!(records_from_wire(None).unwrap_err().to_string(), "records is missing");
        let none = wire::Records { rows: 1, features: 1, values: None };
        assert_eq!(records_from_wire(Some(none)).unwrap_err().to_string(), "records.values is missing");
        let bytes = |n| Bytes::from(vec![1; n]);
        assert!(refused(0, 0, Values::U8(bytes(0))).starts_with("records.features is 0"));
        assert!(refused(2, 2, Values::U8(bytes(3))).contains("records.u8 has 3 entries where 4 were due"));
        assert!(refused(1, 3, Values::F32(bytes(11))).contains("records.f32 has 11 entries where 12"));
        assert!(refused(3, 3, Values::Bits(bytes(1))).contains("records.bits has 1 entries where 2"));
        assert!(refused(1, 1, Values::Bits(vec![3].into())).contains("ones behind the last value"));
        let nan = [1.0_f32, f32::NAN].map(f32::to_le_bytes).concat();
        assert!(refused(1, 2, Values::F32(nan.into())).contains("records.f32[1] is NaN"));
        // Sixteen bytes that would become more than a message.
        for (rows, features) in [(u32::MAX, u32::MAX), (1 << 20, 5)] {
            assert!(
                refused(rows, features, Values::Bits(bytes(16))).contains("no more values than a message")
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_is_finite_survives_bit_by_bit(
            values in prop_oneof![
                prop::collection::vec(any::<f32>().prop_filter("finite", |value| value.is_finite()), 1..40),
                prop::collection::vec((0_u8..).prop_map(f32::from), 1..40),
                prop::collection::vec((0_u8..2).prop_map(f32::from), 1..40),
            ],
        ) {
            let records = ArrayView2::from_shape((1, values.len()), &values).unwrap();
            let back = there_and_back(records).1;
            prop_assert!(back.iter().map(|v| v.to_bits()).eq(values.iter().map(|v| v.to_bits())));
        }

        #[test]
        fn no_message_panics_and_what_passes_is_a_finite_matrix(
            features in 0_u32..5,
            rows in 0_u32..7,
            form in 0..3,
            bytes in prop::collection::vec(any::<u8>(), 0..24),
        ) {
            let values = [Values::F32, Values::U8, Values::Bits][form as usize](bytes.into());
            if let Ok(records) = records_from_wire(Some(wire::Records { features, rows, values: Some(values) })) {
                prop_assert_eq!(records.dim(), (rows as usize, features as usize));
                prop_assert!(records.iter().all(|value| value.is_finite()));
            }
        }

        #[test]
        fn bytes_that_are_no_message_are_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(message) = <wire::Records as prost::Message>::decode(bytes.as_slice()) {
                let _ = records_from_wire(Some(message));
            }
        }
    }
}
