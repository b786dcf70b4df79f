//! Words that say something about the name beside them.

/// Words that sentences start with, however capital they are then: no names.
pub(super) fn is_small_word(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 40] = [
        b"als", b"zelfs", b"maar", b"want", b"dat", b"omdat", b"wanneer", b"toen", b"ook", b"en", b"hoe", b"wat",
        b"waar", b"wie", b"met", b"voor", b"na", b"sinds", b"zo", b"dus", b"nu", b"dan", b"is", b"was", b"zijn",
        b"heeft", b"kan", b"om", b"of", b"terwijl", b"zoals", b"volgens", b"daar", b"hier", b"nog", b"al", b"niet",
        b"alleen", b"hij", b"ze",
    ];
    WORDS.contains(&word)
}

pub(super) fn is_title(word: &[u8]) -> bool {
    matches!(
        word,
        b"mevrouw"
            | b"mevr"
            | b"mvr"
            | b"mw"
            | b"meneer"
            | b"dhr"
            | b"heer"
            | b"mijnheer"
            | b"familie"
            | b"fam"
            | b"oom"
            | b"tante"
            | b"opa"
            | b"oma"
            | b"juf"
            | b"dokter"
            | b"dr"
            | b"prof"
            | b"professor"
            | b"mr"
            | b"mrs"
            | b"ds"
            | b"dominee"
    )
}

pub(super) const STRONG_PREPOSITIONS: [(&[u8], &str); 17] = [
    (b"in", "in"),
    (b"te", "te"),
    (b"naar", "naar"),
    (b"nr", "naar"),
    (b"richting", "richting"),
    (b"vanuit", "vanuit"),
    (b"nabij", "nabij"),
    (b"omgeving", "omgeving"),
    (b"tussen", "tussen"),
    (b"rond", "rond"),
    (b"rondom", "rondom"),
    (b"regio", "regio"),
    (b"near", "near"),
    (b"uit", "uit"),
    (b"hartje", "hartje"),
    (b"onder", "onder"),
    (b"heel", "heel"),
];

pub(super) fn strong_preposition(word: &[u8]) -> Option<&'static str> {
    STRONG_PREPOSITIONS.iter().find(|(known, _)| *known == word).map(|(_, preposition)| *preposition)
}

pub(super) fn weak_preposition(word: &[u8]) -> Option<&'static str> {
    Some(match word {
        b"van" => "van",
        b"bij" => "bij",
        b"via" => "via",
        b"langs" => "langs",
        b"op" => "op",
        b"voor" => "voor",
        b"from" => "from",
        b"at" => "at",
        b"to" => "to",
        b"tot" => "tot",
        b"door" => "door",
        b"over" => "over",
        b"en" => "en",
        b"aan" => "aan",
        b"tegen" => "tegen",
        b"boven" => "boven",
        b"buiten" => "buiten",
        _ => return None,
    })
}

pub(super) fn is_article(word: &[u8]) -> bool {
    matches!(
        word,
        b"de"
            | b"het"
            | b"een"
            | b"n"
            | b"t"
            | b"the"
            | b"a"
            | b"mijn"
            | b"mn"
            | b"je"
            | b"jouw"
            | b"zijn"
            | b"zn"
            | b"haar"
            | b"onze"
            | b"ons"
            | b"hun"
            | b"deze"
            | b"die"
            | b"dit"
            | b"dat"
            | b"geen"
            | b"elke"
            | b"alle"
            | b"my"
            | b"your"
    )
}

pub(super) const PLACE_WORDS_BEFORE: [&[u8]; 27] = [
    b"gemeente",
    b"gemeent",
    b"gem",
    b"stad",
    b"dorp",
    b"gehucht",
    b"buurtschap",
    b"station",
    b"centrum",
    b"provincie",
    b"prov",
    b"politie",
    b"brandweer",
    b"afslag",
    b"wijk",
    b"buurt",
    b"stadsdeel",
    b"knooppunt",
    b"haven",
    b"gevangenis",
    b"pi",
    b"azc",
    b"burgemeester",
    b"inwoners",
    b"omstreken",
    b"ambulance",
    b"provinciehuis",
];

pub(super) fn is_place_word_before(word: &[u8]) -> bool {
    PLACE_WORDS_BEFORE.contains(&word)
}

/// `5 km van`, `3km onder`, `10 minuten van`: what distances are told from is a place.
pub(super) fn is_distance(word: &[u8]) -> bool {
    let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
    matches!(
        &word[digits..],
        b"km" | b"kilometer" | b"kilometers" | b"minuten" | b"minuutjes" | b"kwartier" | b"rijden"
    )
}

/// `A28`, `N377`: where a road is named, a place beside it is likely.
pub(super) fn is_road(word: &[u8]) -> bool {
    matches!(word, [b'a' | b'n' | b'e', digits @ ..] if (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit))
}

pub(super) fn is_place_word_after(word: &[u8]) -> bool {
    matches!(
        word,
        b"centrum"
            | b"noord"
            | b"zuid"
            | b"oost"
            | b"west"
            | b"cs"
            | b"centraal"
            | b"station"
            | b"stad"
            | b"city"
            | b"haven"
            | b"binnenstad"
            | b"noordoost"
            | b"noordwest"
            | b"zuidoost"
            | b"zuidwest"
    )
}

pub(super) fn is_particle(word: &[u8]) -> bool {
    matches!(word, b"van" | b"de" | b"der" | b"den" | b"vd" | b"v" | b"ter" | b"ten")
}
