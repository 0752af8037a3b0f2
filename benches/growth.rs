//! How the cost of a decision tree grows with its records: fits on 1,000 to 1,000,000 records of the `census` generator.
//!
//!     cargo bench --bench growth
//!
//! `max alloc` is the most memory held at once during a fit, beside the records themselves; ranking the columns is
//! measured apart from growing the tree, as many fits share it.

use divan::{AllocProfiler, Bencher};
use turncoat_learn::Prepared;
use turncoat_learn::data::{DataFolders, DataSource, RawCensusParams, Synthetic};
use turncoat_learn::tree::{DecisionTree, TreeParams};
use turncoat_learn::{Dataset, Seed};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const RECORDS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() {
    divan::main();
}

fn census(records: usize) -> Dataset {
    let params = RawCensusParams { records, ..RawCensusParams::default() };
    let source = DataSource::Synthetic(Synthetic::Census(params.check().expect("its bounds hold")));
    source.load(&DataFolders::default(), Seed::root(1)).expect("a generator needs no file")
}

#[divan::bench(args = RECORDS, sample_count = 5, sample_size = 1)]
fn prepare(bencher: Bencher<'_, '_>, records: usize) {
    let data = census(records);
    bencher.bench_local(|| Prepared::new(data.records()));
}

#[divan::bench(args = RECORDS, sample_count = 5, sample_size = 1)]
fn fit_prepared(bencher: Bencher<'_, '_>, records: usize) {
    let data = census(records);
    let prepared = Prepared::new(data.records()).expect("its records are finite");
    let rows: Vec<usize> = (0..records).collect();
    let params = TreeParams::default();
    bencher.bench_local(|| {
        DecisionTree::fit_rows(&params, &prepared, data.labels(), &rows, data.classes(), Seed::root(2))
    });
}
