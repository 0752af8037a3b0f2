//! Where records come from: public files, CSV, embedded sets and seeded generators, each as one checked [`Dataset`].
//!
//! [`DataSource`] names a source, [`DataFolders`] says where files are looked for, [`DataError`] says what keeps a
//! source from being read, where, and how to mend it. Every file is read with or without gzip, told by its content.
//!
//! [`Dataset`]: crate::Dataset

mod account;
mod bytes;
mod cifar;
mod column_accounts;
mod columns;
mod csv_source;
mod describe;
mod embedded;
mod error;
mod folders;
mod generate;
mod idx;
mod load;
mod packed;
mod purchase;
mod rows;
mod source;
mod table;
mod text;

#[cfg(test)]
mod testing;

pub use account::{Decision, TableAccount};
pub use column_accounts::{ColumnAccount, ColumnAccounts, ColumnRole, MissingMark};
pub use csv_source::{ColumnKind, ColumnRef, Comment, CsvSource, Decimal, Encoding, Separator, Unusable};
pub use describe::Description;
pub use error::{DataError, FaultyColumn};
pub use folders::DataFolders;
pub use generate::{
    CensusParams, GaussianClustersParams, PurchasesParams, RawCensusParams, RawGaussianClustersParams,
    RawPurchasesParams,
};
pub use source::{DataSource, IdxPair, IdxPairs, PurchaseSource, Synthetic};
