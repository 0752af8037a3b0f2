//! What training makes: a model that answers with class probabilities, can be kept in a file, and tells its size.

use std::any::Any;
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

use super::{CheckedRecords, Convergence, LearnerError, ModelDigest, PreparedRecords, Reader, Writer, file};
use crate::prediction::PredictionVectors;

/// A fitted model of one kind.
pub trait Model: Any + Debug + Send + Sync {
    /// Class probabilities of checked records, one row a record, in class order; each row is a point of the simplex.
    fn predict(&self, records: &CheckedRecords<'_>) -> PredictionVectors;

    /// Number of features of the training records.
    fn features(&self) -> usize;

    /// Number of classes of the federation, seen in training or not.
    fn classes(&self) -> usize;

    /// Bytes of its arrays.
    fn heap_bytes(&self) -> usize;

    /// Appends its kind (a byte) and what the kind writes of itself.
    fn encode(&self, writer: &mut Writer);

    /// Class probabilities of records `[n, d]`, one row a record, in class order.
    ///
    /// # Errors
    /// [`LearnerError::Width`] or [`LearnerError::NotFinite`].
    fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, LearnerError> {
        Ok(self.predict(&CheckedRecords::new(records, self.features())?))
    }

    /// Bytes that answering about one record reads, at most: all that it holds, unless the model knows better.
    fn bytes_read(&self) -> usize {
        MODEL_BYTES + self.heap_bytes()
    }

    /// Of a decision tree, the training records in its smallest leaf: an answer speaks for no fewer. `None` for other models.
    fn smallest_leaf(&self) -> Option<u64> {
        None
    }

    /// How far the fit came, of a model that a search makes: one that has not converged is not the model that its parameters
    /// define. Of several within an ensemble, the one that came least far.
    fn convergence(&self) -> Option<Convergence> {
        None
    }

    /// Its parameters and gradients, if it has any.
    fn parametric(&self) -> Option<&dyn Parametric> {
        None
    }

    /// Itself, among all kinds.
    fn into_local(self) -> LocalModel
    where
        Self: Sized,
    {
        LocalModel(Arc::new(self))
    }
}

/// A model that is a point in a space of parameters, with a loss that can be followed downhill: what federated averaging and
/// attacks that see gradients work on.
///
/// The loss of a record is the cross-entropy -ln p(label), in nats, without any penalty.
pub trait Parametric: Model {
    /// All parameters, in an order of the model's own, which is the same for two models of one kind that were shown the same
    /// classes and features.
    fn parameters(&self) -> Vec<f32>;

    /// The same model with other parameters.
    ///
    /// # Errors
    /// [`LearnerError::Parameters`] when there are not as many as the model has, or one is not finite.
    fn with_parameters(&self, parameters: &[f32]) -> Result<LocalModel, LearnerError>;

    /// The gradient of the loss of each record `[n, d]` by the parameters, `[n, parameters]`. The gradient of a batch is
    /// the mean of its rows.
    ///
    /// # Errors
    /// [`LearnerError::Width`], [`LearnerError::NotFinite`], [`LearnerError::Lengths`]; [`LearnerError::Label`] for a class that
    /// the model cannot answer.
    fn gradients(&self, records: ArrayView2<'_, f32>, labels: &[u32]) -> Result<Array2<f32>, LearnerError>;
}

/// What reads a kind of model from a file.
pub(crate) trait SavedModel: Model + Sized {
    /// What tells it from other kinds: the first byte that [`Model::encode`] writes is one of these.
    const KINDS: &'static [u8];

    /// Reads what [`Model::encode`] wrote behind its kind, and checks that it can answer; it holds at most `nested` ensembles in
    /// each other, itself included.
    fn decode(kind: u8, reader: &mut Reader<'_>, nested: u32) -> Result<Self, String>;
}

/// Bytes that a model takes beside its arrays: about the same for every kind, and counted alike.
const MODEL_BYTES: usize = 296;

/// A fitted model of any kind. Copies share it.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::{Learner, LocalModel, PreparedRecords, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let model = Learner::DecisionTree(Default::default()).fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(x.view())?;
/// assert_eq!(answers.row(3).to_vec(), [0.0, 1.0]);
/// let prepared = PreparedRecords::new(x.view())?;
/// assert_eq!(model.predict_rows(&prepared, &[0, 1, 2, 3])?, answers);
///
/// let path = tempfile::tempdir().unwrap().keep().join("model");
/// model.save(&path)?;
/// assert_eq!(LocalModel::load(&path)?.digest(), model.digest());
/// # std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LocalModel(Arc<dyn Model>);

impl std::ops::Deref for LocalModel {
    type Target = dyn Model;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// Models are equal when their saved forms are.
impl PartialEq for LocalModel {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || file::encode(self) == file::encode(other)
    }
}

impl LocalModel {
    /// The model as what it is, if it is of that kind.
    ///
    /// ```
    /// use ndarray::array;
    /// use turncoat_learn::tree::DecisionTree;
    /// use turncoat_learn::{Learner, Samples, Seed};
    ///
    /// let x = array![[0.0], [1.0]];
    /// let samples = Samples { records: x.view(), labels: &[0, 1], classes: 2 };
    /// let model = Learner::DecisionTree(Default::default()).fit(samples, Seed::root(1))?;
    /// assert_eq!(model.downcast_ref::<DecisionTree>().unwrap().leaves(), 2);
    /// # Ok::<(), turncoat_learn::LearnerError>(())
    /// ```
    #[must_use]
    pub fn downcast_ref<M: Model>(&self) -> Option<&M> {
        let model: &dyn Any = &*self.0;
        model.downcast_ref()
    }

    /// Class probabilities of rows of prepared records, in the order of `rows`, which may name a row more than once: every
    /// bit of what [`predict_proba`](Model::predict_proba) answers to a copy of them, without the copy where the model can
    /// do without, and without another look at each value. Any prepared records will do: what is ranked is not used.
    ///
    /// # Errors
    /// [`LearnerError::Width`] or [`LearnerError::Row`].
    pub fn predict_rows(
        &self,
        prepared: &PreparedRecords<'_>,
        rows: &[usize],
    ) -> Result<PredictionVectors, LearnerError> {
        Ok(self.predict(&CheckedRecords::rows(prepared, rows, self.features())?))
    }

    /// Bytes that the model takes in memory: its arrays and itself, without what the allocator adds.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        MODEL_BYTES + self.heap_bytes()
    }

    /// By what the model is known again: the SHA-256 of the file that [`save`](Self::save) writes.
    #[must_use]
    pub fn digest(&self) -> ModelDigest {
        file::digest(self)
    }

    /// Writes the model to a file, whole or not at all.
    ///
    /// # Errors
    /// [`LearnerError::File`].
    pub fn save(&self, path: &Path) -> Result<(), LearnerError> {
        file::save(self, path)
    }

    /// Reads a model that [`save`](Self::save) wrote, every bit of it.
    ///
    /// # Errors
    /// [`LearnerError::File`] when the file is missing, cut short, altered, of another version or not a model.
    pub fn load(path: &Path) -> Result<Self, LearnerError> {
        file::load(path)
    }
}
