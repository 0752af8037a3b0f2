//! One file from an HTTP server, whole or not at all: what arrives is kept under `NAME.partial` until its length and SHA-256
//! are those that are expected.
//!
//! A download that was cut goes on where it ended (Range). The server is told of which version the first part is (If-Range, kept in
//! `NAME.partial.version`); one that has another by now, or knows no ranges, sends all of it, and that replaces what was there.
//! Whatever a server does, only the expected content gets the file's name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::{Agent, Body};

use super::download_error::DownloadError;
use crate::identity::hex;
use crate::terminal::Bar;

/// The pause before the second attempt; it doubles up to `LONGEST_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// How much of a bad connection is put up with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FetchLimits {
    /// Longest wait for a connection, for an answer and between two pieces of it.
    pub(crate) silence: Duration,
    /// Attempts after the first one, counted anew whenever more of the file is there than ever.
    pub(crate) retries: u32,
}

/// A file to be fetched.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) url: String,
    /// Where it goes.
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) sha256: &'a str,
}

/// How one attempt ended without an error of ours.
enum Attempt {
    Done,
    /// It broke off, or the server asks to be asked again.
    Cut(String),
}

impl Wanted<'_> {
    /// Fetches it. `bar` stands at `before` when nothing of it is there.
    ///
    /// # Errors
    /// [`DownloadError`]; what is there of the file is kept unless it is known to be wrong.
    pub(crate) fn fetch(
        &self,
        agent: &Agent,
        limits: FetchLimits,
        bar: &Bar,
        before: u64,
    ) -> Result<(), DownloadError> {
        let (mut failures, mut pause) = (0, FIRST_PAUSE);
        // What arrives again and again in place of the file is nothing that has arrived.
        let mut most = length(&self.partial());
        loop {
            match self.attempt(agent, bar, before)? {
                Attempt::Done => break,
                Attempt::Cut(cause) => {
                    let there = length(&self.partial());
                    if there > most {
                        (failures, pause, most) = (0, FIRST_PAUSE, there);
                    }
                    failures += 1;
                    tracing::debug!(url = self.url, cause, failures, "download broke off");
                    if failures > limits.retries {
                        let kept = length(&self.partial());
                        return Err(DownloadError::Unreachable {
                            url: self.url.clone(),
                            cause,
                            attempts: failures,
                            kept,
                            through: None,
                        });
                    }
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        self.finish()
    }

    fn attempt(&self, agent: &Agent, bar: &Bar, before: u64) -> Result<Attempt, DownloadError> {
        let partial = self.partial();
        if length(&partial) > self.bytes {
            self.discard()?;
        }
        let have = length(&partial);
        bar.stands_at(before + have);
        if have == self.bytes {
            return Ok(Attempt::Done);
        }
        let mut request = agent.get(&self.url).header("Accept-Encoding", "identity");
        if have > 0 {
            request = request.header("Range", format!("bytes={have}-"));
            if let Ok(version) = fs::read_to_string(self.version()) {
                request = request.header("If-Range", version);
            }
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(error) => return Ok(Attempt::Cut(error.to_string())),
        };
        let status = response.status();
        match status {
            StatusCode::PARTIAL_CONTENT if have > 0 && goes_on_at(response.headers(), have, self.bytes) => {
                self.take(response, have, bar, before)
            }
            // A login page, say; what is there of the file is better.
            StatusCode::OK if response.body().content_length().is_some_and(|length| length < self.bytes) => {
                Ok(Attempt::Cut(format!(
                    "the server answers with something else: {}, where the file has {} bytes",
                    described(&response),
                    self.bytes
                )))
            }
            StatusCode::OK => {
                self.discard()?;
                if let Some(version) = version(response.headers()) {
                    // Without it a later part is asked for all the same, and the sum decides.
                    let _ = fs::write(self.version(), version);
                }
                self.take(response, 0, bar, before)
            }
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                self.discard()?;
                Ok(Attempt::Cut(format!("the server answers {status} to a part that it should have")))
            }
            _ if asks_again(status) => Ok(Attempt::Cut(format!("the server answers {status}"))),
            _ => Err(DownloadError::Refused { url: self.url.clone(), status: status.as_u16() }),
        }
    }

    /// Writes what arrives behind what is there.
    fn take(
        &self,
        mut response: Response<Body>,
        from: u64,
        bar: &Bar,
        before: u64,
    ) -> Result<Attempt, DownloadError> {
        let partial = self.partial();
        let failed = |source| DownloadError::Write { path: partial.clone(), source };
        let mut file = OpenOptions::new().create(true).append(true).open(&partial).map_err(failed)?;
        // Sizes are held against what is expected here, not against a limit of the client's.
        let mut body = response.body_mut().with_config().limit(u64::MAX).reader();
        let mut buffer = vec![0; 64 * 1024];
        let mut have = from;
        loop {
            match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => {
                    have += n as u64;
                    if have > self.bytes {
                        drop(file);
                        self.discard()?;
                        return Err(DownloadError::TooLong { url: self.url.clone(), expected: self.bytes });
                    }
                    file.write_all(&buffer[..n]).map_err(failed)?;
                    bar.stands_at(before + have);
                }
                Err(error) => return Ok(Attempt::Cut(error.to_string())),
            }
        }
        if have == self.bytes {
            return Ok(Attempt::Done);
        }
        Ok(Attempt::Cut(format!("it ended after {have} of {} bytes", self.bytes)))
    }

    /// Gives the file its name if it is what it should be.
    fn finish(&self) -> Result<(), DownloadError> {
        let partial = self.partial();
        let failed = |source| DownloadError::Write { path: self.path.clone(), source };
        let found = sum(&partial).map_err(failed)?;
        if found != self.sha256 {
            self.discard()?;
            let expected = self.sha256.to_owned();
            return Err(DownloadError::Content { url: self.url.clone(), found, expected });
        }
        File::open(&partial).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::rename(&partial, &self.path).map_err(failed)?;
        remove(&self.version()).map_err(failed)
    }

    fn discard(&self) -> Result<(), DownloadError> {
        for path in [self.partial(), self.version()] {
            remove(&path).map_err(|source| DownloadError::Write { path, source })?;
        }
        Ok(())
    }

    fn partial(&self) -> PathBuf {
        with_ending(&self.path, ".partial")
    }

    fn version(&self) -> PathBuf {
        with_ending(&self.path, ".partial.version")
    }
}

/// Whether an answer is the part that was asked for, of a file of the expected length.
fn goes_on_at(headers: &HeaderMap, from: u64, bytes: u64) -> bool {
    let expected = format!("bytes {from}-{}/", bytes - 1);
    let range = headers.get("content-range").and_then(|range| range.to_str().ok()).unwrap_or_default();
    range.strip_prefix(&expected).is_some_and(|total| total == "*" || total == bytes.to_string())
}

/// What tells this version of the file from others: a strong ETag, else its date.
fn version(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    text("etag").filter(|tag| !tag.starts_with("W/")).or_else(|| text("last-modified"))
}

/// "24 bytes of text/html".
fn described(response: &Response<Body>) -> String {
    let bytes = response.body().content_length().unwrap_or_default();
    match response.headers().get("content-type").and_then(|kind| kind.to_str().ok()) {
        Some(kind) => format!("{bytes} bytes of {kind}"),
        None => format!("{bytes} bytes"),
    }
}

/// Whether a server that answers so may answer otherwise soon.
fn asks_again(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(ending);
    name.into()
}

fn sum(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}
