//! The accounts of all repeats, as the report and its notes tell them.

use std::collections::BTreeMap;

use turncoat_report::result::service::{
    ClientFigures, DegradedResponses, LimitFigures, MissingParty, RejectedResponses, ServiceFigures,
};

use crate::adversary::name_of;
use crate::experiment::challenges::RefusedAttack;
use crate::experiment::repeat::{Outcome, rows};
use crate::experiment::service::Service;
use crate::launch::contract;
use crate::scenario::{Limits, Scenario};
use crate::words::counted;

/// Who asked how much, over all repeats.
pub(super) fn service(scenario: &Scenario, outcomes: &[Outcome]) -> ServiceFigures {
    let mut clients: Vec<ClientFigures> = Vec::new();
    for client in outcomes.iter().flat_map(|outcome| &outcome.service.clients) {
        let place = clients.iter().position(|other| other.client == client.client).unwrap_or_else(|| {
            let (client, refused_by) = (client.client.clone(), BTreeMap::new());
            clients.push(ClientFigures { client, asked: 0, answered: 0, refused: 0, refused_by, failed: 0 });
            clients.len() - 1
        });
        let sum = &mut clients[place];
        sum.asked += client.asked;
        sum.answered += client.answered;
        sum.failed += client.failed;
        for (limit, queries) in &client.refused {
            sum.refused += queries;
            *sum.refused_by.entry(limit.clone()).or_insert(0) += queries;
        }
    }
    ServiceFigures {
        require: contract::quorum(scenario.federation.quorum).to_string(),
        limits: (!scenario.limits.is_default()).then(|| limits(scenario.limits)),
        clients,
    }
}

fn limits(limits: Limits) -> LimitFigures {
    LimitFigures {
        queries_per_client: limits.queries_per_client,
        queries_in_all: limits.queries_in_all,
        records_per_call: limits.records_per_call,
        message_bytes: limits.message_bytes,
        concurrent_calls: limits.concurrent_calls,
        keep_alive_ms: limits.keep_alive_ms,
        request_ms: limits.request_ms,
        stalled_ms: limits.stalled_ms,
    }
}

/// The repeats' accounts, in their order; of the repeats with all parties honest, if so asked.
pub(super) fn accounts(outcomes: &[Outcome], honest: bool) -> impl Iterator<Item = (u32, &Service)> {
    (1..).zip(outcomes).filter_map(move |(repeat, outcome)| match honest {
        false => Some((repeat, &outcome.service)),
        true => Some((repeat, &outcome.honest.as_ref()?.service)),
    })
}

/// Every query that was answered by fewer parties than all.
pub(super) fn degraded<'a>(accounts: impl Iterator<Item = (u32, &'a Service)>) -> Vec<DegradedResponses> {
    let reported = accounts.flat_map(|(repeat, service)| {
        service.degraded.iter().map(move |queries| DegradedResponses {
            repeat,
            client: queries.client.clone(),
            first_query: queries.first_query,
            rows: queries.rows,
            missing: queries
                .missing
                .iter()
                .map(|(id, reason)| MissingParty { id: id.get(), reason: reason.clone() })
                .collect(),
        })
    });
    reported.collect()
}

/// Every answer that was thrown away.
pub(super) fn rejected<'a>(accounts: impl Iterator<Item = (u32, &'a Service)>) -> Vec<RejectedResponses> {
    let reported = accounts.flat_map(|(repeat, service)| {
        service.rejected.iter().map(move |answers| RejectedResponses {
            repeat,
            id: answers.party.get(),
            reason: answers.reason.clone(),
            count: answers.count,
            first_query: answers.first_query,
            example: answers.example.clone(),
        })
    });
    reported.collect()
}

/// The same in words: what is missing from which figures.
pub(super) fn notes(scenario: &Scenario, outcomes: &[Outcome]) -> Vec<String> {
    let mut notes = Vec::new();
    for (honest, which) in [(false, ""), (true, "with all parties honest, ")] {
        notes.extend(missing(outcomes, honest).map(|note| format!("{which}{note}")));
        for answers in rejected(accounts(outcomes, honest)) {
            notes.push(format!(
                "{which}repeat {}: {} of party-{} rejected ({}), first at query {}: {}",
                answers.repeat,
                counted(answers.count, "answer", "answers"),
                answers.id,
                answers.reason,
                answers.first_query,
                answers.example
            ));
        }
    }
    notes.extend(refused(outcomes));
    notes.extend(unclaimed(scenario, outcomes));
    notes
}

/// How many records an attack makes no claim on.
fn unclaimed(scenario: &Scenario, outcomes: &[Outcome]) -> impl Iterator<Item = String> {
    let reported = rows(scenario).into_iter().enumerate().filter_map(|(place, row)| {
        let figures = || outcomes.iter().map(|outcome| &outcome.results[place]);
        let unclaimed: usize = figures().map(|figures| figures.unclaimed).sum();
        let asked = unclaimed + figures().map(|figures| figures.records).sum::<usize>();
        let adversary = &scenario.adversaries[row.adversary];
        let attack = &adversary.attacks[row.attack].id;
        let draw = row.draw().map_or_else(String::new, |draw| format!(", {draw} non-members"));
        (unclaimed > 0).then(|| {
            format!(
                "{attack} of {}{draw}: no claim on {unclaimed} of {asked} records, since nothing that it needs was \
                 answered; its figures are over the others",
                name_of(adversary.vantage)
            )
        })
    });
    reported.collect::<Vec<_>>().into_iter()
}

/// How many queries were answered without whom, and why.
fn missing(outcomes: &[Outcome], honest: bool) -> Option<String> {
    let (mut repeats, mut queries) = (Vec::new(), 0);
    let mut absences: BTreeMap<(String, &str), u64> = BTreeMap::new();
    for (repeat, service) in accounts(outcomes, honest) {
        for range in &service.degraded {
            queries += range.rows;
            repeats.push(repeat);
            for (party, reason) in &range.missing {
                *absences.entry((party.to_string(), reason)).or_insert(0) += range.rows;
            }
        }
    }
    repeats.dedup();
    let asked: u64 = accounts(outcomes, honest)
        .flat_map(|(_, service)| &service.clients)
        .map(|client| client.answered)
        .sum();
    let who: Vec<String> = absences
        .iter()
        .map(|((party, reason), queries)| format!("{party} from {queries} ({reason})"))
        .collect();
    (queries > 0).then(|| {
        format!(
            "{queries} of {} answered by fewer parties than all, in {} of {}; missing: {}",
            counted(asked, "query is", "queries are"),
            repeats.len(),
            counted(outcomes.len() as u64, "repeat", "repeats"),
            who.join(", ")
        )
    })
}

/// Queries and attacks that limits refused.
fn refused(outcomes: &[Outcome]) -> Vec<String> {
    let mut notes = Vec::new();
    let mut queries: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for client in outcomes.iter().flat_map(|outcome| &outcome.service.clients) {
        for (limit, refused) in &client.refused {
            *queries.entry((&client.client, limit)).or_insert(0) += refused;
        }
    }
    for ((client, limit), refused) in queries {
        notes.push(format!(
            "{} refused (limits.{limit})",
            counted(refused, &format!("query of {client} was"), &format!("queries of {client} were"))
        ));
    }
    let mut attacks: Vec<(&RefusedAttack, Vec<String>)> = Vec::new();
    for (repeat, outcome) in (1..).zip(outcomes) {
        let repeat: u32 = repeat;
        for refused in &outcome.refused {
            match attacks.iter_mut().find(|(other, _)| *other == refused) {
                Some((_, repeats)) => repeats.push(repeat.to_string()),
                None => attacks.push((refused, vec![repeat.to_string()])),
            }
        }
    }
    for (RefusedAttack { adversary, attack, reason }, repeats) in attacks {
        notes.push(format!(
            "{attack} of {adversary} has no figures (repeat {}), since its queries were refused: {reason}",
            repeats.join(", ")
        ));
    }
    notes
}
