//! The bounds that generators share, collected as violations so that all are reported at once.

use crate::data::DataError;
use crate::data::columns::check_classes;

/// Values (records times features) a generated set may hold: 2 GiB of f32.
pub(super) const MAX_VALUES: usize = 1 << 29;

/// Collects what is out of bounds.
#[derive(Default)]
pub(super) struct Violations(Vec<DataError>);

impl Violations {
    fn refuse(&mut self, parameter: &'static str, value: impl ToString, rule: &'static str) {
        self.0.push(DataError::Parameter { parameter, value: value.to_string(), rule });
    }

    /// A count that must be at least one.
    pub(super) fn at_least_one(&mut self, parameter: &'static str, value: usize) {
        if value == 0 {
            self.refuse(parameter, value, "at least 1");
        }
    }

    /// A number of classes: at least two, and small enough to be a label.
    pub(super) fn classes(&mut self, value: usize) {
        self.0.extend(check_classes(value).err());
    }

    /// A share.
    pub(super) fn fraction(&mut self, parameter: &'static str, value: f64) {
        if !(0.0..=1.0).contains(&value) {
            self.refuse(parameter, value, "a fraction from 0 to 1");
        }
    }

    /// The size of a whole set, or of what it is drawn around.
    pub(super) fn size(&mut self, parameter: &'static str, rows: usize, columns: usize) {
        if rows.checked_mul(columns).is_none_or(|values| values > MAX_VALUES) {
            self.refuse(parameter, rows, "times the number of features at most 536870912 (2 GiB)");
        }
    }

    /// The parameters, when nothing was refused.
    pub(super) fn or<T>(self, checked: T) -> Result<T, Vec<DataError>> {
        if self.0.is_empty() { Ok(checked) } else { Err(self.0) }
    }
}
