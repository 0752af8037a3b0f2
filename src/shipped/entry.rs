//! One shipped scenario: its names and its text.

use super::files::FILES;

/// The one that runs when none is named.
pub(crate) const QUICKSTART: &str = "quickstart";

/// A scenario inside the executable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shipped {
    /// Its path below `scenarios/`, without its ending.
    pub(crate) path: &'static str,
    /// The file's text.
    pub(crate) text: &'static str,
}

/// All of them, in the order of their paths.
pub(crate) fn all() -> impl Iterator<Item = Shipped> {
    FILES.iter().map(|&(path, text)| Shipped { path, text })
}

impl Shipped {
    /// What the scenario calls itself: the value of its key `name`.
    pub(crate) fn name(&self) -> &'static str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("name:"));
        line.map_or(self.path, str::trim)
    }

    /// What stands for the file in messages.
    pub(crate) fn file(&self) -> String {
        format!("scenarios/{}.yaml", self.path)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_those_that_the_checker_reads_and_no_two_are_alike() {
        let mut names = BTreeSet::new();
        for shipped in all() {
            let plan = crate::scenario::Plan::parse(&shipped.file(), shipped.text, &[]).unwrap();
            let name = plan.experiments().next().unwrap().study.name().to_owned();
            assert_eq!(shipped.name(), name, "{}", shipped.path);
            assert!(names.insert(name), "{} is called as another is", shipped.path);
        }
    }
}
