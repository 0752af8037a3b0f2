//! Ensembles as bytes, checked when read.
//!
//! Forests: number of trees (u32), trees. Bagging: number of models (u32), models. Votes: the same, then a weight for each (f64). AdaBoost:
//! features, classes, classes shown (u64 each), these (u32 each), number of rounds (u32), weight (f64) and tree of each. Trees and
//! models are written as each kind of model is in a file, its kind first.

use super::params::{MOST_EACH, WEIGHTS};
use super::{AdaBoostModel, BaggingModel, ForestModel, SoftVotingModel};
use crate::dataset::MOST_CLASSES;
use crate::learner::{LocalModel, Model, Reader, SavedModel, Writer};
use crate::tree::DecisionTree;

impl ForestModel {
    /// Appends the forest.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.word(self.trees.len() as u32);
        self.trees.iter().for_each(|tree| tree.encode(writer));
    }
}

impl SavedModel for ForestModel {
    const KINDS: &'static [u8] = &[11];

    fn decode(_kind: u8, reader: &mut Reader<'_>, nested: u32) -> Result<Self, String> {
        inside(nested)?;
        let trees = many(reader, "trees", DecisionTree::read)?;
        alike(trees.iter().map(|tree| (tree.features(), tree.classes())))?;
        Ok(Self { trees })
    }
}

impl BaggingModel {
    /// Appends the models.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.word(self.models.len() as u32);
        self.models.iter().for_each(|model| model.encode(writer));
    }
}

impl SavedModel for BaggingModel {
    const KINDS: &'static [u8] = &[12];

    fn decode(_kind: u8, reader: &mut Reader<'_>, nested: u32) -> Result<Self, String> {
        let nested = inside(nested)?;
        Ok(Self { models: models(reader, nested)? })
    }
}

impl SoftVotingModel {
    /// Appends models and weights.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.word(self.models.len() as u32);
        self.models.iter().for_each(|model| model.encode(writer));
        writer.doubles(&self.weights);
    }
}

impl SavedModel for SoftVotingModel {
    const KINDS: &'static [u8] = &[14];

    fn decode(_kind: u8, reader: &mut Reader<'_>, nested: u32) -> Result<Self, String> {
        let nested = inside(nested)?;
        let models = models(reader, nested)?;
        let weights = reader.doubles(models.len())?;
        if !weights.iter().all(|weight| WEIGHTS.contains(weight)) {
            return Err(format!("votes weigh {weights:?}"));
        }
        Ok(Self { models, weights })
    }
}

impl AdaBoostModel {
    /// Appends classes and rounds.
    pub(super) fn write(&self, writer: &mut Writer) {
        for number in [self.features, self.classes, self.present.len()] {
            writer.size(number);
        }
        writer.words(&self.present);
        writer.word(self.rounds.len() as u32);
        for (tree, vote) in &self.rounds {
            writer.doubles([vote]);
            tree.encode(writer);
        }
    }
}

impl SavedModel for AdaBoostModel {
    const KINDS: &'static [u8] = &[13];

    fn decode(_kind: u8, reader: &mut Reader<'_>, nested: u32) -> Result<Self, String> {
        inside(nested)?;
        let (features, classes, shown) = (reader.size()?, reader.size()?, reader.size()?);
        let present = reader.words(shown)?;
        let ascending = present.windows(2).all(|pair| pair[0] < pair[1]);
        if classes == 0
            || classes > MOST_CLASSES
            || u32::try_from(features).is_err()
            || !ascending
            || present.last().is_some_and(|&last| last as usize >= classes)
        {
            return Err(format!(
                "{shown} of {classes} classes and {features} features make no boosted trees"
            ));
        }
        let number = reader.word()?;
        if number > MOST_EACH {
            return Err(format!("{number} rounds are more than {MOST_EACH}"));
        }
        let mut rounds = Vec::new();
        for _ in 0..number {
            let vote = reader.doubles(1)?[0];
            let tree = DecisionTree::read(reader)?;
            alike([(features, classes), (tree.features(), tree.classes())].into_iter())?;
            if vote <= 0.0 || !tree.leaf_answers().iter().all(|answer| present.binary_search(answer).is_ok())
            {
                return Err(format!("a tree with a vote of {vote} says a class that training did not show"));
            }
            rounds.push((tree, vote));
        }
        if !rounds.iter().map(|(_, vote)| vote).sum::<f64>().is_finite() {
            return Err("its votes have no finite sum".into());
        }
        Ok(Self { features, classes, present, rounds })
    }
}

/// The ensembles that may be in each other within one of these.
fn inside(nested: u32) -> Result<u32, String> {
    nested.checked_sub(1).ok_or_else(|| "its ensembles are nested too deep".into())
}

fn models(reader: &mut Reader<'_>, nested: u32) -> Result<Vec<LocalModel>, String> {
    let models = many(reader, "models", |reader| LocalModel::decode(reader, nested))?;
    alike(models.iter().map(|model| (model.features(), model.classes())))?;
    Ok(models)
}

/// Members, of which there is at least one; each takes at least a byte, so nothing is allocated for those that are not there.
fn many<T>(
    reader: &mut Reader<'_>,
    what: &str,
    mut read: impl FnMut(&mut Reader<'_>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let number = reader.word()?;
    if !(1..=MOST_EACH).contains(&number) {
        return Err(format!("an ensemble of {number} {what} is none: there are 1 to {MOST_EACH}"));
    }
    (0..number).map(|_| read(reader)).collect()
}

/// Refuses members of different (features, classes).
fn alike(mut shapes: impl Iterator<Item = (usize, usize)>) -> Result<(), String> {
    let first = shapes.next();
    match shapes.find(|&shape| Some(shape) != first) {
        Some((features, classes)) => {
            Err(format!("a member has {features} features and {classes} classes, the first has others"))
        }
        None => Ok(()),
    }
}
