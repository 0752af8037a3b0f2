//! The fields of a table by their places in its text, four bytes each, which are overwritten by what they are encoded as: a
//! number of 32 bits or a code. So a table takes its text and four bytes a field, and nothing else that grows with its rows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::numeral::Marks;
use super::profile::Profile;
use crate::data::rows::field_at;
use crate::data::text::lines_in;
use crate::data::{Decimal, Separator};

/// A table of text: every row has as many fields as there are columns.
#[derive(Debug)]
pub(super) struct Cells {
    /// The files, and where in the text each begins.
    pub(super) files: Vec<(PathBuf, usize)>,
    /// All of them, one after the other.
    pub(super) text: String,
    pub(super) separator: Separator,
    pub(super) width: usize,
    /// Row-major: where each field begins.
    pub(super) places: Vec<u32>,
}

impl Cells {
    /// Of a file, before its text and rows are there.
    pub(super) fn new(path: &Path, separator: Separator) -> Self {
        let files = vec![(path.to_owned(), 0)];
        Self { files, text: String::new(), separator, width: 0, places: Vec::new() }
    }

    /// Takes a row, by the places of its fields.
    pub(super) fn push(&mut self, places: &[usize]) {
        self.places.extend(places.iter().map(|&place| place as u32));
    }

    pub(super) fn rows(&self) -> usize {
        self.places.len() / self.width.max(1)
    }

    /// The fields of a column with their places, from this row on.
    pub(super) fn column(&self, column: usize, from: usize) -> impl Iterator<Item = (u32, Cow<'_, str>)> {
        let places = self.places.iter().skip(from * self.width + column).step_by(self.width);
        places.map(|&place| (place, self.field(place)))
    }

    /// The field at a place.
    pub(super) fn field(&self, place: u32) -> Cow<'_, str> {
        field_at(&self.text, place as usize, self.separator)
    }

    /// The line of a place in its file.
    pub(super) fn line_of(&self, place: u32) -> usize {
        self.origin(place).1
    }

    /// The file and line of a place.
    pub(super) fn origin(&self, place: u32) -> (PathBuf, usize) {
        origin(&self.files, &self.text, place)
    }

    /// The first file, in whose name the whole is spoken of.
    pub(super) fn file(&self) -> PathBuf {
        self.files.first().map(|(path, _)| path.clone()).unwrap_or_default()
    }

    /// What the fields of each column look like, from this row on.
    pub(super) fn profiles(&self, from: usize, marks: Marks<'_>, decimal: Decimal) -> Vec<Profile> {
        let profile = |column| {
            let mut profile = Profile::default();
            self.column(column, from).for_each(|(_, field)| profile.add(&field, marks, decimal));
            profile
        };
        (0..self.width).into_par_iter().map(profile).collect()
    }

    /// Leaves out the rows whose field of a column is like that, and says how many.
    pub(super) fn drop_rows(&mut self, column: usize, is_such: impl Fn(&str) -> bool) -> usize {
        let (width, before) = (self.width, self.rows());
        let mut kept = 0;
        for row in 0..before {
            if !is_such(&self.field(self.places[row * width + column])) {
                self.places.copy_within(row * width..(row + 1) * width, kept * width);
                kept += 1;
            }
        }
        self.places.truncate(kept * width);
        before - kept
    }
}

/// Lines of places of one file. A place is counted from the nearest before it that was asked for, so that what is found in the first
/// rows of many columns is not counted from the beginning of the file each time.
#[derive(Debug, Default)]
pub(super) struct Lines(BTreeMap<u32, usize>);

impl Lines {
    pub(super) fn line_of(&mut self, cells: &Cells, place: u32) -> usize {
        let known = self.0.range(..=place).next_back().map(|(&from, &line)| (from, line));
        let line = match known {
            Some((from, line)) if cells.files.len() == 1 => {
                line + lines_in(&cells.text[from as usize..place as usize])
            }
            _ => cells.line_of(place),
        };
        if let Some((from, _)) = known.filter(|&(_, before)| before == line) {
            self.0.remove(&from);
        }
        self.0.insert(place, line);
        line
    }
}

/// The file and line of a place.
pub(super) fn origin(files: &[(PathBuf, usize)], text: &str, place: u32) -> (PathBuf, usize) {
    let (path, start) =
        files.iter().rev().find(|(_, start)| *start <= place as usize).expect("a place is in a file");
    (path.clone(), lines_in(&text[*start..place as usize]) + 1)
}
