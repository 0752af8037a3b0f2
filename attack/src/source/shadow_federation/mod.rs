//! `shadow_federation`: the owner of a record, by a rule learned on federations of the adversary's own making.
//!
//! The adversary divides the records it holds among pairs of shadow parties under many random skews, trains the federation's
//! learner on each shard, and learns where it knows the answer (shadow models after Shokri et al., 2017; the question
//! is that of Truex et al., section 4.7.1):
//!
//! 1. `shadow`: one shadow federation, its shards, its answers and who owned what;
//! 2. `shares`: from a party's answers to labelled probes to the party's class shares q_j;
//! 3. `owner`: from p_j(x) to the evidence that x was among party j's training records;
//! 4. `claims`: both applied to the federation itself. The odds are Bayes' rule, q_j\[y\] times the evidence;
//! 5. `transductive`: if it is asked for, shares and owners are learned on shadow federations drawn from the targets instead,
//!    all of which are training records of some candidate.
//!
//! A candidate that did not answer a record is no choice for it; where none answered there is no claim. Shares are estimated from
//! the probes that a candidate answered, and are about equal for one that answered none.
//!
//! Guarantee: a claim depends on its record and label, the parties' answers to it, and the adversary's own records with
//! the answers to those; if `transductive`, on the other targets with their labels and answers too. It never depends on
//! the order of the targets, on the numbers of the parties, or on threads.

mod claims;
mod linear;
mod owner;
mod shadow;
mod shares;
mod transductive;

use ndarray::ArrayView2;
use turncoat_learn::Learner;

use crate::claim::{Claims, Question};
use crate::error::AttackError;
use crate::inference::{Held, Inference, Needs, Setting, Training};
use crate::shadow::MOST_SHADOWS;
use crate::view::AdversaryView;

/// What the attack is called, and what its random draws are addressed by.
const NAME: &str = "shadow_federation";

/// Parameters of `shadow_federation`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "shadow_federation")]
#[serde(deny_unknown_fields, default)]
pub struct ShadowFederation {
    /// How many shadow federations are trained; at most 1,000 if `transductive`.
    #[schemars(range(min = 1, max = MOST_SHADOWS), extend("x-unit" = "federations"))]
    pub shadows: u32,
    /// Whether shadow federations are drawn from the records in question, all taken together, instead of the adversary's own. A claim then
    /// depends on the other records asked about.
    ///
    /// All of them belong to a candidate, and candidates are taken to hold about equally many. Needs two candidates and 20 targets for
    /// each.
    pub transductive: bool,
    /// What the parties of shadow federations train; null for what the parties train.
    pub generation: Option<Learner>,
}

impl Default for ShadowFederation {
    fn default() -> Self {
        Self { shadows: 24, transductive: false, generation: None }
    }
}

impl Inference for ShadowFederation {
    fn question(&self) -> Question {
        Question::Source
    }

    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        claims::claim(view, self.shadows, self.transductive, self.generation.as_ref()).map(Claims::Source)
    }

    fn asks_about<'a>(
        &self,
        view: &'a AdversaryView<'_>,
    ) -> Result<Option<ArrayView2<'a, f32>>, AttackError> {
        Ok(view.probes()?.map(|all| all.records.view()))
    }

    fn needs(&self) -> Needs<'_> {
        Needs { held: Held::Always, generation: self.generation.as_ref(), ..Needs::default() }
    }

    fn training(&self, setting: &Setting) -> Training {
        let one = match (setting.shown, self.transductive) {
            // Nothing tells the candidates apart, and nothing is trained.
            (false, _) => Training::default(),
            // Every target is given to a shadow party for each candidate.
            (true, true) => Training { models: setting.candidates, records: setting.targets },
            // Two parties get a third of what the adversary holds each.
            (true, false) => Training { models: 2, records: setting.held * 2 / 3 },
        };
        one.times(u64::from(self.shadows))
    }
}
