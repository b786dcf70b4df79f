//! The geoparser: text in, mentions out. Holds everything compiled; every call is independent and shares nothing mutable.

mod assemble;
mod streets;

use std::sync::Arc;

use model::{LonLat, Mention, PlaceKind};

use self::assemble::point_mention;
use self::streets::covers;
use crate::address::Addresses;
use crate::fit::Evidence;
use crate::fold::{Folded, fold};
use crate::gazetteer::Gazetteer;
use crate::gazetteer::variants::Form;
use crate::lexicon::{Lexicon, Wordiness};
use crate::misspelt::Misspelt;
use crate::names::{Counts, Found, Names, Written};
use crate::pager::{self, is_pager_message};
use crate::pager_code::PagerCodes;
use crate::phrases::Word;
use crate::recognise::plus_code::Short;
use crate::recognise::postcode::Postcode;
use crate::recognise::road::Road;
use crate::recognise::{Point, coordinate, digit_runs, grid_code, map_link, plus_code, postcode, road};
use crate::relative::relate;
use crate::resolve::context::{Around, signs, words};
use crate::resolve::home::Home;
use crate::resolve::prior::Priors;
use crate::resolve::score::{Anchor, Reading, Scene, Told, in_brackets, play, score};
use crate::resolve::weights::{Case, Cue, FLOOR};
use crate::shield::{Shielded, shield};
use crate::topics::{Hit, TopicSet, Topics};

/// A mention this sure helps to choose among the namesakes of others.
const ANCHOR_CONFIDENCE: f32 = 0.6;
/// A place of a smaller extent is precise enough to help others.
const PRECISE_M: u32 = 20_000;
/// Anchors looked at, so that a line of a hundred thousand places stays linear.
const MOST_ANCHORS: usize = 8;
/// Places of a conversation that are remembered.
const REMEMBERED: usize = 16;
/// Words in capitals that a pager message with codes has at most.
const MOST_CAPITAL_WORDS: usize = 3;
/// Telephone area codes are followed by no more digits when they stand for a city.
const AREA_CODE_CONFIDENCE: f32 = 0.75;

/// How the geoparser is to read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The asker's own province, municipality or police unit, by name or as `kind/name`: its places become more
    /// likely. Several with `|` between.
    pub home: Option<String>,
}

/// Places that earlier messages of a conversation spoke of.
#[derive(Debug, Clone, Default)]
pub struct Context {
    seen: std::collections::VecDeque<LonLat>,
}

impl Context {
    /// Remembers a place of the conversation; the oldest are forgotten.
    pub fn remember(&mut self, point: LonLat) {
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(point);
    }

    /// Remembers the accepted mentions of a message that are precise enough to help.
    pub fn remember_mentions(&mut self, mentions: &[Mention]) {
        for mention in mentions.iter().filter(|mention| helps_others(mention)) {
            self.remember(mention.place.point());
        }
    }
}

/// Whether a mention tells something of what else is said: it is placed, and precisely enough.
pub fn helps_others(mention: &Mention) -> bool {
    mention.accepted && mention.place.radius_m < PRECISE_M
}

/// A part of the work, to be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Looking for links and handles.
    Shield,
    /// Folding the text.
    Fold,
    /// Folding, and finding names in the folded text.
    Find,
    /// Folding, and finding terms of topics in the folded text; the whole does both in one pass.
    Topics,
}

/// What was found in a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// Everything that may mean a place, in order, without overlaps; accepted or not.
    pub mentions: Vec<Mention>,
    /// What it is about.
    pub topics: TopicSet,
}

/// A text before its names are read.
struct Scanned {
    mentions: Vec<Mention>,
    postcodes: Vec<Postcode>,
    roads: Vec<Road>,
    codes: Vec<Short>,
    folded: Folded,
}

/// Finds places in texts.
pub struct Geoparser {
    gazetteer: Arc<Gazetteer>,
    lexicon: Lexicon,
    names: Names,
    misspelt: Misspelt,
    pager_codes: PagerCodes,
    priors: Priors,
    addresses: Addresses,
    topics: Arc<Topics>,
    /// The asker's own region: for streets.
    home: Option<Home>,
}

impl Geoparser {
    /// Compiles gazetteer and lexicon.
    pub fn new(gazetteer: Arc<Gazetteer>, lexicon: Lexicon, options: &Options) -> Self {
        let names = Names::compile(&gazetteer, &lexicon);
        let misspelt = Misspelt::new(&gazetteer, &names);
        let pager_codes = PagerCodes::new(&gazetteer, &names);
        let priors = Priors::new(&gazetteer, options.home.as_deref());
        let addresses = Addresses::default();
        let topics = Arc::default();
        Self { gazetteer, lexicon, names, misspelt, pager_codes, priors, addresses, topics, home: None }
    }

    /// The same, telling these topics.
    #[must_use]
    pub fn with_topics(self, topics: Arc<Topics>) -> Self {
        Self { topics, ..self }
    }

    /// The topics that it tells.
    pub fn topics(&self) -> &Arc<Topics> {
        &self.topics
    }

    /// The places it knows.
    pub fn gazetteer(&self) -> &Arc<Gazetteer> {
        &self.gazetteer
    }

    /// How many distinct spellings it looks for.
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// Memory of the compiled names, in bytes.
    pub fn heap_bytes(&self) -> usize {
        self.names.heap_bytes() + self.misspelt.heap_bytes() + self.pager_codes.heap_bytes()
    }

    /// Does one part of the work on a text and returns how much it found.
    pub fn run_stage(&self, stage: Stage, text: &str) -> usize {
        match stage {
            Stage::Shield => shield(text).len(),
            Stage::Fold => fold(text, &[]).bytes.len(),
            Stage::Topics => self.topics.hits(&fold(text, &[])).len(),
            Stage::Find => {
                let mut names = 0;
                self.names.find(&fold(text, &[]), |_| names += 1, |_| {}, |_| {});
                names
            }
        }
    }

    /// Everything in a text that may mean a place, in order, without overlaps; accepted or not.
    pub fn mentions(&self, text: &str) -> Vec<Mention> {
        self.mentions_with(text, &Context::default())
    }

    /// The same, knowing what the conversation spoke of before.
    pub fn mentions_with(&self, text: &str, context: &Context) -> Vec<Mention> {
        self.parse(text, context).mentions
    }

    /// Places and topics of a text, knowing what the conversation spoke of before.
    pub fn parse(&self, text: &str, context: &Context) -> Parsed {
        let Scanned { mut mentions, postcodes, roads, codes, folded } = self.scan(text);
        let mut hits = Vec::new();
        let readings = self.readings(text, &folded, &postcodes, context, FLOOR / 2.0, &mut hits);
        self.bare_postcodes(text, &folded, &postcodes, &readings, &mut mentions);
        self.placed_by_others(text, &folded, &roads, &codes, &readings, &mut mentions);
        let streets = self.streets(text, &folded, &postcodes, &readings, context, &mut mentions);
        let names = readings.iter().filter(|r| r.confidence() >= FLOOR).map(|r| self.name_mention(text, &folded, r));
        mentions.extend(names.filter(|name| !covers(&streets, name.start, name.end)));
        mentions.extend(streets);
        mentions.sort_by_key(|mention| mention.start);
        relate(text, &mut mentions, |mention| self.namesake_abroad(mention));
        Parsed { mentions, topics: self.topics.decide(&mut hits) }
    }

    /// What speaks for and against each name of a text, however unlikely it is: what weights are fitted to.
    pub fn evidence(&self, text: &str) -> Vec<Evidence> {
        let Scanned { postcodes, folded, .. } = self.scan(text);
        let readings = self.readings(text, &folded, &postcodes, &Context::default(), 0.0, &mut Vec::new());
        // A word made from a name is never placed by itself, whatever the weights.
        let weighed = readings.iter().filter(|reading| reading.kept > 0 && reading.form != Form::Inflection);
        weighed
            .map(|reading| {
                let (start, end) = folded.name_range(text, reading.found.start as usize, reading.found.end as usize);
                let place = self.gazetteer.entry(reading.places[0].0).place.clone();
                Evidence { start, end, cues: reading.signs.cues, share: reading.places[0].1, place }
            })
            .collect()
    }

    /// Everything but the names: links, coordinates, postcodes, roads, codes; and the rest folded.
    fn scan(&self, text: &str) -> Scanned {
        let mut mentions = Vec::new();
        let mut masked: Vec<(usize, usize)> = Vec::new();
        for (start, end, kind) in shield(text) {
            masked.push((start, end));
            if kind == Shielded::Link
                && let Some(point) = map_link::recognise(text, start, end)
            {
                mentions.push(point_mention(text, point));
            }
        }
        let (mut postcodes, mut roads) = (Vec::new(), Vec::new());
        if text.bytes().any(|b| b.is_ascii_digit()) {
            self.numbers(text, &mut masked, &mut mentions, &mut postcodes, &mut roads);
        }
        let codes = plus_code::short_codes(text, &masked).collect();
        let folded = fold(text, &masked);
        Scanned { mentions, postcodes, roads, codes, folded }
    }

    /// Coordinates, postcodes and roads. Coordinates and six-character postcodes are masked for the names.
    fn numbers(
        &self,
        text: &str,
        masked: &mut Vec<(usize, usize)>,
        mentions: &mut Vec<Mention>,
        postcodes: &mut Vec<Postcode>,
        roads: &mut Vec<Road>,
    ) {
        let mut new_masks = Vec::new();
        let mut done = 0;
        for (start, end) in digit_runs(text, masked) {
            if start < done {
                continue;
            }
            if let Some(point) = coordinate::recognise(text, start)
                .or_else(|| grid_code::recognise(text, start))
                .or_else(|| plus_code::recognise(text, start))
                .filter(|point| point.start >= done && clear(masked, point))
            {
                done = point.end;
                new_masks.push((point.start, point.end));
                mentions.push(point_mention(text, point));
            } else if let Some(found) = postcode::recognise(text, start, end)
                && let Some(place) = self.gazetteer.postcode(found.digits)
            {
                done = found.end;
                if found.sure {
                    mentions.push(self.postcode_mention(text, found, place, 0.95));
                    if found.letters.is_some() {
                        new_masks.push((found.start + 4, found.end));
                    }
                }
                postcodes.push(found);
            } else if let Some(road) = road::recognise(text, start, end) {
                done = road.end;
                roads.push(road);
            }
        }
        if !new_masks.is_empty() {
            masked.extend(new_masks);
            masked.sort_unstable();
        }
    }

    /// Names read as places: longest first from the left, then once more in the light of each other. What is less likely than
    /// `floor` leaves room for what it overlaps. Notes terms of topics on the way.
    fn readings(
        &self,
        text: &str,
        folded: &Folded,
        postcodes: &[Postcode],
        context: &Context,
        floor: f32,
        topics: &mut Vec<Hit>,
    ) -> Vec<Reading> {
        let (mut found, mut expected) = (Vec::new(), Vec::new());
        let hopeful = |name: Found| {
            if !self.hopeless(text, folded, name) {
                found.push(name);
            }
        };
        let each = |word| self.topics.look(&folded.bytes, word, topics);
        self.names.find(folded, hopeful, |word| expected.push(word), each);
        let in_order = |f: &Found| (f.start, std::cmp::Reverse(f.end));
        found.sort_unstable_by_key(in_order);
        let mut guessed = self.misspelt(folded, &found, &expected);
        let is_pager = is_pager_message(text);
        let region = if is_pager { pager::region(text) } else { None };
        if is_pager {
            let codes = self.pager_codes(text, folded, region);
            // Some codes are the name itself: `ZETTEN`.
            found.retain(|f| codes.iter().all(|code| (code.start, code.end) != (f.start, f.end)));
            guessed.extend(codes);
        }
        if !guessed.is_empty() {
            found.extend(guessed);
            found.sort_unstable_by_key(in_order);
        }
        if found.is_empty() {
            return Vec::new();
        }
        let mut anchors: Vec<Anchor> =
            context.seen.iter().map(|&point| Anchor { point, told: Told::Before, start: u32::MAX }).collect();
        anchors.extend(region.map(|point| Anchor { point, told: Told::ByRegion, start: u32::MAX }));
        let mut readings: Vec<Reading> = Vec::with_capacity(found.len().min(16));
        let mut done = 0;
        for f in found {
            if f.start < done {
                continue;
            }
            let reading = self.read(text, folded, f, postcodes, &anchors, false);
            if reading.confidence() >= floor {
                done = f.end;
                readings.push(reading);
            }
        }
        let sure =
            readings.iter().filter(|r| r.confidence() >= ANCHOR_CONFIDENCE && self.is_precise(r)).take(MOST_ANCHORS);
        let own: Vec<Anchor> = sure
            .map(|r| Anchor {
                point: self.gazetteer.entry(r.places[0].0).place.point(),
                told: Told::Here(r.places[0].0),
                start: r.found.start,
            })
            .fold(Vec::new(), |mut distinct: Vec<Anchor>, anchor| {
                if distinct.iter().all(|known| known.told != anchor.told) {
                    distinct.push(anchor);
                }
                distinct
            });
        if readings.len() > 1 && !own.is_empty() {
            anchors.extend(own);
            for reading in &mut readings {
                *reading = self.read(text, folded, reading.found, postcodes, &anchors, false);
            }
        }
        // "Elst, Utrecht": what stands behind a name to tell it from its namesakes is the province, not the city.
        for index in 1..readings.len() {
            let (before, found) = (readings[index - 1], readings[index].found);
            if before.qualifier.is_some_and(|(start, _)| start == found.start) {
                readings[index] = self.read(text, folded, found, postcodes, &anchors, true);
            }
        }
        self.matches(text, folded, &mut readings);
        if is_pager {
            self.streets_before_places(text, folded, &mut readings);
        }
        readings
    }

    /// "België-Turkije", "Nederland--Italië": two countries play, and nothing happens in either.
    fn matches(&self, text: &str, folded: &Folded, readings: &mut [Reading]) {
        let is_country = |reading: &Reading| {
            let kind = self.gazetteer.entry(reading.places[0].0).place.kind;
            kind == PlaceKind::Country && !matches!(reading.form, Form::Code | Form::Capitals)
        };
        for index in 1..readings.len() {
            let (before, after) = (readings[index - 1].found, readings[index].found);
            let (_, from) = folded.source_range(before.start as usize, before.end as usize);
            let (to, _) = folded.source_range(after.start as usize, after.end as usize);
            if is_country(&readings[index - 1])
                && is_country(&readings[index])
                && matches!(&text[from..to], "-" | "--" | "–")
            {
                play(&mut readings[index - 1]);
                play(&mut readings[index]);
            }
        }
    }

    /// "Voorweg NDEN", "Donau 2512 GR Den Haag": in a pager message what stands right before a place and lies far from it is a street.
    fn streets_before_places(&self, text: &str, folded: &Folded, readings: &mut [Reading]) {
        for index in 1..readings.len() {
            let place = |reading: &Reading| &self.gazetteer.entry(reading.places[0].0).place;
            let (before, after) = (&readings[index - 1], &readings[index]);
            let (_, from) = folded.source_range(before.found.start as usize, before.found.end as usize);
            let (to, _) = folded.source_range(after.found.start as usize, after.found.end as usize);
            let is_far = place(before).point().distance_m(place(after).point()) > pager::FROM_STREET_TO_PLACE_M;
            if is_far
                && self.is_precise(after)
                && after.is_place > 0.5
                && pager::joins_street_and_place(&text[from..to])
            {
                let street = &mut readings[index - 1];
                street.is_place = street.is_place.min(pager::MOST_STREET);
            }
        }
    }

    /// Unknown words where a place is expected: after `in`, `naar`, `gemeente`. What is found already (sorted by start) stays as it
    /// is.
    fn misspelt(&self, folded: &Folded, found: &[Found], expected: &[Word]) -> Vec<Found> {
        let mut guessed = Vec::new();
        let mut found = found.iter().peekable();
        // How far the names reach that start before the end of the word looked at.
        let mut reach = 0;
        for &Word { start, end, .. } in expected {
            let (from, to) = (start as u32, end as u32);
            while let Some(known) = found.next_if(|known| known.start < to) {
                reach = reach.max(known.end);
            }
            let word = &folded.bytes[start..end];
            if reach > from || self.lexicon.is_known(word) {
                continue;
            }
            if let Some(guess) = self.misspelt.guess(word) {
                guessed.push(Found { start: from, end: to, name: guess.name, written: Written::Misspelt(guess.edits) });
            }
        }
        guessed
    }

    /// Codes of places in a pager message.
    fn pager_codes(&self, text: &str, folded: &Folded, region: Option<LonLat>) -> Vec<Found> {
        let in_capitals = words(&folded.bytes).filter(|&(start, end)| {
            let (from, to) = folded.source_range(start, end);
            end - start > 3 && text[from..to].bytes().all(|byte| byte.is_ascii_uppercase())
        });
        let in_capitals: Vec<(usize, usize)> = in_capitals.take(MOST_CAPITAL_WORDS + 1).collect();
        // In a message all in capitals every word looks like a code.
        if in_capitals.len() > MOST_CAPITAL_WORDS {
            return Vec::new();
        }
        in_capitals
            .into_iter()
            .filter_map(|(start, end)| {
                let (name, place) = self.pager_codes.meaning(&folded.bytes[start..end], region)?;
                let written = Written::PagerCode(place);
                Some(Found { start: start as u32, end: end as u32, name, written })
            })
            .collect()
    }

    /// Words that no context in reach can make a place, thrown out before any work: most of what is found.
    fn hopeless(&self, text: &str, folded: &Folded, found: Found) -> bool {
        let name = self.names.name(found.name);
        let (start, end) = folded.source_range(found.start as usize, found.end as usize);
        let bytes = text.as_bytes();
        match name.counts {
            Counts::Anywhere => {}
            Counts::InHashtag => return !(start > 0 && bytes[start - 1] == b'#'),
            Counts::InBracketsOrCapitals => {
                let capitals = bytes[start..end].iter().all(u8::is_ascii_uppercase);
                return !(capitals || in_brackets(text, folded, found));
            }
        }
        if name.wordiness < Wordiness::Common || !bytes[start].is_ascii_lowercase() {
            return false;
        }
        // What helps nevertheless: "een (dr)", "gemeente huizen", "9342 een".
        let before = text[..start].strip_suffix(' ').unwrap_or_default();
        let after_code = before.ends_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase());
        !(text[end..].starts_with(" (") || after_code || before.ends_with("gemeente"))
    }

    fn is_precise(&self, reading: &Reading) -> bool {
        let place = &self.gazetteer.entry(reading.places[0].0).place;
        place.radius_m < PRECISE_M && reading.places[0].1 > 0.85
    }

    fn read(
        &self,
        text: &str,
        folded: &Folded,
        found: Found,
        postcodes: &[Postcode],
        anchors: &[Anchor],
        qualifies: bool,
    ) -> Reading {
        let name = self.names.name(found.name);
        let around = Around::of(folded, found);
        let mut signs = signs(text, folded, found, name, &around, &self.lexicon);
        signs.province_named |= qualifies;
        let (start, end) = folded.source_range(found.start as usize, found.end as usize);
        let before = postcodes.partition_point(|p| p.end <= start);
        let beside = |(from, to): (usize, usize)| text[from..to].bytes().all(|b| b == b' ');
        let postcode_before = postcodes[..before].last().filter(|p| beside((p.end, start))).map(|p| p.digits);
        let postcode_after =
            postcodes[before..].iter().find(|p| p.start >= end).filter(|p| beside((end, p.start))).map(|p| p.digits);
        if name.area_code && !signs.hashtag {
            let digit_beside = |word: &[u8]| word.first().is_some_and(u8::is_ascii_digit);
            if digit_beside(around.before[0].bytes)
                || digit_beside(around.after[0].bytes)
                || !signs.has(Cue::Preposition)
            {
                signs.add(Cue::PersonName);
            }
            signs.case = Case::Capital;
            signs.cues &= !(1 << Cue::LowerCase as u8);
        }
        let scene =
            Scene { names: &self.names, gazetteer: &self.gazetteer, priors: &self.priors, text, folded, anchors };
        let mut reading = score(&scene, found, name, &around, signs, [postcode_before, postcode_after]);
        if name.area_code && reading.is_place > AREA_CODE_CONFIDENCE {
            reading.is_place = AREA_CODE_CONFIDENCE;
        }
        reading
    }
}

/// Whether a coordinate lies clear of what is masked.
fn clear(masked: &[(usize, usize)], point: &Point) -> bool {
    let after = masked.partition_point(|&(_, end)| end <= point.start);
    masked.get(after).is_none_or(|&(start, _)| start >= point.end)
}
