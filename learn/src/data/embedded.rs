//! The real data that comes with the program, through `linfa-datasets`.

use linfa::DatasetBase;
use ndarray::{Array1, Array2};

use super::error::DataError;
use crate::dataset::{Dataset, Feature, FeatureKind};

/// Red wine quality (Cortez et al., 2009), 1,599 x 11, classes 3 to 8.
pub(super) fn wine_quality() -> Result<Dataset, DataError> {
    let qualities = ["3", "4", "5", "6", "7", "8"].map(str::to_owned);
    convert("winequality", linfa_datasets::winequality(), 3, qualities.to_vec())
}

/// Iris (Fisher, 1936), 150 x 4, three species.
pub(super) fn iris() -> Result<Dataset, DataError> {
    let species = ["setosa", "versicolor", "virginica"].map(str::to_owned);
    convert("iris", linfa_datasets::iris(), 0, species.to_vec())
}

/// `lowest` is the target of class 0.
fn convert(
    name: &'static str,
    set: DatasetBase<Array2<f64>, Array1<usize>>,
    lowest: usize,
    classes: Vec<String>,
) -> Result<Dataset, DataError> {
    let features = set
        .feature_names()
        .iter()
        .map(|name| Feature { name: name.clone(), kind: FeatureKind::Numeric })
        .collect();
    let label = |&target: &usize| target.checked_sub(lowest).and_then(|label| u32::try_from(label).ok());
    let labels: Option<Vec<u32>> = set.targets.iter().map(label).collect();
    let labels =
        labels.ok_or_else(|| DataError::Embedded { name, reason: format!("a target is below {lowest}") })?;
    Ok(Dataset::new(name, set.records.mapv(|value| value as f32), labels, features, classes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wine_has_the_published_shape_and_counts() {
        let set = wine_quality().unwrap();
        assert_eq!(set.records().dim(), (1_599, 11));
        let rows: Vec<usize> = (0..set.len()).collect();
        assert_eq!(set.class_counts(&rows), [10, 53, 681, 638, 199, 18]);
        assert_eq!(set.features()[10].name, "alcohol");
        assert_eq!(set.records()[[0, 0]], 7.4);
    }

    #[test]
    fn iris_has_fifty_of_each_species() {
        let set = iris().unwrap();
        assert_eq!(set.records().dim(), (150, 4));
        let rows: Vec<usize> = (0..set.len()).collect();
        assert_eq!(set.class_counts(&rows), [50, 50, 50]);
        assert_eq!(set.class_names()[2], "virginica");
    }
}
