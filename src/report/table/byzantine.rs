//! What lies do, under the tables: honest, lying, and the difference.

use super::{mean, with_interval};
use crate::report::byzantine::{ByzantineFigures, Liar, Paired};
use crate::report::grid::Grid;

/// The whole block.
pub(super) fn render(figures: &ByzantineFigures) -> String {
    let mut grid =
        Grid::new(["figure".into(), "draw".into()], ["honest", "lying", "difference"].map(String::from));
    let mut add = |name: String, draw: &str, paired: &Paired| {
        let cells = [mean(&paired.honest), mean(&paired.lying), with_interval(&paired.difference)];
        grid.add([name, draw.to_owned()].into_iter().chain(cells));
    };
    add("federation, its own records".into(), "", &figures.train_accuracy);
    add("federation, new records".into(), "", &figures.test_accuracy);
    for party in &figures.by_party {
        add(format!("{}, new records", party.id), "", &party.test_accuracy);
    }
    for result in &figures.results {
        let name = |figure: &str| format!("{} {}, {figure}", result.adversary, result.id);
        let draw = result.non_members.unwrap_or_default();
        add(name("precision"), draw, &result.precision);
        add(name("accuracy"), draw, &result.accuracy);
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
        (Some(class), _) => format!("{} always says class {class}", liar.id),
        (_, Some(by)) => format!("{} is {by} times as loud", liar.id),
        _ => format!("{} reverses the classes", liar.id),
    }
}
