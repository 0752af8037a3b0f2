//! What of a scenario is stood in for, so that no rule speaks of what nobody wrote.

/// The key paths at which something stands in for what was written.
#[derive(Default)]
pub(super) struct Broken(Vec<String>);

impl Broken {
    /// Whether what is at that key path is what was written, as far as its kind goes: something below it may be stood in for.
    pub(super) fn present(&self, path: &str) -> bool {
        !self.0.iter().any(|broken| within(path, broken))
    }

    /// Whether all of what is at that key path is what was written.
    pub(super) fn sound(&self, path: &str) -> bool {
        self.present(path) && !self.0.iter().any(|broken| within(broken, path))
    }

    /// Whether a key beside this one, in the same map, is stood in for.
    pub(super) fn beside(&self, path: &str) -> bool {
        let around =
            |path: &str| path.rsplit_once('.').map_or(String::new(), |(around, _)| around.to_owned());
        self.0.iter().any(|broken| around(broken) == around(path))
    }

    pub(super) fn add(&mut self, path: &str) {
        self.0.push(path.to_owned());
    }
}

/// Whether a key path is another one or below it.
fn within(path: &str, other: &str) -> bool {
    other.is_empty() || path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
