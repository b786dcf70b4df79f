//! Writing a message the way people type: slips, capitals, emoji, and places in many spellings.

use std::fmt::Write as _;

use crate::TruthSpan;
use crate::dice::{Dice, cumulative};
use crate::phrases::{Phrase, Phrases, Piece};
use crate::places::Place;
use crate::truth::SpanKind;

const OPENINGS: [&str; 16] = [
    "bro ", "ewa ", "yo ", "he ", "hee ", "ff ", "ja ", "nee ", "oke ", "wajoo ", "swa ", "eh ", "luister ", "maar ",
    "en ", "dus ",
];
const ENDINGS: [&str; 30] = [
    "?",
    "!",
    "...",
    "..",
    " 😂",
    " 😂😂",
    " 👍",
    " 🙏",
    " 😅",
    " 🔥",
    " 💪",
    " haha",
    " lol",
    " man",
    " bro",
    " fam",
    " toch",
    " ofzo",
    " wrm",
    " idk",
    " 👀",
    " 🤷",
    " 😴",
    " ❤️",
    " he",
    " ofniet",
    " ffkes",
    " effe",
    " xx",
    " 🚐",
];
const JOINTS: [&str; 12] = [" ", " ", ", ", ", ", ". ", ".. ", "\n", " en ", " maar ", " want ", "! ", "? "];
/// Topics a planted place is talked about in, beside everyday ones.
const WORK_TOPICS: [&str; 3] = ["plaats-schuren", "plaats-spullen", "plaats-afspreken"];

/// Turns phrases into texts with the places in them marked.
pub(crate) struct Writer {
    phrases: Phrases,
    everyday: Vec<&'static str>,
    everyday_weights: Vec<u64>,
    places: Vec<Place>,
    place_weights: Vec<u64>,
}

/// A text and where it names places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) spans: Vec<TruthSpan>,
}

impl Writer {
    pub(crate) fn new(places: &[Place]) -> Self {
        let phrases = Phrases::load();
        let everyday: Vec<&'static str> = phrases.with_place.keys().copied().collect();
        let everyday_weights = cumulative(everyday.iter().map(|topic| phrases.with_place[topic].len() as u64));
        let places: Vec<Place> = places.iter().copied().filter(|place| place.weight > 0).collect();
        let place_weights = cumulative(places.iter().map(|place| place.weight));
        Self { phrases, everyday, everyday_weights, places, place_weights }
    }

    /// A message without a place.
    pub(crate) fn plain(&self, dice: &mut Dice) -> Written {
        let phrase = dice.pick(&self.phrases.plain);
        self.write(phrase, None, dice)
    }

    /// A message about some place.
    pub(crate) fn everyday(&self, dice: &mut Dice) -> Written {
        let topic = self.everyday[dice.weighted(&self.everyday_weights)];
        let phrase = dice.pick(&self.phrases.with_place[topic]);
        self.write(phrase, None, dice)
    }

    /// A message about this place, mostly in the tone of work.
    pub(crate) fn about(&self, place: &Place, dice: &mut Dice) -> Written {
        let topic = if dice.per_mille(800) {
            dice.word(&WORK_TOPICS)
        } else {
            self.everyday[dice.weighted(&self.everyday_weights)]
        };
        let phrase = dice.pick(&self.phrases.with_place[topic]);
        self.write(phrase, Some(place), dice)
    }

    fn write(&self, phrase: &Phrase, about: Option<&Place>, dice: &mut Dice) -> Written {
        let mut written = Written { text: String::with_capacity(64), spans: Vec::new() };
        if dice.per_mille(180) {
            written.text.push_str(dice.word(&OPENINGS));
        }
        let mut about = about;
        for piece in phrase {
            self.write_piece(*piece, &mut about, &mut written, dice);
        }
        // Many type on: another thought, or two, without a place.
        while dice.per_mille(370) {
            written.text.push_str(dice.word(&JOINTS));
            for piece in dice.pick(&self.phrases.plain) {
                self.write_piece(*piece, &mut None, &mut written, dice);
            }
        }
        if dice.per_mille(330) {
            written.text.push_str(dice.word(&ENDINGS));
        }
        if dice.per_mille(220) {
            capitalise_first(&mut written.text);
        }
        written
    }

    fn write_piece(&self, piece: Piece, about: &mut Option<&Place>, written: &mut Written, dice: &mut Dice) {
        let text = &mut written.text;
        match piece {
            Piece::Words(words) if dice.per_mille(40) => push_with_slip(text, words, dice),
            Piece::Words(words) => text.push_str(words),
            Piece::Choice(choices) => text.push_str(dice.word(choices)),
            Piece::Number => push(text, format_args!("{}", 1 + dice.below(12))),
            Piece::Money => {
                push(text, format_args!("{}{}", dice.word(&["", "", "€", "€ "]), (1 + dice.below(60)) * 25));
            }
            Piece::Time => {
                let (hour, minute) = (dice.below(24), dice.below(4) * 15);
                match dice.below(4) {
                    0 => push(text, format_args!("{hour}u")),
                    1 => push(text, format_args!("{hour}.{minute:02}")),
                    _ => push(text, format_args!("{hour}:{minute:02}")),
                }
            }
            Piece::Place => {
                let place = about.take().unwrap_or_else(|| &self.places[dice.weighted(&self.place_weights)]);
                write_place(place, written, dice);
            }
        }
    }
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
}

/// Names a place in one of the ways people do, and marks it.
fn write_place(place: &Place, written: &mut Written, dice: &mut Dice) {
    let kind = match dice.below(1000) {
        0..18 => SpanKind::Coordinate,
        18..43 => SpanKind::Misspelt,
        _ => SpanKind::Name,
    };
    let text = &mut written.text;
    let mut start = text.len();
    match kind {
        SpanKind::Coordinate => write_coordinate(place, text, dice),
        SpanKind::Misspelt => push_misspelt(text, &place.name.to_lowercase(), dice),
        SpanKind::Name => {
            if dice.per_mille(25) {
                push(text, format_args!("{} ", place.postcode));
                start = text.len();
            }
            match dice.below(100) {
                0..62 => text.extend(place.name.chars().flat_map(char::to_lowercase)),
                62..98 => text.push_str(place.name),
                _ => text.extend(place.name.chars().flat_map(char::to_uppercase)),
            }
        }
    }
    written.spans.push(TruthSpan {
        start: start as u32,
        end: written.text.len() as u32,
        kind,
        place_name: place.name,
        municipality: place.municipality,
        province: place.province,
    });
}

/// A point within some 400 m, in whole hundred-thousandths of a degree.
fn write_coordinate(place: &Place, text: &mut String, dice: &mut Dice) {
    let near = |degrees: f64, dice: &mut Dice| (degrees * 1e5).round() as i64 + dice.below(800) as i64 - 400;
    let (lat, lon) = (near(place.lat, dice), near(place.lon, dice));
    let part = |number: i64| (number / 100_000, number % 100_000);
    let ((lat, lat_part), (lon, lon_part)) = (part(lat), part(lon));
    if dice.per_mille(500) {
        push(text, format_args!("https://maps.google.com/?q={lat}.{lat_part:05},{lon}.{lon_part:05}"));
    } else {
        push(text, format_args!("{lat}.{lat_part:05}, {lon}.{lon_part:05}"));
    }
}

/// Words with one slip of the thumb: a letter doubled, dropped, or swapped with the next.
fn push_with_slip(text: &mut String, words: &str, dice: &mut Dice) {
    let letters: Vec<char> = words.chars().collect();
    let at = dice.index(letters.len());
    let slip = if letters[at].is_alphabetic() { dice.below(3) } else { 3 };
    for (index, letter) in letters.iter().enumerate() {
        match slip {
            0 if index == at => text.extend([*letter, *letter]),
            1 if index == at => {}
            2 if index == at => {
                text.extend(letters.get(at + 1).copied().into_iter().chain([*letter]));
            }
            2 if index == at + 1 => {}
            _ => text.push(*letter),
        }
    }
}

/// A name with one letter doubled or dropped, never the first.
fn push_misspelt(text: &mut String, name: &str, dice: &mut Dice) {
    let letters: Vec<(usize, char)> =
        name.char_indices().skip(1).filter(|(_, letter)| letter.is_alphabetic()).collect();
    let (at, letter) = *dice.pick(&letters);
    text.push_str(&name[..at]);
    if dice.per_mille(500) {
        text.extend([letter, letter]);
    }
    text.push_str(&name[at + letter.len_utf8()..]);
}

fn capitalise_first(text: &mut str) {
    // Only ASCII keeps its length, and with it the spans.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
}
