//! Parties that programs of the scenario's choosing serve, and what cannot be asked of such a party.

use turncoat_attack::Vantage;
use turncoat_learn::PartyId;

use super::adversaries::{AdversaryAt, party_id};
use super::each_party::each_party_once;
use crate::faults::{Byzantine, Fault};
use crate::scenario::checked::{Launch, LaunchMode, PartyCommand};
use crate::scenario::reader::{At, Reader};
use crate::scenario::yaml::{Scalar, Value};

/// Reads the list. Ids are held against `parties` where that is known.
pub(super) fn commands(
    reader: &mut Reader<'_>,
    at: &At<'_>,
    parties: Option<u32>,
) -> Option<Vec<PartyCommand>> {
    each_party_once(
        reader,
        at,
        |reader, at| command(reader, at, parties),
        |served| served.party,
        |party| format!("{party} has a command already"),
    )
}

fn command(reader: &mut Reader<'_>, at: &At<'_>, parties: Option<u32>) -> Option<PartyCommand> {
    let fields = reader.fields(at, &["party", "command"])?;
    let party = reader.required(&fields, "party", "which party it serves, from 1");
    let party = party.and_then(|at| party_id(reader, &at, parties));
    let words =
        reader.required(&fields, "command", "the program and its arguments, such as [python3, party.py]");
    let words = words.and_then(|at| {
        let list = reader.list(&at)?;
        if list.is_empty() {
            reader.refuse(&at, "must name a program");
            return None;
        }
        let words: Vec<_> = list.iter().map(|at| word(reader, at)).collect();
        words.into_iter().collect::<Option<_>>()
    });
    Some(PartyCommand { party: party?, command: words? })
}

fn word(reader: &mut Reader<'_>, at: &At<'_>) -> Option<String> {
    match at.value {
        Value::Scalar(Scalar::Text(word), _) if !word.is_empty() && !word.contains('\0') => {
            Some(word.clone())
        }
        _ => {
            reader.refuse(at, "must be one word of a command line, in quotes where it could be a number");
            None
        }
    }
}

/// What else a scenario says, as far as commands are concerned.
pub(super) struct Others<'a> {
    pub(super) adversaries: &'a [AdversaryAt<'a>],
    pub(super) faults: &'a [Fault],
    pub(super) byzantine: &'a [Byzantine],
    pub(super) launch: Option<Launch>,
}

/// Notes what a program of somebody else's cannot be asked for: to live in this process, to hand its model to an adversary,
/// to fail or to lie as told.
pub(super) fn hold_commands(
    reader: &mut Reader<'_>,
    root: &At<'_>,
    commands: &[PartyCommand],
    others: &Others<'_>,
) {
    let Some(first) = commands.first() else { return };
    if others.launch.is_some_and(|launch| launch.mode == LaunchMode::InProcess) {
        let rule =
            format!("must be processes: {} is a program of its own (federation.commands)", first.party);
        reader.refuse(&root.deepest("launch.mode"), rule);
    }
    let served = |party: PartyId| commands.iter().any(|command| command.party == party);
    for (place, entry) in others.adversaries.iter().enumerate() {
        if let Vantage::Party(party) = entry.adversary.vantage
            && served(party)
        {
            let rule = format!(
                "{party} is served by a command, and an adversary needs the model of the party that it is; let another party be \
                 malicious"
            );
            reader.refuse(&root.deepest(&format!("adversaries.{place}")), rule);
        }
    }
    let told =
        "must not befall a party that is served by a command: it fails and lies as its own program does";
    for (place, fault) in others.faults.iter().enumerate() {
        if fault.parties().into_iter().any(served) {
            reader.refuse(&root.deepest(&format!("faults.{place}")), told);
        }
    }
    for (place, liar) in others.byzantine.iter().enumerate() {
        if served(liar.party) {
            reader.refuse(&root.deepest(&format!("byzantine.{place}")), told);
        }
    }
}
