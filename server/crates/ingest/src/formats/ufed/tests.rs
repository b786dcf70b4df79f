//! A made-up report.

use std::io::Write;

use model::{Message, Rejected};

use crate::{Format, Item, Options, open};

fn read(content: &str) -> (Vec<Message>, Vec<Rejected>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    let reader = open(file.path(), &Options::default()).unwrap();
    assert_eq!(reader.description().format, Format::Ufed);
    let (mut messages, mut rejected) = (Vec::new(), Vec::new());
    for item in reader {
        match item.unwrap() {
            Item::Message(message) => messages.push(message),
            Item::Rejected(piece) => rejected.push(piece),
        }
    }
    (messages, rejected)
}

fn report(decoded: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<project id=\"p\" name=\"verzonnen\" \
         xmlns=\"http://pa.cellebrite.com/report/2.0\"><metadata section=\"x\"/><decodedData>{decoded}</decodedData></project>"
    )
}

fn field(name: &str, value: &str) -> String {
    format!("<field name=\"{name}\" type=\"String\">\n<value type=\"String\"><![CDATA[{value}]]></value></field>")
}

fn party(number: &str, name: &str) -> String {
    format!("<model type=\"Party\" id=\"{number}\">{}{}</model>", field("Identifier", number), field("Name", name))
}

fn message(id: &str, from: &str, time: &str, body: &str, more: &str) -> String {
    format!(
        "<model type=\"InstantMessage\" id=\"{id}\" deleted_state=\"Intact\">{}<modelField name=\"From\" type=\"Party\">{}\
         </modelField><field name=\"TimeStamp\" type=\"TimeStamp\">{time}</field>{}{more}</model>",
        field("Identifier", id),
        party(from, "iemand"),
        field("Body", body)
    )
}

const AT: &str =
    "<value type=\"TimeStamp\" formattedTimestamp=\"2020-05-27T23:15:00+02:00\">27/05/2020 21:15:00(UTC+0)</value>";

#[test]
fn chats_with_their_messages_and_positions_are_read() {
    let position = format!(
        "<modelField name=\"Position\" type=\"Coordinate\"><model type=\"Coordinate\" id=\"c\">{}{}{}</model></modelField>",
        field("Longitude", "6.5"),
        field("Latitude", "52.7"),
        field("PositionAddress", "Loods")
    );
    let quoted = format!("<modelField name=\"Quoted\">{}</modelField>", message("q", "3", AT, "aangehaald", ""));
    let chat = format!(
        "<modelType type=\"Chat\"><model type=\"Chat\" id=\"k\">{}{}<multiModelField name=\"Participants\" type=\"Party\">{}{}\
         </multiModelField><multiModelField name=\"Messages\" type=\"InstantMessage\">{}{}{}</multiModelField>{}</model></modelType>",
        field("Source", "WhatsApp"),
        field("Name", ""),
        party("31600000002", "b"),
        party("31600000001", "a"),
        message("1", "31600000001", AT, "busje &amp; zo\nin kerkenveld", &quoted),
        message("2", "31600000002", "<value>27/05/2020 23:16:00(UTC+2)</value>", "", &position),
        message("3", "System Message", AT, "iemand is toegevoegd", ""),
        field("LastActivity", "x")
    );
    let sms = format!(
        "<modelType type=\"InstantMessage\">{}</modelType><modelType type=\"Contact\"><model type=\"Contact\">{}</model></modelType>",
        message("4", "31600000003", AT, "los bericht", ""),
        field("Name", "x")
    );
    let (messages, rejected) = read(&report(&(chat + &sms)));
    let shown: Vec<_> = messages
        .iter()
        .map(|m| (m.external_id.as_deref().unwrap(), m.conversation.as_str(), m.sender.as_str(), m.text.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("1", "31600000001, 31600000002", "31600000001", "busje &amp; zo\nin kerkenveld"),
            ("2", "31600000001, 31600000002", "31600000002", ""),
            ("4", "31600000003", "31600000003", "los bericht"),
        ]
    );
    assert_eq!(messages[0].sent_at_ms, 1_590_614_100_000);
    assert_eq!(messages[1].sent_at_ms, 1_590_614_160_000);
    let location = messages[1].location.as_ref().unwrap();
    assert_eq!((location.point.lon, location.point.lat, location.label.as_deref()), (6.5, 52.7, Some("Loods")));
    assert_eq!(rejected.iter().map(|piece| piece.code).collect::<Vec<_>>(), ["system_notice"]);
}

#[test]
fn a_report_that_breaks_off_gives_what_was_before_and_the_reason() {
    let whole = report(&message("1", "a", AT, "een", ""));
    let (messages, rejected) =
        read(&whole.replace("</decodedData></project>", "<model type=\"InstantMessage\"><field"));
    assert_eq!((messages.len(), rejected[0].code), (1, "broken_xml"));
    let entity = whole.replace("<project", "<!DOCTYPE x [<!ENTITY a \"b\">]><project");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(entity.as_bytes()).unwrap();
    assert!(open(file.path(), &Options::default()).is_err());
}
