//! Putting subtrees that were grown apart into the tree above them.

use super::model::{DecisionTree, FlatNode, NO_LEAF};

/// Appends to `tree` the nodes of `above`, with subtrees in the places that wait for them (given ascending).
pub(super) fn attach(above: &DecisionTree, below: Vec<(u32, DecisionTree)>, tree: &mut DecisionTree) {
    let mut below = below.into_iter().peekable();
    // Where each node of `above` went.
    let mut places = Vec::with_capacity(above.nodes.len());
    for (place, &node) in above.nodes.iter().enumerate() {
        places.push(tree.nodes.len() as u32);
        match below.next_if(|(hole, _)| *hole as usize == place) {
            Some((_, subtree)) => tree.append(&subtree),
            None if node.leaf == NO_LEAF => tree.nodes.push(node),
            None => tree.push_counts(above.leaf_counts(node.leaf as usize).iter().copied()),
        }
    }
    // Right children stand behind their parents, so only now all their places are known.
    for (place, node) in above.nodes.iter().enumerate() {
        if node.leaf == NO_LEAF {
            tree.nodes[places[place] as usize].right = places[node.right as usize];
        }
    }
}

impl DecisionTree {
    /// A tree for the same records without a node.
    pub(super) fn empty_like(&self) -> Self {
        Self {
            features: self.features,
            classes: self.classes,
            nodes: Vec::new(),
            ends: Vec::new(),
            counts: Vec::new(),
            weights: Vec::new(),
        }
    }

    fn append(&mut self, subtree: &Self) {
        let (place, leaf, count) = (self.nodes.len() as u32, self.ends.len() as u32, self.counts.len());
        self.nodes.extend(subtree.nodes.iter().map(|node| {
            let leaf = if node.leaf == NO_LEAF { NO_LEAF } else { node.leaf + leaf };
            FlatNode { right: node.right + place, leaf, ..*node }
        }));
        self.ends.extend(subtree.ends.iter().map(|end| end + count));
        self.counts.extend_from_slice(&subtree.counts);
    }
}
