//! Figures 10 and 11 of Truex et al. on the real executable: decision boundaries with the records that made them, and accuracy
//! against the distance of shards.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;

use serde_json::Value;
use support::{Place, SMALL, report, unzipped, word};

fn small_scenario(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/truex/small").join(name).display().to_string()
}

fn table(path: &Path) -> Vec<Vec<String>> {
    let text = unzipped(path);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn numbers(summary: &Value) -> Vec<f64> {
    summary["by_repeat"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

/// 400 records on a lattice of two features and a third that is constant; the class is whether x is above 5, in every shard.
fn lattice() -> String {
    let mut text = String::from("x,y,z,class\n");
    for i in 0..400 {
        let (x, y) = (i % 20, i / 20);
        text += &format!("{}.5,{y},3,{}\n", x / 2, if x / 2 >= 5 { "high" } else { "low" });
    }
    text
}

#[test]
fn boundaries_of_trees_on_a_lattice_are_known() {
    let place = Place::new();
    place.file("lattice.csv", lattice());
    let scenario = "\
name: lattice
seed: 1
data: {csv: {path: lattice.csv, target: class}}
federation: {parties: 2, records_per_party: 150, skew: iid}
boundaries: {features: [y, x], grid: 10, region: {x: [2, 8]}}
launch: {mode: in_process}
";
    let scenario = place.file("lattice.yaml", scenario);
    place.run(&["run", word(&scenario), "--out", "out", "--quiet"]).ok();

    let rows = table(&place.path("out/boundaries.csv.gz"));
    assert_eq!(rows[0], ["extent", "party", "y", "x", "predicted", "p(high)", "p(low)"]);
    // Two extents of 10 x 10 places, two parties and their average.
    assert_eq!(rows.len(), 1 + 2 * 100 * 3);
    for row in &rows[1..] {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        let x = number(3);
        // The lattice has 4.5 and 5.5: every tree splits between them, in the middle as 150 of 400 records leave both.
        let high = x > 5.0;
        assert_eq!(row[4], if high { "high" } else { "low" }, "{row:?}");
        assert_eq!((number(5), number(6)), if high { (1.0, 0.0) } else { (0.0, 1.0) }, "{row:?}");
    }
    let ends = |extent: &str, column: usize| {
        let values: Vec<f64> =
            rows[1..].iter().filter(|row| row[0] == extent).map(|row| row[column].parse().unwrap()).collect();
        (values.iter().copied().fold(f64::MAX, f64::min), values.iter().copied().fold(f64::MIN, f64::max))
    };
    assert_eq!((ends("whole", 2), ends("whole", 3)), ((0.0, 19.0), (0.5, 9.5)));
    assert_eq!((ends("region", 2), ends("region", 3)), ((0.0, 19.0), (2.0, 8.0)));
    let parties: Vec<&str> = rows[1..4].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(parties, ["1", "2", "average"]);

    let points = table(&place.path("out/boundary_points.csv.gz"));
    assert_eq!(points[0], ["party", "y", "x", "class"]);
    // Of 300 records in shards of 400, about three in five lie between 2 and 8: six of the ten values of x.
    assert!((150..=210).contains(&points.len()), "{}", points.len());
    for row in &points[1..] {
        let x: f64 = row[2].parse().unwrap();
        assert!((2.0..=8.0).contains(&x) && ["1", "2"].contains(&row[0].as_str()), "{row:?}");
        assert_eq!(row[3], if x > 5.0 { "high" } else { "low" });
    }
}

#[test]
fn the_small_figure_10_writes_the_same_files_however_it_is_run() {
    let place = Place::new();
    let scenario = small_scenario("figure10.yaml");
    let run = |out: &str, more: &[&str]| {
        let mut arguments = vec!["run", &scenario, "--out", out, "--quiet"];
        arguments.extend(more);
        place.run(&arguments).ok();
        ["boundaries.csv.gz", "boundary_points.csv.gz"]
            .map(|name| std::fs::read(place.path(out).join(name)).unwrap())
    };
    let first = run("one", &[]);
    assert_eq!(first, run("processes", &["--set", "launch.mode=processes"]));
    assert_eq!(report(&place.path("one")), report(&place.path("processes")));

    let rows = table(&place.path("one/boundaries.csv.gz"));
    assert_eq!(rows.len(), 1 + 2 * 12 * 12 * 4);
    for block in rows[1..].chunks(4) {
        let probability = |row: &Vec<String>| row[5].parse::<f64>().unwrap();
        let mean = block[..3].iter().map(probability).sum::<f64>() / 3.0;
        assert_eq!(block[3][1], "average");
        assert!((probability(&block[3]) - mean).abs() < 1e-12, "{block:?}");
    }
    // Another run in the folder that asks for none leaves none.
    place.run(&["run", &scenario, "--out", "one", "--overwrite", "--quiet", "--set", "boundaries=null"]).ok();
    assert!(!place.path("one/boundaries.csv.gz").exists());
}

#[test]
fn a_feature_that_the_data_has_not_is_named_with_the_nearest() {
    let place = Place::new();
    let scenario = small_scenario("figure10.yaml");
    let wrong = "boundaries={features: [capital-los, age]}";
    place
        .run(&["run", &scenario, "--out", "out", "--quiet", "--set", wrong])
        .fails(2, &["has no feature `capital-los`; did you mean `capital-loss`?"]);
    let wrong = "boundaries={features: [capital-loss, age], region: {aga: [1, 2]}}";
    place.run(&["check", &scenario, "--set", wrong]).fails(2, &["did you mean `age`?"]);
}

#[test]
fn the_small_figure_11_correlates_what_it_reports() {
    let place = Place::new();
    let scenario = small_scenario("figure11.yaml");
    let ended = place.run(&["run", &scenario, "--out", "out", "--jobs", "2"]).ok();
    let says =
        "In-class distance of the shards against the accuracy of party-3 (least_loss), 48 repeats: Pearson ";
    assert!(ended.stdout.contains(says), "{}", ended.stdout);

    let found = report(&place.path("out"));
    let one = &found["correlations"][0];
    assert_eq!((&one["adversary"], &one["attack"]), (&"party-3".into(), &"least_loss".into()));
    assert_eq!((&one["candidates"], &one["repeats"]), (&serde_json::json!([1, 2]), &48.into()));
    // The honest parties are the insider's candidates.
    assert_eq!(one["in_class_distance"], found["federation"]["in_class_distance"]);
    assert_eq!(one["pairwise_distance"], found["federation"]["pairwise_distance"]);
    let (distances, accuracies) =
        (numbers(&one["in_class_distance"]), numbers(&found["results"][0]["accuracy"]));
    assert_eq!(distances.len(), 48);
    let r = one["pearson"]["r"].as_f64().unwrap();
    assert!((r - pearson(&distances, &accuracies)).abs() < 1e-9, "{r}");
    let [low, high] = [0, 1].map(|end| one["pearson"]["ci95"][end].as_f64().unwrap());
    assert!(low < r && r < high, "{one}");
    assert!(low > 0.0, "farther shards are told apart more easily: {one}");
    // Mean records are nearer to each other than records are on average.
    let pairwise = numbers(&one["pairwise_distance"]);
    assert!(distances.iter().zip(&pairwise).all(|(mean, pair)| mean < pair), "{one}");

    let mut again = place.turncoat(&["run", &scenario, "--out", "again", "--quiet", "--jobs", "1"]);
    again.env("RAYON_NUM_THREADS", "4");
    place.end(again).ok();
    assert_eq!(found, report(&place.path("again")));
}

#[test]
fn few_repeats_have_distances_and_no_correlation() {
    let place = Place::new();
    let scenario = place.file("small.yaml", SMALL);
    let arguments = ["run", word(&scenario), "--out", "out", "--quiet", "--set", "launch.mode=in_process"];
    let ended = place.run(&arguments).ok();
    assert!(!ended.stdout.contains("In-class distance"), "{}", ended.stdout);
    let found = report(&place.path("out"));
    let all = found["correlations"].as_array().unwrap();
    let called: Vec<_> =
        all.iter().map(|one| (one["adversary"].as_str().unwrap(), one["attack"].as_str().unwrap())).collect();
    let expected = [
        ("outsider", "least_loss"),
        ("party-3", "least_loss"),
        ("party-3", "prior_aware"),
        ("aggregator", "least_loss"),
    ];
    assert_eq!(called, expected);
    for one in all {
        assert!(one["pearson"].is_null() && one["spearman"].is_null() && one["repeats"] == 2, "{one}");
        assert!(numbers(&one["in_class_distance"]).iter().all(|distance| *distance > 0.0));
    }
}
