//! From the name of a source to its records.

use std::path::Path;

use super::error::DataError;
use super::folders::DataFolders;
use super::source::{DataSource, IdxPairs, PurchaseSource, Synthetic};
use super::{cifar, embedded, generate, idx, purchase, table};
use crate::dataset::Dataset;
use crate::seed::Seed;

const MNIST_HOME: &str = "the MNIST page of LeCun, Cortes and Burges, \"The MNIST database of handwritten digits\", or one of its mirrors";
const FASHION_MNIST_HOME: &str = "Zalando Research, repository \"fashion-mnist\"";

impl DataSource {
    /// Reads or generates the whole set. Files do not depend on the seed, generators on nothing else but their parameters.
    ///
    /// # Errors
    /// [`DataError`]: a file that is missing, damaged or not of its format, with the place.
    pub fn load(&self, folders: &DataFolders, seed: Seed) -> Result<Dataset, DataError> {
        let name = self.name();
        match self {
            Self::Adult => table::load_adult(folders),
            Self::Mnist => idx::load_mnist_like(folders, "mnist", idx::DIGITS, MNIST_HOME),
            Self::FashionMnist => {
                idx::load_mnist_like(folders, "fashion-mnist", idx::ARTICLES, FASHION_MNIST_HOME)
            }
            Self::Cifar10 => cifar::load(folders),
            Self::Idx(IdxPairs(pairs)) => {
                let find = |path: &Path| folders.of_scenario(&name, path);
                let mut found = Vec::with_capacity(pairs.len());
                for pair in pairs {
                    found.push((find(&pair.images)?, find(&pair.labels)?));
                }
                idx::load_pairs(&name, &found, None)
            }
            Self::Purchase(PurchaseSource::Classes(classes)) => {
                purchase::load(&name, &purchase::find_purchase(folders, &name, *classes)?, Some(*classes))
            }
            Self::Purchase(PurchaseSource::Path(path)) => {
                purchase::load(&name, &folders.of_scenario(&name, path)?, None)
            }
            Self::ValuedShoppers { classes } => {
                let path = purchase::find_valued_shoppers(folders, &name, *classes)?;
                purchase::load(&name, &path, Some(*classes))
            }
            Self::Csv(source) => table::load_csv(source, &name, &folders.of_scenario(&name, &source.path)?),
            Self::WineQuality => embedded::wine_quality(),
            Self::Iris => embedded::iris(),
            Self::Synthetic(Synthetic::Census(params)) => generate::census(params, seed),
            Self::Synthetic(Synthetic::Purchases(params)) => generate::purchases(params, seed),
            Self::Synthetic(Synthetic::GaussianClusters(params)) => generate::gaussian_clusters(params, seed),
        }
    }

    /// Looks for the files of a public set in the data folder, as [`Self::load`] does, and reads none. Other sources have none there.
    ///
    /// ```
    /// use turncoat_learn::data::{DataError, DataFolders, DataSource};
    ///
    /// let nowhere = DataFolders::default();
    /// assert!(matches!(DataSource::Adult.find(&nowhere), Err(DataError::Missing { .. })));
    /// assert!(DataSource::Iris.find(&nowhere).is_ok());
    /// ```
    ///
    /// # Errors
    /// [`DataError::Missing`] for the first file without which the set is not whole.
    pub fn find(&self, folders: &DataFolders) -> Result<(), DataError> {
        let name = self.name();
        match self {
            Self::Adult => table::find_adult(folders).map(drop),
            Self::Mnist => idx::find_mnist_like(folders, "mnist", MNIST_HOME).map(drop),
            Self::FashionMnist => {
                idx::find_mnist_like(folders, "fashion-mnist", FASHION_MNIST_HOME).map(drop)
            }
            Self::Cifar10 => cifar::find(folders).map(drop),
            Self::Purchase(PurchaseSource::Classes(classes)) => {
                purchase::find_purchase(folders, &name, *classes).map(drop)
            }
            Self::ValuedShoppers { classes } => {
                purchase::find_valued_shoppers(folders, &name, *classes).map(drop)
            }
            Self::Purchase(PurchaseSource::Path(_))
            | Self::Idx(_)
            | Self::Csv(_)
            | Self::WineQuality
            | Self::Iris
            | Self::Synthetic(_) => Ok(()),
        }
    }

    /// Whether its records come from files, which may change behind the back of a scenario; else they are embedded, or the
    /// scenario and its seed say all about them.
    #[must_use]
    pub fn reads_files(&self) -> bool {
        match self {
            Self::Adult
            | Self::Mnist
            | Self::FashionMnist
            | Self::Cifar10
            | Self::Idx(_)
            | Self::Purchase(_)
            | Self::ValuedShoppers { .. }
            | Self::Csv(_) => true,
            Self::WineQuality | Self::Iris | Self::Synthetic(_) => false,
        }
    }

    /// What the set is called in messages and reports: of a file, its name without folders and endings.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Adult => "adult".into(),
            Self::Mnist => "mnist".into(),
            Self::FashionMnist => "fashion-mnist".into(),
            Self::Cifar10 => "cifar10".into(),
            Self::Idx(IdxPairs(pairs)) => {
                pairs.first().map_or_else(|| "idx".into(), |pair| stem(&pair.images))
            }
            Self::Purchase(PurchaseSource::Classes(classes)) => format!("purchase-{classes}"),
            Self::Purchase(PurchaseSource::Path(path)) => stem(path),
            Self::ValuedShoppers { classes } => format!("valued-shopper-{classes}"),
            Self::Csv(source) => source.name.clone().unwrap_or_else(|| stem(&source.path)),
            Self::WineQuality => "winequality".into(),
            Self::Iris => "iris".into(),
            Self::Synthetic(Synthetic::Census(_)) => "census".into(),
            Self::Synthetic(Synthetic::Purchases(_)) => "purchases".into(),
            Self::Synthetic(Synthetic::GaussianClusters(_)) => "gaussian-clusters".into(),
        }
    }
}

fn stem(path: &Path) -> String {
    let unzipped = if path.extension().is_some_and(|ending| ending == "gz") {
        path.with_extension("")
    } else {
        path.to_owned()
    };
    unzipped.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
