//! A tree as bytes, checked when read.
//!
//! Little-endian: features, classes, nodes and leaves (u64 each); for each node feature (u32), threshold (f32), right child
//! (u32; the left one is the next node), all three 0 in a leaf; for each leaf the number of its class counts (u32) and these
//! (class u32, records u32). What the counts weigh, if not all records weigh the same, follows apart (u32 each).

use super::model::{DecisionTree, FlatNode, NO_LEAF};
use super::weights::MOST;
use crate::dataset::MOST_CLASSES;
use crate::learner::{Reader, SavedModel, Writer};

/// The kinds: a tree whose records all weigh the same, and one that says what they weigh.
const PLAIN: u8 = 1;
const WEIGHTED: u8 = 10;

/// Bytes of a node.
const NODE: usize = 12;

impl DecisionTree {
    /// Appends its kind and the tree.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.byte(if self.weights.is_empty() { PLAIN } else { WEIGHTED });
        for number in [self.features, self.classes, self.nodes.len(), self.ends.len()] {
            writer.size(number);
        }
        for node in &self.nodes {
            let (threshold, right) =
                if node.leaf == NO_LEAF { (node.threshold, node.right) } else { (0.0, 0) };
            writer.words(&[node.feature, threshold.to_bits(), right]);
        }
        for leaf in 0..self.ends.len() {
            let counts = self.leaf_counts(leaf);
            writer.word(counts.len() as u32);
            for &(class, records) in counts {
                writer.words(&[class, records]);
            }
        }
        writer.words(&self.weights);
    }

    /// A tree within an ensemble, its kind first.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, String> {
        match reader.byte()? {
            kind @ (PLAIN | WEIGHTED) => Self::decode(kind, reader, 0),
            other => Err(format!("it holds a model of kind {other} where a tree must be")),
        }
    }
}

impl SavedModel for DecisionTree {
    const KINDS: &'static [u8] = &[PLAIN, WEIGHTED];

    fn decode(kind: u8, reader: &mut Reader<'_>, _nested: u32) -> Result<Self, String> {
        let (features, classes) = (reader.size()?, reader.size()?);
        let (nodes, leaves) = (reader.size()?, reader.size()?);
        if classes == 0 || classes > MOST_CLASSES || u32::try_from(features).is_err() {
            return Err(format!("{classes} classes and {features} features make no tree"));
        }
        // In a binary tree leaves outnumber splits by one. The length bounds what is allocated below.
        if nodes == 0 || nodes > reader.left() / NODE || leaves != nodes / 2 + 1 || nodes % 2 == 0 {
            return Err(format!("{nodes} nodes with {leaves} leaves make no tree"));
        }
        let mut tree = Self::empty(features, classes);
        tree.nodes = read_nodes(reader, nodes, features)?;
        for leaf in 0..leaves {
            read_counts(reader, &mut tree, leaf)?;
        }
        if kind == WEIGHTED {
            tree.weights = reader.words(tree.counts.len())?;
            let total: u64 = tree.weights.iter().map(|&weight| u64::from(weight)).sum();
            if tree.weights.is_empty() || tree.weights.contains(&0) || total > MOST {
                return Err(format!("its records weigh {total} in all, or one of them nothing"));
            }
        }
        Ok(tree)
    }
}

/// Nodes in the order of a walk that goes left first: the one order in which each is reached exactly once.
fn read_nodes(reader: &mut Reader<'_>, nodes: usize, features: usize) -> Result<Vec<FlatNode>, String> {
    let mut list = Vec::with_capacity(nodes);
    // Right children that splits on the way down wait for.
    let mut expected: Vec<u32> = Vec::new();
    let mut leaves = 0;
    let mut complete = false;
    for place in 0..nodes as u32 {
        if complete {
            return Err(format!("node {place} hangs on no other"));
        }
        let (feature, threshold) = (reader.word()?, f32::from_bits(reader.word()?));
        let right = reader.word()?;
        if right == 0 {
            if feature != 0 || threshold.to_bits() != 0 {
                return Err(format!("leaf {leaves} has a split"));
            }
            list.push(FlatNode::of_leaf(leaves, place));
            leaves += 1;
            match expected.pop() {
                Some(next) if next == place + 1 => {}
                Some(next) => return Err(format!("right child {next} stands where {} must", place + 1)),
                None => complete = true,
            }
        } else {
            if feature as usize >= features || !threshold.is_finite() {
                return Err(format!("node {place} splits feature {feature} of {features} at {threshold}"));
            }
            if right <= place + 1 || right as usize >= nodes {
                return Err(format!("node {place} has right child {right} among {nodes} nodes"));
            }
            expected.push(right);
            list.push(FlatNode { feature, threshold, right, leaf: NO_LEAF });
        }
    }
    if complete { Ok(list) } else { Err("it lacks nodes".into()) }
}

fn read_counts(reader: &mut Reader<'_>, tree: &mut DecisionTree, leaf: usize) -> Result<(), String> {
    let present = reader.word()?;
    // Only the tree that saw no record has a leaf without any.
    if present == 0 && tree.nodes.len() > 1 {
        return Err(format!("leaf {leaf} holds no record"));
    }
    let mut last = None;
    for _ in 0..present {
        let (class, records) = (reader.word()?, reader.word()?);
        if class as usize >= tree.classes || last.is_some_and(|last| class <= last) || records == 0 {
            return Err(format!("leaf {leaf} holds {records} records of class {class}"));
        }
        last = Some(class);
        tree.counts.push((class, records));
    }
    tree.ends.push(tree.counts.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Samples;
    use crate::seed::Seed;
    use crate::tree::TreeParams;
    use crate::tree::random;

    fn tree() -> DecisionTree {
        let (records, labels) = random(60, 4, 3, 1);
        let samples = Samples { records: records.view(), labels: &labels, classes: 3 };
        DecisionTree::fit(&TreeParams::default(), samples, Seed::root(0)).unwrap()
    }

    fn bytes(tree: &DecisionTree) -> Vec<u8> {
        let mut writer = Writer::default();
        tree.write(&mut writer);
        writer.into_bytes()[1..].to_vec()
    }

    #[test]
    fn a_tree_survives_bit_by_bit() {
        let records = ndarray::ArrayView2::from_shape((0, 2), &[]).unwrap();
        let empty = Samples { records, labels: &[], classes: 3 };
        let untrained = DecisionTree::fit(&TreeParams::default(), empty, Seed::root(0)).unwrap();
        for tree in [tree(), untrained] {
            let bytes = bytes(&tree);
            let mut reader = Reader::new(&bytes);
            assert_eq!(DecisionTree::decode(PLAIN, &mut reader, 0).unwrap(), tree);
            assert_eq!(reader.left(), 0);
        }
    }

    #[test]
    fn bytes_that_make_no_tree_say_why() {
        let good = bytes(&tree());
        for length in 0..good.len() {
            assert!(DecisionTree::decode(PLAIN, &mut Reader::new(&good[..length]), 0).is_err());
        }
        let with = |place: usize, word: u32| {
            let mut bytes = good.clone();
            bytes[place..place + 4].copy_from_slice(&word.to_le_bytes());
            DecisionTree::decode(PLAIN, &mut Reader::new(&bytes), 0).unwrap_err()
        };
        let root = 4 * 8;
        // The root: a feature that is not there, a threshold that is none, a right child before its parent or nowhere.
        assert!(with(root, 4).contains("splits feature 4 of 4"));
        assert!(with(root + 4, f32::NAN.to_bits()).contains("NaN"));
        assert!(with(root + 8, 1).contains("right child 1"));
        assert!(with(root + 8, u32::MAX).contains("right child"));
        assert!(with(root + 8, 2).contains("right child"));
        // The header: classes, nodes, leaves.
        assert!(with(8, 0).contains("0 classes"));
        assert!(with(16, 0).contains("no tree"));
        assert!(with(16, u32::MAX).contains("no tree"));
        assert!(with(24, 3).contains("no tree"));
        // The last leaf's last count.
        assert!(with(good.len() - 8, 3).contains("of class 3"));
        assert!(with(good.len() - 4, 0).contains("holds 0 records"));
        // No byte makes it panic.
        for place in 0..good.len() {
            let mut bytes = good.clone();
            bytes[place] ^= 0x81;
            let _ = DecisionTree::decode(PLAIN, &mut Reader::new(&bytes), 0);
        }
    }
}
