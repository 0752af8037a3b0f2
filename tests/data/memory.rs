//! What reading a table takes of memory, by the most that Linux has counted for the process.

use std::io::Read;

use crate::support::{Place, word};

/// A table of whole numbers of three digits.
fn table(columns: usize, rows: usize) -> String {
    let row = |row: usize| (0..columns).map(move |at| (100 + (at * 7 + row * 131) % 900).to_string());
    let names = (0..columns).map(|at| format!("c{at}"));
    let lines = std::iter::once(names.collect::<Vec<_>>()).chain((0..rows).map(|at| row(at).collect()));
    lines.map(|fields| fields.join(",") + "\n").collect()
}

/// The most bytes that describing a table held at once (VmHWM), all but what the last 64 KiB of its output may have taken: that
/// much lies in the pipe when the process may have ended.
fn peak(place: &Place, table: &str) -> usize {
    let table = place.file("t.csv", table);
    let mut command = place.turncoat(&["data", "describe", word(&table), "--format", "json"]);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let (mut peak, mut buffer) = (0, vec![0; 1 << 14]);
    while stdout.read(&mut buffer).unwrap() > 0 {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak = peak.max(most.map_or(0, |kib| kib.trim().parse::<usize>().unwrap() << 10));
    }
    assert!(child.wait().unwrap().success());
    peak
}

#[test]
fn a_table_of_more_columns_than_rows_takes_four_times_its_file() {
    let place = Place::new();
    // Its answer is longer than a pipe, so that the process is there to be looked at.
    let own = peak(&place, &table(400, 20));
    let wide = table(80_000, 20);
    let taken = peak(&place, &wide) - own;
    assert!(own > 1 << 20 && taken < 4 * wide.len(), "{taken} bytes for {} beside {own}", wide.len());
}
