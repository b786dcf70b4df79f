//! `speurkaart geoparse`: a message a line in, a JSON object a line out, in order.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Context as _;
use geoparse::Parsed;
use model::Mention;
use model::api::MessageTopic;
use serde::{Deserialize, Serialize};

use crate::cli::{GeoparseArgs, InputArg, Language};
use crate::conversation::{self, Said, on_all_cores};
use crate::knowledge::Knowledge;
use crate::times;
use crate::topics::topics_in;

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
    id: Option<&'a serde_json::Value>,
    mentions: &'a [&'a Mention],
    /// What the line is about, with the words that say so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topics: Vec<MessageTopic>,
    /// Why the line could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

pub(crate) fn run(data: &Path, args: &GeoparseArgs) -> anyhow::Result<()> {
    let knowledge = Knowledge::load(data, args.home.as_deref())?;
    let input: Box<dyn Read> = match &args.file {
        Some(file) => {
            Box::new(std::fs::File::open(file).with_context(|| format!("{}: cannot be read", file.display()))?)
        }
        None => Box::new(std::io::stdin()),
    };
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut before = 0;
    loop {
        let chunk = read_chunk(&mut input)?;
        if chunk.is_empty() {
            break;
        }
        let lines = on_all_cores(&chunk, |raw| read_line(raw, args.input));
        let found = parsed(&knowledge, &lines, args.context);
        let numbered: Vec<_> = (before + 1..).zip(lines.iter().zip(&found)).collect();
        before += numbered.len() as u64;
        for written in
            on_all_cores(&numbered, |&(number, (line, found))| written(&knowledge, number, line, found, args))
        {
            out.write_all(&written?)?;
        }
        for (number, (line, _)) in numbered {
            if let Err(error) = line {
                eprintln!("line {number}: {error}");
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// What is answered to a line.
fn written(
    knowledge: &Knowledge,
    number: u64,
    line: &Result<Line, String>,
    found: &Parsed,
    args: &GeoparseArgs,
) -> anyhow::Result<Vec<u8>> {
    let mentions: Vec<&Mention> = found.mentions.iter().filter(|mention| args.all || mention.accepted).collect();
    let mut out = Vec::new();
    if let Some(language) = args.explain {
        if let Ok(line) = line {
            explain(&mut out, number, &line.text, &mentions, language)?;
        }
        return Ok(out);
    }
    let (id, error) = match line {
        Ok(line) => (line.id.as_ref(), None),
        Err(error) => (None, Some(error.as_str())),
    };
    let topics = match line {
        Ok(line) if found.topics != 0 => topics_in(knowledge.geoparser().topics(), &line.text),
        _ => Vec::new(),
    };
    serde_json::to_writer(&mut out, &Answer { line: number, id, mentions: &mentions, topics, error })?;
    out.push(b'\n');
    Ok(out)
}

/// A line and its mentions in sentences: span, chosen place, reasons, runners-up.
fn explain(
    out: &mut impl Write,
    number: u64,
    text: &str,
    mentions: &[&Mention],
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

/// The next lines, without what ends them.
fn read_chunk(input: &mut impl BufRead) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut chunk = Vec::with_capacity(CHUNK);
    while chunk.len() < CHUNK {
        let mut raw = Vec::new();
        if input.read_until(b'\n', &mut raw)? == 0 {
            break;
        }
        let ending = if raw.ends_with(b"\r\n") { 2 } else { usize::from(raw.ends_with(b"\n")) };
        raw.truncate(raw.len() - ending);
        chunk.push(raw);
    }
    Ok(chunk)
}

/// A line of input, or why it cannot be read.
fn read_line(raw: &[u8], input: InputArg) -> Result<Line, String> {
    let text = std::str::from_utf8(raw).map_err(|_| "is not UTF-8")?;
    match input {
        InputArg::Text => Ok(Line { text: text.to_owned(), ..Line::default() }),
        InputArg::Jsonl => serde_json::from_str(text)
            .map_err(|error| format!("is no JSON object with `text` (column {})", error.column())),
    }
}

/// What is in each line; in one that could not be read there is nothing.
fn parsed(knowledge: &Knowledge, chunk: &[Result<Line, String>], in_context: bool) -> Vec<Parsed> {
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
    if in_context { conversation::parse_in_context(knowledge, &said) } else { conversation::parse(knowledge, &said) }
}
