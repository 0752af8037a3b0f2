//! Tables as they come from spreadsheets, data frames and statistics programs: what is read of them, and what is refused
//! with the key that decides.

use super::super::super::testing::{Folder, gzip};
use crate::data::{
    ColumnAccount, ColumnKind, ColumnRef, ColumnRole, Comment, CsvSource, DataError, DataSource, Decimal,
    Encoding, Separator, TableAccount, Unusable,
};
use crate::{Dataset, FeatureKind, Seed};

fn load_with(text: impl AsRef<[u8]>, change: impl FnOnce(&mut CsvSource)) -> Result<Dataset, DataError> {
    let folder = Folder::new();
    folder.write("t.csv", text);
    let mut source = CsvSource::new("t.csv", None);
    change(&mut source);
    DataSource::Csv(source).load(&folder.folders(), Seed::root(0))
}

fn load(text: impl AsRef<[u8]>) -> Result<Dataset, DataError> {
    load_with(text, |_| ())
}

fn refused(text: impl AsRef<[u8]>) -> String {
    load(text).unwrap_err().to_string()
}

fn account(set: &Dataset) -> &TableAccount {
    set.table().unwrap()
}

fn column(set: &Dataset, at: usize) -> ColumnAccount<'_> {
    account(set).columns.get(at).unwrap()
}

fn names(set: &Dataset) -> Vec<&str> {
    set.features().iter().map(|feature| feature.name.as_str()).collect()
}

fn named(name: &str) -> ColumnRef {
    ColumnRef::Name(name.into())
}

/// Sixty people of whom one line is replaced.
fn people(line: usize, with: &str) -> String {
    let row = |at: usize| format!("{},{},{}", 20 + at % 40, 1_000 + 17 * at % 900, ["low", "high"][at % 2]);
    let rows: Vec<String> = (2..62).map(|at| if at == line { with.into() } else { row(at) }).collect();
    format!("age,pay,class\n{}\n", rows.join("\n"))
}

#[test]
fn one_missing_value_leaves_numbers_numbers() {
    for mark in ["NULL", "null", "N/A", "NA", "NaN", "-", "None", "", "?"] {
        let set = load(people(7, &format!("33,{mark},low"))).unwrap();
        assert_eq!(set.features()[1].kind, FeatureKind::Numeric, "{mark}");
        let pay = column(&set, 1);
        assert_eq!((pay.missing, pay.present, pay.kind.as_ref()), (1, 59, "numeric"), "{mark}");
        assert_eq!((&*pay.missing_as[0].text, pay.missing_as[0].count), (mark, 1));
        // The median of the others stands for it, in the row of line 7.
        assert_eq!(f64::from(set.records()[[5, 1]]), pay.filled_with.unwrap());
        let whole = load(people(0, "")).unwrap();
        assert_eq!(set.records().row(4), whole.records().row(4));
    }
}

#[test]
fn thousands_and_percent_are_numbers() {
    let set = load(people(7, "33,\"12,345\",low")).unwrap();
    assert_eq!(set.records()[[5, 1]], 12_345.0);
    assert!(column(&set, 1).why.contains("1 of them with separated thousands"));
    let set = load("share,y\n45 %,a\n5%,b\n12.5 %,a\n").unwrap();
    assert_eq!(set.records().column(0).to_vec(), [0.45, 0.05, 0.125]);
}

#[test]
fn few_fields_that_are_no_numbers_are_refused_by_line_and_value_unless_declared() {
    for (value, reported) in
        [("n.a.", "but not \"n.a.\" in line 7"), ("45 %", "some of percent and some not: \"45 %\" in line 7")]
    {
        let text = people(7, &format!("33,{value},low"));
        let error = load(&text).unwrap_err();
        assert!(
            matches!(&error, DataError::FaultyNumbers { columns, .. } if columns[0].numbers == 59),
            "{error}"
        );
        let error = error.to_string();
        assert!(error.contains("column \"pay\" holds 59 numbers") && error.contains(reported), "{error}");
        assert!(error.contains("`columns`") && error.contains("`missing`"), "{error}");
        let set = load_with(&text, |source| source.columns = vec![(named("pay"), ColumnKind::Categorical)])
            .unwrap();
        assert_eq!(column(&set, 1).why, "declared");
    }
    let set = load_with(people(7, "33,n.a.,low"), |source| source.missing = vec!["n.a.".into()]).unwrap();
    assert_eq!(column(&set, 1).missing, 1);
    let set = load_with(people(7, "33,45 %,low"), |source| {
        source.columns = vec![(named("pay"), ColumnKind::Numeric)];
    });
    assert_eq!(set.unwrap().records()[[5, 1]], 0.45);
    // All faulty columns are told of at once.
    let text = refused(people(7, "old,much,low"));
    assert!(text.contains("\"age\"") && text.contains("\"pay\""), "{text}");
}

#[test]
fn every_column_says_what_it_was_taken_for_and_why() {
    let set = load("age,job,mixed,y\n1,clerk,1,a\n2,baker,x,b\n3,clerk,y,a\n,None,2,b\n").unwrap();
    let reported: Vec<_> = account(&set)
        .columns
        .iter()
        .map(|column| (column.kind.into_owned(), column.why.into_owned(), column.distinct))
        .collect();
    assert_eq!(
        reported,
        [
            ("numeric", "every value is a number", Some(3)),
            ("categorical", "its values are names, as in line 2", Some(3)),
            ("categorical", "only 2 of its 4 values are numbers, and others are not, as in line 3", Some(4)),
            ("categorical", "it is the target", Some(2)),
        ]
        .map(|(kind, why, distinct)| (kind.to_owned(), why.to_owned(), distinct))
    );
    assert_eq!(column(&set, 3).role, ColumnRole::Target);
}

#[test]
fn classes_may_be_called_as_missing_numbers_are() {
    let set = load("a,y\n1,+\n2,-\n3,+\n").unwrap();
    assert_eq!(set.class_names(), ["+", "-"]);
    let set = load("a,y\n1,None\n2,Mild\n").unwrap();
    assert_eq!(set.class_names(), ["Mild", "None"]);
}

#[test]
fn a_header_with_odd_names_is_a_header() {
    let rows = "46,47716,high\n67,1690,low\n47,1042,low\n";
    for (header, expected) in [
        ("age,2024,class", ["age", "2024"]),
        ("age,age,class", ["age", "age.2"]),
        ("age,,class", ["age", "f1"]),
        ("age,NA,class", ["age", "NA"]),
        (",age,class", ["f0", "age"]),
    ] {
        let set = load(format!("{header}\n{rows}")).unwrap();
        assert_eq!((set.len(), names(&set)), (3, expected.to_vec()), "{header}");
        assert_eq!(set.class_names(), ["high", "low"]);
        let decided = &account(&set).header;
        assert!(decided.value == "true" && decided.why.contains("stands over numbers"), "{decided:?}");
    }
    // A name that two columns have means neither.
    let set =
        load_with(format!("age,age,class\n{rows}"), |source| source.drop = vec![ColumnRef::Position(2)]);
    assert_eq!(names(&set.unwrap()), ["age"]);
    let error = load_with(format!("age,age,class\n{rows}"), |source| source.drop = vec![named("age")]);
    assert!(matches!(error, Err(DataError::DuplicateColumn { first: 1, second: 2, .. })));
}

#[test]
fn what_may_be_a_header_or_a_record_is_refused_by_the_key_that_decides() {
    for text in [
        "2024,city\n5,paris\n6,rome\n",
        "2020,2021,2022\n5,6,0\n7,8,1\n",
        "label,7,0\n1,5,1\n0,3,1\n",
        "age,low\n5,low\n6,high\n",
        "x,x\na,b\nc,d\n",
        "0,1,2\n5,7,9\n6,8,9\n",
    ] {
        let error = load(text).unwrap_err();
        assert!(matches!(error, DataError::Header { line: 1, .. }), "{error}");
        assert!(error.to_string().contains("`header: true` or `header: false`"), "{error}");
        for (header, rows) in [(true, 2), (false, 3)] {
            let set = load_with(text, |source| {
                source.header = Some(header);
                source.columns = vec![(ColumnRef::Position(1), ColumnKind::Categorical)];
            });
            assert_eq!(set.unwrap().len(), rows, "{text}");
        }
    }
    for text in ["1,x,0\n2,y,1\n", "1,0\n2,1\n", "2020,5,a\n2021,6,b\n", "p,x,n\ne,x,s\np,b,s\n"] {
        assert_eq!(account(&load(text).unwrap()).header.value, "false", "{text}");
    }
    // Columns that are numbered, as data frames without names are saved.
    let set = load_with("label,0,1,2\n5,7,9,a\n6,8,9,b\n", |_| ()).unwrap();
    assert_eq!(names(&set), ["label", "0", "1"]);
}

#[test]
fn decimal_commas_are_inferred_where_the_comma_separates_nothing() {
    for between in [";", "\t", " ", "|"] {
        let text = "8,2;1,3;0\n1,5;8,8;1\n7,6;1,9;0\n".replace(';', between);
        let set = load(&text).unwrap();
        assert_eq!(set.records().row(0).to_vec(), [8.2, 1.3], "{text}");
        assert_eq!(set.class_names(), ["0", "1"]);
        assert_eq!(
            (account(&set).decimal.value.as_str(), account(&set).separator.value.as_str()),
            (",", between)
        );
    }
    let set = load("a;c\n1.234,5;x\n2;y\n").unwrap();
    assert_eq!(set.records()[[0, 0]], 1234.5);
    for text in ["a;c\n1,234;x\n2;y\n", "a;b;c\n1,5;1.5;x\n2;2;y\n"] {
        let error = load(text).unwrap_err();
        assert!(matches!(error, DataError::Decimal { .. }), "{error}");
        assert!(error.to_string().contains("say `decimal:"), "{error}");
    }
    let comma = |decimal| load_with("a;c\n1,234;x\n2;y\n", |source| source.decimal = Some(decimal)).unwrap();
    assert_eq!(comma(Decimal::Comma).records()[[0, 0]], 1.234);
    assert_eq!(comma(Decimal::Point).records()[[0, 0]], 1234.0);
    let quoted = "a,c\n\"1,5\",x\n\"2,25\",y\n";
    let set = load_with(quoted, |source| source.decimal = Some(Decimal::Comma)).unwrap();
    assert_eq!(set.records().column(0).to_vec(), [1.5, 2.25]);
}

#[test]
fn encodings_are_declared_or_told_by_their_mark() {
    let latin = b"caf\xe9,y\n1,a\n2,b\n";
    let text = refused(latin);
    assert!(text.contains("line 1") && text.contains("`encoding: windows-1252`"), "{text}");
    for (encoding, name) in
        [(Encoding::Latin1, "café"), (Encoding::Windows1252, "café"), (Encoding::MacRoman, "cafÈ")]
    {
        let set = load_with(latin, |source| source.encoding = Some(encoding)).unwrap();
        assert_eq!(names(&set), [name]);
        assert_eq!(account(&set).encoding.value, encoding.word());
    }
    let wide: Vec<u8> =
        "\u{feff}café,y\r\n1,a\r\n2,b\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let set = load(wide).unwrap();
    assert_eq!((names(&set), account(&set).encoding.value.as_str()), (vec!["café"], "utf-16"));
}

#[test]
fn lines_may_end_in_cr_and_be_comments() {
    let set = load("a,y\r1,x\r2,z\r").unwrap();
    assert_eq!((set.len(), names(&set)), (2, vec!["a"]));
    let text = refused("a,b,y\r1,2,x\r2,z\r");
    assert!(text.contains("line 3 has 2 fields"), "{text}");
    let set = load("# made by hand, for tests, in 2024, say\n# \"so\na,b,y\n1,2,x\n# half\n2,3,z\n").unwrap();
    assert_eq!((set.len(), names(&set), account(&set).comment.value.as_str()), (2, vec!["a", "b"], "#"));
    let text = refused("# made by hand\n#a,y\n1,x\n2,z\n");
    assert!(text.contains("line 2 begins with `#`") && text.contains("`comment: none`"), "{text}");
    let set = load("#a,y\n1,x\n2,z\n").unwrap();
    assert_eq!((set.len(), names(&set)), (2, vec!["#a"]));
    let set = load_with("% so\na,y\n1,x\n2,z\n", |source| source.comment = Some(Comment::Percent)).unwrap();
    assert_eq!(set.len(), 2);
}

#[test]
fn blanks_and_bars_separate() {
    let set = load("  5.1   3.5 setosa\n 4.9\t3.0  virginica\n").unwrap();
    assert_eq!(set.records().row(1).to_vec(), [4.9, 3.0]);
    let set = load_with("a|b|y\n1|2|x\n3|4|z\n", |source| source.separator = Some(Separator::Pipe)).unwrap();
    assert_eq!(names(&set), ["a", "b"]);
    // As R writes tables: names of rows, and no name for these.
    let set = load("\"age\" \"y\"\n\"1\" 20 \"a b\"\n\"2\" 30 \"c\"\n").unwrap();
    assert_eq!((names(&set), set.class_names().join("/")), (vec!["f0", "age"], "a b/c".into()));
}

#[test]
fn a_separator_at_the_end_of_each_row_makes_no_column() {
    for text in ["a;b;y;\n1;2;x;\n3;4;z;\n", "a;b;y\n1;2;x;\n3;4;z;\n"] {
        let set = load(text).unwrap();
        assert_eq!((names(&set), set.class_names().join("/")), (vec!["a", "b"], "x/z".into()), "{text}");
        assert_eq!(column(&set, 3).role, ColumnRole::Dropped);
    }
}

#[test]
fn rows_without_class_and_ragged_rows_are_refused_or_left_out() {
    let text = "a,y\n1,x\n2,\n3,z\n4,NULL\n";
    let error = refused(text);
    assert!(error.contains("line 3 has class \"\"") && error.contains("`missing_target: drop`"), "{error}");
    let set = load_with(text, |source| source.missing_target = Unusable::Drop).unwrap();
    assert_eq!((set.records().column(0).to_vec(), account(&set).rows_without_class), (vec![1.0, 3.0], 2));
    assert_eq!(account(&set).notes(), ["2 rows of the table whose class is missing were left out"]);
    assert_eq!(column(&set, 0).present, 2);
    let text = "a,b,y\n1,2,x\n2,z\n3,4,z\n";
    assert!(refused(text).contains("`ragged: drop`"));
    let set = load_with(text, |source| source.ragged = Unusable::Drop).unwrap();
    assert_eq!((set.len(), account(&set).ragged_rows), (2, 1));
}

#[test]
fn identifiers_dates_and_free_text_are_told_of_and_can_be_left_out() {
    let rows: String = (0..20)
        .map(|at| {
            let words =
                ["a long story that nobody else can tell", "another story told by many people"][at % 15 % 2];
            format!(
                "{},u-{at},2020-01-{:02},{words} {},{},{}\n",
                at + 5,
                at % 15 + 1,
                at % 15,
                at % 3,
                at % 2
            )
        })
        .collect();
    let text = format!("id,user,day,said,age,y\n{rows}");
    let set = load(&text).unwrap();
    let remarks = |name: &str| {
        let columns = &account(&set).columns;
        columns.iter().find(|column| column.name == name).unwrap().remarks.join(" ")
    };
    assert!(remarks("id").contains("a whole number of its own"), "{}", remarks("id"));
    assert!(remarks("user").contains("is an identifier"));
    assert!(remarks("day").contains("dates"));
    assert!(remarks("said").contains("free text"), "{}", remarks("said"));
    assert_eq!((remarks("age"), account(&set).notes().len()), (String::new(), 4));
    let set = load_with(&text, |source| {
        source.drop = vec![ColumnRef::Position(1), named("user"), named("day"), named("said")];
    })
    .unwrap();
    assert_eq!((names(&set), account(&set).notes().len()), (vec!["age"], 0));
    assert_eq!(column(&set, 0).role, ColumnRole::Dropped);
    let error =
        load_with(&text, |source| source.drop = vec![named("y")]).map(|set| set.class_names().to_vec());
    assert_eq!(error.unwrap(), ["0", "1", "2"], "the last column that is left is the target");
    let error = load_with(&text, |source| {
        source.drop = vec![named("y")];
        source.target = Some(named("y"));
    });
    assert!(matches!(error, Err(DataError::Declared { .. })));
}

#[test]
fn values_that_fall_together_as_32_bit_numbers_are_told_of() {
    let rows: String = (0..60).map(|at| format!("{},{}\n", 1_700_000_001_u64 + at, at % 2)).collect();
    let set = load(format!("account,class\n{rows}")).unwrap();
    let id = column(&set, 0);
    assert_eq!((id.distinct, id.distinct_in_f32), (Some(60), Some(1)));
    assert!(account(&set).notes()[0].contains("60 different values fall together into 1"));
    // Beyond what 64-bit floats tell apart as well.
    let rows: String =
        (0..60).map(|at| format!("{},{}\n", 90_071_992_547_409_920_u64 + at, at % 2)).collect();
    let set = load(format!("card,class\n{rows}")).unwrap();
    assert_eq!(column(&set, 0).distinct, Some(60));
    // Up to 2^24 nothing is lost.
    let rows: String = (0..60).map(|at| format!("{},{}\n", 16_777_157 + at, at % 2)).collect();
    let set = load(format!("n,class\n{rows}")).unwrap();
    assert_eq!(column(&set, 0).distinct_in_f32, Some(60));
}

#[test]
fn eighty_thousand_columns_are_no_more_work_than_their_fields() {
    // Had each name been held against each other one, these were 3,200,000,000 comparisons.
    let names: Vec<String> =
        (0..80_000).map(|column| format!("a_name_that_begins_like_all_others_{column}")).collect();
    let row = |class: &str| vec!["1"; 79_999].join(",") + "," + class;
    let set = load(format!("{}\n{}\n{}\n", names.join(","), row("x"), row("y"))).unwrap();
    assert_eq!(set.records().dim(), (2, 79_999));
}

#[test]
fn a_gzip_file_may_not_come_to_anything() {
    let folder = Folder::new();
    // 300 MiB of zeros, in gzip members of one MiB.
    let bomb = gzip(&vec![b'0'; 1 << 20]).repeat(300);
    folder.write("t.csv.gz", bomb);
    let error =
        DataSource::Csv(CsvSource::new("t.csv", None)).load(&folder.folders(), Seed::root(0)).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, DataError::Inflated { .. }) && text.contains("100 times its size"), "{text}");
}
