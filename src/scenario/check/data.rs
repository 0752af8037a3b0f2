//! Where the records come from and what is done to them.

use std::path::PathBuf;

use turncoat_learn::data::{
    ColumnKind, ColumnRef, Comment, CsvSource, DataError, DataSource, Decimal, Encoding, IdxPair,
    PurchaseSource, RawCensusParams, RawGaussianClustersParams, RawPurchasesParams, Separator, Unusable,
};
use turncoat_learn::preprocess::{Categories, Duplicates, Preprocess, Scale};

use super::MAX_RECORDS;
use crate::scenario::reader::{At, Fields, Reader};
use crate::scenario::yaml::{Entry, Scalar, Value, join};

const SOURCES: [&str; 11] = [
    "adult",
    "mnist",
    "fashion_mnist",
    "cifar10",
    "idx",
    "purchase",
    "valued_shoppers",
    "csv",
    "winequality",
    "iris",
    "synthetic",
];
const CLASSES: std::ops::RangeInclusive<u32> = 2..=100_000;

pub(super) fn data(reader: &mut Reader<'_>, at: &At<'_>) -> Option<DataSource> {
    let (tag, body) = reader.tagged(at, &SOURCES)?;
    let plain = match tag {
        "adult" => DataSource::Adult,
        "mnist" => DataSource::Mnist,
        "fashion_mnist" => DataSource::FashionMnist,
        "cifar10" => DataSource::Cifar10,
        "winequality" => DataSource::WineQuality,
        "iris" => DataSource::Iris,
        "idx" => return idx(reader, &body),
        "purchase" => return purchase(reader, &body),
        "valued_shoppers" => {
            let fields = reader.fields(&body, &["classes"])?;
            let classes = reader.required(&fields, "classes", "which file, such as 10")?;
            return Some(DataSource::ValuedShoppers { classes: reader.whole_u32(&classes, CLASSES)? });
        }
        "csv" => return csv(reader, &body),
        _ => return synthetic(reader, &body),
    };
    reader.fields(&body, &[])?;
    Some(plain)
}

fn path(reader: &mut Reader<'_>, at: &At<'_>) -> Option<PathBuf> {
    let text = reader.text(at)?;
    if text.contains('\0') {
        reader.refuse(at, "must be a path");
        return None;
    }
    Some(text.into())
}

/// One pair of files, or a list of pairs.
fn idx(reader: &mut Reader<'_>, at: &At<'_>) -> Option<DataSource> {
    let places = if let Value::List(_) = at.value { reader.list(at)? } else { vec![at.clone()] };
    if places.is_empty() {
        reader.refuse(at, "must name at least one pair of `images` and `labels`");
    }
    let mut pairs = Some(Vec::new());
    for at in &places {
        match (idx_pair(reader, at), &mut pairs) {
            (Some(pair), Some(pairs)) => pairs.push(pair),
            _ => pairs = None,
        }
    }
    pairs.filter(|pairs| !pairs.is_empty()).map(|pairs| DataSource::Idx { pairs })
}

fn idx_pair(reader: &mut Reader<'_>, at: &At<'_>) -> Option<IdxPair> {
    let fields = reader.fields(at, &["images", "labels"])?;
    let images = reader.required(&fields, "images", "the path of an IDX file of images");
    let images = images.and_then(|at| path(reader, &at));
    let labels = reader.required(&fields, "labels", "the path of an IDX file of labels");
    let labels = labels.and_then(|at| path(reader, &at));
    Some(IdxPair { images: images?, labels: labels? })
}

fn purchase(reader: &mut Reader<'_>, at: &At<'_>) -> Option<DataSource> {
    if let Value::Map(entries) = at.value
        && entries.is_empty()
    {
        reader.refuse(at, "must be one of `classes`, `path`");
        return None;
    }
    let (tag, body) = reader.tagged(at, &["classes", "path"])?;
    let source = if tag == "classes" {
        PurchaseSource::Classes(reader.whole_u32(&body, CLASSES)?)
    } else {
        PurchaseSource::Path(path(reader, &body)?)
    };
    Some(DataSource::Purchase { source })
}

const CSV_KEYS: [&str; 13] = [
    "path",
    "name",
    "target",
    "missing_target",
    "header",
    "separator",
    "decimal",
    "encoding",
    "comment",
    "ragged",
    "missing",
    "drop",
    "columns",
];

fn csv(reader: &mut Reader<'_>, at: &At<'_>) -> Option<DataSource> {
    let fields = reader.fields(at, &CSV_KEYS)?;
    let file = reader.required(&fields, "path", "the path of the table");
    let file = file.and_then(|at| path(reader, &at));
    let mut keys = Keys { reader, fields: &fields };
    // Every key is read before the first that is wrong ends it.
    let name = keys.optional("name", |reader, at| reader.text(at).map(str::to_owned));
    let target = keys.optional("target", column);
    let missing_target = keys.optional("missing_target", |reader, at| reader.word(at, Unusable::WORDS));
    let header = keys.optional("header", Reader::flag);
    let separator = keys.optional("separator", |reader, at| character(reader, at, Separator::WORDS));
    let decimal = keys.optional("decimal", |reader, at| character(reader, at, Decimal::WORDS));
    let encoding = keys.optional("encoding", |reader, at| reader.word(at, Encoding::WORDS));
    let comment = keys.optional("comment", |reader, at| reader.word(at, Comment::WORDS));
    let ragged = keys.optional("ragged", |reader, at| reader.word(at, Unusable::WORDS));
    let missing = keys.optional("missing", |reader, at| each(reader, at, marker));
    let drop = keys.optional("drop", |reader, at| each(reader, at, column));
    let columns = keys.optional("columns", columns);
    Some(DataSource::Csv(CsvSource {
        path: file?,
        name: name?,
        target: target?,
        missing_target: missing_target?.unwrap_or(Unusable::Error),
        header: header?,
        separator: separator?,
        decimal: decimal?,
        encoding: encoding?,
        comment: comment?,
        ragged: ragged?.unwrap_or(Unusable::Error),
        missing: missing?.unwrap_or_default(),
        drop: drop?.unwrap_or_default(),
        columns: columns?.unwrap_or_default(),
    }))
}

/// Reads keys that may be left out or null.
struct Keys<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    fields: &'r Fields<'n>,
}

impl<'a, 'n> Keys<'_, 'a, 'n> {
    /// `None` where what is given is wrong, `Some(None)` where nothing is.
    fn optional<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Reader<'a>, &At<'n>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.fields.given(key) {
            Some(at) => read(self.reader, &at).map(Some),
            None => Some(None),
        }
    }
}

/// A list, of which every entry is read.
fn each<'a, T>(
    reader: &mut Reader<'a>,
    at: &At<'_>,
    read: impl Fn(&mut Reader<'a>, &At<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = reader.list(at)?.iter().map(|at| read(reader, at)).collect();
    read.into_iter().collect()
}

/// What stands for a missing value.
fn marker(reader: &mut Reader<'_>, at: &At<'_>) -> Option<String> {
    reader.text(at).map(str::to_owned)
}

/// A column by its name, or by its place where a number stands.
fn column(reader: &mut Reader<'_>, at: &At<'_>) -> Option<ColumnRef> {
    match at.value {
        Value::Scalar(Scalar::Int(place), _) => position(*place).or_else(|| {
            reader.refuse(at, "must be the name of a column or its place: 1 is the first, -1 the last");
            None
        }),
        _ => reader.text(at).map(|name| ColumnRef::Name(name.into())),
    }
}

fn position(place: i128) -> Option<ColumnRef> {
    i64::try_from(place).ok().filter(|place| *place != 0).map(ColumnRef::Position)
}

/// One of some characters, which are told in quotes.
fn character<T: Copy>(reader: &mut Reader<'_>, at: &At<'_>, words: &[(&str, T)]) -> Option<T> {
    if let Value::Scalar(Scalar::Text(text), _) = at.value
        && let Some((_, meaning)) = words.iter().find(|(word, _)| word == text)
    {
        return Some(*meaning);
    }
    let words: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
    reader.refuse(at, format!("must be one of {}", words.join(", ")));
    None
}

fn columns(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Vec<(ColumnRef, ColumnKind)>> {
    let fields = reader.any_fields(at)?;
    let mut all = Some(Vec::new());
    for (entry, below) in fields.iter() {
        let column = declared(reader, entry, &at.path);
        let kind = reader.word(&below, ColumnKind::WORDS);
        match (column, kind, &mut all) {
            (Some(column), Some(kind), Some(all)) => all.push((column, kind)),
            _ => all = None,
        }
    }
    all
}

fn declared(reader: &mut Reader<'_>, entry: &Entry, path: &str) -> Option<ColumnRef> {
    let Some(place) = entry.number else { return Some(ColumnRef::Name(entry.key.clone())) };
    let column = position(place);
    if column.is_none() {
        let rule = "columns count from 1, or from -1 at the end";
        reader.note(entry.spot, &join(path, &entry.key), None, rule, None);
    }
    column
}

fn synthetic(reader: &mut Reader<'_>, at: &At<'_>) -> Option<DataSource> {
    let (tag, body) = reader.tagged(at, &["census", "purchases", "gaussian_clusters"])?;
    let allowed: &[&str] = match tag {
        "census" => &["records", "label_noise"],
        "purchases" => &["records", "features", "classes", "flip"],
        _ => &["records", "features", "classes", "clusters_per_class", "label_noise"],
    };
    let fields = reader.fields(&body, allowed)?;
    let mut numbers = Numbers { reader, fields: &fields, sound: true };
    let checked = match tag {
        "census" => {
            let mut raw = RawCensusParams::default();
            numbers.count("records", &mut raw.records);
            numbers.fraction("label_noise", &mut raw.label_noise);
            raw.check().map(DataSource::Census)
        }
        "purchases" => {
            let mut raw = RawPurchasesParams::default();
            numbers.count("records", &mut raw.records);
            numbers.count("features", &mut raw.features);
            numbers.count("classes", &mut raw.classes);
            numbers.fraction("flip", &mut raw.flip);
            raw.check().map(DataSource::Purchases)
        }
        _ => {
            let mut raw = RawGaussianClustersParams::default();
            numbers.count("records", &mut raw.records);
            numbers.count("features", &mut raw.features);
            numbers.count("classes", &mut raw.classes);
            numbers.count("clusters_per_class", &mut raw.clusters_per_class);
            numbers.fraction("label_noise", &mut raw.label_noise);
            raw.check().map(DataSource::GaussianClusters)
        }
    };
    let sound = numbers.sound;
    // A number that could not be read stays at its default, and the rest is checked all the same.
    checked.map_err(|violations| refuse_parameters(reader, &body, violations)).ok().filter(|_| sound)
}

/// Reads numbers over their defaults.
struct Numbers<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    fields: &'r Fields<'n>,
    sound: bool,
}

impl Numbers<'_, '_, '_> {
    fn count(&mut self, key: &str, into: &mut usize) {
        if let Some(at) = self.fields.get(key) {
            match self.reader.whole(&at, 0..=MAX_RECORDS) {
                Some(number) => *into = number as usize,
                None => self.sound = false,
            }
        }
    }

    fn fraction(&mut self, key: &str, into: &mut f64) {
        if let Some(at) = self.fields.get(key) {
            match self.reader.number(&at) {
                Some(number) => *into = number,
                None => self.sound = false,
            }
        }
    }
}

fn refuse_parameters(reader: &mut Reader<'_>, at: &At<'_>, violations: Vec<DataError>) {
    for violation in violations {
        if let DataError::Parameter { parameter, value, rule } = violation {
            let (spot, path) = (at.deepest(parameter).spot, join(&at.path, parameter));
            reader.note(spot, &path, Some(value), format!("must be {rule}"), None);
        } else {
            reader.refuse(at, violation.to_string());
        }
    }
}

pub(super) fn preprocess(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Preprocess> {
    let fields = reader.fields(at, &["categories", "scale", "subsample", "duplicates"])?;
    let categories = match fields.get("categories") {
        Some(at) => reader.word(&at, &[("ordinal", Categories::Ordinal), ("one_hot", Categories::OneHot)]),
        None => Some(Categories::default()),
    };
    let scale = match fields.get("scale") {
        Some(at) => reader.word(&at, &[("none", Scale::None), ("min_max", Scale::MinMax)]),
        None => Some(Scale::default()),
    };
    let subsample = match fields.given("subsample") {
        Some(at) => reader.whole(&at, 1..=MAX_RECORDS).map(|n| Some(n as usize)),
        None => Some(None),
    };
    let duplicates = match fields.get("duplicates") {
        Some(at) => reader.word(&at, &[("keep", Duplicates::Keep), ("drop", Duplicates::Drop)]),
        None => Some(Duplicates::default()),
    };
    Some(Preprocess {
        categories: categories?,
        scale: scale?,
        subsample: subsample?,
        duplicates: duplicates?,
    })
}
