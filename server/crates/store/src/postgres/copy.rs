//! Rows for COPY in its binary form (PostgreSQL manual, "COPY", binary format): nothing in them needs escaping.

use sqlx::PgConnection;

use super::nul;
use crate::Result;

/// Bytes sent to the server at once.
const PART: usize = 1 << 20;

/// Rows of one table.
pub(super) struct Rows {
    bytes: Vec<u8>,
}

impl Rows {
    pub(super) fn new() -> Self {
        let mut bytes = b"PGCOPY\n\xFF\r\n\0".to_vec();
        // No flags, no extension of the header.
        bytes.extend([0; 8]);
        Self { bytes }
    }

    /// Begins a row of so many values.
    pub(super) fn row(&mut self, values: i16) -> &mut Self {
        self.bytes.extend(values.to_be_bytes());
        self
    }

    pub(super) fn long(&mut self, value: i64) -> &mut Self {
        self.value(&value.to_be_bytes())
    }

    pub(super) fn number(&mut self, value: i32) -> &mut Self {
        self.value(&value.to_be_bytes())
    }

    /// A number of ours, or NULL, which the column refuses.
    pub(super) fn number_of(&mut self, value: Option<u32>) -> &mut Self {
        match value {
            Some(value) => self.number(value.cast_signed()),
            None => self.null(),
        }
    }

    pub(super) fn real(&mut self, value: f32) -> &mut Self {
        self.value(&value.to_be_bytes())
    }

    pub(super) fn truth(&mut self, value: bool) -> &mut Self {
        self.value(&[u8::from(value)])
    }

    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.value(nul::stored(value).as_bytes())
    }

    pub(super) fn null(&mut self) -> &mut Self {
        self.bytes.extend((-1_i32).to_be_bytes());
        self
    }

    fn value(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend((value.len() as i32).to_be_bytes());
        self.bytes.extend(value);
        self
    }

    /// Sends everything; `statement` is the COPY.
    pub(super) async fn send(mut self, connection: &mut PgConnection, statement: &str) -> Result<()> {
        self.bytes.extend((-1_i16).to_be_bytes());
        let mut copy = connection.copy_in_raw(statement).await?;
        for part in self.bytes.chunks(PART) {
            copy.send(part).await?;
        }
        copy.finish().await?;
        Ok(())
    }
}
