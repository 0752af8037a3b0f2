//! A tree in a file: written whole, checked when read.
//!
//! Little-endian: the magic `TCTREE`, a version (u16), features, classes, nodes and leaves (u64 each); for each node feature
//! (u32), threshold (f32), right child (u32, 0 in a leaf, whose left child is the next node); for each leaf the number of its
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
        let right = if node.leaf == NO_LEAF { node.children[1] } else { 0 };
        bytes.extend_from_slice(&node.feature.to_le_bytes());
        bytes.extend_from_slice(&node.threshold.to_bits().to_le_bytes());
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
            list.push(FlatNode { feature, threshold, children: [place, place], leaf: leaves });
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
            list.push(FlatNode { feature, threshold, children: [place + 1, right], leaf: NO_LEAF });
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
