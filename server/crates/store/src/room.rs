//! Whether the last large write found room.

use std::sync::atomic::{AtomicI32, Ordering};

use crate::error::StoreError;

/// [`StoreError::room_code`] of the last large write.
#[derive(Debug, Default)]
pub(crate) struct Room(AtomicI32);

impl Room {
    /// Remembers how a large write went.
    pub(crate) fn noted<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        self.0.store(outcome.as_ref().err().map_or(0, StoreError::room_code), Ordering::Relaxed);
        outcome
    }

    /// The error of the last one, if it found none.
    pub(crate) fn wanted(&self) -> Option<StoreError> {
        StoreError::of_room_code(self.0.load(Ordering::Relaxed))
    }
}
