//! Figures as reports hold them: means of counts, and means of fractions with their interval.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use turncoat_attack::Summary;

/// A mean of counts, written as a whole number when it is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Mean(pub f64);

impl Mean {
    /// The mean of counts; zero of none.
    pub fn of(counts: impl Iterator<Item = usize>) -> Self {
        let (n, sum) = counts.fold((0_u64, 0_u64), |(n, sum), count| (n + 1, sum + count as u64));
        Self(if n == 0 { 0.0 } else { sum as f64 / n as f64 })
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

impl Serialize for Mean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 {
            serializer.serialize_u64(self.0 as u64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// A figure: its mean and, where there is one, its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Mean over the repeats, a fraction.
    pub mean: f64,
    /// Its 95 % interval.
    pub ci95: Option<[f64; 2]>,
}

impl Figure {
    /// Of a figure with its repeats, where it has a mean.
    #[must_use]
    pub fn of(summary: &Summary) -> Option<Self> {
        summary.mean.map(|mean| Self { mean, ci95: summary.ci95 })
    }

    /// Percent with so many digits, and half of the interval: `59.9 ± 0.4`.
    #[must_use]
    pub fn percent(&self, digits: usize) -> String {
        let mean = format!("{:.digits$}", 100.0 * self.mean);
        match self.ci95 {
            Some([low, high]) => format!("{mean} ± {:.digits$}", 50.0 * (high - low)),
            None => mean,
        }
    }
}

/// What cannot be read is absent: an older version may have meant something else by it.
pub(crate) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_means_are_whole_numbers() {
        assert_eq!(serde_json::to_string(&Mean::of([2000, 2000].into_iter())).unwrap(), "2000");
        assert_eq!(serde_json::to_string(&Mean::of([1, 2].into_iter())).unwrap(), "1.5");
        assert_eq!(Mean::of([].into_iter()), Mean(0.0));
    }
}
