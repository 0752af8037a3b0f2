//! The federation: who holds what, and how well it predicts.

use super::charts::accuracies;
use super::folder::Run;
use super::parts::{Part, paragraph, picture, small, table};
use crate::picture::{Heat, Panel};
use crate::result::figure::{Figure, Mean};
use crate::result::report::FederationFigures;
use crate::table::columns::Table;
use turncoat_attack::Summary;

/// Class shares as a heat map, accuracies as dots, and both as tables.
pub(super) fn federation(run: &Run) -> Vec<Part> {
    let Some(federation) = &run.report.federation else { return Vec::new() };
    let records: f64 = federation.parties.iter().map(|party| party.records.0).sum();
    let classes = federation.parties.iter().map(|party| party.class_counts.len()).max().unwrap_or(0);
    let classes: Vec<String> = (0..classes).map(|class| run.class(class)).collect();
    let parties = federation.parties.iter();
    let models =
        parties.map(|party| (format!("P{}", party.id), [&party.train_accuracy, &party.test_accuracy]));
    let average = ("average".to_owned(), [&federation.train_accuracy, &federation.test_accuracy]);
    let models: Vec<(String, [&Summary; 2])> = models.chain([average]).collect();
    let tests = ["train: own records", "test: new records"];
    let mut parts = vec![
        paragraph(&format!(
            "{} parties hold {records:.0} records in all and train {} each; a query is answered with the mean of their class \
             probabilities. Single vectors are shown to {}.",
            federation.parties.len(),
            federation.learner,
            match federation.disclosure.as_str() {
                "open" => "every party and the aggregator (disclosure open)",
                _ => "the aggregator alone (disclosure aggregator)",
            }
        )),
        picture(
            "federation",
            "Class shares of each party, and accuracies of each party and of the average. The figures are in the tables below",
            [shares(federation, &classes), accuracies("Accuracy", models.iter().cloned(), tests)],
            "Left: the share of each class in each party's records, in percent of that party's records, mean over the repeats; each \
             repeat draws its own skew, so that means are more even than any one federation. Right: the accuracy of each party's own \
             model and of the average, in percent with 95 % intervals, on the records trained on (train) and on new ones (test: \
             held out: in no shard, and equal to no record of one). The further apart train and test, the more a model tells of its records.",
        ),
        table("Records of each class, mean over the repeats", records_of(federation, &classes)),
        table(
            "Accuracy, percent ± half of the 95 % interval",
            Table::of(&models)
                .text("model of", |(model, _)| model)
                .summary("train", |(_, [train, _])| train)
                .summary("test", |(_, [_, test])| test),
        ),
    ];
    if let Some(distance) = federation.in_class_distance.mean {
        let accuracy =
            Figure::of(&federation.test_accuracy).map_or_else(|| "–".into(), |figure| figure.percent(1));
        parts.push(small(&format!(
            "In-class distance of the honest parties' shards (features in [0, 1]; Truex et al., Figure 11): {distance:.3}. Accuracy of \
             the average on new records: {accuracy} %."
        )));
    }
    parts
}

fn shares(federation: &FederationFigures, classes: &[String]) -> Panel {
    let share = |counts: &[Mean]| {
        let all = counts.iter().map(|count| count.0).sum::<f64>().max(1e-9);
        counts.iter().map(|count| count.0 / all).collect()
    };
    Panel::Heat(Heat {
        title: "Class shares, percent".into(),
        axis: "class".into(),
        rows: federation.parties.iter().map(|party| format!("P{}", party.id)).collect(),
        columns: classes.to_vec(),
        shares: federation.parties.iter().map(|party| share(&party.class_counts)).collect(),
    })
}

fn records_of<'a>(
    federation: &'a FederationFigures,
    classes: &[String],
) -> Table<&'a crate::result::report::PartyFigures> {
    let number = |value: f64| format!("{value:.1}");
    let known = Table::of(&federation.parties)
        .text("party", |party| format!("P{}", party.id))
        .number("records", |party| number(party.records.0))
        .number("not available", |party| match party.missing.0 {
            missing if missing > 0.0 => number(missing),
            _ => String::new(),
        });
    classes.iter().enumerate().fold(known, |known, (class, name)| {
        known.number(name, |party| {
            party.class_counts.get(class).map_or_else(String::new, |count| number(count.0))
        })
    })
}
