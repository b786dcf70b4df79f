//! Who is alive: each worker of this process holds an advisory lock on a connection of its own, and the server lets go of it when
//! the connection ends, however it ends. So a killed import is known at once, without waiting for its lease to run out.

use std::collections::HashSet;

use sqlx::{PgConnection, PgPool};
use tokio::sync::Mutex;

use crate::Result;

/// Whether the worker of a job is there, in SQL: the lock of its name is held.
pub(super) const IS_ALIVE: &str =
    "EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(j.worker, 0))";

/// The workers of this process.
#[derive(Default)]
pub(super) struct Workers(Mutex<Own>);

#[derive(Default)]
struct Own {
    /// Taken out of the pool: it lives as long as this process, and does nothing else.
    connection: Option<PgConnection>,
    announced: HashSet<String>,
}

impl Workers {
    /// Makes a worker of this process known, and all others again when the connection was lost.
    pub(super) async fn announce(&self, pool: &PgPool, worker: &str) -> Result<()> {
        let own = &mut *self.0.lock().await;
        let is_new = own.announced.insert(worker.to_owned());
        if let Some(connection) = &mut own.connection
            && let Ok(()) = lock(connection, is_new.then_some(worker)).await
        {
            return Ok(());
        }
        let mut connection = pool.acquire().await?.detach();
        for worker in &own.announced {
            lock(&mut connection, Some(worker)).await?;
        }
        own.connection = Some(connection);
        Ok(())
    }
}

/// Takes the lock of a worker; without one, sees that the connection is there.
async fn lock(connection: &mut PgConnection, worker: Option<&str>) -> Result<()> {
    match worker {
        Some(worker) => {
            sqlx::query("SELECT pg_advisory_lock_shared(hashtextextended($1, 0))")
                .bind(worker)
                .execute(connection)
                .await?
        }
        None => sqlx::query("SELECT 1").execute(connection).await?,
    };
    Ok(())
}
