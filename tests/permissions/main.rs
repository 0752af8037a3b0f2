//! Who may call what, tried out: every caller, every rpc, every disclosure rule, over TLS with real certificates. The table
//! that comes out is the one that SECURITY.md shows (INSTA_UPDATE=always writes it there).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod callers;
mod federation;
mod log;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use callers::{Caller, Rpc};
use federation::Federation;
use log::Log;
use turncoat_proto::Disclosure;

const BEGIN: &str = "<!-- who may call what: begin -->\n";
const END: &str = "<!-- who may call what: end -->";

#[tokio::test]
async fn the_table_in_security_md_is_what_every_caller_finds() {
    let log = Log::begin();
    let (open, aggregator) =
        (Federation::start(Disclosure::Open).await, Federation::start(Disclosure::Aggregator).await);
    let own = table(&Rpc::ALL, &open, &aggregator, &log).await;
    let standard = table(&Rpc::STANDARD, &open, &aggregator, &log).await;
    open.is_well().await;
    aggregator.is_well().await;
    shown_in_security_md(&format!("{own}\n{standard}"));

    // What must hold whatever the tables say.
    for line in own.lines().skip(2).chain(standard.lines().skip(2)) {
        let unauthenticated = ["another federation", "expired", "no certificate", "a token"];
        if unauthenticated.iter().any(|who| line.contains(who)) {
            assert!(!line.contains("yes") && !line.contains("under"), "{line}");
        }
    }
    let row = |name: &str| own.lines().find(|line| line.starts_with(&format!("| {name} |"))).unwrap();
    assert!(row("outsider").starts_with("| outsider | no | no | no | yes | no |"), "{}", row("outsider"));
}

/// What every caller finds, a row each, a column an rpc.
async fn table(rpcs: &[Rpc], open: &Federation, aggregator: &Federation, log: &Log) -> String {
    let mut table = String::from("| caller |");
    for rpc in rpcs {
        let _ = write!(table, " {} |", rpc.name());
    }
    let _ = writeln!(table, "\n|---|{}", "---|".repeat(rpcs.len()));
    for caller in Caller::ALL {
        let _ = write!(table, "| {} |", caller.name());
        for &rpc in rpcs {
            let mut lets = Vec::new();
            for federation in [open, aggregator] {
                let before = log.refusals();
                let answered = federation.lets(caller, rpc).await;
                // Every refusal is one line, and nothing else is. Unauthenticated peers are refused connection by connection, and a channel
                // may try a second one.
                let lines = log.since(before, usize::from(!answered)).await;
                let not_let_in = lines.iter().filter(|line| line.contains("not let in")).count();
                let expected = if not_let_in > 0 { not_let_in } else { usize::from(!answered) };
                assert_eq!(lines.len(), expected, "{caller:?} at {rpc:?}: {lines:?}");
                assert!(!(answered && not_let_in > 0), "{caller:?} at {rpc:?}: {lines:?}");
                lets.push(answered);
            }
            let cell = match (lets[0], lets[1]) {
                (true, true) => "yes",
                (true, false) => "under `open`",
                (false, true) => "under `aggregator`",
                (false, false) => "no",
            };
            let _ = write!(table, " {cell} |");
        }
        table.push('\n');
    }
    table
}

/// Compares the tables with those in SECURITY.md, or writes them there.
fn shown_in_security_md(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("SECURITY.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once(BEGIN).unwrap();
    let (shown, tail) = rest.split_once(END).unwrap();
    if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        fs::write(&path, format!("{head}{BEGIN}{table}{END}{tail}")).unwrap();
    } else {
        assert_eq!(shown, table, "SECURITY.md shows another table; INSTA_UPDATE=always writes this one");
    }
}
