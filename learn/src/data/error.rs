//! What keeps a data source from being read: each message says what is wrong, where, and how to mend it.
//!
//! Lines, fields and columns count from one, as editors count them.

use std::path::{Path, PathBuf};

use crate::dataset::DatasetError;

/// A data source that cannot be read, or a generator's parameter that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A file that is in none of the places where it may be.
    #[error("{dataset}: no {file}{}; {mend}", looked_in(looked))]
    Missing {
        /// The data set.
        dataset: String,
        /// The file that is wanted.
        file: String,
        /// Every place looked in, in that order.
        looked: Vec<PathBuf>,
        /// How to get it.
        mend: String,
    },
    /// A file that is there and cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A gzip stream that is damaged or cut short.
    #[error("{} is a damaged or cut gzip file ({source}); get it again", path.display())]
    Gzip {
        /// The file.
        path: PathBuf,
        /// What the decoder says.
        source: std::io::Error,
    },
    /// A file without a single record.
    #[error("{} holds no record", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A binary file of the wrong length.
    #[error(
        "{} is {} bytes long and should be {expected} ({rule}): it is {}; get it again",
        path.display(), found, if found < expected { "truncated" } else { "longer than its header says" }
    )]
    Length {
        /// The file.
        path: PathBuf,
        /// Bytes there, after decompression.
        found: u64,
        /// Bytes there should be.
        expected: u64,
        /// Where the expectation comes from.
        rule: String,
    },
    /// A file that does not begin as the IDX file it is taken for.
    #[error(
        "{} is not an IDX file of {what}: it begins with the number {found:#010x}, not {expected:#010x}{}",
        path.display(), swapped(*found)
    )]
    NotIdx {
        /// The file.
        path: PathBuf,
        /// `images` or `labels`.
        what: &'static str,
        /// The first four bytes, big-endian.
        found: u32,
        /// What they should be.
        expected: u32,
    },
    /// Images and labels of different number.
    #[error(
        "{} holds {images} images and {} holds {labels} labels: they are not a pair",
        images_path.display(), labels_path.display()
    )]
    Pair {
        /// The images.
        images_path: PathBuf,
        /// The labels.
        labels_path: PathBuf,
        /// How many images.
        images: usize,
        /// How many labels.
        labels: usize,
    },
    /// Files of one set whose records differ in width.
    #[error("{} has records of {found} features, and the files before it {expected}", path.display())]
    Width {
        /// The file.
        path: PathBuf,
        /// Features of its records.
        found: usize,
        /// Features of the records before.
        expected: usize,
    },
    /// A record of a binary file whose class is out of range. The record counts from zero.
    #[error("{}: record {record} has class {class}; classes go from 0 to {}", path.display(), classes.saturating_sub(1))]
    ClassByte {
        /// The file.
        path: PathBuf,
        /// The record, from zero.
        record: usize,
        /// Its class.
        class: u8,
        /// How many classes there are.
        classes: usize,
    },
    /// A list of class names of the wrong length.
    #[error("{} holds {found} names, one a line, for {expected} classes; get it again or leave it out", path.display())]
    ClassNames {
        /// The file.
        path: PathBuf,
        /// Names there.
        found: usize,
        /// Classes.
        expected: usize,
    },
    /// A gzip file that comes to more than is believed of records.
    #[error(
        "{} is {size} bytes long and comes to more than {limit} bytes when it is decompressed, the limit for gzip files \
         ({growth} times its size on disk, and {always} in any case); if that is what it should be, decompress it yourself",
        path.display()
    )]
    Inflated {
        /// The file.
        path: PathBuf,
        /// Its bytes on disk.
        size: u64,
        /// Bytes that it may come to.
        limit: u64,
        /// How many times its size that may be.
        growth: u64,
        /// Bytes that any file may come to.
        always: u64,
    },
    /// A table too long for places of 32 bits.
    #[error("{} is text of {found} bytes, and a table may have {limit}; split it or leave out columns", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Bytes of its text.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A text file that is not UTF-8, or whatever else it was said to be.
    #[error(
        "{}, line {line} is no text in UTF-8 or in what the file is declared to be; save the file as UTF-8, or, of a \
         table of your own, say what it is with `encoding: windows-1252`, `latin-1`, `mac-roman` or `utf-16`",
        path.display()
    )]
    NotText {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
    },
    /// A quoted field that never ends, or that goes on after its closing quote.
    #[error("{}, line {line}: {problem}", path.display())]
    Quote {
        /// The file.
        path: PathBuf,
        /// The line on which the field begins.
        line: usize,
        /// What is wrong and how to mend it.
        problem: &'static str,
    },
    /// A row with too few or too many fields.
    #[error(
        "{}, line {line} has {found} fields, too {}: {expected} are expected ({rule})",
        path.display(), if found < expected { "few" } else { "many" }
    )]
    Fields {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// Fields there.
        found: usize,
        /// Fields there should be.
        expected: usize,
        /// Where the expectation comes from.
        rule: String,
    },
    /// A field that is neither 0 nor 1.
    #[error("{}, line {line}, field {field} is {value:?}; after the class every field is 0 or 1", path.display())]
    NotBinary {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The field, the class being field 1.
        field: usize,
        /// What stood there.
        value: String,
    },
    /// A class that is missing, not a class, or out of range.
    #[error("{}, line {line} has class {value:?}: {rule}", path.display())]
    Class {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What stood there.
        value: String,
        /// What is allowed.
        rule: String,
    },
    /// A column that is asked for and does not exist.
    #[error("{} has no {role} column {requested}; {}", path.display(), mend_column(nearest, *columns))]
    Column {
        /// The file.
        path: PathBuf,
        /// `target` or `declared`.
        role: &'static str,
        /// As the scenario writes it.
        requested: String,
        /// The nearest names that do exist, nearest first.
        nearest: Vec<String>,
        /// How many columns there are.
        columns: usize,
    },
    /// A header that gives two columns one name.
    #[error(
        "{}: columns {first} and {second} are both called {name:?}; rename one, or declare `header: false` if \
         the first line is a record",
        path.display()
    )]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
        /// The first column of that name.
        first: usize,
        /// The second.
        second: usize,
    },
    /// A first line that may be a header or a record.
    #[error(
        "{}, line {line} may be a header or a record: {why}; say `header: true` or `header: false`",
        path.display()
    )]
    Header {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What speaks for either.
        why: String,
    },
    /// Numbers that may be written with a decimal point or comma.
    #[error("{}: {why}; say `decimal: \".\"` or `decimal: \",\"`", path.display())]
    Decimal {
        /// The file.
        path: PathBuf,
        /// What speaks for either.
        why: String,
    },
    /// A line that may be a comment or a row.
    #[error(
        "{}, line {line} begins with `#` and has {fields} fields as the rows have, where others that begin so have not: \
         it may be a comment or a row; say `comment: \"#\"` or `comment: none`, or take the `#` away",
        path.display()
    )]
    Comment {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// Fields of a row.
        fields: usize,
    },
    /// Columns of numbers in which a few fields are none.
    #[error(
        "{}: {}; mend the values, list them under `missing` if that is what they say, or declare the column under \
         `columns` as numeric or categorical",
        path.display(), columns.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    FaultyNumbers {
        /// The file.
        path: PathBuf,
        /// Each such column, from the left.
        columns: Vec<FaultyColumn>,
    },
    /// A column that is given two kinds, or a target that is given one.
    #[error("{}: column {name:?} {problem}", path.display())]
    Declared {
        /// The file.
        path: PathBuf,
        /// The column.
        name: String,
        /// What is wrong and how to mend it.
        problem: &'static str,
    },
    /// A value that is not a number in a column declared numeric.
    #[error(
        "{}, line {line}: column {column:?} is numeric and {value:?} is not a number; mend the value, or declare \
         the column categorical",
        path.display()
    )]
    NotNumeric {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The column's name.
        column: String,
        /// What stood there.
        value: String,
    },
    /// A number that is infinite, not a number, or too large for 32 bits.
    #[error(
        "{}, line {line}: column {column:?} holds {value:?}, which is not a finite 32-bit number; mend the value, \
         leave it empty if it is missing, or declare the column categorical",
        path.display()
    )]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The column's name.
        column: String,
        /// What stood there.
        value: String,
    },
    /// A column declared numeric in which every value is missing.
    #[error("{}: column {column:?} is declared numeric and all its values are missing", path.display())]
    NoValue {
        /// The file.
        path: PathBuf,
        /// The column's name.
        column: String,
    },
    /// A target that takes too many values to be a class.
    #[error(
        "{}: the target column {column:?} has {found} different values, more than {limit}: that is a quantity or a \
         name, not a class; choose another target",
        path.display()
    )]
    TooManyClasses {
        /// The file.
        path: PathBuf,
        /// The target.
        column: String,
        /// Different values.
        found: usize,
        /// How many classes there may be.
        limit: usize,
    },
    /// A file without a column besides the target.
    #[error(
        "{} has {columns} column(s): a data set needs the target and at least one more; is the separator right?",
        path.display()
    )]
    NoFeature {
        /// The file.
        path: PathBuf,
        /// How many columns there are.
        columns: usize,
    },
    /// A parameter of a generator, or a number of classes, outside its range.
    #[error("{parameter} is {value}: {rule}")]
    Parameter {
        /// The parameter, as a scenario writes it.
        parameter: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        rule: &'static str,
    },
    /// An embedded set that its crate cannot hand out.
    #[error("the embedded data set {name} is not as expected: {reason}")]
    Embedded {
        /// The data set.
        name: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// What was read is not a data set.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}

/// A column of numbers in which a few fields are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyColumn {
    /// The column's name.
    pub name: String,
    /// How many of its values are numbers.
    pub numbers: usize,
    /// How many are not.
    pub faults: usize,
    /// Lines and values of the first of them.
    pub shown: Vec<(usize, String)>,
    /// Whether they are numbers, but percent where the others are not, or the other way round.
    pub percent: bool,
}

impl std::fmt::Display for FaultyColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: Vec<String> =
            self.shown.iter().map(|(line, value)| format!("{value:?} in line {line}")).collect();
        let more = match self.faults - self.shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let but = if self.percent { "but some of percent and some not:" } else { "but not" };
        write!(f, "column {:?} holds {} numbers, {but} {}{more}", self.name, self.numbers, shown.join(", "))
    }
}

fn looked_in(looked: &[PathBuf]) -> String {
    if looked.is_empty() {
        return " (looked nowhere: no data folder was given)".into();
    }
    let places: Vec<String> = looked.iter().map(|path| path.display().to_string()).collect();
    format!(" (looked for {})", places.join(", "))
}

fn swapped(found: u32) -> &'static str {
    match found {
        0x0000_0801 => " (those are labels)",
        0x0000_0803 => " (those are images)",
        _ => "",
    }
}

fn mend_column(nearest: &[String], columns: usize) -> String {
    if nearest.is_empty() {
        return format!("positions go from 1 to {columns}, or from -1 (the last) to -{columns}");
    }
    let names: Vec<String> = nearest.iter().map(|name| format!("{name:?}")).collect();
    format!("nearest of its {columns}: {}", names.join(", "))
}

impl DataError {
    /// A reading failure at this path.
    pub(crate) fn read(path: &Path, source: std::io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }
}
