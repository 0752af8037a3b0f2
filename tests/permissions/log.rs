//! What the services log about whom they refuse.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// All that was logged in this process.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Listens from now on.
    pub(crate) fn begin() -> Self {
        let log = Self::default();
        tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).init();
        log
    }

    /// How many refusals were logged so far.
    pub(crate) fn refusals(&self) -> usize {
        self.lines().len()
    }

    /// The refusals after the first `before`: waits a moment for those that are due, which may come after the caller's answer.
    pub(crate) async fn since(&self, before: usize, due: usize) -> Vec<String> {
        for _ in 0..200 {
            if self.refusals() >= before + due {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.lines().split_off(before)
    }

    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let refusal = |line: &&str| line.contains("not let in") || line.contains("refused");
        text.lines().filter(refusal).map(String::from).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
