//! Every weight of the geoparser, in one place. Log-odds: +0.7 doubles the odds, +2.3 makes them tenfold.
//!
//! What speaks for a place at all is fitted (`weights.tsv`, written by `make fit`); what tells namesakes apart is set by hand here.

use std::sync::LazyLock;

use model::PlaceKind;

use crate::gazetteer::variants::Form;
use crate::lexicon::Wordiness;

/// Readings less likely than this are dropped: they would flood the review.
pub(crate) const FLOOR: f32 = 0.05;

/// Reach of "nearby", in metres: evidence falls by e over this distance.
pub(crate) const NEARBY_M: f64 = 20_000.0;

/// What a namesake gains from another place of the message right beside it.
pub(crate) const NEARBY: f32 = 3.5;

/// However many places lie around, they add no more than this.
pub(crate) const MOST_NEARBY: f32 = 7.0;

/// The same for places mentioned earlier in the conversation.
pub(crate) const NEARBY_IN_CONVERSATION: f32 = 2.5;

/// A place where the region lies whose unit a pager message calls: what it gains in its middle, and over what distance by e less.
pub(crate) const IN_REGION: f32 = 3.0;
/// See [`IN_REGION`]: regions are wide.
pub(crate) const REGION_M: f64 = 40_000.0;

/// A place in the asker's own region.
pub(crate) const HOME: f32 = 2.0;

/// The text names the province, municipality or abbreviation that belongs to the place.
pub(crate) const QUALIFIED: f32 = 7.0;

/// The postcode before the name belongs to the place.
pub(crate) const POSTCODE_OF_PLACE: f32 = 7.0;

/// `gemeente X` means the municipality, `provincie X` the province.
pub(crate) const KIND_NAMED: f32 = 7.0;

/// A namesake that is no Dutch place needs this much less from everything else to be chosen.
pub(crate) const DUTCH: f32 = 3.6;
/// The same for Belgium.
pub(crate) const BELGIAN: f32 = 1.2;
/// The same for Germany.
pub(crate) const GERMAN: f32 = 0.3;

/// A Dutch place without a postcode of its own is no official one.
pub(crate) const UNOFFICIAL: f32 = -0.7;

/// A district of which nobody knows how many live there, from a table of somebody's own: there are thousands, called as anything is.
pub(crate) const UNCOUNTED_DISTRICT: f32 = -2.5;

/// Places of one name this near to each other are one to the reader: a village on both sides of a municipal border.
pub(crate) const SAME_PLACE_M: f64 = 8_000.0;

/// `Hoogeveense` is of the place and not the place: kept for review, never placed by itself.
pub(crate) const MOST_INFLECTION: f32 = 0.25;

/// A district that is called as a thing is, with nothing of its town beside it, is kept for review at most.
pub(crate) const MOST_BARE_DISTRICT: f32 = 0.25;
/// From so many inhabitants on, a district is known by its name alone: Laken, Molenbeek.
pub(crate) const KNOWN_DISTRICT_POPULATION: f32 = 20_000.0;

/// From so many inhabitants on a place abroad is large, or of middling size; of less beyond a border that people cross for shopping.
pub(crate) const FOREIGN_LARGE: f32 = 300_000.0;
/// See [`FOREIGN_LARGE`].
pub(crate) const FOREIGN_MEDIUM: f32 = 60_000.0;
/// See [`FOREIGN_LARGE`].
pub(crate) const NEAR_BORDER_LARGE: f32 = 30_000.0;
/// See [`FOREIGN_LARGE`].
pub(crate) const NEAR_BORDER_MEDIUM: f32 = 5_000.0;

/// The calibrated confidence of a name.
pub(crate) fn calibrated(confidence: f32) -> f32 {
    let table = FITTED.calibration.as_slice();
    let above = table.partition_point(|(raw, _)| *raw < confidence).clamp(1, table.len() - 1);
    let ((from, low), (to, high)) = (table[above - 1], table[above]);
    (low + (confidence - from) / (to - from) * (high - low)).clamp(0.0, 1.0)
}

/// Fewer inhabitants than this are few.
pub(crate) const MISSPELT_SMALL_POPULATION: f32 = 5_000.0;

/// A region with so many inhabitants is as well known as a country: Europe, Flanders, Texas.
pub(crate) const GREAT_AREA_POPULATION: f32 = 500_000.0;

/// Inhabitants taken for a place whose number is not known.
pub(crate) const UNKNOWN_POPULATION: f32 = 1_500.0;

/// Evidence that the name means a place at all (or does not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Cue {
    /// Written with a capital within a sentence.
    Capitalised,
    /// Written with a capital where every word has one.
    SentenceStart,
    /// Written in capitals throughout.
    AllCapitals,
    /// Written small.
    LowerCase,
    /// A hashtag.
    Hashtag,
    /// After `in`, `naar`, `vanuit`…
    Preposition,
    /// After `van`, `op`, `voor`…
    WeakPreposition,
    /// After `de`, `een`, `mijn`…
    Article,
    /// After `gemeente`, `station`, `centrum van`…
    PlaceWordBefore,
    /// Before `centrum`, `Noord`, `CS`…
    PlaceWordAfter,
    /// `(Dr)`, `, Utrecht` behind it.
    Qualifier,
    /// A postcode of the place before it.
    Postcode,
    /// An ordinary word.
    OrdinaryWord,
    /// Also a first name.
    FirstName,
    /// Follows a first name, a title or initials: somebody's surname.
    PersonName,
    /// Three letters or fewer.
    ShortName,
    /// Many inhabitants.
    Populous,
    /// A small place abroad.
    ForeignSmall,
    /// A large place abroad.
    ForeignLarge,
    /// Known by another name.
    Alias,
    /// Known by a nickname.
    Nickname,
    /// An area code standing for its city.
    AreaCode,
    /// The head of a longer name.
    ShortForm,
    /// A capitalised word right before or after that is no place: part of another name.
    PartOfName,
    /// Another place in the message.
    OtherPlace,
    /// A water, region or district.
    SmallFeature,
    /// A country's code in brackets.
    CountryCode,
    /// An abbreviation in capitals.
    Abbreviation,
    /// Not quite the name, but nothing else either.
    Misspelt,
    /// A word made from the name.
    Inflection,
    /// A place abroad that is neither small nor large.
    ForeignMedium,
    /// A text that begins with it, a dash or a colon behind it: a dateline.
    Dateline,
    /// Six capitals in a pager message.
    PagerCode,
    /// A name of the gazetteer, before anything is known of how it is written.
    Name,
    /// A rare word with a capital that a word would not have there.
    RareWordCapital,
    /// A rare word whose capital says nothing, or in a hashtag.
    RareWordUninformative,
    /// A rare word, small.
    RareWordLower,
    /// A common word with a telling capital.
    CommonWordCapital,
    /// A common word in a hashtag with a capital.
    CommonWordTag,
    /// A common word whose capital says nothing.
    CommonWordUninformative,
    /// A common word, small.
    CommonWordLower,
    /// A word that every text is full of, with a telling capital.
    EverydayWordCapital,
    /// The same in a hashtag with a capital.
    EverydayWordTag,
    /// The same with a capital that says nothing.
    EverydayWordUninformative,
    /// The same, small: no place, whatever stands before it.
    EverydayWordLower,
    /// A word that is first of all another name, with a telling capital.
    OtherNameCapital,
    /// The same in a hashtag with a capital.
    OtherNameTag,
    /// The same with a capital that says nothing.
    OtherNameUninformative,
    /// The same, small.
    OtherNameLower,
    /// A rare word in lower case without a preposition that a place follows: "we kampen met storing".
    RareWordAlone,
    /// A word that is part of another name ("Best Western"), beyond what any name loses there.
    WordInName,
    /// One letter of the name is wrong.
    MisspeltOneLetter,
    /// Two are.
    MisspeltTwoLetters,
    /// A misspelt name of few inhabitants: a hamlet is rarely meant by a word that is not its name.
    MisspeltSmall,
    /// A small place abroad without a capital.
    ForeignSmallLower,
    /// A word that ends as a street does follows: "Adam van Harenstraat".
    StreetAfter,
    /// A postcode follows that is of another place: "Oosterpark 1091 Amsterdam".
    OtherPostcodeAfter,
    /// A club, paper, race or compound that bears the name: "AS Roma", "Ronde van Frankrijk", "China-reiziger".
    NamedAfter,
    /// Where a pager message has its place: before the number of the ride.
    PagerPlace,
}

impl Cue {
    /// All of them, in the order reasons are told.
    pub(crate) const ALL: [Self; 37] = [
        Self::Alias,
        Self::Nickname,
        Self::AreaCode,
        Self::ShortForm,
        Self::Capitalised,
        Self::SentenceStart,
        Self::AllCapitals,
        Self::LowerCase,
        Self::Hashtag,
        Self::Preposition,
        Self::WeakPreposition,
        Self::Article,
        Self::PlaceWordBefore,
        Self::PlaceWordAfter,
        Self::Qualifier,
        Self::Postcode,
        Self::OrdinaryWord,
        Self::FirstName,
        Self::PersonName,
        Self::ShortName,
        Self::Populous,
        Self::ForeignSmall,
        Self::ForeignLarge,
        Self::PartOfName,
        Self::OtherPlace,
        Self::SmallFeature,
        Self::CountryCode,
        Self::Abbreviation,
        Self::Misspelt,
        Self::Inflection,
        Self::ForeignMedium,
        Self::Dateline,
        Self::PagerCode,
        Self::StreetAfter,
        Self::OtherPostcodeAfter,
        Self::NamedAfter,
        Self::PagerPlace,
    ];

    /// The stable code of the reason, before a parameter; empty for what is not told by itself.
    pub(crate) fn code(self) -> &'static str {
        CUES[self as usize].1
    }
}

/// Every cue by number: its name in `weights.tsv`, and the code of its reason.
pub(crate) const CUES: [(&str, &str); 59] = [
    ("capitalised", "capitalised"),
    ("sentence_start", "sentence_start"),
    ("all_capitals", "all_capitals"),
    ("lower_case", "lower_case"),
    ("hashtag", "hashtag"),
    ("preposition", "preposition"),
    ("weak_preposition", "preposition"),
    ("article", "article"),
    ("place_word_before", "place_word"),
    ("place_word_after", "place_word"),
    ("qualifier", "qualifier"),
    ("postcode", "postcode"),
    ("ordinary_word", "ordinary_word"),
    ("first_name", "first_name"),
    ("person_name", "person_name"),
    ("short_name", "short_name"),
    ("populous", "population"),
    ("foreign_small", "foreign"),
    ("foreign_large", "foreign"),
    ("alias", "alias"),
    ("nickname", "nickname"),
    ("area_code", "area_code"),
    ("short_form", "short_form"),
    ("part_of_name", "part_of_name"),
    ("other_place", "other_place"),
    ("small_feature", "small_feature"),
    ("country_code", "country_code"),
    ("abbreviation", "abbreviation"),
    ("misspelt", "misspelt"),
    ("inflection", "inflection"),
    ("foreign_medium", "foreign"),
    ("dateline", "dateline"),
    ("pager_code", "pager_code"),
    ("name", ""),
    ("rare_word_capital", ""),
    ("rare_word_uninformative", ""),
    ("rare_word_lower", ""),
    ("common_word_capital", ""),
    ("common_word_tag", ""),
    ("common_word_uninformative", ""),
    ("common_word_lower", ""),
    ("everyday_word_capital", ""),
    ("everyday_word_tag", ""),
    ("everyday_word_uninformative", ""),
    ("everyday_word_lower", ""),
    ("other_name_capital", ""),
    ("other_name_tag", ""),
    ("other_name_uninformative", ""),
    ("other_name_lower", ""),
    ("rare_word_alone", ""),
    ("word_in_name", ""),
    ("misspelt_one_letter", ""),
    ("misspelt_two_letters", ""),
    ("misspelt_small", ""),
    ("foreign_small_lower", ""),
    ("street_after", "part_of_street"),
    ("other_postcode_after", "other_postcode"),
    ("named_after", "named_after"),
    ("pager_place", "pager_place"),
];

/// What `make fit` wrote: a weight for each cue, and the calibration.
struct Fitted {
    weights: [f32; 64],
    /// What the sum of the evidence is worth: from confidence to the share that was right, rising, with straight lines between.
    calibration: Vec<(f32, f32)>,
}

/// Name, weight, weight by hand, examples that had it; or `calibration`, confidence, share that was right.
pub(crate) const TABLE: &str = include_str!("weights.tsv");

static FITTED: LazyLock<Fitted> = LazyLock::new(|| {
    let mut fitted = Fitted { weights: [0.0; 64], calibration: Vec::new() };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(name), Some(first), Some(second)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let (Ok(first), Ok(second)) = (first.parse(), second.parse()) else { continue };
        if name == "calibration" {
            fitted.calibration.push((first, second));
        } else if let Some(cue) = CUES.iter().position(|(known, _)| *known == name) {
            fitted.weights[cue] = first;
        }
    }
    fitted
});

/// What cues, as bits by number, add together to the log-odds of "this means a place".
pub(crate) fn sum(mut cues: u64) -> f32 {
    let weights = &FITTED.weights;
    let mut logit = 0.0;
    while cues != 0 {
        logit += weights[cues.trailing_zeros() as usize];
        cues &= cues - 1;
    }
    logit
}

/// How a name is written, as far as it tells a name from a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// A capital within a sentence.
    Capital,
    /// A capital that every word would have here, or capitals throughout.
    Uninformative,
    /// A hashtag with a capital.
    Tag,
    /// Small.
    Lower,
}

/// What an ordinary word loses, by how ordinary it is and how it is written.
pub(crate) fn ordinary_word(wordiness: Wordiness, case: Case) -> Option<Cue> {
    Some(match (wordiness, case) {
        (Wordiness::None, _) => return None,
        (Wordiness::Rare, Case::Capital) => Cue::RareWordCapital,
        (Wordiness::Rare, Case::Uninformative | Case::Tag) => Cue::RareWordUninformative,
        (Wordiness::Rare, Case::Lower) => Cue::RareWordLower,
        (Wordiness::Common, Case::Capital) => Cue::CommonWordCapital,
        (Wordiness::Common, Case::Tag) => Cue::CommonWordTag,
        (Wordiness::Common, Case::Uninformative) => Cue::CommonWordUninformative,
        (Wordiness::Common, Case::Lower) => Cue::CommonWordLower,
        (Wordiness::Everyday, Case::Capital) => Cue::EverydayWordCapital,
        (Wordiness::Everyday, Case::Tag) => Cue::EverydayWordTag,
        (Wordiness::Everyday, Case::Uninformative) => Cue::EverydayWordUninformative,
        (Wordiness::Everyday, Case::Lower) => Cue::EverydayWordLower,
        (Wordiness::OtherName, Case::Capital) => Cue::OtherNameCapital,
        (Wordiness::OtherName, Case::Tag) => Cue::OtherNameTag,
        (Wordiness::OtherName, Case::Uninformative) => Cue::OtherNameUninformative,
        (Wordiness::OtherName, Case::Lower) => Cue::OtherNameLower,
    })
}

/// What a spelling adds to a namesake.
#[expect(clippy::match_same_arms, reason = "a table: each row stands for itself")]
pub(crate) fn form(form: Form, hashtag: bool) -> f32 {
    match form {
        Form::Preferred => 0.0,
        Form::OtherName => -0.3,
        Form::Variant => -0.7,
        Form::Spaceless => {
            if hashtag {
                -0.5
            } else {
                -4.0
            }
        }
        Form::Short => -1.5,
        Form::Nickname => -0.5,
        Form::AreaCode | Form::Capitals | Form::Code => 0.0,
        Form::Inflection => -1.0,
    }
}

/// What a kind adds to a namesake: who says Hoogeveen means the town, unless "gemeente" stands before it.
#[expect(clippy::match_same_arms, reason = "a table: each row stands for itself")]
pub(crate) fn kind(kind: PlaceKind) -> f32 {
    match kind {
        PlaceKind::Country => 2.0,
        PlaceKind::Municipality => -4.5,
        PlaceKind::Province => -1.0,
        PlaceKind::District => -1.0,
        PlaceKind::Region | PlaceKind::Water => -1.5,
        _ => 0.0,
    }
}
