//! Messages as JSON Lines and CSV.

use std::io::{self, Write};

use jiff::Timestamp;
use model::Message;
use serde::Serialize;

/// The first line of a CSV file, without its newline.
pub const CSV_HEADER: &str = "id,conversation,sender,time,text,synthetic";

#[derive(Serialize)]
struct Line<'a> {
    id: Option<&'a str>,
    conversation: &'a str,
    sender: &'a str,
    time: Timestamp,
    text: &'a str,
    /// Says on every line that this is no evidence.
    synthetic: bool,
}

/// Writes a message as one line of JSON.
///
/// # Errors
/// What the writer says.
pub fn write_jsonl(message: &Message, out: &mut impl Write) -> io::Result<()> {
    let line = Line {
        id: message.external_id.as_deref(),
        conversation: &message.conversation,
        sender: &message.sender,
        time: time(message)?,
        text: &message.text,
        synthetic: true,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

/// Writes a message as one record of CSV, under [`CSV_HEADER`].
///
/// # Errors
/// What the writer says.
pub fn write_csv(message: &Message, out: &mut impl Write) -> io::Result<()> {
    let id = message.external_id.as_deref().unwrap_or_default();
    for field in [id, &message.conversation, &message.sender] {
        write_field(field, out)?;
        out.write_all(b",")?;
    }
    write!(out, "{},", time(message)?)?;
    write_field(&message.text, out)?;
    out.write_all(b",true\n")
}

fn time(message: &Message) -> io::Result<Timestamp> {
    Timestamp::from_millisecond(message.sent_at_ms).map_err(io::Error::other)
}

/// Quotes a field where RFC 4180 asks for it.
fn write_field(field: &str, out: &mut impl Write) -> io::Result<()> {
    if !field.contains(['"', ',', '\n', '\r']) {
        return out.write_all(field.as_bytes());
    }
    write!(out, "\"{}\"", field.replace('"', "\"\""))
}
