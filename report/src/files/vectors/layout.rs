//! Which columns the files of vectors have.

use std::fmt::Write as _;

/// Columns of keys, then the vectors of models.
#[derive(Clone, Debug)]
pub struct Layout {
    pub(super) keys: &'static [&'static str],
    /// Their names as prefixes; one empty name where there is one model.
    pub(super) models: Vec<String>,
    pub(super) classes: usize,
}

impl Layout {
    /// That of a federation.
    #[must_use]
    pub fn federation(parties: u32, classes: usize) -> Self {
        let models = (1..=parties).map(|party| format!("party_{party}"));
        let models = std::iter::once("average".to_owned()).chain(models).collect();
        Self {
            keys: &["repeat", "record", "label", "member", "owner", "uniform", "matched"],
            models,
            classes,
        }
    }

    /// That of single targets.
    #[must_use]
    pub fn single_target(classes: usize) -> Self {
        let models = vec![String::new()];
        Self { keys: &["repeat", "fold", "target", "record", "label", "member", "matched"], models, classes }
    }

    /// Probabilities of a row.
    pub(super) fn width(&self) -> usize {
        self.models.len() * self.classes
    }

    /// Bytes of a row, each value of which takes eight.
    pub(super) fn row_bytes(&self) -> usize {
        8 * (self.keys.len() + self.width())
    }

    /// The table's line of names.
    pub(super) fn header(&self) -> String {
        let mut header = self.keys.join(",");
        for model in &self.models {
            let prefix = if model.is_empty() { String::new() } else { format!("{model}_") };
            (0..self.classes).for_each(|class| {
                let _ = write!(header, ",{prefix}p{class}");
            });
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_target_has_one_model() {
        let layout = Layout::single_target(3);
        assert_eq!(layout.header(), "repeat,fold,target,record,label,member,matched,p0,p1,p2");
        assert_eq!((layout.width(), layout.row_bytes()), (3, 80));
    }
}
