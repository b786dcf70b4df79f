//! Files of messages in every format, written from the same synthetic chats. Every so many messages one cannot be read.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use model::Message;

/// A kind of file: how it is called, how it is written, and what has to be said when it is imported.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    file_name: &'static str,
    write: fn(&Path, &[Said]),
    packing: Packing,
    pub(crate) arguments: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Packing {
    Plain,
    Gzip,
    Zstd,
    Zip,
}

/// Every format, and some of them packed.
pub(crate) const KINDS: [Kind; 20] = [
    kind("csv", "chat.csv", csv),
    kind("jsonl", "chat.jsonl", |path, said| lines(path, said, json_object)),
    kind("json", "chat.json", |path, said| list(path, said, "[", "]", json_object)),
    kind("whatsapp", "WhatsApp-chat met Loods.txt", |path, said| lines(path, said, whatsapp)),
    kind("telegram", "result.json", |path, said| list(path, said, TELEGRAM, "]}", telegram)),
    kind("ufed", "report.xml", ufed),
    kind("axiom", "export.xml", axiom),
    kind("hansken", "traces.jsonl", |path, said| lines(path, said, hansken)),
    kind("case", "bundle.json", |path, said| list(path, said, CASE, "]}", case)),
    kind("mail", "postbus.mbox", |path, said| lines(path, said, mail)),
    kind("sqlite", "chat.db", sqlite),
    kind("xlsx", "chat.xlsx", xlsx),
    kind("parquet", "chat.parquet", parquet),
    Kind {
        arguments: &["--format", "text", "--time", "2020-05-01"],
        ..kind("text", "regels.txt", |path, said| lines(path, said, text))
    },
    kind("csv, gzip", "chat.csv", csv).packed(Packing::Gzip),
    kind("jsonl, zstd", "chat.jsonl", |path, said| lines(path, said, json_object)).packed(Packing::Zstd),
    kind("ufed, zip", "report.xml", ufed).packed(Packing::Zip),
    kind("sqlite, gzip", "chat.db", sqlite).packed(Packing::Gzip),
    kind("xlsx, zip", "chat.xlsx", xlsx).packed(Packing::Zip),
    kind("telegram, zip", "result.json", |path, said| list(path, said, TELEGRAM, "]}", telegram)).packed(Packing::Zip),
];

const fn kind(name: &'static str, file_name: &'static str, write: fn(&Path, &[Said])) -> Kind {
    Kind { name, file_name, write, packing: Packing::Plain, arguments: &[] }
}

impl Kind {
    const fn packed(self, packing: Packing) -> Self {
        Self { packing, ..self }
    }

    /// Writes these messages into a folder; what to import.
    pub(crate) fn write(&self, folder: &Path, said: &[Said]) -> PathBuf {
        let plain = folder.join(self.file_name);
        (self.write)(&plain, said);
        let packed = |ending: &str| folder.join(format!("{}.{ending}", self.file_name));
        match self.packing {
            Packing::Plain => plain,
            Packing::Gzip => {
                let mut out =
                    flate2::write::GzEncoder::new(File::create(packed("gz")).unwrap(), flate2::Compression::fast());
                std::io::copy(&mut File::open(&plain).unwrap(), &mut out).unwrap();
                out.finish().unwrap();
                packed("gz")
            }
            Packing::Zstd => {
                zstd::stream::copy_encode(File::open(&plain).unwrap(), File::create(packed("zst")).unwrap(), 1)
                    .unwrap();
                packed("zst")
            }
            Packing::Zip => {
                let mut out = zip::ZipWriter::new(File::create(packed("zip")).unwrap());
                out.start_file(self.file_name, zip::write::SimpleFileOptions::default()).unwrap();
                std::io::copy(&mut File::open(&plain).unwrap(), &mut out).unwrap();
                out.finish().unwrap();
                packed("zip")
            }
        }
    }
}

/// A message to be written, or one that is to be written so that it cannot be read.
pub(crate) struct Said {
    number: usize,
    message: Message,
    is_broken: bool,
}

/// One of so many cannot be read.
const BROKEN: usize = 101;

pub(crate) fn said(messages: u64) -> Vec<Said> {
    let config = synth::Config { messages, seed: 7, ..synth::Config::default() };
    let all = synth::generate(&config).enumerate();
    all.map(|(number, said)| Said { number, message: said.message, is_broken: number % BROKEN == 50 }).collect()
}

impl Said {
    fn time(&self) -> String {
        let at = i64::from(u8::from(self.is_broken));
        if at == 1 { "lang geleden".to_owned() } else { rfc3339(self.message.sent_at_ms) }
    }

    fn seconds(&self) -> i64 {
        self.message.sent_at_ms.div_euclid(1000)
    }
}

/// Days to a date (H. Hinnant, "chrono-compatible low-level date algorithms").
fn civil(sent_at_ms: i64) -> [i64; 6] {
    let (day, second) = (sent_at_ms.div_euclid(86_400_000) + 719_468, sent_at_ms.rem_euclid(86_400_000) / 1000);
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    [year + era * 400 + i64::from(month <= 2), month, day, second / 3600, second / 60 % 60, second % 60]
}

fn rfc3339(sent_at_ms: i64) -> String {
    let [year, month, day, hour, minute, second] = civil(sent_at_ms);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn out(path: &Path) -> BufWriter<File> {
    BufWriter::new(File::create(path).unwrap())
}

/// A piece of text a message.
fn lines(path: &Path, said: &[Said], piece: fn(&Said) -> String) {
    list(path, said, "", "", |said| format!("{}\n", piece(said)));
}

/// The same within brackets, parted by commas where there are any.
fn list(path: &Path, said: &[Said], head: &str, tail: &str, piece: impl Fn(&Said) -> String) {
    let mut out = out(path);
    out.write_all(head.as_bytes()).unwrap();
    for said in said {
        let comma = if said.number > 0 && !head.is_empty() { ",\n" } else { "" };
        write!(out, "{comma}{}", piece(said)).unwrap();
    }
    out.write_all(tail.as_bytes()).unwrap();
    out.flush().unwrap();
}

fn csv(path: &Path, said: &[Said]) {
    let mut out = ::csv::Writer::from_path(path).unwrap();
    out.write_record(["id", "tijd", "afzender", "gesprek", "bericht"]).unwrap();
    for said in said {
        let message = &said.message;
        out.write_record([
            &said.number.to_string(),
            &said.time(),
            &message.sender,
            &message.conversation,
            &message.text,
        ])
        .unwrap();
    }
    out.flush().unwrap();
}

fn json_object(said: &Said) -> String {
    let Message { sender, conversation, text, .. } = &said.message;
    serde_json::json!({ "id": said.number, "time": said.time(), "sender": sender, "conversation": conversation, "text": text }).to_string()
}

fn whatsapp(said: &Said) -> String {
    let [year, month, day, hour, minute, _] = civil(said.message.sent_at_ms);
    let head = format!("{day:02}-{month:02}-{year} {hour:02}:{minute:02} - ");
    if said.is_broken {
        format!("{head}Piet is toegevoegd")
    } else {
        format!("{head}{}: {}", said.message.sender, said.message.text)
    }
}

const TELEGRAM: &str = r#"{"name":"Loods","type":"private_group","id":7,"messages":["#;

fn telegram(said: &Said) -> String {
    let date = if said.is_broken { "lang geleden".to_owned() } else { said.seconds().to_string() };
    let Message { sender, text, .. } = &said.message;
    serde_json::json!({ "id": said.number, "type": "message", "date_unixtime": date, "from": sender, "text": text })
        .to_string()
}

/// Messages of one chat in the report.
const CHAT: usize = 50;

fn ufed(path: &Path, said: &[Said]) {
    let mut out = out(path);
    out.write_all(b"<?xml version=\"1.0\" encoding=\"utf-8\"?><project xmlns=\"http://pa.cellebrite.com/report/2.0\"><decodedData>").unwrap();
    let field = |name: &str, value: &str| format!("<field name=\"{name}\"><value>{}</value></field>", escaped(value));
    for chat in said.chunks(CHAT) {
        write!(
            out,
            "<model type=\"Chat\">{}<multiModelField name=\"Messages\">",
            field("Name", &chat[0].message.conversation)
        )
        .unwrap();
        for said in chat {
            let from = field("Identifier", &said.message.sender);
            let from = format!("<modelField name=\"From\"><model type=\"Party\">{from}</model></modelField>");
            let (time, body) = (field("TimeStamp", &said.time()), field("Body", &said.message.text));
            writeln!(out, "<model type=\"InstantMessage\">{from}{time}{body}</model>").unwrap();
        }
        out.write_all(b"</multiModelField></model>\n").unwrap();
    }
    out.write_all(b"</decodedData></project>").unwrap();
    out.flush().unwrap();
}

fn axiom(path: &Path, said: &[Said]) {
    let mut out = out(path);
    out.write_all(b"<?xml version=\"1.0\"?><AxiomExport><Artifact name=\"WhatsApp Messages\"><Hits>\n").unwrap();
    for said in said {
        let part = |name: &str, value: &str| format!("<Fragment name=\"{name}\">{}</Fragment>", escaped(value));
        let [year, month, day, hour, minute, second] = civil(said.message.sent_at_ms);
        let time = format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02}:{second:02}");
        let time = if said.is_broken { "lang geleden" } else { &time };
        let time = part("Message Sent Date/Time - UTC+00:00 (dd/MM/yyyy)", time);
        let (from, to, text) =
            (part("Sender", &said.message.sender), part("Recipient(s)", "b"), part("Message", &said.message.text));
        writeln!(out, "<Hit sequenceNumber=\"{}\">{from}{to}{text}{time}</Hit>", said.number).unwrap();
    }
    out.write_all(b"</Hits></Artifact></AxiomExport>").unwrap();
    out.flush().unwrap();
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn hansken(said: &Said) -> String {
    let Message { sender, conversation, text, .. } = &said.message;
    let message =
        serde_json::json!({ "from": sender, "sessionId": conversation, "message": text, "sentOn": said.time() });
    serde_json::json!({ "uid": format!("0-{}", said.number), "chatMessage": message }).to_string()
}

const CASE: &str =
    r#"{"@context":{"uco-observable":"https://ontology.unifiedcyberontology.org/uco/observable/"},"@graph":["#;

fn case(said: &Said) -> String {
    let Message { sender, text, .. } = &said.message;
    let facet = serde_json::json!({
        "@type": "uco-observable:MessageFacet", "uco-observable:messageText": text,
        "uco-observable:from": { "@id": sender }, "uco-observable:sentTime": { "@value": said.time() },
    });
    serde_json::json!({ "@id": format!("m{}", said.number), "uco-core:hasFacet": [facet] }).to_string()
}

fn mail(said: &Said) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let [year, month, day, hour, minute, second] = civil(said.message.sent_at_ms);
    let date = format!("{day} {} {year} {hour:02}:{minute:02}:{second:02} +0000", MONTHS[month as usize - 1]);
    let mut mail = String::from("From a@example.org Wed May 27 21:15:00 2020\n");
    let from = said.message.sender.replace([' ', '.'], "_");
    let date = if said.is_broken { "lang geleden" } else { &date };
    let kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit";
    write!(
        mail,
        "From: {from}@example.org\nTo: b@example.org\nDate: {date}\nSubject: x\n{kind}\n\n{}\n",
        said.message.text
    )
    .unwrap();
    mail
}

fn text(said: &Said) -> String {
    let broken = if said.is_broken { "\0" } else { "" };
    format!("{broken}{}", said.message.text)
}

fn sqlite(path: &Path, said: &[Said]) {
    use sqlx::Connection as _;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut database = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let table = "CREATE TABLE chat (timestamp INTEGER, sender TEXT, chat TEXT, text TEXT)";
        sqlx::query(table).execute(&mut database).await.unwrap();
        for chunk in said.chunks(500) {
            let mut insert = sqlx::QueryBuilder::<sqlx::Sqlite>::new("INSERT INTO chat ");
            insert.push_values(chunk, |mut row, said| {
                let time = (!said.is_broken).then_some(said.message.sent_at_ms);
                row.push_bind(time)
                    .push_bind(&said.message.sender)
                    .push_bind(&said.message.conversation)
                    .push_bind(&said.message.text);
            });
            insert.build().execute(&mut database).await.unwrap();
        }
        database.close().await.unwrap();
    });
}

fn xlsx(path: &Path, said: &[Said]) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, ["tijd", "afzender", "gesprek", "bericht"]).unwrap();
    for (row, said) in (1..).zip(said) {
        let Message { sender, conversation, text, .. } = &said.message;
        sheet.write_row(row, 0, [&said.time(), sender, conversation, text]).unwrap();
    }
    workbook.save(path).unwrap();
}

fn parquet(path: &Path, said: &[Said]) {
    use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use ::parquet::file::writer::SerializedFileWriter;
    let schema = "message m { REQUIRED INT64 timestamp (TIMESTAMP(MILLIS,true)); REQUIRED BYTE_ARRAY sender (UTF8);
        REQUIRED BYTE_ARRAY chat (UTF8); REQUIRED BYTE_ARRAY text (UTF8); }";
    let schema = std::sync::Arc::new(::parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut out = SerializedFileWriter::new(File::create(path).unwrap(), schema, std::sync::Arc::default()).unwrap();
    for chunk in said.chunks(3_000) {
        let mut group = out.next_row_group().unwrap();
        let times: Vec<i64> = chunk.iter().map(|said| said.message.sent_at_ms).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&times, None, None).unwrap();
        column.close().unwrap();
        let of: [fn(&Said) -> &str; 3] = [
            |said| &said.message.sender,
            |said| &said.message.conversation,
            |said| if said.is_broken { "" } else { &said.message.text },
        ];
        for of in of {
            let values: Vec<ByteArray> = chunk.iter().map(|said| ByteArray::from(of(said))).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    out.close().unwrap();
}
