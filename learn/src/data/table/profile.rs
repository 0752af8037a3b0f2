//! What the fields of a column look like, and what a column that looks so is taken for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::numeral::{Marks, among_numbers, is_year, numeral};
use crate::data::{ColumnKind, Decimal, MissingMark};

/// Fields that are told of before the rest is counted.
const SHOWN: usize = 3;
/// A column is one of numbers with faults when at most one field in this many is no number.
const FEW: usize = 5;

/// The fields of a column, counted by what they look like. Places are those of fields in the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    /// What says that there is no value, with how often.
    marks: BTreeMap<String, usize>,
    /// What says so among numbers only.
    marks_among_numbers: BTreeMap<String, usize>,
    /// Numbers of any spelling.
    pub(super) numbers: usize,
    /// Those among them with a percent sign.
    percents: usize,
    /// Those with something between their thousands.
    grouped: usize,
    /// Those that look like a year.
    pub(super) years: usize,
    /// The first numbers without percent sign, and the first with one.
    first_plain: Vec<u32>,
    first_percent: Vec<u32>,
    /// What is neither missing nor a number.
    pub(super) names: usize,
    /// The first of them.
    first_names: Vec<u32>,
}

/// What a column is taken for.
pub(super) enum Verdict {
    /// That, for this reason.
    Kind(ColumnKind, Cow<'static, str>),
    /// Numbers, but for these fields, of which there are so many.
    Faulty { places: Vec<u32>, count: usize, numbers: usize, percent: bool },
}

impl Profile {
    /// Counts a field.
    pub(super) fn add(&mut self, place: u32, field: &str, marks: Marks<'_>, decimal: Decimal) {
        let count = |counts: &mut BTreeMap<String, usize>| match counts.get_mut(field) {
            Some(count) => *count += 1,
            None => {
                counts.insert(field.to_owned(), 1);
            }
        };
        let keep = |places: &mut Vec<u32>| {
            if places.len() < SHOWN {
                places.push(place);
            }
        };
        if marks.is_missing(field) {
            count(&mut self.marks);
        } else if among_numbers(field) {
            count(&mut self.marks_among_numbers);
        } else if let Some(number) = numeral(field, decimal) {
            self.numbers += 1;
            self.grouped += usize::from(number.grouped);
            self.years += usize::from(is_year(number.value));
            self.percents += usize::from(number.percent);
            keep(if number.percent { &mut self.first_percent } else { &mut self.first_plain });
        } else {
            self.names += 1;
            keep(&mut self.first_names);
        }
    }

    /// Whether there is any value that is no mark.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers + self.names + total(&self.marks_among_numbers) == 0
    }

    /// Whether numbers stand here, but for few fields.
    pub(super) fn is_of_numbers(&self) -> bool {
        self.numbers > 0 && self.names * FEW <= self.names + self.numbers
    }

    /// What it is taken for where the scenario does not say.
    pub(super) fn verdict(&self, line_of: impl Fn(u32) -> usize) -> Verdict {
        if self.numbers == 0 {
            let why = match self.first_names.first() {
                Some(&place) => format!("its values are names, as in line {}", line_of(place)).into(),
                None if self.is_empty() => "it has no value".into(),
                None => "its values are names".into(),
            };
            return Verdict::Kind(ColumnKind::Categorical, why);
        }
        if !self.is_of_numbers() {
            let why = format!(
                "only {} of its {} values are numbers, and others are not, as in line {}",
                self.numbers,
                self.numbers + self.names,
                self.first_names.first().map_or(0, |&place| line_of(place))
            );
            return Verdict::Kind(ColumnKind::Categorical, why.into());
        }
        if self.names > 0 {
            let (places, count) = (self.first_names.clone(), self.names);
            return Verdict::Faulty { places, count, numbers: self.numbers, percent: false };
        }
        let plain = self.numbers - self.percents;
        if self.percents > 0 && plain > 0 {
            let (places, count) = if plain < self.percents {
                (&self.first_plain, plain)
            } else {
                (&self.first_percent, self.percents)
            };
            let numbers = self.numbers - count;
            return Verdict::Faulty { places: places.clone(), count, numbers, percent: true };
        }
        let mut why = Cow::Borrowed("every value is a number");
        if self.percents > 0 {
            why = Cow::Borrowed("every value is a number with a percent sign, read as hundredths");
        }
        if self.grouped > 0 {
            why = format!("{why}, {} of them with separated thousands", self.grouped).into();
        }
        Verdict::Kind(ColumnKind::Numeric, why)
    }

    /// How missing values are written in a column of this kind.
    pub(super) fn missing_as(&self, kind: ColumnKind) -> Vec<MissingMark> {
        let among = (kind == ColumnKind::Numeric).then_some(&self.marks_among_numbers);
        let all = self.marks.iter().chain(among.into_iter().flatten());
        all.map(|(text, &count)| MissingMark { text: text.clone(), count }).collect()
    }

    /// Fields that hold a value in a column of this kind.
    pub(super) fn present(&self, kind: ColumnKind) -> usize {
        let among = if kind == ColumnKind::Numeric { 0 } else { total(&self.marks_among_numbers) };
        self.numbers + self.names + among
    }
}

fn total(counts: &BTreeMap<String, usize>) -> usize {
    counts.values().sum()
}
