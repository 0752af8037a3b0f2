//! Asks a trained federation for its decision boundaries, as its operator, through the same answers that accuracies are
//! measured on. No adversary is shown them.

use ndarray::{Axis, concatenate};
use turncoat_learn::{Dataset, Partition, PartyId};
use turncoat_report::files::boundaries::{BoundaryFiles, BoundaryTable};

use super::plane::Plane;
use crate::error::Error;
use crate::launch::Federation;

/// Values (records times features) that are asked about at once: 16 MiB of f32.
const VALUES: usize = 1 << 22;

/// Both files of Figure 10: every party's and the federation's answers on each grid, and each party's own training records
/// there.
pub(super) async fn boundaries(
    plane: &Plane,
    data: &Dataset,
    partition: &Partition,
    federation: &mut Federation,
) -> Result<BoundaryFiles, Error> {
    let bug = |error: ndarray::ShapeError| Error::Bug(format!("a grid cannot be put together: {error}"));
    let class = |number: usize| data.class_names().get(number).map_or("", String::as_str);
    let mut vectors = BoundaryTable::vectors(plane.names(), data.class_names())?;
    let rows_at_once = (VALUES / (plane.steps() * data.features().len()).max(1)).max(1);
    let steps: Vec<usize> = (0..plane.steps()).collect();
    for (name, extent) in plane.extents() {
        for steps in steps.chunks(rows_at_once) {
            let rows: Vec<_> = steps.iter().map(|&step| plane.row(extent, step)).collect();
            let views: Vec<_> = rows.iter().map(|row| row.view()).collect();
            let records = concatenate(Axis(0), &views).map_err(bug)?;
            let positions: Vec<[f32; 2]> =
                records.rows().into_iter().map(|row| plane.position(row)).collect();
            let shared = federation.predict_shared(records).await?;
            for (place, &position) in positions.iter().enumerate() {
                for (party, answers) in &shared.parties {
                    if let (Some(predicted), Some(vector)) =
                        (answers.predicted_class(place), answers.row(place))
                    {
                        vectors.vector(name, Some(*party), position, class(predicted), vector)?;
                    }
                }
                let mean = &shared.mean;
                vectors.vector(name, None, position, class(mean.predicted_class(place)), mean.row(place))?;
            }
        }
    }
    let mut points = BoundaryTable::points(plane.names())?;
    for party in PartyId::first(partition.parties()) {
        for &row in partition.rows(party) {
            let position = plane.position(data.records().row(row));
            if plane.shows(position) {
                points.point(party, position, class(data.labels()[row] as usize))?;
            }
        }
    }
    Ok(BoundaryFiles { vectors: vectors.finish()?, points: points.finish()? })
}
