//! What lies do, under the tables: honest, lying, and the difference.

use super::run::{mean, with_interval};
use crate::few_claims;
use crate::result::attack::ResultFigures;
use crate::result::byzantine::{ByzantineFigures, Liar, Paired};
use crate::result::figure::Mean;
use crate::table::grid::Grid;

/// The whole block. `results` are the report's, which the pairs follow.
pub(super) fn render(figures: &ByzantineFigures, results: &[ResultFigures]) -> String {
    let numbers = ["claims", "honest", "lying", "difference"];
    let mut grid = Grid::new(["figure".into(), "draw".into()], numbers.map(String::from));
    let mut add = |name: String, draw: &str, claims: Option<Mean>, paired: &Paired| {
        let claims = claims.map_or_else(String::new, |claims| few_claims::shown(claims.0));
        let cells = [claims, mean(&paired.honest), mean(&paired.lying), with_interval(&paired.difference)];
        grid.add([name, draw.to_owned()].into_iter().chain(cells));
    };
    add("federation, its own records".into(), "", None, &figures.train_accuracy);
    add("federation, new records".into(), "", None, &figures.test_accuracy);
    for party in &figures.by_party {
        add(format!("party-{}, new records", party.id), "", None, &party.test_accuracy);
    }
    for (result, whole) in figures.results.iter().zip(results) {
        let name = |figure: &str| format!("{} {}, {figure}", result.adversary, result.id());
        let draw = result.non_members.as_deref().unwrap_or_default();
        add(name("precision"), draw, whole.claims_in.or(whole.claims), &result.precision);
        add(name("accuracy"), draw, whole.claims, &result.accuracy);
    }
    let liars: Vec<String> = figures.parties.iter().map(named).collect();
    format!(
        "\nWhat the lies do: {}. The same repeats without and with them; the difference is taken in each repeat.\n{}\n",
        liars.join(", "),
        grid.table()
    )
}

fn named(liar: &Liar) -> String {
    match (liar.class, liar.by) {
        (Some(class), _) => format!("party-{} always says class {class}", liar.id),
        (_, Some(by)) => format!("party-{} is {by} times as loud", liar.id),
        _ => format!("party-{} reverses the classes", liar.id),
    }
}
