//! The file of a model, past its checksum: any bytes are an error, or a model that answers with probabilities.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use ndarray::Array2;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use turncoat_fuzz::put;
use turncoat_learn::LocalModel;

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("a temporary folder can be made"));

fuzz_target!(|input: &[u8]| {
    let Some((&features, body)) = input.split_first() else { return };
    let mut file = b"TCMODEL\x01".to_vec();
    file.extend_from_slice(body);
    let digest = Sha256::digest(&file);
    file.extend_from_slice(&digest);
    let path = put(FOLDER.path(), "model", &file);
    let Ok(model) = LocalModel::load(&path) else { return };
    let records =
        Array2::from_shape_fn((3, usize::from(features)), |(row, column)| (row * 7 + column) as f32 - 3.0);
    if let Ok(vectors) = model.predict_proba(records.view()) {
        assert_eq!(vectors.len(), 3);
    }
    // What was read is written as it was read.
    let again = FOLDER.path().join("again");
    model.save(&again).expect("the temporary folder can be written to");
    assert!(std::fs::read(&again).expect("it was just written") == file, "another file says the same model");
});
