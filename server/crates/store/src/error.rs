//! What a store can fail with. No variant carries message text, names or bound values.

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk is full: nothing of the last batch was stored; free some space and run the same command again")]
    Full,
    /// Another process holds the database.
    #[error("the database is locked by another process that writes to it; try again")]
    Busy,
    /// The database was made by a newer version.
    #[error("the database has schema version {found}, this program knows {known}: use a newer speurkaart")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Newest version known here.
        known: i64,
    },
    /// A stored value makes no sense.
    #[error("corrupt value in table {table}, column {column}, row {row}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Row number.
        row: i64,
    },
    /// A worker wants to go on with a job that it does not have any more.
    #[error("another process goes on with this import; this run stops")]
    JobLost,
    /// There are more cases or sources than numbers for them.
    #[error("too many {0}: there can be 65535")]
    TooMany(&'static str),
    /// The data directory cannot be used.
    #[error("cannot use the data directory: {0}")]
    Directory(#[source] std::io::Error),
    /// Anything else of the database.
    #[error("database")]
    Database(#[source] sqlx::Error),
    /// A migration failed.
    #[error("database migration")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

/// Result codes of SQLite (sqlite.org/rescode.html).
const SQLITE_BUSY: i32 = 5;
const SQLITE_FULL: i32 = 13;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<i32>().ok());
        // The low byte is the primary code; the rest says more of the same.
        match code.map(|code| code & 0xff) {
            Some(SQLITE_FULL) => Self::Full,
            Some(SQLITE_BUSY) => Self::Busy,
            _ => Self::Database(error),
        }
    }
}
