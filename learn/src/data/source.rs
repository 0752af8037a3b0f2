//! The names of all data sources, with what each needs to be found and read.

use std::path::PathBuf;

use super::generate::{CensusParams, GaussianClustersParams, PurchasesParams};

/// A source of labelled records.
///
/// Classes are numbered from zero in the order that each variant states; `class_names` of the loaded set keep the
/// source's own names.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{DataFolders, DataSource};
///
/// let iris = DataSource::Iris.load(&DataFolders::default(), Seed::root(1))?;
/// assert_eq!((iris.len(), iris.features().len(), iris.classes()), (150, 4, 3));
/// # Ok::<(), turncoat_learn::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum DataSource {
    /// UCI Adult (Becker and Kohavi, 1996): `adult/adult.data` and `adult/adult.test` of the data folder, in that order;
    /// 48,842 records of 14 features (categories by their place among the sorted names, `?` being one of them), classes
    /// `<=50K`, `>50K`.
    Adult,
    /// MNIST (LeCun, Cortes and Burges, 1998): `mnist/{train,t10k}-*-ubyte`, in that order; 70,000 records of 784
    /// grey values from 0 to 255, ten digits.
    Mnist,
    /// Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): as MNIST, under `fashion-mnist/`.
    FashionMnist,
    /// CIFAR-10, binary version (Krizhevsky, 2009): those of `cifar10/data_batch_{1..5}.bin` and
    /// `cifar10/test_batch.bin` that are there, in that order; 3,072 values from 0 to 255 a record, all red, then all
    /// green, then all blue. Class names from `batches.meta.txt` when it is there.
    Cifar10,
    /// Pairs of IDX files of unsigned bytes, one after the other.
    Idx {
        /// Images and their labels, at least one pair.
        pairs: Vec<IdxPair>,
    },
    /// The layout of the Purchase and Location sets of Shokri et al. (2017): a class, then fields of 0 or 1.
    Purchase {
        /// Which file.
        source: PurchaseSource,
    },
    /// `valued-shopper/valued_shopper_K.csv` of the data folder, in the layout of `Purchase`.
    ValuedShoppers {
        /// Number of classes K, from 2 to 100,000.
        classes: u32,
    },
    /// A table with a class column.
    Csv(CsvSource),
    /// Red wine quality (Cortez et al., 2009), embedded: 1,599 records of 11 features, qualities 3 to 8.
    WineQuality,
    /// Iris (Fisher, 1936), embedded: 150 records of 4 features, three species.
    Iris,
    /// Generated: mixed columns in the manner of Adult.
    Census(CensusParams),
    /// Generated: binary shopping profiles.
    Purchases(PurchasesParams),
    /// Generated: Gaussian clusters, several to a class.
    GaussianClusters(GaussianClustersParams),
}

/// An IDX file of images and the IDX file of their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdxPair {
    /// Unsigned bytes, at least one dimension besides the number of images.
    pub images: PathBuf,
    /// Unsigned bytes, one dimension; class `c` is byte `c`.
    pub labels: PathBuf,
}

/// Which file of the Purchase layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PurchaseSource {
    /// `purchase/purchase_K.csv` of the data folder, K from 2 to 100,000; for K = 100 also `dataset_purchase`, the name in the archive of
    /// Shokri et al.
    Classes(u32),
    /// A file anywhere, with as many classes as its highest class number says.
    Path(PathBuf),
}

/// A separated-values file with a header or without, quoted as in RFC 4180, in UTF-8.
///
/// Missing values are `?`, the empty field and `NA`. In a categorical column they are one value of their own, `?`; in a
/// numeric column they become the median of the values that are there (the mean of the two middle ones for an even
/// number); in the target they are an error.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{ColumnRef, CsvSource, DataFolders, DataSource};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("people.csv");
/// std::fs::write(&path, "age,job,income\n39,clerk,low\n50,judge,high\n")?;
/// let source = CsvSource::new(path, Some(ColumnRef::Name("income".into())));
/// let people = DataSource::Csv(source).load(&DataFolders::default(), Seed::root(1))?;
/// assert_eq!(people.class_names(), ["high", "low"]);
/// assert_eq!(people.records().row(0).to_vec(), [39.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvSource {
    /// The file.
    pub path: PathBuf,
    /// What to call the set; `None` for the file's own name.
    pub name: Option<String>,
    /// The class column; `None` for the last.
    pub target: Option<ColumnRef>,
    /// Whether the first line names the columns; `None` to infer it.
    pub header: Option<bool>,
    /// What stands between fields; `None` to infer it from the first lines.
    pub separator: Option<Separator>,
    /// Kinds of columns that are not to be inferred. A column is inferred numeric when all values that are there are
    /// numbers.
    pub columns: Vec<(ColumnRef, ColumnKind)>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRef {
    /// By its name in the header. Columns without a name are called `f0`, `f1`, ... from the left.
    Name(String),
    /// By its place: 1 is the first column, -1 the last.
    Position(i64),
}

/// What the values of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Quantities.
    Numeric,
    /// Names; coded by their place among the sorted names.
    Categorical,
}

/// What stands between the fields of a row.
///
/// ```
/// use turncoat_learn::data::Separator;
///
/// assert_eq!(Separator::from_char(';'), Some(Separator::Semicolon));
/// assert_eq!(Separator::from_char('|'), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl Separator {
    /// All of them, in the order in which inference prefers them.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    /// The separator that is this character, if it is one.
    #[must_use]
    pub fn from_char(character: char) -> Option<Self> {
        Self::ALL.into_iter().find(|separator| separator.byte() as char == character)
    }

    /// The byte in the file.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

impl CsvSource {
    /// A file of which everything but the target is inferred.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, target: Option<ColumnRef>) -> Self {
        Self { path: path.into(), name: None, target, header: None, separator: None, columns: Vec::new() }
    }
}

impl std::fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name:?}"),
            Self::Position(position) => write!(f, "{position}"),
        }
    }
}
