//! A party's shard and its model: what is trained, and what answers.
//!
//! Training and predicting are synchronous and know nothing of gRPC. A model is replaced whole, so an answer comes
//! from the model before a fit or from the one after it, never from a mixture.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use tokio::sync::watch;
use turncoat_learn::{LearnerError, LocalModel, ModelDigest, PartyId, Shard};
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{PartyFit, Refusal};

/// A party.
#[derive(Debug)]
pub(crate) struct PartyState {
    pub(crate) id: PartyId,
    pub(crate) shard: Shard,
    model_path: Option<PathBuf>,
    fitted: RwLock<Option<Arc<Fitted>>>,
    /// Whether it has a model.
    ready: watch::Sender<bool>,
}

/// A model, and by what it is known again.
#[derive(Debug)]
pub(crate) struct Fitted {
    pub(crate) model: LocalModel,
    pub(crate) digest: ModelDigest,
}

impl Fitted {
    fn new(model: LocalModel) -> Self {
        let digest = model.digest();
        Self { model, digest }
    }

    /// Whether so many records are answered sooner than they are handed to another thread: the thread that received them
    /// has other calls to answer, so what takes longer than a few tree walks must not hold it.
    pub(crate) fn answers_at_once(&self, rows: usize) -> bool {
        rows.saturating_mul(self.model.bytes_read()) <= AT_ONCE_BYTES
    }
}

/// So many bytes are read within some ten microseconds.
const AT_ONCE_BYTES: usize = 256 << 10;

impl PartyState {
    pub(crate) fn new(id: PartyId, shard: Shard, model_path: Option<PathBuf>) -> Self {
        Self { id, shard, model_path, fitted: RwLock::new(None), ready: watch::Sender::new(false) }
    }

    /// Features of its records.
    pub(crate) fn features(&self) -> u32 {
        // A wider record would not fit in memory.
        u32::try_from(self.shard.records().ncols()).unwrap_or(u32::MAX)
    }

    /// Whether it can be asked for probabilities, and when that changes.
    pub(crate) fn ready(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }

    pub(crate) fn fitted(&self) -> Option<Arc<Fitted>> {
        // The slot is replaced in one assignment, so it is whole even if a thread died holding it.
        self.fitted.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on with a saved model of records like the shard's. That it is the right one is for the coordinator to say, who
    /// knows its digest.
    pub(crate) fn resume(&self, saved: &Path) -> Result<(), LearnerError> {
        let model = LocalModel::load(saved)?;
        let (got, expected) = (model.features(), self.shard.records().ncols());
        if got != expected {
            let reason = format!("its records have {got} features, those of the shard {expected}");
            return Err(LearnerError::File { path: saved.display().to_string(), reason });
        }
        self.answer_with(Fitted::new(model));
        Ok(())
    }

    fn answer_with(&self, fitted: Fitted) {
        *self.fitted.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(fitted));
        self.ready.send_if_modified(|reported| !std::mem::replace(reported, true));
    }

    /// Trains on the shard, saves the model where the configuration says, and answers with it from now on.
    pub(crate) fn fit(&self, order: &FitOrder) -> Result<PartyFit, Refusal> {
        let start = Instant::now();
        let samples =
            self.shard.samples(order.classes as usize).map_err(|error| Refusal::Shard(error.to_string()))?;
        let model = order.learner.fit(samples, order.seed)?;
        let train_accuracy = if self.shard.is_empty() {
            None
        } else {
            model.predict_proba(self.shard.records())?.accuracy(self.shard.labels())
        };
        if let Some(path) = &self.model_path {
            model.save(path)?;
        }
        let model_bytes = model.memory_bytes() as u64;
        let (smallest_leaf, converged) =
            (model.smallest_leaf(), model.convergence().map(|reported| reported.converged));
        let fitted = Fitted::new(model);
        let model_digest = fitted.digest;
        self.answer_with(fitted);
        let fit_ms = start.elapsed().as_secs_f64() * 1e3;
        let records = self.shard.len() as u64;
        Ok(PartyFit {
            party: self.id,
            records,
            train_accuracy,
            fit_ms,
            model_bytes,
            smallest_leaf,
            converged,
            model_digest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, ArrayView2, array};
    use turncoat_learn::ensemble::RawForestParams;
    use turncoat_learn::knn::RawKnnParams;
    use turncoat_learn::logistic::RawLogisticParams;
    use turncoat_learn::tree::TreeParams;
    use turncoat_learn::{Learner, PredictionVectors, Seed};

    fn answer(state: &PartyState, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, Refusal> {
        Ok(state.fitted().ok_or(Refusal::NotFitted)?.model.predict_proba(records)?)
    }

    fn order(classes: u32) -> FitOrder {
        let learner = Learner::DecisionTree(TreeParams::default());
        FitOrder { learner, classes, seed: Seed::root(1) }
    }

    fn party(records: Array2<f32>, labels: Vec<u32>, model_path: Option<PathBuf>) -> PartyState {
        PartyState::new(PartyId::new(1).unwrap(), Shard::new(records, labels).unwrap(), model_path)
    }

    #[test]
    fn a_full_tree_remembers_records_that_differ() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        let state = party(array![[0.0], [1.0], [2.0]], vec![0, 1, 0], Some(path.clone()));
        assert!(matches!(answer(&state, array![[0.0]].view()), Err(Refusal::NotFitted)));
        let fit = state.fit(&order(3)).unwrap();
        assert_eq!((fit.records, fit.train_accuracy), (3, Some(1.0)));
        let vectors = answer(&state, array![[1.0], [2.0]].view()).unwrap();
        assert_eq!(vectors.view(), array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]);
        let saved = LocalModel::load(&path).unwrap();
        assert_eq!(saved.predict_proba(array![[1.0], [2.0]].view()).unwrap(), vectors);
        assert_eq!(saved.digest(), fit.model_digest);
    }

    #[test]
    fn a_party_that_comes_back_answers_the_same_without_a_fit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        let queries = array![[0.25], [1.75], [9.0]];
        let before = party(array![[0.0], [1.0], [2.0]], vec![0, 1, 0], Some(path.clone()));
        let fit = before.fit(&order(3)).unwrap();
        let after = party(array![[0.0], [1.0], [2.0]], vec![0, 1, 0], None);
        after.resume(&path).unwrap();
        assert_eq!(after.fitted().unwrap().digest, fit.model_digest);
        let (was, is) = (answer(&before, queries.view()), answer(&after, queries.view()));
        assert_eq!(was.unwrap(), is.unwrap());
        let wide = party(array![[0.0, 1.0]], vec![0], None);
        let error = wide.resume(&path).unwrap_err().to_string();
        assert!(error.contains("1 features") && error.contains("model"), "{error}");
        assert!(wide.resume(&folder.path().join("none")).is_err() && wide.fitted().is_none());
    }

    #[test]
    fn an_owner_without_records_answers_the_uniform_vector() {
        let state = party(Array2::zeros((0, 2)), vec![], None);
        let fit = state.fit(&order(4)).unwrap();
        assert_eq!((fit.records, fit.train_accuracy), (0, None));
        assert_eq!(answer(&state, array![[1.0, 2.0]].view()).unwrap().view(), array![[0.25; 4]]);
    }

    #[test]
    fn what_takes_long_is_not_answered_at_once() {
        let fitted = |learner: &str, records: usize| {
            let state = party(
                Array2::from_shape_fn((records, 20), |(row, column)| ((row * 7 + column * 3) % 11) as f32),
                (0..records as u32).map(|row| row % 3).collect(),
                None,
            );
            let learner = match learner {
                "tree" => Learner::DecisionTree(TreeParams::default()),
                "knn" => Learner::Knn(RawKnnParams::default().check().unwrap()),
                "logistic" => Learner::LogisticRegression(RawLogisticParams::default().check().unwrap()),
                _ => Learner::RandomForest(RawForestParams::default().check().unwrap()),
            };
            state.fit(&FitOrder { learner, ..order(3) }).unwrap();
            state.fitted().unwrap()
        };
        // Nearest neighbours hold each record against all that they were given, a forest asks a hundred trees.
        for (learner, records, at_once) in [
            ("tree", 2_000, true),
            ("logistic", 2_000, true),
            ("knn", 9, true),
            ("knn", 2_000, false),
            ("forest", 2_000, false),
        ] {
            let fitted = fitted(learner, records);
            let bytes = fitted.model.memory_bytes();
            assert_eq!(fitted.answers_at_once(64), at_once, "{learner} of {records} records, {bytes} bytes");
            assert!(!fitted.answers_at_once(100_000), "{learner}");
        }
    }

    #[test]
    fn labels_beyond_the_classes_are_refused_and_the_old_model_stays() {
        let state = party(array![[0.0], [1.0]], vec![0, 2], None);
        state.fit(&order(3)).unwrap();
        assert!(matches!(state.fit(&order(2)), Err(Refusal::Shard(_))));
        assert_eq!(answer(&state, array![[1.0]].view()).unwrap().classes(), 3);
    }
}
