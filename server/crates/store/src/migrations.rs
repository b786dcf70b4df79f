//! Migrations of a backend, compiled in.
//!
//! By hand: `sqlx::migrate!` compiles both drivers, and SQLite itself, once more for the compiler, at every first build.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// The SQL files of these names (`0001_first`) in the folder `migrations` beside the caller.
macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        $crate::migrations::migrator(&[$(($name, include_str!(concat!("migrations/", $name, ".sql")))),*])
    };
}
pub(crate) use migrations;

/// What runs them, by names and texts.
///
/// # Panics
/// When a name does not begin with a number and an underscore.
pub(crate) fn migrator(files: &[(&'static str, &'static str)]) -> Migrator {
    let migration = |(name, sql): &(&'static str, &'static str)| {
        let parts = name.split_once('_').and_then(|(number, what)| Some((number.parse().ok()?, what)));
        let Some((version, what)) = parts else { panic!("{name} is no name of a migration") };
        Migration::new(version, what.replace('_', " ").into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(files.iter().map(migration).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn every_file_of_a_folder_is_compiled_in() {
        for (folder, migrator) in [("sqlite", &crate::sqlite::MIGRATIONS), ("postgres", &crate::postgres::MIGRATIONS)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder).join("migrations");
            let mut texts: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
                .collect();
            let mut known: Vec<&str> = migrator.iter().map(|migration| migration.sql.as_str()).collect();
            texts.sort_unstable();
            known.sort_unstable();
            assert_eq!(texts, known);
        }
    }
}
