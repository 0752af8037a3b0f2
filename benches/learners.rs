//! What each learner takes to fit and to answer, on generated data of two shapes: `census`, 10,000 mixed records of two
//! classes, and `purchases`, 10,000 binary records of 600 features and 20 classes.
//!
//!     cargo bench --bench learners                       # everything
//!     cargo bench --bench learners -- predict.*knn       # what matches
//!     RAYON_NUM_THREADS=1 cargo bench --bench learners   # on one thread

use divan::Bencher;
use turncoat_learn::data::{DataFolders, DataSource, RawCensusParams, RawPurchasesParams, Synthetic};
use turncoat_learn::ensemble::RawForestParams;
use turncoat_learn::{Dataset, Learner, Seed};

const NAMES: [&str; 6] =
    ["decision_tree", "knn", "logistic_regression", "naive_bayes", "random_forest", "ada_boost"];

fn main() {
    divan::main();
}

fn learner(name: &str) -> Learner {
    match name {
        "decision_tree" => Learner::DecisionTree(Default::default()),
        "knn" => Learner::Knn(Default::default()),
        "logistic_regression" => Learner::LogisticRegression(Default::default()),
        "naive_bayes" => Learner::NaiveBayes(Default::default()),
        "random_forest" => {
            let ten = RawForestParams { trees: 10, ..RawForestParams::default() };
            Learner::RandomForest(ten.check().expect("its bounds hold"))
        }
        _ => Learner::AdaBoost(Default::default()),
    }
}

fn load(source: &DataSource) -> Dataset {
    source.load(&DataFolders::default(), Seed::root(1)).expect("a generator needs no file")
}

fn census() -> Dataset {
    let params = RawCensusParams { records: 20_000, ..RawCensusParams::default() };
    load(&DataSource::Synthetic(Synthetic::Census(params.check().expect("its bounds hold"))))
}

fn purchases() -> Dataset {
    let params =
        RawPurchasesParams { records: 20_000, features: 600, classes: 20, ..RawPurchasesParams::default() };
    load(&DataSource::Synthetic(Synthetic::Purchases(params.check().expect("its bounds hold"))))
}

/// Fits on the first half.
fn bench_fit(bencher: Bencher<'_, '_>, data: &Dataset, name: &str) {
    let (learner, rows) = (learner(name), (0..data.len() / 2).collect::<Vec<_>>());
    let prepared = learner.prepare(data.records()).expect("its records are finite");
    bencher.bench_local(|| learner.fit_rows(&prepared, data.labels(), &rows, data.classes(), Seed::root(2)));
}

/// Asks about the second half.
fn bench_predict(bencher: Bencher<'_, '_>, data: &Dataset, name: &str) {
    let half = data.len() / 2;
    let (learner, rows) = (learner(name), (0..half).collect::<Vec<_>>());
    let prepared = learner.prepare(data.records()).expect("its records are finite");
    let model = learner
        .fit_rows(&prepared, data.labels(), &rows, data.classes(), Seed::root(2))
        .expect("the generator's records can be learned");
    let requested = data.records().split_at(ndarray::Axis(0), half).1;
    bencher.bench_local(|| model.predict_proba(requested));
}

#[divan::bench(args = NAMES, sample_count = 5, sample_size = 1)]
fn fit_census(bencher: Bencher<'_, '_>, name: &str) {
    bench_fit(bencher, &census(), name);
}

#[divan::bench(args = NAMES, sample_count = 5, sample_size = 1)]
fn fit_purchases(bencher: Bencher<'_, '_>, name: &str) {
    bench_fit(bencher, &purchases(), name);
}

#[divan::bench(args = NAMES, sample_count = 5, sample_size = 1)]
fn predict_census(bencher: Bencher<'_, '_>, name: &str) {
    bench_predict(bencher, &census(), name);
}

#[divan::bench(args = NAMES, sample_count = 5, sample_size = 1)]
fn predict_purchases(bencher: Bencher<'_, '_>, name: &str) {
    bench_predict(bencher, &purchases(), name);
}
