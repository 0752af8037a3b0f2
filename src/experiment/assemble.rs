//! Outcomes of repeats, summed up into a report. Everything runs in the order of repeats, parties and rows.

use std::collections::BTreeMap;
use std::time::Duration;

use turncoat_attack::challenge::Figures;
use turncoat_attack::{Correlation, Question, Summary, Vantage};
use turncoat_learn::data::TableAccount;
use turncoat_learn::{Dataset, EqualRecords, PartyId};

mod byzantine;
mod service;

use super::distances::honest;
use super::repeat::{Outcome, PartyOutcome, Row, candidates, rows};
use crate::adversary::name_of;
use crate::kernel::kernel;
use crate::scenario::{Loaded, Scenario};
use crate::words::counted;
use turncoat_report::few_claims;
use turncoat_report::result::attack::ByParty;
use turncoat_report::result::attack::PriorOnly;
use turncoat_report::result::attack::ResultFigures;
use turncoat_report::result::differences::Differences;
use turncoat_report::result::figure::Mean;
use turncoat_report::result::report::DistanceCorrelation;
use turncoat_report::result::report::EqualRecordFigures;
use turncoat_report::result::report::FederationFigures;
use turncoat_report::result::report::PartyFigures;
use turncoat_report::result::report::Report;
use turncoat_report::result::report::SCHEMA;
use turncoat_report::result::report::ScenarioId;

/// Sums up.
pub(super) fn assemble(
    loaded: &Loaded,
    scenario: &Scenario,
    data: &Dataset,
    equal: &EqualRecords,
    outcomes: &[Outcome],
    elapsed: Duration,
) -> Report {
    let mut results: Vec<ResultFigures> = rows(scenario)
        .into_iter()
        .enumerate()
        .map(|(place, row)| {
            let figures: Vec<&Figures> = outcomes.iter().map(|outcome| &outcome.results[place]).collect();
            result(scenario, row, &figures)
        })
        .collect();
    let over_outsider = Differences::over_outsider(&results);
    results.iter_mut().zip(over_outsider).for_each(|(result, over)| result.over_outsider = over);
    let correlations = rows(scenario)
        .into_iter()
        .enumerate()
        .filter(|(_, row)| row.non_members.is_none())
        .map(|(place, row)| correlation(scenario, row, place, outcomes))
        .collect();
    let honest = honest(scenario);
    Report {
        schema: SCHEMA.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        kernel: kernel().into(),
        scenario: scenario_id(loaded),
        classes: data.class_names().to_vec(),
        table: data.table().map(|table| TableAccount::clone(table)),
        equal_records: EqualRecordFigures::new(equal, outcomes.iter().map(|outcome| outcome.copies)),
        federation: Some(FederationFigures {
            disclosure: crate::launch::contract::disclosure(scenario.federation.disclosure).to_string(),
            learner: scenario.federation.learner.name().into(),
            parties: PartyId::first(scenario.parties())
                .map(|id| party(id, outcomes, data.classes()))
                .collect(),
            train_accuracy: summary(outcomes, |outcome| outcome.train_accuracy),
            test_accuracy: summary(outcomes, |outcome| outcome.test_accuracy),
            in_class_distance: summary(outcomes, |outcome| outcome.distances.get(&honest)?.in_class),
            pairwise_distance: summary(outcomes, |outcome| outcome.distances.get(&honest)?.pairwise),
        }),
        service: Some(service::service(scenario, outcomes)),
        degraded: service::degraded(service::accounts(outcomes, false)),
        rejected: service::rejected(service::accounts(outcomes, false)),
        byzantine: byzantine::byzantine(scenario, outcomes),
        notes: [notes(loaded, scenario, data, equal, outcomes), few_claims::notes(&results)].concat(),
        results,
        correlations,
        timings_ms: timings(outcomes, elapsed),
        ..Report::default()
    }
}

fn summary<T>(repeats: &[T], figure: impl Fn(&T) -> Option<f64>) -> Summary {
    Summary::new(repeats.iter().map(figure).collect())
}

fn party(id: PartyId, outcomes: &[Outcome], classes: usize) -> PartyFigures {
    let own: Vec<&PartyOutcome> = outcomes.iter().map(|outcome| &outcome.parties[id.index()]).collect();
    let class_counts =
        (0..classes).map(|class| Mean::of(own.iter().map(|party| party.class_counts[class]))).collect();
    PartyFigures {
        id: id.get(),
        records: Mean::of(own.iter().map(|party| party.class_counts.iter().sum())),
        class_counts,
        missing: Mean::of(own.iter().map(|party| party.missing)),
        train_accuracy: summary(&own, |party| party.train_accuracy),
        test_accuracy: summary(&own, |party| party.test_accuracy),
        model_bytes: Mean::of(own.iter().map(|party| party.model_bytes as usize)),
        smallest_leaf: own.iter().filter_map(|party| party.smallest_leaf).min(),
    }
}

/// The repeats in which an attack made any claim.
fn answered<'a>(repeats: &'a [&'a Figures]) -> impl Iterator<Item = &'a Figures> {
    repeats.iter().copied().filter(|figures| figures.claims > 0)
}

fn result(scenario: &Scenario, row: Row, repeats: &[&Figures]) -> ResultFigures {
    let adversary = &scenario.adversaries[row.adversary];
    let candidates = candidates(scenario, adversary.vantage);
    let by_party = match row.non_members {
        Some(_) => Vec::new(),
        None => (0..candidates.len())
            .map(|place| ByParty {
                id: candidates[place].get(),
                claims: Some(Mean::of(answered(repeats).map(|figures| figures.by_party[place].claims))),
                records: Some(Mean::of(answered(repeats).map(|figures| figures.by_party[place].records))),
                precision: summary(repeats, |figures| figures.by_party[place].precision),
                recall: summary(repeats, |figures| figures.by_party[place].recall),
            })
            .collect(),
    };
    let vantage = match adversary.vantage {
        Vantage::Outsider => "outsider",
        Vantage::Party(_) => "party",
        Vantage::Aggregator => "aggregator",
    };
    let named = &adversary.attacks[row.attack];
    ResultFigures {
        id: Some(named.id.clone()),
        attack: Some(named.attack.name().into()),
        non_members: row.draw().map(String::from),
        candidates: candidates.into_iter().map(PartyId::get).collect(),
        by_party,
        ..figures_of(vantage, name_of(adversary.vantage), named.attack.question(), repeats)
    }
}

/// A result's figures, summed up over the repeats; who was attacked, with what, is for the caller to say.
pub(super) fn figures_of(
    vantage: &str,
    adversary: String,
    question: Question,
    repeats: &[&Figures],
) -> ResultFigures {
    let accuracy = summary(repeats, |figures| figures.accuracy);
    let precision = summary(repeats, |figures| figures.precision);
    let prior_only = PriorOnly {
        precision: summary(repeats, |figures| figures.prior_only.precision),
        accuracy: summary(repeats, |figures| figures.prior_only.accuracy),
        unnamed: Some(Mean::of(repeats.iter().map(|figures| figures.prior_only.unnamed))),
    };
    ResultFigures {
        vantage: Some(vantage.into()),
        adversary: Some(adversary),
        question: Some(question.name().into()),
        records: Some(Mean::of(repeats.iter().map(|figures| figures.records))),
        unclaimed: Mean::of(repeats.iter().map(|figures| figures.unclaimed)),
        claims: Some(Mean::of(answered(repeats).map(|figures| figures.claims))),
        claims_in: (question == Question::Membership)
            .then(|| Mean::of(answered(repeats).filter_map(|figures| figures.claims_in))),
        over_prior: Differences::over_prior(&accuracy, &precision, &prior_only),
        precision,
        accuracy,
        recall: summary(repeats, |figures| figures.recall),
        auc: summary(repeats, |figures| figures.auc),
        advantage: summary(repeats, |figures| figures.advantage),
        tpr_at_fpr_1pct: summary(repeats, |figures| figures.tpr_at_fpr_1pct),
        tpr_at_fpr_0_1pct: summary(repeats, |figures| figures.tpr_at_fpr_0_1pct),
        smallest_fpr: summary(repeats, |figures| figures.smallest_fpr),
        prior_only,
        chance: Some(repeats.first().map_or(0.0, |figures| figures.chance)),
        ..ResultFigures::default()
    }
}

fn correlation(scenario: &Scenario, row: Row, place: usize, outcomes: &[Outcome]) -> DistanceCorrelation {
    let adversary = &scenario.adversaries[row.adversary];
    let named = &adversary.attacks[row.attack];
    let candidates = candidates(scenario, adversary.vantage);
    let in_class: Summary = summary(outcomes, |outcome| outcome.distances.get(&candidates)?.in_class);
    let accuracy = summary(outcomes, |outcome| outcome.results[place].accuracy);
    DistanceCorrelation {
        adversary: name_of(adversary.vantage),
        id: Some(named.id.clone()),
        attack: named.attack.name().into(),
        correlation: Correlation::of(&in_class.by_repeat, &accuracy.by_repeat),
        pairwise_distance: summary(outcomes, |outcome| outcome.distances.get(&candidates)?.pairwise),
        in_class_distance: in_class,
        candidates: candidates.into_iter().map(PartyId::get).collect(),
    }
}

/// Which experiment a report is about.
pub(super) fn scenario_id(loaded: &Loaded) -> ScenarioId {
    let study = &loaded.study;
    let (name, sha256) = (study.name().into(), loaded.sha256.clone());
    ScenarioId { name, sha256, seed: study.seed(), repeats: study.repeats() }
}

/// That another run may give other figures, where that is so.
pub(super) fn not_reproducible(loaded: &Loaded, data: &Dataset) -> Option<String> {
    (!loaded.study.reproducible(data.classes())).then(|| {
        "the engine linfa is not reproducible with more than two classes: another run of this scenario may give other \
         figures"
            .into()
    })
}

/// What a reader should know before trusting the figures.
fn notes(
    loaded: &Loaded,
    scenario: &Scenario,
    data: &Dataset,
    equal: &EqualRecords,
    outcomes: &[Outcome],
) -> Vec<String> {
    let mut notes = crate::warnings::of(loaded);
    notes.extend(data.table().iter().flat_map(|table| table.notes()));
    notes.extend(not_reproducible(loaded, data));
    let copies = EqualRecordFigures::new(equal, outcomes.iter().map(|outcome| outcome.copies));
    notes.extend(copies.note(data.len(), "in a repeat", "were held out"));
    let stopped =
        |outcome: &Outcome| outcome.parties.iter().filter(|party| party.converged == Some(false)).count();
    let unfinished: usize = outcomes.iter().map(stopped).sum();
    if unfinished > 0 {
        notes.push(format!(
            "{unfinished} of {} models of parties had not reached their optimum when their last allowed step was done: \
             raise max_iterations",
            outcomes.iter().map(|outcome| outcome.parties.len()).sum::<usize>()
        ));
    }
    notes.extend(asked_in_part(scenario, outcomes));
    let mut degenerate: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (repeat, outcome) in outcomes.iter().enumerate() {
        for found in &outcome.degenerate {
            degenerate.entry(found.to_string()).or_default().push(repeat + 1);
        }
    }
    for (what, repeats) in degenerate {
        let list: Vec<String> = repeats.iter().map(ToString::to_string).collect();
        notes.push(format!("{what} (repeat {})", list.join(", ")));
    }
    let short: Vec<usize> = outcomes
        .iter()
        .map(|outcome| outcome.parties.iter().map(|party| party.missing).sum())
        .filter(|&missing: &usize| missing > 0)
        .collect();
    if !short.is_empty() {
        notes.push(format!(
            "in {} of {} a class had fewer records left than a party's share asked for; {:.1} records a \
             repeat are missing from shards for it",
            short.len(),
            counted(outcomes.len(), "repeat", "repeats"),
            short.iter().sum::<usize>() as f64 / outcomes.len() as f64
        ));
    }
    notes.extend(service::notes(scenario, outcomes));
    notes
}

/// That so many parties are not asked about every record.
fn asked_in_part(scenario: &Scenario, outcomes: &[Outcome]) -> Option<String> {
    let parties = scenario.parties() as usize;
    let most = scenario.evaluation.most_records(parties);
    let training =
        |outcome: &Outcome| outcome.parties.iter().flat_map(|party| &party.class_counts).sum::<usize>();
    let training = outcomes.iter().map(training).max().filter(|&training| training > most)?;
    Some(format!(
        "the parties are asked about a part of the records, about {most} of the {training} in the shards and as many new ones, \
         drawn from each party alike, since all would take {} answers of {parties} parties: evaluation.max_answers",
        training * parties
    ))
}

/// Stages summed over the repeats, and the whole from the start of the experiment.
fn timings(outcomes: &[Outcome], elapsed: Duration) -> BTreeMap<String, f64> {
    let mut timings = BTreeMap::new();
    for outcome in outcomes {
        for (&stage, &ms) in &outcome.timings_ms {
            *timings.entry(stage.to_owned()).or_insert(0.0) += ms;
        }
    }
    timings.insert("total".into(), elapsed.as_secs_f64() * 1e3);
    timings
}
