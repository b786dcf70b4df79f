//! No room: a limit on the size of files, a full disk, a full folder for temporary files. The message says where and what to do, what
//! was stored stays, and the same command goes on once there is room.

use std::path::Path;
use std::process::{Command, Output};

use tests::{Server, binary, speurkaart, stdout};

use crate::stored::{assert_same, rows, standing};
use crate::written::{KINDS, said};

const MESSAGES: u64 = 20_000;

/// Says loudly that a drill is not possible here.
fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}; this test proves nothing on this machine");
}

/// Whether a file system can be mounted in a name space of our own, which ends with its process.
fn can_mount() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let mount = ["-rm", "mount", "-t", "tmpfs", "tmpfs", folder.path().to_str().unwrap()];
    Command::new("unshare").args(mount).output().is_ok_and(|output| output.status.success())
}

fn import_arguments<'a>(data: &'a Path, file: &'a Path) -> [&'a str; 6] {
    ["--data", data.to_str().unwrap(), "import", "--batch", "500", file.to_str().unwrap()]
}

fn clean(file: &Path) -> Vec<String> {
    let data = tempfile::tempdir().unwrap();
    assert!(Command::new(binary()).args(import_arguments(data.path(), file)).status().unwrap().success());
    rows(data.path())
}

/// The failure names the folder and says what to do.
fn assert_told(output: &Output, folder: &Path) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{:?} {stderr}", output.status);
    let folder = folder.to_str().unwrap();
    assert!(stderr.contains(folder) && stderr.contains("the same command goes on where it was"), "{stderr}");
}

#[test]
fn a_limit_on_the_size_of_files_is_told_and_the_next_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = KINDS[0].write(folder.path(), &said(MESSAGES));
    let clean = clean(&file);
    let data = folder.path().join("data");
    // In blocks of 512 or 1024 bytes, as the shell likes.
    let limited = Command::new("sh")
        .args(["-c", r#"ulimit -f 6000 && exec "$@""#, "sh"])
        .arg(binary())
        .args(import_arguments(&data, &file))
        .output()
        .unwrap();
    assert_told(&limited, &data);
    let stored = standing(&data).unwrap().messages;
    assert!(0 < stored && stored < MESSAGES as i64 - 1000, "{stored}");
    assert!(Command::new(binary()).args(import_arguments(&data, &file)).status().unwrap().success());
    assert_same(&clean, &rows(&data), "after a limit");
}

#[test]
fn a_full_disk_is_told_and_the_next_run_goes_on() {
    if !can_mount() {
        return skipped("no file system can be mounted");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = KINDS[1].write(folder.path(), &said(MESSAGES));
    let clean = clean(&file);
    let [small, out] = ["small", "out"].map(|name| folder.path().join(name));
    for folder in [&small, &out] {
        std::fs::create_dir(folder).unwrap();
    }
    // All within one name space: the disk lives as long as the shell.
    let script = r#"mount -t tmpfs -o size=5m tmpfs "$0" || exit 9
        "$@" 2>"$OUT/stderr"; echo $? >"$OUT/status"
        mount -o remount,size=100m "$0" || exit 9
        "$@" && cp "$0"/speurkaart.sqlite* "$OUT""#;
    let status = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .arg(&small)
        .arg(binary())
        .args(import_arguments(&small, &file))
        .env("OUT", &out)
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
    let stderr = std::fs::read_to_string(out.join("stderr")).unwrap();
    assert_eq!(std::fs::read_to_string(out.join("status")).unwrap().trim(), "1", "{stderr}");
    for words in ["the disk is full", small.to_str().unwrap(), "the same command goes on where it was"] {
        assert!(stderr.contains(words), "{stderr}");
    }
    assert_same(&clean, &rows(&out), "after a full disk");
}

/// What has to be unpacked to be read is not passed over for want of room.
#[test]
fn a_full_folder_for_temporary_files_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = ["sqlite, gzip", "xlsx, zip"].map(|name| KINDS.iter().find(|kind| kind.name == name).unwrap());
    for kind in kinds {
        let file = kind.write(folder.path(), &said(MESSAGES));
        let data = folder.path().join("data");
        let limited = Command::new("sh")
            .args(["-c", r#"ulimit -f 200 && exec "$@""#, "sh"])
            .arg(binary())
            .args(import_arguments(&data, &file))
            .env("TMPDIR", folder.path())
            .output()
            .unwrap();
        assert_told(&limited, folder.path());
        assert!(!data.exists(), "{}: looked at before anything is stored", kind.name);
    }
}

async fn ready(server: &Server) -> (u16, serde_json::Value) {
    let answer = server.stranger().get(format!("{}/health/ready", server.origin())).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Asks until the answer is as wanted.
async fn wait_until(server: &Server, wanted: impl Fn(u16, &serde_json::Value) -> bool) -> serde_json::Value {
    for _ in 0..1000 {
        let (status, health) = ready(server).await;
        if wanted(status, &health) {
            return health;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("health stays {:?}", ready(server).await);
}

#[tokio::test]
async fn a_server_that_cannot_write_is_degraded_until_it_can() {
    let directory = tempfile::tempdir().unwrap();
    stdout(&speurkaart(directory.path(), &["user", "link"]));
    let limited = ["sh", "-c", r#"ulimit -S -f 1000 && exec "$@""#, "sh"];
    let server = Server::start_under(&limited, directory, &["--low-space", "0"]);
    // Each question writes a little.
    let health = wait_until(&server, |status, _| status == 503).await;
    assert_eq!((&health["status"], &health["reasons"][0]), (&"degraded".into(), &"not_writable".into()));
    let lifted = Command::new("prlimit").args(["--pid", &server.id().to_string(), "--fsize=unlimited"]).status();
    if !lifted.is_ok_and(|status| status.success()) {
        return skipped("limits of another process cannot be lifted");
    }
    assert_eq!(wait_until(&server, |status, _| status == 200).await["status"], "ready");
}

#[tokio::test]
async fn a_server_with_little_room_is_degraded_and_still_answers() {
    let server = Server::start(&["--low-space", "1000000000000"]);
    let (status, health) = ready(&server).await;
    assert_eq!(
        (status, &health["status"], &health["reasons"]),
        (200, &"degraded".into(), &serde_json::json!(["low_space"]))
    );
}

#[tokio::test]
async fn a_server_on_a_full_disk_says_so_and_recovers() {
    if !can_mount() {
        return skipped("no file system can be mounted");
    }
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().to_str().unwrap().to_owned();
    let mounted = ["unshare", "-rm", "sh", "-c", r#"mount -t tmpfs -o size=12m tmpfs "$0" && exec "$@""#, &folder];
    let server = Server::start_under(&mounted, directory, &["--low-space", "2"]);
    assert_eq!(ready(&server).await.1["status"], "ready");
    let client = server.signed_in().await;
    let inside = format!("/proc/{}/root{folder}/ballast", server.id());
    let full = std::fs::write(&inside, vec![1; 16 << 20]);
    assert_eq!(full.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
    let health = wait_until(&server, |_, health| health["status"] == "degraded").await;
    assert!(health["reasons"].as_array().unwrap().contains(&"low_space".into()), "{health}");
    let answer = client.get(format!("{}/api/v1/activity", server.origin())).send().await.unwrap();
    assert_eq!(answer.status(), 200, "what is there is shown");
    std::fs::remove_file(&inside).unwrap();
    assert_eq!(wait_until(&server, |status, _| status == 200).await["status"], "ready");
}
