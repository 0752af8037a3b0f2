//! Whether the first row names the columns or is a record, told by what stands below it.
//!
//! A name over numbers speaks for a header. A number over numbers speaks for a record, unless it may be a name itself: a year,
//! or one of numbers that count the columns. A text that comes back further down its column speaks for a record. What speaks
//! for both, or for neither where names would be missing or alike, is refused: which it is changes the figures.

use super::numeral::{Marks, is_year, numeral};
use super::profile::Profile;
use crate::data::packed::PackedTexts;
use crate::data::{Decimal, Decision};

/// Number names are taken to count the columns when there are at least so many.
const LEAST_COUNTED: usize = 3;

/// Decides; the error is what speaks against either. `comes_back` says where the text of the first row stands again.
pub(super) fn decide(
    first: &PackedTexts,
    profiles: &[Profile],
    marks: Marks<'_>,
    decimal: Decimal,
    comes_back: impl Fn(usize) -> Option<usize>,
) -> Result<Decision, String> {
    let yes = |why: String| Ok(Decision::new(true, why));
    let no = |why: String| Ok(Decision::new(false, why));
    let found = Found::of(first, profiles, marks, decimal, comes_back);
    let over_numbers = |column: usize| format!("{:?} stands over numbers", first.get(column));
    let number = |column: usize| format!("{} stands where numbers or names follow", first.get(column));
    let again =
        |(column, line): (usize, usize)| format!("{:?} stands again in line {line}", first.get(column));
    match (found.name, found.number, found.again) {
        (Some(name), _, Some(back)) => Err(format!("{}, but {}", over_numbers(name), again(back))),
        (Some(name), Some(at), None) => Err(format!("{}, but {}", over_numbers(name), number(at))),
        (Some(name), None, None) => yes(over_numbers(name)),
        (None, _, Some(back)) => no(again(back)),
        (None, Some(at), None) => no(format!("{} in it is a number and no year", first.get(at))),
        (None, None, None) => match found.year {
            Some(at) => Err(format!("{} may be a number or a name", first.get(at))),
            None if found.unnamed || repeats(first) => {
                Err("names would be missing or alike, and nothing of it stands again below".into())
            }
            None => yes("nothing of it stands again in its column".into()),
        },
    }
}

/// The first column that shows each kind of evidence.
#[derive(Default)]
struct Found {
    /// A text over numbers.
    name: Option<usize>,
    /// A number that is no likely name.
    number: Option<usize>,
    /// A number that may be a name.
    year: Option<usize>,
    /// A text that stands again further down, and the line.
    again: Option<(usize, usize)>,
    /// Whether a name other than the first is missing.
    unnamed: bool,
}

impl Found {
    fn of(
        first: &PackedTexts,
        profiles: &[Profile],
        marks: Marks<'_>,
        decimal: Decimal,
        comes_back: impl Fn(usize) -> Option<usize>,
    ) -> Self {
        let mut found = Self::default();
        let mut numbers = Vec::new();
        for (column, (field, below)) in first.iter().zip(profiles).enumerate() {
            if marks.is_missing_number(field) {
                found.unnamed |= column > 0;
            } else if let Some(number) = numeral(field, decimal) {
                numbers.push((column, number.value));
                let all_years = below.years == below.numbers;
                if is_year(number.value) && !(all_years && below.numbers > 0) {
                    found.year.get_or_insert(column);
                } else {
                    found.number.get_or_insert(column);
                }
            } else if below.is_of_numbers() {
                found.name.get_or_insert(column);
            } else if found.again.is_none() {
                found.again = comes_back(column).map(|line| (column, line));
            }
        }
        let counts = |pair: &[(usize, f64)]| pair[1].1 - pair[0].1 == (pair[1].0 - pair[0].0) as f64;
        let from = numbers.first().map_or(f64::NAN, |&(column, value)| value - column as f64);
        if numbers.len() >= LEAST_COUNTED && numbers.windows(2).all(counts) && from.abs() <= 1.0 {
            // Columns called 0, 1, 2, ... as data frames without names are saved.
            found.year = found.year.or(found.number.take());
        }
        found
    }
}

fn repeats(names: &PackedTexts) -> bool {
    let mut sorted: Vec<&str> = names.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).any(|pair| pair[0] == pair[1])
}
