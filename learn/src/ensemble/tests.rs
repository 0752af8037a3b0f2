//! Ensembles with known answers, what must not change them, and what their files refuse.

use ndarray::{Array2, Axis, array};
use proptest::prelude::*;

use super::*;
use crate::dataset::Samples;
use crate::knn::RawKnnParams;
use crate::learner::{Learner, LearnerError, LocalModel, Model, Reader, Writer};
use crate::seed::Seed;
use crate::tree::{ClassWeight, Engine, MaxFeatures, RawTreeParams, TreeParams, random};

fn seed() -> Seed {
    Seed::root(6)
}

fn tree() -> Learner {
    Learner::DecisionTree(TreeParams::default())
}

fn forest(change: impl FnOnce(&mut RawForestParams)) -> Learner {
    let mut raw = RawForestParams { trees: 7, ..RawForestParams::default() };
    change(&mut raw);
    Learner::RandomForest(raw.check().unwrap())
}

fn boost(change: impl FnOnce(&mut RawAdaBoostParams)) -> Learner {
    let mut raw = RawAdaBoostParams { rounds: 9, ..RawAdaBoostParams::default() };
    change(&mut raw);
    Learner::AdaBoost(raw.check().unwrap())
}

fn knn() -> Learner {
    Learner::Knn(RawKnnParams { k: 1, ..RawKnnParams::default() }.check().unwrap())
}

fn bagging(learner: Learner, models: u32) -> Learner {
    Learner::Bagging(RawBaggingParams { models, ..RawBaggingParams::of(learner) }.check().unwrap())
}

fn voting(learners: Vec<Learner>, weights: Option<Vec<f64>>) -> Learner {
    Learner::SoftVoting(RawSoftVotingParams { learners, weights }.check().unwrap())
}

/// One of each, and nested ones.
fn all() -> Vec<Learner> {
    let pair = voting(vec![tree(), boost(|_| ())], Some(vec![1.0, 2.5]));
    vec![
        forest(|_| ()),
        forest(|raw| raw.tree.class_weight = Some(ClassWeight::Balanced)),
        boost(|_| ()),
        boost(|raw| raw.tree.max_features = Some(MaxFeatures::Count(2))),
        bagging(tree(), 3),
        pair.clone(),
        bagging(bagging(pair, 2), 2),
        // Learners that rank no columns, alone and beside one that does.
        bagging(knn(), 2),
        voting(vec![knn(), tree()], None),
    ]
}

fn fit(learner: &Learner, records: &Array2<f32>, labels: &[u32], classes: usize) -> LocalModel {
    learner.fit(Samples { records: records.view(), labels, classes }, seed()).unwrap()
}

fn answers(model: &LocalModel, records: &Array2<f32>) -> Array2<f64> {
    model.predict_proba(records.view()).unwrap().view().to_owned()
}

fn bytes(model: &LocalModel) -> Vec<u8> {
    let mut writer = Writer::default();
    model.encode(&mut writer);
    writer.into_bytes()
}

fn near(a: &Array2<f64>, b: &Array2<f64>) -> bool {
    a.dim() == b.dim() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
}

/// Softmax of f/(K - 1) for votes by class.
fn of_votes(votes: &[f64]) -> Vec<f64> {
    let (all, others) = (votes.iter().sum::<f64>(), votes.len() as f64 - 1.0);
    let terms: Vec<f64> =
        votes.iter().map(|vote| ((vote - (all - vote) / others) / all / others).exp()).collect();
    let sum: f64 = terms.iter().sum();
    terms.iter().map(|term| term / sum).collect()
}

#[test]
fn three_rounds_of_boosting_by_hand() {
    let records = array![[1.0], [2.0], [3.0], [4.0], [5.0]];
    let labels = [0, 0, 1, 1, 0];
    let rounds = |rounds| {
        let model = fit(&boost(|raw| raw.rounds = rounds), &records, &labels, 2);
        let boosted = model.downcast_ref::<AdaBoostModel>().unwrap();
        (boosted.rounds().iter().map(|(_, vote)| *vote).collect::<Vec<_>>(), answers(&model, &records))
    };
    // 0 0 | 1 1 0 misses the last: 1/5. The last then weighs 1/2, the others 1/8: 0 0 1 1 | 0 says 0 everywhere and misses 1/4.
    // Weights 1/12 1/12 1/4 1/4 1/3: the same split says 1 on the left and misses 1/6.
    let votes: Vec<f64> = [4f64, 3.0, 5.0].map(f64::ln).to_vec();
    let (given, vectors) = rounds(3);
    assert!(given.iter().zip(&votes).all(|(a, b)| (a - b).abs() < 1e-12), "{given:?}");
    let (low, middle, high) = (
        of_votes(&[votes[0] + votes[1], votes[2]]),
        of_votes(&[votes[1], votes[0] + votes[2]]),
        of_votes(&[votes[1] + votes[2], votes[0]]),
    );
    let expected = array![
        [low[0], low[1]],
        [low[0], low[1]],
        [middle[0], middle[1]],
        [middle[0], middle[1]],
        [high[0], high[1]]
    ];
    assert!(near(&vectors, &expected), "{vectors} {expected}");
    let (given, vectors) = rounds(1);
    assert!((given[0] - votes[0]).abs() < 1e-12);
    let sure = 1.0 / (1.0 + (-2f64).exp());
    assert!((vectors[[0, 0]] - sure).abs() < 1e-12 && (vectors[[4, 1]] - sure).abs() < 1e-12);
}

#[test]
fn boosting_knows_how_many_classes_there_are() {
    // 1 | 2 3 says the second class on the right and misses the third: ln 2 + ln(3 - 1).
    let records = array![[1.0], [2.0], [3.0]];
    let model = fit(&boost(|raw| raw.rounds = 1), &records, &[0, 2, 3], 5);
    let boosted = model.downcast_ref::<AdaBoostModel>().unwrap();
    assert!((boosted.rounds()[0].1 - 4f64.ln()).abs() < 1e-12);
    let sum = 0.5f64.exp() + 2.0 * (-0.25f64).exp();
    let (said, not) = (0.5f64.exp() / sum, (-0.25f64).exp() / sum);
    let expected = array![[said, 0.0, not, not, 0.0], [not, 0.0, said, not, 0.0], [not, 0.0, said, not, 0.0]];
    assert!(near(&answers(&model, &records), &expected));
}

#[test]
fn boosting_stops_at_a_perfect_tree_and_at_one_no_better_than_chance() {
    let rounds = |records: &Array2<f32>, labels: &[u32]| {
        let model = fit(&boost(|_| ()), records, labels, 3);
        let boosted = model.downcast_ref::<AdaBoostModel>().unwrap();
        (boosted.rounds().iter().map(|(_, vote)| *vote).collect::<Vec<_>>(), answers(&model, records))
    };
    let (votes, vectors) = rounds(&array![[1.0], [2.0]], &[0, 2]);
    assert_eq!(votes, [1.0]);
    let sure = 1.0 / (1.0 + (-2f64).exp());
    assert!(near(&vectors, &array![[sure, 0.0, 1.0 - sure], [1.0 - sure, 0.0, sure]]));
    let (votes, vectors) = rounds(&array![[1.0], [1.0]], &[0, 2]);
    assert_eq!((votes.len(), vectors), (0, array![[0.5, 0.0, 0.5], [0.5, 0.0, 0.5]]));
}

#[test]
fn votes_are_weighted_means() {
    let (records, labels) = random(80, 5, 3, 1);
    let stump = Learner::DecisionTree(
        RawTreeParams { max_depth: Some(1), ..RawTreeParams::default() }.check().unwrap(),
    );
    let [full, small] =
        [tree(), stump.clone()].map(|learner| answers(&fit(&learner, &records, &labels, 3), &records));
    let vote = |weights| {
        answers(&fit(&voting(vec![tree(), stump.clone()], weights), &records, &labels, 3), &records)
    };
    assert!(near(&vote(None), &((&full + &small) / 2.0)));
    assert!(near(&vote(Some(vec![3.0, 1.0])), &((3.0 * &full + &small) / 4.0)));
    assert_eq!(answers(&fit(&voting(vec![tree()], None), &records, &labels, 3), &records), full);
}

#[test]
fn a_forest_of_one_whole_tree_is_the_tree() {
    let (records, labels) = random(150, 6, 4, 3);
    let one = forest(|raw| (raw.trees, raw.bootstrap, raw.tree.max_features) = (1, false, None));
    let one = fit(&one, &records, &labels, 4);
    let one = one.downcast_ref::<ForestModel>().unwrap();
    assert_eq!(one.trees()[0].clone().into_local(), fit(&tree(), &records, &labels, 4));
    // Bagged trees are a forest whose trees look at everything.
    let model = fit(&forest(|raw| raw.tree.max_features = None), &records, &labels, 4);
    let forest = model.downcast_ref::<ForestModel>().unwrap();
    let mean = forest
        .trees()
        .iter()
        .fold(Array2::zeros((150, 4)), |sum, tree| sum + tree.predict_proba(records.view()).unwrap().view());
    assert!(near(&forest.predict_proba(records.view()).unwrap().view().to_owned(), &(mean / 7.0)));
    assert!(forest.trees().windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn edges_are_defined() {
    for learner in all() {
        let model = fit(&learner, &Array2::zeros((0, 2)), &[], 4);
        assert_eq!(answers(&model, &array![[1.0, 2.0]]), array![[0.25, 0.25, 0.25, 0.25]], "{learner:?}");
        // One class, one row, constant features, no features.
        for (records, labels) in [
            (array![[1.0, 2.0], [3.0, 4.0]], vec![1, 1]),
            (array![[1.0, 2.0]], vec![1]),
            (Array2::from_elem((4, 2), 3.0), vec![1; 4]),
            (Array2::zeros((3, 0)), vec![1; 3]),
        ] {
            let model = fit(&learner, &records, &labels, 3);
            assert_eq!(answers(&model, &records).row(0), array![0.0, 1.0, 0.0], "{learner:?}");
        }
        let model = fit(&learner, &Array2::zeros((6, 0)), &[0, 0, 2, 2, 2, 2], 3);
        assert_eq!(answers(&model, &Array2::zeros((1, 0)))[[0, 1]], 0.0, "{learner:?}");
        // What cannot be judged or trained on.
        let (records, labels) = random(20, 4, 2, 1);
        let model = fit(&learner, &records, &labels, 2);
        let wide = model.predict_proba(array![[1.0, 2.0]].view());
        assert!(matches!(wide, Err(LearnerError::Width { expected: 4, got: 2 })));
        let mut endless = Array2::zeros((600, 4));
        endless[[555, 3]] = f32::NAN;
        let endless = model.predict_proba(endless.view());
        assert!(matches!(endless, Err(LearnerError::NotFinite { row: 555, feature: 3, .. })));
        let prepared = learner.prepare(records.view()).unwrap();
        let error = |labels: &[u32], rows: &[usize]| {
            learner.fit_rows(&prepared, labels, rows, 2, seed()).unwrap_err()
        };
        assert!(matches!(error(&labels[1..], &[0]), LearnerError::Lengths { records: 20, labels: 19 }));
        assert!(matches!(error(&labels, &[20]), LearnerError::Row { row: 20, records: 20 }));
        assert!(matches!(error(&[7; 20], &[3]), LearnerError::Label { row: 3, label: 7, classes: 2 }));
        assert!(learner.reproducible(9));
    }
}

#[test]
fn only_what_adds_in_random_order_is_not_reproducible() {
    let linfa = RawTreeParams { engine: Engine::Linfa, ..RawTreeParams::default() };
    let linfa = Learner::DecisionTree(linfa.check().unwrap());
    let forest = forest(|raw| (raw.tree.engine, raw.tree.max_features) = (Engine::Linfa, None));
    for learner in [bagging(linfa.clone(), 2), voting(vec![tree(), linfa.clone()], None), forest] {
        assert!(learner.reproducible(2) && !learner.reproducible(3), "{learner:?}");
    }
    let raw = RawAdaBoostParams::default();
    let raw = RawAdaBoostParams { tree: RawTreeParams { engine: Engine::Linfa, ..raw.tree }, ..raw };
    assert!(raw.check().is_err());
}

#[test]
fn nesting_is_bounded() {
    let two = bagging(bagging(tree(), 2), 2);
    let three = voting(vec![tree(), two], None);
    let deep = RawBaggingParams { models: 2, ..RawBaggingParams::of(three.clone()) };
    let four = Learner::Bagging(deep.check().unwrap());
    let (records, labels) = random(30, 4, 2, 1);
    let model = fit(&four, &records, &labels, 2);
    let bytes = bytes(&model);
    assert_eq!(LocalModel::decode(&mut Reader::new(&bytes), 4), Ok(model));
    let refused = RawBaggingParams::of(four.clone()).check().unwrap_err();
    assert!(refused[0].to_string().contains("4 deep"), "{}", refused[0]);
    assert!(RawSoftVotingParams { learners: vec![tree(), four], weights: None }.check().is_err());
    let many = RawBaggingParams { models: 1001, ..RawBaggingParams::of(forest(|raw| raw.trees = 100)) };
    assert!(many.check().unwrap_err()[0].to_string().contains("100100 models"));
    // Bytes nested deeper are refused as well: 12, one model, over and over.
    let deep = [12u8, 1, 0, 0, 0].repeat(50);
    assert!(LocalModel::decode(&mut Reader::new(&deep), 4).unwrap_err().contains("too deep"));
}

#[test]
fn ensembles_survive_their_bytes_and_other_bytes_say_why() {
    let (records, labels) = random(40, 4, 3, 2);
    for learner in all() {
        let model = fit(&learner, &records, &labels, 4);
        let good = bytes(&model);
        let mut reader = Reader::new(&good);
        assert_eq!(LocalModel::decode(&mut reader, 4).as_ref(), Ok(&model));
        assert_eq!(reader.left(), 0);
        assert!(model.memory_bytes() > good.len() / 2);
        for length in (0..good.len()).step_by(7) {
            assert!(LocalModel::decode(&mut Reader::new(&good[..length]), 4).is_err());
        }
        for place in 0..good.len() {
            let mut bytes = good.clone();
            bytes[place] ^= 0x81;
            // Nothing panics, and what passes can be asked.
            if let Ok(model) = LocalModel::decode(&mut Reader::new(&bytes), 4)
                && model.features() == 4
            {
                model.predict_proba(records.view()).unwrap();
            }
        }
    }
}

#[test]
fn learners_survive_what_is_written_down() {
    for learner in all() {
        let text = serde_json::to_string(&learner).unwrap();
        assert_eq!(serde_json::from_str::<Learner>(&text).unwrap(), learner);
    }
    // As it was written before trees had options.
    let text = r#"{"decision_tree": {"max_depth": null, "min_samples_split": 2, "min_samples_leaf": 1,
        "min_impurity_decrease": 0.0, "criterion": "gini", "engine": "cart"}}"#;
    assert_eq!(serde_json::from_str::<Learner>(text).unwrap(), tree());
    let text = r#"{"soft_voting": {"learners": []}}"#;
    assert!(serde_json::from_str::<Learner>(text).unwrap_err().to_string().contains("learners"));
}

#[test]
fn any_number_of_threads_gives_the_same_ensemble() {
    let (records, labels) = random(700, 12, 4, 3);
    for learner in all() {
        let [one, many] = [1, 4].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let model = fit(&learner, &records, &labels, 4);
                (answers(&model, &records), bytes(&model))
            })
        });
        assert_eq!(one, many);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_rows_gives_the_same_ensemble_on_the_simplex(
        seed in 0u64..1000, n in 1usize..90, classes in 1u32..5,
        order in Just((0..90usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (records, labels) = random(n, 6, classes, seed);
        let order: Vec<usize> = order.into_iter().filter(|&row| row < n).collect();
        let shuffled = records.select(Axis(0), &order);
        let shuffled_labels: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let classes = classes as usize + 1;
        for learner in all() {
            let model = fit(&learner, &records, &labels, classes);
            prop_assert_eq!(&fit(&learner, &shuffled, &shuffled_labels, classes), &model);
            let prepared = learner.prepare(records.view()).unwrap();
            prop_assert_eq!(&learner.fit_rows(&prepared, &labels, &order, classes, self::seed()).unwrap(), &model);
            let vectors = model.predict_proba(records.view()).unwrap();
            prop_assert!(crate::PredictionVectors::new(vectors.view().to_owned()).is_ok());
            // The last class is never seen.
            prop_assert!(vectors.view().column(classes - 1).iter().all(|&share| share == 0.0));
        }
    }

    #[test]
    fn boosting_once_rows_given_twice_changes_nothing(seed in 0u64..1000, n in 2usize..90) {
        let (records, labels) = random(n, 6, 3, seed);
        let twice: Vec<usize> = (0..n).chain(0..n).collect();
        // One round: from the second on, weights are floats that round, and splits as good as each other may change places.
        let learner = boost(|raw| raw.rounds = 1);
        let prepared = learner.prepare(records.view()).unwrap();
        let doubled = learner.fit_rows(&prepared, &labels, &twice, 3, self::seed()).unwrap();
        let once = fit(&learner, &records, &labels, 3);
        prop_assert!(near(&answers(&doubled, &records), &answers(&once, &records)));
    }
}
