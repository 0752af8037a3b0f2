//! `turncoat data list` and `verify`.

use serde_json::Value;

use crate::support::{Place, data_folder, word};

#[test]
fn every_data_set_is_listed_with_what_is_there_of_it() {
    let place = Place::new();
    insta::assert_snapshot!("list", place.run(&["data", "list"]).ok().stdout);
    place.file("data/cifar10/test_batch.bin.gz", "");
    insta::assert_snapshot!(
        "list_of_a_folder",
        place.run(&["data", "list", "--data-dir", "data"]).ok().stdout
    );
    let reported = place.run(&["data", "list", "--data-dir", "data", "--format", "json"]).ok().stdout;
    let reported: Value = serde_json::from_str(&reported).unwrap();
    let set =
        |name: &str| reported.as_array().unwrap().iter().find(|set| set["name"] == name).unwrap().clone();
    assert_eq!(set("cifar10")["found"], serde_json::json!(["data/cifar10/test_batch.bin.gz"]));
    assert_eq!(
        set("adult")["looked_for"],
        serde_json::json!(["data/adult/adult.data", "data/adult/adult.test"])
    );
    assert_eq!((&set("iris")["state"], &set("iris")["records"]), (&"embedded".into(), &150.into()));
}

/// Sizes by hand: a CIFAR batch is 10,000 times 3,073 bytes.
#[test]
fn files_are_held_against_what_is_known_of_them() {
    let place = Place::new();
    place.run(&["data", "verify"]).fails(2, &["--data-dir or TURNCOAT_DATA"]);
    place
        .run(&["data", "verify", "--data-dir", "data"])
        .fails(3, &["no data set is in data", "turncoat data list"]);
    place.file("data/cifar10/test_batch.bin", vec![9; 30_730_000]);
    let reported = place.run(&["data", "verify", "--data-dir", "data"]).ok().stdout;
    assert!(
        reported.contains("cifar10") && reported.contains("30730000") && reported.contains("structure"),
        "{reported}"
    );
    place.file("data/adult/adult.data", "39, State-gov\n");
    place.file("data/adult/adult.test", "");
    let args = ["data", "verify", "adult", "--data-dir", "data", "--format", "json"];
    let ended = place.run(&args).fails(3, &["data/adult/adult.data is 14 bytes long", "get it again"]);
    let reported: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        (&reported[0]["ok"], &reported[0]["check"], &reported[0]["bytes"]),
        (&false.into(), &"sha256".into(), &14.into())
    );
    // Half of a set: what is there is held against what is known, and what is not there is said.
    std::fs::remove_file(place.path("data/adult/adult.test")).unwrap();
    let lacks = "data/adult/adult.test is not there, also not with .gz, and adult is not whole without it; \
                 `turncoat data fetch adult` gets it";
    for args in
        [&["data", "verify", "--data-dir", "data"][..], &["data", "verify", "adult", "--data-dir", "data"]]
    {
        let half = place.run(args).fails(3, &["data/adult/adult.data is 14 bytes long", lacks]);
        assert!(half.stdout.contains("wrong") && half.stdout.contains("missing"), "{}", half.stdout);
    }
    let reported = place.run(&["data", "list", "--data-dir", "data", "--format", "json"]).ok().stdout;
    let reported: Value = serde_json::from_str(&reported).unwrap();
    let adult = reported.as_array().unwrap().iter().find(|set| set["name"] == "adult").unwrap();
    assert_eq!(
        (&adult["state"], &adult["found"]),
        (&"missing".into(), &serde_json::json!(["data/adult/adult.data"]))
    );
    place.run(&["data", "verify", "mnist", "--data-dir", "data"]).fails(
        3,
        &[
            "mnist is not there: looked for data/mnist/train-images-idx3-ubyte",
            "get it from http://yann.lecun.com",
        ],
    );
    place.run(&["data", "verify", "adlt", "--data-dir", "data"]).fails(2, &["did you mean `adult`?"]);
    place
        .run(&["data", "verify", "iris", "--data-dir", "data"])
        .fails(2, &["iris has no files in the data folder"]);
}

#[test]
fn the_public_files_are_what_they_should_be() {
    let Some(folder) = data_folder() else {
        println!("skipped: no folder of public data sets");
        return;
    };
    let reported =
        Place::new().run(&["data", "verify", "--format", "json", "--data-dir", word(&folder)]).ok().stdout;
    let reported: Value = serde_json::from_str(&reported).unwrap();
    let files = reported.as_array().unwrap();
    assert!(files.len() > 1 && files.iter().all(|file| file["ok"] == true), "{reported}");
}
