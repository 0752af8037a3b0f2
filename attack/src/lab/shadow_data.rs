//! Shadow data D': what the adversary takes for records like the target's (Truex et al., section 3.1).

use ndarray::Array2;

/// Labelled records to train shadow models on.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadowData {
    /// Shape `[n, d]`, finite, as many features as the target has.
    pub records: Array2<f32>,
    /// Shape `[n]`, classes of the target.
    pub labels: Vec<u32>,
}
