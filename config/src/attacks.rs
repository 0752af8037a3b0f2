//! Adversaries and attacks as a scenario writes them, and what they are to those who run them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_attack::{
    self, Attack, Confidence, LeastLoss, NamedAttack, PriorAware, ShadowFederation, ShadowModel, Ties,
    Vantage,
};
use turncoat_learn::{Learner, PartyId};

use super::federation::Adversary;

/// Shadow models and shadow federations of an attack.
const MOST_SHADOWS: u32 = 10_000;

/// Where an adversary stands; it sees what its place lets it see, and nothing else.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "adversary", extend("examples" = [{"outsider": {"attacks": ["gap"]}}]))]
pub(super) enum WrittenAdversary {
    /// A malicious party: holds its own records and sees, under `disclosure: open`, every other party's answer.
    #[schemars(extend("x-source" = "Truex et al., section 4.7"))]
    Party {
        /// Which party it is, from 1 to `federation.parties`.
        #[schemars(extend("examples" = [3]))]
        id: PartyId,
        /// What it tries; no two attacks share an id.
        attacks: Attacks,
    },
    /// The malicious aggregator: holds no records and sees every party's answer.
    Aggregator {
        /// What it tries; no two attacks share an id.
        attacks: Attacks,
    },
    /// A user of the federation: sees the average.
    Outsider {
        /// What it tries; no two attacks share an id.
        attacks: Attacks,
    },
}

/// What an adversary tries; no two attacks share an id.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    inline,
    extend("uniqueItems" = true, "x-rule" = "name at least one attack", "examples" = [["least_loss", "gap"]])
)]
pub(super) struct Attacks(#[schemars(length(min = 1))] Vec<WrittenAttack>);

/// An attack on a federation. Membership inference: was the record in the training data? Source inference: whose was it?
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "federation_attack", extend("examples" = ["gap"]))]
enum WrittenAttack {
    /// Membership: in exactly if the record is predicted right.
    Gap(Gap),
    /// Membership: in if the probability of the record's class reaches a threshold, learned on records of the adversary's own.
    #[schemars(extend("x-source" = "Salem et al., 2019"))]
    Confidence(Named),
    /// Membership: an attack model learns to tell members from non-members by the answers of shadow models.
    #[schemars(extend("x-source" = "Shokri et al., 2017; Truex et al., section 3"))]
    ShadowModel {
        #[serde(flatten)]
        named: Named,
        /// How many shadow models are trained.
        #[serde(default = "shadow_models")]
        #[schemars(range(min = 1, max = MOST_SHADOWS), extend("x-unit" = "models"))]
        shadows: u32,
        /// What each shadow model is; null for what the parties train.
        generation: Option<Learner>,
        /// What learns the attack; null for a decision tree of bounded depth.
        attack_learner: Option<Learner>,
    },
    /// Source: the party whose answer gives the record's class the largest probability.
    #[schemars(extend("x-source" = "Hu et al., 2021"))]
    LeastLoss(Named),
    /// Source: `least_loss`, with ties broken by the parties' class shares, which are estimated from their answers.
    PriorAware(Named),
    /// Source: a model learns, on federations that the adversary deals and trains itself, whose record gives which answers.
    ShadowFederation {
        #[serde(flatten)]
        named: Named,
        /// How many shadow federations are trained; at most 1,000 if `transductive`.
        #[serde(default = "shadow_federations")]
        #[schemars(range(min = 1, max = MOST_SHADOWS), extend("x-unit" = "federations"))]
        shadows: u32,
        /// Whether shadow federations are dealt from the records in question, all taken together, instead of the adversary's own. A claim then
        /// depends on the other records asked about.
        #[serde(default)]
        transductive: bool,
        /// What the parties of shadow federations train; null for what the parties train.
        generation: Option<Learner>,
    },
}

fn shadow_models() -> u32 {
    ShadowModel::default().shadows
}

fn shadow_federations() -> u32 {
    ShadowFederation::default().shadows
}

// No documentation of its own: what the attack is, is said where it is named.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "plain_attack")]
pub(super) struct Named {
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
}

// As of `Named`: what it is, is said where it is named.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "gap", extend("x-source" = "Yeom et al., 2018"))]
pub(super) struct Gap {
    #[serde(flatten)]
    pub(super) named: Named,
    /// Which class is predicted where several share the largest probability. Probabilities are equal here, and in every other
    /// attack, that are the same multiple of 2^-30, about 1e-9.
    // The lowest class is what it was before there was a choice: it is not written.
    #[serde(default, skip_serializing_if = "is_lowest")]
    #[schemars(extend("default" = Ties::Lowest))]
    pub(super) ties: Ties,
}

fn is_lowest(ties: &Ties) -> bool {
    *ties == Ties::Lowest
}

impl Named {
    /// The id of an attack of that name.
    pub(super) fn or(self, name: &str) -> String {
        self.id.unwrap_or_else(|| name.into())
    }

    /// How an attack of that name is written: an id that is the name is left out, as nobody has to read it twice.
    pub(super) fn beside(id: String, name: &str) -> Self {
        Self { id: (id != name).then_some(id) }
    }
}

impl From<WrittenAttack> for NamedAttack {
    fn from(written: WrittenAttack) -> Self {
        let (named, attack) = match written {
            WrittenAttack::Gap(Gap { named, ties }) => (named, Attack::Gap(turncoat_attack::Gap { ties })),
            WrittenAttack::Confidence(named) => (named, Attack::Confidence(Confidence::default())),
            WrittenAttack::ShadowModel { named, shadows, generation, attack_learner } => {
                let params = ShadowModel { shadows, generation, attack_learner, ..ShadowModel::default() };
                (named, Attack::ShadowModel(params))
            }
            WrittenAttack::LeastLoss(named) => (named, Attack::LeastLoss(LeastLoss {})),
            WrittenAttack::PriorAware(named) => (named, Attack::PriorAware(PriorAware {})),
            WrittenAttack::ShadowFederation { named, shadows, transductive, generation } => {
                (named, Attack::ShadowFederation(ShadowFederation { shadows, transductive, generation }))
            }
        };
        Self { id: named.or(attack.name()), attack }
    }
}

impl From<NamedAttack> for WrittenAttack {
    fn from(NamedAttack { id, attack }: NamedAttack) -> Self {
        let named = Named::beside(id, attack.name());
        match attack {
            Attack::Gap(turncoat_attack::Gap { ties }) => Self::Gap(Gap { named, ties }),
            Attack::Confidence(_) => Self::Confidence(named),
            Attack::ShadowModel(ShadowModel { shadows, generation, attack_learner, .. }) => {
                Self::ShadowModel { named, shadows, generation, attack_learner }
            }
            Attack::LeastLoss(_) => Self::LeastLoss(named),
            Attack::PriorAware(_) => Self::PriorAware(named),
            Attack::ShadowFederation(ShadowFederation { shadows, transductive, generation }) => {
                Self::ShadowFederation { named, shadows, transductive, generation }
            }
        }
    }
}

impl From<WrittenAdversary> for Adversary {
    fn from(written: WrittenAdversary) -> Self {
        let (vantage, attacks) = match written {
            WrittenAdversary::Party { id, attacks } => (Vantage::Party(id), attacks),
            WrittenAdversary::Aggregator { attacks } => (Vantage::Aggregator, attacks),
            WrittenAdversary::Outsider { attacks } => (Vantage::Outsider, attacks),
        };
        Self { vantage, attacks: attacks.0.into_iter().map(Into::into).collect() }
    }
}

impl From<Adversary> for WrittenAdversary {
    fn from(Adversary { vantage, attacks }: Adversary) -> Self {
        let attacks = Attacks(attacks.into_iter().map(Into::into).collect());
        match vantage {
            Vantage::Party(id) => Self::Party { id, attacks },
            Vantage::Aggregator => Self::Aggregator { attacks },
            Vantage::Outsider => Self::Outsider { attacks },
        }
    }
}
