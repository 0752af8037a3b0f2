//! Which features a node looks at, when not all: drawn without replacement, afresh for each node.
//!
//! The n-th node that is searched, the root first and left before right, has a stream of its own, so what one node draws moves no
//! other's draws, and neither the order of the records nor threads can change them.

use rand::RngExt;

use crate::seed::{Seed, Stream};

/// Features in a random order, node after node.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    stream: Stream,
    nodes: u64,
    /// All features; those drawn for this node first.
    order: Vec<u32>,
    /// What was exchanged with each place to get there.
    exchanged: Vec<u32>,
    /// Features that a node draws.
    pub(crate) count: usize,
}

impl Draws {
    pub(crate) fn new(features: usize, count: usize, seed: Seed) -> Self {
        Self {
            stream: seed.stream("max_features"),
            nodes: 0,
            order: (0..features as u32).collect(),
            exchanged: Vec::new(),
            count,
        }
    }

    /// Begins the next node's draws.
    pub(crate) fn begin(&mut self) {
        while let Some(other) = self.exchanged.pop() {
            self.order.swap(self.exchanged.len(), other as usize);
        }
        self.stream.set_stream(self.nodes);
        self.stream.set_word_pos(0);
        self.nodes += 1;
    }

    /// One more feature, `None` after the last.
    pub(crate) fn draw(&mut self) -> Option<u32> {
        let drawn = self.exchanged.len();
        if drawn == self.order.len() {
            return None;
        }
        let other = self.stream.random_range(drawn as u32..self.order.len() as u32);
        self.order.swap(drawn, other as usize);
        self.exchanged.push(other);
        Some(self.order[drawn])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(draws: &mut Draws, count: usize) -> Vec<u32> {
        draws.begin();
        (0..count).map_while(|_| draws.draw()).collect()
    }

    #[test]
    fn a_node_draws_the_same_whatever_others_drew() {
        let draws = || Draws::new(9, 3, Seed::root(4));
        let (mut few, mut many) = (draws(), draws());
        let (first, second) = (node(&mut few, 1), node(&mut few, 4));
        assert_eq!(node(&mut many, 9)[..1], first);
        assert_eq!(node(&mut many, 9)[..4], second);
        let mut all = node(&mut many, 20);
        all.sort_unstable();
        assert_eq!(all, (0..9).collect::<Vec<_>>());
    }

    #[test]
    fn every_feature_is_as_likely() {
        let mut draws = Draws::new(5, 2, Seed::root(8));
        let mut counts = [0; 5];
        for _ in 0..5000 {
            node(&mut draws, 2).into_iter().for_each(|feature| counts[feature as usize] += 1);
        }
        // 2,000 each, standard deviation 35.
        assert!(counts.iter().all(|count| (1850..2150).contains(count)), "{counts:?}");
    }
}
