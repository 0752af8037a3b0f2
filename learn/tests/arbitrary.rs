//! Every loader on any bytes, and on sound files with bytes changed: an error that says where, or records that are whole; never a
//! panic. So for shards and for the files of models, which are changed behind their checksum too.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use proptest::prelude::*;
use proptest::sample::Index;
use sha2::{Digest, Sha256};
use turncoat_learn::data::{CsvSource, DataFolders, DataSource, IdxPair, IdxPairs, PurchaseSource};
use turncoat_learn::knn::{KnnParams, RawKnnParams};
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, LocalModel, Samples, Seed, Shard};

/// Changes of bytes: where, what, and whether it is set, put in, taken out, or all behind it is.
type Edits = Vec<(Index, u8, u8)>;

fn edits() -> impl Strategy<Value = Edits> {
    prop::collection::vec((any::<Index>(), any::<u8>(), 0_u8..4), 0..4)
}

fn changed(sound: &[u8], edits: &Edits) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    for &(place, byte, how) in edits {
        if bytes.is_empty() {
            bytes.push(byte);
            continue;
        }
        let place = place.index(bytes.len());
        match how {
            0 => bytes[place] = byte,
            1 => bytes.insert(place, byte),
            2 => drop(bytes.remove(place)),
            _ => bytes.truncate(place),
        }
    }
    bytes
}

/// Any bytes, or a change of something sound.
fn content(sound: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..200),
        4 => edits().prop_map(move |edits| changed(&sound, &edits)),
    ]
}

fn put(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

fn load(source: &DataSource, folder: &Path) -> Result<(), TestCaseError> {
    let folders = DataFolders { data_dir: Some(folder.into()), scenario_dir: Some(folder.into()) };
    match source.load(&folders, Seed::root(1)) {
        Ok(data) => {
            prop_assert_eq!(data.records().nrows(), data.labels().len());
            prop_assert!(data.labels().iter().all(|&label| (label as usize) < data.classes()));
            prop_assert!(data.records().iter().all(|value| value.is_finite()));
        }
        Err(error) => prop_assert!(!error.to_string().is_empty()),
    }
    Ok(())
}

const CSV: &str = "age,work,class\n1,?,yes\n2.5,\"a, b\",no\n,c,yes\n-1e3,\"q\"\"q\",no\n";

fn adult() -> String {
    let row = "39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, Cuba";
    format!("{row}, <=50K\n{row}, >50K\n")
}

fn images() -> Vec<u8> {
    [&[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2][..], &[1, 2, 3, 4, 5, 6, 7, 8]].concat()
}

fn zipped(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn shard() -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("shard.npz");
    Shard::new(Array2::from_elem((3, 2), 0.5), vec![0, 1, 1]).unwrap().write(&path).unwrap();
    fs::read(path).unwrap()
}

/// The files of a tree and of neighbours.
fn models() -> Vec<Vec<u8>> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("model");
    let records = Array2::from_shape_fn((20, 3), |(row, column)| (row * (column + 2) % 7) as f32);
    let labels: Vec<u32> = (0..20).map(|row| row % 3 % 2).collect();
    let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
    let knn = KnnParams::try_from(RawKnnParams { k: 3, ..RawKnnParams::default() }).unwrap();
    [Learner::DecisionTree(TreeParams::default()), Learner::Knn(knn)]
        .iter()
        .map(|learner| {
            learner.fit(samples, Seed::root(1)).unwrap().save(&path).unwrap();
            fs::read(&path).unwrap()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn tables(bytes in prop_oneof![content(CSV.into()), content(zipped(CSV.as_bytes()))]) {
        let place = tempfile::tempdir().unwrap();
        load(&DataSource::Csv(CsvSource::new(put(place.path(), "a.csv", &bytes), None)), place.path())?;
    }

    #[test]
    fn adults(train in content(adult().into()), test in content(adult().into())) {
        let place = tempfile::tempdir().unwrap();
        put(place.path(), "adult/adult.data", &train);
        put(place.path(), "adult/adult.test", &test);
        load(&DataSource::Adult, place.path())?;
    }

    #[test]
    fn idx_pairs(images in content(images()), labels in content(vec![0, 0, 8, 1, 0, 0, 0, 2, 0, 1])) {
        let place = tempfile::tempdir().unwrap();
        let pair = IdxPair { images: put(place.path(), "images", &images), labels: put(place.path(), "labels", &labels) };
        load(&DataSource::Idx(IdxPairs(vec![pair])), place.path())?;
    }

    #[test]
    fn cifar_batches(
        batch in content(vec![3; 3073]),
        names in content((0..10).map(|class| format!("c{class}\n")).collect::<String>().into()),
    ) {
        let place = tempfile::tempdir().unwrap();
        put(place.path(), "cifar10/data_batch_3.bin", &batch);
        put(place.path(), "cifar10/batches.meta.txt", &names);
        load(&DataSource::Cifar10, place.path())?;
    }

    #[test]
    fn purchases(bytes in content(b"1,0,1,1\n2,1,0,0\n10,0,0,1\n".to_vec())) {
        let place = tempfile::tempdir().unwrap();
        let path = put(place.path(), "purchase/purchase_2.csv", &bytes);
        load(&DataSource::Purchase(PurchaseSource::Classes(2)), place.path())?;
        load(&DataSource::Purchase(PurchaseSource::Path(path)), place.path())?;
        put(place.path(), "valued-shopper/valued_shopper_2.csv", &bytes);
        load(&DataSource::ValuedShoppers { classes: 2 }, place.path())?;
    }

    #[test]
    fn shards(bytes in content(shard())) {
        let place = tempfile::tempdir().unwrap();
        match Shard::read(&put(place.path(), "shard.npz", &bytes)) {
            Ok(shard) => prop_assert_eq!(shard.records().nrows(), shard.labels().len()),
            Err(error) => prop_assert!(error.to_string().contains("shard")),
        }
    }

    #[test]
    fn files_of_models(which in 0_usize..2, edits in edits(), features in 0_usize..5) {
        let place = tempfile::tempdir().unwrap();
        let whole = models().swap_remove(which);
        let path = put(place.path(), "model", &changed(&whole, &edits));
        prop_assert!(LocalModel::load(&path).is_err() || fs::read(&path).unwrap() == whole);
        // With a checksum that fits, all of the model is looked at.
        let mut body = changed(&whole[..whole.len() - 32], &edits);
        let digest = Sha256::digest(&body);
        body.extend_from_slice(&digest);
        let path = put(place.path(), "model", &body);
        if let Ok(model) = LocalModel::load(&path) {
            let _ = model.predict_proba(Array2::zeros((2, features)).view());
            model.save(&path).unwrap();
            prop_assert!(fs::read(&path).unwrap() == body);
        }
    }
}

/// Found by fuzzing: a vector has a number for each class, and memory ended where a file declared enough of them.
#[test]
fn classes_that_are_only_declared_are_not_believed() {
    let place = tempfile::tempdir().unwrap();
    let whole = models().swap_remove(1);
    // Behind the magic, the version, the kind, k, the weights and the number of features.
    let classes = 8 + 1 + 4 + 1 + 8;
    assert_eq!(whole[classes..classes + 8], 2_u64.to_le_bytes());
    let mut body = whole[..whole.len() - 32].to_vec();
    body[classes..classes + 8].copy_from_slice(&(1_u64 << 29).to_le_bytes());
    let digest = Sha256::digest(&body);
    body.extend_from_slice(&digest);
    let refused = LocalModel::load(&put(place.path(), "model", &body)).unwrap_err().to_string();
    assert!(refused.contains("536870912 classes make no model"), "{refused}");
}
