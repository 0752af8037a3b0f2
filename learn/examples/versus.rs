//! The Rust side of `benches/versus_sklearn.py`: obeys one command a line, answers one line, measures nothing itself.
//!
//! Started with a folder of `NAME_x.npy` (records, f32), `NAME_y.npy` (labels, u32) and `NAME_q.npy` (records to predict,
//! f32). Whoever sends the commands reads this process's clock before and after, so that both sides are timed alike.
//!
//! | command | does | answers |
//! |---|---|---|
//! | `load NAME` | reads the three files, fits and prepares once | leaves, a space, the FNV-1a hash of the predictions |
//! | `fit` | fits from the records | `done` |
//! | `fit_prepared` | fits from the prepared columns | `done` |
//! | `predict N` | predicts all queries N times | `done` |
//! | `predict_prepared N` | the same of queries that were looked at when they were loaded | `done` |
//! | `logistic N` | fits logistic regression in at most N steps, `0` for as many as it takes | the objective, the steps, whether it `converged` |
//! | `bayes KIND` | fits `gaussian` or `bernoulli` naive Bayes and predicts all queries | the hash of the predictions |
//! | `knn N` | fits k-nearest neighbours, k = 5, and predicts the first N queries | the hash of the predictions |
#![expect(clippy::print_stdout, reason = "answers go to whoever asks")]

use std::error::Error;
use std::io::{BufRead, stdin};
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2, Axis};
use turncoat_learn::knn::KnnParams;
use turncoat_learn::logistic::{LogisticRegression, RawLogisticParams};
use turncoat_learn::naive_bayes::{Distribution, RawNaiveBayesParams};
use turncoat_learn::tree::{DecisionTree, TreeParams};
use turncoat_learn::{
    Learner, LocalModel, Model, PredictionVectors, Prepared, PreparedRecords, Samples, Seed,
};

/// A data set with what is made of it once.
struct Loaded {
    records: Array2<f32>,
    labels: Vec<u32>,
    classes: usize,
    rows: Vec<usize>,
    queries: Array2<f32>,
    prepared: Prepared,
    leaves: usize,
    tree: LocalModel,
}

impl Loaded {
    fn read(folder: &Path, name: &str) -> Result<Self, Box<dyn Error>> {
        let path = |part: &str| folder.join(format!("{name}_{part}.npy"));
        let records: Array2<f32> = ndarray_npy::read_npy(path("x"))?;
        let labels: Array1<u32> = ndarray_npy::read_npy(path("y"))?;
        let queries: Array2<f32> = ndarray_npy::read_npy(path("q"))?;
        let labels = labels.to_vec();
        let classes = labels.iter().max().map_or(1, |&highest| highest as usize + 1);
        let samples = Samples { records: records.view(), labels: &labels, classes };
        let tree = DecisionTree::fit(&TreeParams::default(), samples, Seed::root(0))?;
        let prepared = Prepared::new(records.view())?;
        let rows = (0..labels.len()).collect();
        let (leaves, tree) = (tree.leaves(), tree.into_local());
        Ok(Self { records, labels, classes, rows, queries, prepared, leaves, tree })
    }

    fn fit(&self) -> Result<DecisionTree, Box<dyn Error>> {
        let samples = Samples { records: self.records.view(), labels: &self.labels, classes: self.classes };
        Ok(DecisionTree::fit(&TreeParams::default(), samples, Seed::root(0))?)
    }

    fn fit_prepared(&self) -> Result<DecisionTree, Box<dyn Error>> {
        let (prepared, labels, rows) = (&self.prepared, &self.labels, &self.rows);
        let params = TreeParams::default();
        Ok(DecisionTree::fit_rows(&params, prepared, labels, rows, self.classes, Seed::root(0))?)
    }

    /// k-nearest neighbours, from the records to the answers.
    fn knn(&self, queries: usize) -> Result<PredictionVectors, Box<dyn Error>> {
        let samples = Samples { records: self.records.view(), labels: &self.labels, classes: self.classes };
        let model = Learner::Knn(KnnParams::default()).fit(samples, Seed::root(0))?;
        let (requested, _) = self.queries.view().split_at(Axis(0), queries.min(self.queries.nrows()));
        Ok(model.predict_proba(requested)?)
    }

    /// Logistic regression: its objective, its steps, whether it converged. `most` of 0 is the default.
    fn logistic(&self, most: u32) -> Result<String, Box<dyn Error>> {
        let samples = Samples { records: self.records.view(), labels: &self.labels, classes: self.classes };
        let raw = match most {
            0 => RawLogisticParams::default(),
            // So small a tolerance that the steps decide.
            most => {
                RawLogisticParams { max_iterations: most, tolerance: 1e-8, ..RawLogisticParams::default() }
            }
        };
        let params = raw.check().map_err(|_| "the parameters are out of bounds")?;
        let reported =
            LogisticRegression::fit_samples(&params, samples)?.convergence().expect("it was fitted");
        let end = if reported.converged { "converged" } else { "unconverged" };
        Ok(format!("{:e} {} {end}", reported.objective, reported.iterations))
    }

    /// Naive Bayes, from the records to the answers.
    fn bayes(&self, kind: &str) -> Result<PredictionVectors, Box<dyn Error>> {
        let samples = Samples { records: self.records.view(), labels: &self.labels, classes: self.classes };
        let distribution = if kind == "bernoulli" { Distribution::Bernoulli } else { Distribution::Gaussian };
        let raw = RawNaiveBayesParams { distribution, ..RawNaiveBayesParams::default() };
        let params = raw.check().map_err(|_| "the parameters are out of bounds")?;
        let model = Learner::NaiveBayes(params).fit(samples, Seed::root(0))?;
        Ok(model.predict_proba(self.queries.view())?)
    }

    fn predictions_hash(&self) -> Result<u64, Box<dyn Error>> {
        Ok(hash_of(&self.tree.predict_proba(self.queries.view())?))
    }
}

/// Changes when one bit of one prediction does.
fn hash_of(vectors: &PredictionVectors) -> u64 {
    let bytes = vectors.view().into_iter().flat_map(|value| value.to_bits().to_le_bytes());
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.fold(0xcbf2_9ce4_8422_2325, fold)
}

/// Obeys what concerns one data set; ends with the name of the next, or with the commands.
fn obey(
    folder: &Path,
    name: &str,
    commands: &mut impl Iterator<Item = std::io::Result<String>>,
) -> Result<Option<String>, Box<dyn Error>> {
    let loaded = Loaded::read(folder, name)?;
    println!("{} {:016x}", loaded.leaves, loaded.predictions_hash()?);
    // Looked at once, asked about as often as it takes.
    let queries = PreparedRecords::new(loaded.queries.view())?;
    let all: Vec<usize> = (0..queries.len()).collect();
    for line in commands {
        let line = line?;
        let (command, argument) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match command {
            "load" => return Ok(Some(argument.into())),
            "fit" => {
                loaded.fit()?;
                "done".into()
            }
            "fit_prepared" => {
                loaded.fit_prepared()?;
                "done".into()
            }
            "predict" => {
                for _ in 0..argument.parse::<u32>()? {
                    loaded.tree.predict_proba(loaded.queries.view())?;
                }
                "done".into()
            }
            "predict_prepared" => {
                for _ in 0..argument.parse::<u32>()? {
                    loaded.tree.predict_rows(&queries, &all)?;
                }
                "done".into()
            }
            "logistic" => loaded.logistic(argument.parse()?)?,
            "bayes" => format!("{:016x}", hash_of(&loaded.bayes(argument)?)),
            "knn" => format!("{:016x}", hash_of(&loaded.knn(argument.parse()?)?)),
            _ => return Err(format!("cannot do \"{line}\" here").into()),
        };
        println!("{answer}");
    }
    Ok(None)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("the folder of the data sets is missing")?);
    let mut commands = stdin().lock().lines();
    let Some(first) = commands.next().transpose()? else { return Ok(()) };
    let mut next = Some(first.strip_prefix("load ").ok_or("the first command loads a data set")?.to_owned());
    while let Some(name) = next {
        next = obey(&folder, &name, &mut commands)?;
    }
    Ok(())
}
