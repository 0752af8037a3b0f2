//! The names of all data sources, with what each needs to be found and read.

use std::path::PathBuf;

use super::csv_source::CsvSource;
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
