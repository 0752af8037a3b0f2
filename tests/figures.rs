//! What a run measures: who can tell what under which rule, without skew, at which size, and on real data.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use support::{Place, SMALL, data_folder, files, report, unzipped, word};

/// Runs the small scenario in one process.
fn small(place: &Place, overrides: &[&str]) -> Value {
    let scenario = place.file("small.yaml", SMALL);
    let mut arguments = vec!["run", word(&scenario), "--out", "out", "--quiet", "--overwrite"];
    arguments.extend(["--set", "launch.mode=in_process"]);
    overrides.iter().for_each(|text| arguments.extend(["--set", text]));
    place.run(&arguments).ok();
    report(&place.path("out"))
}

fn results<'a>(report: &'a Value, adversary: &str, attack: &str) -> Vec<&'a Value> {
    let found: Vec<_> = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["adversary"] == adversary && result["attack"] == attack)
        .collect();
    assert!(!found.is_empty(), "{adversary} {attack}");
    found
}

/// The 95 % interval of a figure, and its mean between.
fn interval(summary: &Value) -> [f64; 3] {
    [&summary["ci95"][0], &summary["mean"], &summary["ci95"][1]].map(|end| end.as_f64().unwrap())
}

#[test]
fn under_aggregator_the_malicious_party_cannot_tell_owners_and_still_tells_members() {
    let place = Place::new();
    let attacks = "adversaries.1.party.attacks=[least_loss, prior_aware, gap, confidence]";
    let report = small(
        &place,
        &["federation.disclosure=aggregator", "federation.skew=simplex", "repeats=12", attacks],
    );
    assert_eq!(report["federation"]["disclosure"], "aggregator");
    for attack in ["least_loss", "prior_aware"] {
        let [low, mean, high] = interval(&results(&report, "party-3", attack)[0]["accuracy"]);
        assert!(low <= 0.5 && 0.5 <= high, "{attack}: {mean} in [{low}, {high}]");
    }
    // (n p - p_i) / (n - 1) is the others' mean: what tells members on the mean tells them on the residual.
    for result in results(&report, "party-3", "gap") {
        let [low, ..] = interval(&result["accuracy"]);
        assert!(low > 0.5, "{result}");
    }
    // The aggregator is shown every vector all the same.
    let [low, ..] = interval(&results(&report, "aggregator", "least_loss")[0]["accuracy"]);
    assert!(low > 1.0 / 3.0, "{low}");
}

/// Naive Bayes on small shards that are dealt by chance: the counts that came out tell more than the plan does.
#[test]
fn under_iid_the_prior_is_what_the_counts_that_came_out_give() {
    let place = Place::new();
    let report = small(
        &place,
        &[
            "federation.skew=iid",
            "federation.records_per_party=60",
            "federation.learner.naive_bayes={}",
            "repeats=24",
            "adversaries=[{party: {id: 3, attacks: [least_loss]}}]",
        ],
    );
    let accuracy = &results(&report, "party-3", "least_loss")[0]["prior_only"]["accuracy"];
    // (party 1, party 2) of each repeat and class, as claims.csv.gz has them.
    let mut counts: BTreeMap<(usize, String), [usize; 2]> = BTreeMap::new();
    let claims = unzipped(&place.path("out/claims.csv.gz"));
    let header: Vec<&str> = claims.lines().next().unwrap().split(',').collect();
    let [repeat, owner, label] =
        ["repeat", "owner", "label"].map(|name| header.iter().position(|column| *column == name).unwrap());
    for line in claims.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (repeat, owner, label) =
            (fields[repeat].parse().unwrap(), fields[owner], fields[label].to_owned());
        counts.entry((repeat, label)).or_default()[usize::from(owner == "2")] += 1;
    }
    for (index, prior) in accuracy["by_repeat"].as_array().unwrap().iter().enumerate() {
        let of = |pick: fn(&[usize; 2]) -> usize| -> usize {
            counts.iter().filter(|((repeat, _), _)| *repeat == index + 1).map(|(_, count)| pick(count)).sum()
        };
        let all = of(|[one, two]| one + two) as f64;
        // What is left to coins, if all of them fell the one way or the other.
        let equal = of(|[one, two]| if one == two { *one } else { 0 }) as f64 / all;
        let (prior, expected) = (prior.as_f64().unwrap(), of(|[one, two]| *one.max(two)) as f64 / all);
        assert!(
            (prior - expected).abs() <= equal + 1e-12,
            "repeat {}: {prior} against {expected}",
            index + 1
        );
    }
    assert!(interval(accuracy)[0] > 0.52, "{accuracy}");
}

#[test]
fn two_hundred_parties_in_one_process_complete_the_quickstart() {
    let place = Place::new();
    let mut arguments = vec!["run", "--out", "out"];
    for text in [
        "federation.parties=200",
        "federation.skew=iid",
        "federation.records_per_party=7",
        "auxiliary.records=150",
        "launch.mode=in_process",
        "repeats=1",
    ] {
        arguments.extend(["--set", text]);
    }
    let ended = place.run(&arguments).ok();
    assert!(ended.stdout.contains("1 repeat of 200 parties"), "{}", ended.stdout);
    let report = report(&place.path("out"));
    assert_eq!(report["federation"]["parties"].as_array().unwrap().len(), 200);
    let result = results(&report, "party-3", "least_loss")[0];
    assert_eq!(result["candidates"].as_array().unwrap().len(), 199);
    // One repeat has a mean and no interval.
    assert!(result["accuracy"]["std"].is_null() && result["accuracy"]["ci95"].is_null());
    assert!(result["accuracy"]["mean"].as_f64().unwrap() > 1.0 / 199.0);
}

#[test]
fn thirty_two_parties_as_processes_complete_the_quickstart() {
    let place = Place::new();
    let mut arguments = vec!["run", "--out", "out"];
    for text in [
        "federation.parties=32",
        "federation.skew=iid",
        "federation.records_per_party=30",
        "auxiliary.records=300",
        "repeats=1",
    ] {
        arguments.extend(["--set", text]);
    }
    place.run(&arguments).ok();
    assert_eq!(files(&place.path("out/logs/repeat-001")).len(), 1 + 32 + 3);
    let report = report(&place.path("out"));
    assert_eq!(results(&report, "party-3", "gap").len(), 2);
    assert!(place.leftovers().is_empty() && place.processes().is_empty());
}

/// Truex et al., Table 8, on the real data: the neighbourhood of the reference figures, which two repeats can tell.
#[test]
fn adult_stays_in_the_neighbourhood_of_its_reference() {
    let Some(data) = data_folder().filter(|folder| folder.join("adult").is_dir()) else {
        println!("skipped: no adult data");
        return;
    };
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/truex/table8-adult.yaml");
    let place = Place::new();
    let mut arguments = vec!["run", word(&scenario), "--data-dir", word(&data), "--out", "out"];
    for text in ["repeats=2", "adversaries.0.party.attacks=[least_loss, prior_aware]"] {
        arguments.extend(["--set", text]);
    }
    arguments.extend(["--set", "adversaries.2.outsider.attacks=[least_loss, gap]"]);
    place.run(&arguments).ok();
    let report = report(&place.path("out"));
    let mean = |adversary: &str, attack: &str, figure: &str| {
        results(&report, adversary, attack)[0][figure]["mean"].as_f64().unwrap()
    };
    let least_loss = mean("party-3", "least_loss", "precision");
    assert!((0.55..0.75).contains(&least_loss), "{least_loss}");
    let prior_aware = mean("party-3", "prior_aware", "precision");
    assert!(prior_aware > 0.55, "{prior_aware}");
    let outsider = mean("outsider", "least_loss", "precision");
    assert!((0.45..0.55).contains(&outsider), "{outsider}");
    let gap = mean("outsider", "gap", "precision");
    assert!((0.50..0.60).contains(&gap), "{gap}");
}

/// A scenario of one adversary on the iris data, its report, and what it prints.
fn iris(place: &Place, repeats: u32, rest: &str) -> (Value, String) {
    let text =
        format!("name: iris\nseed: 1\nrepeats: {repeats}\ndata: iris\n{rest}launch: {{mode: in_process}}\n");
    let scenario = place.file("iris.yaml", text);
    let ended = place.run(&["run", word(&scenario), "--out", "out", "--overwrite", "--quiet"]).ok();
    (report(&place.path("out")), ended.stdout)
}

/// Nine parties and three classes: whoever names the likeliest owner of each class names three parties at most.
#[test]
fn where_class_counts_leave_parties_unnamed_accuracies_are_compared() {
    let place = Place::new();
    let (report, said) = iris(
        &place,
        12,
        "federation: {parties: 10, records_per_party: 12, skew: simplex}\n\
         adversaries: [{party: {id: 10, attacks: [least_loss, prior_aware]}}]\n",
    );
    let result = results(&report, "party-10", "least_loss")[0];
    let of = |value: &Value| value.as_f64().unwrap();
    assert!(of(&result["prior_only"]["unnamed"]) >= 4.0, "{result}");
    // Its precision is below what its accuracy says that it knows.
    let prior = |name: &str| of(&result["prior_only"][name]["mean"]);
    assert!(prior("precision") < prior("accuracy") - 0.03, "{result}");
    assert!(said.contains(" accuracy; guessing gives 11.1 %"), "{said}");
    assert!(said.contains("* Class counts alone never name some of the parties"), "{said}");
    let page = std::fs::read_to_string(place.path("out/report.html")).unwrap();
    assert!(page.contains("this question is told by accuracy"), "no word of it on the page");
    // Differences are those of the repeats.
    for name in ["accuracy", "precision"] {
        let [own, prior, over] = [&result[name], &result["prior_only"][name], &result["over_prior"][name]]
            .map(|of| &of["by_repeat"]);
        for repeat in 0..12 {
            assert_eq!(of(&over[repeat]), of(&own[repeat]) - of(&prior[repeat]));
        }
    }
    assert!(result["over_outsider"].is_null());
}

/// Three of 150 records are left, so that six claims are all that a repeat has.
#[test]
fn figures_of_six_claims_carry_a_note() {
    let place = Place::new();
    let (report, said) = iris(
        &place,
        3,
        "federation: {parties: 3, records_per_party: 49, skew: iid}\nadversaries: [{outsider: {attacks: [gap]}}]\n",
    );
    let uniform = results(&report, "outsider", "gap")[0];
    assert_eq!(uniform["claims"], 6, "{uniform}");
    assert!(uniform["claims_in"].as_f64().unwrap() <= 6.0, "{uniform}");
    let notes = report["notes"].as_array().unwrap().iter().filter_map(Value::as_str);
    let note = notes.filter(|note| note.contains("claims a repeat, too few for a 95 % interval")).count();
    assert_eq!(note, 1, "{}", report["notes"]);
    assert!(said.contains("note: figures rest on") && said.contains("claims"), "{said}");
}
