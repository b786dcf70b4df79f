//! Made-up messages.

use std::io::Write;

use model::{Message, Rejected};

use super::body::{own_words, without_answer_marks};
use crate::{Format, Item, Options, open};

fn read(content: &[u8]) -> (Vec<Message>, Vec<Rejected>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let reader = open(file.path(), &Options::default()).unwrap();
    assert_eq!(reader.description().format, Format::Mail);
    let (mut messages, mut rejected) = (Vec::new(), Vec::new());
    for item in reader {
        match item.unwrap() {
            Item::Message(message) => messages.push(message),
            Item::Rejected(piece) => rejected.push(piece),
        }
    }
    (messages, rejected)
}

const MIME: &str = "Received: x\r\nFrom: Nachtuil <Nachtuil@Example.org>\r\nTo: b@example.org\r\n\
    Date: Wed, 27 May 2020 23:15:00 +0200\r\nSubject: =?iso-8859-1?Q?Caf=E9_in_Emmen?=\r\nMessage-ID: <1@example.org>\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"g\"\r\n\r\n--g\r\n\
    Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    naar Co=EBvorden\r\n> wat eerder in Assen stond\r\n\r\n--g\r\nContent-Type: application/octet-stream\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--g--\r\n";

#[test]
fn a_message_with_parts_and_character_sets_is_read() {
    let (messages, rejected) = read(MIME.as_bytes());
    assert_eq!(rejected, []);
    let message = &messages[0];
    assert_eq!(message.text, "Café in Emmen\nnaar Coëvorden");
    assert_eq!((message.sender.as_str(), message.sent_at_ms), ("nachtuil@example.org", 1_590_614_100_000));
    assert_eq!(
        (message.conversation.as_str(), message.external_id.as_deref()),
        ("Café in Emmen", Some("1@example.org"))
    );
}

#[test]
fn an_mbox_is_read_message_by_message_and_answers_go_with_what_they_answer() {
    let answer = "From b@example.org Wed May 27 21:16:00 2020\nFrom: b@example.org\nTo: nachtuil@example.org\n\
        Date: Wed, 27 May 2020 21:16:00 +0000\nSubject: Re: Antw: Loods\n\nja hoor\n>From hier is het ver\n\nOp wo 27 mei 2020 om 23:15 \
        schreef Nachtuil\n<nachtuil@example.org>:\n> kom naar Emmen\n\n";
    let broken = "From c Thu\nSubject: x\nX-A: b\n\nzonder datum\n\n";
    let content = format!("{answer}{broken}{answer}");
    let (messages, rejected) = read(content.as_bytes());
    assert_eq!(messages.len(), 2);
    assert_eq!(
        (messages[0].text.as_str(), messages[0].conversation.as_str()),
        ("ja hoor\nFrom hier is het ver", "Loods")
    );
    assert_eq!((rejected.len(), rejected[0].code, rejected[0].offset), (1, "no_time", answer.len() as u64));
}

#[test]
fn own_words_end_where_the_earlier_message_begins() {
    for appended in ["On Wed, x\nwrote:\n> y", "-----Oorspronkelijk bericht-----\ny", "Van: a\nVerzonden: b\ny", "> y"]
    {
        assert_eq!(own_words(&format!("hoi\n\n{appended}")), "hoi", "{appended}");
    }
    assert_eq!(own_words("> alleen dit"), "> alleen dit");
    assert_eq!(without_answer_marks("RE: Fwd: antw: Loods"), "Loods");
    assert_eq!(without_answer_marks("Reünie"), "Reünie");
}
