//! What Byzantine parties do: every figure without them, with them, and the difference.

use super::columns::Table;
use crate::result::attack::ResultFigures;
use crate::result::byzantine::{ByzantineFigures, ByzantineParty, Paired};

/// A figure with its pair, and how many claims of a repeat it rests on.
pub(crate) type Pair<'a> = (String, &'a Paired, Option<f64>);

/// All pairs, of attacks these figures (`precision`, `accuracy`). `results` are the report's, which the pairs follow.
pub(crate) fn pairs<'a>(
    figures: &'a ByzantineFigures,
    results: &[ResultFigures],
    of_attacks: &[&str],
) -> Vec<Pair<'a>> {
    let mut pairs: Vec<Pair<'_>> = vec![
        ("accuracy of the average on its own records".into(), &figures.train_accuracy, None),
        ("accuracy of the average on new records".into(), &figures.test_accuracy, None),
    ];
    let parties = figures.by_party.iter();
    pairs.extend(
        parties.map(|of| (format!("accuracy of P{} on new records", of.id), &of.test_accuracy, None)),
    );
    for (of, result) in figures.results.iter().zip(results) {
        let draw = of.non_members.as_ref().map(|draw| format!(", {draw}")).unwrap_or_default();
        pairs.extend(of_attacks.iter().map(|figure| {
            let name = format!("{} {}: {} {figure}{draw}", of.adversary, of.question, of.id());
            let pair = if *figure == "precision" { &of.precision } else { &of.accuracy };
            (name, pair, result.claims(figure))
        }));
    }
    pairs
}

/// Pairs as a table.
pub(crate) fn table<'a>(pairs: &'a [Pair<'a>]) -> Table<&'a Pair<'a>> {
    Table::of(pairs)
        .text("figure", |(name, ..)| name)
        .claims("claims", |(.., claims)| *claims)
        .summary("honest", |(_, pair, _)| &pair.honest)
        .summary("with Byzantine", |(_, pair, _)| &pair.with_byzantine)
        .summary("difference", |(_, pair, _)| &pair.difference)
}

/// `party-1 reverses the classes`, of each party.
pub(crate) fn behaviour(figures: &ByzantineFigures) -> String {
    let of_party = |ByzantineParty { id, class, by, .. }: &ByzantineParty| match (class, by) {
        (Some(class), _) => format!("party-{id} always predicts class {class}"),
        (_, Some(by)) => format!("party-{id} amplifies its vectors {by} times"),
        _ => format!("party-{id} reverses the classes"),
    };
    figures.parties.iter().map(of_party).collect::<Vec<_>>().join("; ")
}

/// The block on the terminal.
pub(super) fn render(figures: &ByzantineFigures, results: &[ResultFigures]) -> String {
    format!(
        "\nByzantine behaviour: {}. The same repeats without and with it; the difference is taken in each repeat.\n{}\n",
        behaviour(figures),
        table(&pairs(figures, results, &["precision", "accuracy"])).terminal()
    )
}
