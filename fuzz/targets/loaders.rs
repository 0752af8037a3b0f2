//! Every loader of data on any bytes: an error that can be told, or a data set that can be described; never a panic.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use turncoat_fuzz::{LOADERS, parts, put};
use turncoat_learn::data::{
    ColumnKind, ColumnRef, CsvSource, DataFolders, DataSource, Description, IdxPair, IdxPairs,
    PurchaseSource, Separator,
};
use turncoat_learn::{Seed, Shard};

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("a temporary folder can be made"));

fuzz_target!(|input: &[u8]| {
    let Some((&which, input)) = input.split_first() else { return };
    let folder = FOLDER.path();
    let source = match which % LOADERS {
        0 => DataSource::Csv(CsvSource::new(put(folder, "a.csv", input), None)),
        1 => {
            let Some((&options, input)) = input.split_first() else { return };
            let [name, content] = parts(input);
            let column = match String::from_utf8(name.to_vec()) {
                Ok(name) if options & 1 == 0 => ColumnRef::Name(name),
                _ => ColumnRef::Position(name.first().map_or(0, |&byte| i64::from(byte as i8))),
            };
            let kind = if options & 2 == 0 { ColumnKind::Numeric } else { ColumnKind::Categorical };
            DataSource::Csv(CsvSource {
                header: [None, Some(true), Some(false)][usize::from(options >> 2) % 3],
                separator: Some(Separator::WORDS[usize::from(options >> 4) % Separator::WORDS.len()].1),
                columns: vec![(column.clone(), kind)],
                ..CsvSource::new(put(folder, "b.csv", content), (options & 0x80 != 0).then_some(column))
            })
        }
        2 => {
            let [train, test] = parts(input);
            put(folder, "adult/adult.data", train);
            put(folder, "adult/adult.test", test);
            DataSource::Adult
        }
        3 => {
            let [images, labels] = parts(input);
            let (images, labels) = (put(folder, "images", images), put(folder, "labels", labels));
            DataSource::Idx(IdxPairs(vec![IdxPair { images, labels }]))
        }
        4 => {
            let [names, first, second] = parts(input);
            put(folder, "cifar10/batches.meta.txt", names);
            put(folder, "cifar10/data_batch_1.bin", first);
            put(folder, "cifar10/test_batch.bin", second);
            DataSource::Cifar10
        }
        5 => {
            let path = put(folder, "purchase.csv", input);
            DataSource::Purchase(PurchaseSource::Path(path))
        }
        6 => {
            put(folder, "purchase/purchase_2.csv", input);
            DataSource::Purchase(PurchaseSource::Classes(2))
        }
        _ => {
            let path = put(folder, "shard.npz", input);
            match Shard::read(&path) {
                Ok(shard) => assert!(shard.records().iter().all(|value| value.is_finite())),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
            return;
        }
    };
    let folders = DataFolders { data_dir: Some(folder.into()), scenario_dir: Some(folder.into()) };
    match source.load(&folders, Seed::root(1)) {
        Ok(data) => {
            assert_eq!(data.records().nrows(), data.labels().len());
            assert!(data.labels().iter().all(|&label| (label as usize) < data.classes()));
            assert!(data.records().iter().all(|value| value.is_finite()));
            let _ = Description::of(&data);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
