//! The messages behind a list, as JSON Lines and as a table with a line a mention.

use std::io::Write;

use model::Mention;
use serde_json::{Value, json};

use super::PackedMessage;
use crate::csv::{BYTE_ORDER_MARK, harmless, writer};
use crate::error::ExportError;

/// How many went through.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    pub(super) messages: u64,
    pub(super) mentions: u64,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A JSON object a line: the message as the API gives it, with its files, and what the reasons mean.
pub(super) fn json_lines<E: Into<Failure>>(
    out: &mut dyn Write,
    messages: impl Iterator<Item = Result<PackedMessage, E>>,
) -> Result<Counted, ExportError> {
    let mut counted = Counted::default();
    let mut out = std::io::BufWriter::new(out);
    for packed in messages {
        let PackedMessage { message, files } = packed.map_err(|error| ExportError::Messages(error.into()))?;
        counted.messages += 1;
        counted.mentions += message.mentions.len() as u64;
        let mut object = serde_json::to_value(&message)?;
        if let Value::Object(fields) = &mut object {
            fields.insert("source_files".to_owned(), json!(files));
        }
        serde_json::to_writer(&mut out, &object)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(counted)
}

const COLUMNS: [&str; 20] = [
    "message",
    "sent_at",
    "case",
    "source",
    "sources",
    "source_files",
    "conversation",
    "sender",
    "text",
    "mention_start",
    "mention_end",
    "mention_text",
    "accepted",
    "confidence",
    "place_id",
    "place_name",
    "place_municipality",
    "reasons",
    "reasons_nl",
    "reasons_en",
];

/// A line a mention, with its message repeated: what a spreadsheet can filter.
pub(super) fn csv<E: Into<Failure>>(
    out: &mut dyn Write,
    messages: impl Iterator<Item = Result<PackedMessage, E>>,
) -> Result<(), ExportError> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = writer(out);
    writer.write_record(COLUMNS)?;
    for packed in messages {
        let PackedMessage { message, files } = packed.map_err(|error| ExportError::Messages(error.into()))?;
        let of_message = [
            message.id.to_string(),
            message.sent_at.clone(),
            message.case.clone(),
            message.source.clone(),
            message.sources.join(" | "),
            files.join(" | "),
            message.conversation.clone(),
            message.sender.clone(),
            message.text.clone(),
        ];
        for mention in &message.mentions {
            let cells = of_message.iter().cloned().chain(of_mention(&mention.mention));
            writer.write_record(cells.map(|cell| harmless(&cell).into_owned()))?;
        }
    }
    writer.flush()?;
    Ok(())
}

fn of_mention(mention: &Mention) -> [String; 11] {
    let told = |language: fn(model::api::Sentence) -> String| {
        mention.reasons.iter().map(|reason| language(model::explain(reason))).collect::<Vec<_>>().join(" ")
    };
    [
        mention.start.to_string(),
        mention.end.to_string(),
        mention.text.clone(),
        mention.accepted.to_string(),
        mention.confidence.to_string(),
        mention.place.id.clone(),
        mention.place.name.clone(),
        mention.place.municipality.clone().unwrap_or_default(),
        mention.reasons.join(" "),
        told(|sentence| sentence.nl),
        told(|sentence| sentence.en),
    ]
}
