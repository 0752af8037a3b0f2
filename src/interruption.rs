//! A run ends within a second of being asked to, whatever it is doing. What can stop in order does; what is in the middle of a
//! computation is not waited for.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

use crate::error::Error;
use crate::{leftovers, logs, terminal};

/// How long a run may take to stop in order.
const ORDERLY: Duration = Duration::from_millis(500);

/// What is said when a run ends in the middle of something.
static LAST_WORDS: Mutex<Option<LastWords>> = Mutex::new(None);

type LastWords = Box<dyn Fn() + Send>;

/// Requests to stop, of the user or the system.
#[derive(Debug)]
pub(crate) struct Interruption {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Interruption {
    /// Listens from now on. Must be made inside a runtime.
    ///
    /// # Errors
    /// [`Error::Environment`] when the system offers no signals.
    pub(crate) fn listen() -> Result<Self, Error> {
        let listen = |kind| signal(kind).map_err(unheard);
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    /// Resolves when one has come since the last time.
    pub(crate) async fn came(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

/// Sees to it, from a thread of its own, that this process has ended soon after it was asked to; at once when it is asked again.
///
/// # Errors
/// [`Error::Environment`] when the system gives no thread or no signals.
pub(crate) fn see_to_it() -> Result<(), Error> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(unheard)?;
    let mut interruption = {
        let _inside = runtime.enter();
        Interruption::listen()?
    };
    let watching = move || {
        runtime.block_on(async {
            interruption.came().await;
            tokio::select! {
                () = sleep(ORDERLY) => {}
                () = interruption.came() => {}
            }
        });
        end();
    };
    std::thread::Builder::new().name("interruption".into()).spawn(watching).map_err(unheard)?;
    Ok(())
}

/// Says these words should the run end in the middle of something.
pub(crate) fn last_words(words: impl Fn() + Send + 'static) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(words));
}

/// Ends the process here and now, and leaves nothing behind that it has made.
fn end() -> ! {
    let processes = leftovers::undo_all();
    terminal::clear();
    if let Some(words) = &*LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) {
        words();
    }
    let error = Error::Interrupted { processes };
    logs::failed(&error);
    std::process::exit(error.code().into());
}

fn unheard(error: std::io::Error) -> Error {
    Error::Environment(format!("cannot listen for signals: {error}"))
}
