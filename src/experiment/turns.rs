//! Repeats share the machine: so many at a time, each handed on when its turn in the order has come.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::error::Error;

/// Starts repeats 0 to `repeats` - 1, `jobs` at the same time, and hands on their outcomes in order, until `interrupted`
/// resolves.
///
/// # Errors
/// The first error of a repeat or of `each`, or [`Error::Interrupted`]; every other repeat is dropped then.
pub(super) async fn in_turn<T, F>(
    repeats: u32,
    jobs: usize,
    interrupted: impl Future<Output = ()>,
    start: impl Fn(u32) -> F + Clone + Send + 'static,
    mut each: impl FnMut(u32, T) -> Result<(), Error>,
) -> Result<(), Error>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let turns = Arc::new(Semaphore::new(jobs.max(1)));
    let mut running = JoinSet::new();
    for number in 0..repeats {
        let (start, turns) = (start.clone(), Arc::clone(&turns));
        running.spawn(async move {
            // Turns are never closed, so a turn always comes.
            let _turn = turns.acquire_owned().await;
            (number, start(number).await)
        });
    }
    let collect = async {
        let mut early: BTreeMap<u32, T> = BTreeMap::new();
        let mut next = 0;
        while let Some(finished) = running.join_next().await {
            let (number, outcome) = finished.map_err(|e| Error::Bug(format!("a repeat broke off: {e}")))?;
            early.insert(number, outcome?);
            while let Some(outcome) = early.remove(&next) {
                each(next, outcome)?;
                next += 1;
            }
        }
        Ok(())
    };
    let collected = tokio::select! {
        collected = collect => collected,
        () = interrupted => Err(Error::Interrupted { processes: false }),
    };
    running.shutdown().await;
    collected
}
