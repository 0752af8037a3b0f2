//! Parameters as they are given. What cannot be read is noted and left at its default, so that the rest is
//! read and checked all the same.

use turncoat_learn::LearnerError;

use crate::scenario::reader::{At, Fields, Reader};
use crate::scenario::yaml::join;

pub(super) struct Given<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    body: At<'n>,
    fields: Fields<'n>,
    /// Whether all that was given could be read.
    whole: bool,
}

impl<'r, 'a, 'n> Given<'r, 'a, 'n> {
    /// A map with no other than these keys.
    pub(super) fn new(reader: &'r mut Reader<'a>, body: At<'n>, keys: &[&[&str]]) -> Option<Self> {
        let fields = reader.fields(&body, &keys.concat())?;
        Some(Self { reader, body, fields, whole: true })
    }

    /// What `read` makes of the value of a key.
    pub(super) fn read<T>(
        &mut self,
        key: &str,
        unless_told: T,
        read: impl FnOnce(&mut Reader<'a>, &At<'n>) -> Option<T>,
    ) -> T {
        let Some(at) = self.fields.get(key) else { return unless_told };
        read(self.reader, &at).unwrap_or_else(|| {
            self.whole = false;
            unless_told
        })
    }

    /// What `read` makes of the value of a key that must be there.
    pub(super) fn required<T>(
        &mut self,
        key: &str,
        what: &str,
        read: impl FnOnce(&mut Reader<'a>, &At<'n>) -> Option<T>,
    ) -> Option<T> {
        let at = self.reader.required(&self.fields, key, what);
        let value = at.and_then(|at| read(self.reader, &at));
        self.whole &= value.is_some();
        value
    }

    pub(super) fn count(&mut self, key: &str, unless_told: u32) -> u32 {
        self.read(key, unless_told, |reader, at| reader.whole_u32(at, 0..=u32::MAX))
    }

    /// A count, or null for no bound.
    pub(super) fn bound(&mut self, key: &str, unless_told: Option<u32>) -> Option<u32> {
        self.read(key, unless_told, |reader, at| {
            if at.is_null() { Some(None) } else { reader.whole_u32(at, 0..=u32::MAX).map(Some) }
        })
    }

    pub(super) fn number(&mut self, key: &str, unless_told: f64) -> f64 {
        self.read(key, unless_told, |reader, at| reader.number(at))
    }

    pub(super) fn flag(&mut self, key: &str, unless_told: bool) -> bool {
        self.read(key, unless_told, |reader, at| reader.flag(at))
    }

    pub(super) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)], unless_told: T) -> T {
        self.read(key, unless_told, |reader, at| reader.word(at, words))
    }

    /// Whether all that was given could be read.
    pub(super) fn whole(&self) -> bool {
        self.whole
    }

    /// Checked parameters of a learner, if all was read and is within its bounds.
    pub(super) fn checked<P>(self, checked: Result<P, Vec<LearnerError>>) -> Option<P> {
        match checked {
            Ok(params) => self.whole.then_some(params),
            Err(violations) => {
                for violation in violations {
                    if let LearnerError::Parameter { parameter, value, rule } = violation {
                        let spot = self.body.deepest(parameter).spot;
                        let path = join(&self.body.path, parameter);
                        self.reader.note(spot, &path, Some(value), format!("must be {rule}"), None);
                    } else {
                        self.reader.refuse(&self.body, violation.to_string());
                    }
                }
                None
            }
        }
    }
}
