//! What a database is for, and what several processes do with one store: servers that see each other's data, workers that share a
//! list of files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod address;
mod servers;
mod workers;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tests::{Postgres, binary};

/// A store that several processes use.
struct Shared {
    data: tempfile::TempDir,
    database: Option<String>,
}

impl Shared {
    fn sqlite() -> Self {
        Self { data: tempfile::tempdir().unwrap(), database: None }
    }

    /// `None`, said loudly, where there is no PostgreSQL.
    fn postgres() -> Option<Self> {
        let database = Postgres::shared()?.fresh();
        Some(Self { data: tempfile::tempdir().unwrap(), database: Some(database) })
    }

    /// Each backend that can be tested here.
    fn each() -> impl Iterator<Item = Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.command_in(self.data.path(), arguments)
    }

    /// The same by a process with a data directory of its own, as on another machine; without a database there is only one.
    fn command_in(&self, data: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.env_remove("SPEURKAART_DATABASE").args(arguments).arg("--data");
        match &self.database {
            Some(url) => command.arg(data).args(["--database", url]),
            None => command.arg(self.data.path()),
        };
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The report of an import.
    fn import(&self, arguments: &[&str]) -> Value {
        let out = tests::stdout(&self.run(&[&["import", "--report", "json"], arguments].concat()));
        serde_json::from_str(out.lines().last().unwrap()).unwrap()
    }

    /// The ranked list without what says when: the same list means the same messages and mentions.
    fn hotspots(&self) -> String {
        let list = tests::stdout(&self.run(&["hotspots", "--format", "json", "--limit", "1000"]));
        list.lines().filter(|line| !line.contains("data_version")).collect::<Vec<_>>().join("\n")
    }

    /// Synthetic messages in a file.
    fn synth(&self, name: &str, arguments: &[&str]) -> String {
        let file = self.data.path().join(name);
        std::fs::write(&file, tests::stdout(&self.run(&[&["synth"], arguments].concat()))).unwrap();
        file.to_str().unwrap().to_owned()
    }
}
