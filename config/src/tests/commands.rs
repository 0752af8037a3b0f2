//! Parties that programs of one's own serve: what is read, what cannot be, and that vectors are exported without a budget.

use super::*;
use crate::PartyCommand;
use turncoat_learn::PartyId;

const SERVED: &str = "federation.commands=[{party: 2, command: [python3, party.py, --depth, '3']}]";

fn refusals(overrides: &[&str]) -> Vec<String> {
    match parse(SMALL, overrides) {
        Err(ScenarioErrors::Violations(violations)) => {
            violations.iter().map(|violation| format!("{}: {}", violation.key_path, violation.rule)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_command_is_read_word_by_word_and_is_part_of_the_experiment() {
    let first = small(&[SERVED]);
    let command = ["python3", "party.py", "--depth", "3"].map(str::to_owned).to_vec();
    let party = PartyId::new(2).unwrap();
    assert_eq!(first.study.federation().unwrap().federation.commands, [PartyCommand { party, command }]);
    assert_eq!(parse(&first.resolved_yaml, &[]).unwrap(), first);
    assert_ne!(first.sha256, small(&[]).sha256);
    assert_eq!(small(&["federation.commands=[]"]).sha256, small(&["federation.commands=null"]).sha256);
    assert_eq!(small(&["federation.commands=[]"]), small(&[]));
}

#[test]
fn words_keep_what_was_quoted() {
    let served = "federation.commands=[{party: 2, command: ['a b', \"3\", 'true', '-x=\"y\"']}]";
    let loaded = small(&[served]);
    let commands = &loaded.study.federation().unwrap().federation.commands;
    assert_eq!(commands[0].command, ["a b", "3", "true", "-x=\"y\""]);
    assert_eq!(parse(&loaded.resolved_yaml, &[]).unwrap(), loaded);
}

#[test]
fn what_cannot_be_asked_of_a_program_of_ones_own_is_refused() {
    let of = |overrides: &[&str]| refusals(&[&[SERVED], overrides].concat());
    assert_eq!(
        of(&["launch.mode=in_process"]),
        ["launch.mode: must be processes: party-2 is a program of its own (federation.commands)"]
    );
    let malicious = of(&["adversaries=[{party: {id: 2, attacks: [least_loss]}}]"]);
    assert!(
        malicious.len() == 1 && malicious[0].starts_with("adversaries.0: party-2 is served"),
        "{malicious:?}"
    );
    let fails =
        "faults=[drop: {party: 1, fraction: 0.5}, partition: {parties: [1, 2], from: query 1, to: query 2}]";
    let reported =
        "must not name a party that is served by a command: it fails and misbehaves as its own program does";
    assert_eq!(of(&[fails, "federation.require={at_least: 2}"]), [format!("faults.1: {reported}")]);
    assert_eq!(of(&["byzantine=[{party: 2, how: label_flip}]"]), [format!("byzantine.0: {reported}")]);
}

#[test]
fn a_list_of_commands_has_every_mistake_told_at_once() {
    let reported = refusals(&[
        "federation.commands=[{party: 4, command: [a]}, {party: 1}, {party: 1, command: []}, {party: 2, command: [[x]]}, \
         {party: 3, command: [a], folder: b}, {party: 1, command: [a]}, {party: 1, command: [b]}, {party: 2, command: ['', 3]}]",
    ]);
    let starts = |text: &str| reported.iter().filter(|line| line.starts_with(text)).count();
    for (path, many) in [
        ("federation.commands.0.party", 1),
        ("federation.commands.1.command: missing", 1),
        ("federation.commands.2.command: must name a program", 1),
        ("federation.commands.3.command.0: must be one word", 1),
        ("federation.commands.4.folder: unknown key", 1),
        ("federation.commands.6: party-1 has a command already", 1),
        ("federation.commands.7.command.0: must be one word", 1),
        ("federation.commands.7.command.1: must be one word", 1),
    ] {
        assert_eq!(starts(path), many, "{path}\n{reported:#?}");
    }
    assert_eq!(reported.len(), 8, "{reported:#?}");
}

#[test]
fn exporting_vectors_changes_no_hash_and_needs_no_budget() {
    let exported = small(&["export=[vectors]"]);
    assert!(exported.study.federation().unwrap().export.contains(&FederationExport::Vectors));
    assert_eq!(exported.sha256, small(&[]).sha256);
    assert_eq!(parse(&exported.resolved_yaml, &[]).unwrap(), exported);
    assert_eq!(small(&["export=[]"]), small(&["export=null"]));
    let refused = refusals(&["export=[vectors]", "limits={queries_per_client: 100}"]);
    assert!(refused.len() == 1 && refused[0].starts_with("export: asks every party"), "{refused:?}");
    assert!(
        refusals(&["export=[claims]"])[0].starts_with("export.0: must be `vectors`"),
        "{:?}",
        refusals(&["export=[claims]"])
    );
}
