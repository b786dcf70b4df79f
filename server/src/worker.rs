//! Whoever reads import jobs: a name that no other has, leases on jobs, and a way to be stopped.

use std::sync::Arc;
use std::time::Duration;

use model::TimeMs;
use store::{Claim, Store, StoreError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::secret;

/// How long a job counts as being read without another word: longer than a writer may have to wait for another.
const LEASE_MS: TimeMs = 60_000;
/// How often a worker says that it is still at it, and hears whether somebody wants the job to stop.
const BEAT: Duration = Duration::from_secs(2);

/// One that reads jobs. Its copies are the same worker.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    name: Arc<str>,
    stop: CancellationToken,
}

impl Worker {
    /// A worker that nobody knows yet.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self { name: secret::hex(16)?.into(), stop: CancellationToken::new() })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A lease that begins now.
    pub(crate) fn claim(&self, now_ms: TimeMs) -> Claim {
        Claim { worker: self.name.to_string(), now_ms, until_ms: now_ms + LEASE_MS }
    }

    /// Lays down what it reads, after the batch.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits until it is to stop.
    pub(crate) async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Keeps a job for as long as the answer lives.
    pub(crate) fn hold(&self, store: &Arc<dyn Store>, clock: &Arc<dyn Clock>, job_no: i64) -> Held {
        let cancelled = CancellationToken::new();
        let (worker, store, clock, told) = (self.clone(), Arc::clone(store), Arc::clone(clock), cancelled.clone());
        let beat = tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                match store.hold_import(job_no, &worker.claim(clock.now_ms())).await {
                    Ok(true) => told.cancel(),
                    // The next batch says so, too.
                    Err(StoreError::JobLost) => return,
                    Ok(false) | Err(_) => {}
                }
            }
        });
        Held { beat, cancelled }
    }
}

/// A job that is being read.
pub(crate) struct Held {
    beat: JoinHandle<()>,
    cancelled: CancellationToken,
}

impl Held {
    /// Waits until somebody wants the job to stop.
    pub(crate) async fn cancelled(&self) {
        self.cancelled.cancelled().await;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.beat.abort();
    }
}
