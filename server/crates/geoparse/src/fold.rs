//! Folding: text reduced to what names are compared by, with exact offsets back to the original bytes.
//!
//! Lower case, no diacritics, ligatures spelled out, hyphens and other light separators as one space; every folded byte
//! knows the byte of the original it came from. Text and gazetteer names go through the same function, so what matches
//! is by construction equal when folded. Never here: knowledge of any particular name.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Stands between words; every word in folded text has one before it.
pub(crate) const SOFT: u8 = b' ';
/// Stands before a [`SOFT`] where no name may reach across: a comma, the end of a sentence, an emoji.
pub(crate) const HARD: u8 = 0x01;
/// An abbreviation such as `St.` or `Nw.` is at most this long; its full stop does not end a sentence.
const ABBREVIATION_LETTERS: usize = 3;

/// Folded text with its way back.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// The folded bytes: words, each with [`SOFT`] before it.
    pub(crate) bytes: Vec<u8>,
    /// The way back: from this folded byte on, up to the next step, bytes follow each other as in the original, from this offset.
    steps: Vec<(u32, u32)>,
    /// Letters written as capitals.
    pub(crate) upper: u32,
    /// Letters written small.
    pub(crate) lower: u32,
}

impl Folded {
    /// Where a name lies in the original: as [`Self::source_range`], with the apostrophe of `'s-` and `'t` before it.
    pub(crate) fn name_range(&self, text: &str, start: usize, end: usize) -> (usize, usize) {
        let (from, to) = self.source_range(start, end);
        let article = matches!(self.bytes.get(start..start + 2), Some(b"s " | b"t "));
        let apostrophe = text[..from]
            .chars()
            .next_back()
            .filter(|c| article && matches!(c, '\'' | '`' | '’' | '‘' | 'ʼ' | '´' | '′'));
        (from - apostrophe.map_or(0, char::len_utf8), to)
    }

    /// Where a range of folded bytes lies in the original. Marks and invisible characters behind a letter belong to it.
    pub(crate) fn source_range(&self, start: usize, end: usize) -> (usize, usize) {
        (self.source(start), self.source(end))
    }

    /// The original offset of the character that a folded byte came from.
    fn source(&self, at: usize) -> usize {
        let step = self.steps.partition_point(|&(from, _)| from as usize <= at);
        let (from, source) = self.steps[step - 1];
        source as usize + (at - from as usize)
    }
}

/// Folds a text, leaving out the masked ranges (sorted, on character boundaries): they read as hard separators.
pub(crate) fn fold(text: &str, masked: &[(usize, usize)]) -> Folded {
    let mut folder = Folder::new(text.len());
    let bytes = text.as_bytes();
    let mut masks = masked.iter().peekable();
    let mut at = 0;
    while at < bytes.len() {
        if let Some(&&(start, end)) = masks.peek()
            && at >= start
        {
            masks.next();
            folder.separate(Separator::Hard, at);
            at = at.max(end);
            continue;
        }
        let byte = bytes[at];
        if byte.is_ascii_alphanumeric() {
            let end = masks.peek().map_or(bytes.len(), |&&(start, _)| start);
            at = folder.run(&bytes[..end], at);
        } else if byte.is_ascii() {
            folder.sign(bytes, at, byte);
            at += 1;
        } else {
            // `at` is always on a character boundary: it moves by whole characters.
            let Some(c) = text[at..].chars().next() else {
                break;
            };
            folder.unicode(text, at, c);
            at += c.len_utf8();
        }
    }
    let mut from = 0;
    for &(start, end) in masked.iter().chain([&(bytes.len(), bytes.len())]) {
        let (upper, lower) = cases(bytes.get(from..start).unwrap_or_default());
        folder.out.upper += upper;
        folder.out.lower += lower;
        from = from.max(end);
    }
    folder.finish(text.len())
}

/// Folds a name to its pattern: what [`fold`] makes of it, without the leading separator. Empty when nothing is left.
pub fn fold_name(name: &str) -> String {
    let folded = fold(name, &[]);
    let words = folded.bytes.into_iter().filter(|&b| b != HARD).collect::<Vec<u8>>();
    String::from_utf8(words).map(|s| s.trim().to_owned()).unwrap_or_default()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Separator {
    None,
    Soft,
    Hard,
}

struct Folder {
    out: Folded,
    /// Original offset less folded offset, as of the last step.
    shift: u32,
    pending: Separator,
    pending_at: u32,
    /// Where the word being written starts.
    word: usize,
}

impl Folder {
    fn new(capacity: usize) -> Self {
        let out = Folded {
            bytes: Vec::with_capacity(capacity + capacity / 8 + 8),
            steps: Vec::with_capacity(capacity / 16 + 4),
            upper: 0,
            lower: 0,
        };
        // The first byte is a step, whatever its offset.
        Self { out, shift: u32::MAX, pending: Separator::Soft, pending_at: 0, word: 0 }
    }

    /// Letters and digits of ASCII from here on, with single spaces between them, at once; returns where they end.
    fn run(&mut self, bytes: &[u8], at: usize) -> usize {
        self.start_word();
        self.step(at as u32);
        let mut before = LETTER;
        let mut word = self.word;
        let shift = self.out.bytes.len().wrapping_sub(at);
        let mut end = at;
        for (&byte, position) in bytes[at..].iter().zip(at..) {
            let class = CLASSES[usize::from(byte)];
            if (class & OTHER) | (class & before & SPACE) != 0 {
                break;
            }
            if before == SPACE {
                word = position.wrapping_add(shift);
            }
            before = class;
            end = position + 1;
        }
        // A space belongs to what follows.
        end -= usize::from(before == SPACE);
        self.word = word;
        self.out.bytes.extend(bytes[at..end].iter().map(u8::to_ascii_lowercase));
        end
    }

    fn sign(&mut self, bytes: &[u8], at: usize, byte: u8) {
        match byte {
            b'\'' | b'`' => {
                self.apostrophe(at, bytes.get(at + 1).is_some_and(|&b| b.is_ascii_alphabetic() || b >= 0x80));
            }
            b' ' | b'\t' | b'_' | b'/' => self.separate(Separator::Soft, at),
            b'-' => {
                let spaced = at > 0 && bytes[at - 1] == b' ' && bytes.get(at + 1) == Some(&b' ');
                self.separate(if spaced { Separator::Hard } else { Separator::Soft }, at);
            }
            b'.' => {
                let abbreviation = (1..=ABBREVIATION_LETTERS).contains(&self.letters());
                self.separate(if abbreviation { Separator::Soft } else { Separator::Hard }, at);
            }
            _ => self.separate(Separator::Hard, at),
        }
    }

    fn unicode(&mut self, text: &str, at: usize, c: char) {
        match c {
            '’' | '‘' | 'ʼ' | '´' | '′' => {
                let next = text[at + c.len_utf8()..].chars().next();
                self.apostrophe(at, next.is_some_and(char::is_alphabetic));
            }
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '‐' | '‑' | '‒' | '–' | '—' => {
                self.separate(Separator::Soft, at);
            }
            _ if is_invisible(c) || is_combining_mark(c) => {}
            _ if c.is_alphanumeric() => self.letter(at, c),
            _ => self.separate(Separator::Hard, at),
        }
    }

    fn letter(&mut self, at: usize, c: char) {
        if c.is_uppercase() {
            self.out.upper += 1;
        } else if c.is_lowercase() {
            self.out.lower += 1;
        }
        // A sign that decomposes into more than letters ("℀" is a/c) would give a name a start inside one character.
        let mut whole = true;
        decompose_compatible(c, |d| whole &= d.is_alphanumeric() || is_combining_mark(d));
        if !whole {
            self.separate(Separator::Hard, at);
            return;
        }
        decompose_compatible(c, |d| {
            if !is_combining_mark(d) {
                for small in d.to_lowercase().filter(|&s| !is_combining_mark(s)) {
                    self.push_folded(small, at);
                }
            }
        });
    }

    fn push_folded(&mut self, c: char, at: usize) {
        let spelled = match c {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'đ' | 'ð' => "d",
            'ł' => "l",
            'ı' => "i",
            'þ' => "th",
            _ => {
                let mut buffer = [0; 4];
                for &byte in c.encode_utf8(&mut buffer).as_bytes() {
                    self.push(byte, at);
                }
                return;
            }
        };
        for &byte in spelled.as_bytes() {
            self.push(byte, at);
        }
    }

    /// Between two letters an apostrophe belongs to the word (`a'dam`); anywhere else it separates (`'s-Gravenhage`).
    fn apostrophe(&mut self, at: usize, letter_follows: bool) {
        if self.letters() > 0 && letter_follows {
            self.push(b'\'', at);
        } else {
            self.separate(Separator::Soft, at);
        }
    }

    /// Folded bytes of the word being written; none after a separator.
    fn letters(&self) -> usize {
        if self.pending == Separator::None { self.out.bytes.len() - self.word } else { 0 }
    }

    fn separate(&mut self, separator: Separator, at: usize) {
        if self.pending == Separator::None {
            self.pending_at = at as u32;
        }
        self.pending = self.pending.max(separator);
    }

    fn push(&mut self, byte: u8, at: usize) {
        self.start_word();
        self.raw(byte, at as u32);
    }

    /// Writes the separator that a word waits behind.
    fn start_word(&mut self) {
        if self.pending == Separator::None {
            return;
        }
        if self.pending == Separator::Hard {
            self.raw(HARD, self.pending_at);
        }
        self.raw(SOFT, self.pending_at);
        self.pending = Separator::None;
        self.word = self.out.bytes.len();
    }

    fn raw(&mut self, byte: u8, at: u32) {
        self.step(at);
        self.out.bytes.push(byte);
    }

    /// Notes where the next folded byte comes from, unless it follows the last one.
    fn step(&mut self, at: u32) {
        let here = self.out.bytes.len() as u32;
        let shift = at.wrapping_sub(here);
        if shift != self.shift || self.out.steps.is_empty() {
            self.shift = shift;
            self.out.steps.push((here, at));
        }
    }

    fn finish(mut self, length: usize) -> Folded {
        if self.pending != Separator::None && !self.out.bytes.is_empty() {
            self.raw(HARD, self.pending_at);
        }
        self.step(length as u32);
        self.out
    }
}

/// What a byte is to [`Folder::run`].
const LETTER: u8 = 0;
const SPACE: u8 = 1;
const OTHER: u8 = 2;

const CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            classes[byte as usize] = LETTER;
        }
        byte += 1;
    }
    classes[SOFT as usize] = SPACE;
    classes
};

/// How many bytes are capitals of ASCII, and how many small letters.
fn cases(bytes: &[u8]) -> (u32, u32) {
    let count = |is: fn(&u8) -> bool| {
        // In bytes, of which a vector holds many.
        let counts = bytes.chunks(255).map(|chunk| chunk.iter().map(|byte| u8::from(is(byte))).sum::<u8>());
        counts.map(u32::from).sum()
    };
    (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase))
}

/// Characters that show nothing: zero-width and directional marks, soft hyphen, variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_alike() {
        for (spellings, folded) in [
            (&["'s-Gravenhage", "’s Gravenhage", "s-Gravenhage", "'S-GRAVENHAGE"][..], "s gravenhage"),
            (&["A'dam", "a’dam", "A`dam"][..], "a'dam"),
            (&["Súdwest-Fryslân", "Sudwest Fryslan", "Su\u{301}dwest\u{ad}-Frysla\u{302}n"][..], "sudwest fryslan"),
            (&["Großenkneten", "GROSSENKNETEN"][..], "grossenkneten"),
            (&["St. Nicolaasga", "St Nicolaasga", "St.-Nicolaasga"][..], "st nicolaasga"),
            (&["İzmir", "Izmir", "i\u{307}zmir"][..], "izmir"),
            (&["ĳsselstein", "IJsselstein"][..], "ijsselstein"),
        ] {
            for spelling in spellings {
                assert_eq!(fold_name(spelling), folded, "{spelling}");
            }
        }
    }

    #[test]
    fn offsets_lead_back_over_characters_that_change_length() {
        let text = "🙂 İn Münster\u{301}, ß";
        let folded = fold(text, &[]);
        let at = memchr::memmem::find(&folded.bytes, b"munster").unwrap();
        let (start, end) = folded.source_range(at, at + 7);
        assert_eq!(&text[start..end], "Münster\u{301}");
        let at = memchr::memmem::find(&folded.bytes, b" ss").unwrap() + 1;
        let (start, end) = folded.source_range(at, at + 2);
        assert_eq!(&text[start..end], "ß");
    }

    #[test]
    fn a_sentence_end_separates_harder_than_an_abbreviation() {
        assert_eq!(fold("St. Anna", &[]).bytes, b" st anna");
        assert_eq!(fold("Emmen. Anna", &[]).bytes, b" emmen\x01 anna");
        assert_eq!(fold("Alphen a/d Rijn", &[]).bytes, b" alphen a d rijn");
        assert_eq!(fold("Emmen - Assen", &[]).bytes, b" emmen\x01 assen");
    }

    #[test]
    fn masked_ranges_are_left_out() {
        assert_eq!(fold("in x://assen nu", &[(3, 12)]).bytes, b" in\x01 nu");
    }

    #[test]
    fn a_sign_of_several_letters_is_no_word() {
        assert_eq!(fold("a ℀ b", &[]).bytes, b" a\x01 b");
    }
}
