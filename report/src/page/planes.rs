//! The decision boundaries of each party over the two features that the scenario names.

use super::boundaries::{Boundaries, Map};
use super::folder::Run;
use super::parts::{Part, picture, table};
use crate::picture::{Panel, Plane};
use crate::table::columns::Table;

/// The maps with their records.
pub(super) fn planes(run: &Run) -> Vec<Part> {
    let Some(found) = &run.boundaries else { return Vec::new() };
    let extents = found.maps.chunk_by(|a, b| a.extent == b.extent);
    extents.flat_map(|maps| of_extent(found, maps)).collect()
}

fn of_extent(found: &Boundaries, maps: &[Map]) -> [Part; 2] {
    let (name, of) = match maps[0].extent.as_str() {
        "region" => ("boundaries_region", "The region that the scenario asks for"),
        _ => ("boundaries", "The whole range of the data"),
    };
    let [right, up] = &found.features;
    let known = Table::of(maps).text("model of", |map| who(&map.party));
    let columns = found.classes.iter().enumerate().fold(known, |known, (class, name)| {
        known.number(name, |map| {
            let all = map.counts.iter().sum::<usize>().max(1) as f64;
            format!("{:.1}", 100.0 * map.counts[class] as f64 / all)
        })
    });
    [
        picture(
            name,
            &format!(
                "Predicted classes over {right} and {up}, party by party. How often each class is predicted is in the table below"
            ),
            maps.iter().map(|map| panel(found, map)),
            &format!(
                "{of}: the class that each party's model and the federation's average predict over {right} and {up}, all other features at \
                 their median; shapes are the party's training records (evenly thinned out above 300). Where one party alone has \
                 a boundary around its records, an insider who sees single vectors can tell whose they are. Truex et al., Figure 10."
            ),
        ),
        table("Share of the grid's places at which each class is predicted, percent", columns),
    ]
}

fn who(party: &str) -> String {
    if party == "average" { "average".into() } else { format!("P{party}") }
}

fn panel(found: &Boundaries, map: &Map) -> Panel {
    let points = found.of_party(&map.party);
    let is_drawn = |class: usize| map.counts[class] > 0 || points.iter().any(|(_, of)| *of == class);
    let drawn = (0..found.classes.len()).filter(|&class| is_drawn(class));
    let classes = drawn.map(|class| (class, found.classes[class].clone())).collect();
    Panel::Plane(Plane {
        title: who(&map.party),
        axes: found.features.clone(),
        range: map.range,
        patches: map.patches.clone(),
        points,
        classes,
    })
}
