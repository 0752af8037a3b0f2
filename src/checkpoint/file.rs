//! One checkpoint as a file: the SHA-256 of all that follows, a line that says what it is of, and its content.
//!
//! The content is JSON. A number that JSON does not have (NaN, an infinity) would come back as another one: what does not come
//! back as it was written is not kept, which costs time when the run is resumed and never a figure.

use std::fs;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::CheckpointError;
use crate::error::Error;
use crate::identity::hex;
use crate::kernel::kernel;

/// What a checkpoint is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heading {
    /// Version of turncoat.
    pub(super) version: String,
    /// Which arithmetic the processor gave.
    pub(super) kernel: String,
    /// SHA-256 of the resolved scenario without how it is launched: all that decides figures and files.
    pub(super) scenario: String,
    /// SHA-256 of the prepared data; none for what was written before it was read.
    pub(super) data: Option<String>,
    /// SHA-256 of the programs that the scenario's own commands name; none where there are none, and as for the data.
    pub(super) programs: Option<String>,
    /// Which part of the run it is: the name of its file.
    pub(super) part: String,
}

/// Whether a file was written.
#[derive(Debug)]
pub(super) enum Sealed {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It would not come back as it is.
    Inexact,
}

/// The bytes of a checkpoint.
///
/// # Errors
/// [`Error::Bug`]: writing to memory does not fail.
pub(super) fn seal<T: Serialize + DeserializeOwned + PartialEq>(
    heading: &Heading,
    content: &T,
) -> Result<Sealed, Error> {
    let failed = |e: serde_json::Error| Error::Bug(format!("{} cannot be written down: {e}", heading.part));
    let body = serde_json::to_vec(content).map_err(failed)?;
    let back: Result<T, _> = serde_json::from_slice(&body);
    // The content itself, whatever its size. NaN equals nothing, not even itself, and so is never kept.
    if !back.is_ok_and(|back| back == *content) {
        return Ok(Sealed::Inexact);
    }
    let mut rest = serde_json::to_vec(heading).map_err(failed)?;
    rest.push(b'\n');
    rest.extend(body);
    let mut bytes = hex(&Sha256::digest(&rest)).into_bytes();
    bytes.push(b'\n');
    bytes.extend(rest);
    Ok(Sealed::Bytes(bytes))
}

/// Reads a checkpoint; `None` where there is none.
///
/// # Errors
/// [`CheckpointError`] when it is not whole or not of this run.
pub(super) fn read<T: DeserializeOwned>(
    path: &Path,
    expected: &Heading,
) -> Result<Option<T>, CheckpointError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(CheckpointError::Unreadable { path: path.into(), source }),
    };
    let damaged = |what: String| CheckpointError::Damaged { path: path.into(), what };
    let (heading, content) = open(&bytes).map_err(damaged)?;
    if heading.part != expected.part {
        return Err(damaged(format!("it is {}, under another name", heading.part)));
    }
    if heading.version != expected.version {
        return Err(CheckpointError::Version { path: path.into(), theirs: heading.version });
    }
    if heading.kernel != expected.kernel {
        return Err(CheckpointError::Kernel { path: path.into(), theirs: heading.kernel, ours: kernel() });
    }
    if heading.scenario != expected.scenario {
        return Err(CheckpointError::Scenario { path: path.into() });
    }
    if heading.data != expected.data {
        return Err(CheckpointError::Data { path: path.into() });
    }
    if heading.programs != expected.programs {
        return Err(CheckpointError::Programs { path: path.into() });
    }
    let content = serde_json::from_slice(content)
        .map_err(|e| damaged(format!("it is whole, but was written by another build of turncoat ({e})")))?;
    Ok(Some(content))
}

/// The heading and the content of a whole checkpoint.
fn open(bytes: &[u8]) -> Result<(Heading, &[u8]), String> {
    let line = |bytes: &[u8]| bytes.iter().position(|&byte| byte == b'\n');
    let hash_ends = line(bytes).ok_or("it is cut short")?;
    let (hash, rest) = (&bytes[..hash_ends], &bytes[hash_ends + 1..]);
    if hash != hex(&Sha256::digest(rest)).as_bytes() {
        return Err("its content does not match its hash".into());
    }
    let heading_ends = line(rest).ok_or("it has no heading")?;
    let heading = serde_json::from_slice(&rest[..heading_ends]).map_err(|e| format!("its heading: {e}"))?;
    Ok((heading, &rest[heading_ends + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading() -> Heading {
        Heading {
            version: "1".into(),
            kernel: "k".into(),
            scenario: "a".into(),
            data: Some("b".into()),
            programs: None,
            part: "repeat-001".into(),
        }
    }

    fn sealed<T: Serialize + DeserializeOwned + PartialEq>(content: &T) -> Option<Vec<u8>> {
        match seal(&heading(), content).unwrap() {
            Sealed::Bytes(bytes) => Some(bytes),
            Sealed::Inexact => None,
        }
    }

    #[test]
    fn floats_come_back_to_the_last_bit() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("repeat-001");
        // Halfway cases, the least and the greatest, a negative zero, and a stream of bit patterns.
        let mut values =
            vec![0.1 + 0.2, f64::MIN_POSITIVE, 5e-324, f64::MAX, -0.0, 9007199254740993.0, 1.0 / 3.0];
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            values.push(f64::from_bits(bits ^ (bits >> 29)));
        }
        values.retain(|value| value.is_finite());
        let content: Vec<Option<f64>> = values.iter().copied().map(Some).chain([None]).collect();
        fs::write(&path, sealed(&content).unwrap()).unwrap();
        let back: Vec<Option<f64>> = read(&path, &heading()).unwrap().unwrap();
        let bits = |values: &[Option<f64>]| values.iter().map(|v| v.map(f64::to_bits)).collect::<Vec<_>>();
        assert_eq!(bits(&back), bits(&content));
    }

    #[test]
    fn what_json_cannot_say_is_not_kept() {
        assert!(sealed(&vec![Some(f64::NAN)]).is_none(), "it would come back as nothing");
        assert!(sealed(&vec![f64::INFINITY]).is_none());
        assert!(sealed(&vec![None::<f64>]).is_some());
        // A type whose debug text tells nothing of what is in it.
        #[derive(PartialEq, Serialize, Deserialize)]
        struct Quiet(Vec<Option<f64>>);
        assert!(sealed(&Quiet(vec![Some(f64::NAN), Some(0.5)])).is_none());
        assert!(sealed(&Quiet(vec![Some(0.25), Some(0.5)])).is_some());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("repeat-001");
        let whole = sealed(&vec![Some(0.25), None]).unwrap();
        let check = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            read::<Vec<Option<f64>>>(&path, &heading())
        };
        assert_eq!(check(&whole).unwrap(), Some(vec![Some(0.25), None]));
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(check(&flipped), Err(CheckpointError::Damaged { .. })), "bit {bit}");
        }
        for length in 0..whole.len() {
            assert!(
                matches!(check(&whole[..length]), Err(CheckpointError::Damaged { .. })),
                "{length} bytes"
            );
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(read::<Vec<f64>>(&path, &heading()).unwrap(), None);
    }

    #[test]
    fn a_checkpoint_of_another_run_says_which_part_differs() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("repeat-001");
        fs::write(&path, sealed(&1_u8).unwrap()).unwrap();
        let refused = |other: Heading| Error::from(read::<u8>(&path, &other).unwrap_err());
        for (other, says, code) in [
            (Heading { version: "2".into(), ..heading() }, "was made by turncoat 1", 2),
            (Heading { kernel: "l".into(), ..heading() }, "was made on a processor of the kind k", 2),
            (Heading { scenario: "x".into(), ..heading() }, "is of another scenario", 2),
            (Heading { data: Some("x".into()), ..heading() }, "on other data", 3),
            (Heading { programs: Some("x".into()), ..heading() }, "with other programs", 2),
            (Heading { part: "repeat-002".into(), ..heading() }, "it is repeat-001, under another name", 2),
        ] {
            let error = refused(other);
            assert!(error.to_string().contains(says) && error.to_string().contains("repeat-001"), "{error}");
            assert_eq!(error.code(), code);
        }
        assert!(read::<String>(&path, &heading()).unwrap_err().to_string().contains("another build"));
    }
}
