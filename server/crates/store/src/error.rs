//! What a store can fail with. No variant carries message text, names or bound values.

use sqlx::postgres::PgDatabaseError;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk is full: nothing of the last batch was stored")]
    Full,
    /// The system does not let the database be written: a limit on the size of files, or a disk that fails.
    #[error(
        "the database cannot be written (SQLite result {code}): a limit on the size of files is reached or the disk fails; \
         nothing of the last batch was stored"
    )]
    Unwritable {
        /// Result code of SQLite.
        code: i32,
    },
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
    /// The address of the database makes no sense.
    #[error("the address of the database makes no sense: postgres://USER@HOST/DATABASE is expected")]
    Url,
    /// The server cannot be reached, or lets nobody in.
    #[error("the database server cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// The server is of a version that nothing is tested with.
    #[error("the server is PostgreSQL {found}; {oldest} or newer is needed")]
    OldServer {
        /// Its major version.
        found: i32,
        /// The oldest that will do.
        oldest: i32,
    },
    /// The database cannot hold every character.
    #[error("the database does not speak UTF-8: make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0")]
    Encoding,
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
/// Codes of PostgreSQL (manual, appendix "PostgreSQL Error Codes").
const DISK_FULL: &str = "53100";
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// Write, fsync, directory fsync, truncate, and making and growing shared memory.
const SQLITE_IOERR_OF_WRITING: [i32; 6] = [778, 1034, 1290, 1546, 4618, 4874];

impl StoreError {
    /// Whether the disk or a limit stands in the way of writing: nothing is wrong with the data, and once there is room the same
    /// can be done again.
    pub fn is_want_of_room(&self) -> bool {
        matches!(self, Self::Full | Self::Unwritable { .. })
    }

    /// Such an error as a number, and 0 for all others: what can be remembered of it without a lock.
    pub(crate) fn room_code(&self) -> i32 {
        match self {
            Self::Full => SQLITE_FULL,
            Self::Unwritable { code } => *code,
            _ => 0,
        }
    }

    /// The error of such a number.
    pub(crate) fn of_room_code(code: i32) -> Option<Self> {
        match code {
            0 => None,
            SQLITE_FULL => Some(Self::Full),
            code => Some(Self::Unwritable { code }),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError;
        match error {
            MigrateError::Execute(cause) => match Self::from(cause) {
                Self::Database(cause) => Self::Migration(MigrateError::Execute(cause)),
                known => known,
            },
            MigrateError::ExecuteMigration(cause, version) => match Self::from(cause) {
                Self::Database(cause) => Self::Migration(MigrateError::ExecuteMigration(cause, version)),
                known => known,
            },
            other => Self::Migration(other),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => return Self::Unreachable(error),
            _ => {}
        }
        let Some(database) = error.as_database_error() else { return Self::Database(error) };
        let code = database.code().unwrap_or_default();
        if database.try_downcast_ref::<PgDatabaseError>().is_some() {
            return match code.as_ref() {
                DISK_FULL => Self::Full,
                LOCK_NOT_AVAILABLE => Self::Busy,
                _ => Self::Database(error),
            };
        }
        match code.parse::<i32>() {
            Ok(code) if SQLITE_IOERR_OF_WRITING.contains(&code) => Self::Unwritable { code },
            // The low byte is the primary code; the rest says more of the same.
            Ok(code) if code & 0xff == SQLITE_FULL => Self::Full,
            Ok(code) if code & 0xff == SQLITE_BUSY => Self::Busy,
            _ => Self::Database(error),
        }
    }
}
