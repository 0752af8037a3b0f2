//! What decision boundaries are asked for. Whether the data has the features is seen when it is read.

use crate::scenario::checked::Boundaries;
use crate::scenario::reader::{At, Reader};

/// Steps of either feature where the scenario does not say.
const GRID: u32 = 60;
const MAX_GRID: u32 = 300;

/// Reads the key; `repeats` is the number of repeats where that is known.
pub(super) fn boundaries(reader: &mut Reader<'_>, at: &At<'_>, repeats: Option<u32>) -> Option<Boundaries> {
    let fields = reader.fields(at, &["features", "grid", "region", "repeat"])?;
    let features = reader.required(&fields, "features", "the names of two, such as [age, education-num]");
    let features = features.and_then(|at| two_names(reader, &at));
    let grid = match fields.get("grid") {
        Some(at) => reader.whole_u32(&at, 2..=MAX_GRID),
        None => Some(GRID),
    };
    let repeat = match fields.get("repeat") {
        Some(at) => reader.whole_u32(&at, 1..=repeats.unwrap_or(u32::MAX)),
        None => Some(1),
    };
    let region = match (fields.given("region"), &features) {
        (Some(at), Some(features)) => region(reader, &at, features),
        _ => Some([None, None]),
    };
    Some(Boundaries { features: features?, grid: grid?, region: region?, repeat: repeat? })
}

fn two_names(reader: &mut Reader<'_>, at: &At<'_>) -> Option<[String; 2]> {
    let list = reader.list(at)?;
    let names: Vec<_> = list.iter().map(|at| reader.text(at).map(str::to_owned)).collect();
    let names: Option<Vec<String>> = names.into_iter().collect();
    match <[String; 2]>::try_from(names?) {
        Ok(names) if names[0] != names[1] => Some(names),
        _ => {
            reader.refuse(at, "must name two different features");
            None
        }
    }
}

/// Bounds of one of the features, or of both.
fn region(reader: &mut Reader<'_>, at: &At<'_>, features: &[String; 2]) -> Option<[Option<[f64; 2]>; 2]> {
    let fields = reader.fields(at, &[&features[0], &features[1]])?;
    let mut bounds = |name: &str| match fields.given(name) {
        Some(at) => range(reader, &at).map(Some),
        None => Some(None),
    };
    let (x, y) = (bounds(&features[0]), bounds(&features[1]));
    Some([x?, y?])
}

fn range(reader: &mut Reader<'_>, at: &At<'_>) -> Option<[f64; 2]> {
    let list = reader.list(at)?;
    let ends: Vec<_> = list.iter().map(|at| reader.number(at)).collect();
    let ends: Option<Vec<f64>> = ends.into_iter().collect();
    match *ends?.as_slice() {
        // Records are f32: a bound beyond them would make a grid of what is no number.
        [low, high] if low < high && low >= f64::from(f32::MIN) && high <= f64::from(f32::MAX) => {
            Some([low, high])
        }
        _ => {
            reader.refuse(at, "must be two numbers, the lower first");
            None
        }
    }
}
