//! Means of counts, as `report.json` writes them.

use serde::{Serialize, Serializer};

/// A mean of counts, written as a whole number when it is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean(pub f64);

impl Mean {
    /// The mean of counts; zero of none.
    pub fn of(counts: impl Iterator<Item = usize>) -> Self {
        let (n, sum) = counts.fold((0_u64, 0_u64), |(n, sum), count| (n + 1, sum + count as u64));
        Self(if n == 0 { 0.0 } else { sum as f64 / n as f64 })
    }

    pub(super) fn is_zero(&self) -> bool {
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
