//! Stand-ins for types of other crates until those have them.

use std::path::PathBuf;

/// Where the records come from.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum DataSource {
    Adult,
    Mnist,
    FashionMnist,
    Cifar10,
    WineQuality,
    Iris,
    Idx { images: PathBuf, labels: PathBuf },
}

/// What is done to the records before they are dealt.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Preprocess {
    pub one_hot: bool,
    pub min_max: bool,
    pub subsample: Option<usize>,
}

/// Who sees the parties' single prediction vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Disclosure {
    Open,
    Aggregator,
}

/// What an adversary tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Attack {
    Membership(MembershipInference),
    Source(SourceInference),
}

/// Attacks on membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum MembershipInference {
    Gap,
    Confidence,
    ShadowModel { shadows: u32 },
}

/// Attacks on the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SourceInference {
    LeastLoss,
    PriorAware,
    ShadowFederation { shadows: u32 },
}
