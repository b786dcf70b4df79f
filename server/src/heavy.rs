//! Long computations: off the threads that answer requests, a few at a time, told how far they are, and ended when nobody waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use tokio::sync::{Semaphore, watch};

use crate::error::ApiError;

/// Half as many at once as there are cores: the short questions (`turns`) go on beside them.
static SLOTS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Semaphore::new((cores / 2).max(1))
});

/// Where a computation says how many of its rounds are done; whoever waits may look.
#[derive(Debug, Clone)]
pub(crate) struct Progress(Option<watch::Sender<usize>>);

impl Progress {
    /// Nobody looks.
    pub(crate) fn unseen() -> Self {
        Self(None)
    }

    /// Somebody looks.
    pub(crate) fn seen() -> (Self, watch::Receiver<usize>) {
        let (sender, receiver) = watch::channel(0);
        (Self(Some(sender)), receiver)
    }
}

/// Says that nobody waits any more, when it is dropped.
struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Does the work on a thread for such work. Where the caller goes away, as when its client does, `go_on` says `false` from then on, and
/// what the work gives then is nobody's.
///
/// # Errors
/// When the work panicked.
pub(crate) async fn compute<T: Send + 'static>(
    progress: Progress,
    work: impl FnOnce(&dyn Fn(usize) -> bool) -> Option<T> + Send + 'static,
) -> Result<T, ApiError> {
    let _slot = SLOTS.acquire().await.map_err(anyhow::Error::from)?;
    let is_gone = Arc::new(AtomicBool::new(false));
    let waiting = Gone(Arc::clone(&is_gone));
    let made = tokio::task::spawn_blocking(move || {
        work(&|done| {
            if let Some(sender) = &progress.0 {
                sender.send_replace(done);
            }
            !is_gone.load(Ordering::Relaxed)
        })
    });
    let made = made.await.map_err(anyhow::Error::from)?;
    drop(waiting);
    // Nobody but a caller who is gone can have ended it.
    Ok(made.ok_or_else(|| anyhow::anyhow!("a computation ended before it was done"))?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn work_ends_when_its_caller_goes_away() {
        let (started, mut has_started) = tokio::sync::mpsc::unbounded_channel();
        let (ended, mut has_ended) = tokio::sync::mpsc::unbounded_channel();
        let work = compute(Progress::unseen(), move |go_on| {
            let _ = started.send(());
            while go_on(1) {
                std::thread::sleep(Duration::from_millis(1));
            }
            let _ = ended.send(());
            None::<()>
        });
        tokio::select! {
            _ = work => panic!("it cannot end while somebody waits"),
            _ = has_started.recv() => {}
        }
        tokio::time::timeout(Duration::from_secs(10), has_ended.recv()).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn how_far_it_is_can_be_seen() {
        let (progress, seen) = Progress::seen();
        let made = compute(progress, |go_on| go_on(7).then_some(3)).await.unwrap();
        assert_eq!((made, *seen.borrow()), (3, 7));
    }
}
