//! Repeats share the machine: so many at a time, each handed on when its turn in the order has come.
//!
//! However many repeats there are, no more tasks are there than run at a time, and no more outcomes wait for their turn than
//! [`AHEAD`] for each of them: a repeat that takes long holds up the start of those far behind it.

use std::collections::BTreeMap;

use tokio::task::JoinSet;

use crate::error::Error;

/// How many outcomes may wait for an earlier one, for each repeat that runs at a time.
const AHEAD: usize = 8;

/// Starts repeats 0 to `repeats` - 1, `jobs` at the same time, and hands on their outcomes in order, until `interrupted`
/// resolves.
///
/// # Errors
/// The first error of a repeat or of `each`, or [`Error::Interrupted`]; every other repeat is dropped then.
pub(super) async fn in_turn<T, F>(
    repeats: u32,
    jobs: usize,
    interrupted: impl Future<Output = ()>,
    start: impl Fn(u32) -> F,
    mut each: impl FnMut(u32, T) -> Result<(), Error>,
) -> Result<(), Error>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let jobs = jobs.max(1);
    let mut running = JoinSet::new();
    let collect = async {
        let mut early: BTreeMap<u32, T> = BTreeMap::new();
        let (mut started, mut next) = (0, 0);
        loop {
            // The repeat whose turn is next is running whenever others may not be started for its sake.
            while started < repeats && running.len() < jobs && early.len() < AHEAD * jobs {
                let (number, repeat) = (started, start(started));
                running.spawn(async move { (number, repeat.await) });
                started += 1;
            }
            let Some(finished) = running.join_next().await else { return Ok(()) };
            let (number, outcome) = finished.map_err(|e| Error::Bug(format!("a repeat broke off: {e}")))?;
            early.insert(number, outcome?);
            while let Some(outcome) = early.remove(&next) {
                each(next, outcome)?;
                next += 1;
            }
        }
    };
    let collected = tokio::select! {
        collected = collect => collected,
        () = interrupted => Err(Error::Interrupted { processes: false }),
    };
    running.shutdown().await;
    collected
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    fn never() -> impl Future<Output = ()> {
        std::future::pending()
    }

    #[tokio::test]
    async fn a_million_repeats_take_no_more_room_than_a_few() {
        let alive = Arc::new(AtomicU32::new(0));
        let most = AtomicU32::new(0);
        let start = |number| {
            most.fetch_max(alive.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            let alive = Arc::clone(&alive);
            async move {
                alive.fetch_sub(1, Ordering::Relaxed);
                Ok(number)
            }
        };
        let mut expected = 0..1_000_000;
        let each = |number, outcome| {
            assert_eq!((Some(number), outcome), (expected.next(), number));
            Ok(())
        };
        in_turn(1_000_000, 3, never(), start, each).await.unwrap();
        assert_eq!((expected.next(), most.into_inner()), (None, 3));
    }

    /// The first repeat takes longest: others finish meanwhile, but only so many.
    #[tokio::test]
    async fn few_outcomes_wait_for_a_slow_one() {
        let (jobs, repeats) = (2, 1000);
        let finished = Arc::new(AtomicU32::new(0));
        let go_on = Arc::new(Notify::new());
        let start = |number| {
            let (finished, go_on) = (Arc::clone(&finished), Arc::clone(&go_on));
            async move {
                if number == 0 {
                    go_on.notified().await;
                }
                finished.fetch_add(1, Ordering::Relaxed);
                Ok(number)
            }
        };
        let waiting = Arc::clone(&finished);
        let let_go = async {
            // Long enough for all others, if they were started.
            for _ in 0..10 * repeats {
                tokio::task::yield_now().await;
            }
            assert_eq!(waiting.load(Ordering::Relaxed) as usize, AHEAD * jobs);
            go_on.notify_one();
        };
        let mut order = Vec::new();
        let each = |number, _| {
            order.push(number);
            Ok(())
        };
        let (done, ()) = tokio::join!(in_turn(repeats, jobs, never(), start, each), let_go);
        done.unwrap();
        assert!(order.into_iter().eq(0..repeats));
    }

    #[tokio::test]
    async fn an_error_ends_all() {
        let start = |number| async move {
            match number {
                2 => Err(Error::Usage("no".into())),
                _ => Ok(number),
            }
        };
        let mut seen = Vec::new();
        let each = |number, _| {
            seen.push(number);
            Ok(())
        };
        let ended = in_turn(5, 1, never(), start, each).await;
        assert!(matches!(ended, Err(Error::Usage(_))));
        assert_eq!(seen, [0, 1]);
        let stopped =
            in_turn(5, 1, async {}, |_| std::future::pending::<Result<u32, Error>>(), |_, _| Ok(())).await;
        assert!(matches!(stopped, Err(Error::Interrupted { .. })));
    }
}
