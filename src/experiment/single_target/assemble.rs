//! Outcomes of repeats, summed up into a report. Everything runs in the order of repeats, cells and targets.

use std::collections::BTreeMap;
use std::time::Duration;

use turncoat_attack::challenge::Figures;
use turncoat_attack::{Question, Summary};
use turncoat_learn::data::TableAccount;
use turncoat_learn::{Dataset, EqualRecords};
use turncoat_report::few_claims;
use turncoat_report::result::attack::ResultFigures;
use turncoat_report::result::figure::Mean;
use turncoat_report::result::report::EqualRecordFigures;
use turncoat_report::result::report::Report;
use turncoat_report::result::report::SCHEMA;
use turncoat_report::result::single_target::Deviations;
use turncoat_report::result::single_target::Means;
use turncoat_report::result::single_target::SingleTargetFigures;
use turncoat_report::result::single_target::TargetFigures;

use super::fold::TargetOutcome;
use super::repeat::Outcome;
use crate::experiment::assemble::{figures_of, not_reproducible, scenario_id};
use crate::kernel::kernel;
use crate::scenario::{Cell, Combine, Loaded, SingleTarget};

/// Sums up.
pub(super) fn assemble(
    loaded: &Loaded,
    study: &SingleTarget,
    data: &Dataset,
    outcomes: &[Outcome],
    elapsed: Duration,
) -> Report {
    let cells = study.cells();
    let results: Vec<ResultFigures> = cells
        .iter()
        .enumerate()
        .map(|(place, cell)| {
            let repeats: Vec<&Figures> = outcomes.iter().map(|outcome| &outcome.results[place]).collect();
            result(study, cell, &repeats)
        })
        .collect();
    let shadows = || outcomes.iter().flat_map(|outcome| &outcome.shadows);
    Report {
        schema: SCHEMA.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        kernel: kernel().into(),
        scenario: scenario_id(loaded),
        classes: data.class_names().to_vec(),
        table: data.table().map(|table| TableAccount::clone(table)),
        equal_records: copies(data, outcomes),
        single_target: Some(SingleTargetFigures {
            folds: study.folds,
            target_noise: study.target.noise,
            knowledge: study.knowledge.name().into(),
            shadow_records: Mean::of(shadows().map(|shadow| shadow.records)),
            shadow_queries: Mean::of(shadows().map(|shadow| shadow.queries as usize)),
            targets: (0..study.target.learners.len())
                .map(|place| target(study.target.learners[place].name(), place, outcomes))
                .collect(),
        }),
        deviations: deviations(study, &cells, &results),
        notes: [notes(loaded, data, study, outcomes), few_claims::notes(&results)].concat(),
        results,
        timings_ms: BTreeMap::from([("total".into(), elapsed.as_secs_f64() * 1e3)]),
        ..Report::default()
    }
}

fn target(learner: &str, place: usize, outcomes: &[Outcome]) -> TargetFigures {
    let all = || outcomes.iter().flat_map(move |outcome| &outcome.targets[place]);
    let summary = |figure: fn(&TargetOutcome) -> Option<f64>| {
        let of_repeat = |outcome: &Outcome| {
            let values: Vec<f64> = outcome.targets[place].iter().filter_map(figure).collect();
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        Summary::new(outcomes.iter().map(of_repeat).collect())
    };
    TargetFigures {
        learner: learner.into(),
        records: Mean::of(all().map(|target| target.records)),
        train_accuracy: summary(|target| target.train_accuracy),
        test_accuracy: summary(|target| target.test_accuracy),
        model_bytes: Mean::of(all().map(|target| target.model_bytes)),
        smallest_leaf: all().filter_map(|target| target.smallest_leaf).min(),
    }
}

fn result(study: &SingleTarget, cell: &Cell, repeats: &[&Figures]) -> ResultFigures {
    ResultFigures {
        means: Means {
            target: Some(study.target.learners[cell.target].name().into()),
            generation: cell.generation.map(|place| study.generations[place].name()),
            attack_learner: cell.attack_learner.map(|place| study.attack_learners[place].name().into()),
        },
        non_members: Some("matched".into()),
        id: Some(study.attacks[cell.named].id.clone()),
        attack: Some(study.attacks[cell.named].attack.name().into()),
        ..figures_of("outsider", "outsider".into(), Question::Membership, repeats)
    }
}

/// Where every type of target met every generation and every attack learner.
fn deviations(study: &SingleTarget, cells: &[Cell], results: &[ResultFigures]) -> Option<Deviations> {
    let roles = [study.target.learners.len(), study.shared_generations, study.shared_learners];
    if study.combine != Combine::Product || roles.iter().any(|&types| types < 2) {
        return None;
    }
    let places = |cell: &Cell| Some([cell.target, cell.generation?, cell.attack_learner?]);
    let accuracies: Option<Vec<([usize; 3], f64)>> = cells
        .iter()
        .zip(results)
        // Each with each, not with what one attack has for itself.
        .filter(|(cell, _)| study.attacks[cell.named].attack.name() == "shadow_model")
        .filter(|(cell, _)| cell.generation.is_some_and(|place| place < study.shared_generations))
        .filter(|(cell, _)| cell.attack_learner.is_some_and(|place| place < study.shared_learners))
        .map(|(cell, result)| Some((places(cell)?, result.accuracy.mean?)))
        .collect();
    Deviations::of(&accuracies?)
}

fn copies(data: &Dataset, outcomes: &[Outcome]) -> EqualRecordFigures {
    let excluded = outcomes.iter().flat_map(|outcome| outcome.copies.iter().copied());
    EqualRecordFigures::new(&EqualRecords::of_data(data), excluded)
}

/// What a reader should know before trusting the figures.
fn notes(loaded: &Loaded, data: &Dataset, study: &SingleTarget, outcomes: &[Outcome]) -> Vec<String> {
    let mut notes = crate::warnings::of(loaded);
    notes.extend(data.table().iter().flat_map(|table| table.notes()));
    notes.extend(not_reproducible(loaded, data));
    notes.extend(copies(data, outcomes).note(data.len(), "in a fold", "did not train the target"));
    let searches = || outcomes.iter().flat_map(|outcome| &outcome.shadows).filter_map(|shadow| shadow.search);
    let short = searches().filter(|search| search.accepted < search.wanted).count();
    if short > 0 {
        notes.push(format!(
            "{short} of {} searches for shadow data spent their query budget before they had accepted as many points as \
             asked for: {:.0} of {:.0} on average; raise the budget or lower the confidence",
            searches().count(),
            mean(searches().map(|search| search.accepted)),
            mean(searches().map(|search| search.wanted)),
        ));
    }
    for (place, learner) in study.target.learners.iter().enumerate() {
        let targets = || outcomes.iter().flat_map(|outcome| &outcome.targets[place]);
        let stopped = targets().filter(|target| target.converged == Some(false)).count();
        if stopped > 0 {
            notes.push(format!(
                "{stopped} of {} targets ({}) had not reached their optimum when their last allowed step was done: raise \
                 max_iterations",
                targets().count(),
                learner.name()
            ));
        }
    }
    notes
}

/// The mean of counts, of which there is at least one.
fn mean(counts: impl Iterator<Item = u64>) -> f64 {
    Mean::of(counts.map(|count| count as usize)).0
}
