//! Where the records come from and what is done to them first.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// Where the records come from. Files of named sets are looked for in `--data-dir` or `TURNCOAT_DATA`, plain or gzipped; `turncoat data
/// list` tells where to get them.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    rename = "data",
    extend("x-choice" = true, "examples" = ["winequality", {"csv": {"path": "people.csv", "target": "income"}}])
)]
pub(super) struct Data {
    /// UCI Adult: 48,842 people of 14 features, whether they earn more than 50,000 dollars. Files `adult/adult.data` and
    /// `adult/adult.test`.
    #[schemars(extend("x-source" = "Becker and Kohavi, 1996"))]
    adult: Nothing,
    /// MNIST: 70,000 handwritten digits of 28 by 28 grey values. Files `mnist/{train,t10k}-*-ubyte`.
    #[schemars(extend("x-source" = "LeCun, Cortes and Burges, 1998"))]
    mnist: Nothing,
    /// Fashion-MNIST: 70,000 garments of ten kinds, in the files of MNIST below `fashion-mnist/`.
    #[schemars(extend("x-source" = "Xiao, Rasul and Vollgraf, 2017"))]
    fashion_mnist: Nothing,
    /// CIFAR-10, binary version: those of `cifar10/data_batch_{1..5}.bin` and `cifar10/test_batch.bin` that are there.
    #[schemars(extend("x-source" = "Krizhevsky, 2009"))]
    cifar10: Nothing,
    /// Pairs of IDX files of unsigned bytes: one pair, or a list of pairs that follow one another.
    idx: Idx,
    #[schemars(extend("x-source" = "Shokri et al., 2017"))]
    purchase: Purchase,
    valued_shoppers: ValuedShoppers,
    csv: Csv,
    /// Red wine quality: 1,599 wines of 11 measurements, grades 3 to 8. Comes with the program.
    #[schemars(extend("x-source" = "Cortez et al., 2009"))]
    winequality: Nothing,
    /// Iris: 150 flowers of 4 measurements, three species. Comes with the program.
    #[schemars(extend("x-source" = "Fisher, 1936"))]
    iris: Nothing,
    synthetic: Synthetic,
}

/// Nothing stands below it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
pub(super) struct Nothing {}

/// One pair of IDX files, or a list of pairs.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum Idx {
    Pair(IdxPair),
    Pairs(#[schemars(length(min = 1))] Vec<IdxPair>),
}

/// An IDX file of images and the IDX file of their labels. Paths are relative to the scenario file.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "idx_pair")]
pub(super) struct IdxPair {
    /// Path of the images: unsigned bytes, at least one dimension besides the number of images.
    #[schemars(length(min = 1), regex(pattern = "^[^\\u0000]*$"), extend("examples" = ["images.idx"]))]
    images: String,
    /// Path of the labels: unsigned bytes, one dimension.
    #[schemars(length(min = 1), regex(pattern = "^[^\\u0000]*$"), extend("examples" = ["labels.idx"]))]
    labels: String,
}

/// The layout of the Purchase and Location sets: a class, then fields of 0 or 1.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "purchase", extend("x-choice" = true))]
pub(super) struct Purchase {
    /// The file `purchase/purchase_K.csv` of that many classes K.
    #[schemars(range(min = 2, max = 100_000), extend("x-unit" = "classes", "examples" = [100]))]
    classes: u32,
    /// A file of that layout, relative to the scenario file.
    #[schemars(length(min = 1), regex(pattern = "^[^\\u0000]*$"), extend("examples" = ["purchases.csv"]))]
    path: String,
}

/// Valued Shoppers in the layout of Purchase, which it stands in for: `valued-shopper/valued_shopper_K.csv`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "valued_shoppers")]
pub(super) struct ValuedShoppers {
    /// The file of that many classes K.
    #[schemars(range(min = 2, max = 100_000), extend("x-unit" = "classes", "examples" = [10]))]
    classes: u32,
}

/// A table with a class column, your own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "csv")]
pub(super) struct Csv {
    /// Path of the table, relative to the scenario file or the data folder; `.gz` is tried too.
    #[schemars(length(min = 1), regex(pattern = "^[^\\u0000]*$"), extend("examples" = ["people.csv"]))]
    path: String,
    /// What reports call the data; null for the name of the file.
    #[schemars(length(min = 1), extend("default" = ()))]
    name: Option<String>,
    /// The class column: its name, or its place, where 1 is the first column and -1 the last; null for the last.
    #[schemars(extend("default" = ()))]
    target: Option<Column>,
    /// What is done with rows whose class is missing.
    #[schemars(extend("default" = "error"))]
    missing_target: Unusable,
    /// Whether the first line holds the names of columns; null to see it from the text, which is refused where it could be either.
    #[schemars(extend("default" = ()))]
    header: Option<bool>,
    /// What separates fields; null for the one by which most fields are numbers.
    #[schemars(extend("default" = ()))]
    separator: Option<Separator>,
    /// What stands before the fraction of a number; null to see it from the text where the comma does not separate fields, else
    /// the point.
    #[schemars(extend("default" = ()))]
    decimal: Option<Decimal>,
    /// How the text is written as bytes; null for what its byte order mark says, else UTF-8.
    #[schemars(extend("default" = ()))]
    encoding: Option<Encoding>,
    /// What lines begin with that are no rows; null to see it from the text.
    #[schemars(extend("default" = ()))]
    comment: Option<Comment>,
    /// What is done with rows of more or fewer fields than the first.
    #[schemars(extend("default" = "error"))]
    ragged: Unusable,
    /// Texts that stand for a missing value, beside the usual ones (the empty field, `?`, `NA`, `N/A`, `NULL`, `NaN`; among numbers
    /// also `-`, `.` and `None`). A missing number becomes the median of its column, a missing name the name `?`.
    #[schemars(inner(length(min = 1)), extend("default" = serde_json::json!([]), "examples" = [["-9", "unknown"]]))]
    missing: Option<Vec<String>>,
    /// Columns to leave out, by name or place.
    #[schemars(extend("default" = serde_json::json!([]), "examples" = [["id", -1]]))]
    drop: Option<Vec<Column>>,
    /// What columns hold, by name or place, where it is not what the text looks like (all numbers: quantities). A postal code is
    /// a number that means none. A column of numbers of which a few fields are none is refused unless it stands here.
    #[schemars(extend("default" = serde_json::json!({}), "x-free" = "a column's name or place", "examples" = [{"age": "numeric"}]))]
    columns: Option<BTreeMap<String, ColumnKind>>,
}

/// A column's name or its place.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum Column {
    Name(#[schemars(length(min = 1))] String),
    Place(#[schemars(extend("not" = serde_json::json!({"const": 0})))] i64),
}

/// What separates fields.
#[derive(JsonSchema)]
pub(super) enum Separator {
    /// Comma.
    #[schemars(rename = ",")]
    Comma,
    /// Semicolon.
    #[schemars(rename = ";")]
    Semicolon,
    /// Tabulator.
    #[schemars(rename = "\t")]
    Tab,
    /// Vertical bar.
    #[schemars(rename = "|")]
    Pipe,
    /// Any number of blanks and tabulators.
    #[schemars(rename = " ")]
    Space,
}

/// What stands before the fraction of a number; the other one may stand between thousands.
#[derive(JsonSchema)]
pub(super) enum Decimal {
    /// Point.
    #[schemars(rename = ".")]
    Point,
    /// Comma.
    #[schemars(rename = ",")]
    Comma,
}

/// How text is written as bytes.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(super) enum Encoding {
    /// Unicode of one to four bytes a character.
    #[schemars(rename = "utf-8")]
    Utf8,
    /// Unicode of two or four bytes a character.
    #[schemars(rename = "utf-16")]
    Utf16,
    /// ISO 8859-1.
    #[schemars(rename = "latin-1")]
    Latin1,
    /// Western European Windows.
    #[schemars(rename = "windows-1252")]
    Windows1252,
    /// Western European Mac OS before X.
    MacRoman,
}

/// What lines begin with that are no rows.
#[derive(JsonSchema)]
pub(super) enum Comment {
    /// A number sign.
    #[schemars(rename = "#")]
    Hash,
    /// A percent sign.
    #[schemars(rename = "%")]
    Percent,
    /// Nothing: every line is a row.
    #[schemars(rename = "none")]
    None,
}

/// What is done with rows that cannot be used.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Unusable {
    /// The file is refused, and the first of them named.
    Error,
    /// They are left out, and counted in the report.
    Drop,
}

/// What a column holds.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum ColumnKind {
    /// Quantities.
    Numeric,
    /// Names, whatever they look like.
    Categorical,
}

/// Data drawn from the scenario's seed.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "synthetic", extend("x-choice" = true))]
pub(super) struct Synthetic {
    census: Census,
    purchases: Purchases,
    gaussian_clusters: GaussianClusters,
}

/// Mixed columns and noisy labels in the manner of Adult: twelve features, two classes.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "census")]
pub(super) struct Census {
    /// Number of records.
    #[schemars(range(min = 1, max = 44_739_242), extend("default" = 48_842, "x-unit" = "records"))]
    records: u64,
    /// Fraction of labels that are redrawn whatever the record says.
    #[schemars(range(min = 0, max = 1), extend("default" = 0.3, "x-unit" = "fraction"))]
    label_noise: f64,
}

/// Binary shopping profiles: one profile for each class, each record a noisy copy.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "purchases", extend("x-source" = "in the manner of Shokri et al., 2017"))]
pub(super) struct Purchases {
    /// Number of records. Records times features are at most 2^29.
    #[schemars(range(min = 1), extend("default" = 20_000, "x-unit" = "records"))]
    records: u64,
    /// Number of features.
    #[schemars(range(min = 1), extend("default" = 600, "x-unit" = "features"))]
    features: u64,
    /// Number of classes.
    #[schemars(range(min = 2, max = 100_000), extend("default" = 100, "x-unit" = "classes"))]
    classes: u64,
    /// Fraction of bits that differ from the profile.
    #[schemars(range(min = 0, max = 1), extend("default" = 0.2, "x-unit" = "fraction"))]
    flip: f64,
}

/// Gaussian clusters, several to a class.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "gaussian_clusters")]
pub(super) struct GaussianClusters {
    /// Number of records. Records times features are at most 2^29.
    #[schemars(range(min = 1), extend("default" = 20_000, "x-unit" = "records"))]
    records: u64,
    /// Number of features.
    #[schemars(range(min = 1), extend("default" = 32, "x-unit" = "features"))]
    features: u64,
    /// Number of classes.
    #[schemars(range(min = 2, max = 100_000), extend("default" = 10, "x-unit" = "classes"))]
    classes: u64,
    /// Clusters of each class.
    #[schemars(range(min = 1), extend("default" = 10, "x-unit" = "clusters"))]
    clusters_per_class: u64,
    /// Fraction of labels that are redrawn from all classes alike.
    #[schemars(range(min = 0, max = 1), extend("default" = 0.05, "x-unit" = "fraction"))]
    label_noise: f64,
}

/// What is done to the records before they are dealt.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "preprocess")]
pub(super) struct Preprocess {
    #[schemars(extend("default" = "ordinal"))]
    categories: Categories,
    #[schemars(extend("default" = "none"))]
    scale: Scale,
    /// How many records to keep, drawn at random; null for all.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("default" = (), "x-unit" = "records"))]
    subsample: Option<u64>,
    #[schemars(extend("default" = "keep"))]
    duplicates: Duplicates,
}

/// What becomes of records that equal an earlier one in all features and their class. They are dropped before a subsample is drawn.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Duplicates {
    /// They stay. One that was dealt to nobody and equals a member's record is not taken for a non-member.
    Keep,
    /// The first of each stays.
    Drop,
}

/// How a column of names becomes numbers.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Categories {
    /// By their place among the sorted names.
    Ordinal,
    /// One feature of 0 or 1 for each name.
    OneHot,
}

/// How features are scaled.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Scale {
    /// As they are.
    None,
    /// Each feature to [0, 1].
    MinMax,
}
