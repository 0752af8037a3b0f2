//! The plane of two features on which decision boundaries are drawn (Truex et al., Figure 10).
//!
//! A grid holds `n` values of either feature at equal steps from the least to the greatest, ends included; every other feature
//! stands at its median in the whole data set (the lower one of an even number of records, so that it is a value that occurs).
//! Values are those of the data as the scenario's preprocessing leaves them.

use ndarray::Array2;
use turncoat_learn::Dataset;

use crate::error::Error;
use crate::scenario::{Boundaries, nearest};

/// Two features of a data set, and where the others stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plane {
    /// Columns of x and y.
    columns: [usize; 2],
    names: [String; 2],
    median: Vec<f32>,
    steps: usize,
    /// The whole data, then the region if there is one: least and greatest x, least and greatest y.
    extents: Vec<(&'static str, [[f64; 2]; 2])>,
}

impl Plane {
    /// Finds the features.
    ///
    /// # Errors
    /// [`Error::Usage`] where the data set has no such feature, with the nearest there is.
    pub(super) fn find(requested: &Boundaries, data: &Dataset) -> Result<Self, Error> {
        let names = || data.features().iter().map(|feature| feature.name.as_str());
        let column = |name: &String| {
            names().position(|other| other == name).ok_or_else(|| {
                let hint = match nearest(name, names()) {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => format!("; it has {}", listed(data)),
                };
                Error::Usage(format!("boundaries.features: {} has no feature `{name}`{hint}", data.name()))
            })
        };
        let columns = [column(&requested.features[0])?, column(&requested.features[1])?];
        let records = data.records();
        let range = |column: usize| {
            let values = || records.column(column).to_vec().into_iter().map(f64::from);
            [values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max)]
        };
        let whole = columns.map(range);
        let mut extents = vec![("whole", whole)];
        let region = requested.ends();
        if region.iter().any(Option::is_some) {
            extents.push(("region", [0, 1].map(|axis| region[axis].unwrap_or(whole[axis]))));
        }
        let median = records.columns().into_iter().map(|column| {
            let mut values = column.to_vec();
            let middle = (values.len() - 1) / 2;
            *values.select_nth_unstable_by(middle, f32::total_cmp).1
        });
        let median = median.collect();
        Ok(Self {
            columns,
            names: requested.features.clone(),
            median,
            steps: requested.grid as usize,
            extents,
        })
    }

    /// The names of x and y.
    pub(super) fn names(&self) -> &[String; 2] {
        &self.names
    }

    /// What the grids cover: `whole`, and `region` if one was asked for.
    pub(super) fn extents(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.extents.iter().enumerate().map(|(place, (name, _))| (*name, place))
    }

    /// One row of a grid: y at the given step, x at every step, as records of the data set. Steps count from zero.
    pub(super) fn row(&self, extent: usize, step: usize) -> Array2<f32> {
        let [x, y] = self.extents[extent].1;
        let mut records =
            Array2::from_shape_fn((self.steps, self.median.len()), |(_, column)| self.median[column]);
        for (place, mut record) in records.rows_mut().into_iter().enumerate() {
            record[self.columns[0]] = self.at(x, place);
            record[self.columns[1]] = self.at(y, step);
        }
        records
    }

    /// Steps of either feature.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// x and y of a record.
    pub(super) fn position(&self, record: ndarray::ArrayView1<'_, f32>) -> [f32; 2] {
        self.columns.map(|column| record[column])
    }

    /// Whether a position lies in the region, or in the data where no region was asked for.
    pub(super) fn shows(&self, position: [f32; 2]) -> bool {
        let Some((_, extent)) = self.extents.last() else { return false };
        position.iter().zip(extent).all(|(&value, [low, high])| (*low..=*high).contains(&f64::from(value)))
    }

    fn at(&self, [low, high]: [f64; 2], step: usize) -> f32 {
        let place = step as f64 / (self.steps - 1) as f64;
        (low + (high - low) * place) as f32
    }
}

/// The first names, as a message can hold them.
fn listed(data: &Dataset) -> String {
    const SHOWN: usize = 20;
    let names: Vec<&str> = data.features().iter().take(SHOWN).map(|feature| feature.name.as_str()).collect();
    let more = if data.features().len() > SHOWN { ", ..." } else { "" };
    format!("{}{more}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Ends;
    use ndarray::array;
    use turncoat_learn::{Feature, FeatureKind};

    fn data() -> Dataset {
        let feature = |name: &str| Feature { name: name.into(), kind: FeatureKind::Numeric };
        let records = array![[1.0, 0.0, 7.0], [2.0, 10.0, 9.0], [3.0, 20.0, 8.0], [9.0, 40.0, 8.5]];
        let features = ["age", "loss", "hours"].map(feature).to_vec();
        Dataset::new("people", records, vec![0, 1, 0, 1], features, vec!["no".into(), "yes".into()]).unwrap()
    }

    fn requested(x: &str, y: &str, region: [Option<[f64; 2]>; 2]) -> Boundaries {
        let region = [x, y].into_iter().map(String::from).zip(region.map(|ends| ends.map(Ends))).collect();
        Boundaries { features: [x.into(), y.into()], grid: 3, region, repeat: 1 }
    }

    #[test]
    fn a_grid_spans_two_features_and_holds_the_others_at_the_median() {
        let plane = Plane::find(&requested("loss", "age", [None; 2]), &data()).unwrap();
        // Of 7, 8, 8.5 and 9 the lower median is 8.
        assert_eq!(plane.row(0, 0), array![[1.0, 0.0, 8.0], [1.0, 20.0, 8.0], [1.0, 40.0, 8.0]]);
        assert_eq!(plane.row(0, 2).column(0), array![9.0, 9.0, 9.0]);
        assert_eq!(plane.extents().collect::<Vec<_>>(), [("whole", 0)]);
        assert_eq!(plane.position(data().records().row(1)), [10.0, 2.0]);
        assert!(plane.shows([40.0, 9.0]));
    }

    #[test]
    fn a_region_is_shown_beside_the_whole() {
        let plane = Plane::find(&requested("loss", "age", [Some([5.0, 15.0]), None]), &data()).unwrap();
        assert_eq!(plane.extents().collect::<Vec<_>>(), [("whole", 0), ("region", 1)]);
        assert_eq!(plane.row(1, 1), array![[5.0, 5.0, 8.0], [5.0, 10.0, 8.0], [5.0, 15.0, 8.0]]);
        assert!(plane.shows([15.0, 9.0]) && !plane.shows([15.5, 9.0]));
    }

    #[test]
    fn a_feature_that_is_not_there_names_the_nearest() {
        let refused = |x| Plane::find(&requested(x, "age", [None; 2]), &data()).unwrap_err();
        assert_eq!(
            refused("hour").to_string(),
            "boundaries.features: people has no feature `hour`; did you mean `hours`?"
        );
        assert_eq!(
            refused("capital-gain").to_string(),
            "boundaries.features: people has no feature `capital-gain`; it has age, loss, hours"
        );
        assert_eq!(refused("hour").code(), 2);
    }
}
