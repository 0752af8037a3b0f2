//! The environment that turncoat and what it is made of read. An empty variable is an unset one.

use std::env;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Those that are read, by ourselves, by what draws and colours, and by what downloads.
fn is_read(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let names = [
        "TMPDIR",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "COLUMNS",
        "LINES",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "RAYON_NUM_THREADS",
        "TOKIO_WORKER_THREADS",
        "RUST_BACKTRACE",
    ];
    let lower = name.to_ascii_lowercase();
    names.contains(&name)
        || name.starts_with("TURNCOAT_")
        || name.starts_with("OTEL_")
        || ["all_proxy", "http_proxy", "https_proxy", "no_proxy"].contains(&lower.as_str())
}

/// Starts this process again, as itself, without the variables that are empty, if there are any: a variable cannot be taken away
/// from a process that runs, and whoever reads one below us would take its emptiness for a value.
pub fn without_empty_variables() {
    let empty: Vec<_> = env::vars_os()
        .filter(|(name, value)| value.is_empty() && is_read(name))
        .map(|(name, _)| name)
        .collect();
    if empty.is_empty() {
        return;
    }
    let Ok(executable) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let mut command = Command::new(executable);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    command.args(arguments);
    for name in empty {
        command.env_remove(name);
    }
    // It returns only where it fails; then everything goes on as it is.
    let _failed = command.exec();
}
