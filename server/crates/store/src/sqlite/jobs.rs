//! The list of import jobs: put on it, taken from it, held, stopped, ended.

use model::TimeMs;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool};

use super::workers::Workers;
use crate::{Claim, ImportJob, JobCounts, JobQuery, JobState, NewImport, Result, StoreError};

const SELECT_JOB: &str = "SELECT j.job_no, o.case_no, k.name, j.source_no, o.name, j.file_name, j.fingerprint, j.file_bytes, \
     j.done_bytes, j.format, j.reading, j.upload, j.made_by, j.state, j.line, j.byte_offset, j.read, j.imported, j.duplicates, \
     j.rejected, j.notices, j.mentions, j.created_ms, j.started_ms, j.run_started_ms, j.run_read, j.ended_ms, j.error, j.cancel, \
     j.worker, j.lease_ms FROM jobs j JOIN sources o USING (source_no) JOIN cases k USING (case_no)";

pub(super) async fn begin(
    pool: &SqlitePool,
    workers: &Workers,
    import: NewImport<'_>,
    claim: &Claim,
) -> Result<ImportJob> {
    workers.announce(&claim.worker).map_err(StoreError::Directory)?;
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    let unfinished = select(connection, (workers, claim.now_ms), |query| {
        query.push("j.upload IS NULL AND j.state <> 'done' AND j.source_no = ").push_bind(import.source_no);
        query.push(" AND j.fingerprint = ").push_bind(import.fingerprint.to_owned());
        query.push(" AND j.file_name = ").push_bind(import.file_name.to_owned()).push(" ORDER BY j.job_no DESC");
    })
    .await?;
    let free = unfinished.iter().find(|job| job.state != JobState::Running);
    let job_no = match free {
        Some(job) => job.job_no,
        None => insert(connection, import, JobState::Queued).await?,
    };
    start(connection, job_no, claim).await?;
    let job = one(connection, job_no, workers, claim.now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

pub(super) async fn grow(
    pool: &SqlitePool,
    workers: &Workers,
    job_no: i64,
    import: NewImport<'_>,
    claim: &Claim,
) -> Result<Option<ImportJob>> {
    workers.announce(&claim.worker).map_err(StoreError::Directory)?;
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    let before = one(connection, job_no, workers, claim.now_ms).await?;
    if before.state == JobState::Running {
        return Ok(None);
    }
    sqlx::query("UPDATE jobs SET fingerprint = ?, file_bytes = ? WHERE job_no = ?")
        .bind(import.fingerprint)
        .bind(import.file_bytes.cast_signed())
        .bind(job_no)
        .execute(&mut *connection)
        .await?;
    start(connection, job_no, claim).await?;
    let job = one(connection, job_no, workers, claim.now_ms).await?;
    transaction.commit().await?;
    Ok(Some(job))
}

pub(super) async fn standing(pool: &SqlitePool, workers: &Workers, import: NewImport<'_>) -> Result<ImportJob> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    let there: Option<i64> =
        sqlx::query_scalar("SELECT job_no FROM jobs WHERE source_no = ? AND fingerprint = ? AND file_name = ?")
            .bind(import.source_no)
            .bind(import.fingerprint)
            .bind(import.file_name)
            .fetch_optional(&mut *connection)
            .await?;
    let job_no = match there {
        Some(job_no) => job_no,
        None => insert(connection, import, JobState::Done).await?,
    };
    let job = one(connection, job_no, workers, import.now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

pub(super) async fn queue(pool: &SqlitePool, workers: &Workers, import: NewImport<'_>) -> Result<ImportJob> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let job_no = insert(&mut transaction, import, JobState::Queued).await?;
    let job = one(&mut transaction, job_no, workers, import.now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

/// Looks first without the lock of a writer: most of the time there is nothing to take.
pub(super) async fn take(
    reader: &SqlitePool,
    writer: &SqlitePool,
    workers: &Workers,
    claim: &Claim,
) -> Result<Option<ImportJob>> {
    let mut connection = reader.acquire().await?;
    if next(&mut connection, workers, claim.now_ms).await?.is_none() {
        return Ok(None);
    }
    drop(connection);
    workers.announce(&claim.worker).map_err(StoreError::Directory)?;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let Some(job_no) = next(&mut transaction, workers, claim.now_ms).await? else { return Ok(None) };
    start(&mut transaction, job_no, claim).await?;
    let job = one(&mut transaction, job_no, workers, claim.now_ms).await?;
    transaction.commit().await?;
    Ok(Some(job))
}

/// The job of an upload whose turn it is.
async fn next(connection: &mut SqliteConnection, workers: &Workers, now_ms: TimeMs) -> Result<Option<i64>> {
    let running = select(connection, (workers, now_ms), |query| {
        query.push("j.state = 'running' AND j.upload IS NOT NULL ORDER BY j.job_no");
    })
    .await?;
    // The table says that they run; their worker may be gone.
    if let Some(left) = running.iter().find(|job| job.state == JobState::Interrupted) {
        return Ok(Some(left.job_no));
    }
    Ok(sqlx::query_scalar(
        "SELECT job_no FROM jobs j WHERE state IN ('queued', 'interrupted') AND upload IS NOT NULL
         ORDER BY state = 'queued', (SELECT count(*) FROM jobs r WHERE r.state = 'running' AND r.upload = j.upload), job_no LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await?)
}

pub(super) async fn hold(pool: &SqlitePool, job_no: i64, claim: &Claim) -> Result<bool> {
    hold_in(&mut *pool.acquire().await?, job_no, claim).await
}

/// Renews the lease of a worker; an error when it does not have the job any more.
pub(super) async fn hold_in(connection: &mut SqliteConnection, job_no: i64, claim: &Claim) -> Result<bool> {
    let is_cancelled: Option<bool> = sqlx::query_scalar(
        "UPDATE jobs SET lease_ms = ? WHERE job_no = ? AND worker = ? AND state = 'running' RETURNING cancel",
    )
    .bind(claim.until_ms)
    .bind(job_no)
    .bind(&claim.worker)
    .fetch_optional(&mut *connection)
    .await?;
    is_cancelled.ok_or(StoreError::JobLost)
}

pub(super) async fn finish(
    pool: &SqlitePool,
    workers: &Workers,
    job_no: i64,
    worker: &str,
    end: (JobState, Option<&str>, TimeMs),
) -> Result<ImportJob> {
    let (state, error, now_ms) = end;
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let ended = sqlx::query(
        "UPDATE jobs SET state = ?1, error = ?2, ended_ms = ?3, worker = NULL, lease_ms = 0, cancel = 0,
         done_bytes = CASE WHEN ?1 = 'done' THEN file_bytes ELSE done_bytes END
         WHERE job_no = ?4 AND worker = ?5 AND state = 'running'",
    )
    .bind(state.as_str())
    .bind(error)
    .bind((!state.is_open()).then_some(now_ms))
    .bind(job_no)
    .bind(worker)
    .execute(&mut *transaction)
    .await?;
    if ended.rows_affected() == 0 {
        return Err(StoreError::JobLost);
    }
    let job = one(&mut transaction, job_no, workers, now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

pub(super) async fn cancel(
    pool: &SqlitePool,
    workers: &Workers,
    job_no: i64,
    now_ms: TimeMs,
) -> Result<Option<ImportJob>> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let connection = &mut *transaction;
    let Some(before) = find(connection, job_no, workers, now_ms).await? else { return Ok(None) };
    let change = match before.state {
        JobState::Running => "UPDATE jobs SET cancel = 1 WHERE job_no = ?2",
        JobState::Queued | JobState::Interrupted => {
            "UPDATE jobs SET state = 'cancelled', ended_ms = ?1, worker = NULL, lease_ms = 0, cancel = 0 WHERE job_no = ?2"
        }
        JobState::Done | JobState::Failed | JobState::Cancelled => return Ok(Some(before)),
    };
    sqlx::query(change).bind(now_ms).bind(job_no).execute(&mut *connection).await?;
    let job = one(connection, job_no, workers, now_ms).await?;
    transaction.commit().await?;
    Ok(Some(job))
}

pub(super) async fn list(
    pool: &SqlitePool,
    workers: &Workers,
    which: JobQuery<'_>,
    now_ms: TimeMs,
) -> Result<Vec<ImportJob>> {
    let mut connection = pool.acquire().await?;
    select(&mut connection, (workers, now_ms), |query| {
        query.push("1");
        if let Some(job_no) = which.job_no {
            query.push(" AND j.job_no = ").push_bind(job_no);
        }
        if let Some(source_no) = which.source_no {
            query.push(" AND j.source_no = ").push_bind(source_no);
        }
        for (column, wanted) in
            [("j.file_name", which.file_name), ("j.fingerprint", which.fingerprint), ("j.upload", which.upload)]
        {
            if let Some(wanted) = wanted {
                query.push(" AND ").push(column).push(" = ").push_bind(wanted.to_owned());
            }
        }
        query.push(" ORDER BY j.job_no DESC LIMIT ").push_bind(which.limit);
    })
    .await
}

/// Jobs that a condition picks, as they are seen at this moment.
async fn select(
    connection: &mut SqliteConnection,
    seen: (&Workers, TimeMs),
    condition: impl FnOnce(&mut QueryBuilder<Sqlite>),
) -> Result<Vec<ImportJob>> {
    let mut query = QueryBuilder::<Sqlite>::new(SELECT_JOB);
    query.push(" WHERE ");
    condition(&mut query);
    let rows = query.build().fetch_all(&mut *connection).await?;
    rows.iter().map(|row| job(row, seen)).collect()
}

async fn one(connection: &mut SqliteConnection, job_no: i64, workers: &Workers, now_ms: TimeMs) -> Result<ImportJob> {
    find(connection, job_no, workers, now_ms).await?.ok_or(StoreError::Database(sqlx::Error::RowNotFound))
}

async fn find(
    connection: &mut SqliteConnection,
    job_no: i64,
    workers: &Workers,
    now_ms: TimeMs,
) -> Result<Option<ImportJob>> {
    let found = select(connection, (workers, now_ms), |query| {
        query.push("j.job_no = ").push_bind(job_no);
    })
    .await?;
    Ok(found.into_iter().next())
}

async fn insert(connection: &mut SqliteConnection, import: NewImport<'_>, state: JobState) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "INSERT INTO jobs (source_no, file_name, fingerprint, file_bytes, format, reading, upload, made_by, state, created_ms, started_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING job_no",
    )
    .bind(import.source_no)
    .bind(import.file_name)
    .bind(import.fingerprint)
    .bind(import.file_bytes.cast_signed())
    .bind(import.format)
    .bind(import.reading)
    .bind(import.upload)
    .bind(import.made_by)
    .bind(state.as_str())
    .bind(import.now_ms)
    .fetch_one(&mut *connection)
    .await?)
}

/// Hands a job to a worker.
async fn start(connection: &mut SqliteConnection, job_no: i64, claim: &Claim) -> Result<()> {
    sqlx::query(
        "UPDATE jobs SET state = 'running', worker = ?1, lease_ms = ?2, cancel = 0, error = NULL, ended_ms = NULL,
         started_ms = CASE started_ms WHEN 0 THEN ?3 ELSE started_ms END, run_started_ms = ?3, run_read = read WHERE job_no = ?4",
    )
    .bind(&claim.worker)
    .bind(claim.until_ms)
    .bind(claim.now_ms)
    .bind(job_no)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

fn job(row: &SqliteRow, (workers, now_ms): (&Workers, TimeMs)) -> Result<ImportJob> {
    let number = |column: usize| -> Result<u64> { Ok(row.try_get::<i64, _>(column)?.unsigned_abs()) };
    let job_no = row.try_get(0)?;
    let stored: JobState = row.try_get::<&str, _>(13)?.parse().map_err(|_| StoreError::Corrupt {
        table: "jobs",
        column: "state",
        row: job_no,
    })?;
    let (worker, lease_ms): (Option<&str>, i64) = (row.try_get(29)?, row.try_get(30)?);
    let is_held = lease_ms >= now_ms && worker.is_some_and(|worker| workers.is_alive(worker));
    let is_cancelled = row.try_get(28)?;
    let state = match stored {
        JobState::Running if !is_held && is_cancelled => JobState::Cancelled,
        JobState::Running if !is_held => JobState::Interrupted,
        stored => stored,
    };
    let started_ms: i64 = row.try_get(23)?;
    Ok(ImportJob {
        job_no,
        case_no: row.try_get(1)?,
        case: row.try_get(2)?,
        source_no: row.try_get(3)?,
        source: row.try_get(4)?,
        file_name: row.try_get(5)?,
        fingerprint: row.try_get(6)?,
        file_bytes: number(7)?,
        done_bytes: number(8)?,
        format: row.try_get(9)?,
        reading: row.try_get(10)?,
        upload: row.try_get(11)?,
        made_by: row.try_get(12)?,
        state,
        line: number(14)?,
        offset: number(15)?,
        counts: JobCounts {
            read: number(16)?,
            imported: number(17)?,
            duplicates: number(18)?,
            rejected: number(19)?,
            notices: number(20)?,
            mentions: number(21)?,
        },
        created_ms: row.try_get(22)?,
        started_ms: (started_ms != 0).then_some(started_ms),
        run_started_ms: row.try_get(24)?,
        run_read: number(25)?,
        ended_ms: row.try_get(26)?,
        error: row.try_get(27)?,
        is_cancelled,
    })
}
