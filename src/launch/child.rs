//! One process of the federation: started, awaited, watched, stopped, and never left behind.
//!
//! The child reports readiness as one JSON line on its standard output, logs to a file, and stops when its standard
//! input closes. That pipe is held here, so the child ends when it is told to, when this handle is dropped, and when
//! this process dies of anything, SIGKILL included.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::os::unix::process::parent_id;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::program::Program;
use crate::error::Error;
use crate::leftovers::{Leftover, Noted, kill_group};
use crate::logs;

/// Between two looks of a child at whether its parent has died.
const LOOK: Duration = Duration::from_millis(20);

/// What a supervised service says when it can be called.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ready {
    /// Where it listens.
    pub(super) address: String,
}

/// A running process.
#[derive(Debug)]
pub(super) struct Supervised {
    name: String,
    child: Child,
    /// Closing it asks the child to stop.
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    /// The group that it leads, until that is known to be gone.
    noted: Option<(u32, Noted)>,
    log: PathBuf,
}

impl Supervised {
    /// Starts a program with further arguments and a log file, in a process group of its own.
    ///
    /// # Errors
    /// [`Error::Federation`] when the process cannot be made.
    pub(super) fn start(
        program: &Program,
        name: &str,
        arguments: Vec<OsString>,
        log: PathBuf,
        log_file: File,
    ) -> Result<Self, Error> {
        let mut command = Command::new(&program.executable);
        if let Some(folder) = &program.folder {
            command.current_dir(folder);
        }
        let mut child = command
            .args(&program.arguments)
            .args(arguments)
            .env(logs::FORMAT, logs::format().name())
            // What it says goes to a file, where colours are noise.
            .env("NO_COLOR", "1")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log_file)
            // Ctrl-C reaches the launcher alone, which then stops its children in order; and what a child has started can be
            // ended with it.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| {
                Error::Federation(format!("cannot start {name} ({}): {e}", program.executable.display()))
            })?;
        let noted = child.id().map(|id| (id, Leftover::Group(id).note()));
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        Ok(Self { name: name.into(), stdin, stdout, child, noted, log })
    }

    /// Waits until the process can be called, and says where.
    ///
    /// # Errors
    /// [`Error::Federation`] when it ends or stays silent instead, with the first cause from its log.
    pub(super) async fn ready(&mut self, deadline: Duration) -> Result<String, Error> {
        let stdout = self.stdout.take().ok_or_else(|| Error::Bug(format!("{} awaited twice", self.name)))?;
        let mut lines = BufReader::new(stdout);
        let mut line = String::new();
        match timeout(deadline, lines.read_line(&mut line)).await {
            Err(_) => Err(Error::Federation(format!(
                "{} was not ready within {} ms{}",
                self.name,
                deadline.as_millis(),
                self.cause()
            ))),
            Ok(Ok(length)) if length > 0 => {
                // Whatever else it prints is read and dropped, so that it never blocks on a full pipe.
                tokio::spawn(async move {
                    let mut rest = [0; 1024];
                    while matches!(lines.read(&mut rest).await, Ok(n) if n > 0) {}
                });
                serde_json::from_str::<Ready>(&line).map(|ready| ready.address).map_err(|_| {
                    Error::Federation(format!("{} said {:?} instead of being ready", self.name, line.trim()))
                })
            }
            Ok(_) => {
                let status = timeout(deadline, self.child.wait()).await;
                let status = status.ok().and_then(Result::ok);
                self.end_group();
                Err(Error::Federation(self.died(status)))
            }
        }
    }

    /// The exit code, once the process has ended with one.
    pub(super) fn exit_code(&mut self) -> Option<i32> {
        self.ended()?.code()
    }

    /// If the process has ended although nobody asked it to: how, and the first cause from its log.
    pub(super) fn unexpected_end(&mut self) -> Option<String> {
        let status = self.ended()?;
        Some(self.died(Some(status)))
    }

    /// How it has ended, if it has.
    fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok().flatten()?;
        self.end_group();
        Some(status)
    }

    /// Kills it and whatever it has started. A number is a group's as long as a process is in it; once its leader was waited for,
    /// this has to follow at once, and no more than once.
    fn end_group(&mut self) {
        if let Some((leader, _noted)) = self.noted.take() {
            kill_group(leader);
        }
    }

    /// Asks the process to stop, waits, and kills it at the deadline.
    pub(super) async fn stop(mut self, deadline: Duration) {
        drop(self.stdin.take());
        if timeout(deadline, self.child.wait()).await.is_err() {
            tracing::debug!(name = self.name, "did not stop in time, killed");
            self.end_group();
            let _ = self.child.kill().await;
        }
        self.end_group();
    }

    fn died(&self, status: Option<ExitStatus>) -> String {
        let how = status.map_or_else(|| "ended".to_string(), |status| format!("ended with {status}"));
        format!("{} {how}{}", self.name, self.cause())
    }

    fn cause(&self) -> String {
        match first_cause(&std::fs::read_to_string(&self.log).unwrap_or_default()) {
            Some(cause) => format!(": {cause}\n  (its log: {})", self.log.display()),
            None => format!("; its log says nothing ({})", self.log.display()),
        }
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.end_group();
    }
}

/// The first error of a log, or its last line when nothing in it is an error.
fn first_cause(log: &str) -> Option<String> {
    let mut lines = log.lines().map(str::trim).filter(|line| !line.is_empty()).map(Line::of);
    let found = lines.clone().find(|line| line.is_error).or_else(|| lines.next_back())?;
    Some(found.says)
}

/// A line of a log in either format.
struct Line {
    is_error: bool,
    says: String,
}

impl Line {
    fn of(line: &str) -> Self {
        if let Ok(Value::Object(event)) = serde_json::from_str(line) {
            let text = |key: &str| event.get(key).and_then(Value::as_str);
            let says = text("error").or(text("panic")).or(text("message")).unwrap_or(line);
            return Self { is_error: text("level") == Some("ERROR"), says: says.into() };
        }
        let is_error = line.starts_with("error:") || line.contains(" ERROR ") || line.contains("panicked at");
        Self { is_error, says: line.trim_start_matches("error:").trim().into() }
    }
}

/// The child's side: says that it can be called.
///
/// # Errors
/// [`Error::Federation`] when whoever started it no longer listens.
pub fn report_ready(address: &str) -> Result<(), Error> {
    let line = serde_json::to_string(&Ready { address: address.into() })
        .map_err(|e| Error::Bug(format!("readiness cannot be written down: {e}")))?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .map_err(|e| Error::Federation(format!("whoever started this process is gone: {e}")))
}

/// The child's side: resolves when its standard input closes, because it was asked to stop or its parent died. One whose parent has
/// died ends at once, whatever it is doing: nobody waits for it any more.
pub async fn stdin_closed() {
    let parent = parent_id();
    let mut stdin = tokio::io::stdin();
    let mut byte = [0];
    while matches!(stdin.read(&mut byte).await, Ok(n) if n > 0) {}
    std::thread::spawn(move || {
        while parent_id() == parent {
            std::thread::sleep(LOOK);
        }
        std::process::exit(Error::Interrupted { processes: false }.code().into());
    });
}

#[cfg(test)]
mod tests {
    use super::first_cause;

    #[test]
    fn the_first_error_is_the_cause() {
        let log = "2026 INFO started\nerror: port 7 is in use\nerror: giving up\n";
        assert_eq!(first_cause(log).as_deref(), Some("port 7 is in use"));
        assert_eq!(first_cause("a\nb\n\n").as_deref(), Some("b"));
        assert_eq!(first_cause(""), None);
        let log = "{\"level\":\"INFO\",\"message\":\"started\"}\n\
                   {\"level\":\"ERROR\",\"message\":\"failed\",\"error\":\"port 7 is in use\"}\n{\"level\":\"INFO\"}\n";
        assert_eq!(first_cause(log).as_deref(), Some("port 7 is in use"));
        assert_eq!(first_cause("{\"level\":\"INFO\",\"message\":\"started\"}").as_deref(), Some("started"));
    }
}
