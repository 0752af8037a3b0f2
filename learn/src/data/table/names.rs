//! What is to be said of the names of a column: identifiers, dates and free text are no categories.

use std::borrow::Cow;

use super::quantities::LEAST_IDENTIFIERS;
use crate::data::ColumnAccount;

/// Letters that the values of free text have on average, at least.
const FREE_TEXT: usize = 30;

/// A remark on a categorical column of these values, the one for missing ones included.
pub(super) fn remark<'v>(
    account: &ColumnAccount<'_>,
    values: impl Iterator<Item = &'v str> + Clone,
) -> Option<Cow<'static, str>> {
    let (present, distinct) = (account.present as usize, account.distinct? as usize);
    if distinct < LEAST_IDENTIFIERS {
        return None;
    }
    let dates = values.clone().filter(|value| is_date(value)).count();
    if dates == distinct {
        return Some(
            "its values are dates, taken as names in alphabetical order; leave it out with `drop`, or write it as a number, \
             such as a year"
                .into(),
        );
    }
    if distinct == present {
        return Some(
            "every record has a value of its own, so it is an identifier and no category; leave it out with `drop`".into(),
        );
    }
    let letters: usize = values.map(str::len).sum();
    (distinct * 2 > present && letters > FREE_TEXT * distinct).then(|| {
        "its values are free text, most of them in a single record, taken as names in alphabetical order; leave it out with \
         `drop`"
            .into()
    })
}

/// Whether this is a date, with or without a time: three numbers, one of them a day or month and one of them a year, between
/// hyphens, slashes or full stops.
fn is_date(value: &str) -> bool {
    let date = value.split([' ', 'T']).next().unwrap_or_default();
    ['-', '/', '.'].into_iter().any(|between| {
        let parts: Vec<&str> = date.split(between).collect();
        let is_number =
            |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let small =
            |part: &str| part.len() <= 2 && part.parse().is_ok_and(|number: u32| (1..=31).contains(&number));
        parts.len() == 3
            && parts.iter().all(is_number)
            && small(parts[1])
            && (small(parts[0]) && parts[2].len() != 3 || parts[0].len() == 4 && small(parts[2]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_other_numbers() {
        for date in
            ["2020-01-31", "31.12.1999", "1/2/03", "2020/1/2", "2020-01-02T10:00:00Z", "2020-01-02 10:00"]
        {
            assert!(is_date(date), "{date}");
        }
        for other in ["1.2.3.4", "2020-13-77", "555-1234", "10:00", "", "1999-2000", "a-b-c"] {
            assert!(!is_date(other), "{other}");
        }
    }
}
