//! Data that is missing, damaged, or not what a scenario asks of it.

use crate::run_on;
use crate::support::Place;

#[test]
fn missing_data_says_where_it_looked_and_how_to_get_it() {
    let place = Place::new();
    run_on(&place, "mnist", &[]).fails(3, &["mnist/train-images-idx3-ubyte", "--data-dir or TURNCOAT_DATA"]);
    run_on(&place, "mnist", &["--data-dir", "data"]).fails(
        3,
        &[
            "mnist: no mnist/train-images-idx3-ubyte (looked for data/mnist/train-images-idx3-ubyte, \
           data/mnist/train-images-idx3-ubyte.gz",
            "get it from",
        ],
    );
    for set in ["adult", "cifar10", "{purchase: {classes: 10}}", "{valued_shoppers: {classes: 10}}"] {
        run_on(&place, set, &["--data-dir", "data"]).fails(3, &["looked for data/", "get it from"]);
    }
    run_on(&place, "{csv: {path: none.csv, target: y}}", &[])
        .fails(3, &["no none.csv (looked for none.csv, none.csv.gz)", "beside the scenario file"]);
}

/// The header of an IDX file.
fn idx(magic: u32, sizes: &[u32]) -> Vec<u8> {
    [&[magic], sizes].concat().into_iter().flat_map(u32::to_be_bytes).collect()
}

#[test]
fn damaged_idx_files_are_named() {
    let place = Place::new();
    let source = "{idx: {images: images, labels: labels}}";
    place.file("labels", [idx(0x801, &[2]), vec![0, 1]].concat());
    place.file("images", [idx(0x803, &[2, 2, 2]), vec![7; 5]].concat());
    run_on(&place, source, &[]).fails(3, &["images is 21 bytes long and should be 24", "it is truncated"]);
    place.file("images", b"\x89PNG, not a set of images");
    run_on(&place, source, &[]).fails(3, &["images is not an IDX file of images", "0x89504e47"]);
    place.file("images", &idx(0x803, &[2])[..7]);
    run_on(&place, source, &[]).fails(3, &["images", "truncated"]);
    place.file("images", b"\x1f\x8b\x08 a gzip file that is none");
    run_on(&place, source, &[]).fails(3, &["images is a damaged or cut gzip file"]);
    place.file("images", [idx(0x803, &[3, 1, 1]), vec![7; 3]].concat());
    run_on(&place, source, &[]).fails(3, &["images holds 3 images", "labels holds 2 labels", "not a pair"]);
}

#[test]
fn wrong_tables_are_told_by_line_and_column() {
    let place = Place::new();
    let source = "{csv: {path: people.csv, target: income}}";
    place.file("people.csv", "age,job,income\n39,clerk,low\n50,judge\n28,smith,high\n");
    run_on(&place, source, &[]).fails(
        3,
        &["people.csv, line 3 has 2 fields, too few: 3 are expected (as line 1 has; `ragged: drop`"],
    );
    place.file("people.csv", "age,job,income\n39,clerk,low\n50,judge,high\n");
    run_on(&place, "{csv: {path: people.csv, target: incom}}", &[])
        .fails(3, &["people.csv has no target column \"incom\"", "nearest of its 3: \"income\""]);
    run_on(&place, "{csv: {path: people.csv, target: 4}}", &[]).fails(3, &["positions go from 1 to 3"]);
    run_on(&place, "{csv: {path: people.csv, target: income, columns: {job: numeric}}}", &[])
        .fails(3, &["people.csv, line 2: column \"job\" is numeric and \"clerk\" is not a number"]);
    place.file("people.csv", "age,job,income\n39,clerk,low\ninf,judge,high\n");
    run_on(&place, "{csv: {path: people.csv, target: income, columns: {age: numeric}}}", &[])
        .fails(3, &["line 3", "\"inf\"", "not a finite"]);
    place.file("people.csv", "age,job,income\n39,\"clerk,low\n50,judge,high\n");
    run_on(&place, source, &[]).fails(3, &["people.csv, line 2"]);
    place.file("people.csv", "");
    run_on(&place, source, &[]).fails(3, &["people.csv holds no record"]);
}

#[test]
fn more_records_than_there_are_is_said_with_how_many_by_class() {
    let place = Place::new();
    run_on(&place, "winequality", &["--set", "federation.records_per_party=700"]).fails(
        2,
        &["2200 records are requested (2100 for the parties, 100 auxiliary), but winequality has 1599 \
           (3: 10, 4: 53, 5: 681, 6: 638, 7: 199, 8: 18); ask fewer records_per_party"],
    );
    run_on(&place, "iris", &["--set", "federation.skew.explicit=[[1, 0], [0, 1], [1, 0]]"])
        .fails(2, &["auxiliary", "iris"]);
    let explicit = "federation={parties: 2, records_per_party: 10, skew: {explicit: [[1, 0], [0, 1]]}}";
    run_on(&place, "iris", &["--set", explicit, "--set", "adversaries=[]"])
        .fails(2, &["skew.explicit has 2 shares a party, but iris has 3 classes"]);
    let degenerate = "federation.on_degenerate=error";
    run_on(
        &place,
        "iris",
        &[
            "--set",
            degenerate,
            "--set",
            "federation.records_per_party=1",
            "--set",
            "auxiliary=\
        {records: 10}",
        ],
    )
    .fails(2, &["party-1 was given no record; party-2 was given no record", "`on_degenerate: warn`"]);
}
