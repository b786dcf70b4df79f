//! `speurkaart import --preview`: how files would be read, before anything is stored.

use std::collections::BTreeMap;

use ingest::{Item, Notes, Options};
use model::Message;
use serde_json::{Value, json};

use super::sources::{Choice, Chosen};
use crate::cli::ReportArg;
use crate::times::rfc3339;

/// Messages shown.
const SHOWN: usize = 10;
/// Items read to count what would be rejected.
const LOOKED_AT: usize = 10_000;

/// What the beginning of a file says.
struct Preview {
    name: String,
    description: ingest::Description,
    first: Vec<Message>,
    messages: usize,
    rejected: BTreeMap<&'static str, (usize, String)>,
    notes: Notes,
    is_whole: bool,
}

/// Prints what would be read. Shows words of messages: to whoever may read the files anyway.
pub(super) fn run(choice: &Choice, report: ReportArg, options: impl Fn(&str) -> Options) -> anyhow::Result<()> {
    let previews: Vec<Preview> =
        choice.chosen.iter().map(|chosen| preview(chosen, &options(&chosen.source_name))).collect::<Result<_, _>>()?;
    match report {
        ReportArg::Json => {
            let passed: Vec<Value> = choice
                .passed_over
                .iter()
                .map(|(name, reason)| json!({ "name": name.display().to_string(), "reason": reason }))
                .collect();
            let files: Vec<Value> = previews.iter().map(as_json).collect();
            println!("{}", json!({ "files": files, "passed_over": passed }));
        }
        ReportArg::Text => {
            for preview in &previews {
                print(preview);
            }
            for (name, reason) in &choice.passed_over {
                println!("{}: passed over: {reason}", name.display());
            }
        }
    }
    Ok(())
}

fn preview(chosen: &Chosen, options: &Options) -> anyhow::Result<Preview> {
    let mut reader = ingest::open_source(&chosen.source, options)?;
    let mut preview = Preview {
        name: chosen.source.name().display().to_string(),
        description: reader.description().clone(),
        first: Vec::new(),
        messages: 0,
        rejected: BTreeMap::new(),
        notes: Notes::default(),
        is_whole: false,
    };
    for _ in 0..LOOKED_AT {
        match reader.next().transpose()? {
            Some(Item::Message(message)) => {
                preview.messages += 1;
                if preview.first.len() < SHOWN {
                    preview.first.push(message);
                }
            }
            Some(Item::Rejected(piece)) => {
                preview.rejected.entry(piece.code).or_insert((0, piece.reason)).0 += 1;
            }
            None => {
                preview.is_whole = true;
                break;
            }
        }
    }
    preview.notes = reader.notes().clone();
    Ok(preview)
}

fn as_json(preview: &Preview) -> Value {
    let description = &preview.description;
    let map = &description.map;
    let messages: Vec<Value> = preview
        .first
        .iter()
        .map(|message| {
            let location = message.location.as_ref().map(|shared| {
                json!({ "lon": shared.point.lon, "lat": shared.point.lat, "radius_m": shared.radius_m, "label": shared.label })
            });
            json!({
                "id": message.external_id, "sent_at": rfc3339(message.sent_at_ms), "conversation": message.conversation,
                "sender": message.sender, "text": message.text, "location": location,
            })
        })
        .collect();
    let rejected: Value = preview
        .rejected
        .iter()
        .map(|(code, (count, _))| ((*code).to_owned(), json!(count)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    json!({
        "name": preview.name,
        "format": description.format.as_str(),
        "encoding": description.format.is_text().then(|| description.encoding.as_str()),
        "delimiter": description.delimiter,
        "columns": description.columns,
        "remarks": description.remarks,
        "map": {
            "text": map.text, "time": map.time, "sender": map.sender, "conversation": map.conversation, "id": map.id,
        },
        "timezone": description.timezone,
        "messages": messages,
        "looked_at": { "messages": preview.messages, "rejected": rejected, "whole_file": preview.is_whole },
        "ambiguous_times": preview.notes.ambiguous_times,
        "nonexistent_times": preview.notes.nonexistent_times,
        "dates_without_time": preview.notes.dates_without_time,
    })
}

fn print(preview: &Preview) {
    println!("{}: {}", preview.name, preview.description);
    if !preview.description.columns.is_empty() {
        println!("  columns: {}", preview.description.columns.join(", "));
    }
    for message in &preview.first {
        let text = shortened(&message.text);
        let who = format!("{} / {}", shortened(&message.conversation), shortened(&message.sender));
        let place =
            message.location.as_ref().map(|shared| format!("  @ {:.5}, {:.5}", shared.point.lat, shared.point.lon));
        println!("  {}  {who}: {text}{}", rfc3339(message.sent_at_ms), place.unwrap_or_default());
    }
    let extent = if preview.is_whole { "the whole file" } else { "the beginning" };
    println!("  {extent}: {} messages", preview.messages);
    for (code, (count, reason)) in &preview.rejected {
        println!("  would be rejected: {count} × {code}: {reason}");
    }
}

/// One line of a terminal, without what could move its cursor.
fn shortened(text: &str) -> String {
    const MAX_CHARS: usize = 120;
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    if text.chars().nth(MAX_CHARS).is_some() { shown + "…" } else { shown }
}
