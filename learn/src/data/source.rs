//! The names of all data sources, with what each needs to be found and read.

use std::path::PathBuf;

use super::columns::MAX_CLASSES;
use super::csv_source::CsvSource;
use super::csv_source::path;
use super::generate::{CensusParams, GaussianClustersParams, PurchasesParams};

/// Where the records come from. Files of named sets are looked for in `--data-dir` or `TURNCOAT_DATA`, plain or gzipped; `turncoat data
/// list` tells where to get them.
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
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "data", extend("examples" = ["winequality", {"csv": {"path": "people.csv", "target": "income"}}]))]
pub enum DataSource {
    /// UCI Adult: 48,842 people of 14 features, whether they earn more than 50,000 dollars. Files `adult/adult.data` and
    /// `adult/adult.test`.
    ///
    /// In that order; categories by their place among the sorted names, `?` being one of them; classes `<=50K`, `>50K`.
    #[schemars(extend("x-source" = "Becker and Kohavi, 1996"))]
    Adult,
    /// MNIST: 70,000 handwritten digits of 28 by 28 grey values. Files `mnist/{train,t10k}-*-ubyte`.
    ///
    /// In that order; values from 0 to 255.
    #[schemars(extend("x-source" = "LeCun, Cortes and Burges, 1998"))]
    Mnist,
    /// Fashion-MNIST: 70,000 garments of ten kinds, in the files of MNIST below `fashion-mnist/`.
    #[schemars(extend("x-source" = "Xiao, Rasul and Vollgraf, 2017"))]
    FashionMnist,
    /// CIFAR-10, binary version: those of `cifar10/data_batch_{1..5}.bin` and `cifar10/test_batch.bin` that are there.
    ///
    /// In that order; 3,072 values from 0 to 255 a record, all red, then all green, then all blue. Class names from
    /// `batches.meta.txt` when it is there.
    #[schemars(extend("x-source" = "Krizhevsky, 2009"))]
    Cifar10,
    /// Pairs of IDX files of unsigned bytes: one pair, or a list of pairs that follow one another.
    Idx(IdxPairs),
    /// The layout of the Purchase and Location sets: a class, then fields of 0 or 1.
    Purchase(PurchaseSource),
    /// Valued Shoppers in the layout of Purchase, which it stands in for: `valued-shopper/valued_shopper_K.csv`.
    ValuedShoppers {
        /// The file of that many classes K.
        #[schemars(range(min = 2, max = MAX_CLASSES), extend("x-unit" = "classes", "examples" = [10]))]
        classes: u32,
    },
    /// A table with a class column.
    Csv(CsvSource),
    /// Red wine quality: 1,599 wines of 11 measurements, grades 3 to 8. Comes with the program.
    #[serde(rename = "winequality")]
    #[schemars(extend("x-source" = "Cortez et al., 2009"))]
    WineQuality,
    /// Iris: 150 flowers of 4 measurements, three species. Comes with the program.
    #[schemars(extend("x-source" = "Fisher, 1936"))]
    Iris,
    /// Data drawn from the scenario's seed.
    Synthetic(Synthetic),
}

/// Data drawn from the scenario's seed.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "synthetic", extend("examples" = ["census"]))]
pub enum Synthetic {
    /// Mixed columns in the manner of Adult.
    Census(CensusParams),
    /// Binary shopping profiles.
    Purchases(PurchasesParams),
    /// Gaussian clusters, several to a class.
    GaussianClusters(GaussianClustersParams),
}

/// Pairs of IDX files, one after the other, at least one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "WrittenPairs", into = "WrittenPairs")]
pub struct IdxPairs(pub Vec<IdxPair>);

// As a scenario writes them; what they are, is said where they are named.
#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum WrittenPairs {
    Pair(IdxPair),
    Pairs(
        #[schemars(length(min = 1), extend("x-rule" = "name at least one pair of `images` and `labels`"))]
        Vec<IdxPair>,
    ),
}

impl schemars::JsonSchema for IdxPairs {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        WrittenPairs::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WrittenPairs::json_schema(generator)
    }
}

impl From<WrittenPairs> for IdxPairs {
    fn from(written: WrittenPairs) -> Self {
        match written {
            WrittenPairs::Pair(pair) => Self(vec![pair]),
            WrittenPairs::Pairs(pairs) => Self(pairs),
        }
    }
}

impl From<IdxPairs> for WrittenPairs {
    fn from(mut pairs: IdxPairs) -> Self {
        if pairs.0.len() == 1 { Self::Pair(pairs.0.remove(0)) } else { Self::Pairs(pairs.0) }
    }
}

/// An IDX file of images and the IDX file of their labels. Paths are relative to the scenario file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "idx_pair")]
pub struct IdxPair {
    /// Path of the images: unsigned bytes, at least one dimension besides the number of images.
    #[schemars(schema_with = "path", extend("examples" = ["images.idx"]))]
    pub images: PathBuf,
    /// Path of the labels: unsigned bytes, one dimension.
    ///
    /// Class `c` is byte `c`.
    #[schemars(schema_with = "path", extend("examples" = ["labels.idx"]))]
    pub labels: PathBuf,
}

/// The layout of the Purchase and Location sets: a class, then fields of 0 or 1.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "purchase", extend("x-source" = "Shokri et al., 2017", "examples" = [{"classes": 100}]))]
pub enum PurchaseSource {
    /// The file `purchase/purchase_K.csv` of that many classes K.
    ///
    /// For K = 100 also `dataset_purchase`, the name in the archive of Shokri et al.
    Classes(
        #[schemars(range(min = 2, max = MAX_CLASSES), extend("x-unit" = "classes", "examples" = [100]))] u32,
    ),
    /// A file of that layout, relative to the scenario file.
    ///
    /// It has as many classes as its highest class number says.
    Path(#[schemars(schema_with = "path", extend("examples" = ["purchases.csv"]))] PathBuf),
}
