//! How files would be read, before anything is stored: for `import --preview` and for uploads alike.

use std::collections::BTreeMap;

use ingest::{Description, IngestError, Item, Options};
use model::Message;
use model::imports::{FilePreview, PassedOver, Preview, PreviewLocation, PreviewMessage, RejectedExample};

use crate::choosing::{self, Choice, Chosen};
use crate::conversation::{Said, parse_in_context};
use crate::knowledge::Knowledge;
use crate::reading;
use crate::times::rfc3339;

/// Messages shown.
const SHOWN: usize = 10;
/// Items read to count what would be rejected.
const LOOKED_AT: usize = 10_000;

/// Reads the beginning of every file. With knowledge, the places in the messages shown are found, too.
///
/// # Errors
/// When a file that could be opened cannot be read.
pub(crate) fn preview(
    choice: &Choice,
    options: impl Fn(&str) -> Options,
    knowledge: Option<&Knowledge>,
) -> Result<Preview, IngestError> {
    let mut preview = Preview { files: Vec::new(), passed_over: Vec::new() };
    for chosen in &choice.chosen {
        preview.files.push(of_file(chosen, &options(&chosen.source_name), knowledge)?);
    }
    for passed in &choice.passed_over {
        match &passed.error {
            Some(IngestError::NoColumn { missing, present, .. }) => {
                preview.files.push(unreadable(passed, &options(""), present, Some(missing)));
            }
            Some(IngestError::UnknownColumn { present, .. }) => {
                preview.files.push(unreadable(passed, &options(""), present, None));
            }
            _ => preview
                .passed_over
                .push(PassedOver { file: passed.name.display().to_string(), reason: passed.reason.clone() }),
        }
    }
    Ok(preview)
}

fn of_file(chosen: &Chosen, options: &Options, knowledge: Option<&Knowledge>) -> Result<FilePreview, IngestError> {
    let mut reader = ingest::open_source(&chosen.source, options)?;
    let (mut first, mut messages, mut is_whole) = (Vec::new(), 0, false);
    let mut rejected: BTreeMap<&'static str, RejectedExample> = BTreeMap::new();
    for _ in 0..LOOKED_AT {
        match reader.next().transpose()? {
            Some(Item::Message(message)) => {
                messages += 1;
                if first.len() < SHOWN {
                    first.push(message);
                }
            }
            Some(Item::Rejected(piece)) => {
                let example = rejected.entry(piece.code).or_insert_with(|| RejectedExample {
                    line: chosen.description.format.is_text().then_some(piece.line),
                    offset: piece.offset,
                    reason_code: piece.code.to_owned(),
                    reason: piece.reason,
                    count: 0,
                });
                example.count += 1;
            }
            None => {
                is_whole = true;
                break;
            }
        }
    }
    let notes = reader.notes();
    let all_rejected: u64 = rejected.values().map(|example| example.count).sum();
    Ok(FilePreview {
        messages: shown(first, knowledge),
        read: messages + all_rejected,
        rejected: all_rejected,
        notices: rejected.get(ingest::SYSTEM_NOTICE).map_or(0, |notices| notices.count),
        rejected_examples: rejected.into_values().collect(),
        whole_file: is_whole,
        ambiguous_times: notes.ambiguous_times,
        nonexistent_times: notes.nonexistent_times,
        dates_without_time: notes.dates_without_time,
        ..described(chosen, options)
    })
}

/// What is known of a file before its first message.
fn described(chosen: &Chosen, options: &Options) -> FilePreview {
    let Description { format, encoding, delimiter, columns, remarks, map, timezone, .. } = &chosen.description;
    FilePreview {
        file: chosen.source.name().display().to_string(),
        format: format.as_str().to_owned(),
        format_guessed: options.format == ingest::Format::Auto,
        encoding: format.is_text().then(|| encoding.as_str().to_owned()),
        delimiter: *delimiter,
        columns: columns.clone(),
        remarks: remarks.clone(),
        map: reading::mapping(map),
        timezone: timezone.clone(),
        ..FilePreview::default()
    }
}

/// A file of which it has to be said which column is what.
fn unreadable(passed: &choosing::PassedOver, options: &Options, present: &str, missing: Option<&str>) -> FilePreview {
    FilePreview {
        file: passed.name.display().to_string(),
        format: options.format.as_str().to_owned(),
        format_guessed: options.format == ingest::Format::Auto,
        columns: present.split(", ").map(str::to_owned).collect(),
        map: reading::mapping(&options.map),
        timezone: reading::zone_name(&options.timezone),
        missing: missing.map(str::to_owned),
        problem: passed.error.as_ref().map(ToString::to_string),
        ..FilePreview::default()
    }
}

fn shown(first: Vec<Message>, knowledge: Option<&Knowledge>) -> Vec<PreviewMessage> {
    let said: Vec<Said<'_>> = first.iter().map(Said::of).collect();
    let mut mentions =
        knowledge.map(|knowledge| parse_in_context(knowledge, &said).into_iter().map(|parsed| parsed.mentions));
    let mut next = || mentions.as_mut().and_then(Iterator::next);
    let mentions: Vec<_> = first.iter().map(|_| next()).collect();
    first
        .into_iter()
        .zip(mentions)
        .map(|(message, mentions)| PreviewMessage {
            time: rfc3339(message.sent_at_ms),
            sender: message.sender,
            conversation: message.conversation,
            text: message.text,
            id: message.external_id,
            location: message.location.map(|shared| PreviewLocation {
                lon: shared.point.lon,
                lat: shared.point.lat,
                radius_m: shared.radius_m,
                label: shared.label,
            }),
            mentions,
        })
        .collect()
}
