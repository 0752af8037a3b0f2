//! Reports in which there is nothing to find, put through the headline: how often does it claim something?

use rand::RngExt;
use turncoat_attack::Summary;
use turncoat_learn::Seed;

use super::Answer;
use crate::report::read::ReadReport;

/// Reports of each kind: a hundred, or as many as `TURNCOAT_NULL_SEEDS` asks for.
fn seeds() -> u64 {
    std::env::var("TURNCOAT_NULL_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(100)
}

/// The fraction of so many fair coins that show heads, or of coins with another chance.
fn fraction(stream: &mut impl rand::Rng, claims: usize, chance: f64) -> Option<f64> {
    let right = (0..claims).filter(|_| stream.random::<f64>() < chance).count();
    Some(right as f64 / claims as f64)
}

fn summary(repeats: usize, mut figure: impl FnMut() -> Option<f64>) -> Summary {
    Summary::new((0..repeats).map(|_| figure()).collect())
}

fn result(
    adversary: &str,
    question: &str,
    attack: usize,
    claims: usize,
    figure: &Summary,
    prior: &Summary,
) -> String {
    let [figure, prior] = [figure, prior].map(|summary| serde_json::to_string(summary).unwrap());
    let vantage = adversary.split('-').next().unwrap();
    format!(
        r#"{{"vantage": "{vantage}", "adversary": "{adversary}", "question": "{question}", "attack": "attack {attack}",
        "chance": 0.5, "claims": {claims}, "precision": {figure}, "accuracy": {figure}, "candidates": [1, 2],
        "prior_only": {{"precision": {prior}, "accuracy": {prior}, "unnamed": 0}}}}"#
    )
}

fn parse(laboratory: bool, results: &[String]) -> ReadReport {
    let kind = if laboratory { r#""laboratory": {}, "# } else { "" };
    let text = format!(r#"{{"schema": "turncoat.report/1", {kind}"results": [{}]}}"#, results.join(","));
    ReadReport::parse(&text).unwrap()
}

/// Whether a report claims that there is something.
fn claims_something(report: &ReadReport) -> bool {
    let answer = Answer::of(report);
    [Some(answer.sentence), answer.more]
        .iter()
        .flatten()
        .any(|text| text.contains(" more than ") || text.contains(" above guessing."))
}

/// 64 attacks on single targets, whose claims are right with this chance.
fn single_targets(seed: u64, repeats: usize, claims: usize, chance: f64) -> ReadReport {
    let mut stream = Seed::root(seed).stream("null");
    let results: Vec<String> = (0..64)
        .map(|cell| {
            let figure = summary(repeats, || fraction(&mut stream, claims, chance));
            let prior = summary(repeats, || fraction(&mut stream, claims, 0.5));
            result("outsider", "membership", cell, claims, &figure, &prior)
        })
        .collect();
    parse(true, &results)
}

/// Both questions, put to a party and an outsider with eight attacks each. What they know varies from repeat to repeat with the
/// shards, as in a federation, and is what class counts tell: nobody is better than anybody.
fn federation(seed: u64, repeats: usize, claims: usize) -> ReadReport {
    let mut stream = Seed::root(seed).stream("null");
    let mut results = Vec::new();
    for question in ["source", "membership"] {
        let known: Vec<f64> = (0..repeats).map(|_| 0.5 + 0.4 * stream.random::<f64>().powi(4)).collect();
        let mut figure = || {
            let of = known.iter().map(|&known| fraction(&mut stream, claims, known)).collect();
            Summary::new(of)
        };
        let prior = figure();
        for adversary in ["party-3", "outsider"] {
            results
                .extend((0..8).map(|attack| result(adversary, question, attack, claims, &figure(), &prior)));
        }
    }
    parse(false, &results)
}

fn false_claims(report: impl Fn(u64) -> ReadReport) -> usize {
    (1..=seeds()).filter(|&seed| claims_something(&report(seed))).count()
}

#[test]
fn reports_with_nothing_to_find_claim_something_in_five_of_a_hundred_at_most() {
    let seeds = seeds();
    for repeats in [3, 5, 10] {
        for claims in [6, 400] {
            let targets = false_claims(|seed| single_targets(seed, repeats, claims, 0.5));
            let federations = false_claims(|seed| federation(seed, repeats, claims));
            println!(
                "{repeats} repeats of {claims} claims: {targets} single targets, {federations} federations"
            );
            let most = seeds as usize / 20;
            assert!(targets <= most && federations <= most, "{repeats} {claims}: {targets} {federations}");
        }
    }
}

/// What the rule above is for: the best of 64, held against guessing by its own interval, is nearly always "above".
#[test]
fn the_best_of_many_would_claim_something_nearly_always() {
    let best_is_above = |seed: u64| {
        let report = single_targets(seed, 10, 400, 0.5);
        let figures = report.results.iter().filter_map(|result| result.figure("accuracy"));
        let best = figures.reduce(|best, other| if other.mean > best.mean { other } else { best }).unwrap();
        best.ci95.unwrap()[0] > 0.5
    };
    let found = (1..=seeds()).filter(|&seed| best_is_above(seed)).count();
    assert!(found as u64 > seeds() / 5, "{found}");
}

/// And what is there is found.
#[test]
fn a_leak_of_seven_points_is_claimed() {
    let found = false_claims(|seed| single_targets(seed, 10, 400, 0.57));
    assert!(found as u64 * 100 > 95 * seeds(), "{found}");
}
