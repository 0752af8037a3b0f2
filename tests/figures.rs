//! What a run measures: who can tell what under which rule, without skew, at which size, and on real data.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
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
fn many_parties_are_asked_about_a_part_of_the_records() {
    let place = Place::new();
    let with =
        |most: &str| small(&place, &["federation.skew=iid", &format!("evaluation.max_answers={most}")]);
    let (whole, part) = (with("null"), with("90"));
    assert_eq!(with("1800")["results"], whole["results"]);
    let said = |report: &Value| {
        let mut notes = report["notes"].as_array().unwrap().iter();
        notes.any(|note| note.as_str().unwrap().contains("about 30 of the 600 in the shards"))
    };
    assert!(said(&part) && !said(&whole), "{}", part["notes"]);
    // Ten records of each of two candidates, or of three; as many non-members in each draw.
    for (adversary, attack, records) in
        [("party-3", "least_loss", 20.0), ("aggregator", "least_loss", 30.0), ("outsider", "gap", 40.0)]
    {
        assert_eq!(results(&part, adversary, attack)[0]["records"], records, "{adversary}");
    }
    // What parties get and learn is as before, and so is what each says alone of its own records.
    for (few, all) in part["federation"]["parties"]
        .as_array()
        .unwrap()
        .iter()
        .zip(whole["federation"]["parties"].as_array().unwrap())
    {
        assert_eq!(
            (&few["class_counts"], &few["train_accuracy"]),
            (&all["class_counts"], &all["train_accuracy"])
        );
    }
    // Fewer answers than parties: one record of each party all the same.
    assert_eq!(results(&with("1"), "aggregator", "least_loss")[0]["records"], 3.0);
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

/// Naive Bayes on small shards that are drawn by chance: the counts that came out tell more than the plan does.
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

/// Records with labels without rhyme, so that nothing but memory tells members from others; each as often as is said.
fn noise(copies: usize) -> String {
    let mut text = String::from("a,b,class\n");
    for row in 0..120_u32 {
        let (a, b, class) = (row * 7919 % 1009, row * 104_729 % 997, (row * row / 7) % 2);
        (0..copies).for_each(|_| text.push_str(&format!("{a},{b},{}\n", ["no", "yes"][class as usize])));
    }
    text
}

const NOISE: &str = "name: noise\nseed: 1\nrepeats: 6\ndata: {csv: {path: noise.csv}}\n\
    federation: {parties: 2, records_per_party: 30, skew: iid}\nlaunch: {mode: in_process}\n\
    adversaries:\n  - outsider: {attacks: [gap]}\n  - aggregator: {attacks: [gap]}\n";

/// Repeat, member or not, and which of the distinct records, of every claim: rows of one record follow each other.
fn reported(place: &Place, copies: usize) -> Vec<(String, bool, usize)> {
    let claims = unzipped(&place.path("out/claims.csv.gz"));
    let column = |name: &str| claims.lines().next().unwrap().split(',').position(|own| own == name);
    let (record, truth) = (column("record").unwrap(), column("member").or_else(|| column("truth")).unwrap());
    let of = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let row: usize = fields[record].parse().unwrap();
        (fields[0].to_owned(), ["1", "in"].contains(&fields[truth]), row / copies)
    };
    claims.lines().skip(1).map(of).collect()
}

fn is_asked_as_both(claims: &[(String, bool, usize)]) -> bool {
    let members: BTreeSet<_> =
        claims.iter().filter(|(_, member, _)| *member).map(|(repeat, _, record)| (repeat, record)).collect();
    assert!(claims.iter().any(|(_, member, _)| !*member));
    claims.iter().any(|(repeat, member, record)| !member && members.contains(&(repeat, record)))
}

#[test]
fn a_copy_of_a_member_is_no_non_member() {
    let place = Place::new();
    place.file("noise.yaml", NOISE);
    let run = |more: &[&str]| {
        let mut arguments = vec!["run", "noise.yaml", "--out", "out", "--quiet", "--overwrite"];
        more.iter().for_each(|text| arguments.extend(["--set", text]));
        let table = place.run(&arguments).ok().stdout;
        (report(&place.path("out")), table)
    };
    place.file("noise.csv", noise(1));
    let (once, table) = run(&[]);
    assert_eq!(once["equal_records"], json!({"repeated": 0, "contradicting": 0, "excluded": 0}));
    assert!(!table.contains("equal an earlier one"), "{table}");

    // Every record four times: most of what was held out is a copy of a member.
    place.file("noise.csv", noise(4));
    let (copied, table) = run(&[]);
    assert_eq!(copied["equal_records"]["repeated"], 360);
    assert!(copied["equal_records"]["excluded"].as_f64().unwrap() > 60.0, "{}", copied["equal_records"]);
    assert!(table.contains("note: 360 of 480 records equal an earlier one"), "{table}");
    assert!(!is_asked_as_both(&reported(&place, 4)));
    // Nor is a copy of a member new: of labels without rhyme trees know nothing but what they were shown.
    for figure in [&copied["federation"], &copied["federation"]["parties"][0]] {
        assert!(figure["test_accuracy"]["mean"].as_f64().unwrap() < 0.5, "{figure}");
    }

    // Without the copies it is the file with each record once.
    let (dropped, _) = run(&["preprocess.duplicates=drop"]);
    assert_eq!(dropped["results"], once["results"]);
    assert_eq!(dropped["equal_records"], once["equal_records"]);
}

#[test]
fn a_copy_of_what_trained_a_single_target_is_no_non_member() {
    let place = Place::new();
    place.file("noise.csv", noise(3));
    let scenario = "kind: single_target\nname: noise\nseed: 2\nrepeats: 2\nfolds: 2\ndata: {csv: {path: noise.csv}}\n\
        target: {records: 200, learners: [decision_tree]}\nknowledge: white_box\n\
        shadow: {records: 40, steps: [same_distribution]}\nattacks: [gap]\nexport: [claims]\n";
    place.file("noise.yaml", scenario);
    place.run(&["run", "noise.yaml", "--out", "out", "--quiet"]).ok();
    let reported: Vec<_> = reported(&place, 3);
    // Two folds a repeat, each with a truth of its own: the fold stands in the second column.
    let claims = unzipped(&place.path("out/claims.csv.gz"));
    let folds = claims.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned());
    let reported = reported
        .into_iter()
        .zip(folds)
        .map(|((repeat, member, record), fold)| (repeat + "/" + &fold, member, record));
    assert!(!is_asked_as_both(&reported.collect::<Vec<_>>()));
    assert!(report(&place.path("out"))["equal_records"]["excluded"].as_f64().unwrap() > 10.0);
}

#[test]
fn two_hundred_parties_in_one_process_complete_the_quickstart() {
    let place = Place::new();
    let mut arguments = vec!["run", "--out", "out"];
    for text in [
        "federation.parties=200",
        "federation.skew=iid",
        "federation.records_per_party=6",
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
    assert!(said.contains(" 6†, 6† ") && said.contains("\n† fewer than 30 claims a repeat"), "{said}");
}
