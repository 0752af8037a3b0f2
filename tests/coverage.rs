//! How often intervals cover what they are about, at few repeats.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use rand::RngExt;
use support::{Place, report, word};
use turncoat_attack::Summary;
use turncoat_learn::Seed;

const SEEDS: u64 = 400;
const SCENARIO: &str = "\
name: coverage
seed: 8
repeats: 1000
data: winequality
federation: {parties: 3, records_per_party: 100, skew: {dirichlet: {alpha: 0.3}}}
adversaries:
  - party: {id: 3, attacks: [least_loss, prior_aware, gap]}
  - outsider: {attacks: [least_loss, gap]}
launch: {mode: in_process}
";

fn drawn(population: &[f64], repeats: usize, seed: u64) -> Vec<f64> {
    let mut stream = Seed::root(seed).stream("coverage");
    (0..repeats).map(|_| population[stream.random_range(0..population.len())]).collect()
}

/// How many of a hundred intervals cover the population's mean, and how many of Student's t do; and by how much the former are longer.
fn covered(population: &[f64], repeats: usize) -> [f64; 3] {
    let mean = population.iter().sum::<f64>() / population.len() as f64;
    let mut found = [0.0; 2];
    let mut lengths = [0.0; 2];
    for seed in 0..SEEDS {
        let summary = Summary::new(drawn(population, repeats, seed).into_iter().map(Some).collect());
        // The end on the side of the shorter tail is that of Student's t, so its distance is half of Student's interval.
        let (own, middle) = (summary.ci95.unwrap(), summary.mean.unwrap());
        let half = (middle - own[0]).min(own[1] - middle);
        let students = [middle - half, middle + half];
        for (place, [low, high]) in [own, students].into_iter().enumerate() {
            found[place] += f64::from(u8::from(low <= mean && mean <= high));
            lengths[place] += high - low;
        }
    }
    let percent = |count: f64| 100.0 * count / SEEDS as f64;
    [percent(found[0]), percent(found[1]), lengths[0] / lengths[1]]
}

fn table(rows: &[(String, Vec<f64>)]) -> String {
    let mut text = String::from("| figure | 5 repeats | 10 repeats | 20 repeats |\n|---|---|---|---|\n");
    for (name, population) in rows {
        let cells = [5, 10, 20].map(|repeats| {
            let [own, students, longer] = covered(population, repeats);
            format!("{own:.1} ({students:.1}; {longer:.2})")
        });
        text.push_str(&format!("| {name} | {} |\n", cells.join(" | ")));
    }
    text
}

#[test]
#[ignore = "runs a thousand federations, some minutes; prints the table of the guide"]
fn intervals_of_headline_figures_cover() {
    let place = Place::new();
    let scenario = place.file("coverage.yaml", SCENARIO);
    place.run(&["run", word(&scenario), "--out", "out", "--quiet"]).ok();
    let report = report(&place.path("out"));
    let mut rows = Vec::new();
    for result in report["results"].as_array().unwrap() {
        let draw = result["non_members"].as_str().map_or_else(String::new, |draw| format!(", {draw}"));
        let name =
            format!("{} {}{draw}", result["adversary"].as_str().unwrap(), result["attack"].as_str().unwrap());
        for (figure, summary) in [
            ("precision", &result["precision"]),
            ("accuracy", &result["accuracy"]),
            ("accuracy over prior", &result["over_prior"]["accuracy"]),
            ("accuracy over outsider", &result["over_outsider"]["accuracy"]),
        ] {
            let Some(values) = summary["by_repeat"].as_array() else { continue };
            let values = values.iter().filter_map(serde_json::Value::as_f64).collect();
            rows.push((format!("{name}: {figure}"), values));
        }
    }
    println!("{}", table(&rows));
    for (name, population) in &rows {
        for repeats in [5, 10, 20] {
            let [own, ..] = covered(population, repeats);
            assert!(own >= 92.0, "{name}, {repeats} repeats: {own}");
        }
    }
}

/// What a fraction of few claims does to an interval, and where it ends: the table behind the note on few claims.
#[test]
#[ignore = "some minutes without optimisation; prints a table of the guide"]
fn fractions_of_thirty_claims_are_covered() {
    let mut rows = Vec::new();
    for claims in [6, 12, 30, 100] {
        for right in [0.5, 0.9, 0.95, 0.98] {
            let mut stream = Seed::root(1).stream("claims");
            let fraction = |_| {
                let found = (0..claims).filter(|_| stream.random::<f64>() < right).count();
                found as f64 / f64::from(claims)
            };
            let population: Vec<f64> = (0..20_000).map(fraction).collect();
            rows.push((format!("{claims} claims, {:.0} % right", 100.0 * right), population));
        }
    }
    println!("{}", table(&rows));
    for (name, population) in
        rows.iter().filter(|(name, _)| name.starts_with("30 ") || name.starts_with("100 "))
    {
        for repeats in [5, 10, 20] {
            let [own, ..] = covered(population, repeats);
            assert!(own >= 92.0, "{name}, {repeats} repeats: {own}");
        }
    }
}

/// The same on a population that is at hand: exponential deviations are as skewed as figures come. Student's t falls short.
#[test]
fn skewed_figures_are_covered_more_often_than_by_students_t() {
    let mut stream = Seed::root(3).stream("skewed");
    let population: Vec<f64> = (0..2_000).map(|_| 0.5 - 0.05 * (1.0 - stream.random::<f64>()).ln()).collect();
    for repeats in [5, 10, 20] {
        let [own, students, longer] = covered(&population, repeats);
        assert!(own >= students + 1.5 && own >= 91.0, "{repeats}: {own} {students}");
        assert!(longer < 1.3, "{repeats}: {longer}");
    }
    let even: Vec<f64> = (0..2_000).map(|_| stream.random::<f64>()).collect();
    let [own, students, longer] = covered(&even, 10);
    assert!((93.0..=98.0).contains(&own) && own >= students && longer < 1.12, "{own} {students} {longer}");
}
