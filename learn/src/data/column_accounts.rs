//! The accounts of a table's columns. A table may have far more columns than rows, so each column takes some forty bytes here and
//! not the three hundred of its account.

use std::borrow::Cow;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::packed::{Interned, PackedTexts};

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnAccount<'a> {
    /// Its name, or `f0`, `f1`, ... from the left where the file has none.
    pub name: Cow<'a, str>,
    /// What it is there for.
    pub role: ColumnRole,
    /// `numeric` or `categorical`; of the target, what its classes are.
    pub kind: Cow<'a, str>,
    /// Why it was taken for that.
    pub why: Cow<'a, str>,
    /// Rows that have a value.
    pub present: u32,
    /// Rows that have none.
    pub missing: u32,
    /// How the missing values are written.
    pub missing_as: Vec<MissingMark<'a>>,
    /// What stands for missing values in a numeric column: the median of those present.
    pub filled_with: Option<f64>,
    /// Different values among those present; none of a column that is left out.
    pub distinct: Option<u32>,
    /// How many of these are still different as 32-bit numbers, which is what is learned from; numeric columns only.
    pub distinct_in_f32: Option<u32>,
    /// What somebody should know who learns from it.
    pub remarks: Vec<Cow<'a, str>>,
}

/// One spelling of a missing value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingMark<'a> {
    /// What stands in the file.
    pub text: Cow<'a, str>,
    /// How often.
    pub count: u32,
}

/// What a column is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// Learned from.
    Feature,
    /// The class.
    Target,
    /// Left out.
    Dropped,
}

/// The [`ColumnAccount`] of every column, from the left: a list of them, in JSON too, which is kept in little memory and gives each
/// account when it is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnAccounts {
    names: PackedTexts,
    columns: Vec<Column>,
    wordings: Interned<Wording>,
    /// What is found in few columns, in the order of the columns: the column, which spelling of a missing value, how often.
    marks: Vec<(u32, u32, u32)>,
    spellings: Interned<String>,
    /// The column, and what stands for its missing values.
    filled: Vec<(u32, f64)>,
}

/// What every column has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    wording: u32,
    present: u32,
    missing: u32,
    distinct: Option<u32>,
    distinct_in_f32: Option<u32>,
}

/// What many columns have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wording {
    role: ColumnRole,
    kind: String,
    why: String,
    remarks: Vec<String>,
}

impl ColumnAccounts {
    /// With room for so many columns.
    pub(super) fn with_capacity(columns: usize) -> Self {
        Self {
            names: PackedTexts::with_capacity(columns),
            columns: Vec::with_capacity(columns),
            ..Self::default()
        }
    }

    /// Number of columns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no column.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The account of a column, which counts from zero.
    #[must_use]
    pub fn get(&self, column: usize) -> Option<ColumnAccount<'_>> {
        let Column { wording, present, missing, distinct, distinct_in_f32 } = *self.columns.get(column)?;
        let Wording { role, kind, why, remarks } = self.wordings.value(wording);
        let marks = self.marks.partition_point(|&(of, ..)| (of as usize) < column);
        let marks = self.marks[marks..].iter().take_while(|&&(of, ..)| of as usize == column);
        let filled = self.filled.binary_search_by_key(&column, |&(of, _)| of as usize);
        Some(ColumnAccount {
            name: self.names.get(column).into(),
            role: *role,
            kind: kind.into(),
            why: why.into(),
            present,
            missing,
            missing_as: marks
                .map(|&(_, text, count)| MissingMark { text: self.spellings.value(text).into(), count })
                .collect(),
            filled_with: filled.ok().map(|at| self.filled[at].1),
            distinct,
            distinct_in_f32,
            remarks: remarks.iter().map(Cow::from).collect(),
        })
    }

    /// The accounts, from the left.
    pub fn iter(&self) -> impl Iterator<Item = ColumnAccount<'_>> {
        (0..self.len()).map_while(|column| self.get(column))
    }

    /// Each remark with the name of its column, from the left.
    pub(super) fn remarks(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().zip(&self.columns).flat_map(|(name, column)| {
            self.wordings.value(column.wording).remarks.iter().map(move |remark| (name, remark.as_str()))
        })
    }

    /// The names, from the left.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter()
    }

    /// Appends the account of the next column.
    pub fn push(&mut self, account: ColumnAccount<'_>) {
        let ColumnAccount { role, present, missing, distinct, distinct_in_f32, .. } = account;
        let column = self.columns.len() as u32;
        self.names.push(&account.name);
        let wording = self.wordings.number(Wording {
            role,
            kind: account.kind.into_owned(),
            why: account.why.into_owned(),
            remarks: account.remarks.into_iter().map(Cow::into_owned).collect(),
        });
        self.columns.push(Column { wording, present, missing, distinct, distinct_in_f32 });
        for MissingMark { text, count } in account.missing_as {
            self.marks.push((column, self.spellings.number(text.into_owned()), count));
        }
        self.filled.extend(account.filled_with.map(|median| (column, median)));
    }
}

impl<'a> FromIterator<ColumnAccount<'a>> for ColumnAccounts {
    fn from_iter<I: IntoIterator<Item = ColumnAccount<'a>>>(accounts: I) -> Self {
        let mut all = Self::default();
        accounts.into_iter().for_each(|account| all.push(account));
        all
    }
}

impl Serialize for ColumnAccounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for ColumnAccounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = ColumnAccounts;

            fn expecting(&self, text: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                text.write_str("a list of columns")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut columns: A) -> Result<ColumnAccounts, A::Error> {
                let mut all = ColumnAccounts::default();
                while let Some(column) = columns.next_element()? {
                    all.push(column);
                }
                Ok(all)
            }
        }
        deserializer.deserialize_seq(Columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(
        name: &str,
        remarks: &[&str],
        marks: &[(&str, u32)],
        filled: Option<f64>,
    ) -> ColumnAccount<'static> {
        ColumnAccount {
            name: name.to_owned().into(),
            role: ColumnRole::Feature,
            kind: "numeric".into(),
            why: "every value is a number".into(),
            present: 7,
            missing: marks.iter().map(|(_, count)| count).sum(),
            missing_as: marks
                .iter()
                .map(|&(text, count)| MissingMark { text: text.to_owned().into(), count })
                .collect(),
            filled_with: filled,
            distinct: Some(3),
            distinct_in_f32: None,
            remarks: remarks.iter().map(|&remark| remark.to_owned().into()).collect(),
        }
    }

    #[test]
    fn accounts_come_back_as_they_were_and_are_a_list_in_json() {
        let all = vec![
            account("", &[], &[], None),
            account("é", &["one", "two"], &[("", 1), ("NA", 2)], Some(0.5)),
            account("c", &["one"], &[], None),
            account("d", &["one", "two"], &[("NA", 4)], Some(-1.0)),
        ];
        let packed: ColumnAccounts = all.iter().cloned().collect();
        assert_eq!(packed.iter().collect::<Vec<_>>(), all);
        assert_eq!(packed.get(3).as_ref(), all.last());
        assert_eq!((packed.len(), packed.get(4)), (4, None));
        let json = serde_json::to_string(&packed).unwrap();
        assert_eq!(json, serde_json::to_string(&all).unwrap());
        assert_eq!(serde_json::from_str::<ColumnAccounts>(&json).unwrap(), packed);
        assert_eq!(packed.remarks().filter(|(_, remark)| *remark == "one").count(), 3);
    }
}
