//! Reports in which there is nothing to find, put through the headline: how often does it claim something?
//!
//! Of a thousand reports of each kind and setting (`TURNCOAT_NULL_SEEDS=1000 cargo test --lib null -- --nocapture`) 0 to 25
//! do: 2.5 % at most where 5 % may.

use rand::RngExt;
use rand_distr::{Binomial, Distribution};
use rayon::prelude::*;
use turncoat_attack::Summary;
use turncoat_learn::Seed;

use super::Headline;
use crate::result::report::Report;

/// Reports of each kind: four hundred, or as many as `TURNCOAT_NULL_SEEDS` asks for.
fn seeds() -> u64 {
    std::env::var("TURNCOAT_NULL_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(400)
}

/// Whether so many false claims show that no more than five of a hundred reports make one: were it five, as few as these would be found
/// with a chance of 5 % at most. The exact bound of a binomial count; of a hundred reports it takes one at most, of 400 twelve.
fn at_most_five_of_a_hundred(found: usize, of: u64) -> bool {
    let rate = 0.05_f64;
    let odds = |count: u64| (of - count) as f64 / (count + 1) as f64 * rate / (1.0 - rate);
    let chances = (0..of).scan((1.0 - rate).powf(of as f64), |chance, count| {
        let own = *chance;
        *chance *= odds(count);
        Some(own)
    });
    chances.take(found + 1).sum::<f64>() <= 0.05
}

/// The fraction of so many fair coins that show heads, or of coins with another chance.
fn fraction(stream: &mut impl rand::Rng, claims: usize, chance: f64) -> Option<f64> {
    let right = Binomial::new(claims as u64, chance).unwrap().sample(stream);
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

fn parse(of_single_targets: bool, results: &[String]) -> Report {
    let kind = if of_single_targets { r#""single_target": {}, "# } else { "" };
    let text = format!(r#"{{"schema": "turncoat.report/1", {kind}"results": [{}]}}"#, results.join(","));
    Report::parse(&text).unwrap()
}

/// Whether a report says one of these.
fn says(report: &Report, words: &[&str]) -> bool {
    let headline = Headline::of(report);
    let texts = [Some(headline.sentence), headline.more];
    texts.iter().flatten().any(|text| words.iter().any(|word| text.contains(word)))
}

const ANYTHING: &[&str] = &[" more than ", " above guessing."];

/// 64 attacks on single targets, whose claims are right with this chance.
fn single_targets(seed: u64, repeats: usize, claims: usize, chance: f64) -> Report {
    let mut stream = Seed::root(seed).stream("null");
    let results: Vec<String> = (0..64)
        .map(|cell| {
            let figure = summary(repeats, || fraction(&mut stream, claims, chance));
            result("outsider", "membership", cell, claims, &figure, &Summary::new(Vec::new()))
        })
        .collect();
    parse(true, &results)
}

/// Both questions, put to a party and an outsider with eight attacks each. What they know varies from repeat to repeat with the
/// shards, as in a federation, and is so much more than class counts tell: nobody is better than anybody else.
fn federation(seed: u64, repeats: usize, claims: usize, more: f64) -> Report {
    let mut stream = Seed::root(seed).stream("null");
    let mut results = Vec::new();
    for question in ["source", "membership"] {
        let known: Vec<f64> = (0..repeats).map(|_| 0.5 + 0.4 * stream.random::<f64>().powi(4)).collect();
        let mut figure = |more: f64| {
            let of = known.iter().map(|&known| fraction(&mut stream, claims, known + more)).collect();
            Summary::new(of)
        };
        let prior = figure(0.0);
        for adversary in ["party-3", "outsider"] {
            results.extend(
                (0..8).map(|attack| result(adversary, question, attack, claims, &figure(more), &prior)),
            );
        }
    }
    parse(false, &results)
}

/// Reports that say one of these.
fn saying(words: &[&str], report: impl Fn(u64) -> Report + Sync) -> usize {
    (1..=seeds()).into_par_iter().filter(|&seed| says(&report(seed), words)).count()
}

#[test]
fn reports_with_nothing_to_find_claim_something_in_five_of_a_hundred_at_most() {
    for repeats in [3, 5, 10, 20] {
        for claims in [6, 40, 400] {
            let found = [
                ("single targets", saying(ANYTHING, |seed| single_targets(seed, repeats, claims, 0.5))),
                ("federations", saying(ANYTHING, |seed| federation(seed, repeats, claims, 0.0))),
                // Everybody knows more than class counts, and nobody more than an outsider.
                (
                    "outsiders",
                    saying(&[" more than the outsider."], |seed| federation(seed, repeats, claims, 0.08)),
                ),
            ];
            println!("{repeats} repeats of {claims} claims: {found:?} of {}", seeds());
            for (what, found) in found {
                assert!(at_most_five_of_a_hundred(found, seeds()), "{repeats} of {claims}, {what}: {found}");
            }
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
    let found = saying(ANYTHING, |seed| single_targets(seed, 10, 400, 0.57));
    assert!(found as u64 * 100 > 95 * seeds(), "{found}");
}
