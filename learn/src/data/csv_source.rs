//! What a scenario says about a table of its own, and the words for it.

use std::path::PathBuf;

/// A separated-values file with a header or without, quoted as in RFC 4180. What is `None` is inferred from the file, and
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvSource {
    /// The file.
    pub path: PathBuf,
    /// What to call the set; `None` for the file's own name.
    pub name: Option<String>,
    /// The class column; `None` for the last.
    pub target: Option<ColumnRef>,
    /// What to do with rows whose class is missing.
    pub missing_target: Unusable,
    /// Whether the first line names the columns.
    pub header: Option<bool>,
    /// What stands between fields.
    pub separator: Option<Separator>,
    /// What stands before the fraction of a number.
    pub decimal: Option<Decimal>,
    /// How text is written as bytes.
    pub encoding: Option<Encoding>,
    /// What lines begin with that are no rows.
    pub comment: Option<Comment>,
    /// What to do with rows of more or fewer fields than the first.
    pub ragged: Unusable,
    /// Texts that stand for a missing value, beside the usual ones.
    pub missing: Vec<String>,
    /// Columns to leave out.
    pub drop: Vec<ColumnRef>,
    /// Kinds of columns that are not to be inferred.
    pub columns: Vec<(ColumnRef, ColumnKind)>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRef {
    /// By its name in the header. Columns without a name are called `f0`, `f1`, ... from the left.
    Name(String),
    /// By its place: 1 is the first column, -1 the last.
    Position(i64),
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
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$about])* $variant,)+
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
    /// What the values of a column mean.
    ColumnKind {
        /// Quantities.
        Numeric = "numeric",
        /// Names; coded by their place among the sorted names.
        Categorical = "categorical",
    }
}

words! {
    /// What to do with rows that cannot be used.
    Unusable {
        /// Refuse the file, and name the first of them.
        Error = "error",
        /// Leave them out, and say how many.
        Drop = "drop",
    }
}

words! {
    /// What stands between the fields of a row, in the order in which inference prefers them.
    Separator {
        /// `,`
        Comma = ",",
        /// `;`
        Semicolon = ";",
        /// A tab.
        Tab = "\t",
        /// `|`
        Pipe = "|",
        /// Any number of blanks and tabs.
        Space = " ",
    }
}

words! {
    /// What stands before the fraction of a number. The other one may stand between thousands.
    Decimal {
        /// `1.5`
        Point = ".",
        /// `1,5`
        Comma = ",",
    }
}

words! {
    /// How text is written as bytes.
    Encoding {
        /// Unicode, one to four bytes a character.
        Utf8 = "utf-8",
        /// Unicode, two or four bytes a character, either order.
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
        /// `#`
        Hash = "#",
        /// `%`
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
