//! What is read at the moment of a scrape: the ledger's counts, who has joined, and who is given up on.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use turncoat_learn::PartyId;
use turncoat_proto::account::PartyAccount;

use super::Calls;
use super::names;
use crate::admission::Admission;
use crate::federation::Federation;
use crate::ledger::{Ledger, Tally};

/// Where the figures come from.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) federation: Arc<Federation>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) ledger: Arc<Ledger>,
}

impl State {
    /// All of a coordinator's figures.
    pub(crate) fn registry(self, calls: &Calls) -> Registry {
        let mut registry = Registry::with_prefix("turncoat_coordinator");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version of turncoat that runs", version);
        calls.register(&mut registry);
        registry.register_collector(Box::new(self));
        registry
    }
}

/// The samples of one family: labels and value.
type Samples = BTreeMap<Vec<(&'static str, String)>, u64>;

fn family<M: EncodeMetric>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    samples: Samples,
    metric: impl Fn(u64) -> M,
) -> fmt::Result {
    // A sentence, as those of the metrics that are registered.
    let mut family = encoder.encode_descriptor(name, &format!("{help}."), None, metric(0).metric_type())?;
    for (labels, value) in samples {
        if labels.is_empty() {
            return metric(value).encode(family);
        }
        metric(value).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}

fn gauges(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    samples: impl IntoIterator<Item = (Vec<(&'static str, String)>, u64)>,
) -> fmt::Result {
    family(encoder, name, help, samples.into_iter().collect(), ConstGauge::new)
}

/// Samples with the same labels are one, and their sum.
fn counters(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    samples: impl IntoIterator<Item = (Vec<(&'static str, String)>, u64)>,
) -> fmt::Result {
    let mut sums = Samples::new();
    for (labels, value) in samples {
        *sums.entry(labels).or_default() += value;
    }
    family(encoder, name, help, sums, ConstCounter::new)
}

fn one(value: u64) -> [(Vec<(&'static str, String)>, u64); 1] {
    [(Vec::new(), value)]
}

impl Collector for State {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let encoder = &mut encoder;
        let status = self.federation.status();
        gauges(encoder, "parties_required", "Parties of the federation", one(status.parties.into()))?;
        gauges(encoder, "parties_joined", "Parties that have joined", one(status.joined.len() as u64))?;
        let fitted = "Whether all parties have joined and have a model: 1 if predictions are answered";
        gauges(encoder, "fitted", fitted, one((*self.federation.ready().borrow()).into()))?;
        let standing = self.admission.standing();
        let up = |party: &PartyId| status.joined.contains(party) && standing[party].answers;
        let flags = |flag: &dyn Fn(&PartyId) -> bool| -> Vec<_> {
            standing.keys().map(|party| (vec![of(*party)], flag(party).into())).collect()
        };
        let help = "Whether the party has joined and answered the last call that asked it";
        gauges(encoder, "party_up", help, flags(&up))?;
        let help = "Whether the party is given up on for a number of calls";
        gauges(encoder, "party_circuit_open", help, flags(&|party| standing[party].open))?;
        self.ledgers(encoder, self.ledger.tally())
    }
}

fn of(party: PartyId) -> (&'static str, String) {
    ("party", party.get().to_string())
}

impl State {
    fn ledgers(&self, encoder: &mut DescriptorEncoder<'_>, tally: Tally) -> fmt::Result {
        let Tally { clients, parties, rejected, degraded } = tally;
        let role = |role| ("role", names::role(role).to_owned());
        let asked = clients.iter().map(|(&client, account)| (vec![role(client)], account.asked));
        counters(encoder, "queries_asked", "Queries in calls whose records could be read, by role", asked)?;
        let ended = clients.iter().flat_map(|(&client, account)| {
            let refused = account.refused.values().map(|refused| refused.queries).sum();
            let outcomes = [("answered", account.answered), ("refused", refused), ("failed", account.failed)];
            outcomes.map(|(outcome, queries)| (vec![role(client), ("outcome", outcome.to_owned())], queries))
        });
        counters(encoder, "queries", "Queries that have ended, by role and outcome", ended)?;
        let degraded = degraded.iter().map(|(&client, &queries)| (vec![role(client)], queries));
        let help = "Queries that were answered by fewer parties than all, by role";
        counters(encoder, "queries_degraded", help, degraded)?;
        let refused = clients.iter().flat_map(|(&client, account)| {
            account.refused.iter().map(move |(limit, refused)| {
                (vec![role(client), ("limit", limit.name().to_owned())], refused.calls)
            })
        });
        counters(encoder, "calls_refused", "Calls that a limit refused, by role and limit", refused)?;
        let mut of_parties = |name: &str, help: &str, count: fn(&PartyAccount) -> u64| {
            let counts = parties.iter().map(|(&party, account)| (vec![of(party)], count(account)));
            counters(encoder, name, help, counts)
        };
        let help = "Attempts beyond the first of a call, by party";
        of_parties("party_retries", help, |account| account.retries)?;
        let help = "How often the party was given up on for a number of calls";
        of_parties("party_circuits_opened", help, |account| account.circuits_opened)?;
        let help = "How often the party came back with its model";
        of_parties("party_rejoins", help, |account| account.rejoined)?;
        let rejected = rejected.into_iter().map(|((party, reason), answers)| {
            (vec![of(party), ("reason", reason.name().to_owned())], answers)
        });
        let help = "Answers of the party that broke a rule and were thrown away, by rule";
        counters(encoder, "party_answers_rejected", help, rejected)
    }
}
