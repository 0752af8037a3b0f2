//! What Byzantine parties did: every figure beside that of the same repeats without them.

use super::charts::summaries;
use super::folder::Run;
use super::parts::{Part, paragraph, picture, resting, table as shown};
use crate::picture::{Dots, Panel, Tone};
use crate::table::byzantine::{Pair, behaviour, pairs, table};

/// The pairs.
pub(super) fn byzantine(run: &Run) -> Vec<Part> {
    let Some(figures) = &run.report.byzantine else { return Vec::new() };
    let pairs = pairs(figures, &run.report.results, &["precision"]);
    let row = |(label, pair, _): &Pair<'_>| {
        summaries(label, [(Tone::Blue, &pair.honest), (Tone::Vermilion, &pair.with_byzantine)])
    };
    vec![
        paragraph(&format!(
            "Byzantine behaviour: {}. Every repeat was carried out twice from the same seeds, with and without it; differences are taken within \
             a repeat.",
            behaviour(figures)
        )),
        picture(
            "byzantine",
            "Figures with and without Byzantine parties. They are in the table below",
            [Panel::Dots(Dots {
                title: "With and without Byzantine parties".into(),
                axis: resting("percent", pairs.iter().filter_map(|(.., claims)| *claims)),
                rows: pairs.iter().map(row).collect(),
                key: vec![(Tone::Blue, "honest".into()), (Tone::Vermilion, "with Byzantine parties".into())],
                ..Dots::default()
            })],
            "Accuracies and precisions in percent with 95 % intervals, of the repeats as they are and of the same repeats without the Byzantine \
             parties.",
        ),
        shown(
            "Percent ± half of the 95 % interval; the difference is with less without, in points; claims: of a repeat with Byzantine parties",
            table(&pairs),
        ),
    ]
}
