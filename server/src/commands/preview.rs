//! `speurkaart import --preview`: prints how files would be read. Shows words of messages: to whoever may read the files anyway.

use model::imports::{FilePreview, Preview};

use crate::cli::ReportArg;

pub(super) fn print_all(preview: &Preview, report: ReportArg) -> anyhow::Result<()> {
    match report {
        ReportArg::Json => println!("{}", serde_json::to_string(preview)?),
        ReportArg::Text => {
            preview.files.iter().for_each(print);
            for passed in &preview.passed_over {
                println!("{}: passed over: {}", passed.file, passed.reason);
            }
        }
    }
    Ok(())
}

fn print(preview: &FilePreview) {
    let map = crate::reading::field_map(&preview.map).to_string();
    let described =
        [Some(preview.format.as_str()), preview.encoding.as_deref(), Some(map.as_str()).filter(|map| !map.is_empty())];
    let described: Vec<&str> =
        described.into_iter().flatten().chain(preview.remarks.iter().map(String::as_str)).collect();
    println!("{}: {}, times in {}", preview.file, described.join(", "), preview.timezone);
    if let Some(problem) = &preview.problem {
        println!("  cannot be read: {problem}");
        return;
    }
    if !preview.columns.is_empty() {
        println!("  columns: {}", preview.columns.join(", "));
    }
    for message in &preview.messages {
        let who = format!("{} / {}", shortened(&message.conversation), shortened(&message.sender));
        let place = message.location.as_ref().map(|shared| format!("  @ {:.5}, {:.5}", shared.lat, shared.lon));
        println!("  {}  {who}: {}{}", message.time, shortened(&message.text), place.unwrap_or_default());
    }
    let extent = if preview.whole_file { "the whole file" } else { "the beginning" };
    println!("  {extent}: {} messages", preview.read - preview.rejected);
    for example in &preview.rejected_examples {
        println!("  would be rejected: {} × {}: {}", example.count, example.reason_code, example.reason);
    }
}

/// One line of a terminal, without what could move its cursor.
fn shortened(text: &str) -> String {
    const MAX_CHARS: usize = 120;
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    if text.chars().nth(MAX_CHARS).is_some() { shown + "…" } else { shown }
}
