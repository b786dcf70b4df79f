//! `speurkaart geoparse`: a message a line in, a JSON object a line out, in order.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Context as _;
use model::Mention;
use serde::{Deserialize, Serialize};

use crate::cli::{GeoparseArgs, InputArg, Language};
use crate::conversation::{self, Said};
use crate::knowledge::Knowledge;
use crate::times;

/// Lines that are geoparsed together on all cores; with `--context` they may inform each other, as those of a batch do when
/// files are imported.
const CHUNK: usize = 10_000;

/// A line of JSON input.
#[derive(Debug, Default, Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<serde_json::Value>,
    text: String,
    #[serde(default)]
    conversation: Option<serde_json::Value>,
    #[serde(default)]
    time: Option<String>,
}

/// A line of output.
#[derive(Serialize)]
struct Answer<'a> {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<serde_json::Value>,
    mentions: &'a [Mention],
    /// Why the line could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(crate) fn run(data: &Path, args: &GeoparseArgs) -> anyhow::Result<()> {
    let knowledge = Knowledge::load(data, args.home.as_deref())?;
    let input: Box<dyn Read> = match &args.file {
        Some(file) => {
            Box::new(std::fs::File::open(file).with_context(|| format!("{}: cannot be read", file.display()))?)
        }
        None => Box::new(std::io::stdin()),
    };
    let mut lines = BufReader::with_capacity(1 << 16, input);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut number = 0;
    loop {
        let chunk = read_chunk(&mut lines, args.input)?;
        if chunk.is_empty() {
            break;
        }
        let found = mentions_of(&knowledge, &chunk, args.context);
        for (line, mut mentions) in chunk.into_iter().zip(found) {
            number += 1;
            if !args.all {
                mentions.retain(|mention| mention.accepted);
            }
            if let Some(language) = args.explain {
                match &line {
                    Ok(line) => explain(&mut out, number, &line.text, &mentions, language)?,
                    Err(error) => eprintln!("line {number}: {error}"),
                }
                continue;
            }
            let (id, error) = match line {
                Ok(line) => (line.id, None),
                Err(error) => {
                    eprintln!("line {number}: {error}");
                    (None, Some(error))
                }
            };
            serde_json::to_writer(&mut out, &Answer { line: number, id, mentions: &mentions, error })?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// A line and its mentions in sentences: span, chosen place, reasons, runners-up.
fn explain(
    out: &mut impl Write,
    number: u64,
    text: &str,
    mentions: &[Mention],
    language: Language,
) -> std::io::Result<()> {
    writeln!(out, "{number}: {text}")?;
    for mention in mentions {
        let place = &mention.place;
        let area = [&place.municipality, &place.province, &place.country];
        let area: Vec<_> = area.into_iter().flatten().filter(|part| **part != place.name).map(String::as_str).collect();
        let mark = if mention.accepted { "" } else { " ?" };
        writeln!(
            out,
            "  [{}] → {} ({}) {:.0} %{mark}",
            mention.text,
            place.name,
            area.join(", "),
            mention.confidence * 100.0
        )?;
        for reason in &mention.reasons {
            let sentence = model::explain(reason);
            writeln!(out, "      {}", if language == Language::Nl { sentence.nl } else { sentence.en })?;
        }
        for other in &mention.alternatives {
            let or = if language == Language::Nl { "of" } else { "or" };
            writeln!(out, "      {or} {} {:.0} %", other.name, other.confidence * 100.0)?;
        }
    }
    Ok(())
}

/// The next lines; one that cannot be read stays in its place with the reason.
fn read_chunk(lines: &mut impl BufRead, input: InputArg) -> anyhow::Result<Vec<Result<Line, String>>> {
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut raw = Vec::new();
    while chunk.len() < CHUNK {
        raw.clear();
        if lines.read_until(b'\n', &mut raw)? == 0 {
            break;
        }
        let end = raw.strip_suffix(b"\n").map_or(raw.len(), |line| line.strip_suffix(b"\r").unwrap_or(line).len());
        chunk.push(match (std::str::from_utf8(&raw[..end]), input) {
            (Err(_), _) => Err("is not UTF-8".into()),
            (Ok(text), InputArg::Text) => Ok(Line { text: text.to_owned(), ..Line::default() }),
            (Ok(json), InputArg::Jsonl) => serde_json::from_str(json)
                .map_err(|error| format!("is no JSON object with `text` (column {})", error.column())),
        });
    }
    Ok(chunk)
}

/// The mentions of each line; one that could not be read has none.
fn mentions_of(knowledge: &Knowledge, chunk: &[Result<Line, String>], in_context: bool) -> Vec<Vec<Mention>> {
    let conversations: Vec<String> = chunk
        .iter()
        .map(|line| {
            line.as_ref().ok().and_then(|l| l.conversation.as_ref()).map(ToString::to_string).unwrap_or_default()
        })
        .collect();
    let said: Vec<Said<'_>> = chunk
        .iter()
        .zip(&conversations)
        .map(|(line, conversation)| {
            let line = line.as_ref().ok();
            Said {
                conversation,
                at: line.and_then(|l| times::parse(l.time.as_deref()?, &jiff::tz::TimeZone::UTC).ok()),
                text: line.map_or("", |l| &l.text),
                location: None,
            }
        })
        .collect();
    if in_context {
        conversation::mentions_in_context(knowledge, &said)
    } else {
        conversation::mentions(knowledge, &said)
    }
}
