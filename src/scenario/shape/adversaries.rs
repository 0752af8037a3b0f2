//! Who attacks a federation, from where, with what.

use schemars::JsonSchema;

use super::learner::Learner;

/// Where an adversary stands; it sees what its place lets it see, and nothing else.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    rename = "adversary",
    extend("x-choice" = true, "examples" = [{"outsider": {"attacks": ["gap"]}}])
)]
pub(super) struct Adversary {
    party: PartyAdversary,
    aggregator: Aggregator,
    outsider: Outsider,
}

/// A malicious party: holds its own records and sees, under `disclosure: open`, every other party's answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "party_adversary", extend("x-source" = "Truex et al., section 4.7"))]
pub(super) struct PartyAdversary {
    /// Which party it is, from 1 to `federation.parties`.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [3]))]
    id: u32,
    /// What it tries; no two attacks share an id.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["least_loss", "gap"]]))]
    attacks: Vec<FederationAttack>,
}

/// The malicious aggregator: holds no records and sees every party's answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "aggregator_adversary")]
pub(super) struct Aggregator {
    /// What it tries; no two attacks share an id.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["least_loss", "gap"]]))]
    attacks: Vec<FederationAttack>,
}

/// A user of the federation: sees the average.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "outsider_adversary")]
pub(super) struct Outsider {
    /// What it tries; no two attacks share an id.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["least_loss", "gap"]]))]
    attacks: Vec<FederationAttack>,
}

/// An attack on a federation. Membership inference: was the record in the training data? Source inference: whose was it?
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "federation_attack", extend("x-choice" = true, "examples" = ["gap"]))]
pub(super) struct FederationAttack {
    gap: Gap,
    /// Membership: in if the probability of the record's class reaches a threshold, learned on records of the adversary's own.
    #[schemars(extend("x-source" = "Salem et al., 2019"))]
    confidence: PlainAttack,
    shadow_model: ShadowModel,
    /// Source: the party whose answer gives the record's class the largest probability.
    #[schemars(extend("x-source" = "Hu et al., 2021"))]
    least_loss: PlainAttack,
    /// Source: `least_loss`, with ties broken by the parties' class shares, which are estimated from their answers.
    prior_aware: PlainAttack,
    shadow_federation: ShadowFederation,
}

/// An attack without parameters.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "plain_attack")]
pub(super) struct PlainAttack {
    /// What reports call the attack; tells it from the adversary's others, so that one attack can stand there with several
    /// parameters. Letters, digits, `_`, `-` and `.`; no other attack's name.
    #[schemars(length(max = 64), regex(pattern = r"^[A-Za-z0-9_.-]+$"), extend("x-default" = "the attack's name", "examples" = ["deep"]))]
    id: Option<String>,
}

/// Membership: in exactly if the record is predicted right.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "gap", extend("x-source" = "Yeom et al., 2018"))]
pub(super) struct Gap {
    /// What reports call the attack; tells it from the adversary's others, so that one attack can stand there with several
    /// parameters. Letters, digits, `_`, `-` and `.`; no other attack's name.
    #[schemars(length(max = 64), regex(pattern = r"^[A-Za-z0-9_.-]+$"), extend("x-default" = "the attack's name", "examples" = ["deep"]))]
    id: Option<String>,
    #[schemars(extend("default" = "lowest"))]
    ties: Ties,
}

/// Which class is predicted where several share the largest probability. Probabilities are equal here, and in every other
/// attack, that are the same multiple of 2^-30, about 1e-9.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Ties {
    /// The lowest, as the service itself would say.
    Lowest,
    /// Each as likely as the other, by a coin of the record's own.
    Coin,
}

/// Membership: an attack model learns to tell members from non-members by the answers of shadow models.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "shadow_model", extend("x-source" = "Shokri et al., 2017; Truex et al., section 3"))]
pub(super) struct ShadowModel {
    /// What reports call the attack; tells it from the adversary's others, so that one attack can stand there with several
    /// parameters. Letters, digits, `_`, `-` and `.`; no other attack's name.
    #[schemars(length(max = 64), regex(pattern = r"^[A-Za-z0-9_.-]+$"), extend("x-default" = "the attack's name", "examples" = ["deep"]))]
    id: Option<String>,
    /// How many shadow models are trained.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 10, "x-unit" = "models"))]
    shadows: u32,
    /// What each shadow model is; null for what the parties train.
    #[schemars(extend("default" = ()))]
    generation: Option<Learner>,
    /// What learns the attack; null for a decision tree of bounded depth.
    #[schemars(extend("default" = ()))]
    attack_learner: Option<Learner>,
}

/// Source: a model learns, on federations that the adversary deals and trains itself, whose record gives which answers.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "shadow_federation")]
pub(super) struct ShadowFederation {
    /// What reports call the attack; tells it from the adversary's others, so that one attack can stand there with several
    /// parameters. Letters, digits, `_`, `-` and `.`; no other attack's name.
    #[schemars(length(max = 64), regex(pattern = r"^[A-Za-z0-9_.-]+$"), extend("x-default" = "the attack's name", "examples" = ["deep"]))]
    id: Option<String>,
    /// How many shadow federations are trained; at most 1,000 if `transductive`.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 24, "x-unit" = "federations"))]
    shadows: u32,
    /// Whether shadow federations are dealt from the records in question, all taken together, instead of the adversary's own. A claim then
    /// depends on the other records asked about.
    #[schemars(extend("default" = false))]
    transductive: bool,
    /// What the parties of shadow federations train; null for what the parties train.
    #[schemars(extend("default" = ()))]
    generation: Option<Learner>,
}
