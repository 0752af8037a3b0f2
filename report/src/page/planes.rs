//! The decision boundaries of each party over the two features that the scenario names.

use super::boundaries::{Boundaries, Map};
use super::folder::Run;
use super::parts::{Cell, Page};
use crate::error::Error;
use crate::picture::{Panel, Picture, Plane};

/// The maps with their records.
pub(super) fn planes(page: &mut Page, run: &Run) -> Result<(), Error> {
    let Some(found) = run.boundaries.as_ref().filter(|found| !found.maps.is_empty()) else { return Ok(()) };
    page.heading("boundaries", "Decision boundaries");
    let mut extents: Vec<&str> = found.maps.iter().map(|map| map.extent.as_str()).collect();
    extents.dedup();
    for extent in extents {
        let maps = || found.maps.iter().filter(|map| map.extent == extent);
        let (name, of) = match extent {
            "region" => ("boundaries_region", "The region that the scenario asks for"),
            _ => ("boundaries", "The whole range of the data"),
        };
        page.picture(
            Picture {
                name: name.into(),
                alternative: format!(
                    "Predicted classes over {} and {}, party by party. How often each class is predicted is in the table below",
                    found.features[0], found.features[1]
                ),
                panels: maps().map(|map| panel(found, map)).collect(),
            },
            &format!(
                "{of}: the class that each party's model and the federation's average predict over {} and {}, all other features at \
                 their median; shapes are the party's training records (evenly thinned out above 300). Where one party alone has \
                 a boundary around its records, an insider who sees single vectors can tell whose they are. Truex et al., Figure 10.",
                found.features[0], found.features[1]
            ),
        )?;
        table(page, found, maps());
    }
    Ok(())
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

fn table<'a>(page: &mut Page, found: &Boundaries, maps: impl Iterator<Item = &'a Map>) {
    let mut columns = vec!["model of"];
    columns.extend(found.classes.iter().map(String::as_str));
    let rows: Vec<Vec<Cell>> = maps
        .map(|map| {
            let all = map.counts.iter().sum::<usize>().max(1) as f64;
            let shares =
                map.counts.iter().map(|&count| Cell::Number(format!("{:.1}", 100.0 * count as f64 / all)));
            [Cell::text(who(&map.party))].into_iter().chain(shares).collect()
        })
        .collect();
    page.table("Share of the grid's places at which each class is predicted, percent", &columns, &rows);
}
