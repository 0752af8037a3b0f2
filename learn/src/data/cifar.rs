//! CIFAR-10, binary version (Krizhevsky, 2009): records of one class byte, then 1,024 red, green and blue values each.

use std::path::{Path, PathBuf};

use ndarray::Array2;

use super::bytes::read_whole;
use super::columns::numeric_features;
use super::error::DataError;
use super::folders::DataFolders;
use super::text::read_text;
use crate::dataset::Dataset;

const PIXELS: usize = 3 * 32 * 32;
const CLASSES: usize = 10;
/// The batches in the order in which they are read.
const BATCHES: [&str; 6] = [
    "cifar10/data_batch_1.bin",
    "cifar10/data_batch_2.bin",
    "cifar10/data_batch_3.bin",
    "cifar10/data_batch_4.bin",
    "cifar10/data_batch_5.bin",
    "cifar10/test_batch.bin",
];
const HOME: &str = "the CIFAR-10 page of the University of Toronto (Krizhevsky), \"CIFAR-10 binary version\"";

/// Those batches that are in the data folder, at least one.
pub(super) fn find(folders: &DataFolders) -> Result<Vec<PathBuf>, DataError> {
    folders.of_set("cifar10", &BATCHES, HOME)?;
    let batches = BATCHES.iter().filter_map(|batch| folders.of_set_if_there(&[batch]).transpose());
    batches.collect()
}

/// The records of these batches.
pub(super) fn load(folders: &DataFolders) -> Result<Dataset, DataError> {
    let mut values = Vec::new();
    let mut labels = Vec::new();
    for batch in find(folders)? {
        read_batch(&batch, &mut values, &mut labels)?;
    }
    let classes = match folders.of_set_if_there(&["cifar10/batches.meta.txt"])? {
        Some(path) => read_class_names(&path)?,
        None => (0..CLASSES).map(|class| class.to_string()).collect(),
    };
    let records = Array2::from_shape_vec((labels.len(), PIXELS), values)
        .expect("every record adds one label and its pixels");
    Ok(Dataset::new("cifar10", records, labels, numeric_features(PIXELS), classes)?)
}

fn read_batch(path: &Path, values: &mut Vec<f32>, labels: &mut Vec<u32>) -> Result<(), DataError> {
    let bytes = read_whole(path)?;
    if bytes.is_empty() {
        return Err(DataError::Empty { path: path.to_owned() });
    }
    let (records, rest) = bytes.as_chunks::<{ 1 + PIXELS }>();
    if !rest.is_empty() {
        return Err(DataError::Length {
            path: path.to_owned(),
            found: bytes.len() as u64,
            expected: ((records.len() + 1) * (1 + PIXELS)) as u64,
            rule: format!("whole records of {} bytes", 1 + PIXELS),
        });
    }
    values.reserve_exact(records.len() * PIXELS);
    for (record, [class, pixels @ ..]) in records.iter().enumerate() {
        if usize::from(*class) >= CLASSES {
            return Err(DataError::ClassByte {
                path: path.to_owned(),
                record,
                class: *class,
                classes: CLASSES,
            });
        }
        labels.push(u32::from(*class));
        values.extend(pixels.iter().map(|&value| f32::from(value)));
    }
    Ok(())
}

fn read_class_names(path: &Path) -> Result<Vec<String>, DataError> {
    let text = read_text(path)?;
    let names: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if names.len() != CLASSES {
        return Err(DataError::ClassNames { path: path.to_owned(), found: names.len(), expected: CLASSES });
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seed;
    use crate::data::DataSource;
    use crate::data::testing::{Folder, gzip, real_data};

    fn record(class: u8, value: u8) -> Vec<u8> {
        let mut bytes = vec![value; 1 + PIXELS];
        bytes[0] = class;
        bytes
    }

    fn load(folder: &Folder) -> Result<Dataset, DataError> {
        DataSource::Cifar10.load(&folder.folders(), Seed::root(0))
    }

    #[test]
    fn the_batches_that_are_there_are_read_in_order() {
        let folder = Folder::new();
        folder.write("cifar10/test_batch.bin", record(9, 3));
        folder.write("cifar10/data_batch_2.bin.gz", gzip(&[record(0, 1), record(1, 2)].concat()));
        let set = load(&folder).unwrap();
        assert_eq!(set.labels(), [0, 1, 9]);
        assert_eq!(set.records().column(3071).to_vec(), [1.0, 2.0, 3.0]);
        assert_eq!(set.class_names()[9], "9");
        folder.write("cifar10/batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\ntruck\n\n");
        assert_eq!(load(&folder).unwrap().class_names()[9], "truck");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let folder = Folder::new();
        let error = load(&folder).unwrap_err();
        assert!(error.to_string().contains("Toronto"), "{error}");
        folder.write("cifar10/data_batch_1.bin", [record(0, 1), vec![1, 2, 3]].concat());
        let error = load(&folder).unwrap_err();
        assert!(matches!(error, DataError::Length { found: 3076, expected: 6146, .. }), "{error}");
        folder.write("cifar10/data_batch_1.bin", [record(0, 1), record(10, 1)].concat());
        assert!(matches!(load(&folder), Err(DataError::ClassByte { record: 1, class: 10, .. })));
        folder.write("cifar10/data_batch_1.bin", b"");
        assert!(matches!(load(&folder), Err(DataError::Empty { .. })));
        folder.write("cifar10/data_batch_1.bin", record(0, 1));
        folder.write("cifar10/batches.meta.txt", "a\nb\n");
        assert!(matches!(load(&folder), Err(DataError::ClassNames { found: 2, expected: 10, .. })));
    }

    #[test]
    fn cifar10_itself() {
        let Some(folders) = real_data("cifar10/data_batch_2.bin.gz") else { return };
        let set = DataSource::Cifar10.load(&folders, Seed::root(0)).unwrap();
        assert!(set.len() >= 20_000 && set.len().is_multiple_of(10_000));
        let first: Vec<usize> = (0..10_000).collect();
        assert_eq!(set.class_counts(&first), [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]);
        let second: Vec<usize> = (10_000..20_000).collect();
        assert_eq!(set.class_counts(&second), [984, 1007, 1010, 995, 1010, 988, 1008, 1026, 987, 985]);
        let records = set.records();
        let red =
            first.iter().flat_map(|&row| (0..1024).map(move |column| f64::from(records[[row, column]])));
        let red: f64 = red.sum();
        assert!((red / (10_000.0 * 1024.0 * 255.0) - 0.4935).abs() < 5e-5);
        assert_eq!(set.class_names()[0], "airplane");
    }
}
