//! Which backend: PostgreSQL where an address of it is given, SQLite in the data directory otherwise.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use crate::postgres::PgStore;
use crate::sqlite::{SqliteStore, make_private_directory};
use crate::{Result, Store, StoreError};

/// Address of a database. There may be a password in it: it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;

    /// Takes anything: what refuses an argument shows it, too. An address that makes no sense is told when it is opened.
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

impl DatabaseUrl {
    /// What is given where nothing is set: an empty variable of the environment is none.
    fn is_none(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Opens the store, and makes it when it is not there. The directory is made either way: what is no message stays in it.
///
/// # Errors
/// When the database or the directory cannot be used, or holds data of a newer version.
pub async fn open(database: Option<&DatabaseUrl>, directory: &Path) -> Result<Arc<dyn Store>> {
    Ok(match database.filter(|url| !url.is_none()) {
        Some(DatabaseUrl(url)) => {
            make_private_directory(directory).map_err(StoreError::Directory)?;
            Arc::new(PgStore::open(url.trim()).await?)
        }
        None => Arc::new(SqliteStore::open(directory).await?),
    })
}

/// The same without making anything that is not there.
///
/// # Errors
/// As [`open`].
pub async fn open_if_there(database: Option<&DatabaseUrl>, directory: &Path) -> Result<Option<Arc<dyn Store>>> {
    let is_there = match database.filter(|url| !url.is_none()) {
        Some(DatabaseUrl(url)) => PgStore::is_there(url.trim()).await?,
        None => SqliteStore::is_there(directory),
    };
    Ok(if is_there { Some(open(database, directory).await?) } else { None })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[tokio::test]
    async fn an_address_that_makes_no_sense_is_told_without_showing_it() {
        let directory = std::env::temp_dir();
        for address in ["mysql://u:geheim@h/d", "geheim", "postgres://u:geheim@h:port/d", "postgres://u:geheim@[::/d"] {
            let url: DatabaseUrl = address.parse().unwrap();
            let error = open(Some(&url), &directory.join("speurkaart-location")).await.err().unwrap();
            let told =
                format!("{error} {error:?} {url:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
            assert!(!told.contains("geheim"), "{told}");
        }
    }
}
