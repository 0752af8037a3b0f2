//! What an adversary has and sees: its knowledge, its targets, and the answers its place in the federation gets.
//!
//! An [`AdversaryView`] is all that a vantage may observe. The federation is reached through an [`Oracle`], which
//! answers exactly what the coordinator answers to this adversary's credentials; attacks never choose what they see. They are
//! charged for what they look at: nothing is asked before an attack needs it, and nothing twice.

use std::cell::OnceCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use turncoat_learn::defence::Defence;
use turncoat_learn::{Learner, LocalModel, PartyId, PredictionViolation, Samples, Seed, Shard};

use super::Answered;
use crate::error::AttackError;
use crate::evidence::{CandidateVectors, Evidence, Observation};
use crate::shadow::{ShadowDesign, ShadowRun, Shadows, Split, too_few};

/// Where the adversary stands (Truex et al., section 4.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vantage {
    /// A user of the service: sees the averaged vector.
    Outsider,
    /// A member: has a shard and a model of its own, and sees what the disclosure rule gives to members.
    Party(PartyId),
    /// The hub: sees every vector that passes through, holds no data.
    Aggregator,
}

/// Asks the federation with the adversary's own credentials.
pub trait Oracle: Send + Sync {
    /// The answer to records `[n, d]`.
    ///
    /// # Errors
    /// [`AttackError::Oracle`] when the federation fails, [`AttackError::Refused`] when a limit is reached.
    fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError>;

    /// Whether single vectors are shown to this adversary. Where they are not, attacks that live off them ask nothing.
    fn shows_single_vectors(&self) -> bool {
        true
    }
}

/// A member's own records and the model trained on them.
#[derive(Clone, Debug)]
pub struct OwnShard {
    /// Its records.
    pub shard: Shard,
    /// Its model in the federation.
    pub model: LocalModel,
}

/// What the adversary holds before it asks anything.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Where it stands.
    pub vantage: Vantage,
    /// Number of parties n of the federation.
    pub parties: u32,
    /// Number of classes.
    pub classes: usize,
    /// What the parties train: model type and parameters are taken as known.
    pub learner: Learner,
    /// Defences that the average is told behind.
    pub release: Vec<Defence>,
    /// A member's own shard and model.
    pub own: Option<OwnShard>,
    /// Records from the same population that were held out and are no target.
    pub auxiliary: Option<Shard>,
    /// The key of all its random draws.
    pub seed: Seed,
}

/// The records in question. Membership and ownership are not among what is given.
#[derive(Clone, Debug)]
pub struct Targets {
    /// Records, `[n, d]`.
    pub records: Array2<f32>,
    /// True labels, `[n]`.
    pub labels: Vec<u32>,
    /// Whose training data the question is about, in order.
    pub candidates: Vec<PartyId>,
}

/// The records that an adversary holds and may learn from, or ask about.
#[derive(Clone, Debug)]
pub struct Probes {
    /// Records, `[n, d]`: its own shard first, then the auxiliary records.
    pub records: Array2<f32>,
    /// Labels, `[n]`.
    pub labels: Vec<u32>,
    /// How many of them, from the front, are its own shard (and so training data of its own model).
    pub own: usize,
}

/// All that one adversary has and sees when it is challenged.
///
/// ```
/// use std::sync::Arc;
/// use ndarray::{Array2, ArrayView2, array};
/// use turncoat_attack::{AdversaryView, AttackError, Knowledge, Observation, Oracle, Targets, Vantage};
/// use turncoat_learn::{Learner, PartyId, PredictionVectors, Seed};
///
/// /// Two parties that answer by heart: party 1 is sure of class 0, party 2 of class 1.
/// struct Federation;
///
/// impl Oracle for Federation {
///     fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
///         let all = |row: [f64; 2]| Array2::from_shape_fn((records.nrows(), 2), |(_, class)| row[class]);
///         let vectors = [[1.0, 0.0], [0.0, 1.0]].map(|row| PredictionVectors::new(all(row)));
///         let [one, two] = vectors;
///         let (one, two) = (one?, two?);
///         let mean = PredictionVectors::mean(&[&one, &two])?;
///         Ok(Observation::PerParty { mean, parties: PartyId::first(2).zip([one.into(), two.into()]).collect() })
///     }
/// }
///
/// let knowledge = Knowledge {
///     vantage: Vantage::Aggregator,
///     parties: 2,
///     classes: 2,
///     learner: Learner::DecisionTree(Default::default()),
///     release: Vec::new(),
///     own: None,
///     auxiliary: None,
///     seed: Seed::root(1),
/// };
/// let targets = Targets { records: array![[5.0], [6.0]], labels: vec![0, 1], candidates: PartyId::first(2).collect() };
/// let view = AdversaryView::new(&knowledge, &targets, &Federation)?;
/// assert_eq!(view.observation()?.mean().row(0).to_vec(), [0.5, 0.5]);
/// assert!(view.probes()?.is_none(), "the hub holds no record to learn from");
/// assert_eq!(view.evidence()?.len(), 2);
/// // So it has nothing to train shadow federations on.
/// assert!(matches!(view.shadows("confidence", None, 10), Err(AttackError::TooFewRecords { .. })));
/// // With one memory for both questions no record is asked about twice.
/// let answered = Arc::default();
/// AdversaryView::remembering(&knowledge, &targets, &Federation, Arc::clone(&answered))?.ask(&[targets.records.view()])?;
/// let second = AdversaryView::remembering(&knowledge, &targets, &Federation, answered)?;
/// assert_eq!(second.observation()?.mean().len(), 2);
/// # Ok::<(), AttackError>(())
/// ```
pub struct AdversaryView<'a> {
    /// What it holds.
    pub knowledge: &'a Knowledge,
    /// What it is asked about.
    pub targets: &'a Targets,
    oracle: &'a dyn Oracle,
    answered: Arc<Mutex<Answered>>,
    observation: OnceCell<Arc<Observation>>,
    probes: OnceCell<Option<Probes>>,
    /// What was trained, by its design.
    shadows: Mutex<Vec<(ShadowDesign, Arc<ShadowRun>)>>,
}

impl<'a> AdversaryView<'a> {
    /// What it is asked about must fit what it knows. Nothing is asked yet.
    ///
    /// # Errors
    /// [`AttackError::Targets`].
    pub fn new(
        knowledge: &'a Knowledge,
        targets: &'a Targets,
        oracle: &'a dyn Oracle,
    ) -> Result<Self, AttackError> {
        Self::remembering(knowledge, targets, oracle, Arc::default())
    }

    /// The same of an adversary that was answered before: it does not ask again what it knows.
    ///
    /// # Errors
    /// [`AttackError::Targets`].
    pub fn remembering(
        knowledge: &'a Knowledge,
        targets: &'a Targets,
        oracle: &'a dyn Oracle,
        answered: Arc<Mutex<Answered>>,
    ) -> Result<Self, AttackError> {
        let (records, classes) = (targets.records.nrows(), knowledge.classes);
        if records != targets.labels.len() {
            let labels = targets.labels.len();
            return Err(AttackError::Targets(format!("{records} records came with {labels} labels")));
        }
        if targets.candidates.is_empty() {
            return Err(AttackError::Targets("no party is named as a candidate".into()));
        }
        if let Some(row) = targets.labels.iter().position(|&label| label as usize >= classes) {
            let label = targets.labels[row];
            return Err(AttackError::Targets(format!(
                "record {row} has label {label}, but there are {classes} classes"
            )));
        }
        let (observation, probes) = (OnceCell::new(), OnceCell::new());
        Ok(Self { knowledge, targets, oracle, answered, observation, probes, shadows: Mutex::default() })
    }

    /// Whether single vectors are shown to it.
    #[must_use]
    pub fn shows_single_vectors(&self) -> bool {
        self.oracle.shows_single_vectors()
    }

    /// Asks in one question for all that an attack needs, whole or not at all: what cannot be paid for is not begun.
    ///
    /// # Errors
    /// [`AttackError::Oracle`] or [`AttackError::Refused`].
    pub fn ask(&self, records: &[ArrayView2<'_, f32>]) -> Result<(), AttackError> {
        self.answered().ask(self.oracle, records)
    }

    /// The federation's answers on any records `[n, d]`. Each is asked about once, however often an answer is looked at.
    ///
    /// # Errors
    /// [`AttackError::Oracle`] or [`AttackError::Refused`]; [`AttackError::Answer`] and [`AttackError::Targets`] when the
    /// answer does not fit.
    pub fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Arc<Observation>, AttackError> {
        let observation = self.answered().observe(self.oracle, records)?;
        if let Observation::PerParty { parties, .. } = &*observation
            && let Some(silent) = self.targets.candidates.iter().find(|party| !parties.contains_key(party))
        {
            return Err(AttackError::Targets(format!(
                "{silent} is a candidate, but is no party that was asked"
            )));
        }
        let (rows, classes) = (records.nrows(), self.knowledge.classes);
        for (got_rows, got_classes) in observation.shapes() {
            if (got_rows, got_classes) != (rows, classes) {
                return Err(PredictionViolation::Shape { rows, classes, got_rows, got_classes }.into());
            }
        }
        Ok(observation)
    }

    /// The federation's answers on the targets.
    ///
    /// # Errors
    /// As [`observe`](Self::observe).
    pub fn observation(&self) -> Result<&Observation, AttackError> {
        if let Some(observation) = self.observation.get() {
            return Ok(observation);
        }
        let observation = self.observe(self.targets.records.view())?;
        Ok(self.observation.get_or_init(|| observation))
    }

    /// The adversary's own and auxiliary records; `None` when it has none. Nothing is asked about them.
    ///
    /// # Errors
    /// [`AttackError::Oracle`] when they do not fit each other.
    pub fn probes(&self) -> Result<Option<&Probes>, AttackError> {
        if let Some(probes) = self.probes.get() {
            return Ok(probes.as_ref());
        }
        let own = self.knowledge.own.as_ref().map(|own| &own.shard);
        let held: Vec<&Shard> = own.into_iter().chain(self.knowledge.auxiliary.as_ref()).collect();
        let labels: Vec<u32> = held.iter().flat_map(|shard| shard.labels().iter().copied()).collect();
        let probes = if labels.is_empty() {
            None
        } else {
            let parts: Vec<_> = held.iter().map(|shard| shard.records()).collect();
            let records = concatenate(Axis(0), &parts).map_err(|error| {
                AttackError::Oracle(format!("own and auxiliary records differ in width: {error}"))
            })?;
            Some(Probes { records, labels, own: own.map_or(0, Shard::len) })
        };
        Ok(self.probes.get_or_init(|| probes).as_ref())
    }

    /// The targets with what is seen of the candidates' answers to them.
    ///
    /// # Errors
    /// As [`observe`](Self::observe).
    pub fn evidence(&self) -> Result<Evidence<'_>, AttackError> {
        let Targets { records, labels, candidates } = self.targets;
        let vectors = CandidateVectors::of(self.observation()?, candidates);
        Ok(Evidence::new(records.view(), labels, None, vectors, self.knowledge.seed))
    }

    /// Shadow federations like the one that is asked, trained on the records that the adversary holds; `generation` is what their
    /// parties train, if it is not what the parties do. Each design is trained once, for all attacks that ask for it.
    ///
    /// # Errors
    /// As [`observation`](Self::observation); [`AttackError::NoShadows`]; [`AttackError::TooFewRecords`]; what a model refuses.
    pub fn shadows(
        &self,
        attack: &'static str,
        generation: Option<&Learner>,
        shadows: u32,
    ) -> Result<Shadows<'_>, AttackError> {
        if shadows == 0 {
            return Err(AttackError::NoShadows { attack });
        }
        let vectors = CandidateVectors::of(self.observation()?, &self.targets.candidates);
        let design = ShadowDesign {
            learners: vec![generation.unwrap_or(&self.knowledge.learner).clone()],
            split: Split::TwoFold(shadows),
            imitated: vectors.imitated(self.knowledge.parties as usize),
            release: self.knowledge.release.clone(),
        };
        let probes = self.probes()?.ok_or_else(|| too_few(attack, 0))?;
        let mut trained = self.shadows.lock().unwrap_or_else(PoisonError::into_inner);
        let known = trained.iter().find(|(other, _)| *other == design).map(|(_, run)| Arc::clone(run));
        let run = match known {
            Some(run) => run,
            None => {
                let (labels, classes) = (&probes.labels, self.knowledge.classes);
                let samples = Samples { records: probes.records.view(), labels, classes };
                let seed = self.knowledge.seed.child("shadow_model", 0);
                let run = Arc::new(design.run(attack, samples, seed)?);
                trained.push((design, Arc::clone(&run)));
                run
            }
        };
        Ok(Shadows::new(run, probes.records.view()))
    }

    fn answered(&self) -> MutexGuard<'_, Answered> {
        // A batch is put in whole, before its places name it.
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
