//! UCI Adult (Becker and Kohavi, 1996): `adult.data` and `adult.test`, as the repository gives them.
//!
//! `adult.test` opens with a line that is no record (`|1x3 Cross validator`), and its labels end in a full stop, which is
//! no part of the class.

use std::path::{Path, PathBuf};

use super::cells::Cells;
use super::encode::{Column, Table};
use super::numeral::Marks;
use crate::data::folders::DataFolders;
use crate::data::rows::{Row, Rows};
use crate::data::text::read_text;
use crate::data::{ColumnKind, ColumnRole, DataError, Decimal, Separator};
use crate::dataset::Dataset;

use ColumnKind::{Categorical, Numeric};

const COLUMNS: [(&str, ColumnKind); 15] = [
    ("age", Numeric),
    ("workclass", Categorical),
    ("fnlwgt", Numeric),
    ("education", Categorical),
    ("education-num", Numeric),
    ("marital-status", Categorical),
    ("occupation", Categorical),
    ("relationship", Categorical),
    ("race", Categorical),
    ("sex", Categorical),
    ("capital-gain", Numeric),
    ("capital-loss", Numeric),
    ("hours-per-week", Numeric),
    ("native-country", Categorical),
    (TARGET, Categorical),
];
const TARGET: &str = "income";
const CLASSES: [&str; 2] = ["<=50K", ">50K"];
const HOME: &str = "the UCI Machine Learning Repository, data set \"Adult\"";

/// Both files.
pub(in crate::data) fn find(folders: &DataFolders) -> Result<[PathBuf; 2], DataError> {
    let find = |file: &str| folders.of_set("adult", &[file], HOME);
    Ok([find("adult/adult.data")?, find("adult/adult.test")?])
}

/// Both files, one after the other.
pub(in crate::data) fn load(folders: &DataFolders) -> Result<Dataset, DataError> {
    let [data, test] = find(folders)?;
    let mut cells = Cells::new(&data, Separator::Comma);
    cells.files.push((test, 0));
    cells.width = COLUMNS.len();
    for file in 0..cells.files.len() {
        let start = cells.text.len();
        cells.files[file].1 = start;
        let path = cells.files[file].0.clone();
        let text = read_text(&path)?.replace("50K.", "50K");
        // The line that is no record begins as no record does.
        let mut rows = Rows::new(&path, &text, Separator::Comma).with_comment(Some(b'|'));
        while let Some(mut row) = rows.next(COLUMNS.len())? {
            check(&path, &row)?;
            row.places.iter_mut().for_each(|place| *place += start);
            cells.push(&row.places);
        }
        cells.text.push_str(&text);
        cells.text.push('\n');
    }
    let column = |(name, kind): (&str, ColumnKind)| Column {
        declared: Some(kind),
        role: if name == TARGET { ColumnRole::Target } else { ColumnRole::Feature },
        is_trailing: false,
    };
    let names = COLUMNS.iter().map(|(name, _)| name).collect();
    let columns = COLUMNS.map(column).into();
    let (marks, decimal) = (Marks::default(), Decimal::Point);
    let profiles = cells.profiles(0, marks, decimal);
    Ok(Table { cells, names, columns, marks, decimal }.encode("adult", profiles)?.0)
}

fn check(path: &Path, row: &Row<'_>) -> Result<(), DataError> {
    let (path, line, found) = (path.to_owned(), row.line, row.fields.len());
    if found != COLUMNS.len() {
        let rule = "14 features and the class".into();
        return Err(DataError::Fields { path, line, found, expected: COLUMNS.len(), rule });
    }
    let class = row.fields[COLUMNS.len() - 1].as_ref();
    if !CLASSES.contains(&class) {
        let rule = "the classes of Adult are <=50K and >50K".into();
        return Err(DataError::Class { path, line, value: class.into(), rule });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataSource;
    use crate::data::testing::{Folder, real_data};
    use crate::{FeatureKind, Seed};

    const DATA: &str = "\
        39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Unmarried, White, Male, 2174, 0, 40, Cuba, <=50K\n\
        50, ?, 83311, Bachelors, 13, Divorced, ?, Husband, White, Male, 0, 0, 13, Cuba, >50K\n\n";
    const TEST: &str = "|1x3 Cross validator\n\
        25, Private, 226802, 11th, 7, Never-married, Sales, Own-child, Black, Female, 0, 0, 40, ?, <=50K.\n\n";

    fn load_both(data: &str, test: &str) -> Result<Dataset, DataError> {
        let folder = Folder::new();
        folder.write("adult/adult.data", data);
        folder.write("adult/adult.test", test);
        DataSource::Adult.load(&folder.folders(), Seed::root(0))
    }

    #[test]
    fn both_files_make_one_set() {
        let set = load_both(DATA, TEST).unwrap();
        assert_eq!(set.records().dim(), (3, 14));
        assert_eq!((set.labels(), set.class_names().join(" ")), (&[0, 1, 0][..], "<=50K >50K".into()));
        // Sorted: `?`, `Private`, `State-gov`.
        assert_eq!(set.records().column(1).to_vec(), [2.0, 0.0, 1.0]);
        assert_eq!(set.records().column(2).to_vec(), [77516.0, 83311.0, 226802.0]);
        let FeatureKind::Categorical { values } = &set.features()[13].kind else { panic!() };
        assert_eq!(values.join(" "), "? Cuba");
    }

    #[test]
    fn wrong_lines_are_named_by_file_and_line() {
        let message = load_both(DATA, &TEST.replace(" Sales,", "")).unwrap_err().to_string();
        assert!(message.contains("adult.test, line 2 has 14 fields, too few: 15 are expected"), "{message}");
        let message = load_both(&DATA.replace(">50K", "50K"), TEST).unwrap_err().to_string();
        assert!(message.contains("adult.data, line 2 has class \"50K\""), "{message}");
        let message = load_both(&DATA.replace("83311", "many"), TEST).unwrap_err().to_string();
        assert!(message.contains("line 2: column \"fnlwgt\" is numeric and \"many\""), "{message}");
    }

    #[test]
    fn a_missing_half_says_where_it_was_looked_for() {
        let folder = Folder::new();
        folder.write("adult/adult.data", DATA);
        let message = DataSource::Adult.load(&folder.folders(), Seed::root(0)).unwrap_err().to_string();
        assert!(message.starts_with("adult: no adult/adult.test (looked for "), "{message}");
        assert!(message.contains("UCI Machine Learning Repository"), "{message}");
    }

    #[test]
    fn adult_itself() {
        let Some(folders) = real_data("adult/adult.data") else { return };
        let set = DataSource::Adult.load(&folders, Seed::root(0)).unwrap();
        assert_eq!(set.records().dim(), (48_842, 14));
        let rows: Vec<usize> = (0..set.len()).collect();
        assert_eq!(set.class_counts(&rows), [37_155, 11_687]);
        assert_eq!(set.class_counts(&rows[..32_561]), [24_720, 7_841]);
        let unknown = |column: usize| match &set.features()[column].kind {
            FeatureKind::Categorical { values } => values.iter().position(|value| value == "?"),
            FeatureKind::Numeric => None,
        };
        let records = set.records();
        let incomplete = records.rows().into_iter().filter(|row| {
            (0..14).any(|column| unknown(column).is_some_and(|code| row[column] == code as f32))
        });
        assert_eq!(incomplete.count(), 3_620);
    }
}
