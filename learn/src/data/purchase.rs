//! The layout of the Purchase and Location sets of Shokri et al. (2017): on each line a class, quoted or not, then fields
//! of 0 or 1, with commas between.
//!
//! Where the caller knows how many classes there are, they are numbered from 0 when any line has class 0, from 1 otherwise.
//! Otherwise the classes are the numbers that occur.

use std::path::{Path, PathBuf};

use ndarray::Array2;

use super::columns::{MAX_CLASSES, check_classes, numeric_features, occurring};
use super::csv_source::Separator;
use super::error::DataError;
use super::folders::DataFolders;
use super::rows::{Row, Rows};
use super::text::read_text;
use crate::dataset::Dataset;

/// `purchase/purchase_K.csv` of the data folder, whose set is called `name`.
pub(super) fn find_purchase(folders: &DataFolders, name: &str, classes: u32) -> Result<PathBuf, DataError> {
    check_classes(classes as usize)?;
    let file = format!("purchase/purchase_{classes}.csv");
    let mut files = vec![file.as_str()];
    if classes == 100 {
        files.extend(["purchase/dataset_purchase", "dataset_purchase"]);
    }
    let home = "the files that come with Shokri et al. (2017), \"Membership Inference Attacks Against Machine Learning \
                Models\" (its authors give 100 classes; others are clustered from the same records)";
    folders.of_set(name, &files, home)
}

/// `valued-shopper/valued_shopper_K.csv` of the data folder, whose set is called `name`.
pub(super) fn find_valued_shoppers(
    folders: &DataFolders,
    name: &str,
    classes: u32,
) -> Result<PathBuf, DataError> {
    check_classes(classes as usize)?;
    let file = format!("valued-shopper/valued_shopper_{classes}.csv");
    let home = "the orders of the Kaggle \"Acquire Valued Shoppers Challenge\", by the recipe of the Purchase sets (the \
                600 commonest items as bits, k-means classes)";
    folders.of_set(name, &[&file], home)
}

/// A file of this layout. `classes`: how many there are, when known.
pub(super) fn load(name: &str, path: &Path, classes: Option<u32>) -> Result<Dataset, DataError> {
    let text = read_text(path)?;
    let mut rows = Rows::new(path, &text, Separator::Comma);
    let mut records = Records { path, values: Vec::new(), classes: Vec::new(), first: None };
    let mut width = 0;
    while let Some(row) = rows.next(width)? {
        width = row.fields.len();
        records.add(&row)?;
    }
    records.finish(name, classes)
}

struct Records<'a> {
    path: &'a Path,
    values: Vec<f32>,
    /// Class number and line of each record.
    classes: Vec<(u32, usize)>,
    /// Number of bits of the first record, and its line.
    first: Option<(usize, usize)>,
}

impl Records<'_> {
    fn add(&mut self, row: &Row<'_>) -> Result<(), DataError> {
        let line = row.line;
        let (class, bits) = row.fields.split_first().expect("a row has at least one field");
        let class = parse_class(class).ok_or_else(|| DataError::Class {
            path: self.path.to_owned(),
            line,
            value: shown(class),
            rule: format!(
                "a line begins with its class, a whole number from 0 to {MAX_CLASSES}, quoted or not"
            ),
        })?;
        let found = bits.len();
        let (expected, first) = *self.first.get_or_insert((found, line));
        if found != expected || found == 0 {
            return Err(DataError::Fields {
                path: self.path.to_owned(),
                line,
                found: found + 1,
                expected: expected.max(1) + 1,
                rule: if expected == 0 {
                    "a class and its bits".into()
                } else {
                    format!("as line {first} has")
                },
            });
        }
        self.classes.push((class, line));
        for (index, bit) in bits.iter().enumerate() {
            self.values.push(match bit.trim_ascii() {
                "0" => 0.0,
                "1" => 1.0,
                _ => {
                    let (path, field) = (self.path.to_owned(), index + 2);
                    return Err(DataError::NotBinary { path, line, field, value: shown(bit) });
                }
            });
        }
        Ok(())
    }

    fn finish(self, name: &str, classes: Option<u32>) -> Result<Dataset, DataError> {
        let Some((width, _)) = self.first else {
            return Err(DataError::Empty { path: self.path.to_owned() });
        };
        let written: Vec<u32> = self.classes.iter().map(|&(class, _)| class).collect();
        let (labels, names) = match classes {
            Some(classes) => self.known(classes)?,
            None => occurring(&written),
        };
        let records = Array2::from_shape_vec((labels.len(), width), self.values)
            .expect("every line adds one label and as many bits as the first");
        Ok(Dataset::new(name, records, labels, numeric_features(width), names)?)
    }

    /// Labels and names of that many classes, whether or not somebody is in each.
    fn known(&self, classes: u32) -> Result<(Vec<u32>, Vec<String>), DataError> {
        let base = u32::from(self.classes.iter().all(|&(class, _)| class > 0));
        if let Some(&(class, line)) = self.classes.iter().find(|&&(class, _)| class - base >= classes) {
            return Err(DataError::Class {
                path: self.path.to_owned(),
                line,
                value: class.to_string(),
                rule: format!(
                    "there are {classes} classes, numbered from {base} in this file, so the highest is {}",
                    i64::from(classes + base) - 1
                ),
            });
        }
        let labels = self.classes.iter().map(|&(class, _)| class - base).collect();
        Ok((labels, (base..base + classes).map(|class| class.to_string()).collect()))
    }
}

fn parse_class(field: &str) -> Option<u32> {
    let field = field.trim();
    let bare = field.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(field);
    let class: u32 = bare.trim().parse().ok()?;
    (class as usize <= MAX_CLASSES).then_some(class)
}

/// A field as a message shows it: its first characters, whatever they are.
fn shown(field: &str) -> String {
    field.trim().chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seed;
    use crate::data::testing::{Folder, gzip, real_data};
    use crate::data::{DataSource, PurchaseSource};
    use ndarray::array;
    use proptest::prelude::*;

    fn load_text(text: &str, classes: Option<u32>) -> Result<Dataset, DataError> {
        let folder = Folder::new();
        load("p", &folder.write("p.csv", text), classes)
    }

    #[test]
    fn classes_count_from_one_or_zero_quoted_or_not() {
        let set = load_text("\"2\",0,1\n1,1, 1 \r\n\n\"3\",0,0\n", None).unwrap();
        assert_eq!(set.records(), array![[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]]);
        assert_eq!((set.labels(), set.classes()), (&[1, 0, 2][..], 3));
        assert_eq!(set.class_names(), ["1", "2", "3"]);
        let set = load_text("2,0,1\n0,1,1", None).unwrap();
        assert_eq!((set.labels(), set.class_names().join(" ")), (&[1, 0][..], "0 2".into()));
        let set = load_text("2,0,1\n1,1,1", Some(5)).unwrap();
        assert_eq!((set.labels(), set.classes()), (&[1, 0][..], 5));
    }

    #[test]
    fn wrong_lines_are_named() {
        let message = |text: &str, classes| load_text(text, classes).unwrap_err().to_string();
        let text = message("1,0,1\n\n2,0\n", None);
        assert!(text.contains("line 3 has 2 fields, too few: 3 are expected (as line 1 has)"), "{text}");
        let text = message("1,0,1\n2,0,1,1\n", None);
        assert!(text.contains("line 2 has 4 fields, too many: 3 are expected"), "{text}");
        let text = message("1,0,1\n2,0,1,\n", None);
        assert!(text.contains("line 2 has 4 fields"), "{text}");
        assert!(matches!(load_text("7\n", None), Err(DataError::Fields { line: 1, found: 1, .. })));
        let text = message("1,0,1\n2,0,7\n", None);
        assert!(text.contains("line 2, field 3 is \"7\""), "{text}");
        let text = message("1,0,1\nbread,0,1\n", None);
        assert!(text.contains("line 2 has class \"bread\""), "{text}");
        assert!(matches!(load_text("-1,0,1\n", None), Err(DataError::Class { .. })));
        assert!(matches!(load_text("4000000000,0,1\n", None), Err(DataError::Class { .. })));
        let text = message("1,0,1\n4,0,1\n", Some(3));
        assert!(text.contains("line 2 has class \"4\": there are 3 classes, numbered from 1"), "{text}");
        let text = message("0,0,1\n3,0,1\n", Some(3));
        assert!(text.contains("numbered from 0 in this file, so the highest is 2"), "{text}");
        assert!(matches!(load_text("1,1\n", Some(0)), Err(DataError::Class { .. })));
        assert!(matches!(load_text("\n \n", None), Err(DataError::Empty { .. })));
    }

    proptest! {
        #[test]
        fn no_file_panics(text in "[01 ,\"\r\nx]{0,40}", classes in proptest::option::of(0..3_u32)) {
            if let Ok(set) = load_text(&text, classes) {
                prop_assert!(set.records().iter().all(|&bit| bit == 0.0 || bit == 1.0));
            }
        }
    }

    #[test]
    fn a_file_is_found_by_its_classes_or_by_the_name_its_authors_gave_it() {
        let folder = Folder::new();
        let load = |source| DataSource::Purchase(source).load(&folder.folders(), Seed::root(0));
        let message = load(PurchaseSource::Classes(100)).unwrap_err().to_string();
        assert!(message.starts_with("purchase-100: no purchase/purchase_100.csv"), "{message}");
        assert!(message.contains("Shokri"), "{message}");
        folder.write("purchase/dataset_purchase", "100,1,0\n");
        assert_eq!(load(PurchaseSource::Classes(100)).unwrap().classes(), 100);
        folder.write("purchase/purchase_2.csv.gz", gzip(b"1,1,0\n2,0,0\n"));
        assert_eq!(load(PurchaseSource::Classes(2)).unwrap().name(), "purchase-2");
        let set = load(PurchaseSource::Path("purchase/purchase_2.csv".into())).unwrap();
        assert_eq!((set.name(), set.classes()), ("purchase_2", 2));
    }

    #[test]
    fn a_number_of_classes_that_is_none_is_refused_before_a_file_is_looked_for() {
        let folder = Folder::new();
        for classes in [0, 1, 100_001, u32::MAX] {
            let purchase = DataSource::Purchase(PurchaseSource::Classes(classes));
            for source in [purchase, DataSource::ValuedShoppers { classes }] {
                let error = source.load(&folder.folders(), Seed::root(0)).unwrap_err();
                assert!(matches!(error, DataError::Parameter { parameter: "classes", .. }), "{error}");
                assert_eq!(error.to_string(), format!("classes is {classes}: from 2 to 100000"));
            }
        }
    }

    #[test]
    fn valued_shoppers_itself() {
        let Some(folders) = real_data("valued-shopper/valued_shopper_100.csv.gz") else { return };
        for (classes, smallest, largest) in [(10, 676, 2440), (50, 62, 589), (100, 11, 294)] {
            let set = DataSource::ValuedShoppers { classes }.load(&folders, Seed::root(0)).unwrap();
            assert_eq!(set.records().dim(), (9_988, 600));
            assert_eq!(set.classes(), classes as usize);
            let rows: Vec<usize> = (0..set.len()).collect();
            let counts = set.class_counts(&rows);
            assert_eq!((counts.iter().min(), counts.iter().max()), (Some(&smallest), Some(&largest)));
            let density = set.records().iter().filter(|&&bit| bit == 1.0).count() as f64 / (9_988.0 * 600.0);
            assert!((density - 0.0269).abs() < 5e-5);
        }
    }
}
