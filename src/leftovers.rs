//! What a process of turncoat has made that must not outlive it: process groups and temporary folders. Whoever makes
//! one notes it here and undoes it itself when it is done; where the whole process has to end at once, all of them are undone.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// Of this process, by the order in which they were made.
static MADE: Mutex<BTreeMap<u64, Leftover>> = Mutex::new(BTreeMap::new());

/// Something that must not be left behind.
#[derive(Clone, Debug)]
pub(crate) enum Leftover {
    /// A process that leads a group of its own, and all that it has started.
    Group(u32),
    /// A folder and what is in it.
    Folder(PathBuf),
}

/// Dropped, it is forgotten: it has been undone, or has become something that stays.
#[derive(Debug)]
pub(crate) struct Noted(u64);

impl Leftover {
    /// Remembers it.
    pub(crate) fn note(self) -> Noted {
        let mut made = made();
        let number = made.last_key_value().map_or(0, |(last, _)| last + 1);
        made.insert(number, self);
        Noted(number)
    }

    fn undo(&self) {
        // What is gone already needs no undoing.
        match self {
            Self::Group(leader) => kill_group(*leader),
            Self::Folder(path) => drop(fs::remove_dir_all(path)),
        }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        made().remove(&self.0);
    }
}

/// Undoes everything, processes first, since they may be writing into the folders. Returns whether there were processes. Nothing
/// can be noted any more: the process is to end.
pub(crate) fn undo_all() -> bool {
    let made = made();
    let is_group = |leftover: &&Leftover| matches!(leftover, Leftover::Group(_));
    made.values().filter(is_group).for_each(Leftover::undo);
    // A process that is being killed may still make a file while its folder is removed.
    for _ in 0..3 {
        made.values().filter(|leftover| !is_group(leftover)).for_each(Leftover::undo);
    }
    let processes = made.values().any(|leftover| is_group(&leftover));
    turncoat_report::files::unfinished::remove_all();
    // Whoever waits to note something waits until the process has ended.
    std::mem::forget(made);
    processes
}

/// Kills a process that leads a group, and whatever it has started that has not left the group.
pub(crate) fn kill_group(leader: u32) {
    if let Some(leader) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(leader, Signal::KILL);
    }
}

fn made() -> MutexGuard<'static, BTreeMap<u64, Leftover>> {
    // A map is whole between two calls, even if a thread died holding it.
    MADE.lock().unwrap_or_else(PoisonError::into_inner)
}
