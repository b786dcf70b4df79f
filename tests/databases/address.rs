//! The address of the database: said in one place, shown nowhere.

use std::process::Command;

use tests::binary;

use crate::Shared;

const SECRET: &str = "geheim-wachtwoord";

#[test]
fn a_password_is_shown_by_no_command_and_no_error() {
    let data = tempfile::tempdir().unwrap();
    for url in [
        format!("postgres://u:{SECRET}@127.0.0.1:1/d"),
        format!("mysql://u:{SECRET}@h/d"),
        format!("postgres://u:{SECRET}@127.0.0.1:port/d"),
    ] {
        for arguments in [&["hotspots"][..], &["serve", "--listen", "127.0.0.1:0"], &["--help"], &["import", "--help"]]
        {
            let out = Command::new(binary())
                .env("SPEURKAART_LOG", "debug")
                .env("SPEURKAART_DATABASE", &url)
                .arg("--data")
                .arg(data.path())
                .args(arguments)
                .output()
                .unwrap();
            let said = [out.stdout, out.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
            assert!(!said.contains(SECRET), "{arguments:?}: {said}");
            assert_eq!(out.status.success(), arguments.contains(&"--help"), "{said}");
            if !out.status.success() {
                assert!(
                    said.contains("the database server cannot be reached") || said.contains("address of the database"),
                    "{said}"
                );
            }
        }
    }
}

#[test]
fn an_empty_address_is_none() {
    let here = Shared::sqlite();
    let file = here.synth("chat.jsonl", &["--messages", "10"]);
    let mut import = here.command(&["import", &file]);
    assert!(import.env("SPEURKAART_DATABASE", "").status().unwrap().success());
    assert!(here.data.path().join("speurkaart.sqlite").exists());
}

#[test]
fn messages_in_a_database_leave_no_store_in_the_directory() {
    let Some(shared) = Shared::postgres() else { return };
    let file = shared.synth("chat.jsonl", &["--messages", "10"]);
    shared.import(&[&file]);
    assert!(!shared.data.path().join("speurkaart.sqlite").exists());
}
