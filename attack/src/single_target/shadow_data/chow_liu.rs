//! Pairwise dependence: the tree over features and class with the largest sum of mutual information between neighbours
//! (Chow and Liu, 1968), and draws from it.
//!
//! Values are binned, at most [`BINS`] bins a feature, cut at its quantiles; the class is a node of its own, one bin a class,
//! and the root. Mutual information is counted on at most [`COUNTED`] records. A draw takes the class from the class shares
//! and each feature from the known records whose neighbour towards the root lies in the same bin as the value drawn for it,
//! so values within a bin are real ones.
//!
//! Cost: m^2 / 2 tables of at most `COUNTED` records each, about a second for 784 features and a quarter of a minute for
//! 3,072 on one core; memory grows with records times features, never with m^2.

use std::cmp::Ordering;

use ndarray::ArrayView1;
use rand::RngExt;
use rand::seq::index;
use rayon::prelude::*;
use turncoat_learn::Seed;
use turncoat_learn::seed::Stream;

use crate::single_target::knowledge::Known;

/// Most bins of a feature; a power of two, so that two codes make one.
const BINS: usize = 8;
/// Most records on which mutual information is counted.
const COUNTED: usize = 2000;

/// The tree and what is drawn from.
pub(super) struct ChowLiu<'k> {
    known: &'k Known,
    /// Bin of each value, one vector a feature.
    codes: Vec<Vec<u8>>,
    /// Features after their parents.
    nodes: Vec<Node>,
    /// The known rows of each class.
    of_class: Buckets,
    /// The known rows of each bin, of features that are parents.
    of_bin: Vec<Option<Buckets>>,
}

/// A feature and its neighbour towards the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    feature: usize,
    parent: Parent,
}

/// A neighbour towards the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parent {
    Class,
    Feature(usize),
}

impl<'k> ChowLiu<'k> {
    /// Learns the tree; there is at least one known record.
    pub(super) fn of(known: &'k Known, seed: Seed) -> Self {
        let rows = known.labels.len();
        let columns = (0..known.features()).into_par_iter().map(|feature| known.records.column(feature));
        let codes: Vec<Vec<u8>> = columns.map(binned).collect();
        let counted = if rows > COUNTED {
            index::sample(&mut seed.stream("counted"), rows, COUNTED).into_vec()
        } else {
            (0..rows).collect()
        };
        let nodes = tree(known, &codes, &counted);
        let mut parents = vec![false; codes.len()];
        for node in &nodes {
            if let Parent::Feature(parent) = node.parent {
                parents[parent] = true;
            }
        }
        let of_bin = codes.par_iter().zip(parents).map(|(codes, parent)| {
            parent.then(|| Buckets::of(codes.iter().map(|&code| usize::from(code)), BINS))
        });
        let of_class = Buckets::of(known.labels.iter().map(|&label| label as usize), known.classes);
        Self { known, of_bin: of_bin.collect(), codes, nodes, of_class }
    }

    pub(super) fn known(&self) -> &'k Known {
        self.known
    }

    /// Draws a record and returns its label.
    pub(super) fn draw(&self, record: &mut [f32], stream: &mut Stream) -> u32 {
        let label = self.known.labels[stream.random_range(0..self.known.labels.len() as u32) as usize];
        // From which row each feature's value was taken: that row's bin is the value's.
        let mut taken = vec![0_u32; record.len()];
        for &Node { feature, parent } in &self.nodes {
            let alike = match parent {
                Parent::Class => self.of_class.rows(label as usize),
                Parent::Feature(parent) => {
                    let bin = self.codes[parent][taken[parent] as usize];
                    self.of_bin[parent].as_ref().map_or(&[][..], |rows| rows.rows(usize::from(bin)))
                }
            };
            // The row that the parent's value came from is among them, so they are never none.
            let row = alike[stream.random_range(0..alike.len() as u32) as usize];
            taken[feature] = row;
            record[feature] = self.known.records[(row as usize, feature)];
        }
        label
    }
}

/// Rows by bin.
struct Buckets {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Buckets {
    fn of(codes: impl Iterator<Item = usize> + Clone, bins: usize) -> Self {
        let mut starts = vec![0_u32; bins + 1];
        let mut count = 0;
        for code in codes.clone() {
            starts[code + 1] += 1;
            count += 1;
        }
        for bin in 0..bins {
            starts[bin + 1] += starts[bin];
        }
        let (mut next, mut rows) = (starts.clone(), vec![0; count]);
        for (row, code) in codes.enumerate() {
            rows[next[code] as usize] = row as u32;
            next[code] += 1;
        }
        Self { starts, rows }
    }

    fn rows(&self, bin: usize) -> &[u32] {
        &self.rows[self.starts[bin] as usize..self.starts[bin + 1] as usize]
    }
}

/// The bin of each value: one a distinct value where there are few, else those between quantiles. Equal values share one.
fn binned(column: ArrayView1<'_, f32>) -> Vec<u8> {
    let mut sorted = column.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let mut distinct = Vec::with_capacity(BINS + 1);
    for &value in &sorted {
        if distinct.last() != Some(&value) {
            distinct.push(value);
            if distinct.len() > BINS {
                break;
            }
        }
    }
    // Bins begin at their edges; the first has none.
    let edges: Vec<f32> = if distinct.len() <= BINS {
        distinct.into_iter().skip(1).collect()
    } else {
        let quantile = |part| sorted[(sorted.len() as u64 * part as u64 / BINS as u64) as usize];
        let mut edges: Vec<f32> = (1..BINS).map(quantile).filter(|&edge| edge > sorted[0]).collect();
        edges.dedup();
        edges
    };
    column.iter().map(|value| edges.partition_point(|edge| edge <= value) as u8).collect()
}

/// A feature outside the tree, and the best neighbour in it.
struct Outside<'c> {
    feature: usize,
    codes: Vec<u8>,
    /// Sum of c ln c over the counts of its bins.
    entropy: f64,
    weight: f64,
    parent: Parent,
    whole: &'c [f64],
}

/// Prim's algorithm from the class on: each weight is looked at once and none is kept. Equal weights: the lower feature,
/// and of its neighbours the one that joined earlier.
fn tree(known: &Known, codes: &[Vec<u8>], counted: &[usize]) -> Vec<Node> {
    // c ln c; zero for zero and one.
    let whole: Vec<f64> = (0..=counted.len()).map(|c| c as f64 * (c.max(1) as f64).ln()).collect();
    let (classes, k) = compact(counted.iter().map(|&row| known.labels[row]));
    let mut outside: Vec<Outside<'_>> = codes
        .par_iter()
        .enumerate()
        .map(|(feature, all)| {
            let codes: Vec<u8> = counted.iter().map(|&row| all[row]).collect();
            let mut counts = [0_usize; BINS];
            codes.iter().for_each(|&code| counts[usize::from(code)] += 1);
            let entropy = counts.iter().map(|&count| whole[count]).sum();
            let mut joint = vec![0_usize; k * BINS];
            for (&class, &code) in classes.iter().zip(&codes) {
                joint[class * BINS + usize::from(code)] += 1;
            }
            let weight = joint.iter().map(|&count| whole[count]).sum::<f64>() - entropy;
            Outside { feature, codes, entropy, weight, parent: Parent::Class, whole: &whole }
        })
        .collect();
    // What the class's own counts take from each weight.
    let mut of_class = vec![0_usize; k];
    classes.iter().for_each(|&class| of_class[class] += 1);
    let of_class: f64 = of_class.iter().map(|&count| whole[count]).sum();
    outside.iter_mut().for_each(|node| node.weight -= of_class);

    let mut nodes = Vec::with_capacity(codes.len());
    let better = |a: &Outside<'_>, b: &Outside<'_>| match a.weight.total_cmp(&b.weight) {
        Ordering::Equal => b.feature.cmp(&a.feature),
        unequal => unequal,
    };
    while let Some(place) = (0..outside.len()).max_by(|&a, &b| better(&outside[a], &outside[b])) {
        let joined = outside.swap_remove(place);
        nodes.push(Node { feature: joined.feature, parent: joined.parent });
        let shifted: Vec<u8> = joined.codes.iter().map(|code| code * BINS as u8).collect();
        outside.par_iter_mut().with_min_len(32).for_each(|node| {
            let weight = joint(&shifted, &node.codes, node.whole) - joined.entropy - node.entropy;
            if weight > node.weight {
                (node.weight, node.parent) = (weight, Parent::Feature(joined.feature));
            }
        });
    }
    nodes
}

/// Labels numbered from zero without gaps, and how many there are.
fn compact(labels: impl Iterator<Item = u32> + Clone) -> (Vec<usize>, usize) {
    let mut present: Vec<u32> = labels.clone().collect();
    present.sort_unstable();
    present.dedup();
    (labels.map(|label| present.partition_point(|&other| other < label)).collect(), present.len())
}

/// Sum of c ln c over the counts of pairs of bins: mutual information times the number of records, up to what each bin's
/// own counts make of it. Four tables, so that equal pairs in a row do not wait for each other.
fn joint(shifted: &[u8], codes: &[u8], whole: &[f64]) -> f64 {
    const CELLS: usize = BINS * BINS;
    let mut tables = [[0_u32; CELLS]; 4];
    let (fours, others) = (shifted.chunks_exact(4), codes.chunks_exact(4));
    let rest = fours.remainder().iter().zip(others.remainder());
    for (a, b) in fours.zip(others) {
        for (table, (a, b)) in tables.iter_mut().zip(a.iter().zip(b)) {
            table[usize::from(a | b) % CELLS] += 1;
        }
    }
    for (a, b) in rest {
        tables[0][usize::from(a | b) % CELLS] += 1;
    }
    let count = |cell: usize| tables.iter().map(|table| table[cell]).sum::<u32>();
    (0..CELLS).map(|cell| whole[count(cell) as usize]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use rand::RngExt;

    #[test]
    fn bins_are_quantiles_and_equal_values_share_one() {
        let few = Array2::from_shape_vec((1, 6), vec![3.0, 1.0, 2.0, 1.0, 3.0, -0.0]).unwrap();
        assert_eq!(binned(few.row(0)), [3, 1, 2, 1, 3, 0]);
        let many = Array2::from_shape_fn((1, 80), |(_, i)| i as f32);
        let expected: Vec<u8> = (0..80).map(|i| i / 10).collect();
        assert_eq!(binned(many.row(0)), expected);
        // Three quarters are zero: the quantiles above are those at 6/8 and 7/8.
        let sparse = Array2::from_shape_fn((1, 80), |(_, i)| if i < 60 { 0.0 } else { i as f32 });
        let codes = binned(sparse.row(0));
        assert_eq!((codes[0], codes[59], codes[60], codes[69], codes[70], codes[79]), (0, 0, 1, 1, 2, 2));
    }

    #[test]
    fn the_planted_tree_is_found() {
        // Class -> f3 -> f1 -> f0, class -> f2, and f4 alone; three values each, kept but for one time in four.
        let n = 3000;
        let mut stream = Seed::root(4).stream("planted");
        let mut records = Array2::zeros((n, 5));
        let mut labels = Vec::new();
        for mut record in records.rows_mut() {
            let class = stream.random_range(0..3_u32);
            let mut of = |value: u32| {
                if stream.random_bool(0.25) { stream.random_range(0..3) } else { value }
            };
            let f3 = of(class);
            let f1 = of(f3);
            let values = [of(f1), f1, of(class), f3, stream.random_range(0..3)];
            record.iter_mut().zip(values).for_each(|(into, value)| *into = value as f32);
            labels.push(class);
        }
        let known = Known { records, labels, classes: 3 };
        let tree = ChowLiu::of(&known, Seed::root(1));
        let parent = |feature| tree.nodes.iter().find(|node| node.feature == feature).unwrap().parent;
        assert_eq!(parent(3), Parent::Class);
        assert_eq!(parent(2), Parent::Class);
        assert_eq!(parent(1), Parent::Feature(3));
        assert_eq!(parent(0), Parent::Feature(1));
        // Parents come before their children, and the feature that nothing depends on comes last.
        assert_eq!(tree.nodes.last().unwrap().feature, 4);
    }

    #[test]
    fn what_is_counted_is_mutual_information() {
        // Four equal pairs of bits: no information. Two copies: n ln 2, up to their own counts.
        let whole: Vec<f64> = (0..=8).map(|c| f64::from(c) * f64::from(c.max(1)).ln()).collect();
        let (a, b) = ([0, 0, 1, 1, 0, 0, 1, 1], [0, 1, 0, 1, 0, 1, 0, 1]);
        let shifted = a.map(|code| code * BINS as u8);
        let own = 2.0 * whole[4];
        let information = |other: &[u8]| joint(&shifted, other, &whole) - 2.0 * own + whole[8];
        assert!(information(&b).abs() < 1e-12);
        assert!((information(&a) - 8.0 * 2.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn a_draw_of_copies_stays_a_copy() {
        // Every feature is the class, so every draw is one of the two records.
        let records = array![[0.25, 0.5, 0.75], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]];
        let known = Known { records, labels: vec![0, 1, 1], classes: 2 };
        let tree = ChowLiu::of(&known, Seed::root(1));
        let mut stream = Seed::root(2).stream("draws");
        for _ in 0..100 {
            let mut record = [0.0; 3];
            let label = tree.draw(&mut record, &mut stream);
            assert_eq!(record, if label == 0 { [0.25, 0.5, 0.75] } else { [1.0, 2.0, 3.0] });
        }
    }
}
