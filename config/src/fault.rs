//! What a scenario can let happen to a federation. Queries count from 1, from the federation's first training on, over all
//! adversaries; what is to happen at a query happens with the call that holds it. Nothing happens to what the experimenter asks to
//! measure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_learn::PartyId;

/// Queries are counted in 64 bits; a scenario speaks of far fewer.
const MOST_QUERIES: u64 = 1_000_000_000_000;

/// One thing that goes wrong. A query is one record; queries count from 1 over all adversaries of a repeat. What the experimenter
/// asks to measure (accuracies, decision boundaries, exported vectors) is not counted, and nothing happens to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "fault", extend("examples" = [{"crash": {"party": 1, "at": "query 500"}}]))]
pub enum Fault {
    /// A party's process ends before it answers the call that holds a query.
    Crash {
        /// Which party is affected.
        #[schemars(extend("examples" = [1]))]
        party: PartyId,
        /// The query that it does not live to answer.
        #[serde(with = "query")]
        #[schemars(schema_with = "query::schema", extend("examples" = ["query 500"]))]
        at: u64,
    },
    /// After the crash before it in the list, the party is started again and goes on with its saved model.
    Restart {
        /// Which party is affected.
        #[schemars(extend("examples" = [1]))]
        party: PartyId,
        /// The query from which on it answers again; null for at once.
        ///
        /// It refuses until the first call that reaches that query.
        #[serde(with = "query::optional")]
        #[schemars(schema_with = "query::optional::schema", extend("default" = ()))]
        at: Option<u64>,
    },
    /// Some of a party's answers are late.
    Delay {
        /// Which party is affected.
        #[schemars(extend("examples" = [1]))]
        party: PartyId,
        /// How late the answer is.
        #[schemars(range(min = 1, max = 86_400_000), extend("x-unit" = "ms", "examples" = [400]))]
        ms: u64,
        /// Of how many of its calls.
        #[serde(default = "all")]
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0, "x-null" = 1.0, "x-unit" = "fraction"))]
        fraction: f64,
    },
    /// Some of a party's answers never come; the coordinator asks again.
    Drop {
        /// Which party is affected.
        #[schemars(extend("examples" = [1]))]
        party: PartyId,
        /// Of how many of its calls.
        #[serde(default = "all")]
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0, "x-null" = 1.0, "x-unit" = "fraction"))]
        fraction: f64,
    },
    /// Some of a party's answers are spoilt; the coordinator rejects them.
    Corrupt {
        /// Which party is affected.
        #[schemars(extend("examples" = [1]))]
        party: PartyId,
        /// How an answer is spoilt.
        #[schemars(extend("examples" = ["nan"]))]
        how: Corruption,
        /// Of how many of its calls.
        #[serde(default = "all")]
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0, "x-null" = 1.0, "x-unit" = "fraction"))]
        fraction: f64,
    },
    /// Parties cannot be reached in any call that holds a query of a range, both ends included.
    Partition {
        /// Which parties cannot be reached.
        ///
        /// In ascending order, in a scenario that has been read.
        #[schemars(length(min = 1), extend("x-rule" = "name at least one party", "examples" = [[2, 3]]))]
        parties: Vec<PartyId>,
        /// The first query that they miss.
        #[serde(with = "query")]
        #[schemars(schema_with = "query::schema", extend("examples" = ["query 100"]))]
        from: u64,
        /// The last query that they miss, not before the first.
        #[serde(with = "query")]
        #[schemars(schema_with = "query::schema", extend("examples" = ["query 200"]))]
        to: u64,
    },
}

fn all() -> f64 {
    1.0
}

/// A query as scenarios write it: `query 500`.
mod query {
    use schemars::{Schema, SchemaGenerator, json_schema};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^query 0*([1-9][0-9]{0,11}|1000000000000)$",
            "x-rule": format!("be `query` and its number, from 1 to {}, such as `query 500`", super::MOST_QUERIES),
            "x-told": "`query N`, N from 1 to 10^12",
            "x-unit": "queries",
        })
    }

    pub(super) fn serialize<S: Serializer>(query: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("query {query}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text.strip_prefix("query ").and_then(|number| number.parse().ok());
        number.ok_or_else(|| serde::de::Error::custom(format!("{text} is no query")))
    }

    pub(super) mod optional {
        use super::*;

        pub(in super::super) fn schema(generator: &mut SchemaGenerator) -> Schema {
            let mut schema = super::schema(generator);
            schema.insert("type".into(), ["string", "null"].as_slice().into());
            schema
        }

        pub(in super::super) fn serialize<S: Serializer>(
            query: &Option<u64>,
            s: S,
        ) -> Result<S::Ok, S::Error> {
            match query {
                Some(query) => super::serialize(query, s),
                None => s.serialize_none(),
            }
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            d: D,
        ) -> Result<Option<u64>, D::Error> {
            #[derive(Deserialize)]
            struct Query(#[serde(deserialize_with = "super::deserialize")] u64);
            Ok(Option::<Query>::deserialize(d)?.map(|query| query.0))
        }
    }
}

/// How an answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Corruption {
    /// The first probability is not a number.
    Nan,
    /// Every probability is half of what it was, so that no vector sums to one.
    Unnormalised,
    /// The last vector is missing.
    WrongLength,
    /// The answer to the question before.
    Stale,
}

/// A party whose vectors are valid and false.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "byzantine")]
pub struct Byzantine {
    /// Which party is Byzantine.
    #[schemars(extend("examples" = [3]))]
    pub party: PartyId,
    /// What a party says instead of its model's answer.
    #[serde(rename = "how")]
    #[schemars(extend("examples" = ["label_flip"]))]
    pub behaviour: Behaviour,
}

impl Fault {
    /// Which parties are affected.
    #[must_use]
    pub fn parties(&self) -> Vec<PartyId> {
        match self {
            Self::Crash { party, .. }
            | Self::Restart { party, .. }
            | Self::Delay { party, .. }
            | Self::Drop { party, .. }
            | Self::Corrupt { party, .. } => vec![*party],
            Self::Partition { parties, .. } => parties.clone(),
        }
    }

    /// As a scenario calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Crash { .. } => "crash",
            Self::Restart { .. } => "restart",
            Self::Delay { .. } => "delay",
            Self::Drop { .. } => "drop",
            Self::Corrupt { .. } => "corrupt",
            Self::Partition { .. } => "partition",
        }
    }
}

/// What a party says instead of its model's answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "behaviour")]
pub enum Behaviour {
    /// The probabilities of the classes in reverse order.
    #[schemars(extend("x-source" = "after Fang et al., 2020, section 5.1"))]
    LabelFlip,
    /// Certain of one class, whatever the record.
    Constant {
        /// Which class it always says, from 0 in the order of the data's classes.
        #[schemars(range(min = 0, max = 1_000_000), extend("examples" = [0]))]
        class: usize,
    },
    /// What the vector says beyond the uniform one, so many times as loud, renormalised.
    Amplified {
        /// How many times as loud.
        #[schemars(range(max = 1e6), extend("exclusiveMinimum" = 1, "examples" = [4]))]
        by: f64,
    },
}

impl Behaviour {
    /// As a scenario calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LabelFlip => "label_flip",
            Self::Constant { .. } => "constant",
            Self::Amplified { .. } => "amplified",
        }
    }
}
