//! Files that are not finished: whoever makes one removes it or gives it its name. Where the whole process has to end at once, all of
//! them are removed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of this process, by the order in which they were made.
static MADE: Mutex<BTreeMap<u64, PathBuf>> = Mutex::new(BTreeMap::new());

/// Dropped, it is forgotten: the file is gone, or has its name.
#[derive(Debug)]
pub(crate) struct Noted(u64);

impl Noted {
    pub(crate) fn new(file: PathBuf) -> Self {
        let mut made = made();
        let number = made.last_key_value().map_or(0, |(last, _)| last + 1);
        made.insert(number, file);
        Self(number)
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        made().remove(&self.0);
    }
}

/// Removes them all. No file can be begun any more: the process is to end.
pub fn remove_all() {
    let made = made();
    // What is gone already needs no removing.
    made.values().for_each(|file| drop(std::fs::remove_file(file)));
    // Whoever waits to note a file waits until the process has ended.
    std::mem::forget(made);
}

fn made() -> MutexGuard<'static, BTreeMap<u64, PathBuf>> {
    // A map is whole between two calls, even if a thread died holding it.
    MADE.lock().unwrap_or_else(PoisonError::into_inner)
}
