//! What lies did: every figure beside that of the same repeats without them.

use super::parts::{Cell, Page, claims, resting};
use crate::error::Error;
use crate::picture::{Dots, Mark, Panel, Picture, Row, Tone};
use crate::result::attack::ResultFigures;
use crate::result::byzantine::ByzantineFigures;
use crate::result::byzantine::Liar;
use crate::result::byzantine::Paired;
use crate::result::figure::Figure;

/// The pairs. `results` are the report's, which the pairs follow.
pub(super) fn lies(
    page: &mut Page,
    figures: &ByzantineFigures,
    results: &[ResultFigures],
) -> Result<(), Error> {
    page.heading("lies", "With and without lies");
    let liars: Vec<String> = figures.parties.iter().map(told).collect();
    page.paragraph(&format!(
        "{}. Every repeat was carried out twice from the same seeds, with and without the lies; differences are taken within a repeat.",
        liars.join("; ")
    ));
    let mut pairs: Vec<(String, &Paired, Option<f64>)> = vec![
        ("accuracy of the average on its own records".into(), &figures.train_accuracy, None),
        ("accuracy of the average on new records".into(), &figures.test_accuracy, None),
    ];
    let parties = figures.by_party.iter();
    pairs.extend(
        parties.map(|of| (format!("accuracy of P{} on new records", of.id), &of.test_accuracy, None)),
    );
    for (of, result) in figures.results.iter().zip(results) {
        let draw = of.non_members.as_ref().map(|draw| format!(", {draw}")).unwrap_or_default();
        let name = |figure: &str| format!("{} {}: {} {figure}{draw}", of.adversary, of.question, of.id());
        pairs.push((name("precision"), &of.precision, result.claims("precision")));
    }
    let resting_on = resting("percent", pairs.iter().filter_map(|(.., claims)| *claims));
    let rows = pairs.iter().map(|(label, pair, _)| Row {
        label: label.clone(),
        marks: [(Tone::Blue, &pair.honest), (Tone::Vermilion, &pair.lying)]
            .into_iter()
            .filter_map(|(tone, summary)| Some(Mark { tone, value: summary.mean?, interval: summary.ci95 }))
            .collect(),
        tick: None,
        chance: None,
    });
    page.picture(
        Picture {
            name: "byzantine".into(),
            alternative: "Figures with and without lies. They are in the table below".into(),
            panels: vec![Panel::Dots(Dots {
                title: "With and without lies".into(),
                axis: resting_on,
                rows: rows.collect(),
                key: vec![(Tone::Blue, "honest".into()), (Tone::Vermilion, "with lies".into())],
                ..Dots::default()
            })],
        },
        "Accuracies and precisions in percent with 95 % intervals, of the repeats as they are and of the same repeats without the lies.",
    )?;
    let row = |(label, pair, rests_on): &(String, &Paired, Option<f64>)| {
        vec![
            Cell::text(label),
            claims(*rests_on),
            Cell::percent(Figure::of(&pair.honest)),
            Cell::percent(Figure::of(&pair.lying)),
            Cell::percent(Figure::of(&pair.difference)),
        ]
    };
    let rows: Vec<Vec<Cell>> = pairs.iter().map(row).collect();
    page.table(
        "Percent ± half of the 95 % interval; the difference is with less without, in points; claims: of a repeat with lies",
        &["figure", "claims", "honest", "with lies", "difference"],
        &rows,
    );
    Ok(())
}

fn told(liar: &Liar) -> String {
    let how = match (liar.class, liar.by) {
        (Some(class), _) => format!(" (class {class})"),
        (_, Some(by)) => format!(" (by {by})"),
        _ => String::new(),
    };
    format!("P{} lies: {}{how}", liar.id, liar.how)
}
