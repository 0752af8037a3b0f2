//! Records and prediction vectors: flat rows on the wire, matrices in the domain. Values survive both ways bit by bit.

use ndarray::{Array2, ArrayView2};
use turncoat_learn::{PredictionVectors, PredictionViolation};

use super::positive;
use crate::violation::Violation;
use crate::wire;

/// By what an answer says which question it is to.
pub(crate) const ANSWERED_QUERY: &str = "first_query";

/// The shape of flat rows: `len` values in rows of `width`.
fn rows(
    len: usize,
    width: u32,
    width_field: &'static str,
    field: &'static str,
) -> Result<(usize, usize), Violation> {
    let width = positive(width, width_field)? as usize;
    if !len.is_multiple_of(width) {
        return Err(Violation::Ragged { field, got: len, width });
    }
    Ok((len / width, width))
}

/// Records `[n, d]` as a message.
#[must_use]
pub fn records_to_wire(records: ArrayView2<'_, f32>) -> wire::Records {
    // A width beyond u32 would be a record of 16 GB, which no message holds.
    let features = u32::try_from(records.ncols()).unwrap_or(u32::MAX);
    let values = match records.as_slice() {
        Some(values) => values.to_vec(),
        None => records.iter().copied().collect(),
    };
    wire::Records { features, values }
}

/// Records `[n, d]` of a message; finite, d at least 1, n may be 0.
///
/// # Errors
/// [`Violation`].
pub fn records_from_wire(records: Option<wire::Records>) -> Result<Array2<f32>, Violation> {
    let records = records.ok_or(Violation::Missing { field: "records" })?;
    let shape = rows(records.values.len(), records.features, "records.features", "records.values")?;
    if let Some(index) = records.values.iter().position(|value| !value.is_finite()) {
        let value = f64::from(records.values[index]);
        return Err(Violation::NotFinite { field: "records.values", index, value });
    }
    Ok(Array2::from_shape_vec(shape, records.values).expect("rows x width is the number of values"))
}

/// Prediction vectors as a message.
#[must_use]
pub fn vectors_to_wire(vectors: PredictionVectors) -> wire::Vectors {
    let classes = u32::try_from(vectors.classes()).unwrap_or(u32::MAX);
    let matrix = vectors.into_inner();
    let probabilities = if matrix.is_standard_layout() {
        // Our own matrices start at their first element; only a sliced one would not.
        let len = matrix.len();
        let (values, offset) = matrix.into_raw_vec_and_offset();
        match offset {
            None | Some(0) if values.len() == len => values,
            offset => values.into_iter().skip(offset.unwrap_or(0)).take(len).collect(),
        }
    } else {
        matrix.iter().copied().collect()
    };
    wire::Vectors { classes, probabilities }
}

/// Prediction vectors of a message: as many as records were asked about, of as many classes as the federation has,
/// where that is known.
///
/// # Errors
/// [`Violation`]: a wrong shape, or a row that is not finite, within [0, 1] and summing to one within 1e-6.
pub fn vectors_from_wire(
    vectors: Option<wire::Vectors>,
    field: &'static str,
    records: usize,
    classes: Option<usize>,
) -> Result<PredictionVectors, Violation> {
    let vectors = vectors.ok_or(Violation::Missing { field })?;
    let (got_rows, got_classes) = rows(vectors.probabilities.len(), vectors.classes, "classes", field)?;
    let due_classes = classes.unwrap_or(got_classes);
    if (got_rows, got_classes) != (records, due_classes) {
        let violation =
            PredictionViolation::Shape { rows: records, classes: due_classes, got_rows, got_classes };
        return Err(Violation::Vectors { field, violation });
    }
    let matrix = Array2::from_shape_vec((got_rows, got_classes), vectors.probabilities)
        .expect("rows x classes is the number of probabilities");
    PredictionVectors::new(matrix).map_err(|violation| Violation::Vectors { field, violation })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Axis, Slice, array};
    use proptest::prelude::*;

    #[test]
    fn records_survive_the_wire_whatever_their_layout() {
        let records = array![[1.0_f32, 2.0, 3.0], [4.0, 5.0, 6.0]];
        assert_eq!(records_from_wire(Some(records_to_wire(records.view()))).unwrap(), records);
        let columns = records.t();
        assert_eq!(records_from_wire(Some(records_to_wire(columns))).unwrap(), columns);
        let none = records.slice_axis(Axis(0), Slice::from(0..0));
        assert_eq!(records_from_wire(Some(records_to_wire(none))).unwrap().dim(), (0, 3));
    }

    #[test]
    fn a_violation_names_the_field_and_the_place() {
        let records = |features, values: &[f32]| {
            records_from_wire(Some(wire::Records { features, values: values.to_vec() }))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(records_from_wire(None).unwrap_err().to_string(), "records is missing");
        assert!(records(0, &[]).starts_with("records.features is 0"));
        assert!(records(2, &[1.0, 2.0, 3.0]).contains("records.values has 3 entries"));
        assert!(records(1, &[1.0, f32::NAN]).contains("records.values[1] is NaN"));
        let vectors = |classes, probabilities: &[f64]| {
            let message = wire::Vectors { classes, probabilities: probabilities.to_vec() };
            vectors_from_wire(Some(message), "vectors", 1, Some(2)).unwrap_err().to_string()
        };
        assert!(vectors(2, &[f64::NAN, 1.0]).contains("vectors: row 0, class 0: NaN"));
        assert!(vectors(2, &[0.5, 0.6]).contains("sum to 1.1"));
        assert!(
            vectors(2, &[0.5, 0.5, 0.5, 0.5]).contains("2 x 2 probabilities where 1 records x 2 classes")
        );
        assert!(vectors(3, &[0.5, 0.25, 0.25]).contains("1 x 3"));
    }

    proptest! {
        #[test]
        fn no_message_panics_and_what_passes_is_a_finite_matrix(
            features in 0_u32..5,
            values in prop::collection::vec(any::<f32>(), 0..24),
        ) {
            let len = values.len();
            if let Ok(records) = records_from_wire(Some(wire::Records { features, values })) {
                prop_assert_eq!(records.ncols(), features as usize);
                prop_assert_eq!(records.len(), len);
                prop_assert!(records.iter().all(|value| value.is_finite()));
            }
        }

        #[test]
        fn no_answer_panics_and_what_passes_lies_on_the_simplex(
            classes in 0_u32..4,
            probabilities in prop::collection::vec(prop_oneof![any::<f64>(), 0.0..1.0, Just(0.0), Just(1.0)], 0..9),
            requested in 0_usize..4,
        ) {
            let message = wire::Vectors { classes, probabilities };
            if let Ok(vectors) = vectors_from_wire(Some(message), "vectors", requested, None) {
                prop_assert_eq!(vectors.len(), requested);
                for row in vectors.view().rows() {
                    prop_assert!(row.iter().all(|p| (0.0..=1.0).contains(p)));
                    prop_assert!((row.sum() - 1.0).abs() <= 1e-5);
                }
            }
        }

        #[test]
        fn vectors_survive_the_wire_bit_by_bit(weights in prop::collection::vec(0.0_f64..1.0, 1..12)) {
            let total: f64 = weights.iter().sum::<f64>().max(1e-9);
            let row: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
            let classes = row.len();
            let matrix = Array2::from_shape_vec((1, classes), row).unwrap();
            if let Ok(vectors) = PredictionVectors::new(matrix) {
                let message = vectors_to_wire(vectors.clone());
                let bytes = prost::Message::encode_to_vec(&message);
                let message: wire::Vectors = prost::Message::decode(bytes.as_slice()).unwrap();
                let back = vectors_from_wire(Some(message), "vectors", 1, Some(classes)).unwrap();
                prop_assert_eq!(back, vectors);
            }
        }

        #[test]
        fn bytes_that_are_no_message_are_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(message) = <wire::Records as prost::Message>::decode(bytes.as_slice()) {
                let _ = records_from_wire(Some(message));
            }
            if let Ok(message) = <wire::Vectors as prost::Message>::decode(bytes.as_slice()) {
                let _ = vectors_from_wire(Some(message), "vectors", 3, Some(2));
            }
        }
    }
}
