//! `speurkaart hotspots --format … --out FILE` and `speurkaart export verify`.

use std::path::Path;

use tests::{command, speurkaart, stdout};

/// A data directory with so many synthetic messages, and a case and source name that no log may hold.
fn imported(messages: u64) -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("gesprekken.jsonl");
    let text = stdout(&speurkaart(data.path(), &["synth", "--messages", &messages.to_string()]));
    std::fs::write(&file, text).unwrap();
    stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap(), "--case", "geheim"]));
    data
}

fn export(data: &Path, format: &str, out: &Path) -> std::process::Output {
    let out = out.to_str().unwrap();
    speurkaart(data, &["hotspots", "--region", "Drenthe", "--case", "geheim", "--format", format, "--out", out])
}

#[test]
fn a_pack_is_written_verified_and_found_out_when_it_is_changed() {
    let data = imported(3000);
    let file = data.path().join("pack.zip");
    let made = export(data.path(), "pack", &file);
    stdout(&made);
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(said.contains("exported") && said.contains("SHA-256 of the manifest"), "{said}");
    assert!(!said.contains("geheim") && !said.contains("Drenthe"), "the log names what was filtered: {said}");

    let verified = stdout(&speurkaart(data.path(), &["export", "verify", file.to_str().unwrap()]));
    assert!(verified.contains("agrees: messages.jsonl") && verified.contains("agrees: report.pdf"), "{verified}");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    let mut manifest = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("manifest.json").unwrap(), &mut manifest).unwrap();
    assert!(manifest.contains("\"case\": \"geheim\""), "{manifest}");
    let mut messages = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("messages.jsonl").unwrap(), &mut messages).unwrap();
    assert!(messages.lines().next().unwrap().contains("gesprekken.jsonl"), "the file of the source is not said");

    // A byte in the middle of the archive.
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x20;
    std::fs::write(&file, bytes).unwrap();
    let refused = speurkaart(data.path(), &["export", "verify", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let refused = String::from_utf8_lossy(&refused.stdout).into_owned() + &String::from_utf8_lossy(&refused.stderr);
    assert!(refused.contains("DIFFERS") || refused.contains("could not be"), "{refused}");
}

#[test]
fn every_form_goes_to_a_file_that_nobody_else_can_read() {
    let data = imported(1500);
    for format in ["csv", "xlsx", "geojson", "kml", "kmz", "gpx", "gpkg", "html", "pdf"] {
        let file = data.path().join(format!("list.{format}"));
        stdout(&export(data.path(), format, &file));
        assert!(std::fs::metadata(&file).unwrap().len() > 500, "{format} is empty");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{format} is open to others");
        }
    }
    for format in ["csv", "geojson"] {
        let file = data.path().join(format!("list.{format}"));
        stdout(&speurkaart(data.path(), &["export", "verify", file.to_str().unwrap()]));
    }
    let nowhere = export(data.path(), "pdf", &data.path().join("no/such/folder/list.pdf"));
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("cannot be written"));
}

#[test]
fn a_file_that_is_no_export_is_refused_with_a_reason() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("other.csv");
    std::fs::write(&file, "a,b\n1,2\n").unwrap();
    let refused = speurkaart(data.path(), &["export", "verify", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no export of a hotspot list"));
}

/// Two hundred thousand messages go through a pack in memory that a whole list of them would not fit.
#[cfg(target_os = "linux")]
#[test]
fn a_pack_of_two_hundred_thousand_messages_stays_small_in_memory() {
    const MESSAGES: usize = 200_000;
    /// Beyond what the list alone takes: the page caches of the store's four readers (64 MiB each; the list itself comes from the
    /// snapshot of the index and fills none), and little for the packing itself. The messages twice over, as rows and as JSON, are
    /// more than that.
    const MORE_KB: u64 = (4 * 64 + 80) * 1024;
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("many.csv");
    let mut text = String::from("text,time,sender,conversation\n");
    for at in 0..MESSAGES {
        use std::fmt::Write as _;
        let (day, hour, minute) = (at % 28 + 1, at / 28 % 24, at / 700 % 60);
        let filler = "en dan nog wat woorden die nergens over gaan ".repeat(28);
        let _ = writeln!(
            text,
            "nummer {at} staat in Kerkenveld {filler},2020-06-{day:02}T{hour:02}:{minute:02}:00Z,s{},g{}",
            at % 5000,
            at % 900
        );
    }
    std::fs::write(&file, text).unwrap();
    stdout(&speurkaart(data.path(), &["import", file.to_str().unwrap()]));
    let alone = peak_kb(data.path(), &["hotspots", "--format", "json"]);
    let pack = data.path().join("pack.zip");
    let packing = peak_kb(data.path(), &["hotspots", "--format", "pack", "--out", pack.to_str().unwrap()]);
    assert!(packing < alone + MORE_KB, "packing took {packing} kB, the list alone {alone} kB");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&pack).unwrap()).unwrap();
    let manifest: serde_json::Value = serde_json::from_reader(zip.by_name("manifest.json").unwrap()).unwrap();
    assert_eq!(manifest["counts"]["messages"], MESSAGES);
    let bytes =
        manifest["files"].as_array().unwrap().iter().find(|file| file["name"] == "messages.jsonl").unwrap()["bytes"]
            .as_u64();
    assert!(bytes.unwrap() > MORE_KB * 1024, "the messages are too few to show anything: {bytes:?} bytes");
    stdout(&speurkaart(data.path(), &["export", "verify", pack.to_str().unwrap()]));
}

/// The most memory that a run of the binary ever had, as the kernel tells it of a process that has not ended yet.
#[cfg(target_os = "linux")]
fn peak_kb(data: &Path, arguments: &[&str]) -> u64 {
    let mut child = command(data)
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let now = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = now.and_then(|kb| kb.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return peak;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}
