//! From a text to one checked experiment, or to all runs of a sweep.

use std::path::Path;

use super::super::load::{check_tree, text_of};
use super::super::overrides;
use super::super::places::Notes;
use super::super::study::Loaded;
use super::super::violation::ScenarioErrors;
use super::super::yaml::{self, Node, TextViolation};
use super::axes::{Axes, Axis};
use super::merge::Merge;
use super::written;

/// What a scenario file asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// One experiment.
    Single(Box<Loaded>),
    /// Several.
    Sweep(Sweep),
}

/// A scenario with lists of values for some of its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The swept key paths, at least one, in the order of the file.
    pub keys: Vec<String>,
    /// One for each combination of values, at least one, at most 10,000; the last key is the fastest.
    pub runs: Vec<SweepRun>,
    /// The scenario after the overrides, with its sweep: itself a sweep of the same runs.
    pub resolved_yaml: String,
}

/// One run of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepRun {
    /// What the swept keys are, in the order of [`Sweep::keys`], as one line each.
    pub values: Vec<String>,
    /// The experiment.
    pub loaded: Loaded,
}

impl Plan {
    /// Reads and checks a scenario file, with its sweep if it has one. `overrides` are `key.path=value` texts, as of
    /// `--set`; they come before the sweep, and an override of a swept key replaces its list.
    ///
    /// # Errors
    /// [`ScenarioErrors`].
    pub fn load(path: &Path, overrides: &[String]) -> Result<Self, ScenarioErrors> {
        Self::parse(&path.display().to_string(), &text_of(path)?, overrides)
    }

    /// Checks the text of a scenario; `name` stands for the file in messages.
    ///
    /// # Errors
    /// [`ScenarioErrors::Violations`] of all runs at once, each told once.
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Self, ScenarioErrors> {
        let mut notes = Notes::new(name, overrides);
        let (root, violations) = yaml::read(text);
        violations.into_iter().for_each(|violation| notes.note_text(violation));
        let Some(mut root) = root else { return Err(ScenarioErrors::Violations(notes.into_violations())) };
        let Axes { axes, violations } = Axes::split_off(&mut root, overrides);
        violations.into_iter().for_each(|violation| notes.note_text(violation));
        let mut merge = Merge::new(notes.into_placed(), &axes);

        let mut runs = Vec::new();
        for places in combinations(&axes) {
            let mut notes = Notes::new(name, overrides);
            let tree = tree_of(&root, &axes, &places, &mut notes);
            let loaded = check_tree(&mut notes, &tree);
            merge.add(&places, notes.into_placed());
            if let Some(loaded) = loaded {
                let values =
                    axes.iter().zip(&places).map(|(axis, &place)| written::line(&axis.values[place]));
                runs.push(SweepRun { values: values.collect(), loaded });
            }
        }
        let violations = merge.into_violations();
        if !violations.is_empty() {
            return Err(ScenarioErrors::Violations(violations));
        }
        Ok(if axes.is_empty() {
            let run = runs.pop().expect("a tree without violations is a scenario");
            Self::Single(Box::new(run.loaded))
        } else {
            let keys = axes.iter().map(|axis| axis.key.clone()).collect();
            Self::Sweep(Sweep { keys, runs, resolved_yaml: written::yaml(&root, &axes) })
        })
    }

    /// The experiments, in their order.
    pub fn experiments(&self) -> impl Iterator<Item = &Loaded> {
        let (single, runs) = match self {
            Self::Single(loaded) => (Some(&**loaded), &[][..]),
            Self::Sweep(sweep) => (None, &sweep.runs[..]),
        };
        single.into_iter().chain(runs.iter().map(|run| &run.loaded))
    }
}

/// The scenario with the values of one run.
fn tree_of(root: &Node, axes: &[Axis], places: &[usize], notes: &mut Notes<'_>) -> Node {
    let mut tree = root.clone();
    for (axis, &place) in axes.iter().zip(places) {
        if let Err((key_path, rule)) =
            overrides::set(&mut tree, &axis.key, axis.values[place].clone(), axis.spot)
        {
            notes.note_text(TextViolation { spot: axis.spot, key_path, rule });
        }
    }
    tree
}

/// Every combination of places in the lists, the last list fastest; without lists the one empty combination.
fn combinations(axes: &[Axis]) -> Vec<Vec<usize>> {
    axes.iter().fold(vec![Vec::new()], |before, axis| {
        let longer = |places: Vec<usize>| {
            (0..axis.values.len()).map(move |place| places.iter().copied().chain([place]).collect())
        };
        before.into_iter().flat_map(longer).collect()
    })
}
