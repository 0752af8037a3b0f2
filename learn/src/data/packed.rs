//! Lists of many short texts and of values that repeat, without an allocation for each.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts one after the other: eight bytes each beside their letters.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PackedTexts {
    letters: String,
    ends: Vec<usize>,
}

impl PackedTexts {
    /// With room for so many, beside their letters.
    pub(super) fn with_capacity(texts: usize) -> Self {
        Self { letters: String::new(), ends: Vec::with_capacity(texts) }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.letters.push_str(text);
        self.ends.push(self.letters.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text at a place.
    pub(super) fn get(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.letters[start..self.ends[place]]
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|place| self.get(place))
    }
}

impl<T: AsRef<str>> FromIterator<T> for PackedTexts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let texts = texts.into_iter();
        let mut packed = Self::with_capacity(texts.size_hint().0);
        texts.for_each(|text| packed.push(text.as_ref()));
        packed
    }
}

/// Different values, each kept once and known by its number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Interned<T: Ord> {
    values: Vec<Arc<T>>,
    numbers: BTreeMap<Arc<T>, u32>,
}

impl<T: Ord> Default for Interned<T> {
    fn default() -> Self {
        Self { values: Vec::new(), numbers: BTreeMap::new() }
    }
}

impl<T: Ord> Interned<T> {
    /// The number of a value.
    pub(super) fn number(&mut self, value: T) -> u32 {
        if let Some(&number) = self.numbers.get(&value) {
            return number;
        }
        let (value, number) = (Arc::new(value), self.values.len() as u32);
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// The value of a number that [`Self::number`] gave.
    pub(super) fn value(&self, number: u32) -> &T {
        &self.values[number as usize]
    }
}
