//! Prediction vectors: bytes on the wire, in the shortest form that keeps every probability, [`PredictionVectors`] in the domain.
//! Probabilities survive both ways bit by bit.

use ndarray::{Array2, ArrayView2};
use prost::bytes::Bytes;
use turncoat_learn::{PredictionVectors, PredictionViolation};
use turncoat_net::MAX_MESSAGE_BYTES;

use super::positive;
use super::records::sized;
use crate::violation::Violation;
use crate::wire::{self, RepeatedVectors, vectors::Probabilities};

/// By what an answer says which question it is to.
pub(crate) const ANSWERED_QUERY: &str = "first_query";

/// Prediction vectors as a message.
#[must_use]
pub fn vectors_to_wire(vectors: &PredictionVectors) -> wire::Vectors {
    let view = vectors.view();
    let flat;
    let probabilities = match view.as_slice() {
        Some(probabilities) => probabilities,
        None => {
            flat = view.iter().copied().collect::<Vec<f64>>();
            &flat
        }
    };
    let probabilities = certain(view).or_else(|| repeated(probabilities, vectors.classes()));
    match probabilities {
        Some(probabilities) => wire::Vectors { probabilities: Some(probabilities), ..shape(view) },
        None => wire::Vectors::of(view),
    }
}

fn shape(vectors: ArrayView2<'_, f64>) -> wire::Vectors {
    let [rows, classes] = [vectors.nrows(), vectors.ncols()].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    wire::Vectors { rows, classes, probabilities: None }
}

/// The classes of vectors that give one class everything.
fn certain(vectors: ArrayView2<'_, f64>) -> Option<Probabilities> {
    let class_of = |vector: ndarray::ArrayView1<'_, f64>| {
        let class = vector.iter().position(|&p| p != 0.0)?;
        let zero = |p: &f64| p.to_bits() == 0;
        let rest = vector.iter().enumerate().all(|(other, p)| other == class || zero(p));
        (vector[class] == 1.0 && rest).then_some(class)
    };
    let classes: Vec<usize> = vectors.rows().into_iter().map(class_of).collect::<Option<_>>()?;
    Some(Probabilities::Certain(numbers(&classes, vectors.ncols())))
}

/// The different ones and which is where, if that is shorter by half.
fn repeated(probabilities: &[f64], classes: usize) -> Option<Probabilities> {
    let rows = probabilities.chunks_exact(classes);
    let most = rows.len() / 4;
    // Open addressing; a slot holds a place, counted from one.
    let mut slots = vec![0_u32; (2 * most).next_power_of_two()];
    let mut different: Vec<&[f64]> = Vec::new();
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        let mix =
            |hash: u64, p: &f64| (hash ^ p.to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        let mut slot = row.iter().fold(0, mix) as usize % slots.len();
        let place = loop {
            match slots[slot] {
                0 if different.len() == most => return None,
                0 => {
                    different.push(row);
                    slots[slot] = different.len() as u32;
                    break different.len() - 1;
                }
                taken => {
                    let known = different[taken as usize - 1];
                    if known.iter().zip(row).all(|(a, b)| a.to_bits() == b.to_bits()) {
                        break taken as usize - 1;
                    }
                    slot = (slot + 1) % slots.len();
                }
            }
        };
        places.push(place);
    }
    let count = different.len();
    let f64 = eight_bytes_each(different.into_iter().flatten());
    let places = numbers(&places, count);
    Some(Probabilities::RepeatedVectors(RepeatedVectors { f64, places }))
}

/// Bytes that hold any number below that.
fn width(below: usize) -> usize {
    match below {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

fn numbers(numbers: &[usize], below: usize) -> Bytes {
    let width = width(below);
    let mut bytes = Vec::with_capacity(numbers.len() * width);
    numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()[..width]));
    bytes.into()
}

fn numbers_from(
    bytes: &Bytes,
    field: &'static str,
    count: usize,
    below: usize,
) -> Result<Vec<usize>, Violation> {
    let width = width(below);
    let bytes = sized(bytes, field, count * width)?;
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte));
    let numbers: Vec<usize> = bytes.chunks_exact(width).map(number).collect();
    match numbers.iter().find(|&&number| number >= below) {
        Some(number) => {
            Err(Violation::Value { field, value: number.to_string(), rule: "beyond the last there is" })
        }
        None => Ok(numbers),
    }
}

fn eight_bytes_each<'a>(values: impl Iterator<Item = &'a f64>) -> Bytes {
    let mut bytes = Vec::with_capacity(values.size_hint().0 * 8);
    values.for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
    bytes.into()
}

fn floats(bytes: &[u8]) -> Vec<f64> {
    bytes.as_chunks::<8>().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect()
}

impl wire::Vectors {
    /// Those probabilities `[rows, classes]`, whatever they are, each written out.
    #[must_use]
    pub fn of(probabilities: ArrayView2<'_, f64>) -> Self {
        let bytes = eight_bytes_each(probabilities.iter());
        Self { probabilities: Some(Probabilities::F64(bytes)), ..shape(probabilities) }
    }

    /// The probabilities `[rows, classes]`, which need be none.
    ///
    /// # Errors
    /// [`Violation`]: no or more classes than a message holds, or bytes that are not as many as rows and classes ask for. `field`
    /// is how it names the vectors.
    pub fn matrix(self, field: &'static str) -> Result<Array2<f64>, Violation> {
        let Self { classes, rows, probabilities } = self;
        let (rows, classes) = (rows as usize, positive(classes, "classes")? as usize);
        let len = rows.checked_mul(classes).filter(|&len| len <= MAX_MESSAGE_BYTES / 8);
        let len = len.ok_or(Violation::Value {
            field,
            value: format!("{rows} x {classes} probabilities"),
            rule: "no more than a message holds as 64-bit floats",
        })?;
        let values = match probabilities.ok_or(Violation::Missing { field })? {
            Probabilities::F64(bytes) => floats(sized(&bytes, field, len * 8)?),
            Probabilities::Certain(bytes) => {
                let mut values = vec![0.0; len];
                for (row, class) in numbers_from(&bytes, field, rows, classes)?.into_iter().enumerate() {
                    values[row * classes + class] = 1.0;
                }
                values
            }
            Probabilities::RepeatedVectors(RepeatedVectors { f64, places }) => {
                let count = f64.len() / 8 / classes;
                let different = floats(sized(&f64, field, count * classes * 8)?);
                let places = numbers_from(&places, field, rows, count)?;
                places.iter().flat_map(|place| &different[place * classes..][..classes]).copied().collect()
            }
        };
        Ok(Array2::from_shape_vec((rows, classes), values).expect("there are rows x classes values"))
    }
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
    let (got_rows, got_classes) = (vectors.rows as usize, positive(vectors.classes, "classes")? as usize);
    let due_classes = classes.unwrap_or(got_classes);
    if (got_rows, got_classes) != (records, due_classes) {
        let violation =
            PredictionViolation::Shape { rows: records, classes: due_classes, got_rows, got_classes };
        return Err(Violation::Vectors { field, violation });
    }
    PredictionVectors::new(vectors.matrix(field)?)
        .map_err(|violation| Violation::Vectors { field, violation })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    fn form(vectors: Array2<f64>) -> Probabilities {
        let vectors = PredictionVectors::new(vectors).unwrap();
        let message = vectors_to_wire(&vectors);
        let back = vectors_from_wire(Some(message.clone()), "vectors", vectors.len(), None).unwrap();
        assert_eq!(back, vectors);
        message.probabilities.unwrap()
    }

    #[test]
    fn the_form_is_the_shortest_that_keeps_every_probability() {
        let hot = |class: usize, classes: usize| (0..classes).map(move |k| f64::from(u8::from(k == class)));
        let rows = Array2::from_shape_vec((2, 3), hot(2, 3).chain(hot(0, 3)).collect()).unwrap();
        assert_eq!(form(rows), Probabilities::Certain(vec![2, 0].into()));
        let rows = Array2::from_shape_vec((2, 300), hot(258, 300).chain(hot(1, 300)).collect()).unwrap();
        assert_eq!(form(rows), Probabilities::Certain(vec![2, 1, 1, 0].into()));
        // Two thirds and a third, as three trees say: two different ones in eight.
        let (one, other) = ([2.0 / 3.0, 1.0 / 3.0], [1.0, 0.0]);
        let rows = Array2::from_shape_fn((8, 2), |(row, class)| if row == 5 { other } else { one }[class]);
        let f64 = [one, other].concat().into_iter().flat_map(f64::to_le_bytes).collect::<Vec<u8>>().into();
        let places = vec![0, 0, 0, 0, 0, 1, 0, 0].into();
        assert_eq!(form(rows), Probabilities::RepeatedVectors(RepeatedVectors { f64, places }));
        let rows = Array2::from_shape_fn((8, 2), |(row, class)| [0.1, 0.9][(row + class) % 2]);
        assert!(matches!(form(rows), Probabilities::RepeatedVectors(_)));
        let rows =
            Array2::from_shape_fn((8, 2), |(row, class)| [row as f64 / 16.0, 1.0 - row as f64 / 16.0][class]);
        assert!(matches!(form(rows), Probabilities::F64(_)));
        // -0 is no nought.
        assert!(matches!(form(array![[1.0, -0.0]]), Probabilities::F64(_)));
    }

    #[test]
    fn a_violation_names_the_field_and_the_place() {
        let refused = |message: wire::Vectors| {
            vectors_from_wire(Some(message), "vectors", 1, Some(2)).unwrap_err().to_string()
        };
        let of = |probabilities: Array2<f64>| refused(wire::Vectors::of(probabilities.view()));
        assert_eq!(vectors_from_wire(None, "mean", 1, None).unwrap_err().to_string(), "mean is missing");
        assert!(of(array![[f64::NAN, 1.0]]).contains("vectors: row 0, class 0: NaN"));
        assert!(of(array![[0.5, 0.6]]).contains("sum to 1.1"));
        assert!(
            of(array![[0.5, 0.5], [0.5, 0.5]]).contains("2 x 2 probabilities where 1 records x 2 classes")
        );
        assert!(of(array![[0.5, 0.25, 0.25]]).contains("1 x 3"));
        let with = |rows, classes, probabilities| {
            let message = wire::Vectors { rows, classes, probabilities };
            vectors_from_wire(Some(message), "vectors", rows as usize, None).unwrap_err().to_string()
        };
        assert_eq!(with(1, 2, None), "vectors is missing");
        assert!(with(1, 0, None).starts_with("classes is 0"));
        let bytes = |n| Bytes::from(vec![1_u8; n]);
        assert!(with(2, 2, Some(Probabilities::F64(bytes(31)))).contains("has 31 entries where 32 were due"));
        assert!(with(2, 2, Some(Probabilities::Certain(bytes(1)))).contains("has 1 entries where 2"));
        assert!(with(1, 1, Some(Probabilities::Certain(bytes(1)))).contains("is 1: beyond the last"));
        let repeated = |f64, places| Some(Probabilities::RepeatedVectors(RepeatedVectors { f64, places }));
        assert!(with(1, 2, repeated(bytes(15), bytes(1))).contains("has 15 entries where 0"));
        assert!(with(1, 2, repeated(bytes(16), bytes(1))).contains("is 1: beyond the last"));
        assert!(with(1, 2, repeated(bytes(0), bytes(1))).contains("beyond the last"));
        // Few bytes that would become more than a message.
        let huge = Some(Probabilities::Certain(bytes(4)));
        assert!(with(1 << 20, 1 << 20, huge).contains("no more than a message holds"));
    }

    proptest! {
        #[test]
        fn no_answer_panics_and_what_passes_lies_on_the_simplex(
            classes in 0_u32..4,
            rows in 0_u32..4,
            form in 0..3,
            probabilities in prop::collection::vec(prop_oneof![any::<f64>(), 0.0..1.0, Just(0.0), Just(1.0)], 0..9),
            places in prop::collection::vec(0_u8..4, 0..5),
            requested in 0_usize..4,
        ) {
            let f64: Bytes = probabilities.into_iter().flat_map(f64::to_le_bytes).collect::<Vec<u8>>().into();
            let probabilities = Some(match form {
                0 => Probabilities::F64(f64),
                1 => Probabilities::Certain(places.into()),
                _ => Probabilities::RepeatedVectors(RepeatedVectors { f64, places: places.into() }),
            });
            let message = wire::Vectors { classes, rows, probabilities };
            if let Ok(vectors) = vectors_from_wire(Some(message), "vectors", requested, None) {
                prop_assert_eq!(vectors.len(), requested);
                for row in vectors.view().rows() {
                    prop_assert!(row.iter().all(|p| (0.0..=1.0).contains(p)));
                    prop_assert!((row.sum() - 1.0).abs() <= 1e-5);
                }
            }
        }

        #[test]
        fn vectors_survive_the_wire_bit_by_bit(
            weights in prop::collection::vec(prop::collection::vec(0_u8..3, 3), 1..40),
        ) {
            let row = |weights: Vec<u8>| {
                let total = f64::from(weights.iter().sum::<u8>()).max(1.0);
                weights.into_iter().map(move |weight| f64::from(weight) / total)
            };
            let rows = weights.len();
            let matrix = Array2::from_shape_vec((rows, 3), weights.into_iter().flat_map(row).collect()).unwrap();
            if let Ok(vectors) = PredictionVectors::new(matrix) {
                let bytes = prost::Message::encode_to_vec(&vectors_to_wire(&vectors));
                let message: wire::Vectors = prost::Message::decode(bytes.as_slice()).unwrap();
                let back = vectors_from_wire(Some(message), "vectors", rows, Some(3)).unwrap();
                prop_assert_eq!(back, vectors);
            }
        }

        #[test]
        fn bytes_that_are_no_message_are_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(message) = <wire::Vectors as prost::Message>::decode(bytes.as_slice()) {
                let _ = vectors_from_wire(Some(message), "vectors", 3, Some(2));
            }
        }
    }
}
