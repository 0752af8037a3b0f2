//! What a scenario says about a table of its own, and the words for it.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A table with a class column, your own.
///
/// It is a separated-values file with a header or without, quoted as in RFC 4180. What is `None` is inferred from the file, and
/// the account of the loaded set says what was decided and why ([`Dataset::table`](crate::Dataset::table)).
///
/// Missing values are the empty field, `?`, `NA`, `N/A`, `NULL`, `NaN` and their usual spellings; among numbers also `-`,
/// `.` and `None`, which are names in a column of names. In a categorical column they are one value of their own, `?`; in a
/// numeric column they become the median of the values that are there (the mean of the two middle ones for an even
/// number); in the target they are an error, unless such rows are to be left out.
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
/// assert_eq!(people.table().unwrap().columns.get(0).unwrap().why, "every value is a number");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "csv")]
pub struct CsvSource {
    /// Path of the table, relative to the scenario file or the data folder; `.gz` is tried too.
    #[schemars(schema_with = "path", extend("examples" = ["people.csv"]))]
    pub path: PathBuf,
    /// What reports call the data; null for the name of the file.
    #[schemars(length(min = 1))]
    pub name: Option<String>,
    /// The class column: its name, or its place, where 1 is the first column and -1 the last; null for the last.
    pub target: Option<ColumnRef>,
    /// What is done with rows whose class is missing.
    #[serde(default)]
    #[schemars(extend("x-null" = Unusable::Error))]
    pub missing_target: Unusable,
    /// Whether the first line holds the names of columns; null to see it from the text, which is refused where it could be either.
    pub header: Option<bool>,
    /// What separates fields; null for the one by which most fields are numbers.
    pub separator: Option<Separator>,
    /// What stands before the fraction of a number; null to see it from the text where the comma does not separate fields, else
    /// the point.
    pub decimal: Option<Decimal>,
    /// How the text is written as bytes; null for what its byte order mark says, else UTF-8.
    pub encoding: Option<Encoding>,
    /// What lines begin with that are no rows; null to see it from the text.
    pub comment: Option<Comment>,
    /// What is done with rows of more or fewer fields than the first.
    #[serde(default)]
    #[schemars(extend("x-null" = Unusable::Error))]
    pub ragged: Unusable,
    /// Texts that stand for a missing value, beside the usual ones (the empty field, `?`, `NA`, `N/A`, `NULL`, `NaN`; among numbers
    /// also `-`, `.` and `None`). A missing number becomes the median of its column, a missing name the name `?`.
    #[serde(default)]
    #[schemars(inner(length(min = 1)), extend("x-null" = [], "examples" = [["-9", "unknown"]]))]
    pub missing: Vec<String>,
    /// Columns to leave out, by name or place.
    #[serde(default)]
    #[schemars(extend("x-null" = [], "examples" = [["id", -1]]))]
    pub drop: Vec<ColumnRef>,
    /// What columns hold, by name or place, where it is not what the text looks like (all numbers: quantities). A postal code is
    /// a number that means none. A column of numbers of which a few fields are none is refused unless it stands here.
    #[serde(default, serialize_with = "as_map")]
    #[schemars(
        with = "BTreeMap<String, ColumnKind>",
        extend(
            "default" = {},
            "x-null" = [],
            "x-free" = "a column's name or place",
            "x-key" = "columns count from 1, or from -1 at the end",
            "examples" = [{"age": "numeric"}]
        )
    )]
    pub columns: Vec<(ColumnRef, ColumnKind)>,
}

/// A path: some text without NUL.
pub(super) fn path(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"})
}

/// Pairs as a map, in their order.
fn as_map<S: serde::Serializer>(
    columns: &[(ColumnRef, ColumnKind)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(columns.iter().map(|(column, kind)| (column, kind)))
}

impl CsvSource {
    /// A file of which everything but the target is inferred.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, target: Option<ColumnRef>) -> Self {
        Self {
            path: path.into(),
            name: None,
            target,
            missing_target: Unusable::Error,
            header: None,
            separator: None,
            decimal: None,
            encoding: None,
            comment: None,
            ragged: Unusable::Error,
            missing: Vec::new(),
            drop: Vec::new(),
            columns: Vec::new(),
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[schemars(inline, extend("x-rule" = "be the name of a column or its place: 1 is the first, -1 the last"))]
pub enum ColumnRef {
    /// By its name in the header. Columns without a name are called `f0`, `f1`, ... from the left.
    Name(#[schemars(length(min = 1))] String),
    /// By its place: 1 is the first column, -1 the last.
    Position(#[schemars(extend("not" = {"const": 0}))] i64),
}

impl std::fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name:?}"),
            Self::Position(position) => write!(f, "{position}"),
        }
    }
}

/// The words of a scenario for an enumeration, in the order of its variants.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them with the word that a scenario has for each.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];

            /// The word for it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

words! {
    /// What a column holds.
    ColumnKind {
        /// Quantities.
        Numeric = "numeric",
        /// Names, whatever they look like; coded by their place among the sorted names.
        Categorical = "categorical",
    }
}

words! {
    /// What is done with rows that cannot be used.
    #[derive(Default)]
    Unusable {
        /// The file is refused, and the first of them named.
        #[default]
        Error = "error",
        /// They are left out, and counted in the report.
        Drop = "drop",
    }
}

words! {
    /// What separates fields, in the order in which inference prefers them.
    Separator {
        /// Comma.
        Comma = ",",
        /// Semicolon.
        Semicolon = ";",
        /// Tabulator.
        Tab = "\t",
        /// Vertical bar.
        Pipe = "|",
        /// Any number of blanks and tabulators.
        Space = " ",
    }
}

words! {
    /// What stands before the fraction of a number; the other one may stand between thousands.
    Decimal {
        /// Point.
        Point = ".",
        /// Comma.
        Comma = ",",
    }
}

words! {
    /// How text is written as bytes.
    Encoding {
        /// Unicode of one to four bytes a character.
        Utf8 = "utf-8",
        /// Unicode of two or four bytes a character, in either order.
        Utf16 = "utf-16",
        /// ISO 8859-1.
        Latin1 = "latin-1",
        /// Western European Windows.
        Windows1252 = "windows-1252",
        /// Western European Mac OS before X.
        MacRoman = "mac-roman",
    }
}

words! {
    /// What lines begin with that are no rows.
    Comment {
        /// A number sign.
        Hash = "#",
        /// A percent sign.
        Percent = "%",
        /// Nothing: every line is a row.
        None = "none",
    }
}

impl Separator {
    /// The byte in the file.
    #[must_use]
    pub fn byte(self) -> u8 {
        self.word().as_bytes()[0]
    }
}

impl Comment {
    /// The byte that such lines begin with.
    #[must_use]
    pub fn byte(self) -> Option<u8> {
        (self != Self::None).then(|| self.word().as_bytes()[0])
    }
}
