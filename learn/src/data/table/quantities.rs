//! What is to be said of the numbers of a column: how many are different, whether they stay so as 32-bit numbers, and whether
//! they look like numbers of identity.

use super::distinct::Distinct;
use crate::data::ColumnAccount;

/// Whole numbers from here on are not told apart by 64-bit floats.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// With fewer records, that all have another value says nothing.
pub(super) const LEAST_IDENTIFIERS: usize = 10;
/// Fractions are said to fall together when fewer than this many in ten stay different: some always do.
const TENTHS: usize = 9;

/// The numbers of a column, added up as they are read.
#[derive(Debug, Default)]
pub(super) struct Quantities {
    /// In the order of their bits, which is that of the numbers within a sign.
    floats: Distinct<u64>,
    /// Whole numbers too large for a float to tell apart.
    large: Distinct<i128>,
    has_fraction: bool,
}

impl Quantities {
    /// Adds a number and how it is written.
    pub(super) fn add(&mut self, value: f64, field: &str) {
        self.has_fraction |= value.fract() != 0.0;
        match field.parse() {
            Ok(whole) if value.abs() >= EXACT => self.large.add(whole),
            // Zero has two signs and is one number.
            _ => self.floats.add((value + 0.0).to_bits()),
        }
    }

    /// Says what there is to say.
    pub(super) fn tell(mut self, account: &mut ColumnAccount<'_>) {
        let (floats, large) = (self.floats.values(), self.large.values());
        let distinct = floats.len() + large.len();
        let mut kept: Vec<u32> = floats.iter().map(|&bits| (f64::from_bits(bits) as f32).to_bits()).collect();
        kept.extend(large.iter().map(|&whole| (whole as f32).to_bits()));
        kept.sort_unstable();
        kept.dedup();
        (account.distinct, account.distinct_in_f32) = (Some(distinct as u32), Some(kept.len() as u32));
        let lost =
            if self.has_fraction { kept.len() * 10 < distinct * TENTHS } else { kept.len() < distinct };
        if lost {
            account.remarks.push(format!(
                "{distinct} different values fall together into {} as 32-bit numbers, in which whole numbers are exact up to \
                 2^24; subtract what they have in common, declare the column categorical, or leave it out with `drop`",
                kept.len()
            ).into());
        }
        if !self.has_fraction && distinct == account.present as usize && distinct >= LEAST_IDENTIFIERS {
            account.remarks.push(
                "every record has a whole number of its own, as in an identifier; if it is one, leave it out with `drop`"
                    .into(),
            );
        }
    }
}
