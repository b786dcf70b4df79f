//! Numbered roads: `A28`, `N48`, with an exit or hectometre post behind them.
//!
//! The product has no geometry of roads: what is found here is placed by the place named beside it, and nowhere without one.

use super::digits;

/// Motorways of the Netherlands (Rijkswaterstaat): a number that is none of them is something else, paper for instance.
const MOTORWAYS: [u16; 47] = [
    1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17, 18, 20, 22, 24, 27, 28, 29, 30, 31, 32, 35, 37, 38, 44, 50, 58, 59,
    65, 67, 73, 74, 76, 77, 79, 200, 205, 208, 256, 261, 270, 325, 326, 348,
];
/// Words between which and a road's number nothing stands: `op de A28`, `via de N48`.
const BEFORE: [&str; 14] = [
    "de", "op", "via", "langs", "over", "vanaf", "naar", "snelweg", "rijksweg", "afrit", "afslag", "tot", "autoweg",
    "vd",
];
/// Words behind a road's number that say that it is one.
const AFTER: [&str; 17] = [
    "richting",
    "bij",
    "thv",
    "ter",
    "tussen",
    "naar",
    "afslag",
    "afrit",
    "hmp",
    "hm",
    "hectometerpaal",
    "re",
    "li",
    "rechts",
    "links",
    "ri",
    "knooppunt",
];
/// Words between the number and the number of an exit or post.
const POSTS: [&str; 6] = ["afslag", "afrit", "hmp", "hm", "hectometerpaal", "km"];
/// Side of the road as emergency services write it.
const SIDES: [&str; 6] = ["re", "li", "rechts", "links", "r", "l"];

/// A road where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Road {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// `A` or `N`.
    pub(crate) letter: char,
    pub(crate) number: u16,
}

/// A road whose number is these digits.
pub(crate) fn recognise(text: &str, digits_at: usize, digits_end: usize) -> Option<Road> {
    if !(1..=3).contains(&(digits_end - digits_at)) || text.as_bytes()[digits_at] == b'0' {
        return None;
    }
    let before = text[..digits_at].strip_suffix([' ', '-']).unwrap_or(&text[..digits_at]);
    let letter = before.chars().next_back().filter(|c| matches!(c, 'A' | 'a' | 'N' | 'n'))?;
    let start = before.len() - 1;
    if text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '-') {
        return None;
    }
    let number: u16 = text[digits_at..digits_end].parse().ok()?;
    let letter = letter.to_ascii_uppercase();
    if letter == 'A' && !MOTORWAYS.contains(&number) {
        return None;
    }
    if text[digits_end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '%' | '€')) {
        return None;
    }
    let end = with_post(text, digits_end);
    let is_told = end > digits_end
        || word_is(last_word(&text[..start]), &BEFORE)
        || word_is(first_word(&text[digits_end..]), &AFTER);
    is_told.then_some(Road { start, end, letter, number })
}

/// Where the exit or post behind the number ends: ` afslag 26`, ` Re 143,2`, ` hmp 143.2`.
fn with_post(text: &str, from: usize) -> usize {
    let mut at = from;
    let mut named = false;
    for known in [&SIDES[..], &POSTS[..]] {
        let rest = &text[at..];
        let word = first_word(rest);
        if word_is(word, known) {
            named = true;
            at += word.as_ptr() as usize - rest.as_ptr() as usize + word.len();
        }
    }
    let rest = &text[at..];
    let number = rest.trim_start_matches([' ', ':', ',']);
    let skipped = rest.len() - number.len();
    let whole = digits(number.as_bytes(), 0, 4);
    if !named || whole == 0 || whole > 3 || skipped > 2 {
        return from;
    }
    let bytes = number.as_bytes();
    let decimals = if matches!(bytes.get(whole), Some(b',' | b'.')) { digits(bytes, whole + 1, 2) } else { 0 };
    let length = whole + if decimals > 0 { 1 + decimals } else { 0 };
    at + skipped + length
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches([' ', ',']);
    &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())]
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(' ');
    let start = text
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

fn word_is(word: &str, known: &[&str]) -> bool {
    known.iter().any(|one| one.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        super::super::digit_runs(text, &[])
            .find_map(|(start, end)| recognise(text, start, end))
            .map(|road| &text[road.start..road.end])
    }

    #[test]
    fn roads_are_read_with_their_exit_or_post() {
        for (text, road) in [
            ("op de A28 bij Hoogeveen", "A28"),
            ("A28 afslag 26 eruit", "A28 afslag 26"),
            ("ongeval A28 Re 143,2 Hoogeveen", "A28 Re 143,2"),
            ("N48 hmp 12.3", "N48 hmp 12.3"),
            ("via de n34 naar emmen", "n34"),
            ("snelweg A 32", "A 32"),
        ] {
            assert_eq!(found(text), Some(road), "{text}");
        }
    }

    #[test]
    fn paper_and_other_numbers_are_no_roads() {
        for text in [
            "een A4'tje",
            "print op A3",
            "2 blaadjes a4 graag",
            "N1 van de nacht",
            "BA28 op",
            "de A280",
            "a 5 euro",
            "op de N",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
