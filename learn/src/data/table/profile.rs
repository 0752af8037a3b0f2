//! What the fields of a column look like, and what a column that looks so is taken for.

use std::borrow::Cow;

use super::numeral::{Marks, Numeral, among_numbers, is_year, numeral};
use crate::data::{ColumnKind, Decimal};

/// A column is one of numbers with faults when at most one field in this many is no number.
const FEW: usize = 5;

/// What a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// It says that there is no value.
    Missing,
    /// Among numbers it says so; among names it may be one.
    MissingAmongNumbers,
    /// A number without percent sign.
    Plain,
    /// A number with one.
    Percent,
    /// None of these.
    Name,
}

impl Look {
    /// Of a field, and the number that it is, if it is one.
    fn at(field: &str, marks: Marks<'_>, decimal: Decimal) -> (Self, Option<Numeral>) {
        if marks.is_missing(field) {
            (Self::Missing, None)
        } else if among_numbers(field) {
            (Self::MissingAmongNumbers, None)
        } else {
            match numeral(field, decimal) {
                Some(number) if number.percent => (Self::Percent, Some(number)),
                Some(number) => (Self::Plain, Some(number)),
                None => (Self::Name, None),
            }
        }
    }

    /// Of a field.
    pub(super) fn of(field: &str, marks: Marks<'_>, decimal: Decimal) -> Self {
        Self::at(field, marks, decimal).0
    }
}

/// The fields of a column, counted by what they look like. A table has as many of these as columns, which can be more than it has
/// rows, so each is small: a text has fewer than 2^32 fields, and where and how fields of some look stand is looked up when it is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    /// What says that there is no value among numbers only.
    missing_among_numbers: u32,
    /// Numbers of any spelling.
    pub(super) numbers: u32,
    /// Those among them with a percent sign.
    percents: u32,
    /// Those with something between their thousands.
    grouped: u32,
    /// Those that look like a year.
    pub(super) years: u32,
    /// What is neither missing nor a number.
    names: u32,
}

/// What a column is taken for.
pub(super) enum Verdict {
    /// That.
    Kind(ColumnKind),
    /// Numbers, but for the fields of this look, of which there are so many.
    Faulty { fault: Look, count: usize, numbers: usize },
}

impl Profile {
    /// Counts a field.
    pub(super) fn add(&mut self, field: &str, marks: Marks<'_>, decimal: Decimal) {
        match Look::at(field, marks, decimal) {
            (Look::Missing, _) => {}
            (Look::MissingAmongNumbers, _) => self.missing_among_numbers += 1,
            (_, Some(number)) => {
                self.numbers += 1;
                self.grouped += u32::from(number.grouped);
                self.years += u32::from(is_year(number.value));
                self.percents += u32::from(number.percent);
            }
            _ => self.names += 1,
        }
    }

    /// Whether there is any value that is no mark.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers + self.names + self.missing_among_numbers == 0
    }

    /// Whether numbers stand here, but for few fields.
    pub(super) fn is_of_numbers(&self) -> bool {
        self.numbers > 0 && self.names as usize * FEW <= self.names as usize + self.numbers as usize
    }

    /// What it is taken for where the scenario does not say.
    pub(super) fn verdict(&self) -> Verdict {
        if !self.is_of_numbers() {
            return Verdict::Kind(ColumnKind::Categorical);
        }
        let numbers = self.numbers as usize;
        if self.names > 0 {
            return Verdict::Faulty { fault: Look::Name, count: self.names as usize, numbers };
        }
        let plain = self.numbers - self.percents;
        if self.percents > 0 && plain > 0 {
            let (fault, count) =
                if plain < self.percents { (Look::Plain, plain) } else { (Look::Percent, self.percents) };
            return Verdict::Faulty { fault, count: count as usize, numbers: numbers - count as usize };
        }
        Verdict::Kind(ColumnKind::Numeric)
    }

    /// Why it is taken for what [`Self::verdict`] says. `first_name` is the line of the first field that is a name.
    pub(super) fn why(&self, first_name: impl FnOnce() -> usize) -> Cow<'static, str> {
        if self.numbers == 0 {
            return if self.names > 0 {
                format!("its values are names, as in line {}", first_name()).into()
            } else if self.is_empty() {
                "it has no value".into()
            } else {
                "its values are names".into()
            };
        }
        if !self.is_of_numbers() {
            return format!(
                "only {} of its {} values are numbers, and others are not, as in line {}",
                self.numbers,
                self.numbers as usize + self.names as usize,
                first_name()
            )
            .into();
        }
        let why = if self.percents > 0 {
            "every value is a number with a percent sign, read as hundredths"
        } else {
            "every value is a number"
        };
        if self.grouped > 0 {
            format!("{why}, {} of them with separated thousands", self.grouped).into()
        } else {
            why.into()
        }
    }

    /// Fields that hold a value in a column of this kind.
    pub(super) fn present(&self, kind: ColumnKind) -> u32 {
        let among = if kind == ColumnKind::Categorical { self.missing_among_numbers } else { 0 };
        self.numbers + self.names + among
    }
}
