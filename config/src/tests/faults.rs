//! Faults and Byzantine behaviour: what they mean, what is refused, what they change in the hash.

use turncoat_learn::PartyId;

use super::*;
use crate::fault::{Behaviour, Byzantine, Corruption, Fault};

fn party(number: u32) -> PartyId {
    PartyId::new(number).unwrap()
}

const ALL: &str = "faults=[crash: {party: 2, at: query 500}, restart: {party: 2, at: query 800}, \
                   delay: {party: 1, ms: 400, fraction: 0.1}, drop: {party: 1, fraction: 0.01}, \
                   corrupt: {party: 3, how: wrong_length}, partition: {parties: [3, 2], from: query 100, to: query 200}, \
                   crash: {party: 2, at: query 900}, restart: {party: 2}]";

const BYZANTINE: &str = "byzantine=[{party: 3, how: label_flip}, {party: 1, how: {constant: {class: 2}}}, \
                     {party: 2, how: {amplified: {by: 4}}}]";

#[test]
fn each_fault_is_read_whole() {
    let Loaded { study, warnings, .. } = small(&[ALL, BYZANTINE, "federation.require={at_least: 1}"]);
    let scenario = study.federation().unwrap();
    assert_eq!(
        scenario.faults,
        [
            Fault::Crash { party: party(2), at: 500 },
            Fault::Restart { party: party(2), at: Some(800) },
            Fault::Delay { party: party(1), ms: 400, fraction: 0.1 },
            Fault::Drop { party: party(1), fraction: 0.01 },
            Fault::Corrupt { party: party(3), how: Corruption::WrongLength, fraction: 1.0 },
            Fault::Partition { parties: vec![party(2), party(3)], from: 100, to: 200 },
            Fault::Crash { party: party(2), at: 900 },
            Fault::Restart { party: party(2), at: None },
        ]
    );
    assert_eq!(
        scenario.byzantine,
        [
            Byzantine { party: party(3), behaviour: Behaviour::LabelFlip },
            Byzantine { party: party(1), behaviour: Behaviour::Constant { class: 2 } },
            Byzantine { party: party(2), behaviour: Behaviour::Amplified { by: 4.0 } },
        ]
    );
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn faults_and_byzantine_parties_resolve_to_themselves() {
    for overrides in [
        &[ALL][..],
        &[BYZANTINE],
        &[ALL, BYZANTINE, "timeouts.rejoin_ms=7"],
        &["faults=null", "byzantine=null"],
    ] {
        let first = small(overrides);
        let second =
            parse(&first.resolved_yaml, &[]).unwrap_or_else(|e| panic!("{e}\n{}", first.resolved_yaml));
        assert_eq!(first, second);
    }
    let back = "faults=[crash: {party: 2, at: query 3}, restart: {party: 2}]";
    let resolved = small(&[back]).resolved_yaml;
    assert!(resolved.contains(
        "  - crash:\n      party: 2\n      at: query 3\n  - restart:\n      party: 2\n      at: null\n"
    ));
}

#[test]
fn deadlines_are_in_the_hash_only_where_something_goes_wrong() {
    let hash = |overrides: &[&str]| small(overrides).sha256;
    assert_eq!(hash(&[]), hash(&["faults=[]", "byzantine=[]", "timeouts.rejoin_ms=7"]));
    assert_ne!(hash(&[]), hash(&[ALL]));
    assert_ne!(hash(&[]), hash(&[BYZANTINE]));
    assert_ne!(hash(&[]), hash(&["federation.require={at_least: 3}"]));
    assert_ne!(hash(&[]), hash(&["limits={queries_per_client: 1}"]));
    assert_eq!(hash(&[]), hash(&["federation.require=all", "limits={request_ms: 300000}"]));
    assert_ne!(hash(&[ALL]), hash(&[ALL, "timeouts.predict_ms=7000"]));
    assert_eq!(hash(&[ALL]), hash(&[ALL, "launch.mode=in_process"]));
    assert_eq!(hash(&[BYZANTINE]), hash(&[BYZANTINE, "timeouts.predict_ms=7000"]));
}

#[test]
fn an_answer_that_nobody_waits_for_is_warned_of() {
    let warnings = |ms| small(&[&format!("faults=[delay: {{party: 1, ms: {ms}}}]")]).warnings;
    assert!(warnings(59_999).is_empty());
    assert!(warnings(60_000)[0].contains("faults.0") && warnings(60_000)[0].contains("missing, not late"));
}

#[test]
fn a_run_that_cannot_go_on_is_warned_of() {
    let warned = |faults: &str, require: &str| {
        let overrides = [format!("faults=[{faults}]"), format!("federation.require={require}")];
        small(&[&overrides[0], &overrides[1]]).warnings.len()
    };
    let crash = "crash: {party: 2, at: query 5}";
    for (faults, expected) in [
        (crash.to_owned(), 1),
        (format!("{crash}, restart: {{party: 2}}"), 0),
        (format!("{crash}, restart: {{party: 2, at: query 9}}"), 1),
        (format!("{crash}, restart: {{party: 2}}, crash: {{party: 2, at: query 7}}"), 1),
        ("partition: {parties: [1, 2], from: query 1, to: query 2}".into(), 1),
        (
            "corrupt: {party: 1, how: nan}, delay: {party: 1, ms: 5}, drop: {party: 2, fraction: 0.1}".into(),
            1,
        ),
    ] {
        assert_eq!(warned(&faults, "all"), expected, "{faults}");
        assert_eq!(warned(&faults, "{at_least: 1}"), 0, "{faults}");
    }
}

#[test]
fn a_quorum_is_within_the_parties() {
    let said = |require: &str| match parse(SMALL, &[&format!("federation.require={require}")]) {
        Ok(loaded) => format!("{:?}", loaded.study.federation().unwrap().federation.quorum),
        Err(errors) => errors.to_string(),
    };
    assert_eq!(said("all"), "All");
    assert_eq!(said("{at_least: 3}"), "AtLeast(3)");
    let four = said("{at_least: 4}");
    assert!(four.contains("at least 4 of 3 parties cannot be asked for; from 1 to 3 can"), "{four}");
    let none = said("{at_least: 0}");
    assert!(none.contains("must be how many parties must answer, from 1 to `federation.parties`"), "{none}");
    assert!(said("most").contains("must be one of `all`, `at_least`"), "{}", said("most"));
    assert!(said("{at_least: x}").contains("federation.require.at_least is x: must be how many parties"));
}

#[test]
fn every_wrong_fault_is_told_with_its_mend() {
    let text = format!(
        "{SMALL}{}",
        "faults:
  - crash: {party: 4, at: query 5}
  - crash: {party: 1, at: 500}
  - crash: {party: 1, at: query 0}
  - crash: {party: 2}
  - crash: {party: 1, at: query 50}
  - crash: {party: 1, at: query 60}
  - restart: {party: 3}
  - restart: {party: 1, at: query 60}
  - crash: {party: 2, at: query 10}
  - restart: {party: 2, at: query 20}
  - crash: {party: 2, at: query 15}
  - delay: {party: 1, fraction: 0.5}
  - drop: {party: 1, fraction: 0}
  - corrupt: {party: 1, how: nans, fraction: 1.5}
  - partition: {parties: [], from: query 7, to: query 6}
  - partition: {parties: [0], from: query 7, to: query 7}
  - crush: {party: 1}
byzantine:
  - {party: 9, how: label_flip}
  - {party: 1, how: {constant: {}}}
  - {party: 1, how: {amplified: {by: 1}}}
  - {party: 2, how: label_flip}
  - {party: 2, how: lable_flip}
  - {party: 2, how: {constant: {class: 1}}}
limits: {queries_per_client: -1, records_per_call: 0, message_bytes: 5, concurrent: 1, request_ms: 0}
timeouts: {rejoin_ms: 0}
"
    );
    insta::assert_snapshot!(parse(&text, &[]).unwrap_err().to_string(), @"
    x.yaml:11:20: faults.0.crash.party is 4: there are parties 1 to 3 (federation.parties)
    x.yaml:12:27: faults.1.crash.at is 500: must be `query` and its number, from 1 to 1000000000000, such as `query 500`
    x.yaml:13:27: faults.2.crash.at is query 0: must be `query` and its number, from 1 to 1000000000000, such as `query 500`
    x.yaml:14:12: faults.3.crash.at: missing; the query that it does not live to answer, such as query 500
    x.yaml:16:5: faults.5 is crash: party-1 has crashed at query 50 already: put a `restart` of it between
    x.yaml:17:5: faults.6 is restart: party-3 has not crashed yet: put a `crash` of it before
    x.yaml:18:5: faults.7 is restart: party-1 crashes at query 60 only: `at` must be after it, or be left out
    x.yaml:21:5: faults.10 is crash: party-2 is back at query 20 only: `at` must not be before it
    x.yaml:22:12: faults.11.delay.ms: missing; how late the answer is, such as 400
    x.yaml:23:32: faults.12.drop.fraction is 0: must be a number above 0 and at most 1, or null
    x.yaml:24:30: faults.13.corrupt.how is nans: must be one of `nan`, `unnormalised`, `wrong_length`, `stale`; did you mean `nan`?
    x.yaml:24:46: faults.13.corrupt.fraction is 1.5: must be a number above 0 and at most 1, or null
    x.yaml:25:26: faults.14.partition.parties is a list: must name at least one party
    x.yaml:25:49: faults.14.partition.to is query 6: must not be before `from`, query 7
    x.yaml:26:27: faults.15.partition.parties.0 is 0: must be the number of a party, from 1 to `federation.parties`
    x.yaml:27:5: faults.16 is crush: must be one of `crash`, `restart`, `delay`, `drop`, `corrupt`, `partition`; did you mean `crash`?
    x.yaml:29:13: byzantine.0.party is 9: there are parties 1 to 3 (federation.parties)
    x.yaml:30:32: byzantine.1.how.constant.class: missing; which class it always says, from 0 in the order of the data's classes, such as 0
    x.yaml:31:38: byzantine.2.how.amplified.by is 1: must be a number above 1 and at most 1000000
    x.yaml:33:21: byzantine.4.how is lable_flip: must be one of `label_flip`, `constant`, `amplified`; did you mean `label_flip`?
    x.yaml:34:5: byzantine.5 is party-2: is named already; name each party once
    x.yaml:35:30: limits.queries_per_client is -1: must be a whole number from 0 to 1000000000000, or null
    x.yaml:35:52: limits.records_per_call is 0: must be a whole number of at least 1, or null
    x.yaml:35:70: limits.message_bytes is 5: must be a whole number from 1024 to 16777216
    x.yaml:35:73: limits.concurrent: unknown key; did you mean `concurrent_calls`?
    x.yaml:35:100: limits.request_ms is 0: must be a whole number from 1 to 86400000
    x.yaml:36:23: timeouts.rejoin_ms is 0: must be a whole number from 1 to 86400000
    ");
}

#[test]
fn single_targets_have_no_parties_to_fail() {
    let text = "name: a\nkind: single_target\nseed: 1\ndata: iris\nfaults: []\n";
    let said = parse(text, &[]).unwrap_err().to_string();
    assert!(said.contains("faults: unknown key"), "{said}");
}
