//! IDX files of unsigned bytes (the format of MNIST, LeCun, Cortes and Burges, 1998), and the sets that come in them.
//!
//! A file is a big-endian number 0x000008DD with DD dimensions, DD big-endian lengths, then the bytes, last dimension
//! fastest. A file must be exactly as long as its header says, so nothing is allocated on the word of a header.

use std::path::{Path, PathBuf};

use ndarray::Array2;

use super::bytes::read_whole;
use super::columns::{numeric_features, occurring};
use super::error::DataError;
use super::folders::DataFolders;
use crate::dataset::Dataset;

/// The number at the head of images of two dimensions, and of labels.
const IMAGES: u32 = 0x0000_0803;
const LABELS: u32 = 0x0000_0801;

/// The ten digits.
pub(super) const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/// The ten articles of Fashion-MNIST.
pub(super) const ARTICLES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// MNIST and the sets made in its likeness: training pair, then test pair, under `folder` of the data folder.
pub(super) fn load_mnist_like(
    folders: &DataFolders,
    folder: &str,
    class_names: [&str; 10],
    home: &str,
) -> Result<Dataset, DataError> {
    let pairs = find_mnist_like(folders, folder, home)?;
    load_pairs(folder, &pairs, Some(class_names.map(str::to_owned).to_vec()))
}

/// The pairs of images and labels of such a set.
pub(super) fn find_mnist_like(
    folders: &DataFolders,
    folder: &str,
    home: &str,
) -> Result<[(PathBuf, PathBuf); 2], DataError> {
    let find = |file: String| folders.of_set(folder, &[&format!("{folder}/{file}")], home);
    let pair = |part: &str| {
        Ok::<_, DataError>((
            find(format!("{part}-images-idx3-ubyte"))?,
            find(format!("{part}-labels-idx1-ubyte"))?,
        ))
    };
    Ok([pair("train")?, pair("t10k")?])
}

/// The pairs one after the other. Without class names, the classes are the bytes that occur, called by their numbers.
pub(super) fn load_pairs(
    name: &str,
    pairs: &[(PathBuf, PathBuf)],
    class_names: Option<Vec<String>>,
) -> Result<Dataset, DataError> {
    let allowed = class_names.as_ref().map_or(256, Vec::len);
    let mut read: Vec<(Idx, Idx)> = Vec::with_capacity(pairs.len());
    for (images_path, labels_path) in pairs {
        let images = Idx::read(images_path, "images")?;
        let classes = Idx::read(labels_path, "labels")?;
        if images.records != classes.records {
            return Err(DataError::Pair {
                images_path: images_path.clone(),
                labels_path: labels_path.clone(),
                images: images.records,
                labels: classes.records,
            });
        }
        let expected = read.first().map_or(images.width, |(first, _)| first.width);
        if images.width != expected {
            return Err(DataError::Width { path: images_path.clone(), found: images.width, expected });
        }
        if let Some(record) = classes.values().iter().position(|&class| usize::from(class) >= allowed) {
            let class = classes.values()[record];
            return Err(DataError::ClassByte { path: labels_path.clone(), record, class, classes: allowed });
        }
        read.push((images, classes));
    }
    let width = read.first().map_or(0, |(images, _)| images.width);
    let mut values = Vec::with_capacity(read.iter().map(|(images, _)| images.values().len()).sum());
    let mut labels: Vec<u32> = Vec::with_capacity(read.iter().map(|(images, _)| images.records).sum());
    for (images, classes) in read {
        values.extend(images.values().iter().map(|&byte| f32::from(byte)));
        labels.extend(classes.values().iter().map(|&byte| u32::from(byte)));
    }
    let records = Array2::from_shape_vec((labels.len(), width), values)
        .expect("every file is as long as its header says and all are of one width");
    let (labels, class_names) = match class_names {
        Some(names) => (labels, names),
        None => occurring(&labels),
    };
    Ok(Dataset::new(name, records, labels, numeric_features(width), class_names)?)
}

/// One file, its length checked.
struct Idx {
    bytes: Vec<u8>,
    /// First dimension.
    records: usize,
    /// Product of the others.
    width: usize,
    /// Where the values begin.
    start: usize,
}

impl Idx {
    /// `what` is `images` (two dimensions or more) or `labels` (exactly one).
    fn read(path: &Path, what: &'static str) -> Result<Self, DataError> {
        let bytes = read_whole(path)?;
        let length = |expected: u64, rule: String| DataError::Length {
            path: path.to_owned(),
            found: bytes.len() as u64,
            expected,
            rule,
        };
        let Some(magic) = number(&bytes, 0) else {
            return Err(length(8, "the header of an IDX file with one dimension".into()));
        };
        let dimensions = (magic & 0xff) as usize;
        let expected = if what == "labels" { LABELS } else { IMAGES };
        let fits = if what == "labels" { dimensions == 1 } else { dimensions >= 2 };
        if magic & 0xffff_ff00 != 0x0000_0800 || !fits {
            return Err(DataError::NotIdx { path: path.to_owned(), what, found: magic, expected });
        }
        let start = 4 + 4 * dimensions;
        if bytes.len() < start {
            return Err(length(
                start as u64,
                format!("the header of an IDX file with {dimensions} dimensions"),
            ));
        }
        let lengths: Vec<u64> =
            (1..=dimensions).filter_map(|i| number(&bytes, 4 * i)).map(u64::from).collect();
        let text = lengths.iter().map(u64::to_string).collect::<Vec<_>>().join(" x ");
        let rule = format!("its header says {text} values");
        let whole = lengths.iter().try_fold(1_u64, |product, &length| product.checked_mul(length));
        let whole = whole.and_then(|values| values.checked_add(start as u64)).unwrap_or(u64::MAX);
        if whole != bytes.len() as u64 {
            return Err(length(whole, rule));
        }
        let records = lengths[0] as usize;
        if records == 0 {
            return Err(DataError::Empty { path: path.to_owned() });
        }
        let width = (bytes.len() - start) / records;
        Ok(Self { bytes, records, width, start })
    }

    fn values(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|&four| u32::from_be_bytes(four))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seed;
    use crate::data::testing::{Folder, gzip, real_data};
    use crate::data::{DataSource, IdxPair, IdxPairs};
    use ndarray::array;

    fn idx(lengths: &[u32], values: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, lengths.len() as u8];
        lengths.iter().for_each(|length| bytes.extend(length.to_be_bytes()));
        bytes.extend(values);
        bytes
    }

    fn load(folder: &Folder, images: &[u8], labels: &[u8]) -> Result<Dataset, DataError> {
        let pair = IdxPair { images: folder.write("i", images), labels: folder.write("l", labels) };
        DataSource::Idx(IdxPairs(vec![pair])).load(&DataFolders::default(), Seed::root(0))
    }

    #[test]
    fn pairs_are_joined_in_order_gzipped_or_not() {
        let folder = Folder::new();
        folder.write("a.gz", gzip(&idx(&[2, 1, 2], &[1, 2, 3, 255])));
        folder.write("b", idx(&[2], &[3, 0]));
        folder.write("c", idx(&[1, 2, 1], &[9, 8]));
        folder.write("d", idx(&[1], &[1]));
        let pairs = vec![
            IdxPair { images: "a".into(), labels: "b".into() },
            IdxPair { images: "c".into(), labels: "d".into() },
        ];
        let set = DataSource::Idx(IdxPairs(pairs)).load(&folder.folders(), Seed::root(0)).unwrap();
        assert_eq!(set.records(), array![[1.0, 2.0], [3.0, 255.0], [9.0, 8.0]]);
        // Nobody is in class 2, which is therefore none.
        assert_eq!(set.labels(), [2, 0, 1]);
        assert_eq!(set.class_names(), ["0", "1", "3"]);
        assert_eq!(set.features()[1].name, "f1");
    }

    #[test]
    fn what_is_not_idx_is_named() {
        let folder = Folder::new();
        let labels = idx(&[1], &[0]);
        let message = load(&folder, b"<!DOCTYPE html>", &labels).unwrap_err().to_string();
        assert!(
            message.contains("is not an IDX file of images: it begins with the number 0x3c21444f"),
            "{message}"
        );
        let message = load(&folder, &labels, &labels).unwrap_err().to_string();
        assert!(message.contains("not 0x00000803 (those are labels)"), "{message}");
        let images = idx(&[1, 1, 1], &[0]);
        let message = load(&folder, &images, &images).unwrap_err().to_string();
        assert!(message.contains("(those are images)"), "{message}");
    }

    #[test]
    fn a_wrong_length_is_named_and_allocates_nothing() {
        let folder = Folder::new();
        let labels = idx(&[2], &[0, 1]);
        let error = load(&folder, &idx(&[2, 1, 2], &[1, 2, 3]), &labels).unwrap_err();
        assert!(matches!(error, DataError::Length { found: 19, expected: 20, .. }), "{error}");
        assert!(error.to_string().contains("(its header says 2 x 1 x 2 values): it is truncated"), "{error}");
        let error = load(&folder, &idx(&[2, 1, 1], &[1, 2, 3]), &labels).unwrap_err();
        assert!(error.to_string().contains("longer than its header says"), "{error}");
        let error = load(&folder, &idx(&[u32::MAX; 5], &[1]), &labels).unwrap_err();
        assert!(matches!(error, DataError::Length { expected: u64::MAX, .. }), "{error}");
        assert!(matches!(load(&folder, &[0, 0], &labels), Err(DataError::Length { expected: 8, .. })));
        assert!(matches!(
            load(&folder, &[0, 0, 8, 3, 0], &labels),
            Err(DataError::Length { expected: 16, .. })
        ));
        assert!(matches!(load(&folder, &idx(&[0, 1, 1], &[]), &labels), Err(DataError::Empty { .. })));
    }

    #[test]
    fn pairs_must_be_pairs_of_one_width() {
        let folder = Folder::new();
        let error = load(&folder, &idx(&[2, 1, 1], &[1, 2]), &idx(&[3], &[0, 0, 0])).unwrap_err();
        assert!(matches!(error, DataError::Pair { images: 2, labels: 3, .. }), "{error}");
        folder.write("l", idx(&[2], &[0, 1]));
        folder.write("wide", idx(&[2, 1, 2], &[1, 2, 3, 4]));
        let pair = |images: &str| IdxPair { images: images.into(), labels: "l".into() };
        let source = DataSource::Idx(IdxPairs(vec![pair("i"), pair("wide")]));
        let error = source.load(&folder.folders(), Seed::root(0)).unwrap_err();
        assert!(matches!(error, DataError::Width { found: 2, expected: 1, .. }), "{error}");
    }

    #[test]
    fn mnist_has_ten_digits_only_and_all_four_files() {
        let folder = Folder::new();
        for part in ["train", "t10k"] {
            folder.write(&format!("mnist/{part}-images-idx3-ubyte"), idx(&[1, 1, 1], &[5]));
            folder.write(&format!("mnist/{part}-labels-idx1-ubyte"), idx(&[1], &[10]));
        }
        let error = DataSource::Mnist.load(&folder.folders(), Seed::root(0)).unwrap_err();
        assert!(error.to_string().contains("record 0 has class 10; classes go from 0 to 9"), "{error}");
        std::fs::remove_file(folder.path().join("mnist/t10k-images-idx3-ubyte")).unwrap();
        let error = DataSource::Mnist.load(&folder.folders(), Seed::root(0)).unwrap_err();
        assert!(error.to_string().starts_with("mnist: no mnist/t10k-images-idx3-ubyte"), "{error}");
    }

    #[test]
    fn fashion_mnist_is_read_from_its_own_folder_with_its_own_names() {
        let folder = Folder::new();
        for (part, class) in [("train", 9), ("t10k", 0)] {
            folder.write(&format!("fashion-mnist/{part}-images-idx3-ubyte.gz"), gzip(&idx(&[1, 1, 1], &[5])));
            folder.write(&format!("fashion-mnist/{part}-labels-idx1-ubyte.gz"), gzip(&idx(&[1], &[class])));
        }
        let set = DataSource::FashionMnist.load(&folder.folders(), Seed::root(0)).unwrap();
        assert_eq!((set.name(), set.labels(), set.classes()), ("fashion-mnist", &[9, 0][..], 10));
        assert_eq!(set.class_names()[9], "Ankle boot");
    }

    #[test]
    fn a_source_without_pairs_is_an_error() {
        let error = DataSource::Idx(IdxPairs(Vec::new())).load(&DataFolders::default(), Seed::root(0));
        assert!(matches!(error, Err(DataError::Dataset(_))));
    }

    #[test]
    fn mnist_itself() {
        let Some(folders) = real_data("mnist/train-images-idx3-ubyte.gz") else { return };
        let set = DataSource::Mnist.load(&folders, Seed::root(0)).unwrap();
        assert_eq!(set.records().dim(), (70_000, 784));
        let train: Vec<usize> = (0..60_000).collect();
        assert_eq!(set.class_counts(&train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
        let test: Vec<usize> = (60_000..70_000).collect();
        assert_eq!(set.class_counts(&test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
        let sum: f64 = set.records().iter().take(60_000 * 784).map(|&v| f64::from(v)).sum();
        assert!((sum / (60_000.0 * 784.0 * 255.0) - 0.1307).abs() < 5e-5);
    }
}
