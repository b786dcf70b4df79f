//! Labelled texts, as JSON Lines: a row has `text` and any of: `spans` (code points; `type` PLACE or LOC, perhaps a point), `lon` and
//! `lat` of what the text is about, `gold_municipality` or `gold_city`, `start` and `end` of a word that is no place, or `mentions`
//! with the words of every place in order. Spans that carry `km` were marked by rule: other places of the text are not marked.

use std::path::Path;

use anyhow::Context;
use model::LonLat;
use serde::Deserialize;

/// A place this near to the label's point is the right one.
pub(super) const NEAR_M: f64 = 15_000.0;
/// Letters of a pager message's place code.
const CODE_LETTERS: usize = 6;

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    pub(super) text: String,
    lon: Option<f64>,
    lat: Option<f64>,
    gold_municipality: Option<String>,
    gold_city: Option<String>,
    spans: Option<Vec<Span>>,
    mentions: Option<Vec<Words>>,
    start: Option<usize>,
    end: Option<usize>,
    #[serde(default)]
    suspect: bool,
}

#[derive(Debug, Deserialize)]
struct Span {
    start: usize,
    end: usize,
    #[serde(rename = "type", default)]
    label: String,
    lon: Option<f64>,
    lat: Option<f64>,
    /// Distance of the labelled place from the text's point: the label was made by rule, and others are not marked.
    km: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Words {
    text: String,
}

/// A byte range of the text.
pub(super) type Range = (usize, usize);

/// What a row says, in bytes.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// A word that is no place.
    pub(super) trap: Option<Range>,
    /// Places, with the point where it is known.
    pub(super) spans: Vec<(Range, Option<LonLat>)>,
    /// What is marked as something else than a place: streets.
    pub(super) others: Vec<Range>,
    /// Whether the row has spans at all, be it none.
    pub(super) has_spans: bool,
    /// Whether the text is one of the project's own cases.
    pub(super) made_up: bool,
    /// Whether these are all places of the text.
    pub(super) are_all: bool,
    /// Where the text is about.
    pub(super) point: Option<LonLat>,
    /// Municipality or city that the text is about.
    pub(super) named: Option<String>,
}

/// The rows of a file that are not marked as suspect, with their lines.
pub(super) fn rows(file: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<(usize, Row)>>> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name}: cannot be read"))?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let rows = (1..).zip(lines).filter(|(_, line)| !line.trim().is_empty()).map(move |(number, line)| {
        let row: Row = serde_json::from_str(&line).with_context(|| format!("{name}:{number}"))?;
        Ok((number, row))
    });
    Ok(rows.filter(|row| row.as_ref().map_or(true, |(_, row)| !row.suspect)))
}

impl Row {
    pub(super) fn labels(&self) -> Labels {
        let byte = |code_points: usize| self.text.char_indices().nth(code_points).map_or(self.text.len(), |(at, _)| at);
        let point = self.lon.zip(self.lat).and_then(|(lon, lat)| LonLat::new(lon, lat));
        let mut labels = Labels {
            trap: self.start.zip(self.end).map(|(start, end)| (byte(start), byte(end))),
            point,
            named: self.gold_municipality.clone().or_else(|| self.gold_city.clone()),
            ..Labels::default()
        };
        if let Some(spans) = &self.spans {
            let by_rule = spans.iter().any(|span| span.km.is_some());
            labels.has_spans = true;
            labels.are_all = !by_rule && labels.named.is_none();
            let is_place = |span: &&Span| by_rule || matches!(span.label.as_str(), "PLACE" | "LOC");
            labels.others = spans.iter().filter(|s| !is_place(s)).map(|s| (byte(s.start), byte(s.end))).collect();
            labels.spans = spans
                .iter()
                .filter(is_place)
                .map(|span| {
                    let own = span.lon.zip(span.lat).and_then(|(lon, lat)| LonLat::new(lon, lat));
                    ((byte(span.start), byte(span.end)), own.or(point.filter(|_| by_rule)))
                })
                .collect();
        }
        if let Some(mentions) = &self.mentions {
            labels.made_up = true;
            labels.has_spans = true;
            labels.are_all = true;
            let mut from = 0;
            for words in mentions {
                if let Some(at) = self.text[from..].find(&words.text) {
                    labels.spans.push(((from + at, from + at + words.text.len()), None));
                    from += at + words.text.len();
                }
            }
        }
        labels
    }

    /// Whether the range is a place code of a pager message: those are not labelled.
    pub(super) fn is_code(&self, start: usize, end: usize) -> bool {
        end - start == CODE_LETTERS && self.text[start..end].bytes().all(|b| b.is_ascii_uppercase())
    }
}
