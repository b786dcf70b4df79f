//! The one place that asks the machine what time it is. Everything else takes the time from here, so that tests can set it.

use model::TimeMs;

/// A source of the present.
pub(crate) trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> TimeMs;
}

/// The machine's own clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    fn now_ms(&self) -> TimeMs {
        jiff::Timestamp::now().as_millisecond()
    }
}
