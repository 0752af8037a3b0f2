//! What is known of each data set: its size, its files with their SHA-256, its home and its licence.
//!
//! A checksum stands here only where the content is the published one and was computed from it: the UCI files of Adult, MNIST (whose
//! files have the MD5 sums of the originals), and the derived Valued Shoppers tables that the figures of this project were measured on. All
//! are of the content without gzip. For the others there is their format's structure alone.

/// A data set that a scenario can name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataSet {
    /// As `data:` names it.
    pub(crate) name: &'static str,
    pub(crate) records: Option<u32>,
    pub(crate) features: Option<u32>,
    /// Number of classes; in words where there are several files.
    pub(crate) classes: &'static str,
    pub(crate) kind: Kind,
    /// Where it comes from, for people.
    pub(crate) home: &'static str,
    pub(crate) licence: &'static str,
}

/// Where its records come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Inside the executable.
    Embedded,
    /// Drawn from the scenario's seed.
    Generated,
    /// Files of one's own, which the scenario names.
    Own,
    /// Files below the data folder.
    Files(&'static [DataFile]),
}

/// A file of a data set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataFile {
    /// Below the data folder, without `.gz`.
    pub(crate) path: &'static str,
    pub(crate) need: Need,
    pub(crate) check: Check,
}

/// Whether a data set is there without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// It is not.
    Must,
    /// One of several, each of which will do.
    OneOf,
    /// Nothing is read from it, or only names.
    May,
}

/// How a file is told to be sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// By its content: length in bytes and SHA-256, both without gzip.
    Sha256 { bytes: u64, sha256: &'static str },
    /// An IDX file of unsigned bytes with these lengths.
    Idx(&'static [u32]),
    /// 10,000 CIFAR records of 3,073 bytes, the first of each a class from 0 to 9.
    Cifar,
    /// The class and 600 fields of 0 or 1 in each line.
    Purchase,
    /// Lines of text, as many.
    Lines(usize),
}

const fn must(path: &'static str, check: Check) -> DataFile {
    DataFile { path, need: Need::Must, check }
}

const fn one_of(path: &'static str, check: Check) -> DataFile {
    DataFile { path, need: Need::OneOf, check }
}

const fn sha256(bytes: u64, sha256: &'static str) -> Check {
    Check::Sha256 { bytes, sha256 }
}

/// In the order in which they are fetched; the last one describes the others.
pub(crate) const FILES_OF_ADULT: &[DataFile] = &[
    must(
        "adult/adult.data",
        sha256(3_974_305, "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"),
    ),
    must(
        "adult/adult.test",
        sha256(2_003_153, "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"),
    ),
    DataFile {
        path: "adult/adult.names",
        need: Need::May,
        check: sha256(5_229, "c248284c0b5de30c9e1958d6cdd168a34a654758b620e68f46aefa83fc0a576a"),
    },
];

const SETS: &[DataSet] = &[
    DataSet {
        name: "winequality",
        records: Some(1_599),
        features: Some(11),
        classes: "6",
        kind: Kind::Embedded,
        home: "https://archive.ics.uci.edu/dataset/186/wine+quality",
        licence: "CC BY 4.0",
    },
    DataSet {
        name: "iris",
        records: Some(150),
        features: Some(4),
        classes: "3",
        kind: Kind::Embedded,
        home: "https://archive.ics.uci.edu/dataset/53/iris",
        licence: "CC BY 4.0",
    },
    DataSet {
        name: "adult",
        records: Some(48_842),
        features: Some(14),
        classes: "2",
        kind: Kind::Files(FILES_OF_ADULT),
        home: "https://archive.ics.uci.edu/dataset/2/adult",
        licence: "CC BY 4.0",
    },
    DataSet {
        name: "mnist",
        records: Some(70_000),
        features: Some(784),
        classes: "10",
        kind: Kind::Files(&[
            must(
                "mnist/train-images-idx3-ubyte",
                sha256(47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            ),
            must(
                "mnist/train-labels-idx1-ubyte",
                sha256(60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            ),
            must(
                "mnist/t10k-images-idx3-ubyte",
                sha256(7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            ),
            must(
                "mnist/t10k-labels-idx1-ubyte",
                sha256(10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            ),
        ]),
        home: "http://yann.lecun.com/exdb/mnist/",
        licence: "commonly given as CC BY-SA 3.0",
    },
    DataSet {
        name: "fashion_mnist",
        records: Some(70_000),
        features: Some(784),
        classes: "10",
        kind: Kind::Files(&[
            must("fashion-mnist/train-images-idx3-ubyte", Check::Idx(&[60_000, 28, 28])),
            must("fashion-mnist/train-labels-idx1-ubyte", Check::Idx(&[60_000])),
            must("fashion-mnist/t10k-images-idx3-ubyte", Check::Idx(&[10_000, 28, 28])),
            must("fashion-mnist/t10k-labels-idx1-ubyte", Check::Idx(&[10_000])),
        ]),
        home: "https://github.com/zalandoresearch/fashion-mnist",
        licence: "MIT",
    },
    DataSet {
        name: "cifar10",
        records: Some(60_000),
        features: Some(3_072),
        classes: "10",
        kind: Kind::Files(&[
            one_of("cifar10/data_batch_1.bin", Check::Cifar),
            one_of("cifar10/data_batch_2.bin", Check::Cifar),
            one_of("cifar10/data_batch_3.bin", Check::Cifar),
            one_of("cifar10/data_batch_4.bin", Check::Cifar),
            one_of("cifar10/data_batch_5.bin", Check::Cifar),
            one_of("cifar10/test_batch.bin", Check::Cifar),
            DataFile { path: "cifar10/batches.meta.txt", need: Need::May, check: Check::Lines(10) },
        ]),
        home: "https://www.cs.toronto.edu/~kriz/cifar.html",
        licence: "none stated; cite Krizhevsky (2009)",
    },
    DataSet {
        name: "purchase",
        records: Some(197_324),
        features: Some(600),
        classes: "2, 10, 20, 50, 100",
        kind: Kind::Files(&[
            one_of("purchase/purchase_2.csv", Check::Purchase),
            one_of("purchase/purchase_10.csv", Check::Purchase),
            one_of("purchase/purchase_20.csv", Check::Purchase),
            one_of("purchase/purchase_50.csv", Check::Purchase),
            one_of("purchase/purchase_100.csv", Check::Purchase),
            one_of("purchase/dataset_purchase", Check::Purchase),
        ]),
        home: "https://github.com/privacytrustlab/datasets",
        licence: "none stated; cite Shokri et al. (2017)",
    },
    DataSet {
        name: "valued_shoppers",
        records: Some(9_988),
        features: Some(600),
        classes: "10, 20, 50, 100",
        kind: Kind::Files(&[
            one_of(
                "valued-shopper/valued_shopper_10.csv",
                sha256(VALUED_SHOPPERS[0].0, VALUED_SHOPPERS[0].1),
            ),
            one_of(
                "valued-shopper/valued_shopper_20.csv",
                sha256(VALUED_SHOPPERS[1].0, VALUED_SHOPPERS[1].1),
            ),
            one_of(
                "valued-shopper/valued_shopper_50.csv",
                sha256(VALUED_SHOPPERS[2].0, VALUED_SHOPPERS[2].1),
            ),
            one_of(
                "valued-shopper/valued_shopper_100.csv",
                sha256(VALUED_SHOPPERS[3].0, VALUED_SHOPPERS[3].1),
            ),
        ]),
        home: "https://www.kaggle.com/c/acquire-valued-shoppers-challenge",
        licence: "the rules of the competition",
    },
    DataSet {
        name: "census",
        records: None,
        features: None,
        classes: "2",
        kind: Kind::Generated,
        home: "synthetic: {census: {records: N}}",
        licence: "-",
    },
    DataSet {
        name: "purchases",
        records: None,
        features: None,
        classes: "any",
        kind: Kind::Generated,
        home: "synthetic: {purchases: {records: N, classes: K}}",
        licence: "-",
    },
    DataSet {
        name: "gaussian_clusters",
        records: None,
        features: None,
        classes: "any",
        kind: Kind::Generated,
        home: "synthetic: {gaussian_clusters: {records: N, classes: K}}",
        licence: "-",
    },
    DataSet {
        name: "csv",
        records: None,
        features: None,
        classes: "any",
        kind: Kind::Own,
        home: "csv: {path: my.csv, target: COLUMN}",
        licence: "your own",
    },
    DataSet {
        name: "idx",
        records: None,
        features: None,
        classes: "any",
        kind: Kind::Own,
        home: "idx: {images: FILE, labels: FILE}",
        licence: "your own",
    },
];

/// Bytes and SHA-256 of the derived tables of 10, 20, 50 and 100 classes.
const VALUED_SHOPPERS: [(u64, &str); 4] = [
    (12006252, "9f34d5ff2b79d7995b9a871938ada26e9e0ba3d1f56e8960f9b39dfa6493c6fb"),
    (12010632, "d9ccaa27bf7a06f6ab9475182bcba13878e123e7b1c9032302ead2bc1d262621"),
    (12013749, "f400a89c27c5ea406e75e8193a19168fdaa0fb8cb3b4d801a79c816c1d9acaa8"),
    (12014981, "2131657631854043836c5b7eb962774499601bdcb209d028d54c39f71d87a2ef"),
];

/// All of them: those that need no files first.
pub(crate) fn all() -> impl Iterator<Item = &'static DataSet> {
    SETS.iter()
}

/// The one of this name, as a scenario writes it or as its folder is called.
pub(crate) fn set(name: &str) -> Option<&'static DataSet> {
    let name = name.replace('-', "_");
    SETS.iter().find(|set| set.name == name)
}
