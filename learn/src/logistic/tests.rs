//! Known answers, the gradient against differences, what must not change a fit, and the edges.

use ndarray::{Array1, Array2, Axis, array};
use proptest::prelude::*;

use super::objective::Objective;
use super::records::Records;
use super::*;
use crate::dataset::Samples;
use crate::learner::{Learner, LearnerError, LocalModel, Model, Reader, Writer};
use crate::seed::Seed;
use crate::tree::random;

fn raw() -> RawLogisticParams {
    RawLogisticParams::default()
}

fn tight() -> RawLogisticParams {
    RawLogisticParams { tolerance: 1e-7, ..raw() }
}

fn fit(
    params: RawLogisticParams,
    records: &Array2<f32>,
    labels: &[u32],
    classes: usize,
) -> LogisticRegression {
    let samples = Samples { records: records.view(), labels, classes };
    LogisticRegression::fit_samples(&params.check().unwrap(), samples).unwrap()
}

/// 1/2 |W|^2 + C * sum of losses, from the model's own answers.
fn objective(model: &LogisticRegression, c: f64, records: &Array2<f32>, labels: &[u32]) -> f64 {
    let vectors = model.predict_proba(records.view()).unwrap();
    let losses = labels.iter().enumerate().map(|(row, &label)| -vectors.row(row)[label as usize].ln());
    0.5 * model.weights().iter().map(|weight| weight * weight).sum::<f64>() + c * losses.sum::<f64>()
}

#[test]
fn two_records_by_hand() {
    // Records -1 and 1 of classes 0 and 1: the intercept is 0 by symmetry, and the weight w of the one score solves
    // w = 2 C / (1 + e^w), the derivative of w^2 / 2 + 2 C ln(1 + e^-w).
    let model = fit(tight(), &array![[-1.0], [1.0]], &[0, 1], 2);
    let weight = model.weights()[(0, 0)];
    assert!((weight - 2.0 / (1.0 + weight.exp())).abs() < 1e-7, "{weight}");
    assert!(model.intercepts()[0].abs() < 1e-7);
    let vector = model.predict_proba(array![[1.0]].view()).unwrap();
    assert!((vector.row(0)[1] - 1.0 / (1.0 + (-weight).exp())).abs() < 1e-12);
}

#[test]
fn three_classes_by_hand() {
    // One feature a class, one record each: weights are a on the diagonal and -a / 2 off it by symmetry (they sum to zero),
    // so scores are 3 a / 2 apart with u = e^(-3 a / 2), p = 1 / (1 + 2 u), and the gradient gives a = C (1 - p).
    let model = fit(tight(), &Array2::eye(3), &[0, 1, 2], 3);
    let a = model.weights()[(0, 0)];
    let p = 1.0 / (1.0 + 2.0 * (-1.5 * a).exp());
    assert!((a - (1.0 - p)).abs() < 1e-7, "{a}");
    assert!((model.weights()[(0, 1)] + a / 2.0).abs() < 1e-7);
    assert!(model.convergence().unwrap().converged);
}

#[test]
fn the_objective_told_is_that_of_the_answers() {
    for classes in [2, 4] {
        let (records, labels) = random(150, 6, classes, 5);
        let params = RawLogisticParams { c: 0.3, ..raw() };
        let model = fit(params, &records, &labels, classes as usize);
        let reported = model.convergence().unwrap().objective;
        assert!((objective(&model, 0.3, &records, &labels) / reported - 1.0).abs() < 1e-6);
    }
}

#[test]
fn the_gradient_is_that_of_differences() {
    for classes in [2u32, 5] {
        let (records, labels) = random(97, 7, classes, 2);
        let counts: Vec<usize> =
            (0..classes).map(|class| labels.iter().filter(|&&label| label == class).count()).collect();
        let (records, scaling) = Records::scaled(records);
        let objective = Objective::new(&records, &labels, &counts, &scaling, 0.7);
        let mut variables = objective.start(&counts);
        variables.iter_mut().enumerate().for_each(|(i, value)| *value += ((i * 37 % 11) as f64 - 5.0) * 0.1);
        let at = |variables: &Array1<f64>| objective.gradient::<f64>(variables, &objective.scores(variables));
        let (_, gradient) = at(&variables);
        let (_, single) = objective.gradient::<f32>(&variables, &objective.scores(&variables));
        for place in 0..variables.len() {
            let moved = |by: f64| {
                let mut moved = variables.clone();
                moved[place] += by;
                at(&moved).0
            };
            let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((difference - gradient[place]).abs() < 1e-8, "{place}: {difference} {}", gradient[place]);
            assert!((single[place] - gradient[place]).abs() < 1e-6);
        }
        // The slope along a line is the gradient times the direction, without the penalty.
        let direction = gradient.mapv(|entry| -entry);
        let (scores, moves) = (objective.scores::<f64>(&variables), objective.scores::<f64>(&direction));
        let (loss, slope) = objective.along(&scores, &moves, 0.0);
        let (further, _) = objective.along(&scores, &moves, 1e-6);
        assert!(((further - loss) / 1e-6 - slope).abs() < 1e-5 * slope.abs());
    }
}

#[test]
fn curvatures_are_second_differences() {
    let (records, labels) = random(80, 5, 3, 4);
    let counts: Vec<usize> =
        (0..3).map(|class| labels.iter().filter(|&&label| label == class).count()).collect();
    let (records, scaling) = Records::scaled(records);
    let mut objective = Objective::new(&records, &labels, &counts, &scaling, 1e9);
    let start = objective.start(&counts);
    let again = objective.measure_again::<f64>(&start, &objective.scores(&start), 1e-9);
    // Measured at the place itself, and with next to no penalty, every second derivative is one.
    let value = |place: usize, by: f64| {
        let mut moved = again.clone();
        moved[place] += by;
        objective.gradient::<f64>(&moved, &objective.scores(&moved)).0
    };
    for place in 0..again.len() {
        let second = (value(place, 1e-3) - 2.0 * value(place, 0.0) + value(place, -1e-3)) / 1e-6;
        assert!((second - 1.0).abs() < 1e-3, "{place}: {second}");
    }
}

#[test]
fn neither_units_nor_offsets_of_unpenalised_features_matter() {
    // With next to no penalty the answers are those of the features in any units.
    let (records, labels) = random(120, 4, 3, 8);
    let mut other = records.clone();
    other.column_mut(0).mapv_inplace(|value| value * 65_536.0);
    other.column_mut(3).mapv_inplace(|value| (value * 1024.0).round() + 200_000.0);
    let mut base = records.clone();
    base.column_mut(3).mapv_inplace(|value| (value * 1024.0).round());
    let params = RawLogisticParams { c: 1e6, tolerance: 1e-6, ..raw() };
    let [a, b] = [&base, &other].map(|records| {
        let model = fit(params.clone(), records, &labels, 3);
        assert!(model.convergence().unwrap().converged, "{:?}", model.convergence());
        model.predict_proba(records.view()).unwrap()
    });
    assert!((&a.view() - &b.view()).iter().all(|apart| apart.abs() < 1e-4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_rows_gives_the_same_model(
        seed in 0u64..1000, n in 1usize..150, classes in 1u32..5,
        order in Just((0..150usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (records, labels) = random(n, 6, classes, seed);
        let order: Vec<usize> = order.into_iter().filter(|&row| row < n).collect();
        let shuffled: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let model = fit(raw(), &records, &labels, classes as usize);
        prop_assert_eq!(&fit(raw(), &records.select(Axis(0), &order), &shuffled, classes as usize), &model);
        let vectors = model.predict_proba(records.view()).unwrap();
        prop_assert!(vectors.view().rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12));
        for row in 0..n.min(5) {
            let alone = records.select(Axis(0), &[row]);
            let alone = model.predict_proba(alone.view()).unwrap();
            prop_assert_eq!(alone.row(0), vectors.row(row));
        }
    }

    #[test]
    fn doubled_rows_are_a_doubled_c(seed in 0u64..1000, n in 5usize..80, classes in 2u32..5) {
        let (records, labels) = random(n, 5, classes, seed);
        let twice: Vec<usize> = (0..n).chain(0..n).collect();
        let doubled: Vec<u32> = twice.iter().map(|&row| labels[row]).collect();
        let a = fit(tight(), &records.select(Axis(0), &twice), &doubled, classes as usize);
        let b = fit(RawLogisticParams { c: 2.0, ..tight() }, &records, &labels, classes as usize);
        let [of_a, of_b] = [&a, &b].map(|model| model.convergence().unwrap().objective);
        prop_assert!((of_a - of_b).abs() <= 1e-7 * of_b);
        let apart = &a.predict_proba(records.view()).unwrap().view() - &b.predict_proba(records.view()).unwrap().view();
        prop_assert!(apart.iter().all(|apart| apart.abs() < 1e-5));
    }

    #[test]
    fn no_weight_can_be_moved_to_gain(seed in 0u64..1000, n in 5usize..120, classes in 2u32..5) {
        let (records, labels) = random(n, 4, classes, seed);
        let model = fit(raw(), &records, &labels, classes as usize);
        prop_assert!(model.convergence().unwrap().converged);
        let least = objective(&model, 1.0, &records, &labels);
        for place in 0..model.weights.len() {
            for by in [-0.05, 0.05] {
                let mut moved = model.clone();
                moved.weights[place] += by;
                prop_assert!(objective(&moved, 1.0, &records, &labels) > least);
            }
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_model() {
    let (records, labels) = random(6000, 40, 4, 3);
    let models = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(raw(), &records, &labels, 4))
    });
    assert!(models[0].convergence().unwrap().converged);
    assert_eq!(models[0], models[1]);
    assert_eq!(models[0], models[2]);
}

#[test]
fn little_to_learn_from() {
    let no_rows = Array2::<f32>::zeros((0, 3));
    let model = fit(raw(), &no_rows, &[], 4);
    assert_eq!(
        model.predict_proba(Array2::zeros((1, 3)).view()).unwrap().view(),
        array![[0.25, 0.25, 0.25, 0.25]]
    );
    let one_class = fit(raw(), &array![[1.0], [2.0]], &[2, 2], 3);
    assert_eq!(one_class.predict_proba(array![[9.0]].view()).unwrap().view(), array![[0.0, 0.0, 1.0]]);
    assert!(one_class.convergence().unwrap().converged);
    let one_row = fit(raw(), &array![[1.0, 5.0]], &[0], 2);
    assert_eq!(one_row.predict_proba(array![[0.0, 0.0]].view()).unwrap().view(), array![[1.0, 0.0]]);
    // Class 1 of 3 is never shown.
    let unseen = fit(raw(), &array![[0.0], [1.0], [0.0], [1.0]], &[0, 2, 0, 2], 3);
    let vector = unseen.predict_proba(array![[1.0]].view()).unwrap();
    assert!(vector.row(0)[1] == 0.0 && vector.row(0)[2] > 0.5);
}

#[test]
fn features_that_say_nothing_leave_the_class_shares() {
    let shares = [0.5, 0.3, 0.2];
    let labels: Vec<u32> = [vec![0; 50], vec![1; 30], vec![2; 20]].concat();
    for records in [Array2::<f32>::zeros((100, 0)), Array2::from_elem((100, 2), 7.25)] {
        let model = fit(raw(), &records, &labels, 3);
        assert!(
            model.convergence().unwrap().converged && model.weights().iter().all(|&weight| weight == 0.0)
        );
        let vectors = model.predict_proba(records.view()).unwrap();
        assert!(vectors.row(0).iter().zip(shares).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}

#[test]
fn many_alike_and_many_features() {
    let labels: Vec<u32> = (0..100_000).map(|row| u32::from(row % 4 == 0)).collect();
    let model = fit(raw(), &Array2::from_elem((100_000, 3), 1.5), &labels, 2);
    let vector = model.predict_proba(array![[1.5, 1.5, 1.5]].view()).unwrap();
    assert!((vector.row(0)[1] - 0.25).abs() < 1e-9);
    let (records, labels) = random(30, 50_000, 3, 1);
    let model = fit(raw(), &records, &labels, 3);
    assert!(model.convergence().unwrap().converged, "{:?}", model.convergence());
    assert_eq!(model.predict_proba(records.view()).unwrap().accuracy(&labels), Some(1.0));
}

#[test]
fn huge_and_tiny_values_stay_numbers() {
    let records = array![[3e38, 1e-40, 1.0], [-3e38, 0.0, 2.0], [3e38, 2e-40, 3.0], [-3e38, 1e-40, 5.0]];
    for (c, labels, classes) in [(1.0, [0, 1, 0, 1], 2), (1e15, [0, 1, 2, 1], 3), (1e-15, [0, 1, 2, 1], 3)] {
        let model = fit(RawLogisticParams { c, ..raw() }, &records, &labels, classes);
        assert!(model.weights().iter().chain(model.intercepts()).all(|value| value.is_finite()));
        let far = array![[3.4e38, 3.4e38, -3.4e38], [-3.4e38, 0.0, 3.4e38]];
        for records in [&records, &far] {
            let vectors = model.predict_proba(records.view()).unwrap();
            assert!(
                vectors.view().rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12),
                "{vectors:?}"
            );
        }
    }
}

#[test]
fn what_has_not_converged_says_so() {
    let (records, labels) = random(200, 12, 4, 6);
    let model = fit(RawLogisticParams { max_iterations: 2, ..raw() }, &records, &labels, 4);
    let reported = model.convergence().unwrap();
    assert!(!reported.converged && reported.iterations == 2 && reported.gradient > 1e-3, "{reported:?}");
    let model = model.into_local();
    assert_eq!(model.convergence(), Some(reported));
    let better = fit(raw(), &records, &labels, 4).convergence().unwrap();
    assert!(better.converged && better.objective < reported.objective && better.gradient <= 1e-3);
}

#[test]
fn a_model_is_kept_whole_and_checked() {
    let (records, labels) = random(60, 4, 3, 1);
    for (labels, classes) in
        [(labels.clone(), 5), (labels.iter().map(|&label| label % 2).collect(), 2), (vec![1; 60], 2)]
    {
        let model = fit(raw(), &records, &labels, classes).into_local();
        let mut writer = Writer::default();
        model.encode(&mut writer);
        let bytes = writer.into_bytes();
        assert_eq!(LocalModel::decode(&mut Reader::new(&bytes), 4), Ok(model.clone()));
        for length in 0..bytes.len() {
            assert!(LocalModel::decode(&mut Reader::new(&bytes[..length]), 4).is_err());
        }
        let mut altered = bytes.clone();
        let flag = bytes.len() - (1 + 4 + 16);
        altered[flag] = 7;
        assert!(LocalModel::decode(&mut Reader::new(&altered), 4).unwrap_err().contains("converged"));
        assert!(model.memory_bytes() >= size_of::<LogisticRegression>());
    }
}

#[test]
fn it_is_a_learner() {
    let (records, labels) = random(50, 3, 2, 1);
    let learner: Learner = serde_json::from_str("{\"logistic_regression\": {\"c\": 2.0}}").unwrap();
    assert_eq!((learner.name(), learner.reproducible(9)), ("logistic_regression", true));
    let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
    let model = learner.fit(samples, Seed::root(0)).unwrap();
    let direct = fit(RawLogisticParams { c: 2.0, ..raw() }, &records, &labels, 2);
    assert_eq!(model, direct.into_local());
    assert_eq!((model.features(), model.classes()), (3, 2));
    assert!(matches!(
        model.predict_proba(array![[1.0]].view()),
        Err(LearnerError::Width { expected: 3, got: 1 })
    ));
}
