//! How the federation is measured and run.

use super::MAX_RECORDS;
use crate::scenario::checked::{Evaluation, FederationExports, Launch, LaunchMode, Timeouts};
use crate::scenario::reader::{At, Reader};

const MODES: [(&str, LaunchMode); 2] =
    [("processes", LaunchMode::Processes), ("in_process", LaunchMode::InProcess)];
/// More than any federation gives.
const MAX_ANSWERS: u64 = 1_000_000_000_000;
/// A day.
const MAX_TIMEOUT_MS: u64 = 86_400_000;

pub(super) fn evaluation(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Evaluation> {
    let fields = reader.fields(at, &["test_records", "max_answers"])?;
    let test_records = match fields.given("test_records") {
        Some(at) => Some(reader.whole(&at, 1..=MAX_RECORDS)? as usize),
        None => None,
    };
    let max_answers = match fields.get("max_answers") {
        Some(at) if at.is_null() => None,
        Some(at) => Some(reader.whole(&at, 1..=MAX_ANSWERS)? as usize),
        None => Evaluation::default().max_answers,
    };
    Some(Evaluation { test_records, max_answers })
}

/// What is kept beside the report.
pub(super) fn export(reader: &mut Reader<'_>, at: &At<'_>) -> Option<FederationExports> {
    let mut exports = FederationExports::default();
    if at.is_null() {
        return Some(exports);
    }
    // All entries are read before the first violation is given way to.
    let words: Vec<_> = reader.list(at)?.iter().map(|at| reader.word(at, &[("vectors", ())])).collect();
    exports.vectors = !words.is_empty();
    words.into_iter().collect::<Option<Vec<()>>>()?;
    Some(exports)
}

pub(super) fn launch(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Launch> {
    let fields = reader.fields(at, &["mode", "tls"])?;
    let mode = match fields.get("mode") {
        Some(at) => reader.word(&at, &MODES),
        None => Some(LaunchMode::default()),
    };
    let tls = match fields.get("tls") {
        Some(at) => reader.flag(&at),
        None => mode.map(|mode| mode == LaunchMode::Processes),
    };
    Some(Launch { mode: mode?, tls: tls? })
}

pub(super) fn timeouts(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Timeouts> {
    let keys = ["ready_ms", "connect_ms", "fit_ms", "predict_ms", "attack_ms", "drain_ms", "rejoin_ms"];
    let fields = reader.fields(at, &keys)?;
    let mut timeout = |key, unless_told| match fields.get(key) {
        Some(at) => reader.whole(&at, 1..=MAX_TIMEOUT_MS),
        None => Some(unless_told),
    };
    let unless_told = Timeouts::default();
    let ready_ms = timeout("ready_ms", unless_told.ready_ms);
    let connect_ms = timeout("connect_ms", unless_told.connect_ms);
    let fit_ms = timeout("fit_ms", unless_told.fit_ms);
    let predict_ms = timeout("predict_ms", unless_told.predict_ms);
    let attack_ms = timeout("attack_ms", unless_told.attack_ms);
    let drain_ms = timeout("drain_ms", unless_told.drain_ms);
    let rejoin_ms = timeout("rejoin_ms", unless_told.rejoin_ms);
    Some(Timeouts {
        ready_ms: ready_ms?,
        connect_ms: connect_ms?,
        fit_ms: fit_ms?,
        predict_ms: predict_ms?,
        attack_ms: attack_ms?,
        drain_ms: drain_ms?,
        rejoin_ms: rejoin_ms?,
    })
}
