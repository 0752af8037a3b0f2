//! What a sound scenario may not mean as it stands: what it says of itself, and what the coordinator and the clock say of it.

use turncoat_coordinator::fewest_averaged;
use turncoat_proto::Quorum;

use crate::adversary::role_of;
use crate::launch::contract;
use crate::scenario::{Loaded, Scenario, slow};

/// All warnings, in the order of the file.
pub(crate) fn of(loaded: &Loaded) -> Vec<String> {
    let mut warnings = loaded.warnings.clone();
    if let Some(scenario) = loaded.study.federation() {
        warnings.extend(telling(scenario));
        warnings.extend(slow(scenario));
    }
    warnings
}

/// Quorums below which an adversary would be shown what it may not see: it is refused there, and the run is over.
fn telling(scenario: &Scenario) -> impl Iterator<Item = String> {
    let (parties, disclosure) = (scenario.parties(), contract::disclosure(scenario.federation.disclosure));
    let quorum: Quorum = contract::quorum(scenario.federation.quorum);
    scenario.adversaries.iter().filter_map(move |adversary| {
        let role = role_of(adversary.vantage);
        let fewest = fewest_averaged(role, disclosure, parties);
        (quorum.needed(parties) < fewest).then(|| {
            format!(
                "federation.require is `{quorum}`, but {role} is shown no average over fewer than {fewest} parties, which would \
                 give single vectors away: the run ends at the first such call"
            )
        })
    })
}
