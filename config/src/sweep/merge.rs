//! The violations of all runs, each told once, with the swept values that bring it about.

use std::collections::BTreeMap;

use super::super::violation::Violation;
use super::super::yaml::{Spot, shown};
use super::axes::Axis;
use super::written;

/// Collects the violations of runs.
pub(super) struct Merge<'a> {
    axes: &'a [Axis],
    /// Of the text itself, in its order: they belong to no run.
    text: Vec<(Spot, Violation)>,
    found: BTreeMap<(Spot, Violation), Found>,
    runs: usize,
}

/// The runs that show a violation, each by its places in the lists.
struct Found {
    /// How many other violations were met before.
    met: usize,
    runs: Vec<Vec<usize>>,
}

impl<'a> Merge<'a> {
    /// Begins with what the text itself has wrong.
    pub(super) fn new(text: Vec<(Spot, Violation)>, axes: &'a [Axis]) -> Self {
        Self { axes, text, found: BTreeMap::new(), runs: 0 }
    }

    /// Adds what the run with these places in the lists has wrong.
    pub(super) fn add(&mut self, places: &[usize], violations: Vec<(Spot, Violation)>) {
        self.runs += 1;
        for violation in violations {
            let met = self.found.len();
            let found = self.found.entry(violation).or_insert_with(|| Found { met, runs: Vec::new() });
            found.runs.push(places.into());
        }
    }

    /// All of them in the order of the file, overrides last.
    pub(super) fn into_violations(self) -> Vec<Violation> {
        let mut reported: Vec<((Spot, usize), Violation)> =
            self.text.into_iter().map(|(spot, violation)| ((spot, 0), violation)).collect();
        for ((spot, mut violation), Found { met, runs }) in self.found {
            if runs.len() < self.runs {
                let reported = runs_named(self.axes, self.runs, &runs, &violation.key_path);
                violation.rule.push_str(&reported);
            }
            reported.push(((spot, met + 1), violation));
        }
        reported.sort_by_key(|(order, _)| *order);
        reported.into_iter().map(|(_, violation)| violation).collect()
    }
}

/// " (for key=value)" where exactly the runs with these values show it, and nothing where that is the very value that the
/// violation is about; else how many do and the first of them.
fn runs_named(axes: &[Axis], all: usize, runs: &[Vec<usize>], key_path: &str) -> String {
    let pair = |axis: usize, place: usize| {
        format!("{}={}", shown(&axes[axis].key), shown(&written::line(&axes[axis].values[place])))
    };
    let shared: Vec<usize> = (0..axes.len())
        .filter(|&axis| axes[axis].values.len() > 1 && runs.iter().all(|run| run[axis] == runs[0][axis]))
        .collect();
    let with_these: usize =
        (0..axes.len()).filter(|axis| !shared.contains(axis)).map(|axis| axes[axis].values.len()).product();
    if let [only] = shared[..]
        && key_path.starts_with(&shown(&axes[only].key))
        && with_these == runs.len()
    {
        return String::new();
    }
    if with_these == runs.len() {
        let pairs: Vec<String> = shared.iter().map(|&axis| pair(axis, runs[0][axis])).collect();
        return format!(" (for {})", pairs.join(", "));
    }
    let first: Vec<String> = (0..axes.len()).map(|axis| pair(axis, runs[0][axis])).collect();
    format!(" (in {} of {all} runs, the first with {})", runs.len(), first.join(", "))
}
