//! Made-up chats as the two kinds of phone write them.

use std::io::Write;

use jiff::tz::TimeZone;
use model::{Message, Rejected};

use crate::{Format, Item, Options, open};

fn read(name: &str, content: &str) -> (Vec<Message>, Vec<Rejected>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::File::create(&path).unwrap().write_all(content.as_bytes()).unwrap();
    let options = Options { timezone: TimeZone::get("Europe/Amsterdam").unwrap(), ..Options::default() };
    let reader = open(&path, &options).unwrap();
    assert_eq!(reader.description().format, Format::WhatsApp);
    let (mut messages, mut rejected) = (Vec::new(), Vec::new());
    for item in reader {
        match item.unwrap() {
            Item::Message(message) => messages.push(message),
            Item::Rejected(piece) => rejected.push(piece),
        }
    }
    (messages, rejected)
}

/// Who, when (UTC), what.
fn shown(messages: &[Message]) -> Vec<(String, String, String)> {
    let at = |ms| jiff::Timestamp::from_millisecond(ms).unwrap().to_string();
    messages.iter().map(|m| (m.sender.clone(), at(m.sent_at_ms), m.text.clone())).collect()
}

fn expected(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
}

#[test]
fn a_dutch_android_chat_is_read() {
    let content = "27-08-2020 11:16 - Berichten en gesprekken worden end-to-end versleuteld.\n\
        27-08-2020 11:17 - Nachtuil 7: busje staat in kerkenveld\n\
        bij de loods\n\
        \n\
        13-09-2020 9:05 - +31 6 00000000: <Media weggelaten>\n\
        13-09-2020 09:06 - Nachtuil 7: locatie: https://maps.google.com/?q=52.69,6.43\n\
        13-09-2020 09:07 - Nachtuil 7 heeft het onderwerp gewijzigd van \"a: b\" naar \"c\"\n\
        13-09-2020, 09:08 - Nachtuil 7: Dit bericht is verwijderd\n";
    let (messages, rejected) = read("WhatsApp-chat met Loods.txt", content);
    assert_eq!(
        shown(&messages),
        expected(&[
            ("Nachtuil 7", "2020-08-27T09:17:00Z", "busje staat in kerkenveld\nbij de loods"),
            ("+31 6 00000000", "2020-09-13T07:05:00Z", "<Media weggelaten>"),
            ("Nachtuil 7", "2020-09-13T07:06:00Z", "locatie: https://maps.google.com/?q=52.69,6.43"),
            ("Nachtuil 7", "2020-09-13T07:08:00Z", "Dit bericht is verwijderd"),
        ])
    );
    assert!(messages.iter().all(|message| message.conversation == "Loods"));
    let codes: Vec<_> = rejected.iter().map(|piece| (piece.line, piece.code)).collect();
    assert_eq!(codes, [(1, "system_notice"), (7, "system_notice")]);
}

#[test]
fn an_ios_chat_with_its_marks_is_read() {
    let content = "\u{200E}[27-08-2020 11:17:33] Loods: \u{200E}Berichten zijn end-to-end versleuteld.\r\n\
        [27-08-2020 11:17:40] ~\u{202F}Piet: kom naar emmen\r\n\
        \u{200E}[28-08-2020 00:01:02] Piet: \u{200E}afbeelding weggelaten\r\n";
    let (messages, rejected) = read("_chat.txt", content);
    assert_eq!(
        shown(&messages),
        expected(&[
            ("Piet", "2020-08-27T09:17:40Z", "kom naar emmen"),
            ("Piet", "2020-08-27T22:01:02Z", "afbeelding weggelaten"),
        ])
    );
    assert_eq!(rejected.len(), 1);
}

#[test]
fn hours_of_twelve_short_years_and_the_american_order_are_understood() {
    let content =
        "8/27/20, 11:17\u{202F}PM - Piet: a\n8/28/20, 12:05\u{202F}AM - Piet: b\n9/1/20, 9:00 a.m. - Piet: c\n";
    let (messages, _) = read("WhatsApp Chat with Piet.txt", content);
    let at: Vec<_> = shown(&messages).into_iter().map(|(_, at, _)| at).collect();
    assert_eq!(at, ["2020-08-27T21:17:00Z", "2020-08-27T22:05:00Z", "2020-09-01T07:00:00Z"]);
    // Only the sequence tells: under the Dutch order these would go backwards.
    let content = "3/9/20, 11:17 - Piet: a\n4/9/20, 11:17 - Piet: b\n5/1/20, 11:17 - Piet: c\n";
    assert_eq!(shown(&read("x.txt", content).0)[2].1, "2020-05-01T09:17:00Z");
    let content = "03/09/2020, 11:17 - Piet: a\n04/09/2020, 11:17 - Piet: b\n";
    assert_eq!(shown(&read("x.txt", content).0)[1].1, "2020-09-04T09:17:00Z");
    let content = "2020/9/3, 11:17 - Piet: a\n[2020-09-04, 11:17:00] Piet: b\n";
    assert_eq!(shown(&read("x.txt", content).0)[1].1, "2020-09-04T09:17:00Z");
}

#[test]
fn lines_that_belong_to_nothing_are_kept_with_the_reason() {
    let content = "zomaar\n27-08-2020 11:17 - Piet: a\n99-08-2020 11:17 - Piet: b\n";
    let (messages, rejected) = read("x.txt", content);
    let codes: Vec<_> = rejected.iter().map(|piece| (piece.line, piece.code)).collect();
    assert_eq!((messages.len(), codes), (1, vec![(1, "no_time"), (3, "bad_time")]));
}
