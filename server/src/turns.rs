//! Turns at the index: what takes long is worked out off the threads that serve connections, and only so much of it at once.
//!
//! Who asks waits in line, first come first served, so that one person's many questions cannot starve another's. Whoever goes away
//! while waiting leaves the line, and nothing is worked out for them. Never in line: what is answered from memory, and what counts
//! nothing (who one is, what data there are, health).

use std::num::NonZero;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::block_in_place;

/// Who may work at the index.
#[derive(Debug)]
pub(crate) struct Turns(Semaphore);

impl Default for Turns {
    /// As many as there are cores: more would only take each other's time.
    fn default() -> Self {
        Self(Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get)))
    }
}

/// Held while working.
pub(crate) struct Turn<'a> {
    _permit: Option<SemaphorePermit<'a>>,
}

impl Turns {
    /// Waits for a turn.
    pub(crate) async fn take(&self) -> Turn<'_> {
        // The line is never closed; were it, working without a turn would still be right.
        Turn { _permit: self.0.acquire().await.ok() }
    }
}

/// Works on this thread, which serves no connections meanwhile: another one takes over its tasks. For who holds a turn, or is alone.
pub(crate) fn apart<T>(work: impl FnOnce() -> T) -> T {
    let has_others = Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if has_others { block_in_place(work) } else { work() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, mpsc};
    use std::time::Duration;

    use super::*;

    async fn work_in<T>(turns: &Turns, work: impl FnOnce() -> T) -> T {
        let _turn = turns.take().await;
        apart(work)
    }

    /// A turn that is held until the sender is dropped; gives its word when it has begun.
    async fn hold(turns: &Arc<Turns>) -> (mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
        let (release, released) = mpsc::channel();
        let (begin, begun) = tokio::sync::oneshot::channel();
        let turns = Arc::clone(turns);
        let work = move || {
            begin.send(()).unwrap();
            let _ = released.recv();
        };
        let held = tokio::spawn(async move { work_in(&turns, work).await });
        begun.await.unwrap();
        (release, held)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn other_tasks_go_on_while_all_turns_are_taken() {
        let turns = Arc::new(Turns(Semaphore::new(2)));
        let (first, second) = (hold(&turns).await, hold(&turns).await);
        // The only thread for connections is free: this runs to its end though both turns are held.
        assert_eq!(tokio::spawn(async { 5 }).await.unwrap(), 5);
        drop((first.0, second.0));
        first.1.await.unwrap();
        second.1.await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_goes_away_while_waiting_costs_nothing_and_no_more_than_the_bound_work_at_once() {
        let turns = Arc::new(Turns(Semaphore::new(1)));
        let worked = AtomicUsize::new(0);
        let (release, held) = hold(&turns).await;
        let waits = work_in(&turns, || worked.fetch_add(1, Ordering::Relaxed));
        assert!(tokio::time::timeout(Duration::from_millis(20), waits).await.is_err(), "the only turn is taken");
        drop(release);
        held.await.unwrap();
        assert_eq!(work_in(&turns, || worked.fetch_add(10, Ordering::Relaxed)).await, 0);
        assert_eq!(worked.load(Ordering::Relaxed), 10);
    }

    #[tokio::test]
    async fn without_other_threads_it_works_where_it_is() {
        assert_eq!(work_in(&Turns::default(), || 3).await, 3);
    }
}
