//! Which of equally good splits a node takes: the order of the features among equals.
//!
//! Two splits of one feature never draw: the lowest threshold wins, as in scikit-learn. Between features, the lowest wins, or
//! each node has a random order of its own, the same for every engine. That order is a function of the seed, the path from
//! the root and the feature, so it depends neither on the order of the records nor on threads.

use rand::RngExt;

use crate::seed::Seed;
use crate::tree::params::Ties;

/// The order of the features at one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TieOrder(Option<u64>);

impl TieOrder {
    pub(crate) const LOWEST: Self = Self(None);

    /// That of the root.
    pub(crate) fn root(ties: Ties, seed: Seed) -> Self {
        match ties {
            Ties::Lowest => Self::LOWEST,
            Ties::Random => Self(Some(seed.stream("ties").random())),
        }
    }

    /// That of a child.
    pub(crate) fn child(self, is_right: bool) -> Self {
        // Features are counted in 32 bits, so no feature has the rank that a child has as its key.
        Self(self.0.map(|key| mixed(key, 1 << 32 | u64::from(is_right))))
    }

    /// Whether any feature may come before any other.
    #[inline]
    pub(crate) fn is_random(self) -> bool {
        self.0.is_some()
    }

    /// Whether feature `a` comes before feature `b`.
    #[inline]
    pub(crate) fn is_before(self, a: u32, b: u32) -> bool {
        match self.0 {
            None => a < b,
            // Different features have different ranks.
            Some(key) => mixed(key, u64::from(a)) < mixed(key, u64::from(b)),
        }
    }
}

/// The output of SplitMix64 (Steele et al., 2014) that many steps after a state: for one key, different for every step.
fn mixed(key: u64, step: u64) -> u64 {
    let state = key.wrapping_add(step.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_its_published_numbers() {
        // The first outputs for the seed 1234567, as in the reference implementation's tests.
        assert_eq!(mixed(1_234_567, 0), 6_457_827_717_110_365_317);
        assert_eq!(mixed(1_234_567, 1), 3_203_168_211_198_807_973);
    }

    #[test]
    fn nodes_order_features_apart_from_each_other() {
        // Over many trees, each order of three features at the root is as likely, and so is each at a child given the root's.
        let mut seen = [[0u32; 6]; 6];
        for tree in 0..7200 {
            let root = TieOrder::root(Ties::Random, Seed::root(tree));
            let [root, child] = [root, root.child(tree % 2 == 0)].map(|order| {
                let mut features = [0, 1, 2];
                features.sort_by(|a, b| {
                    if order.is_before(*a, *b) {
                        std::cmp::Ordering::Less
                    } else {
                        std::cmp::Ordering::Greater
                    }
                });
                // The two that come first tell all.
                (features[0] * 2 + u32::from(features[1] > features[2])) as usize
            });
            seen[root][child] += 1;
        }
        // 200 each, standard deviation 14.
        assert!(seen.iter().flatten().all(|count| (135..265).contains(count)), "{seen:?}");
        assert!(TieOrder::root(Ties::Lowest, Seed::root(1)).child(true).is_before(3, 4));
    }
}
