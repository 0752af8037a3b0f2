//! The attacks, a line each: what a scenario calls it, and its parameters. What it asks and how it answers stands in its own file, as
//! [`Inference`] of its parameters.
//!
//! Guarantee: a claim on one record depends on that record and its label, the federation's answer to it, and the
//! adversary's knowledge and probes. It never depends on which other records are asked about, nor on their order. One
//! exception is by request: a transductive `shadow_federation` uses all targets asked about at once, still in no order.
//!
//! Guarantee: an attack is charged for the records that it [asks about](Attack::asks_about), each once, and for nothing else.
//! One that would go over a budget is refused before anything is spent on it.
//!
//! Guarantee: what a party did not answer is no evidence. An attack says what it does with the answers that are there, and
//! makes no claim on a record of which it learnt nothing.

use std::borrow::Cow;

use ndarray::ArrayView2;
use turncoat_learn::{Learner, LearnerError};

use crate::claim::{Claims, Question};
use crate::error::AttackError;
use crate::evidence::Features;
use crate::inference::{Inference, MembershipAttack, Needs, Setting, Training};
use crate::membership::*;
use crate::source::*;
use crate::view::AdversaryView;

macro_rules! attacks {
    ($($(#[$doc:meta])* $name:literal: $variant:ident,)*) => {
        /// An attack and its parameters.
        ///
        /// ```
        /// use ndarray::{Array2, ArrayView2, array};
        /// use turncoat_attack::{AdversaryView, Attack, AttackError, Claims, Knowledge, LeastLoss, Observation, Oracle, Targets, Vantage};
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
        /// // It asks about the targets alone.
        /// assert_eq!(Attack::LeastLoss(LeastLoss {}).asks_about(&view)?, [targets.records.view()]);
        /// // Whose are they? The party that is surest of a record's class.
        /// let Claims::Source(claims) = Attack::LeastLoss(LeastLoss {}).run(&view)? else { unreachable!() };
        /// assert_eq!(claims.iter().flatten().map(|claim| claim.party.get()).collect::<Vec<_>>(), [1, 2]);
        /// # Ok::<(), AttackError>(())
        /// ```
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum Attack {
            $($(#[$doc])* #[serde(rename = $name)] $variant($variant),)*
        }

        /// An attack as it is written: its id stands among its parameters.
        #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        enum Written {
            $($(#[$doc])* #[serde(rename = $name)] $variant(WithId<$variant>),)*
        }

        impl From<NamedAttack> for Written {
            fn from(NamedAttack { id, attack }: NamedAttack) -> Self {
                // An id that is the name is left out, as nobody has to read it twice.
                let id = (id != attack.name()).then_some(id);
                match attack {
                    $(Attack::$variant(params) => Self::$variant(WithId { id, params }),)*
                }
            }
        }

        impl From<Written> for NamedAttack {
            fn from(written: Written) -> Self {
                let (id, attack) = match written {
                    $(Written::$variant(WithId { id, params }) => (id, Attack::$variant(params)),)*
                };
                Self { id: id.unwrap_or_else(|| attack.name().into()), attack }
            }
        }

        impl Attack {
            /// The names of all attacks, as scenarios write them.
            pub const NAMES: &[&str] = &[$($name),*];

            /// Its name in scenarios and reports.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            fn params(&self) -> &dyn Inference {
                match self {
                    $(Self::$variant(params) => params,)*
                }
            }

            fn params_mut(&mut self) -> &mut dyn Inference {
                match self {
                    $(Self::$variant(params) => params,)*
                }
            }
        }
    };
}

attacks! {
    /// Membership: in exactly if the record is predicted right.
    #[schemars(extend("x-source" = "Yeom et al., 2018"))]
    "gap": Gap,
    /// Membership: in if the probability of the record's class reaches a threshold, learned on records of the adversary's own.
    #[schemars(extend("x-source" = "Salem et al., 2019"))]
    "confidence": Confidence,
    /// Membership: in if the answer is certain enough, whatever the record's class.
    #[schemars(extend("x-source" = "Song and Mittal, 2021"))]
    "entropy": Entropy,
    /// Membership: an attack model learns to tell members from non-members by the answers of shadow models.
    #[schemars(extend("x-source" = "Shokri et al., 2017; Truex et al., section 3"))]
    "shadow_model": ShadowModel,
    /// Source: the party whose answer gives the record's class the largest probability.
    #[schemars(extend("x-source" = "Hu et al., 2021"))]
    "least_loss": LeastLoss,
    /// Source: `least_loss`, with ties broken by the parties' class shares, which are estimated from their answers.
    "prior_aware": PriorAware,
    /// Source: a model learns, on federations that the adversary draws and trains itself, whose record gives which answers.
    "shadow_federation": ShadowFederation,
}

/// An attack with what its adversary calls it, so that an adversary can run two parameterisations of one attack.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct NamedAttack {
    /// What tells it from the adversary's other attacks; its name unless the scenario says otherwise.
    pub id: String,
    /// What it does.
    pub attack: Attack,
}

/// Parameters of an attack, with its id beside them.
#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "{P}")]
struct WithId<P> {
    /// What reports call the attack; tells it from the adversary's others, so that one attack can stand there with several
    /// parameters. Letters, digits, `_`, `-` and `.`; no other attack's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9_.-]+$"),
        extend(
            "x-rule" = "be letters, digits, `_`, `-` and `.`, at most 64 of them",
            "x-default" = "the attack's name",
            "examples" = ["deep"]
        )
    )]
    id: Option<String>,
    #[serde(flatten)]
    params: P,
}

/// An attack. Membership inference: was the record in the training data? Source inference: whose was it?
impl schemars::JsonSchema for NamedAttack {
    fn schema_name() -> Cow<'static, str> {
        "attack".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Written::json_schema(generator);
        let meaning = "An attack. Membership inference: was the record in the training data? Source inference: whose was it?";
        schema.insert("description".into(), meaning.into());
        schema.insert("examples".into(), vec!["gap"].into());
        schema
    }
}

impl From<Attack> for NamedAttack {
    fn from(attack: Attack) -> Self {
        Self { id: attack.name().into(), attack }
    }
}

impl Attack {
    /// The learners that it names for its own models.
    pub fn learners(&self) -> impl Iterator<Item = &Learner> {
        let Needs { generation, attack_learner, .. } = self.needs();
        generation.into_iter().chain(attack_learner)
    }

    /// What it needs beside the answers to its targets.
    #[must_use]
    pub fn needs(&self) -> Needs<'_> {
        self.params().needs()
    }

    /// What it trains beside what is its own to say, for a single target: what learns the attack, and what that is shown.
    #[must_use]
    pub fn with(mut self, learner: Option<&Learner>, features: Features) -> Self {
        self.params_mut().adopt(learner, features);
        self
    }

    /// Refuses class weights of its learners that do not fit that many classes; attack models tell two apart, in and out.
    ///
    /// # Errors
    /// [`LearnerError::Parameter`].
    ///
    /// ```
    /// use turncoat_attack::{Attack, ShadowModel};
    /// use turncoat_learn::Learner;
    /// use turncoat_learn::tree::{ClassWeight, RawTreeParams};
    ///
    /// let class_weight = Some(ClassWeight::PerClass(vec![1.0, 2.0, 3.0]));
    /// let tree = RawTreeParams { class_weight, ..Default::default() }.check().unwrap();
    /// let generation = Some(Learner::DecisionTree(tree));
    /// let attack = Attack::ShadowModel(ShadowModel { generation, ..Default::default() });
    /// assert!(attack.check_classes(3).is_ok() && attack.check_classes(2).is_err());
    /// ```
    pub fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        let Needs { generation, attack_learner, .. } = self.needs();
        generation.map_or(Ok(()), |learner| learner.check_classes(classes))?;
        attack_learner.map_or(Ok(()), |learner| learner.check_classes(2))
    }

    /// Itself, if it is an attack on membership, to be tried on a single model.
    #[must_use]
    pub fn membership(&self) -> Option<&dyn MembershipAttack> {
        self.params().membership()
    }

    /// The question it answers.
    #[must_use]
    pub fn question(&self) -> Question {
        self.params().question()
    }

    /// What it trains in that setting, where an ensemble counts as one model.
    #[must_use]
    pub fn training(&self, setting: &Setting) -> Training {
        self.params().training(setting)
    }

    /// The records that it asks the federation about: the targets, where it looks at answers to them at all, and of the records
    /// that the adversary holds those whose answers it learns from.
    ///
    /// # Errors
    /// As [`AdversaryView::probes`].
    pub fn asks_about<'a>(
        &self,
        view: &'a AdversaryView<'_>,
    ) -> Result<Vec<ArrayView2<'a, f32>>, AttackError> {
        if self.question() == Question::Source && !view.shows_single_vectors() {
            return Ok(Vec::new());
        }
        let learns_from = self.params().asks_about(view)?;
        Ok(std::iter::once(view.targets.records.view()).chain(learns_from).collect())
    }

    /// Answers the question on every target, in their order; no claim where nothing that the attack needs was answered.
    ///
    /// # Errors
    /// [`AttackError`]: the targets do not fit the federation, the adversary holds too few records to learn from, the
    /// federation did not answer, or a model of the adversary's own failed.
    pub fn run(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        view.ask(&self.asks_about(view)?)?;
        self.params().claims(view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_among_the_parameters() {
        let named: NamedAttack =
            serde_json::from_str(r#"{"shadow_model": {"id": "few", "shadows": 2}}"#).unwrap();
        assert_eq!((named.id.as_str(), named.attack.name()), ("few", "shadow_model"));
        assert_eq!(
            serde_json::from_value::<NamedAttack>(serde_json::to_value(&named).unwrap()).unwrap(),
            named
        );
        let plain = NamedAttack::from(Attack::LeastLoss(LeastLoss {}));
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"least_loss":{}}"#);
    }

    #[test]
    fn the_name_is_what_serde_reads() {
        let questions = Attack::NAMES.iter().map(|name| {
            let attack: Attack = serde_json::from_str(&format!("{{\"{name}\": {{}}}}")).unwrap();
            assert_eq!(attack.name(), *name);
            attack.question()
        });
        let membership = questions.filter(|question| *question == Question::Membership).count();
        assert_eq!((membership, Attack::NAMES.len()), (4, 7));
    }
}
