//! The federation: who holds what, and how well it predicts.

use super::folder::Run;
use super::parts::{Cell, Page, percent};
use crate::error::Error;
use crate::picture::{Dots, Heat, Mark, Panel, Picture, Row, Tone};
use crate::result::figure::{Figure, Mean};
use crate::result::report::FederationFigures;
use turncoat_attack::Summary;

/// Class shares as a heat map, accuracies as dots, and both as tables.
pub(super) fn federation(page: &mut Page, run: &Run, federation: &FederationFigures) -> Result<(), Error> {
    page.heading("federation", "The federation");
    let records: f64 = federation.parties.iter().map(|party| party.records.0).sum();
    page.paragraph(&format!(
        "{} parties hold {records:.0} records in all and train {} each; a query is answered with the mean of their class \
         probabilities. Single vectors are shown to {}.",
        federation.parties.len(),
        federation.learner,
        match federation.disclosure.as_str() {
            "open" => "every party and the aggregator (disclosure open)",
            _ => "the aggregator alone (disclosure aggregator)",
        }
    ));
    let classes: Vec<String> = (0..classes(federation)).map(|class| run.class(class)).collect();
    page.picture(
        Picture {
            name: "federation".into(),
            alternative: "Class shares of each party, and accuracies of each party and of the average. The figures are in the \
                          tables below"
                .into(),
            panels: vec![shares(federation, &classes), accuracies(federation)],
        },
        "Left: the share of each class in each party's records, in percent of that party's records, mean over the repeats; each \
         repeat draws its own skew, so that means are more even than any one federation. Right: the accuracy of each party's own \
         model and of the average, in percent with 95 % intervals, on the records trained on (train) and on new ones (test: \
         dealt to nobody, and equal to none that was). The further apart train and test, the more a model tells of its records.",
    )?;
    tables(page, federation, &classes);
    Ok(())
}

fn classes(federation: &FederationFigures) -> usize {
    federation.parties.iter().map(|party| party.class_counts.len()).max().unwrap_or(0)
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

fn accuracies(federation: &FederationFigures) -> Panel {
    let mark =
        |tone, summary: &Summary| summary.mean.map(|value| Mark { tone, value, interval: summary.ci95 });
    let row = |label: String, train: &Summary, test: &Summary| Row {
        label,
        marks: [mark(Tone::Sky, train), mark(Tone::Blue, test)].into_iter().flatten().collect(),
        tick: None,
        chance: None,
    };
    let mut rows: Vec<Row> = federation
        .parties
        .iter()
        .map(|party| row(format!("P{}", party.id), &party.train_accuracy, &party.test_accuracy))
        .collect();
    rows.push(row("average".into(), &federation.train_accuracy, &federation.test_accuracy));
    Panel::Dots(Dots {
        title: "Accuracy".into(),
        axis: "accuracy, percent".into(),
        rows,
        key: vec![(Tone::Sky, "train: own records".into()), (Tone::Blue, "test: new records".into())],
        ..Dots::default()
    })
}

fn tables(page: &mut Page, federation: &FederationFigures, classes: &[String]) {
    let number = |value: f64| Cell::Number(format!("{:.1}", value));
    let mut columns: Vec<&str> = vec!["party", "records", "not dealt"];
    columns.extend(classes.iter().map(String::as_str));
    let rows: Vec<Vec<Cell>> = federation
        .parties
        .iter()
        .map(|party| {
            let counts = party.class_counts.iter().map(|count| number(count.0));
            let missing =
                if party.missing.0 > 0.0 { format!("{:.1}", party.missing.0) } else { String::new() };
            [Cell::text(format!("P{}", party.id)), number(party.records.0), Cell::Number(missing)]
                .into_iter()
                .chain(counts)
                .collect()
        })
        .collect();
    page.table("Records of each class, mean over the repeats", &columns, &rows);
    let cell = |summary: &Summary| Cell::percent(Figure::of(summary));
    let mut rows: Vec<Vec<Cell>> = federation
        .parties
        .iter()
        .map(|party| {
            vec![
                Cell::text(format!("P{}", party.id)),
                cell(&party.train_accuracy),
                cell(&party.test_accuracy),
            ]
        })
        .collect();
    rows.push(vec![Cell::text("average"), cell(&federation.train_accuracy), cell(&federation.test_accuracy)]);
    page.table("Accuracy, percent ± half of the 95 % interval", &["model of", "train", "test"], &rows);
    let distance = |summary: &Summary| Figure::of(summary).map(|Figure { mean, .. }| format!("{mean:.3}"));
    if let Some(distance) = distance(&federation.in_class_distance) {
        page.small(&format!(
            "In-class distance of the honest parties' shards (features in [0, 1]; Truex et al., Figure 11): {distance}. Accuracy of \
             the average on new records: {} %.",
            percent(Figure::of(&federation.test_accuracy))
        ));
    }
}
