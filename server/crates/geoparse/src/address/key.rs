//! Keys of street names: what two writings of one street have in common.
//!
//! A name is folded, its words are brought to their shortest writing (`straat` to `str`, `burgemeester` to `burg`, `van der` to
//! `vd`) and written without spaces, so that "Burg. v.d. Meer straat" and "Burgemeester van der Meerstraat" have one key. File
//! and text go through the same function.

use crate::fold::fold;
use crate::resolve::context::words;

/// Longest name in words that is looked for.
pub(crate) const MOST_WORDS: usize = 8;

/// Endings of street names with the short writing that stands in the key.
const SHORT_ENDINGS: [(&[u8], &[u8]); 5] =
    [(b"straat", b"str"), (b"laan", b"ln"), (b"weg", b"wg"), (b"plein", b"pln"), (b"singel", b"sngl")];

/// Last three letters of words that may end as street names do.
const TAILS: [&[u8; 3]; 36] = [
    b"aat", b"str", b"weg", b"pln", b"pad", b"hof", b"wal", b"dyk", b"wei", b"erf", b"wyk", b"aan", b"ein", b"ade",
    b"ijk", b"gel", b"eeg", b"cht", b"eef", b"rkt", b"ink", b"ark", b"nde", b"ven", b"oen", b"ard", b"lee", b"oek",
    b"aad", b"tte", b"ane", b"ren", b"iep", b"art", b"ing", b"ute",
];

/// A bit for each three letters of [`TAILS`], and for all that end in `wg` and `ln`: most words of a message are thrown out by
/// one look at it.
static TAIL_BITS: [u64; 512] = tail_bits();

const fn tail_bits() -> [u64; 512] {
    let mut bits = [0; 512];
    let mut index = 0;
    while index < TAILS.len() {
        let at = tail_number(*TAILS[index]);
        bits[at / 64] |= 1 << (at % 64);
        index += 1;
    }
    let mut first = 0;
    while first < 32 {
        let (wg, ln) = (tail_number([first, b'w', b'g']), tail_number([first, b'l', b'n']));
        bits[wg / 64] |= 1 << (wg % 64);
        bits[ln / 64] |= 1 << (ln % 64);
        first += 1;
    }
    bits
}

/// Three letters by their low five bits, which tell the letters apart.
const fn tail_number(tail: [u8; 3]) -> usize {
    (tail[0] as usize & 31) << 10 | (tail[1] as usize & 31) << 5 | (tail[2] as usize & 31)
}

/// Whether a folded word ends as street names do.
pub(crate) fn ends_like_a_street(word: &[u8]) -> bool {
    let Some(tail) = word.last_chunk::<3>() else { return false };
    let at = tail_number(*tail);
    TAIL_BITS[at / 64] >> (at % 64) & 1 == 1 && has_ending(word, *tail)
}

fn has_ending(word: &[u8], tail: [u8; 3]) -> bool {
    let ending: &[u8] = match &tail {
        b"aat" => b"straat",
        b"str" | b"weg" | b"pln" | b"pad" | b"hof" | b"wal" | b"dyk" | b"wei" | b"erf" | b"wyk" => return true,
        b"aan" => return word.ends_with(b"laan") || word.ends_with(b"baan"),
        b"ein" => b"plein",
        b"ade" => b"kade",
        b"ijk" => b"dijk",
        b"gel" => b"singel",
        b"eeg" => b"steeg",
        b"cht" => b"gracht",
        b"eef" => b"dreef",
        b"rkt" => b"markt",
        b"ink" => b"brink",
        b"ark" => b"park",
        b"nde" => b"einde",
        b"ven" => b"haven",
        b"oen" => b"plantsoen",
        b"ard" => b"boulevard",
        b"lee" => b"allee",
        b"oek" => b"hoek",
        b"aad" => b"paad",
        b"tte" => b"strjitte",
        b"ane" => return word.ends_with(b"leane") || word.ends_with(b"loane"),
        b"ren" => b"buorren",
        b"iep" => b"diep",
        b"art" => b"vaart",
        b"ing" => return word.ends_with(b"ring") && word.len() > 6,
        b"ute" => b"route",
        _ => return tail[1..] == *b"wg" || tail[1..] == *b"ln",
    };
    word.ends_with(ending)
}

/// Whether a word is nothing but such an ending: "Dorps straat".
pub(crate) fn is_bare_ending(word: &[u8]) -> bool {
    matches!(
        word,
        b"straat"
            | b"str"
            | b"laan"
            | b"ln"
            | b"weg"
            | b"wg"
            | b"plein"
            | b"pln"
            | b"singel"
            | b"gracht"
            | b"kade"
            | b"dijk"
            | b"hof"
            | b"pad"
            | b"markt"
            | b"steeg"
            | b"dreef"
            | b"park"
            | b"brink"
            | b"wal"
            | b"hoek"
            | b"diep"
            | b"haven"
            | b"einde"
            | b"baan"
            | b"ring"
            | b"erf"
            | b"wei"
            | b"vaart"
            | b"plantsoen"
            | b"boulevard"
    )
}

/// Whether people write this ending apart from its word: "Dorps straat". Never `weg`, which is more often "gone".
pub(crate) fn may_stand_apart(ending: &[u8]) -> bool {
    matches!(
        ending,
        b"straat" | b"str" | b"laan" | b"ln" | b"plein" | b"pln" | b"singel" | b"gracht" | b"steeg" | b"dreef"
    )
}

/// Titles, shortened as people write them in the names of streets.
fn shortened(word: &[u8]) -> &[u8] {
    match word {
        b"burgemeester" | b"burgem" | b"bgm" | b"burgm" => b"burg",
        b"president" => b"pres",
        b"doctor" | b"dokter" => b"dr",
        b"professor" => b"prof",
        b"sint" => b"st",
        b"koningin" | b"kon" => b"kon",
        b"prins" | b"prinses" | b"prs" => b"pr",
        b"generaal" => b"gen",
        b"meester" => b"mr",
        b"pastoor" => b"past",
        b"dominee" => b"ds",
        b"ingenieur" => b"ir",
        b"admiraal" => b"adm",
        b"kapitein" | b"kapt" => b"kap",
        b"luitenant" => b"lt",
        b"minister" => b"min",
        b"notaris" => b"not",
        b"monseigneur" => b"mgr",
        b"eerste" | b"1ste" => b"1e",
        b"tweede" | b"2de" => b"2e",
        b"derde" | b"3de" => b"3e",
        b"vierde" | b"4de" => b"4e",
        b"vijfde" | b"5de" => b"5e",
        b"het" => b"t",
        b"groote" => b"grote",
        _ => word,
    }
}

/// Whether a full stop behind this folded word shortens it, however long it is: `burg.`, `pres.`.
pub(crate) fn is_abbreviation(word: &[u8]) -> bool {
    matches!(word, b"burg" | b"burgem" | b"pres" | b"prof" | b"past" | b"wilh" | b"kapt" | b"prins" | b"gebr")
}

/// Writes the key of these folded words; returns how many words that are, `van der` being one.
pub(crate) fn key<'w>(words: impl Iterator<Item = &'w [u8]>, out: &mut Vec<u8>) -> usize {
    out.clear();
    let mut count = 0;
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        count += 1;
        if matches!(word, b"van" | b"v") {
            let particle = words.next_if(|next| matches!(*next, b"de" | b"der" | b"den" | b"d" | b"t" | b"het"));
            out.extend_from_slice(match particle {
                Some(b"t" | b"het") => b"vt",
                Some(_) => b"vd",
                None => b"v",
            });
            continue;
        }
        let word = shortened(word);
        let ending = SHORT_ENDINGS.iter().find(|(long, _)| word.ends_with(long));
        let (stem, ending) =
            ending.map_or((word, &b""[..]), |(long, short)| (&word[..word.len() - long.len()], *short));
        out.extend(stem.iter().filter(|byte| **byte != b'\''));
        out.extend_from_slice(ending);
    }
    count
}

/// The key of the last word of a name by itself.
pub(crate) fn key_of_word(word: &[u8], out: &mut Vec<u8>) {
    key(std::iter::once(word), out);
}

/// A street's name as its file tells it: key, key of its last word, how many words; and the key without article or title.
pub(super) struct NameKeys {
    pub(super) whole: Vec<u8>,
    pub(super) last: Vec<u8>,
    pub(super) words: usize,
    /// Words as [`key`] counts them.
    pub(super) counted: usize,
    pub(super) shorter: Option<Vec<u8>>,
}

/// Makes the keys of a name; `None` when nothing of it is a letter or digit.
pub(super) fn keys_of_name(name: &str) -> Option<NameKeys> {
    let folded = fold(name, &[]);
    let all: Vec<&[u8]> =
        words(&folded.bytes).map(|(start, end)| &folded.bytes[start..end]).filter(|word| !word.is_empty()).collect();
    let last_word = all.last()?;
    let (mut whole, mut last) = (Vec::new(), Vec::new());
    let counted = key(all.iter().copied(), &mut whole);
    key_of_word(last_word, &mut last);
    let dropped = all.iter().take_while(|word| is_droppable(word)).count();
    let shorter = (dropped > 0 && dropped < all.len()).then(|| {
        let mut shorter = Vec::new();
        key(all[dropped..].iter().copied(), &mut shorter);
        shorter
    });
    Some(NameKeys { whole, last, words: all.len(), counted, shorter: shorter.filter(|key| key.len() > 3) })
}

/// Words at the front that people leave out: articles, titles, initials.
fn is_droppable(word: &[u8]) -> bool {
    word.len() == 1
        || matches!(
            shortened(word),
            b"de"
                | b"burg"
                | b"pres"
                | b"dr"
                | b"prof"
                | b"gen"
                | b"mr"
                | b"ds"
                | b"ir"
                | b"adm"
                | b"past"
                | b"min"
                | b"mgr"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(name: &str) -> String {
        String::from_utf8(keys_of_name(name).unwrap().whole).unwrap()
    }

    #[test]
    fn writings_of_one_street_have_one_key() {
        for writings in [
            &["Dorpsstraat", "dorpsstr", "dorps straat", "DORPSSTR."][..],
            &["Burgemeester van der Meerlaan", "Burg. v.d. Meerlaan", "burg vd meer ln", "Burg v/d Meerlaan"],
            &["Sint Jansweg", "St. Jansweg", "st jans wg"],
            &["Eerste Kruisweg", "1e kruisweg", "1ste Kruiswg"],
            &["'t Veld", "het veld", "’t Veld"],
            &["Café Plein", "cafeplein", "cafépln"],
        ] {
            for writing in writings {
                assert_eq!(key_of(writing), key_of(writings[0]), "{writing}");
            }
        }
        assert_ne!(key_of("Dorpsweg"), key_of("Dorpsstraat"));
    }

    #[test]
    fn articles_titles_and_initials_may_be_left_out() {
        for (name, shorter) in
            [("De Brink", Some("brink")), ("Burg. J.G. Legroweg", Some("legrowg")), ("Dorpsstraat", None), ("A", None)]
        {
            let shorter_key = keys_of_name(name).unwrap().shorter.map(|key| String::from_utf8(key).unwrap());
            assert_eq!(shorter_key.as_deref(), shorter, "{name}");
        }
    }

    #[test]
    fn words_end_like_streets_or_do_not() {
        for word in ["dorpsstraat", "weg", "kerkln", "reestweg", "brink", "westeinde", "hooltpad", "fjildwei"] {
            assert!(ends_like_a_street(word.as_bytes()), "{word}");
        }
        for word in ["", "a", "gaan", "praat", "denk", "werk", "maken", "ergens"] {
            assert!(!ends_like_a_street(word.as_bytes()), "{word}");
        }
    }
}
