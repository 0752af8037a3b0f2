//! What a data set is like, in the terms in which Truex et al. compare data sets (section 4.2, Table 1).
//!
//! The in-class standard deviation: each feature is scaled to [0, 1] by its least and greatest value in the whole set (a
//! constant feature is 0); for each class, the population standard deviation of each feature over the records of the class is
//! averaged over the features; and these are averaged over the classes that have records, each class counting the same. On MNIST
//! this is the published 0.1586. All sums are in f64, in the order of the records.

use crate::dataset::Dataset;
use crate::equal_records::EqualRecords;

/// A data set in numbers.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{DataFolders, DataSource, Description};
///
/// let wines = DataSource::WineQuality.load(&DataFolders::default(), Seed::root(1))?;
/// let reported = Description::of(&wines);
/// assert_eq!((reported.records, reported.features), (1599, 11));
/// assert_eq!(reported.classes[0], ("3".into(), 10));
/// # Ok::<(), turncoat_learn::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Number of records.
    pub records: usize,
    /// Number of features.
    pub features: usize,
    /// Features that have the same value in every record.
    pub constant_features: usize,
    /// Records that equal an earlier one in all features and their class.
    pub repeated: usize,
    /// Records that equal another one in all features and are of another class.
    pub contradicting: usize,
    /// Each class's name and its records.
    pub classes: Vec<(String, usize)>,
    /// The in-class standard deviation, from 0 to 0.5; `None` without features.
    pub in_class_std: Option<f64>,
}

impl Description {
    /// Of a data set.
    #[must_use]
    pub fn of(data: &Dataset) -> Self {
        let (records, features) = (data.records(), data.records().ncols());
        let mut of_class = vec![Vec::new(); data.classes()];
        data.labels().iter().enumerate().for_each(|(row, &label)| of_class[label as usize].push(row));
        let (mut low, mut high) = (vec![f32::INFINITY; features], vec![f32::NEG_INFINITY; features]);
        for record in records.rows() {
            for ((low, high), &value) in low.iter_mut().zip(&mut high).zip(record) {
                (*low, *high) = (low.min(value), high.max(value));
            }
        }
        let deviation = |rows: &Vec<usize>| {
            let n = rows.len() as f64;
            let mut means = vec![0.0; features];
            for &row in rows {
                means.iter_mut().zip(records.row(row)).for_each(|(sum, &value)| *sum += f64::from(value));
            }
            means.iter_mut().for_each(|sum| *sum /= n);
            // A second pass from the means: the difference of two large sums would lose what is small.
            let mut squares = vec![0.0; features];
            for &row in rows {
                for ((square, &value), mean) in squares.iter_mut().zip(records.row(row)).zip(&means) {
                    *square += (f64::from(value) - mean).powi(2);
                }
            }
            let range = low.iter().zip(&high).map(|(&low, &high)| f64::from(high) - f64::from(low));
            let spread = squares.iter().zip(range).filter(|(_, range)| *range > 0.0);
            let scaled = spread.map(|(square, range)| (square / n).sqrt() / range);
            // From 0.0, as the sum of nothing is -0.0, which would be shown.
            scaled.fold(0.0, |sum, scaled| sum + scaled) / features as f64
        };
        // One class after the other: a table may have more columns than rows.
        let shown: Vec<f64> = of_class.iter().filter(|rows| !rows.is_empty()).map(deviation).collect();
        let equal = EqualRecords::of_data(data);
        Self {
            repeated: equal.repeated(),
            contradicting: equal.contradicting(),
            records: data.len(),
            features,
            constant_features: low.iter().zip(&high).filter(|(low, high)| low >= high).count(),
            classes: data.class_names().iter().cloned().zip(of_class.iter().map(Vec::len)).collect(),
            in_class_std: (features > 0).then(|| shown.iter().sum::<f64>() / shown.len() as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Feature, FeatureKind};
    use ndarray::{Array2, array};

    fn data(records: Array2<f32>, labels: Vec<u32>, classes: usize) -> Dataset {
        let features = (0..records.ncols())
            .map(|place| Feature { name: format!("f{place}"), kind: FeatureKind::Numeric })
            .collect();
        let classes = (0..classes).map(|class| class.to_string()).collect();
        Dataset::new("by hand", records, labels, features, classes).unwrap()
    }

    #[test]
    fn by_hand() {
        // Scaled: class 0 has 0, 1 (deviation 1/2) and 0.5, 0.5 (0); class 1 has 0.25 (0) and 0, 1 ... one record only.
        let records = array![[0.0, 5.0, 7.0], [4.0, 5.0, 7.0], [1.0, 0.0, 7.0], [3.0, 10.0, 7.0]];
        let reported = Description::of(&data(records, vec![0, 0, 2, 2], 3));
        assert_eq!((reported.records, reported.features, reported.constant_features), (4, 3, 1));
        let counts: Vec<usize> = reported.classes.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 0, 2]);
        // Class 0: (1/2 + 0 + 0) / 3. Class 2: (1/4 + 1/2 + 0) / 3. Class 1 has no record and does not count.
        let expected = ((0.5 / 3.0) + (0.75 / 3.0)) / 2.0;
        assert!((reported.in_class_std.unwrap() - expected).abs() < 1e-12, "{reported:?}");
    }

    #[test]
    fn records_that_are_alike_within_their_class_do_not_deviate() {
        let records = array![[0.0, 1.0], [0.0, 1.0], [3.0, 2.0]];
        assert_eq!(Description::of(&data(records.clone(), vec![0, 0, 1], 2)).in_class_std, Some(0.0));
        let equal = |labels| {
            let reported = Description::of(&data(records.clone(), labels, 2));
            (reported.repeated, reported.contradicting)
        };
        assert_eq!([equal(vec![0, 0, 1]), equal(vec![0, 1, 1])], [(1, 0), (0, 2)]);
    }
}
