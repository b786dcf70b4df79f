//! The rows of a database, from a thread on which SQLite runs.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use futures_util::StreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, TypeInfo, ValueRef};
use tempfile::TempDir;

use super::super::Opening;
use super::COLUMNS;
use super::layout::{Query, Tables, queries};
use crate::row::Cell;
use crate::source::Base;
use crate::{FieldMap, IngestError};

/// Steps that may wait for the reader.
const AHEAD: usize = 256;
/// Tables looked at, and columns of each.
const MAX_TABLES: usize = 5_000;
const MAX_TABLE_COLUMNS: usize = 500;

/// What comes next.
pub(super) enum Step {
    /// Rows of this table follow.
    Table(String),
    /// The values of a query's columns.
    Row(Vec<Cell<'static>>),
    /// The rest of the table cannot be read.
    Damaged,
    Done,
}

pub(super) struct Rows {
    steps: Receiver<Step>,
    /// Rows of all tables together.
    pub(super) total: u64,
    /// The database, where it is a copy that has to stay until it is read.
    _copy: (Base, Option<TempDir>),
}

/// What the thread finds out first.
type Begun = Result<(Vec<Query>, u64), sqlx::Error>;

impl Rows {
    /// Opens the database and finds out what to ask it.
    pub(super) fn open(opening: &Opening<'_>) -> Result<(Self, Vec<Query>), IngestError> {
        let cannot_open = |source| IngestError::Open { path: opening.name().to_path_buf(), source };
        let base = opening.source.spooled().map_err(cannot_open)?;
        let copy = copy_with_log(base.path()).map_err(cannot_open)?;
        let (path, is_copy) = match &copy {
            Some((_, path)) => (path.clone(), true),
            None => (base.path().to_path_buf(), false),
        };
        let (map, limit) = (opening.options.map.clone(), opening.options.max_line_bytes);
        let (begun_sender, begun) = sync_channel(1);
        let (sender, steps) = sync_channel(AHEAD);
        std::thread::Builder::new()
            .name("sqlite".into())
            .spawn(move || run(&path, is_copy, &map, limit, &begun_sender, &sender))
            .map_err(cannot_open)?;
        let broken = |what: String| cannot_open(std::io::Error::new(std::io::ErrorKind::InvalidData, what));
        let (queries, total) = match begun.recv() {
            Ok(Ok(begun)) => begun,
            Ok(Err(error)) => return Err(broken(format!("the database cannot be read: {error}"))),
            Err(_) => return Err(broken("the database cannot be read".to_owned())),
        };
        Ok((Self { steps, total, _copy: (base, copy.map(|(folder, _)| folder)) }, queries))
    }

    pub(super) fn next(&mut self) -> Step {
        self.steps.recv().unwrap_or(Step::Done)
    }
}

/// A copy of a database and the log beside it, where there is one.
fn copy_with_log(path: &Path) -> std::io::Result<Option<(TempDir, PathBuf)>> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log = PathBuf::from(log);
    if !log.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0) {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.db");
    std::fs::copy(path, &copy)?;
    std::fs::copy(&log, folder.path().join("copy.db-wal"))?;
    Ok(Some((folder, copy)))
}

fn run(path: &Path, is_copy: bool, map: &FieldMap, limit: usize, begun: &SyncSender<Begun>, steps: &SyncSender<Step>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = begun.send(Err(error.into()));
            return;
        }
    };
    runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(!is_copy)
            .immutable(!is_copy)
            .pragma("trusted_schema", "off")
            .pragma("cell_size_check", "on")
            .pragma("query_only", "on")
            .disable_statement_logging();
        let mut connection = match SqliteConnection::connect_with(&options).await {
            Ok(connection) => connection,
            Err(error) => {
                let _ = begun.send(Err(error));
                return;
            }
        };
        match begin(&mut connection, map, limit).await {
            Err(error) => {
                let _ = begun.send(Err(error));
            }
            Ok((queries, total)) => {
                if begun.send(Ok((queries.clone(), total))).is_ok() {
                    for query in queries {
                        if !read(&mut connection, query, steps).await {
                            break;
                        }
                    }
                }
            }
        }
        let _ = connection.close().await;
    });
}

async fn begin(connection: &mut SqliteConnection, map: &FieldMap, limit: usize) -> Begun {
    let mut tables = Tables::new();
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name LIMIT ?",
    )
    .bind(MAX_TABLES as i64)
    .fetch_all(&mut *connection)
    .await?;
    for name in names {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?) ORDER BY cid LIMIT ?")
            .bind(&name)
            .bind(MAX_TABLE_COLUMNS as i64)
            .fetch_all(&mut *connection)
            .await?;
        tables.insert(name, columns);
    }
    let queries = queries(&tables, map, limit);
    let mut total = 0;
    for query in &queries {
        // A damaged table is met again when it is read.
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(query.count_sql.clone())).fetch_one(&mut *connection).await.unwrap_or(0);
        total += count.unsigned_abs();
    }
    Ok((queries, total))
}

/// Hands over the rows of a query; false when nobody listens any more.
async fn read(connection: &mut SqliteConnection, query: Query, steps: &SyncSender<Step>) -> bool {
    if steps.send(Step::Table(query.table)).is_err() {
        return false;
    }
    let mut rows = sqlx::query(AssertSqlSafe(query.sql)).fetch(&mut *connection);
    while let Some(row) = rows.next().await {
        let step = match row {
            Ok(row) => Step::Row((0..COLUMNS).map(|column| cell(&row, column)).collect()),
            Err(_) => Step::Damaged,
        };
        let is_damaged = matches!(step, Step::Damaged);
        if steps.send(step).is_err() {
            return false;
        }
        if is_damaged {
            break;
        }
    }
    true
}

/// A value by the type it is stored with, whatever the column was declared as.
fn cell(row: &SqliteRow, column: usize) -> Cell<'static> {
    let Ok(value) = row.try_get_raw(column) else { return Cell::Missing };
    if value.is_null() {
        return Cell::Missing;
    }
    let kind = value.type_info();
    match kind.name() {
        "INTEGER" | "BOOLEAN" => row.try_get_unchecked(column).map_or(Cell::Missing, Cell::Integer),
        "REAL" => row.try_get_unchecked(column).map_or(Cell::Missing, Cell::Real),
        "BLOB" => match row.try_get_unchecked::<Vec<u8>, _>(column).map(String::from_utf8) {
            Ok(Ok(text)) => Cell::Text(text.into()),
            _ => Cell::Missing,
        },
        _ => row.try_get_unchecked::<String, _>(column).map_or(Cell::Missing, |text| Cell::Text(text.into())),
    }
}
