//! The real executable under test: running it, watching its processes, and reading what it leaves behind.
//!
//! Every run gets a temporary folder of its own as TMPDIR, which stands in the command line of each process that it
//! starts: that is how a test tells its own processes from everybody else's.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine; only a hang reaches it.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(120);

/// A place of one test: a folder, with a temporary folder for the executable inside.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("place-").tempdir().unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the place.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// The executable, with nothing of the surroundings that could change what it does.
    pub(crate) fn turncoat(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turncoat"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TMPDIR", self.path("tmp"))
            .env_remove("TURNCOAT_DATA")
            .env_remove("TURNCOAT_LOG")
            .env_remove("TURNCOAT_LOG_FORMAT")
            .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT")
            .env_remove("RUST_LOG")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null());
        command
    }

    /// Runs the executable to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.end(self.turncoat(arguments))
    }

    /// Runs a command to its end.
    pub(crate) fn end(&self, mut command: Command) -> Ended {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Ended::of(child.wait_with_output().unwrap(), self.folder.path())
    }

    /// Starts the executable and leaves it running.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.turncoat(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Running { child: Some(child), folder: self.folder.path().into(), later: None }
    }

    /// What is left in the executable's temporary folder.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        files(&self.path("tmp"))
    }

    /// Processes that were started with a file of this place on their command line.
    pub(crate) fn processes(&self) -> Vec<Process> {
        Process::all().into_iter().filter(|process| process.mentions(self.folder.path())).collect()
    }

    /// Waits until no process of this place is left.
    pub(crate) fn wait_until_empty(&self) {
        until("processes are left behind", || self.processes().is_empty());
    }
}

/// The entries of a folder, in the order of their names.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Waits for what must come, however slow the machine is.
pub(crate) fn until(failure: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < TIMEOUT, "{failure}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// How a run ended. Paths of its place read `<place>`.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    fn of(output: Output, folder: &Path) -> Self {
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).unwrap().replace(&folder.display().to_string(), "<place>")
        };
        let ended =
            Self { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) };
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended
    }

    /// Asserts success.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts an exit code, and that the message says all of this.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, says: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        for part in says {
            assert!(self.stderr.contains(part), "{part:?} is not in:\n{}", self.stderr);
        }
        self
    }
}

/// A running executable, ended with its test whatever happens.
pub(crate) struct Running {
    child: Option<Child>,
    folder: PathBuf,
    /// Reads what it says on standard error after it has said where it listens.
    later: Option<JoinHandle<String>>,
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(self.id(), name);
    }

    /// Waits until it ends.
    pub(crate) fn wait(mut self) -> Ended {
        let child = self.child.take().unwrap();
        let id = child.id();
        let (done, ended) = mpsc::channel();
        std::thread::spawn(move || {
            let _ = done.send(child.wait_with_output());
        });
        let Ok(output) = ended.recv_timeout(TIMEOUT) else {
            signal(id, "KILL");
            panic!("it did not end");
        };
        let mut output = output.unwrap();
        if let Some(later) = self.later.take() {
            output.stderr.extend(later.join().unwrap().into_bytes());
        }
        Ended::of(output, &self.folder)
    }

    /// The address that a service started by hand says it listens on. What it says later comes with its end.
    pub(crate) fn address(&mut self) -> String {
        let stderr = self.child.as_mut().unwrap().stderr.take().unwrap();
        let mut lines = BufReader::new(stderr);
        let mut said = String::new();
        loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "it ended before it listened:\n{said}");
            said.push_str(&line);
            if let Some((_, rest)) = line.split_once("listens on ") {
                self.later = Some(std::thread::spawn(move || {
                    let mut later = String::new();
                    let _ = lines.read_to_string(&mut later);
                    later
                }));
                return rest.split(';').next().unwrap().to_owned();
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Sends a signal to one process.
pub(crate) fn signal(id: u32, name: &str) {
    let status = Command::new("kill").args(["-s", name, &id.to_string()]).stderr(Stdio::null()).status();
    assert!(status.is_ok(), "the command `kill` is needed");
}

/// A process of this machine, as /proc shows it.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) id: u32,
    pub(crate) arguments: Vec<String>,
}

impl Process {
    fn all() -> Vec<Self> {
        let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            entry.ok().and_then(|entry| entry.file_name().to_str().and_then(|name| name.parse().ok()))
        });
        // A process that ends while it is looked at has no command line, and so has one that is not reaped yet.
        ids.filter_map(|id: u32| {
            let line = fs::read(format!("/proc/{id}/cmdline")).ok()?;
            let arguments: Vec<String> = line
                .split(|&byte| byte == 0)
                .filter(|word| !word.is_empty())
                .map(|word| String::from_utf8_lossy(word).into_owned())
                .collect();
            (!arguments.is_empty()).then_some(Self { id, arguments })
        })
        .collect()
    }

    fn mentions(&self, folder: &Path) -> bool {
        let folder = folder.display().to_string();
        self.arguments.iter().any(|argument| argument.contains(&folder))
    }

    /// What it was started as: `coordinator`, `party-2`, `adversary`, `run`.
    pub(crate) fn name(&self) -> String {
        let role = self.arguments.get(1).cloned().unwrap_or_default();
        match self.arguments.iter().position(|argument| argument == "--id") {
            Some(place) => format!("{role}-{}", self.arguments[place + 1]),
            None => role,
        }
    }
}

/// A report without the one part that may differ between two runs.
pub(crate) fn report(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("report.json")).unwrap();
    let mut report: Value = serde_json::from_str(&text).unwrap();
    assert!(report.as_object_mut().unwrap().remove("timings_ms").is_some_and(|part| part.is_object()));
    report
}

/// The text of a gzip file.
pub(crate) fn unzipped(path: &Path) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// A path as an argument.
pub(crate) fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The folder of the public data sets, where there is one: `TURNCOAT_DATA`, or `shared/data` beside the repository.
pub(crate) fn data_folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    std::env::var_os("TURNCOAT_DATA").map(PathBuf::from).or(Some(beside)).filter(|folder| folder.is_dir())
}

/// A small scenario on generated data; overrides make it what a test needs.
pub(crate) const SMALL: &str = "\
name: small
seed: 3
repeats: 2
data:
  synthetic: {gaussian_clusters: {records: 1200, features: 6, classes: 3}}
federation:
  parties: 3
  records_per_party: 200
  skew: {dirichlet: {alpha: 5}}
auxiliary:
  records: 100
adversaries:
  - outsider: {attacks: [least_loss, gap]}
  - party: {id: 3, attacks: [least_loss, prior_aware, gap]}
  - aggregator: {attacks: [least_loss, confidence]}
";

/// Two kinds of targets, attacked in every way.
pub(crate) const TARGETS: &str = "\
kind: single_target
name: targets
seed: 5
repeats: 2
folds: 2
data: {synthetic: {gaussian_clusters: {records: 900, features: 4, classes: 3}}}
target: {records: 300, learners: [decision_tree, knn]}
knowledge: white_box
shadow: {records: 300, steps: [same_distribution]}
generation: {partitions: 2, learners: [decision_tree]}
attack: {learners: [decision_tree]}
attacks: [gap, confidence, shadow_model]
export: [claims]
";
