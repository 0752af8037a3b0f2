//! What lies did: every figure beside that of the same repeats without them.

use super::charts::summaries;
use super::folder::Run;
use super::parts::{Part, paragraph, picture, resting, table};
use crate::picture::{Dots, Panel, Tone};
use crate::result::attack::ResultFigures;
use crate::result::byzantine::{ByzantineFigures, Liar, Paired};
use crate::table::columns::Table;

/// A figure with its pair, and how many claims of a repeat it rests on.
type Pair<'a> = (String, &'a Paired, Option<f64>);

/// The pairs.
pub(super) fn byzantine(run: &Run) -> Vec<Part> {
    let Some(figures) = &run.report.byzantine else { return Vec::new() };
    let pairs = pairs(figures, &run.report.results);
    let liars: Vec<String> = figures.parties.iter().map(told).collect();
    let row = |(label, pair, _): &Pair<'_>| {
        summaries(label, [(Tone::Blue, &pair.honest), (Tone::Vermilion, &pair.lying)])
    };
    let columns = Table::of(&pairs)
        .text("figure", |(label, ..)| label)
        .claims("claims", |(.., claims)| *claims)
        .summary("honest", |(_, pair, _)| &pair.honest)
        .summary("with lies", |(_, pair, _)| &pair.lying)
        .summary("difference", |(_, pair, _)| &pair.difference);
    vec![
        paragraph(&format!(
            "{}. Every repeat was carried out twice from the same seeds, with and without the lies; differences are taken within a repeat.",
            liars.join("; ")
        )),
        picture(
            "byzantine",
            "Figures with and without lies. They are in the table below",
            [Panel::Dots(Dots {
                title: "With and without lies".into(),
                axis: resting("percent", pairs.iter().filter_map(|(.., claims)| *claims)),
                rows: pairs.iter().map(row).collect(),
                key: vec![(Tone::Blue, "honest".into()), (Tone::Vermilion, "with lies".into())],
                ..Dots::default()
            })],
            "Accuracies and precisions in percent with 95 % intervals, of the repeats as they are and of the same repeats without the lies.",
        ),
        table(
            "Percent ± half of the 95 % interval; the difference is with less without, in points; claims: of a repeat with lies",
            columns,
        ),
    ]
}

/// `results` are the report's, which the pairs follow.
fn pairs<'a>(figures: &'a ByzantineFigures, results: &[ResultFigures]) -> Vec<Pair<'a>> {
    let mut pairs: Vec<Pair<'_>> = vec![
        ("accuracy of the average on its own records".into(), &figures.train_accuracy, None),
        ("accuracy of the average on new records".into(), &figures.test_accuracy, None),
    ];
    let parties = figures.by_party.iter();
    pairs.extend(
        parties.map(|of| (format!("accuracy of P{} on new records", of.id), &of.test_accuracy, None)),
    );
    pairs.extend(figures.results.iter().zip(results).map(|(of, result)| {
        let draw = of.non_members.as_ref().map(|draw| format!(", {draw}")).unwrap_or_default();
        let name = format!("{} {}: {} precision{draw}", of.adversary, of.question, of.id());
        (name, &of.precision, result.claims("precision"))
    }));
    pairs
}

fn told(liar: &Liar) -> String {
    let how = match (liar.class, liar.by) {
        (Some(class), _) => format!(" (class {class})"),
        (_, Some(by)) => format!(" (by {by})"),
        _ => String::new(),
    };
    format!("P{} lies: {}{how}", liar.id, liar.how)
}
