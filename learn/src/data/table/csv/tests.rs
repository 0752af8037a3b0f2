//! General CSV on files made by hand: inference, declarations, missing values, and every message.

use ndarray::array;
use proptest::prelude::*;

use crate::data::testing::{Folder, gzip};
use crate::data::{ColumnKind, ColumnRef, CsvSource, DataError, DataSource, Separator};
use crate::{Dataset, FeatureKind, Seed};

fn position(place: i64) -> Option<ColumnRef> {
    Some(ColumnRef::Position(place))
}

fn named(name: &str) -> Option<ColumnRef> {
    Some(ColumnRef::Name(name.into()))
}

fn load_source(text: &str, source: CsvSource) -> Result<Dataset, DataError> {
    let folder = Folder::new();
    folder.write("t.csv", text);
    DataSource::Csv(source).load(&folder.folders(), Seed::root(0))
}

fn load(text: &str, target: Option<ColumnRef>) -> Result<Dataset, DataError> {
    load_source(text, CsvSource::new("t.csv", target))
}

fn message(text: &str, target: Option<ColumnRef>) -> String {
    load(text, target).unwrap_err().to_string()
}

fn names(set: &Dataset) -> Vec<&str> {
    set.features().iter().map(|feature| feature.name.as_str()).collect()
}

#[test]
fn all_is_inferred_and_the_last_column_is_the_target() {
    let set = load("age;job;ok\n31;clerk;yes\n40;baker;no\n25;clerk;no\n", None).unwrap();
    assert_eq!(set.name(), "t");
    assert_eq!(names(&set), ["age", "job"]);
    assert_eq!(set.records(), array![[31.0, 1.0], [40.0, 0.0], [25.0, 1.0]]);
    assert_eq!((set.labels(), set.class_names().join(" ")), (&[1, 0, 0][..], "no yes".into()));
    assert_eq!(set.features()[0].kind, FeatureKind::Numeric);
    assert_eq!(
        set.features()[1].kind,
        FeatureKind::Categorical { values: vec!["baker".into(), "clerk".into()] }
    );
}

#[test]
fn the_target_is_found_by_name_or_place_from_either_end() {
    let text = "a,b,c\n1,5,8\n2,6,9\n";
    for target in [named("b"), position(2), position(-2)] {
        let set = load(text, target).unwrap();
        assert_eq!(set.class_names(), ["5", "6"]);
        assert_eq!(set.records(), array![[1.0, 8.0], [2.0, 9.0]]);
        assert_eq!(names(&set), ["a", "c"]);
    }
}

#[test]
fn a_file_without_header_keeps_its_first_row() {
    let set = load("1,x,0\n2,y,1\n", None).unwrap();
    assert_eq!((set.len(), names(&set)), (2, vec!["f0", "f1"]));
    // All text: a value of the first row that comes back further down is no name.
    let set = load("p,x,n\ne,x,s\np,b,s\n", position(1)).unwrap();
    assert_eq!((set.len(), names(&set)), (3, vec!["f1", "f2"]));
    let set = load("class,cap,odor\ne,x,s\np,x,s\n", position(1)).unwrap();
    assert_eq!((set.len(), names(&set)), (2, vec!["cap", "odor"]));
    // An unnamed index column, as data frames are often saved.
    let set = load(",a,y\n0,5,1\n1,6,2\n", None).unwrap();
    assert_eq!(names(&set), ["f0", "a"]);
}

#[test]
fn a_declared_header_and_separator_are_believed() {
    let source = CsvSource { header: Some(true), ..CsvSource::new("t.csv", None) };
    let set = load_source("0,1,2\n5,6,7\n8,9,7\n", source).unwrap();
    assert_eq!((set.len(), names(&set)), (2, vec!["0", "1"]));
    let source = CsvSource { header: Some(false), ..CsvSource::new("t.csv", None) };
    let set = load_source("u,v\nw,x\n", source).unwrap();
    assert_eq!(set.len(), 2);
    let source = CsvSource { separator: Some(Separator::Semicolon), ..CsvSource::new("t.csv", None) };
    let set = load_source("a,b;c\n1,5;0\n2,5;1\n", source).unwrap();
    assert_eq!(names(&set), ["a,b"]);
    // A header that names the target is a header, even with a number among its names.
    let set = load("2020,2021,y\n5,6,0\n7,8,1\n", named("y")).unwrap();
    assert_eq!(names(&set), ["2020", "2021"]);
}

#[test]
fn missing_numbers_become_the_median_and_missing_names_a_value_of_their_own() {
    let set = load("a,b,y\n1,u,0\n?,?,0\n9,NA,1\n,v,1\n4,,0\n2,u,0\n", None).unwrap();
    // Present: 1, 9, 4, 2; median 3.
    assert_eq!(set.records().column(0).to_vec(), [1.0, 3.0, 9.0, 3.0, 4.0, 2.0]);
    // Sorted: `?`, `u`, `v`.
    assert_eq!(set.records().column(1).to_vec(), [1.0, 0.0, 0.0, 2.0, 0.0, 1.0]);
    let set = load("a,b,y\n1,?,0\n2,NA,1\n", None).unwrap();
    assert_eq!(set.features()[1].kind, FeatureKind::Categorical { values: vec!["?".into()] });
}

#[test]
fn classes_sort_as_numbers_when_all_are() {
    let set = load("a,y\n1,10\n2,9\n3,-1\n4,9.0\n", None).unwrap();
    assert_eq!((set.class_names().join(" "), set.labels()), ("-1 9 10".into(), &[2, 1, 0, 1][..]));
    let set = load("a,y\n1,10\n2,9\n3,b\n", None).unwrap();
    assert_eq!(set.class_names(), ["10", "9", "b"]);
}

#[test]
fn declared_kinds_rule() {
    let columns = vec![
        (ColumnRef::Name("zip".into()), ColumnKind::Categorical),
        (ColumnRef::Position(-1), ColumnKind::Categorical),
    ];
    let source = CsvSource { columns, ..CsvSource::new("t.csv", None) };
    let set = load_source("zip,y\n20,1.5\n3,0.5\n", source).unwrap();
    assert_eq!(set.features()[0].kind, FeatureKind::Categorical { values: vec!["20".into(), "3".into()] });
    assert_eq!(set.class_names(), ["0.5", "1.5"]);

    let declare = |columns: Vec<(&str, ColumnKind)>, text: &str| {
        let columns = columns.into_iter().map(|(name, kind)| (ColumnRef::Name(name.into()), kind)).collect();
        load_source(text, CsvSource { columns, ..CsvSource::new("t.csv", None) }).unwrap_err().to_string()
    };
    use ColumnKind::{Categorical, Numeric};
    let text = declare(vec![("a", Numeric)], "a,y\n1,0\n\nx,1\n");
    assert!(text.contains("line 4: column \"a\" is numeric and \"x\" is not a number"), "{text}");
    let text = declare(vec![("a", Numeric)], "a,y\n?,0\n,1\n");
    assert!(text.contains("\"a\" is declared numeric and all its values are missing"), "{text}");
    let text = declare(vec![("a", Numeric), ("a", Categorical)], "a,y\n1,0\n2,1\n");
    assert!(text.contains("declared both"), "{text}");
    let text = declare(vec![("y", Numeric)], "a,y\n1,0\n2,1\n");
    assert!(text.contains("\"y\" is the target"), "{text}");
    let text = declare(vec![("ages", Numeric)], "age,y\n1,0\n2,1\n");
    assert!(text.contains("no declared column \"ages\"; nearest of its 2: \"age\""), "{text}");
}

#[test]
fn columns_that_do_not_exist_get_the_nearest_names() {
    let text = message("age,income,job,y\n1,2,3,0\n2,3,4,1\n", named("Incmoe"));
    assert!(text.contains("t.csv has no target column \"Incmoe\"; nearest of its 4: \"income\""), "{text}");
    // A name says that there is a header, so the first row is offered even where it looks like a record.
    let text = message("39,Bachelors,x\n40,Masters,y\n", named("income"));
    assert!(text.contains("nearest of its 3: "), "{text}");
    let set = load("39,5,x\n40,6,y\n", named("f2")).unwrap();
    assert_eq!((set.len(), set.class_names().join(" ")), (2, "x y".into()));
    let text = message("age,y\n1,0\n", position(3));
    assert!(text.contains("no target column 3; positions go from 1 to 2, or from -1"), "{text}");
    assert!(load("age,y\n1,0\n", position(0)).is_err());
    assert!(load("age,y\n1,0\n", position(i64::MIN)).is_err());
    let text = message("age,age\n1,0\n2,1\n", named("age"));
    assert!(text.contains("columns 1 and 2 are both called \"age\""), "{text}");
}

#[test]
fn wrong_rows_are_named_by_line() {
    let text = message("a,b,y\n1,2,0\n\n1,2\n", None);
    assert!(text.contains("t.csv, line 4 has 2 fields, too few: 3 are expected (as line 1 has;"), "{text}");
    let text = message("a,b,y\n1,2,0,4\n", None);
    assert!(text.contains("line 2 has 4 fields, too many"), "{text}");
    let text = message("a,y\n1,0\n\"two\nlines\",1\n3,NA\n", None);
    assert!(text.contains("line 5 has class \"NA\": a class cannot be missing"), "{text}");
    let text = message("a,y\n1,0.5\n", None);
    assert!(text.contains("line 2 has class \"0.5\": a class is a whole number or a name"), "{text}");
    assert!(message("a,y\n\"1,0\n", None).contains("line 2: a field opens with a quote"));
}

#[test]
fn numbers_that_are_not_finite_never_pass() {
    for value in ["inf", "-Infinity", "1e39", "1e999"] {
        let text = message(&format!("a,y\n1,0\n{value},1\n"), None);
        assert!(
            text.contains(&format!("line 3: column \"a\" holds {value:?}, which is not a finite")),
            "{text}"
        );
    }
    assert!(matches!(load("a,y\n1,inf\n", None), Err(DataError::Class { .. })));
}

#[test]
fn files_without_records_or_features_are_named() {
    assert!(matches!(load("", None), Err(DataError::Empty { .. })));
    assert!(matches!(load("a,y\n", None), Err(DataError::Empty { .. })));
    let source = CsvSource { header: Some(true), ..CsvSource::new("t.csv", None) };
    assert!(matches!(load_source("a,y\n", source), Err(DataError::Empty { .. })));
    assert!(matches!(load("y\n1\n2\n", None), Err(DataError::NoFeature { columns: 1, .. })));
}

#[test]
fn a_target_of_many_values_is_no_class() {
    let rows: String = (0..1_001).map(|row| format!("{},{row}\n", row % 7)).collect();
    let error = load(&format!("a,y\n{rows}"), None).unwrap_err();
    assert!(matches!(error, DataError::TooManyClasses { found: 1_001, limit: 1_000, .. }), "{error}");
}

proptest! {
    #[test]
    fn no_file_panics(text in "[a1.5,;\t\"\n?-]{0,60}", target in -4..5_i64) {
        // Either a data set, whose values are finite by construction, or an error.
        let _ = load(&text, position(target));
    }
}

#[test]
fn gzip_and_a_name_of_one_s_own() {
    let folder = Folder::new();
    folder.write("t.csv.gz", gzip(b"a\ty\n1\t0\n2\t1\n"));
    let source = CsvSource { name: Some("mine".into()), ..CsvSource::new("t.csv.gz", None) };
    let set = DataSource::Csv(source).load(&folder.folders(), Seed::root(0)).unwrap();
    assert_eq!((set.name(), set.len()), ("mine", 2));
    assert_eq!(DataSource::Csv(CsvSource::new("x/t.csv.gz", None)).name(), "t");
}
