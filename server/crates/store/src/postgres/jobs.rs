//! The list of import jobs: put on it, taken from it, held, stopped, ended.

use model::TimeMs;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, QueryBuilder, Row};

use super::nul;
use super::read::small;
use super::workers::{IS_ALIVE, Workers};
use crate::{Claim, ImportJob, JobCounts, JobQuery, JobState, NewImport, Result, StoreError};

const COLUMNS: &str = "j.job_no, o.case_no, k.name, j.source_no, o.name, j.file_name, j.fingerprint, j.file_bytes, \
     j.done_bytes, j.format, j.reading, j.upload, j.made_by, j.state, j.line, j.byte_offset, j.read, j.imported, j.duplicates, \
     j.rejected, j.notices, j.mentions, j.created_ms, j.started_ms, j.run_started_ms, j.run_read, j.ended_ms, j.error, j.cancel";

pub(super) async fn begin(pool: &PgPool, workers: &Workers, import: NewImport<'_>, claim: &Claim) -> Result<ImportJob> {
    workers.announce(pool, &claim.worker).await?;
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    look_alone(connection).await?;
    let unfinished = select(connection, claim.now_ms, |query| {
        query.push("j.upload IS NULL AND j.state <> 'done' AND j.source_no = ").push_bind(i32::from(import.source_no));
        query.push(" AND j.fingerprint = ").push_bind(import.fingerprint.to_owned());
        query.push(" AND j.file_name = ").push_bind(nul::stored(import.file_name).into_owned());
        query.push(" ORDER BY j.job_no DESC");
    })
    .await?;
    let free = unfinished.iter().find(|job| job.state != JobState::Running);
    let job_no = match free {
        Some(job) => job.job_no,
        None => insert(connection, import, JobState::Queued).await?,
    };
    start(connection, job_no, claim).await?;
    let job = one(connection, job_no, claim.now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

pub(super) async fn grow(
    pool: &PgPool,
    workers: &Workers,
    job_no: i64,
    import: NewImport<'_>,
    claim: &Claim,
) -> Result<Option<ImportJob>> {
    workers.announce(pool, &claim.worker).await?;
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    look_alone(connection).await?;
    let before = one(connection, job_no, claim.now_ms).await?;
    if before.state == JobState::Running {
        return Ok(None);
    }
    sqlx::query("UPDATE jobs SET fingerprint = $1, file_bytes = $2 WHERE job_no = $3")
        .bind(import.fingerprint)
        .bind(import.file_bytes.cast_signed())
        .bind(job_no)
        .execute(&mut *connection)
        .await?;
    start(connection, job_no, claim).await?;
    let job = one(connection, job_no, claim.now_ms).await?;
    transaction.commit().await?;
    Ok(Some(job))
}

pub(super) async fn standing(pool: &PgPool, import: NewImport<'_>) -> Result<ImportJob> {
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    look_alone(connection).await?;
    let there: Option<i64> =
        sqlx::query_scalar("SELECT job_no FROM jobs WHERE source_no = $1 AND fingerprint = $2 AND file_name = $3")
            .bind(i32::from(import.source_no))
            .bind(import.fingerprint)
            .bind(nul::stored(import.file_name))
            .fetch_optional(&mut *connection)
            .await?;
    let job_no = match there {
        Some(job_no) => job_no,
        None => insert(connection, import, JobState::Done).await?,
    };
    let job = one(connection, job_no, import.now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

pub(super) async fn queue(pool: &PgPool, import: NewImport<'_>) -> Result<ImportJob> {
    let mut transaction = pool.begin().await?;
    let job_no = insert(&mut transaction, import, JobState::Queued).await?;
    let job = one(&mut transaction, job_no, import.now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

/// Of workers that ask at once, each gets another job, of another upload where there is one.
pub(super) async fn take(pool: &PgPool, workers: &Workers, claim: &Claim, listed: bool) -> Result<Option<ImportJob>> {
    workers.announce(pool, &claim.worker).await?;
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    // One after the other, so that each sees which uploads the others work at.
    look_alone(connection).await?;
    // The table says that they run; their worker is gone. Told to stop, they have stopped.
    let left = format!(
        "SELECT job_no FROM jobs j WHERE state = 'running' AND (upload LIKE 'path:%') = $2 AND NOT cancel AND NOT (lease_ms >= $1 AND {IS_ALIVE})
         ORDER BY job_no LIMIT 1 FOR UPDATE SKIP LOCKED"
    );
    let left: Option<i64> = sqlx::query_scalar(AssertSqlSafe(left))
        .bind(claim.now_ms)
        .bind(listed)
        .fetch_optional(&mut *connection)
        .await?;
    let next = match left {
        Some(job_no) => Some(job_no),
        None => {
            sqlx::query_scalar(
                "SELECT job_no FROM jobs j WHERE state IN ('queued', 'interrupted') AND (upload LIKE 'path:%') = $1
                 ORDER BY state = 'queued', (SELECT count(*) FROM jobs r WHERE r.state = 'running' AND r.upload = j.upload), job_no
                 LIMIT 1 FOR UPDATE SKIP LOCKED",
            )
            .bind(listed)
            .fetch_optional(&mut *connection)
            .await?
        }
    };
    let Some(job_no) = next else { return Ok(None) };
    start(connection, job_no, claim).await?;
    let job = one(connection, job_no, claim.now_ms).await?;
    transaction.commit().await?;
    Ok(Some(job))
}

pub(super) async fn hold(pool: &PgPool, workers: &Workers, job_no: i64, claim: &Claim) -> Result<bool> {
    workers.announce(pool, &claim.worker).await?;
    hold_in(&mut *pool.acquire().await?, job_no, claim).await
}

/// Renews the lease of a worker; an error when it does not have the job any more.
pub(super) async fn hold_in(connection: &mut PgConnection, job_no: i64, claim: &Claim) -> Result<bool> {
    let is_cancelled: Option<bool> = sqlx::query_scalar(
        "UPDATE jobs SET lease_ms = $1 WHERE job_no = $2 AND worker = $3 AND state = 'running' RETURNING cancel",
    )
    .bind(claim.until_ms)
    .bind(job_no)
    .bind(&claim.worker)
    .fetch_optional(connection)
    .await?;
    is_cancelled.ok_or(StoreError::JobLost)
}

pub(super) async fn finish(
    pool: &PgPool,
    job_no: i64,
    worker: &str,
    (state, error, now_ms): (JobState, Option<&str>, TimeMs),
) -> Result<ImportJob> {
    let mut transaction = pool.begin().await?;
    let ended = sqlx::query(
        "UPDATE jobs SET state = $1, error = $2, ended_ms = $3, worker = NULL, lease_ms = 0, cancel = false,
         done_bytes = CASE WHEN $1 = 'done' THEN file_bytes ELSE done_bytes END
         WHERE job_no = $4 AND worker = $5 AND state = 'running'",
    )
    .bind(state.as_str())
    .bind(error.map(nul::stored))
    .bind((!state.is_open()).then_some(now_ms))
    .bind(job_no)
    .bind(worker)
    .execute(&mut *transaction)
    .await?;
    if ended.rows_affected() == 0 {
        return Err(StoreError::JobLost);
    }
    let job = one(&mut transaction, job_no, now_ms).await?;
    transaction.commit().await?;
    Ok(job)
}

pub(super) async fn cancel(pool: &PgPool, job_no: i64, now_ms: TimeMs) -> Result<Option<ImportJob>> {
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    // Nobody takes it or ends it meanwhile.
    sqlx::query("SELECT job_no FROM jobs WHERE job_no = $1 FOR UPDATE").bind(job_no).execute(&mut *connection).await?;
    let Some(before) = find(connection, job_no, now_ms).await? else { return Ok(None) };
    match before.state {
        JobState::Running => {
            sqlx::query("UPDATE jobs SET cancel = true WHERE job_no = $1")
                .bind(job_no)
                .execute(&mut *connection)
                .await?;
        }
        JobState::Queued | JobState::Interrupted => {
            sqlx::query(
                "UPDATE jobs SET state = 'cancelled', ended_ms = $1, worker = NULL, lease_ms = 0, cancel = false WHERE job_no = $2",
            )
            .bind(now_ms)
            .bind(job_no)
            .execute(&mut *connection)
            .await?;
        }
        JobState::Done | JobState::Failed | JobState::Cancelled => return Ok(Some(before)),
    }
    let job = one(connection, job_no, now_ms).await?;
    transaction.commit().await?;
    Ok(Some(job))
}

pub(super) async fn list(pool: &PgPool, which: JobQuery<'_>, now_ms: TimeMs) -> Result<Vec<ImportJob>> {
    let mut connection = pool.acquire().await?;
    select(&mut connection, now_ms, |query| {
        query.push("true");
        if let Some(job_no) = which.job_no {
            query.push(" AND j.job_no = ").push_bind(job_no);
        }
        if let Some(source_no) = which.source_no {
            query.push(" AND j.source_no = ").push_bind(i32::from(source_no));
        }
        for (column, wanted) in
            [("j.file_name", which.file_name), ("j.fingerprint", which.fingerprint), ("j.upload", which.upload)]
        {
            if let Some(wanted) = wanted {
                query.push(" AND ").push(column).push(" = ").push_bind(nul::stored(wanted).into_owned());
            }
        }
        query.push(" ORDER BY j.job_no DESC LIMIT ").push_bind(i64::from(which.limit));
    })
    .await
}

/// Only one at a time decides whether a file has a job, and which job is next.
async fn look_alone(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('speurkaart jobs', 0))").execute(connection).await?;
    Ok(())
}

/// Jobs that a condition picks, as they are seen at this moment.
async fn select(
    connection: &mut PgConnection,
    now_ms: TimeMs,
    condition: impl FnOnce(&mut QueryBuilder<Postgres>),
) -> Result<Vec<ImportJob>> {
    let mut query = QueryBuilder::<Postgres>::new("SELECT ");
    query.push(COLUMNS).push(", CASE WHEN j.state = 'running' THEN j.lease_ms >= ").push_bind(now_ms);
    query.push(" AND ").push(IS_ALIVE).push(" ELSE false END");
    query.push(" FROM jobs j JOIN sources o USING (source_no) JOIN cases k USING (case_no) WHERE ");
    condition(&mut query);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(job).collect()
}

async fn one(connection: &mut PgConnection, job_no: i64, now_ms: TimeMs) -> Result<ImportJob> {
    find(connection, job_no, now_ms).await?.ok_or(StoreError::Database(sqlx::Error::RowNotFound))
}

async fn find(connection: &mut PgConnection, job_no: i64, now_ms: TimeMs) -> Result<Option<ImportJob>> {
    let found = select(connection, now_ms, |query| {
        query.push("j.job_no = ").push_bind(job_no);
    })
    .await?;
    Ok(found.into_iter().next())
}

async fn insert(connection: &mut PgConnection, import: NewImport<'_>, state: JobState) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "INSERT INTO jobs (source_no, file_name, fingerprint, file_bytes, format, reading, upload, made_by, state, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING job_no",
    )
    .bind(i32::from(import.source_no))
    .bind(nul::stored(import.file_name))
    .bind(import.fingerprint)
    .bind(import.file_bytes.cast_signed())
    .bind(import.format)
    .bind(nul::stored(import.reading))
    .bind(import.upload)
    .bind(import.made_by.map(nul::stored))
    .bind(state.as_str())
    .bind(import.now_ms)
    .fetch_one(connection)
    .await?)
}

/// Hands a job to a worker.
async fn start(connection: &mut PgConnection, job_no: i64, claim: &Claim) -> Result<()> {
    sqlx::query(
        "UPDATE jobs SET state = 'running', worker = $1, lease_ms = $2, cancel = false, error = NULL, ended_ms = NULL,
         started_ms = coalesce(started_ms, $3), run_started_ms = $3, run_read = read WHERE job_no = $4",
    )
    .bind(&claim.worker)
    .bind(claim.until_ms)
    .bind(claim.now_ms)
    .bind(job_no)
    .execute(connection)
    .await?;
    Ok(())
}

fn job(row: &PgRow) -> Result<ImportJob> {
    let number = |column: usize| -> Result<u64> { Ok(row.try_get::<i64, _>(column)?.unsigned_abs()) };
    let text = |column: usize| -> Result<String> { Ok(nul::read(row.try_get(column)?)) };
    let optional =
        |column: usize| -> Result<Option<String>> { Ok(row.try_get::<Option<String>, _>(column)?.map(nul::read)) };
    let job_no = row.try_get(0)?;
    let stored: JobState = row.try_get::<&str, _>(13)?.parse().map_err(|_| StoreError::Corrupt {
        table: "jobs",
        column: "state",
        row: job_no,
    })?;
    let (is_cancelled, is_held): (bool, bool) = (row.try_get(28)?, row.try_get(29)?);
    let state = match stored {
        JobState::Running if !is_held && is_cancelled => JobState::Cancelled,
        JobState::Running if !is_held => JobState::Interrupted,
        stored => stored,
    };
    Ok(ImportJob {
        job_no,
        case_no: small(row, 1)?,
        case: row.try_get(2)?,
        source_no: small(row, 3)?,
        source: row.try_get(4)?,
        file_name: text(5)?,
        fingerprint: row.try_get(6)?,
        file_bytes: number(7)?,
        done_bytes: number(8)?,
        format: row.try_get(9)?,
        reading: text(10)?,
        upload: row.try_get(11)?,
        made_by: optional(12)?,
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
        started_ms: row.try_get(23)?,
        run_started_ms: row.try_get(24)?,
        run_read: number(25)?,
        ended_ms: row.try_get(26)?,
        error: optional(27)?,
        is_cancelled,
    })
}
