//! Whole files through the public door: formats, encodings, bad input, resuming.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use ingest::{Encoding, FieldMap, Format, IngestError, Item, Options, Position, Reader, open};
use jiff::tz::TimeZone;
use model::{Message, Rejected};
use tempfile::NamedTempFile;

/// 2020-05-27T21:15:00Z, which is 23:15 in Amsterdam.
const AT: i64 = 1_590_614_100_000;

fn file(content: impl AsRef<[u8]>) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content.as_ref()).unwrap();
    file
}

fn options() -> Options {
    Options { timezone: TimeZone::get("Europe/Amsterdam").unwrap(), ..Options::default() }
}

fn mapped(map: &str) -> Options {
    Options { map: FieldMap::parse(map).unwrap(), ..options() }
}

fn drain(reader: Reader) -> (Vec<Message>, Vec<Rejected>) {
    let (mut messages, mut rejected) = (Vec::new(), Vec::new());
    for item in reader {
        match item.unwrap() {
            Item::Message(message) => messages.push(message),
            Item::Rejected(piece) => rejected.push(piece),
        }
    }
    (messages, rejected)
}

fn read(content: impl AsRef<[u8]>, options: &Options) -> (Vec<Message>, Vec<Rejected>) {
    drain(open(file(content).path(), options).unwrap())
}

fn refused(content: impl AsRef<[u8]>, options: &Options) -> IngestError {
    match open(file(content).path(), options) {
        Ok(_) => panic!("the file was opened"),
        Err(error) => error,
    }
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.text.as_str()).collect()
}

fn rejections(rejected: &[Rejected]) -> Vec<(u64, &str)> {
    rejected.iter().map(|piece| (piece.line, piece.code)).collect()
}

fn shown(rejected: &[Rejected]) -> Vec<(u64, u64, &str, &str)> {
    rejected.iter().map(|piece| (piece.line, piece.offset, piece.code, piece.reason.as_str())).collect()
}

#[test]
fn the_same_message_comes_out_of_every_form() {
    let expected = Message {
        external_id: Some("7".into()),
        conversation: "loods".into(),
        sender: "nachtuil_7".into(),
        sent_at_ms: AT,
        text: "kom ff naar kerkenveld".into(),
        location: None,
    };
    let forms = [
        "id,conversation,sender,time,text\n7,loods,nachtuil_7,2020-05-27T21:15:00Z,kom ff naar kerkenveld\n",
        "bericht_id;gesprek;afzender;datum;tijd;bericht\r\n7;loods;nachtuil_7;27-05-2020;23:15;kom ff naar kerkenveld\r\n",
        "Inhoud\tVan\tGroep\tVerzonden\tGUID\nkom ff naar kerkenveld\tnachtuil_7\tloods\t27-05-2020 23:15:00\t7\n",
        "id|room|username|epoch|msg\n7|loods|nachtuil_7|1590614100|kom ff naar kerkenveld\n",
        "sep=;\n\"id\";\"chat\";\"naam\";\"tijdstip\";\"tekst\"\n7;loods;\"nachtuil_7\";\"27-05-2020, 23:15\";\"kom ff naar kerkenveld\"",
        "\u{FEFF}id,chat_id,from,timestamp,body\n7,loods,nachtuil_7,1590614100000,kom ff naar kerkenveld\n",
        r#"{"id":7,"conversation":"loods","sender":"nachtuil_7","time":"2020-05-27T23:15:00+02:00","text":"kom ff naar kerkenveld"}"#,
        r#"{"text":"kom ff naar kerkenveld","x":[{"text":1}],"chat":"loods","time":1590614100,"from":"nachtuil_7","message_id":"7"}"#,
        r#"{"datum":"27-05-2020","tijd":"23:15","bericht":"kom ff naar kerkenveld","groep":"loods","van":"nachtuil_7","guid":"7"}"#,
        r#"[{"datum":"27-05-2020","tijd":"23:15","bericht":"kom ff naar kerkenveld","groep":"loods","van":"nachtuil_7","guid":"7"}]"#,
        r#"{"total":1,"data":{"messages":[{"text":"kom ff naar kerkenveld","chat":"loods","time":1590614100,"from":"nachtuil_7","id":7}]}}"#,
    ];
    for form in forms {
        assert_eq!(read(form, &options()), (vec![expected.clone()], vec![]), "{form}");
    }
}

#[test]
fn without_conversations_a_sender_is_one() {
    let (messages, _) = read("time,from,text\n1590614100,nachtuil_7,a\n1590614101,,b\n", &options());
    let named: Vec<_> = messages.iter().map(|message| message.conversation.as_str()).collect();
    assert_eq!(named, ["nachtuil_7", ""]);
}

#[test]
fn columns_and_fields_named_by_hand_win() {
    let csv = "a,b,text\n2020-05-27T21:15:00Z,wel dit,niet dit\n";
    assert_eq!(texts(&read(csv, &mapped("text=b,time=a")).0), ["wel dit"]);
    let nested = r#"{"created_at":"Wed May 27 21:15:00 +0000 2020","full":{"body":"wel dit"},"text":"niet dit","user":{"screen_name":"nachtuil_7","id":3}}"#;
    let (messages, _) = read(nested, &mapped("text=full.body,sender=user.screen_name"));
    assert_eq!(
        (messages[0].text.as_str(), messages[0].sender.as_str(), messages[0].sent_at_ms),
        ("wel dit", "nachtuil_7", AT)
    );
    let dotted_name = r#"{"time":1590614100,"a.b":"wel dit"}"#;
    assert_eq!(texts(&read(dotted_name, &mapped("text=a.b")).0), ["wel dit"]);
    let without_header = "2020-05-27T21:15:00Z,pin 8842,wel dit\n2020-05-27T21:16:00Z,pin 8842,en dit\n";
    let (messages, rejected) = read(without_header, &mapped("time=1,sender=2,text=3"));
    assert_eq!((texts(&messages), rejected.len()), (vec!["wel dit", "en dit"], 0));
}

#[test]
fn a_name_that_is_not_there_is_an_error_that_lists_those_that_are() {
    let csv = refused("datum,bericht\n27-05-2020,x\n", &mapped("text=inhoud")).to_string();
    assert!(csv.contains("no column \"inhoud\"") && csv.contains("datum, bericht"), "{csv}");
    let jsonl = refused(r#"{"datum":1,"bericht":"x"}"#, &mapped("text=user.name")).to_string();
    assert!(jsonl.contains("no field \"user.name\"") && jsonl.contains("bericht, datum"), "{jsonl}");
}

#[test]
fn a_file_without_text_or_time_is_refused_with_a_way_out() {
    for (content, missing) in [
        ("datum,wat\n27-05-2020,x\n", "text"),
        ("wanneer,bericht\n27-05-2020,x\n", "time"),
        (r#"{"datum":1,"wat":"x"}"#, "text"),
        (r#"{"wanneer":1,"bericht":"x"}"#, "time"),
    ] {
        let error = refused(content, &options()).to_string();
        assert!(error.contains(&format!("--map {missing}=NAME")) && error.contains("wa"), "{error}");
    }
    let secret = refused("2020-05-27T21:15:00Z,geheim bericht\n", &options()).to_string();
    assert!(secret.contains("2 columns without names") && !secret.contains("geheim"), "{secret}");
}

#[test]
fn files_that_cannot_be_read_at_all_are_named() {
    let missing = Path::new("no such file.csv");
    assert!(matches!(open(missing, &options()), Err(IngestError::Open { path, .. }) if path == missing));
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(open(directory.path(), &options()), Err(IngestError::Directory(_))));
    assert!(matches!(refused("", &options()), IngestError::Empty(_)));
    assert!(matches!(refused("\u{FEFF}", &options()), IngestError::Empty(_)));
    assert!(matches!(refused("\r\n \n", &options()), IngestError::Empty(_)));
    for content in [&b"PK\x03\x04..."[..], b"\xFF\xD8\xFF\xE0...", b"%PDF-1.4 ...", b"<?xml version=\"1.0\"?>"] {
        assert!(matches!(refused(content, &options()), IngestError::Unsupported { .. }), "{content:?}");
    }
}

#[test]
fn broken_lines_are_rejected_and_their_neighbours_are_read() {
    let good = |text: &str| format!("{{\"time\":{},\"text\":\"{text}\"}}\n", AT / 1000);
    let mut content = Vec::new();
    let lines: [Vec<u8>; 12] = [
        good("een").into(),
        b"{\"time\":1590614100,\"text\":\"gehei\n".into(),
        b"{\"time\":1590614100,}\n".into(),
        b"[1,2]\n".into(),
        b"{\"time\":1590614100,\"text\":\"\xFF\xFE\"}\n".into(),
        b"\0\0\0\0\n".into(),
        b"{\"time\":1590614100,\"text\":\"geheim\\u0000\"}\n".into(),
        b"{\"time\":\"31-02-2020 12:00\",\"text\":\"geheim\"}\n".into(),
        b"{\"text\":\"geheim\"}\n".into(),
        b"{\"time\":1590614100,\"text\":\" \"}\r\n".into(),
        good("twee").into(),
        b"{\"time\":1590614100,\"text\":\"gehe".into(),
    ];
    let offsets: Vec<u64> = lines
        .iter()
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len() as u64;
            Some(start)
        })
        .collect();
    for line in &lines {
        content.extend_from_slice(line);
    }
    let (messages, rejected) = read(&content, &options());
    assert_eq!(texts(&messages), ["een", "twee"]);
    assert_eq!(
        rejections(&rejected),
        [
            (2, "broken_json"),
            (3, "broken_json"),
            (4, "broken_json"),
            (5, "not_utf8"),
            (6, "nul_byte"),
            (7, "nul_byte"),
            (8, "bad_time"),
            (9, "no_time"),
            (10, "no_text"),
            (12, "broken_json"),
        ]
    );
    for piece in &rejected {
        assert_eq!(piece.offset, offsets[piece.line as usize - 1], "line {}", piece.line);
        assert!(!piece.reason.contains("gehe"), "{}", piece.reason);
    }
    assert!(rejected.last().unwrap().reason.contains("cut off"));
}

#[test]
fn deeply_nested_json_neither_overflows_nor_stops_the_file() {
    let deep =
        format!("{{\"time\":1590614100,\"text\":\"ok\",\"x\":{}{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let deep_text = format!("{{\"time\":1590614100,\"text\":{}{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let content = format!(
        "{{\"time\":1590614100,\"text\":\"een\"}}\n{deep}{deep_text}{{\"time\":1590614100,\"text\":\"twee\"}}\n"
    );
    let (messages, rejected) = read(content, &options());
    assert_eq!(messages.len() + rejected.len(), 4);
    assert_eq!((texts(&messages)[0], *texts(&messages).last().unwrap()), ("een", "twee"));
}

/// A message of a number and a text, as JSON.
type Piece<'a> = &'a dyn Fn(u32, &str) -> String;

#[test]
fn nesting_without_end_costs_one_message_of_any_json() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let trace = |id: u32, text: &str| {
        format!(
            r#"{{"uid":"0-{id}","chatMessage":{{"from":"a","sessionId":"g","message":{text},"sentOn":"2020-05-27T21:15:00Z"}}}}"#
        )
    };
    let facet = |id: u32, text: &str| {
        format!(
            r#"{{"@id":"m{id}","uco-core:hasFacet":[{{"@type":"uco-observable:MessageFacet","uco-observable:messageText":{text},"uco-observable:from":{{"@id":"a"}},"uco-observable:sentTime":{{"@value":"2020-05-27T21:15:00Z"}}}}]}}"#
        )
    };
    let chat = |id: u32, text: &str| {
        format!(r#"{{"id":{id},"type":"message","date_unixtime":"1590614100","from":"a","text":{text}}}"#)
    };
    let array = |id: u32, text: &str| format!(r#"{{"n":{id},"time":1590614100,"text":{text}}}"#);
    let forms: [(&str, Piece<'_>, &str, &str); 4] = [
        ("Telegram", &chat, r#"{"name":"Loods","type":"private_group","id":7,"messages":["#, "]}"),
        (
            "CASE",
            &facet,
            r#"{"@context":{"uco-observable":"https://ontology.unifiedcyberontology.org/uco/observable/"},"@graph":["#,
            "]}",
        ),
        ("Hansken", &trace, r#"{"traces":["#, "]}"),
        ("an array", &array, "[", "]"),
    ];
    for (name, piece, head, tail) in forms {
        let content = format!("{head}{},{},{}{tail}", piece(1, "\"een\""), piece(2, &deep), piece(3, "\"twee\""));
        let (messages, rejected) = read(content, &options());
        assert_eq!((texts(&messages), rejected.len()), (vec!["een", "twee"], 1), "{name}: {:?}", rejections(&rejected));
        // Where only what nobody asks for is nested, nothing is lost.
        let beside = piece(2, "\"ook\"").replacen('{', &format!("{{\"x\":{deep},"), 1);
        let content = format!("{head}{},{beside},{}{tail}", piece(1, "\"een\""), piece(3, "\"twee\""));
        let (messages, rejected) = read(content, &options());
        assert_eq!(messages.len() + rejected.len(), 3, "{name}: {:?}", rejections(&rejected));
        assert_eq!((texts(&messages)[0], *texts(&messages).last().unwrap()), ("een", "twee"), "{name}");
    }
}

#[test]
fn csv_keeps_quoted_newlines_and_survives_stray_quotes() {
    let content = "time,text\r\n\
        1590614100,\"twee\r\nregels, en \"\"zo\"\"\"\r\n\
        1590614100,hij zei \"ja\" zei hij\r\n\
        1590614100,\"nooit dicht\r\n\
        1590614100,\"wel dicht\"\r\n\
        1590614100,\"half\" dicht\r\n\
        1590614100\r\n\
        1590614100,te,veel\r\n\
        \r\n\
        1590614100,goed\r\n\
        1590614100,\"weer open\r\n\
        1590614100,ook goed";
    let (messages, rejected) = read(content, &options());
    assert_eq!(
        texts(&messages),
        ["twee\r\nregels, en \"zo\"", "hij zei \"ja\" zei hij", "wel dicht", "half dicht", "goed", "ook goed"]
    );
    assert_eq!(
        rejections(&rejected),
        [(5, "unbalanced_quote"), (8, "columns"), (9, "columns"), (12, "unbalanced_quote")],
        "{:?}",
        shown(&rejected)
    );
    assert!(rejected[1].reason.contains("1 columns where the header has 2"), "{}", rejected[1].reason);
}

#[test]
fn a_last_line_that_is_cut_off_is_rejected_with_that_reason() {
    let (messages, rejected) = read("time,text\n1590614100,een\n15906", &options());
    assert_eq!((texts(&messages), rejections(&rejected)), (vec!["een"], vec![(3, "columns")]));
    assert!(rejected[0].reason.contains("cut off"), "{}", rejected[0].reason);
    let (_, rejected) = read("time,text\n1590614100,een\n1590614100,\"twe", &options());
    assert_eq!(rejections(&rejected), [(3, "unbalanced_quote")]);
}

#[test]
fn bytes_that_are_no_text_cost_their_own_line_of_a_csv_file() {
    let content = b"time,text\n1590614100,een\n1590614100,\xFF\xFE\n1590614100,t\0wee\n31-04-2020 12:00,drie\n,vier\n1590614100,\n1590614100,vijf\n";
    let (messages, rejected) = read(content, &options());
    assert_eq!(texts(&messages), ["een", "vijf"]);
    let expected = [(3, "not_utf8"), (4, "nul_byte"), (5, "bad_time"), (6, "no_time"), (7, "no_text")];
    assert_eq!(rejections(&rejected), expected);
}

#[test]
fn an_unclosed_quote_costs_one_line_of_a_large_file() {
    let mut content = Vec::from("time,text\n1590614100,\"open\n");
    for number in 0..50_000 {
        writeln!(content, "1590614100,bericht nummer {number} zonder aanhalingsteken").unwrap();
    }
    let (messages, rejected) = read(content, &options());
    assert_eq!((messages.len(), rejections(&rejected)), (50_000, vec![(2, "unbalanced_quote")]));
}

#[test]
fn a_line_far_too_long_is_rejected_with_little_of_it_kept() {
    for (head, before, after) in [
        ("time,text\n", "1590614100,", "\n1590614100,goed\n"),
        ("", "{\"time\":1590614100,\"text\":\"", "\"}\n{\"time\":1590614100,\"text\":\"goed\"}\n"),
    ] {
        let first = format!("{head}{before}eerst{}", &after[..=after.find('\n').unwrap()]);
        let content = format!("{first}{before}{}{after}", "x".repeat(50_000_000));
        let (messages, rejected) = read(content, &options());
        assert_eq!(texts(&messages), ["eerst", "goed"]);
        let line = if head.is_empty() { 2 } else { 3 };
        assert_eq!(rejections(&rejected), [(line, "line_too_long")]);
        assert_eq!(rejected[0].raw.len(), ingest::MAX_RAW_BYTES);
        assert_eq!(rejected[0].offset, first.len() as u64);
    }
}

#[test]
fn every_encoding_gives_the_same_messages() {
    let text = "tijd;bericht\r\n27-05-2020 23:15;één café in Coëvorden\r\n27-05-2020 23:15;€ 50 voor één\r\n";
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        let mut content = mark.to_vec();
        content.extend(text.encode_utf16().flat_map(bytes));
        content
    };
    let western: Vec<u8> =
        text.chars().map(|c| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() }).collect();
    for (content, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (utf16(b"\xFF\xFE", u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(b"\xFE\xFF", u16::to_be_bytes), Encoding::Utf16Be),
        (utf16(b"", u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(b"", u16::to_be_bytes), Encoding::Utf16Be),
        (western, Encoding::Windows1252),
    ] {
        let file = file(&content);
        let mut reader = open(file.path(), &options()).unwrap();
        assert_eq!(reader.description().encoding, encoding);
        let items: Vec<Item> = reader.by_ref().map(Result::unwrap).collect();
        let Item::Message(message) = &items[0] else { panic!("{encoding:?}") };
        assert_eq!((message.text.as_str(), message.sent_at_ms), ("één café in Coëvorden", AT));
        assert_eq!(reader.position(), Position { line: 4, offset: content.len() as u64 }, "{encoding:?}");
        assert_eq!(reader.total_bytes(), content.len() as u64);
    }
}

#[test]
fn reading_carries_on_exactly_where_it_stopped() {
    let csv = "datum,tijd,bericht\n27-05-2020,23:15,\"een\nen een half\"\n\n27-05-2020,23:15,\"kapot\n27-05-2020,23:15,twee\n27-05-2020,23:15,drie 😀\n27-05-2020,23:15,vier";
    let jsonl = "\u{FEFF}{\"time\":1590614100,\"text\":\"een\"}\n\nkapot\n{\"time\":1590614100,\"text\":\"twee 😀\"}\r\n{\"time\":1590614100,\"text\":\"drie\"}";
    let utf16: Vec<u8> = csv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let json = "{\"messages\":[{\"time\":1590614100,\"text\":\"een\"},\n {\"time\":\n1590614100,\"text\":\"twee 😀\"}, {\"time\":7},\n{\"time\":[}\n,{\"time\":1590614100,\"text\":\"vier\"}, {";
    for content in [csv.as_bytes(), jsonl.as_bytes(), json.as_bytes(), &utf16] {
        let file = file(content);
        let whole: Vec<Item> = open(file.path(), &options()).unwrap().map(Result::unwrap).collect();
        assert!(whole.len() >= 4);
        for taken in 0..=whole.len() {
            let mut first = open(file.path(), &options()).unwrap();
            let mut items: Vec<Item> = first.by_ref().take(taken).map(Result::unwrap).collect();
            let resumed = Options { resume: Some(first.position()), ..options() };
            items.extend(open(file.path(), &resumed).unwrap().map(Result::unwrap));
            assert_eq!(items, whole, "after {taken}");
        }
    }
    let beyond = Options { resume: Some(Position { line: 9, offset: 10_000 }), ..options() };
    assert!(matches!(refused(jsonl, &beyond), IngestError::ResumeBeyondEnd { .. }));
}

#[test]
fn the_description_says_how_a_file_is_read() {
    let file = file(
        "\u{FEFF}Datum;Tijd;Afzender;Bericht\n25-10-2020;02:30;ik;hoi\n29-03-2020;02:30;ik;hoi\n27-05-2020;;ik;hoi\n",
    );
    let mut reader = open(file.path(), &options()).unwrap();
    assert_eq!(reader.by_ref().filter(|item| matches!(item, Ok(Item::Message(_)))).count(), 3);
    assert_eq!(
        reader.description().to_string(),
        "csv, UTF-8, parted by ';', text=Bericht, time=Datum+Tijd, sender=Afzender, times in Europe/Amsterdam"
    );
    let description = reader.description();
    assert_eq!(
        (description.format, description.encoding, description.delimiter),
        (Format::Csv, Encoding::Utf8, Some(';'))
    );
    assert_eq!((description.has_header, description.timezone.as_str()), (Some(true), "Europe/Amsterdam"));
    assert_eq!(description.map, FieldMap::parse("time=Datum+Tijd,sender=Afzender,text=Bericht").unwrap());
    assert_eq!(*reader.notes(), ingest::Notes { ambiguous_times: 1, nonexistent_times: 1, dates_without_time: 1 });
}

#[test]
fn the_format_is_known_by_content_and_can_be_forced() {
    let csv = "time,text\n1590614100,{\n";
    assert_eq!(open(file(csv).path(), &options()).unwrap().description().format, Format::Csv);
    let garbage_first = "???\n{\"time\":1,\"text\":\"x\"}\n{\"time\":1,\"text\":\"x\"}\n";
    assert_eq!(open(file(garbage_first).path(), &options()).unwrap().description().format, Format::Jsonl);
    let forced = Options { format: Format::Csv, ..options() };
    assert!(matches!(refused(garbage_first, &forced), IngestError::NoColumn { .. }));
    assert_eq!("ndjson".parse(), Ok(Format::Jsonl));
    assert!("docx".parse::<Format>().is_err());
}

#[test]
fn the_fixtures_that_other_tests_share_are_read_as_their_names_say() {
    let cases = [
        ("chat.jsonl", Encoding::Utf8, 8, 0),
        ("chat-excel.csv", Encoding::Windows1252, 8, 0),
        ("chat-utf16.csv", Encoding::Utf16Le, 8, 0),
        ("broken.jsonl", Encoding::Utf8, 3, 5),
        ("broken.csv", Encoding::Utf8, 3, 4),
    ];
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/ingest");
    for (name, encoding, expected, expected_rejected) in cases {
        let reader = open(&folder.join(name), &options()).unwrap();
        assert_eq!(reader.description().encoding, encoding, "{name}");
        let (messages, rejected) = drain(reader);
        assert_eq!((messages.len(), rejected.len()), (expected, expected_rejected), "{name}: {:?}", shown(&rejected));
    }
}

/// Real tweets, where the checkout has them beside it.
#[test]
fn every_line_of_a_real_corpus_becomes_a_message() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpora/geotweets.jsonl");
    if !corpus.exists() {
        eprintln!("SKIPPED: there is no corpus at {}", corpus.display());
        return;
    }
    let (messages, rejected) = drain(open(&corpus, &options()).unwrap());
    assert_eq!((messages.len(), shown(&rejected)), (31_075, vec![]));
    assert!(messages.iter().all(|message| !message.sender.is_empty() && message.external_id.is_some()));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic_or_lose_its_place(
        head in proptest::sample::select(vec!["time,text\n", "{\"time\":1,\"text\":\"a\"}\n", ""]),
        body in proptest::collection::vec(proptest::sample::select(&b"\"\"\n\n\r,,;\t{}[]:\\ab01\0\xFF\xC3\xA9"[..]), 0..200),
    ) {
        let content = [head.as_bytes(), &body].concat();
        let file = file(&content);
        let small = Options { max_line_bytes: 40, ..options() };
        if let Ok(mut reader) = open(file.path(), &small) {
            let mut last = reader.position();
            while let Some(item) = reader.next() {
                proptest::prop_assert!(item.is_ok());
                proptest::prop_assert!(reader.position().offset > last.offset);
                last = reader.position();
            }
            let is_utf8 = reader.description().encoding == Encoding::Utf8;
            proptest::prop_assert!(!is_utf8 || reader.position().offset == content.len() as u64);
        }
    }

    #[test]
    fn what_is_written_as_csv_is_read_back(texts in proptest::collection::vec("[a-z \",\r\n;é😀]{0,30}", 1..20)) {
        let texts: Vec<String> = texts.into_iter().map(|text| format!("x{text}x")).collect();
        let mut content = Cursor::new(Vec::new());
        writeln!(content, "id,time,text").unwrap();
        for (id, text) in texts.iter().enumerate() {
            writeln!(content, "{id},1590614100,\"{}\"", text.replace('"', "\"\"")).unwrap();
        }
        let (messages, rejected) = read(content.into_inner(), &options());
        proptest::prop_assert_eq!(shown(&rejected), vec![]);
        proptest::prop_assert_eq!(messages.iter().map(|m| m.text.clone()).collect::<Vec<_>>(), texts);
    }
}
