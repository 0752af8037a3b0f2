//! A tree in a file: written whole, checked when read.
//!
//! Little-endian: the magic `TCTREE`, a version (u16), features, classes, nodes and leaves (u64 each); for each node feature
//! (u32), threshold (f32), right child (u32; the left one is the next node), all three 0 in a leaf; for each leaf the number of its
//! class counts (u32) and these (class u32, records u32); the SHA-256 of all before it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::model::{DecisionTree, FlatNode, NO_LEAF};
use crate::learner::LearnerError;

const MAGIC: &[u8; 6] = b"TCTREE";
const VERSION: u16 = 1;
const DIGEST: usize = 32;
const NODE: usize = 12;

/// Writes the tree under a temporary name beside the path, then renames it.
pub(super) fn save(tree: &DecisionTree, path: &Path) -> Result<(), LearnerError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = Path::new(&temporary);
    let write = || -> io::Result<()> {
        let mut file = File::create(temporary)?;
        file.write_all(&encode(tree))?;
        file.sync_all()?;
        fs::rename(temporary, path)
    };
    write().map_err(|error| {
        // What is left of a failed write is of no use; that it may not be removable changes nothing.
        let _ = fs::remove_file(temporary);
        refuse(path, format!("cannot be written: {error}"))
    })
}

/// Reads a tree and checks all of it.
pub(super) fn load(path: &Path) -> Result<DecisionTree, LearnerError> {
    let bytes = fs::read(path).map_err(|error| refuse(path, format!("cannot be read: {error}")))?;
    decode(&bytes).map_err(|reason| refuse(path, reason))
}

fn refuse(path: &Path, reason: String) -> LearnerError {
    LearnerError::File { path: path.display().to_string(), reason }
}

fn encode(tree: &DecisionTree) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    for number in [tree.features, tree.classes, tree.nodes.len(), tree.ends.len()] {
        bytes.extend_from_slice(&(number as u64).to_le_bytes());
    }
    for node in &tree.nodes {
        let (threshold, right) = if node.leaf == NO_LEAF { (node.threshold, node.right) } else { (0.0, 0) };
        bytes.extend_from_slice(&node.feature.to_le_bytes());
        bytes.extend_from_slice(&threshold.to_bits().to_le_bytes());
        bytes.extend_from_slice(&right.to_le_bytes());
    }
    for leaf in 0..tree.ends.len() {
        let counts = tree.leaf_counts(leaf);
        bytes.extend_from_slice(&(counts.len() as u32).to_le_bytes());
        for &(class, records) in counts {
            bytes.extend_from_slice(&class.to_le_bytes());
            bytes.extend_from_slice(&records.to_le_bytes());
        }
    }
    let digest = Sha256::digest(&bytes);
    bytes.extend_from_slice(&digest);
    bytes
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or("it is cut short")?;
        self.0 = tail;
        Ok(*head)
    }

    fn word(&mut self) -> Result<u32, String> {
        self.take().map(u32::from_le_bytes)
    }

    fn size(&mut self) -> Result<usize, String> {
        let size = self.take().map(u64::from_le_bytes)?;
        usize::try_from(size).map_err(|_| format!("{size} is more than this machine can count"))
    }
}

fn decode(bytes: &[u8]) -> Result<DecisionTree, String> {
    let mut reader = Reader(bytes);
    if reader.take::<6>().ok().as_ref() != Some(MAGIC) {
        return Err("it is not a decision tree of turncoat".into());
    }
    let version = reader.take().map(u16::from_le_bytes)?;
    if version != VERSION {
        return Err(format!("it has format version {version}, this program reads version {VERSION}"));
    }
    let Some(body) = reader.0.len().checked_sub(DIGEST) else { return Err("it is cut short".into()) };
    let (content, digest) = bytes.split_at(bytes.len() - DIGEST);
    if Sha256::digest(content).as_slice() != digest {
        return Err("it is cut short or altered: its checksum does not fit".into());
    }
    reader.0 = &reader.0[..body];
    let (features, classes) = (reader.size()?, reader.size()?);
    let (nodes, leaves) = (reader.size()?, reader.size()?);
    if classes == 0 || u32::try_from(classes).is_err() || u32::try_from(features).is_err() {
        return Err(format!("{classes} classes and {features} features make no tree"));
    }
    // In a binary tree leaves outnumber splits by one. The length bounds what is allocated below.
    if nodes == 0 || nodes > reader.0.len() / NODE || leaves != nodes / 2 + 1 || nodes % 2 == 0 {
        return Err(format!("{nodes} nodes with {leaves} leaves make no tree"));
    }
    let mut tree = DecisionTree {
        features,
        classes,
        nodes: read_nodes(&mut reader, nodes, features)?,
        ends: Vec::with_capacity(leaves),
        counts: Vec::new(),
    };
    for leaf in 0..leaves {
        read_counts(&mut reader, &mut tree, leaf)?;
    }
    if reader.0.is_empty() { Ok(tree) } else { Err("it holds more than a tree".into()) }
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
    use crate::tree::random::random;

    fn tree() -> DecisionTree {
        let (records, labels) = random(60, 4, 3, 1);
        let samples = Samples { records: records.view(), labels: &labels, classes: 3 };
        DecisionTree::fit(&TreeParams::default(), samples, Seed::root(0)).unwrap()
    }

    /// With a checksum that fits, so that what it guards is looked at.
    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    #[test]
    fn a_tree_survives_its_file_bit_by_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tree.model");
        let empty = Samples {
            records: ndarray::ArrayView2::from_shape((0, 2), &[]).unwrap(),
            labels: &[],
            classes: 3,
        };
        let untrained = DecisionTree::fit(&TreeParams::default(), empty, Seed::root(0)).unwrap();
        for tree in [tree(), untrained] {
            save(&tree, &path).unwrap();
            let loaded = load(&path).unwrap();
            assert_eq!(loaded, tree);
            assert_eq!(encode(&loaded), fs::read(&path).unwrap());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the temporary file is gone");
    }

    #[test]
    fn a_file_that_is_no_tree_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tree.model");
        let reason = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            match load(&path) {
                Err(LearnerError::File { reason, .. }) => reason,
                other => panic!("{other:?}"),
            }
        };
        let good = encode(&tree());
        assert!(reason(&good[..good.len() - 1]).contains("checksum"));
        for length in 0..good.len() {
            assert!(decode(&good[..length]).is_err());
        }
        assert!(reason(b"PK34").contains("not a decision tree"));
        let mut newer = good.clone();
        newer[6] = 9;
        assert!(reason(&newer).contains("version 9"));
        for place in 8..good.len() {
            let mut altered = good.clone();
            altered[place] ^= 0x10;
            assert!(decode(&altered).unwrap_err().contains("checksum"));
        }
        assert!(load(&folder.path().join("absent")).is_err());
        assert!(save(&tree(), &folder.path().join("absent").join("tree.model")).is_err());
    }

    #[test]
    fn content_is_checked_behind_the_checksum() {
        let good = encode(&tree());
        let content = &good[..good.len() - DIGEST];
        assert!(decode(&sealed(content.to_vec())).is_ok());
        let header = MAGIC.len() + 2 + 4 * 8;
        let with = |place: usize, word: u32| {
            let mut bytes = content.to_vec();
            bytes[place..place + 4].copy_from_slice(&word.to_le_bytes());
            decode(&sealed(bytes)).unwrap_err()
        };
        // The root: a feature that is not there, a threshold that is none, a right child before its parent or nowhere.
        assert!(with(header, 4).contains("splits feature 4 of 4"));
        assert!(with(header + 4, f32::NAN.to_bits()).contains("NaN"));
        assert!(with(header + 8, 1).contains("right child 1"));
        assert!(with(header + 8, u32::MAX).contains("right child"));
        assert!(with(header + 8, 2).contains("right child"));
        // The header: classes, nodes, leaves.
        assert!(with(16, 0).contains("0 classes"));
        assert!(with(24, 0).contains("no tree"));
        assert!(with(24, u32::MAX).contains("no tree"));
        assert!(with(32, 3).contains("no tree"));
        // The last leaf's last count, and something behind it.
        assert!(with(content.len() - 8, 3).contains("of class 3"));
        assert!(with(content.len() - 4, 0).contains("holds 0 records"));
        let mut longer = content.to_vec();
        longer.push(0);
        assert!(decode(&sealed(longer)).unwrap_err().contains("more than a tree"));
        // No byte makes it panic.
        for place in 0..content.len() {
            let mut bytes = content.to_vec();
            bytes[place] ^= 0x81;
            let _ = decode(&sealed(bytes));
        }
    }
}
