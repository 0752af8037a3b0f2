//! Adversaries and attacks as a scenario writes them. The parameters of an attack, and that there is such an attack, stand in
//! turncoat-attack; a scenario adds the `id` that tells it from the adversary's others.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use turncoat_attack::{Attack, NamedAttack, Vantage};
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
pub(super) struct Attacks(#[schemars(length(min = 1))] Vec<WrittenAttack>);

/// An attack with its `id` among its parameters.
#[derive(Serialize)]
pub(super) struct WrittenAttack(NamedAttack);

impl<'de> Deserialize<'de> for WrittenAttack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        let body =
            value.as_object_mut().and_then(|word| word.values_mut().next()).and_then(Value::as_object_mut);
        let named: Named = match body.and_then(|parameters| parameters.remove("id")) {
            Some(id) => Named { id: serde_json::from_value(id).map_err(serde::de::Error::custom)? },
            None => Named::default(),
        };
        let attack: Attack = serde_json::from_value(value).map_err(serde::de::Error::custom)?;
        Ok(Self(NamedAttack { id: named.or(attack.name()), attack }))
    }
}

impl JsonSchema for WrittenAttack {
    fn schema_name() -> Cow<'static, str> {
        Attack::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let schema = Attack::json_schema(generator);
        let id = Named::json_schema(generator).get("properties").map(|keys| keys["id"].clone());
        for name in Attack::NAMES {
            let parameters = generator.definitions_mut().get_mut(*name).and_then(Value::as_object_mut);
            if let (Some(parameters), Some(id)) = (parameters, &id) {
                let keys =
                    parameters.entry("properties").or_insert_with(|| Value::Object(Default::default()));
                keys["id"] = id.clone();
            }
        }
        schema
    }
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

impl From<WrittenAdversary> for Adversary {
    fn from(written: WrittenAdversary) -> Self {
        let (vantage, attacks) = match written {
            WrittenAdversary::Party { id, attacks } => (Vantage::Party(id), attacks),
            WrittenAdversary::Aggregator { attacks } => (Vantage::Aggregator, attacks),
            WrittenAdversary::Outsider { attacks } => (Vantage::Outsider, attacks),
        };
        Self { vantage, attacks: attacks.0.into_iter().map(|attack| attack.0).collect() }
    }
}

impl From<Adversary> for WrittenAdversary {
    fn from(Adversary { vantage, attacks }: Adversary) -> Self {
        let attacks = Attacks(attacks.into_iter().map(WrittenAttack).collect());
        match vantage {
            Vantage::Party(id) => Self::Party { id, attacks },
            Vantage::Aggregator => Self::Aggregator { attacks },
            Vantage::Outsider => Self::Outsider { attacks },
        }
    }
}
