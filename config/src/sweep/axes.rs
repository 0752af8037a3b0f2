//! The keys of a sweep with their values, and the overrides that come before them.
//!
//! An override of a swept key replaces it: the key is swept no more. `--set sweep.KEY=[...]` sweeps a key from the command
//! line. An override that the sweep would undo, or that would undo the sweep, is refused.

use super::super::overrides::{self, Override, has_empty_step};
use super::super::yaml::{Entry, Node, Scalar, Spot, TextViolation, Value, join, shown};

/// Most runs that one sweep may have.
pub(super) const MAX_RUNS: usize = 10_000;
/// The key of a scenario that holds its sweep.
const SWEEP: &str = "sweep";

/// A key with the values it takes, at least one.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// The key path.
    pub(super) key: String,
    /// Where the key stands.
    pub(super) spot: Spot,
    /// What it takes, in the order of the file.
    pub(super) values: Vec<Node>,
}

/// The axes of a scenario and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Axes {
    pub(super) axes: Vec<Axis>,
    pub(super) violations: Vec<TextViolation>,
}

impl Axes {
    /// Takes the sweep out of a scenario and applies the overrides to what is left, in their order.
    pub(super) fn split_off(root: &mut Node, overrides: &[String]) -> Self {
        let mut axes = Self::default();
        if let Value::Map(entries) = &mut root.value
            && let Some(place) = entries.iter().position(|entry| entry.key == SWEEP)
        {
            let Entry { node, .. } = entries.remove(place);
            axes.read(node);
        }
        for (index, text) in overrides.iter().enumerate() {
            match Override::read(index, text) {
                Ok(overriding) => axes.set(root, overriding),
                Err(violations) => axes.violations.extend(violations),
            }
        }
        if axes
            .axes
            .iter()
            .try_fold(1_usize, |runs, axis| runs.checked_mul(axis.values.len()))
            .is_none_or(|runs| runs > MAX_RUNS)
        {
            let spot = axes.axes[0].spot;
            let lengths: Vec<String> = axes.axes.iter().map(|axis| axis.values.len().to_string()).collect();
            let rule = format!(
                "asks for {} runs, and a sweep has at most {MAX_RUNS}; give fewer values or sweep fewer keys",
                lengths.join(" x ")
            );
            axes.refuse(spot, SWEEP.into(), rule);
            // What else is wrong is found on fewer runs.
            axes.axes.iter_mut().for_each(|axis| axis.values.truncate(1));
        }
        axes
    }

    fn set(&mut self, root: &mut Node, Override { path, value, spot }: Override) {
        if path == SWEEP {
            self.axes.clear();
            return self.read(value);
        }
        if let Some(key) = path.strip_prefix("sweep.") {
            self.axes.retain(|axis| axis.key != key);
            return self.add(key, value, spot);
        }
        self.axes.retain(|axis| axis.key != path);
        if let Some(axis) = self.axes.iter().find(|axis| overrides::contend(&axis.key, &path)) {
            let rule = format!(
                "the scenario sweeps {}, which this would undo or be undone by; set that key itself, or drop the sweep \
                 with --set sweep=",
                shown(&axis.key)
            );
            self.refuse(spot, path, rule);
        } else if let Err((key_path, rule)) = overrides::set(root, &path, value, spot) {
            self.refuse(spot, key_path, rule);
        }
    }

    /// Reads the map from key paths to lists; nothing at all is no sweep.
    fn read(&mut self, node: Node) {
        match node.value {
            Value::Scalar(Scalar::Null, _) => {}
            Value::Map(entries) => {
                for Entry { key, spot, node, .. } in entries {
                    self.add(&key, node, spot);
                }
            }
            _ => {
                let rule =
                    "must be a map from key paths to lists of values, such as {federation.parties: [3, 5]}";
                self.refuse(node.spot, SWEEP.into(), rule.into());
            }
        }
    }

    fn add(&mut self, key: &str, node: Node, spot: Spot) {
        let path = join(SWEEP, key);
        let rule = match node.value {
            _ if has_empty_step(key) => {
                "write a key path such as federation.parties, with no empty step".into()
            }
            _ if key == SWEEP || key.starts_with("sweep.") => {
                "a sweep cannot be swept; name a key of the scenario, such as federation.parties".into()
            }
            Value::List(values) if values.is_empty() => {
                "an empty list is no run at all; give at least one value, or remove the key".into()
            }
            Value::Map(_) => {
                "must be a list of values; write the whole path as one key, such as federation.parties".into()
            }
            Value::Scalar(..) => {
                "must be a list of values, such as [3, 5]; one value is set at the key itself".into()
            }
            Value::List(values) => match self.axes.iter().find(|axis| overrides::contend(&axis.key, key)) {
                Some(other) => format!(
                    "{} is swept as well, and one would undo the other; write whole values under one of the two keys",
                    shown(&other.key)
                ),
                None => {
                    self.axes.push(Axis { key: key.into(), spot, values });
                    return;
                }
            },
        };
        self.refuse(spot, path, rule);
    }

    fn refuse(&mut self, spot: Spot, key_path: String, rule: String) {
        self.violations.push(TextViolation { spot, key_path, rule });
    }
}
