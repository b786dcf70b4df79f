//! `speurkaart geoparse`: a message a line in, a JSON object a line out, in order.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Context as _;
use geoparse::Context;
use model::Mention;
use serde::{Deserialize, Serialize};

use crate::cli::{GeoparseArgs, InputArg, Language};
use crate::knowledge::Knowledge;
use crate::times;

/// Lines that are geoparsed together on all cores.
const CHUNK: usize = 4_096;
/// How long a place that somebody named speaks for the next message of the conversation.
const CONTEXT_MS: i64 = 6 * 60 * 60 * 1000;

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
    let mut remembered = Remembered::default();
    let mut number = 0;
    loop {
        let chunk = read_chunk(&mut lines, args.input)?;
        if chunk.is_empty() {
            break;
        }
        let found = if args.context {
            in_context(&knowledge, &chunk, &mut remembered)
        } else {
            on_all_cores(&knowledge, &chunk)
        };
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

fn on_all_cores(knowledge: &Knowledge, chunk: &[Result<Line, String>]) -> Vec<Vec<Mention>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let workers: Vec<_> = chunk
            .chunks(chunk.len().div_ceil(cores).max(1))
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|line| line.as_ref().map_or_else(|_| Vec::new(), |line| knowledge.mentions(&line.text)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// What each conversation spoke of, and when last.
#[derive(Default)]
struct Remembered(HashMap<String, (Option<i64>, Context)>);

fn in_context(knowledge: &Knowledge, chunk: &[Result<Line, String>], remembered: &mut Remembered) -> Vec<Vec<Mention>> {
    chunk
        .iter()
        .map(|line| {
            let Ok(line) = line else { return Vec::new() };
            let conversation = line.conversation.as_ref().map(ToString::to_string).unwrap_or_default();
            let at = line.time.as_deref().and_then(|time| times::parse(time, &jiff::tz::TimeZone::UTC).ok());
            let (then, context) = remembered.0.entry(conversation).or_default();
            if let (Some(then), Some(at)) = (*then, at)
                && (at - then).abs() > CONTEXT_MS
            {
                *context = Context::default();
            }
            *then = at.or(*then);
            let mentions = knowledge.mentions_with(&line.text, context);
            context.remember_mentions(&mentions);
            mentions
        })
        .collect()
}
