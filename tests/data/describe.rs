//! `turncoat data describe`: what parties would get records from.

use crate::support::{Place, data_folder, word};

#[test]
fn the_quickstarts_wines_are_described() {
    let place = Place::new();
    let reported = place.run(&["data", "describe"]).ok().stdout;
    assert!(
        reported.starts_with("winequality: 1359 records, 11 features (0 of them constant), 6 classes\n"),
        "{reported}"
    );
    for (class, records, share) in [("3", "10", "0.7 %"), ("5", "577", "42.5 %"), ("8", "17", "1.3 %")] {
        let row = reported.lines().find(|line| line.split_whitespace().next() == Some(class)).unwrap();
        assert!(row.contains(records) && row.ends_with(share), "{row}");
    }
}

#[test]
fn a_scenario_can_be_wrong_and_data_missing() {
    let place = Place::new();
    place.run(&["data", "describe", "--set", "data=winequalty"]).fails(2, &["did you mean `winequality`?"]);
    place
        .run(&["data", "describe", "--set", "data=adult"])
        .fails(3, &["adult.data", "turncoat data fetch adult"]);
    place.run(&["data", "describe", "absent.yaml"]).fails(2, &["absent.yaml"]);
}

/// Truex et al., Table 1: 0.1586 on MNIST, 0.1433 on Adult, where the paper does not say how categories and missing values
/// were told; one-hot categories with `?` as one of them come within a thousandth.
#[test]
fn in_class_deviations_are_those_published() {
    let Some(folder) = data_folder() else {
        println!("skipped: no folder of public data sets");
        return;
    };
    let place = Place::new();
    let deviation = |settings: &[&str]| -> f64 {
        let words = [&["data", "describe", "--data-dir", word(&folder)], settings].concat();
        let reported = place.run(&words).ok().stdout;
        let (_, rest) = reported.split_once("in-class standard deviation ").unwrap();
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert_eq!(deviation(&["--set", "data=mnist"]), 0.1586);
    let adult = deviation(&["--set", "data=adult", "--set", "preprocess.categories=one_hot"]);
    assert!((adult - 0.1433).abs() < 0.001, "{adult}");
}

#[test]
fn a_description_is_json_where_that_is_asked_for() {
    let place = Place::new();
    let reported = place.run(&["data", "describe", "--format", "json"]).ok().stdout;
    let reported: serde_json::Value = serde_json::from_str(&reported).unwrap();
    assert_eq!(
        (&reported["name"], &reported["records"], &reported["features"]),
        (&"winequality".into(), &1359.into(), &11.into())
    );
    assert_eq!(reported["classes"][2]["class"], "5");
    assert_eq!(reported["classes"][2]["records"], 577);
    assert!((reported["classes"][2]["share"].as_f64().unwrap() - 577.0 / 1359.0).abs() < 1e-12);
}
