//! How a field is written that is a number, or no value at all.

use crate::data::Decimal;

/// What says that there is no value, wherever it stands.
const MARKS: [&str; 16] = [
    "", "?", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NULL", "Null", "null", "NaN", "nan", "NAN", "-nan",
    "-NaN",
];
/// What says so among numbers. In a column of names it is a name: classes are called `+` and `-`, and a category `None`.
const MARKS_AMONG_NUMBERS: [&str; 7] = ["-", "--", ".", "None", "none", "NONE", "na"];
/// What may stand between groups of three digits, beside the one of point and comma that is not the decimal mark.
const BETWEEN_THOUSANDS: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '\u{2019}'];

/// What stands for a missing value in one table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks<'a> {
    /// Beside the usual ones.
    pub(super) own: &'a [String],
}

impl Marks<'_> {
    /// Whether this says that there is no value, wherever it stands.
    pub(super) fn is_missing(self, field: &str) -> bool {
        // Most fields are numbers, and none of the usual marks begins as one.
        let usual = !field.as_bytes().first().is_some_and(u8::is_ascii_digit) && MARKS.contains(&field);
        usual || self.own.iter().any(|own| own == field)
    }

    /// Whether this says so among numbers.
    pub(super) fn is_missing_number(self, field: &str) -> bool {
        self.is_missing(field) || among_numbers(field)
    }
}

/// Whether this is a name among names and no value among numbers.
pub(super) fn among_numbers(field: &str) -> bool {
    field.len() <= 4 && MARKS_AMONG_NUMBERS.contains(&field)
}

/// A number as it stands in a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Numeral {
    /// Its value: of `45 %`, 0.45.
    pub(super) value: f64,
    /// Whether anything stands between its thousands.
    pub(super) grouped: bool,
    /// Whether it is followed by a percent sign.
    pub(super) percent: bool,
}

/// The number that this field is, finite or not.
pub(super) fn numeral(field: &str, decimal: Decimal) -> Option<Numeral> {
    let plain = |value| Numeral { value, grouped: false, percent: false };
    let has_comma = field.contains(',');
    if (decimal == Decimal::Point && !has_comma
        || decimal == Decimal::Comma && !field.contains('.') && !has_comma)
        && let Ok(value) = field.parse::<f64>()
    {
        return Some(plain(value));
    }
    let (body, percent) = match field.strip_suffix('%') {
        Some(body) => (body.trim_end_matches([' ', '\u{a0}', '\u{202f}']), true),
        None => (field, false),
    };
    let unsigned = body.strip_prefix(['+', '-']).unwrap_or(body);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '.' | ',')) {
        return None;
    }
    let (mark, other) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, fraction) = match unsigned.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let (whole, grouped) = ungrouped(whole, other)?;
    let sign = if body.starts_with('-') { "-" } else { "" };
    let text = match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    };
    let value = text.parse::<f64>().ok()?;
    Some(Numeral { value: if percent { value / 100.0 } else { value }, grouped, percent })
}

/// The digits without what stands between thousands: groups of three after a first of one to three that is not zero.
fn ungrouped(whole: &str, other: char) -> Option<(String, bool)> {
    let is_between = |letter: char| letter == other || BETWEEN_THOUSANDS.contains(&letter);
    let Some(between) = whole.chars().find(|&letter| is_between(letter)) else {
        return Some((whole.into(), false));
    };
    let mut groups = whole.split(between);
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()) && digits(first))?;
    (!first.starts_with('0') && groups.all(|group| group.len() == 3 && digits(group)))
        .then(|| (whole.replace(between, ""), true))
}

/// Whether this is a year of our time, as it heads a column of what was counted then.
pub(super) fn is_year(value: f64) -> bool {
    (1900.0..=2100.0).contains(&value) && value.fract() == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(field: &str, decimal: Decimal) -> Option<f64> {
        numeral(field, decimal).map(|numeral| numeral.value)
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (field, point, comma) in [
            ("12", Some(12.0), Some(12.0)),
            ("-1.5e3", Some(-1500.0), None),
            ("1e-3", Some(0.001), Some(0.001)),
            ("12,345", Some(12345.0), Some(12.345)),
            ("1,234,567.5", Some(1_234_567.5), None),
            ("1.234.567,5", None, Some(1_234_567.5)),
            ("1.234", Some(1.234), Some(1234.0)),
            ("8,2", None, Some(8.2)),
            ("0,123", None, Some(0.123)),
            (",5", None, Some(0.5)),
            (".5", Some(0.5), None),
            ("12 345", Some(12345.0), Some(12345.0)),
            ("12\u{a0}345,5", None, Some(12345.5)),
            ("12'345.5", Some(12345.5), None),
            ("45 %", Some(0.45), Some(0.45)),
            ("-4.5%", Some(-0.045), None),
            ("1234,567", None, Some(1234.567)),
            ("1,2345", None, Some(1.2345)),
            ("5 2", None, None),
            ("1,5;2", None, None),
            ("1.2.3", None, None),
            ("2020-01-02", None, None),
            ("12:30", None, None),
            ("%", None, None),
            ("", None, None),
            ("1,", None, Some(1.0)),
        ] {
            assert_eq!(
                (value(field, Decimal::Point), value(field, Decimal::Comma)),
                (point, comma),
                "{field}"
            );
        }
        assert_eq!(value("inf", Decimal::Point), Some(f64::INFINITY));
    }

    #[test]
    fn marks_among_names_are_names() {
        let own = ["-9".to_owned()];
        let marks = Marks { own: &own };
        for mark in ["", "?", "NULL", "null", "N/A", "NA", "NaN", "-9"] {
            assert!(marks.is_missing(mark), "{mark}");
        }
        for mark in ["-", "None", "."] {
            assert!(!marks.is_missing(mark) && marks.is_missing_number(mark), "{mark}");
        }
        assert!(!Marks::default().is_missing_number("-9"));
    }
}
