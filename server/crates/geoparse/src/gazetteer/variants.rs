//! Other spellings that a name has by rule: `St.` for `Sint`, `Nw` for `Nieuw`, `a/d` for `aan den`, one word in a hashtag.

/// How a spelling relates to the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Form {
    /// The preferred name.
    Preferred,
    /// Another name from the gazetteer.
    OtherName,
    /// A spelling made by rule.
    Variant,
    /// Written as one word; counts in a hashtag only.
    Spaceless,
    /// The head of a long name: `Capelle` for `Capelle aan den IJssel`.
    Short,
    /// From the list of nicknames.
    Nickname,
    /// A telephone area code used for a city.
    AreaCode,
    /// An abbreviation that counts in capitals only: `VS`.
    Capitals,
    /// `Hoogeveense`, `Groninger`: of the place, not the place.
    Inflection,
    /// A country's code as results of matches give it; counts in brackets only: `(Fra)`.
    Code,
}

/// Words of a name and how else they are written. Folded on both sides.
const ABBREVIATIONS: [(&str, &[&str]); 9] = [
    ("sint ", &["st ", "st"]),
    ("nieuw ", &["nw "]),
    ("nieuwe ", &["nwe ", "nw "]),
    (" aan den ", &[" a d ", " ad ", " a den ", " aan de "]),
    (" aan de ", &[" a d ", " ad ", " aan den "]),
    (" aan het ", &[" a h ", " aan t "]),
    (" aan zee", &[" a zee", " a z"]),
    (" op zoom", &[" o zoom", " o z"]),
    ("saint ", &["st "]),
];

/// Between the head of a name and what places it: `Alphen | aan den Rijn`.
const HEAD_ENDS: [&str; 4] = [" aan den ", " aan de ", " aan het ", " a d "];

/// A short form stands alone only when its place is this large.
const SHORT_FORM_POPULATION: u32 = 20_000;

/// The spellings that follow from a folded name.
pub(crate) fn variants(folded: &str, population: Option<u32>) -> Vec<(String, Form)> {
    let mut found = Vec::new();
    let mut spellings = vec![folded.to_owned()];
    for (word, others) in ABBREVIATIONS {
        let at_start = !word.starts_with(' ');
        let Some(at) = folded.find(word).filter(|&at| !at_start || at == 0 || folded.as_bytes()[at - 1] == b' ') else {
            continue;
        };
        for other in others {
            spellings.push(format!("{}{other}{}", &folded[..at], &folded[at + word.len()..]));
        }
    }
    // 's-Gravenhage loses its apostrophe in folding; people also write sGravenhage.
    for article in ["s ", "t "] {
        if let Some(rest) = folded.strip_prefix(article) {
            spellings.push(format!("{}{rest}", article.trim_end()));
        }
    }
    for spelling in spellings.iter().skip(1) {
        found.push((spelling.clone(), Form::Variant));
    }
    for spelling in &spellings {
        if spelling.contains(' ') {
            found.push((spelling.replace(' ', ""), Form::Spaceless));
        }
    }
    if population >= Some(SHORT_FORM_POPULATION)
        && let Some(head) = HEAD_ENDS.iter().find_map(|end| folded.split_once(end)).map(|(head, _)| head)
    {
        found.push((head.to_owned(), Form::Short));
    }
    found
}

/// A place's people and things are spoken of as its own from this many inhabitants on.
const INFLECTED_POPULATION: u32 = 3_000;

/// Words made from a folded name of one word: `assense`, `hoogeveense`, `zwolse`, `emmenaren`, `amsterdammer`.
pub(crate) fn inflections(folded: &str, population: Option<u32>) -> Vec<String> {
    if population < Some(INFLECTED_POPULATION) || !folded.bytes().all(|b| b.is_ascii_lowercase()) || folded.len() < 4 {
        return Vec::new();
    }
    // Without its mute e, and without the doubled letter before it: Zwol-le, Twent-e.
    let stem = folded.strip_suffix('e').filter(|stem| stem.len() > 3 && !stem.ends_with('e')).unwrap_or(folded);
    let bytes = stem.as_bytes();
    let doubled = stem.len() < folded.len() && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
    let stem = if doubled { &stem[..stem.len() - 1] } else { stem };
    let mut words = vec![format!("{stem}se")];
    if folded.ends_with("en") {
        words.extend(["aar", "aren", "aars"].map(|ending| format!("{folded}{ending}")));
    } else if folded.ends_with("dam") {
        words.extend(["mer", "mers"].map(|ending| format!("{folded}{ending}")));
    } else if let Some(short) = folded.strip_suffix('e') {
        words.extend(["enaar", "enaren"].map(|ending| format!("{short}{ending}")));
    } else {
        words.extend(["er", "ers"].map(|ending| format!("{folded}{ending}")));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(name: &str, spelling: &str, form: Form) -> bool {
        variants(name, Some(60_000)).contains(&(spelling.to_owned(), form))
    }

    #[test]
    fn names_get_the_spellings_people_use() {
        assert!(has("sint nicolaasga", "st nicolaasga", Form::Variant));
        assert!(has("nieuw amsterdam", "nw amsterdam", Form::Variant));
        assert!(has("capelle aan den ijssel", "capelle a d ijssel", Form::Variant));
        assert!(has("capelle aan den ijssel", "capelle", Form::Short));
        assert!(has("s gravenhage", "sgravenhage", Form::Variant));
        assert!(has("den haag", "denhaag", Form::Spaceless));
    }

    #[test]
    fn people_and_things_are_named_after_their_place() {
        for (name, words) in [
            ("assen", &["assense", "assenaar", "assenaren", "assenaars"][..]),
            ("zwolle", &["zwolse", "zwollenaar", "zwollenaren"]),
            ("amsterdam", &["amsterdamse", "amsterdammer", "amsterdammers"]),
            ("hoogeveen", &["hoogeveense"]),
        ] {
            let made = inflections(name, Some(60_000));
            for word in words {
                assert!(made.iter().any(|one| one == word), "{word}: {made:?}");
            }
        }
        assert!(inflections("den haag", Some(500_000)).is_empty());
    }

    #[test]
    fn a_small_place_gets_no_short_form() {
        assert!(!variants("nes aan de amstel", Some(700)).iter().any(|(_, form)| *form == Form::Short));
    }
}
