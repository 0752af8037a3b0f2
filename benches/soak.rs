//! A million queries through a federation of processes: the coordinator and four parties under TLS, one per cent of the answers
//! late, three parties killed in the middle of it and started again.
//!
//!     cargo bench --bench soak                      # a million; some minutes
//!     SOAK_QUERIES=50000 cargo bench --bench soak
//!
//! Each answer is held against the exact mean of the parties' models: nothing may be lost, counted twice, or averaged over fewer. Prints
//! the rate, what the coordinator counted, and the resident memory of all processes at a tenth and at the end.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use ndarray::{Array2, Axis};
use tokio::runtime::Runtime;
use turncoat_learn::{LocalModel, PartyId, PredictionVectors, Shard};
use turncoat_net::{Address, Certificate, Dialer};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::{Deadlines, Identity, Role};

const PARTIES: u32 = 4;
const CLASSES: usize = 3;
const FEATURES: usize = 8;
/// Different records that are asked about, over and over.
const KINDS: usize = 512;
/// Calls under way.
const IN_FLIGHT: usize = 64;

fn turncoat() -> Command {
    Command::new(env!("CARGO_BIN_EXE_turncoat"))
}

fn records(from: usize, count: usize) -> Array2<f32> {
    Array2::from_shape_fn((count, FEATURES), |(row, column)| {
        (((from + row) * 131 + column * 71) % 997) as f32 / 997.0
    })
}

/// A running process and what it said about where it listens.
struct Member {
    child: Child,
    address: String,
}

impl Member {
    fn start(arguments: &[String]) -> Self {
        let mut child =
            turncoat().args(arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "{arguments:?} ended before it listened");
            if let Some((_, rest)) = line.split_once("listens on ") {
                break rest.split(';').next().unwrap().to_owned();
            }
        };
        std::thread::spawn(move || {
            let mut rest = [0; 4096];
            while matches!(lines.read(&mut rest), Ok(read) if read > 0) {}
        });
        Self { child, address }
    }

    fn resident_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn party(folder: &Path, coordinator: &str, id: PartyId, resume: bool) -> Member {
    let file = |name: String| folder.join(name).display().to_string();
    let mut arguments: Vec<String> = ["party", "--id"].map(String::from).into();
    arguments.extend([id.get().to_string(), "--coordinator".into(), coordinator.into()]);
    arguments.extend(["--shard".into(), file(format!("{id}.npz"))]);
    arguments.extend(["--certificate".into(), file(format!("certs/{id}.pem"))]);
    arguments.extend(["--save-model".into(), file(format!("{id}.model"))]);
    arguments.extend(["--faults".into(), file("late.json".into())]);
    if resume {
        arguments.extend(["--resume".into(), file(format!("{id}.model"))]);
    }
    Member::start(&arguments)
}

/// Files of a federation by hand: certificates, shards, and what is late.
fn prepare(folder: &Path) {
    let certs = folder.join("certs").display().to_string();
    let made = turncoat()
        .args(["certs", "new", "--parties", &PARTIES.to_string(), "--out", &certs])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for id in PartyId::first(PARTIES) {
        let records = records(id.index() * 1_000, 600);
        let labels =
            records.axis_iter(Axis(0)).map(|row| (row.sum() * 7.0) as u32 % CLASSES as u32).collect();
        Shard::new(records, labels).unwrap().write(&folder.join(format!("{id}.npz"))).unwrap();
    }
    let late = r#"{"what": {"delay": {"ms": 5, "fraction": 0.01}}, "place": 0}"#;
    let plan = format!(
        r#"{{"seed": "{}", "crashes": [], "troubles": [{late}], "behaviour": null}}"#,
        "5".repeat(64)
    );
    fs::write(folder.join("late.json"), plan).unwrap();
}

fn client(runtime: &Runtime, folder: &Path, address: &str, role: Role) -> CoordinatorClient {
    let certificate = Certificate::load(&folder.join(format!("certs/{role}.pem"))).unwrap();
    let proof = Identity::from(certificate).proof(role).unwrap();
    let address: Address = address.parse().unwrap();
    let dialer = Dialer::tcp();
    let connecting = CoordinatorClient::connect(&dialer, &address, proof, Deadlines::default());
    runtime.block_on(connecting).unwrap()
}

fn main() {
    let queries: u64 =
        std::env::var("SOAK_QUERIES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let place = tempfile::tempdir().unwrap();
    let folder: PathBuf = place.path().into();
    prepare(&folder);
    let parties = PARTIES.to_string();
    let certificate = folder.join("certs/coordinator.pem").display().to_string();
    let arguments = ["coordinator", "--parties", &parties, "--certificate", &certificate].map(String::from);
    let coordinator = Member::start(&arguments);
    let mut members: Vec<Member> =
        PartyId::first(PARTIES).map(|id| party(&folder, &coordinator.address, id, false)).collect();

    let runtime = Runtime::new().unwrap();
    let operator = client(&runtime, &folder, &coordinator.address, Role::Operator);
    let outsider = client(&runtime, &folder, &coordinator.address, Role::Outsider);
    let joined = runtime.block_on(operator.wait_until_joined(Duration::from_secs(60))).unwrap();
    assert_eq!(joined.missing(), []);
    let fit = ["ask", "fit", "--coordinator", &coordinator.address, "--classes", "3", "--certificate"];
    let fitted = turncoat().args(fit).arg(folder.join("certs/operator.pem")).output().unwrap();
    assert!(fitted.status.success(), "{}", String::from_utf8_lossy(&fitted.stderr));

    // What every answer must be, to the bit.
    let kinds = records(77, KINDS);
    let vectors: Vec<PredictionVectors> = PartyId::first(PARTIES)
        .map(|id| LocalModel::load(&folder.join(format!("{id}.model"))).unwrap())
        .map(|model| model.predict_proba(kinds.view()).unwrap())
        .collect();
    let expected = PredictionVectors::mean(&vectors.iter().collect::<Vec<_>>()).unwrap();

    let (done, exact) = (AtomicU64::new(0), AtomicU64::new(0));
    let resident =
        |members: &[Member]| -> u64 { members.iter().chain([&coordinator]).map(Member::resident_kib).sum() };
    let mut at_a_tenth = 0;
    let start = Instant::now();
    std::thread::scope(|scope| {
        let (done, exact, kinds, expected, outsider, runtime) =
            (&done, &exact, &kinds, &expected, &outsider, &runtime);
        let asking = scope.spawn(move || {
            runtime.block_on(stream::iter(0..queries).for_each_concurrent(IN_FLIGHT, |number| async move {
                let kind = (number * 7 % KINDS as u64) as usize;
                let row = kinds.index_axis(Axis(0), kind).insert_axis(Axis(0));
                let answer = outsider.predict(row).await.unwrap();
                assert!(answer.missing.is_empty(), "an average over fewer: {:?}", answer.missing);
                if answer.mean.row(0) == expected.row(kind) {
                    exact.fetch_add(1, Ordering::Relaxed);
                }
                done.fetch_add(1, Ordering::Relaxed);
            }));
        });
        let reached = |part: u64| {
            while done.load(Ordering::Relaxed) < queries * part / 20 && !asking.is_finished() {
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        reached(2);
        at_a_tenth = resident(&members);
        // Killed in the middle of whatever they are at, and started again with the model that they saved.
        for (part, id) in [(5, 2), (10, 3), (15, 4)] {
            reached(part);
            let id = PartyId::new(id).unwrap();
            members[id.index()].child.kill().unwrap();
            members[id.index()] = party(&folder, &coordinator.address, id, true);
        }
        asking.join().unwrap();
    });
    let elapsed = start.elapsed();
    let at_the_end = resident(&members);
    let account = runtime.block_on(operator.account()).unwrap();
    let counted = &account.clients[&Role::Outsider];
    println!(
        "{queries} queries in {:.1} s, {:.0} a second",
        elapsed.as_secs_f64(),
        queries as f64 / elapsed.as_secs_f64()
    );
    println!(
        "exact answers {}, asked {}, answered {}",
        exact.load(Ordering::Relaxed),
        counted.asked,
        counted.answered
    );
    println!(
        "answers by fewer parties {}, parties that came back {}",
        account.degraded.len(),
        account.parties.values().map(|party| party.rejoined).sum::<u64>()
    );
    println!(
        "resident memory: {at_a_tenth} KiB at a tenth, {at_the_end} KiB at the end, ratio {:.3}",
        at_the_end as f64 / at_a_tenth as f64
    );
    assert_eq!((exact.load(Ordering::Relaxed), counted.asked, counted.answered), (queries, queries, queries));
    assert!(account.degraded.is_empty());
}
