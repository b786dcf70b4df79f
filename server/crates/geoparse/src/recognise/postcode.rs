//! Dutch postcodes: four digits and two letters, or four digits where the context says so.

/// Letter pairs that the post never gave out.
const NEVER: [[u8; 2]; 3] = [*b"SA", *b"SD", *b"SS"];

/// Letter pairs that stand behind a number as words, units and abbreviations: only the context makes them postcodes.
const WORDS: [&[u8; 2]; 55] = [
    b"AD", b"AF", b"AL", b"AM", b"AN", b"AT", b"AV", b"BC", b"CC", b"CD", b"CM", b"CV", b"DB", b"EK", b"EN", b"ER",
    b"EU", b"FF", b"GB", b"GP", b"HA", b"HP", b"HZ", b"IE", b"IN", b"IS", b"JE", b"KB", b"KG", b"KM", b"KW", b"MA",
    b"MB", b"ME", b"ML", b"MM", b"MS", b"NA", b"ND", b"NL", b"NM", b"NU", b"OF", b"OK", b"OM", b"OP", b"PK", b"RD",
    b"ST", b"TE", b"TH", b"TM", b"TV", b"WK", b"ZO",
];

/// A postcode found at four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Postcode {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) digits: u16,
    /// The two letters in capitals.
    pub(crate) letters: Option<[u8; 2]>,
    /// Whether the writing alone makes it a postcode.
    pub(crate) sure: bool,
    /// Whether the word `postcode` stands before it.
    pub(crate) announced: bool,
}

/// Reads a run of digits as a postcode. One of four digits alone comes back unsure; the context decides.
pub(crate) fn recognise(text: &str, start: usize, end: usize) -> Option<Postcode> {
    let bytes = text.as_bytes();
    if end - start != 4 || bytes[start] == b'0' {
        return None;
    }
    let before = text[..start].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '-' | '/' | '€' | '$' | ':' | '+' | '_'))
        && !text[..start].ends_with(", ")
    {
        return None;
    }
    let digits = bytes[start..end].iter().fold(0, |sum, b| sum * 10 + u16::from(b - b'0'));
    let announced = announced(text, start);
    if let Some((letters_end, letters, sure)) = letters(text, end) {
        let word = WORDS.contains(&&letters) && bytes[letters_end - 1].is_ascii_lowercase();
        if sure || (announced && !word) {
            return Some(Postcode { start, end: letters_end, digits, letters: Some(letters), sure: true, announced });
        }
        if !announced {
            return None;
        }
    }
    let after = text[end..].chars().next();
    let part_of_number = matches!(after, Some('.' | ',')) && digit_follows(bytes, end + 1);
    let closed =
        !part_of_number && after.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, ':' | '%' | '€' | '-' | '_')));
    closed.then_some(Postcode { start, end, digits, letters: None, sure: announced, announced })
}

fn digit_follows(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_digit)
}

/// The two letters behind the digits: where they end, in capitals, and whether they are sure to be a postcode's.
fn letters(text: &str, digits_end: usize) -> Option<(usize, [u8; 2], bool)> {
    let bytes = text.as_bytes();
    let mut at = digits_end;
    if bytes.get(at) == Some(&b' ') {
        at += 1;
    } else if text[at..].starts_with('\u{a0}') {
        at += 2;
    }
    let (&a, &b) = (bytes.get(at)?, bytes.get(at + 1)?);
    if !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic() || text[at + 2..].starts_with(|c: char| c.is_alphanumeric())
    {
        return None;
    }
    let capitals = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
    if NEVER.contains(&capitals) {
        return None;
    }
    let attached = at == digits_end;
    let written_as_one = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let word = WORDS.contains(&&capitals);
    let sure = match (written_as_one, attached) {
        (true, true) => true,
        (true, false) => !word,
        (false, true) => !word && a.is_ascii_lowercase() && b.is_ascii_lowercase(),
        (false, false) => false,
    };
    Some((at + 2, capitals, sure))
}

fn announced(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches([' ', ':', '=', '(']);
    let word_start = before
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let word = &before[word_start..];
    ["postcode", "pc", "pc4", "pc6", "postcodegebied", "zip"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(&str, bool)> {
        super::super::digit_runs(text, &[])
            .find_map(|(start, end)| recognise(text, start, end))
            .map(|p| (&text[p.start..p.end], p.sure))
    }

    #[test]
    fn postcodes_are_read_as_people_write_them() {
        for (text, expected) in [
            ("Dorpsstraat 1, 7934 PA Kerkenveld", Some(("7934 PA", true))),
            ("bij 7934PA.", Some(("7934PA", true))),
            ("7934pa kerkenveld", Some(("7934pa", true))),
            ("postcode 9774 of zo", Some(("9774", true))),
            ("postcode 9774 ab", Some(("9774 ab", true))),
            ("postcode: 7934", Some(("7934", true))),
            ("7934 Kerkenveld", Some(("7934", false))),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_before_words_are_no_postcodes() {
        for text in [
            "9774 of meer",
            "2021 at home",
            "1500 at",
            "2500 eu",
            "2016 EK",
            "1500km",
            "1000 SS",
            "tel 050-1234 AB",
            "0123 AB",
            "€1234 AB",
            "12345 AB",
            "1234 ABC",
            "om 14:1500",
        ] {
            let sure = found(text).is_some_and(|(_, sure)| sure);
            assert!(!sure, "{text}");
        }
    }
}
