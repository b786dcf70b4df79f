//! Made-up databases in known layouts and others.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use model::Message;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

use crate::{FieldMap, Format, Item, Options, Reader, open};

fn database(path: &Path, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

fn read(sql: &str, map: &str) -> Vec<Item> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    database(&path, sql);
    let options = Options { map: FieldMap::parse(map).unwrap(), ..Options::default() };
    let reader = open(&path, &options).unwrap();
    assert_eq!(reader.description().format, Format::Sqlite);
    let items: Vec<Item> = reader.map(Result::unwrap).collect();
    for taken in 0..=items.len() {
        let mut first = open(&path, &options).unwrap();
        let mut carried: Vec<Item> = first.by_ref().take(taken).map(Result::unwrap).collect();
        let resumed = Options { resume: Some(Reader::position(&first)), ..options.clone() };
        carried.extend(open(&path, &resumed).unwrap().map(Result::unwrap));
        assert_eq!(carried, items, "after {taken}");
    }
    items
}

fn messages(items: &[Item]) -> Vec<(&str, &str, &str)> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Message(Message { conversation, sender, text, .. }) => {
                Some((conversation.as_str(), sender.as_str(), text.as_str()))
            }
            Item::Rejected(_) => None,
        })
        .collect()
}

#[test]
fn signal_desktop_is_known() {
    let items = read(
        "CREATE TABLE conversations (id TEXT PRIMARY KEY, type TEXT, name TEXT, profileFullName TEXT, e164 TEXT, serviceId TEXT);
         CREATE TABLE messages (rowid INTEGER PRIMARY KEY, id TEXT, conversationId TEXT, sent_at INTEGER, body TEXT, type TEXT, sourceServiceId TEXT);
         INSERT INTO conversations VALUES ('c1', 'group', 'Loods', NULL, NULL, NULL), ('c2', 'private', NULL, 'Piet', '+31600000001', 's2');
         INSERT INTO messages VALUES (1, 'm1', 'c1', 1590614100000, 'busje in kerkenveld', 'incoming', 's2'),
           (2, 'm2', 'c1', 1590614101000, 'ok', 'outgoing', NULL), (3, 'm3', 'c2', 1590614102000, NULL, 'incoming', 's9');",
        "",
    );
    assert_eq!(messages(&items), [("Loods", "Piet", "busje in kerkenveld"), ("Loods", "(self)", "ok")]);
    assert!(matches!(&items[2], Item::Rejected(piece) if piece.code == "no_text" && piece.line == 3));
}

#[test]
fn whatsapp_on_android_is_known_with_its_locations() {
    let items = read(
        "CREATE TABLE jid (_id INTEGER PRIMARY KEY, raw_string TEXT);
         CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT);
         CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER, timestamp INTEGER, text_data TEXT);
         CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, latitude REAL, longitude REAL, place_name TEXT);
         INSERT INTO jid VALUES (1, 'g@g.us'), (2, '31600000001@s.whatsapp.net');
         INSERT INTO chat VALUES (1, 1, 'Loods'), (2, 2, NULL);
         INSERT INTO message VALUES (1, 1, 0, 'k1', 2, 1590614100000, 'busje'), (2, 2, 0, 'k2', 0, 1590614101000, NULL), (3, 2, 1, 'k3', 0, 1590614102000, 'ja');
         INSERT INTO message_location VALUES (2, 52.7, 6.5, 'Loods');",
        "",
    );
    let number = "31600000001@s.whatsapp.net";
    assert_eq!(messages(&items), [("Loods", number, "busje"), (number, number, ""), (number, "(self)", "ja")]);
    let Item::Message(pin) = &items[1] else { panic!("no message") };
    assert_eq!(pin.location.as_ref().map(|shared| format!("{:?}", shared.point.lon)).as_deref(), Some("6.5"));
}

const LAVA: &str = "CREATE TABLE sms (message_timestamp INTEGER, message TEXT, chat_contact_id TEXT, sender TEXT);
     CREATE TABLE safari (timestamp INTEGER, url TEXT, title TEXT);
     CREATE TABLE telegram_messages (timestamp INTEGER, sender_name TEXT, text BLOB) ;
     CREATE VIEW valstrik AS SELECT * FROM sms;
     INSERT INTO sms VALUES (1590614100, 'busje', '+316', 'Piet'), (1590614101, NULL, '+316', 'Piet');
     INSERT INTO telegram_messages VALUES (1590614102, 'Klaas', 'twee'), ('geen tijd', 'Klaas', x'FF');";

#[test]
fn tables_that_look_like_chats_are_read_one_after_another_or_as_mapped() {
    let items = read(LAVA, "");
    assert_eq!(messages(&items), [("Piet", "Piet", "busje"), ("Klaas", "Klaas", "twee")]);
    assert_eq!(items.len(), 4);
    let items = read(LAVA, "text=sms.message,time=sms.message_timestamp,conversation=sms.chat_contact_id");
    assert_eq!(messages(&items), [("+316", "Piet", "busje")]);
}

#[test]
fn a_database_without_messages_or_with_damage_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    database(&path, "CREATE TABLE t (a, b)");
    let error = open(&path, &Options::default()).unwrap_err().to_string();
    assert!(error.contains("without messages"), "{error}");
    let long = "INSERT INTO sms SELECT 1590614100, 'bericht ' || hex(zeroblob(200)), 'x', 'Piet' FROM sms, sms, sms, sms, sms, sms, sms;";
    let path = folder.path().join("y.db");
    database(&path, &format!("{LAVA}{long}"));
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(length / 2)).unwrap();
    file.write_all(&vec![0xFF; (length / 4) as usize]).unwrap();
    let items: Vec<Item> = open(&path, &Options::default()).unwrap().map(Result::unwrap).collect();
    assert!(items.iter().any(|item| matches!(item, Item::Rejected(piece) if piece.code == "damaged_database")));
}

#[test]
fn the_latest_messages_are_read_from_the_log_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(LAVA).execute(&mut connection).await.unwrap();
        let before: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        let content = std::fs::read(&path).unwrap();
        let items: Vec<Item> = open(&path, &Options::default()).unwrap().map(Result::unwrap).collect();
        assert_eq!(messages(&items).len(), 2);
        let after: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!((before, content), (after, std::fs::read(&path).unwrap()));
        connection.close().await.unwrap();
    });
}
