//! What a word is, for every backend: texts are cut into words here, and so is what people type into the word box. The backends
//! index what they are given and never cut by rules of their own, so that the same words hit the same messages everywhere.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut: an index of PostgreSQL holds words of at most 2,046 bytes. Two words alike for so long count as one.
const WORD_BYTES: usize = 1_000;

/// Terms of a query beyond these are left out: nobody types so many, and a selection by so many words is as narrow.
const TERMS: usize = 100;

/// The words of a text in order, one space between: runs of letters and digits, in lower case and without diacritics.
pub(crate) fn words_of(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            push(&mut words, byte.is_ascii_alphanumeric().then(|| byte.to_ascii_lowercase() as char));
        }
    } else {
        for char in text.chars().flat_map(char::to_lowercase).nfd() {
            // A mark belongs to the letter before it, wherever it stands; a sigma is one at the end of a word, too.
            match char {
                mark if is_combining_mark(mark) => {}
                'ς' => push(&mut words, Some('σ')),
                other => push(&mut words, other.is_alphanumeric().then_some(other)),
            }
        }
    }
    words.truncate(words.trim_end_matches(' ').len());
    if words.len() > WORD_BYTES { cut(&words) } else { words }
}

/// Adds a letter, or the end of a word.
fn push(words: &mut String, letter: Option<char>) {
    match letter {
        Some(letter) => words.push(letter),
        None if words.is_empty() || words.ends_with(' ') => {}
        None => words.push(' '),
    }
}

/// The same with words of bearable length.
fn cut(words: &str) -> String {
    words.split(' ').map(|word| &word[..word.floor_char_boundary(WORD_BYTES)]).collect::<Vec<_>>().join(" ")
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// Words that stand next to each other, one space between.
    pub(crate) words: String,
    /// Whether the last of them may go on.
    pub(crate) is_prefix: bool,
}

/// Reads what was typed: every word must be there, `"a phrase"` in that order, `loods*` with any ending.
///
/// Nothing else has a meaning, so that nothing can be a syntax error. Nothing to look for gives no terms.
pub(crate) fn terms(typed: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut add = |words: &str, is_prefix| {
        let term = Term { words: words_of(words), is_prefix };
        if !term.words.is_empty() && terms.len() < TERMS && !terms.contains(&term) {
            terms.push(term);
        }
    };
    for (i, part) in typed.split('"').enumerate() {
        if i % 2 == 1 {
            add(part, false);
        } else {
            part.split_whitespace().for_each(|word| add(word, word.ends_with('*')));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_folded_words() {
        for (text, expected) in [
            ("Loods in KERKENVELD!", "loods in kerkenveld"),
            ("kerkenvèld, Kerkenve\u{300}ld", "kerkenveld kerkenveld"),
            ("'s-Gravenhage foto's", "s gravenhage foto s"),
            ("  3,5 kg/1e5  ", "3 5 kg 1e5"),
            ("a\0b \u{0} c", "a b c"),
            ("🚚loods🚚", "loods"),
            ("İstanbul ẞ Ǆ", "istanbul ß ǆ"),
            ("Ελλάδα ΟΔΟΣ οδός москва́", "ελλαδα οδοσ οδοσ москва"),
            ("\u{301}", ""),
            ("…", ""),
        ] {
            assert_eq!(words_of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_of_any_length_is_cut_between_characters() {
        let long = words_of(&format!("kort {} é", "ƶe".repeat(2_000)));
        assert_eq!(long.split(' ').map(str::len).collect::<Vec<_>>(), [4, 999, 1]);
        let within = words_of(&"€ﬀ".repeat(1_000));
        assert!(within.split(' ').all(|word| word.len() <= WORD_BYTES));
    }

    #[test]
    fn words_phrases_and_prefixes_are_told_apart() {
        for (typed, expected) in [
            ("Loods kerkenveld", vec![("loods", false), ("kerkenveld", false)]),
            (r#""grote Loods" vaten"#, vec![("grote loods", false), ("vaten", false)]),
            ("vat* VAT* foto's", vec![("vat", true), ("foto s", false)]),
            ("a AND (b", vec![("a", false), ("and", false), ("b", false)]),
            (r#"half "open*"#, vec![("half", false), ("open", false)]),
            ("* - \" \" 🚚", vec![]),
            ("", vec![]),
        ] {
            let found = terms(typed);
            let found: Vec<_> = found.iter().map(|term| (term.words.as_str(), term.is_prefix)).collect();
            assert_eq!(found, expected, "{typed}");
        }
    }

    #[test]
    fn a_query_of_any_size_has_a_bounded_number_of_terms() {
        let typed = (0..5_000).map(|i| format!("w{i}")).collect::<Vec<_>>().join(" ");
        assert_eq!(terms(&typed).len(), TERMS);
    }
}
