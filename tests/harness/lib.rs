//! What the suites share: the built binary, a running server, a browser, a PostgreSQL cluster. Readiness is polled, never slept for.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a harness that cannot go on fails the test")]

mod browser;
mod postgres;
mod server;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub use browser::Browser;
pub use postgres::Postgres;
pub use server::Server;

/// The binary under test: `SPEURKAART_BIN`, or the one that cargo built beside the tests.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("SPEURKAART_BIN") {
        return PathBuf::from(path);
    }
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let path = folder.join("speurkaart");
    assert!(path.exists(), "{} is missing: run `cargo build -p speurkaart` first, as `make test` does", path.display());
    path
}

/// The binary on a data directory: with a database of its own where `SPEURKAART_TEST_DATABASE=postgres` has a suite run on
/// PostgreSQL.
pub fn command(data: &Path) -> Command {
    command_under(&[], data)
}

/// The same, started by another program that becomes it: `sh -c 'ulimit …; exec "$@"' sh`.
pub fn command_under(program: &[&str], data: &Path) -> Command {
    let binary = binary();
    let mut words = program.iter().map(OsStr::new).chain([binary.as_os_str()]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).arg("--data").arg(data).env_remove("SPEURKAART_DATABASE");
    if let Some(url) = database_of(data) {
        command.env("SPEURKAART_DATABASE", url);
    }
    command
}

/// The address of the database that belongs to a data directory, where the suite runs on PostgreSQL: it stands in a file there.
pub fn database_of(data: &Path) -> Option<String> {
    if std::env::var_os("SPEURKAART_TEST_DATABASE").is_none_or(|database| database != "postgres") {
        return None;
    }
    let cluster = Postgres::shared().expect("SPEURKAART_TEST_DATABASE=postgres needs PostgreSQL");
    let file = data.join("database-of-test");
    Some(std::fs::read_to_string(&file).unwrap_or_else(|_| {
        let url = cluster.fresh();
        // Where there is no directory, the program is to say so.
        let _ = std::fs::write(&file, &url);
        url
    }))
}

/// Runs a command of the binary on a data directory.
pub fn speurkaart(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().unwrap()
}

/// Standard output of a command that must succeed.
pub fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Test data beside the project that is never part of it. `None`, said loudly, when it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(path);
    if file.exists() {
        return Some(file);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: {path} is not there; this test proves nothing on this machine");
    None
}
