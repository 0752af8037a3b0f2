//! Known answers, linfa-bayes as a second opinion, what must not change a fit, and the edges.

use linfa::DatasetView;
use linfa::traits::Fit;
use linfa_bayes::NaiveBayes as _;
use ndarray::{Array1, Array2, Axis, array};
use proptest::prelude::*;

use super::*;
use crate::dataset::Samples;
use crate::learner::{Learner, LearnerError, LocalModel, Model, Reader, Writer};
use crate::seed::Seed;
use crate::tree::random;

fn gaussian() -> RawNaiveBayesParams {
    RawNaiveBayesParams::default()
}

fn bernoulli() -> RawNaiveBayesParams {
    RawNaiveBayesParams { distribution: Distribution::Bernoulli, ..gaussian() }
}

fn fit(params: RawNaiveBayesParams, records: &Array2<f32>, labels: &[u32], classes: usize) -> NaiveBayes {
    let samples = Samples { records: records.view(), labels, classes };
    NaiveBayes::fit_samples(&params.check().unwrap(), samples).unwrap()
}

fn is_distribution(model: &NaiveBayes, records: &Array2<f32>) -> bool {
    let vectors = model.predict_proba(records.view()).unwrap();
    vectors.view().rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12)
}

#[test]
fn normal_distributions_by_hand() {
    // Class 0: mean 1, variance 1, three quarters of the records; class 1: mean 4, variance 0 and hence the smoothing.
    // Over all: mean 1.75, variance (3 * 1 + (3 * 0.5625 + 5.0625)) / 4 = 2.4375; half of it is 1.21875.
    let records = array![[1.0 - 1.5f32.sqrt()], [1.0], [1.0 + 1.5f32.sqrt()], [4.0]];
    let params = RawNaiveBayesParams { var_smoothing: 0.5, ..gaussian() };
    let model = fit(params, &records, &[0, 0, 0, 1], 2);
    let (a, b) = (1.0 + 1.21875f64, 1.21875f64);
    let joint = [0.75 * (-0.5 * 1.0 / a).exp() / a.sqrt(), 0.25 * (-0.5 * 4.0 / b).exp() / b.sqrt()];
    let vector = model.predict_proba(array![[2.0]].view()).unwrap();
    assert!((vector.row(0)[0] - joint[0] / (joint[0] + joint[1])).abs() < 1e-7);
}

#[test]
fn coins_by_hand() {
    // Class 0 shows (1, 0) and (1, 1), class 1 shows (0, 1). With alpha 1: p(on) = 3/4, 1/2 and 1/3, 2/3.
    let records = array![[0.9, 0.0], [5.0, 1.0], [-3.0, 1.0]];
    let model = fit(bernoulli(), &records, &[0, 0, 1], 2);
    let joint = [2.0 / 3.0 * 0.75 * 0.5, 1.0 / 3.0 * (1.0 / 3.0) * (1.0 / 3.0)];
    let vector = model.predict_proba(array![[1.0, 0.0]].view()).unwrap();
    assert!((vector.row(0)[0] - joint[0] / (joint[0] + joint[1])).abs() < 1e-14);
    // At the threshold a feature is off.
    let higher = RawNaiveBayesParams { threshold: 1.0, ..bernoulli() };
    let model = fit(higher, &records, &[0, 0, 1], 2);
    let vectors = model.predict_proba(array![[1.0, 0.0], [0.0, 0.0]].view()).unwrap();
    assert_eq!(vectors.row(0), vectors.row(1));
}

#[test]
fn linfa_bayes_measures_the_same() {
    let (records, labels) = random(400, 7, 4, 9);
    let wide = records.mapv(f64::from);
    let targets = Array1::from_iter(labels.iter().map(|&label| label as usize));
    let theirs = linfa_bayes::GaussianNb::params()
        .var_smoothing(1e-9)
        .fit(&DatasetView::new(wide.view(), targets.view()));
    let theirs = theirs.unwrap();
    let likelihoods = theirs.joint_log_likelihood(wide.view());
    let ours = fit(gaussian(), &records, &labels, 4).predict_proba(records.view()).unwrap();
    for (row, vector) in ours.view().rows().into_iter().enumerate() {
        let joint: Vec<f64> = (0..4usize).map(|class| likelihoods[&class][row]).collect();
        let largest = joint.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = joint.iter().map(|likelihood| (likelihood - largest).exp()).sum();
        for (likelihood, probability) in joint.iter().zip(vector) {
            assert!(((likelihood - largest).exp() / total - probability).abs() < 1e-9);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_rows_gives_the_same_model(
        seed in 0u64..1000, n in 1usize..150, classes in 1u32..5, coins: bool,
        order in Just((0..150usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (records, labels) = random(n, 9, classes, seed);
        let params = if coins { bernoulli() } else { gaussian() };
        let order: Vec<usize> = order.into_iter().filter(|&row| row < n).collect();
        let shuffled: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let model = fit(params.clone(), &records, &labels, classes as usize);
        prop_assert_eq!(&fit(params, &records.select(Axis(0), &order), &shuffled, classes as usize), &model);
        prop_assert!(is_distribution(&model, &records));
        let vectors = model.predict_proba(records.view()).unwrap();
        for row in 0..n.min(5) {
            let alone = model.predict_proba(records.select(Axis(0), &[row]).view()).unwrap();
            prop_assert_eq!(alone.row(0), vectors.row(row));
        }
    }

    #[test]
    fn doubled_rows_change_no_normal_distribution(seed in 0u64..1000, n in 2usize..80, classes in 1u32..5) {
        let (records, labels) = random(n, 5, classes, seed);
        let twice: Vec<usize> = (0..n).chain(0..n).collect();
        let doubled: Vec<u32> = twice.iter().map(|&row| labels[row]).collect();
        let a = fit(gaussian(), &records.select(Axis(0), &twice), &doubled, classes as usize);
        let b = fit(gaussian(), &records, &labels, classes as usize);
        let apart = &a.predict_proba(records.view()).unwrap().view() - &b.predict_proba(records.view()).unwrap().view();
        prop_assert!(apart.iter().all(|apart| apart.abs() < 1e-6));
    }
}

#[test]
fn any_number_of_threads_gives_the_same_answers() {
    let (records, labels) = random(5000, 30, 4, 3);
    for params in [gaussian(), bernoulli()] {
        let answers = [1, 2, 5].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let model = fit(params.clone(), &records, &labels, 4);
                model.predict_proba(records.view()).unwrap()
            })
        });
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }
}

#[test]
fn however_far_the_answer_is_a_distribution() {
    let (records, labels) = random(300, 3072, 5, 2);
    let (small, small_labels) = random(60, 4, 3, 2);
    for params in [gaussian(), bernoulli(), RawNaiveBayesParams { var_smoothing: 0.0, ..gaussian() }] {
        let model = fit(params.clone(), &records, &labels, 5);
        for value in [0.0, 1e30, -1e30, f32::MAX, f32::MIN] {
            assert!(is_distribution(&model, &Array2::from_elem((3, 3072), value)), "{value}");
        }
        assert!(is_distribution(&model, &records));
        let model = fit(params, &small, &small_labels, 3);
        assert!(is_distribution(&model, &Array2::from_elem((1, 4), 1e30)));
    }
    // Variances of zero, without smoothing: on its only value a class is certain; where none can be, none is preferred.
    let params = RawNaiveBayesParams { var_smoothing: 0.0, ..gaussian() };
    let model = fit(params, &array![[1.0], [2.0]], &[0, 1], 2);
    let vectors = model.predict_proba(array![[1.0], [2.0], [3e38], [-7.0]].view()).unwrap();
    assert_eq!(vectors.view(), array![[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.5, 0.5]]);
}

#[test]
fn little_to_learn_from() {
    for params in [gaussian(), bernoulli()] {
        let empty = fit(params.clone(), &Array2::zeros((0, 3)), &[], 4);
        assert_eq!(
            empty.predict_proba(Array2::zeros((1, 3)).view()).unwrap().row(0),
            array![0.25, 0.25, 0.25, 0.25]
        );
        let one_class = fit(params.clone(), &array![[1.0], [2.0]], &[2, 2], 3);
        assert_eq!(one_class.predict_proba(array![[9.0]].view()).unwrap().row(0), array![0.0, 0.0, 1.0]);
        let one_row = fit(params.clone(), &array![[1.0, 5.0]], &[0], 2);
        assert_eq!(one_row.predict_proba(array![[0.0, 0.0]].view()).unwrap().row(0), array![1.0, 0.0]);
        let unseen = fit(params.clone(), &array![[0.0], [1.0], [0.0], [1.0]], &[0, 2, 0, 2], 3);
        let vector = unseen.predict_proba(array![[1.0]].view()).unwrap();
        assert!(vector.row(0)[1] == 0.0 && vector.row(0)[2] > 0.5);
        let labels: Vec<u32> = [vec![0; 50], vec![1; 30], vec![2; 20]].concat();
        for records in [Array2::<f32>::zeros((100, 0)), Array2::from_elem((100, 2), 7.25)] {
            let model = fit(params.clone(), &records, &labels, 3);
            let vectors = model.predict_proba(records.view()).unwrap();
            // Counts of the smaller classes leave more doubt about a constant feature, which a coin shows.
            let slack = if params.distribution == Distribution::Bernoulli { 0.05 } else { 1e-12 };
            assert!(vectors.row(0).iter().zip([0.5, 0.3, 0.2]).all(|(a, b)| (a - b).abs() < slack));
        }
    }
}

#[test]
fn many_alike_and_many_features() {
    let labels: Vec<u32> = (0..100_000).map(|row| u32::from(row % 4 == 0)).collect();
    for params in [gaussian(), bernoulli()] {
        let model = fit(params.clone(), &Array2::from_elem((100_000, 3), 1.5), &labels, 2);
        let vector = model.predict_proba(array![[1.5, 1.5, 1.5]].view()).unwrap();
        assert!((vector.row(0)[1] - 0.25).abs() < 1e-4);
        let (records, labels) = random(30, 50_000, 3, 1);
        assert!(is_distribution(&fit(params, &records, &labels, 3), &records));
    }
}

#[test]
fn a_model_is_kept_whole_and_checked() {
    let (records, labels) = random(60, 4, 3, 1);
    for params in [gaussian(), bernoulli()] {
        for (labels, classes) in [(labels.clone(), 5), (vec![1; 60], 2)] {
            let model = fit(params.clone(), &records, &labels, classes).into_local();
            let mut writer = Writer::default();
            model.encode(&mut writer);
            let bytes = writer.into_bytes();
            assert_eq!(LocalModel::decode(&mut Reader::new(&bytes), 4), Ok(model.clone()));
            for length in 0..bytes.len() {
                assert!(LocalModel::decode(&mut Reader::new(&bytes[..length]), 4).is_err());
            }
            let mut altered = bytes.clone();
            altered[1] = 9;
            assert!(LocalModel::decode(&mut Reader::new(&altered), 4).unwrap_err().contains("kind 9"));
            // The last byte of the first prior holds its sign and the top of its exponent.
            let prior = 1 + 1 + 8 + 8 + 8 + 4 * if classes == 5 { 3 } else { 1 } + 7;
            let mut altered = bytes.clone();
            altered[prior] = 0x40;
            assert!(LocalModel::decode(&mut Reader::new(&altered), 4).unwrap_err().contains("sum"));
            assert_eq!(model.convergence(), None);
            assert!(model.memory_bytes() > size_of::<NaiveBayes>());
        }
    }
}

#[test]
fn it_is_a_learner() {
    let (records, labels) = random(50, 3, 2, 1);
    let learner: Learner =
        serde_json::from_str("{\"naive_bayes\": {\"distribution\": \"bernoulli\"}}").unwrap();
    assert_eq!((learner.name(), learner.reproducible(9)), ("naive_bayes", true));
    let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
    let model = learner.fit(samples, Seed::root(0)).unwrap();
    assert_eq!(model, fit(bernoulli(), &records, &labels, 2).into_local());
    assert_eq!((model.features(), model.classes()), (3, 2));
    assert!(matches!(
        model.predict_proba(array![[1.0]].view()),
        Err(LearnerError::Width { expected: 3, got: 1 })
    ));
}
