//! A PostgreSQL cluster of the tests' own: made when the first test wants it, on a socket in a folder that only its owner can
//! enter, gone when the process ends.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

/// The oldest version that will do.
const OLDEST: u32 = 15;

/// A running cluster.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    /// Stops the cluster and removes its folder when its standard input ends, as it does however this process ends.
    _keeper: Mutex<Child>,
}

impl Postgres {
    /// The cluster of this process. `None`, said loudly, when PostgreSQL is not installed.
    ///
    /// # Panics
    /// In continuous integration (`CI=true`) without PostgreSQL: nothing must be skipped there.
    pub fn shared() -> Option<&'static Self> {
        static CLUSTER: OnceLock<Option<Postgres>> = OnceLock::new();
        CLUSTER.get_or_init(Self::start).as_ref()
    }

    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            let what = format!("PostgreSQL {OLDEST} or newer is not installed (Debian: apt-get install postgresql)");
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{what}; `make test` installs it");
            let _ = writeln!(std::io::stderr(), "SKIPPED: {what}; this test proves nothing of it on this machine");
            return None;
        };
        // Sockets have short names: not under a long TMPDIR.
        let folder = tempfile::Builder::new().prefix("spk-pg-").tempdir_in("/tmp").unwrap().keep();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        let data = folder.join("data");
        run(as_owner(&programs.join("initdb"))
            .args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "--pgdata"])
            .arg(&data));
        let settings = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n\
             max_connections = 200\nshared_buffers = 64MB\n",
            folder.display()
        );
        let file = data.join("postgresql.conf");
        std::fs::OpenOptions::new().append(true).open(file).unwrap().write_all(settings.as_bytes()).unwrap();
        run(as_owner(&programs.join("pg_ctl"))
            .args(["start", "-w", "-s", "-l"])
            .arg(folder.join("log"))
            .arg("-D")
            .arg(&data));
        let keeper = as_owner(Path::new("sh"))
            .args(["-c", "read -r _; \"$0\" stop -s -m immediate -D \"$1/data\"; rm -rf \"$1\""])
            .arg(programs.join("pg_ctl"))
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { programs, folder, _keeper: Mutex::new(keeper) })
    }

    /// The address of an empty database of its own.
    pub fn fresh(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.display())
    }

    /// What a statement answers, unaligned, a row a line.
    pub fn ask(&self, url: &str, statement: &str) -> String {
        let name = url.rsplit('/').find_map(|part| part.split('?').next().filter(|name| name.starts_with("test")));
        self.psql(name.unwrap(), statement)
    }

    fn psql(&self, database: &str, statement: &str) -> String {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"]);
        run(command.arg(&self.folder).args(["-c", statement]))
    }
}

/// Where `initdb` and the others are: Debian keeps them out of the path.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(version, folder)| *version >= OLDEST && folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
    })
}

/// PostgreSQL does not run as root.
fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).trim() == "0"
}

/// Standard output of a command that must succeed.
fn run(command: &mut Command) -> String {
    let out = command.stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}
