//! What lies do, under the tables: honest, lying, and the difference.

use super::columns::Table;
use crate::result::attack::ResultFigures;
use crate::result::byzantine::{ByzantineFigures, Liar, Paired};

/// A figure, its draw of non-members, how many claims of a repeat it rests on, and its pair.
type Pair<'a> = (String, &'a str, Option<f64>, &'a Paired);

/// The whole block. `results` are the report's, which the pairs follow.
pub(super) fn render(figures: &ByzantineFigures, results: &[ResultFigures]) -> String {
    let mut pairs: Vec<Pair<'_>> = vec![
        ("federation, its own records".into(), "", None, &figures.train_accuracy),
        ("federation, new records".into(), "", None, &figures.test_accuracy),
    ];
    let parties = figures.by_party.iter();
    pairs.extend(
        parties.map(|party| (format!("party-{}, new records", party.id), "", None, &party.test_accuracy)),
    );
    for (result, whole) in figures.results.iter().zip(results) {
        let draw = result.non_members.as_deref().unwrap_or_default();
        for (figure, pair) in [("precision", &result.precision), ("accuracy", &result.accuracy)] {
            let name = format!("{} {}, {figure}", result.adversary, result.id());
            pairs.push((name, draw, whole.claims(figure), pair));
        }
    }
    let table = Table::of(&pairs)
        .text("figure", |(name, ..)| name)
        .text("draw", |(_, draw, ..)| draw)
        .claims("claims", |(_, _, claims, _)| *claims)
        .mean("honest", |(.., pair)| &pair.honest)
        .mean("lying", |(.., pair)| &pair.lying)
        .summary("difference", |(.., pair)| &pair.difference);
    let liars: Vec<String> = figures.parties.iter().map(named).collect();
    format!(
        "\nWhat the lies do: {}. The same repeats without and with them; the difference is taken in each repeat.\n{}\n",
        liars.join(", "),
        table.terminal()
    )
}

fn named(liar: &Liar) -> String {
    match (liar.class, liar.by) {
        (Some(class), _) => format!("party-{} always says class {class}", liar.id),
        (_, Some(by)) => format!("party-{} is {by} times as loud", liar.id),
        _ => format!("party-{} reverses the classes", liar.id),
    }
}
