//! What a sound scenario may not mean as it stands: said when it is checked, and noted in its report.

use super::federation::Scenario;
use super::study::Study;
use crate::fault::Fault;

/// All warnings, in the order of the file.
pub(super) fn warnings(study: &Study) -> Vec<String> {
    let mut warnings = Vec::new();
    if !study.reproducible(usize::MAX) {
        warnings.push(
            "a decision tree has the engine linfa: with more than two classes its trees, and so the figures, may \
             differ from run to run"
                .into(),
        );
    }
    if let Some(scenario) = study.federation() {
        warnings.extend(served(scenario));
        warnings.extend(late(scenario));
        warnings.extend(fatal(scenario));
    }
    warnings
}

/// Programs that this one cannot answer for.
fn served(scenario: &Scenario) -> impl Iterator<Item = String> {
    scenario.federation.commands.iter().map(|served| {
        format!(
            "{} is served by `{}`: that its model is the same in every run of the same seed is that program's to see to",
            served.party,
            served.command.join(" ")
        )
    })
}

/// Delays that no call waits for.
fn late(scenario: &Scenario) -> impl Iterator<Item = String> {
    let predict_ms = scenario.timeouts.predict_ms;
    scenario.faults.iter().enumerate().filter_map(move |(place, fault)| match fault {
        Fault::Delay { ms, .. } if *ms >= predict_ms => Some(format!(
            "faults.{place}: nobody waits for an answer that is {ms} ms late, with timeouts.predict_ms of {predict_ms}: \
             such answers are missing, not late"
        )),
        _ => None,
    })
}

/// Faults that leave a call without a party where every party is required: the run is then over.
fn fatal(scenario: &Scenario) -> impl Iterator<Item = String> {
    let all = scenario.federation.quorum.is_all();
    let faults = &scenario.faults;
    faults.iter().enumerate().filter(move |_| all).filter_map(move |(place, fault)| {
        let away = match fault {
            Fault::Crash { party, .. } => {
                let back = |other: &Fault| match other {
                    Fault::Restart { party: who, at: None } => who == party,
                    _ => false,
                };
                // The order of the list pairs every crash with the restart after it.
                let next = faults[place + 1..].iter().find(|other| match other {
                    Fault::Crash { party: who, .. } | Fault::Restart { party: who, .. } => who == party,
                    _ => false,
                });
                (!next.is_some_and(back)).then(|| party.to_string())
            }
            Fault::Corrupt { party, .. } => Some(party.to_string()),
            Fault::Partition { parties, .. } => {
                Some(parties.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "))
            }
            Fault::Restart { .. } | Fault::Delay { .. } | Fault::Drop { .. } => None,
        };
        away.map(|who| {
            format!(
                "faults.{place}: federation.require is `all`, so the run ends at the first call without {who}; \
                 `require: {{at_least: n}}` goes on without"
            )
        })
    })
}
