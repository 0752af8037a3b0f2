//! Adversaries as a scenario writes them, and what they are to those who run them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_attack::{NamedAttack, Vantage};
use turncoat_learn::PartyId;

use super::federation::Adversary;

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
pub(super) struct Attacks(#[schemars(length(min = 1))] Vec<NamedAttack>);

impl From<WrittenAdversary> for Adversary {
    fn from(written: WrittenAdversary) -> Self {
        let (vantage, attacks) = match written {
            WrittenAdversary::Party { id, attacks } => (Vantage::Party(id), attacks),
            WrittenAdversary::Aggregator { attacks } => (Vantage::Aggregator, attacks),
            WrittenAdversary::Outsider { attacks } => (Vantage::Outsider, attacks),
        };
        Self { vantage, attacks: attacks.0 }
    }
}

impl From<Adversary> for WrittenAdversary {
    fn from(Adversary { vantage, attacks }: Adversary) -> Self {
        let attacks = Attacks(attacks);
        match vantage {
            Vantage::Party(id) => Self::Party { id, attacks },
            Vantage::Aggregator => Self::Aggregator { attacks },
            Vantage::Outsider => Self::Outsider { attacks },
        }
    }
}
