//! Every weight of the geoparser, in one place. Log-odds: +0.7 doubles the odds, +2.3 makes them tenfold.

use model::PlaceKind;

use crate::gazetteer::variants::Form;
use crate::lexicon::Wordiness;

/// Readings less likely than this are dropped: they would flood the review.
pub(crate) const FLOOR: f32 = 0.05;

/// A name of the gazetteer, before anything is known of how it is written.
pub(crate) const NAME: f32 = 0.5;

/// Reach of "nearby", in metres: evidence falls by e over this distance.
pub(crate) const NEARBY_M: f64 = 20_000.0;

/// What a namesake gains from another place of the message right beside it.
pub(crate) const NEARBY: f32 = 3.5;

/// However many places lie around, they add no more than this.
pub(crate) const MOST_NEARBY: f32 = 7.0;

/// The same for places mentioned earlier in the conversation.
pub(crate) const NEARBY_IN_CONVERSATION: f32 = 2.5;

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

/// A word that is part of another name ("Best Western"), beyond what any name loses there.
pub(crate) const WORD_IN_NAME: f32 = -1.2;

/// A rare word in lower case without a preposition that a place follows: "we kampen met storing".
pub(crate) const RARE_WORD_ALONE: f32 = -1.5;

/// A Dutch place without a postcode of its own is no official one.
pub(crate) const UNOFFICIAL: f32 = -0.7;

/// Places of one name this near to each other are one to the reader: a village on both sides of a municipal border.
pub(crate) const SAME_PLACE_M: f64 = 8_000.0;

/// `Hoogeveense` is of the place and not the place: kept for review, never placed by itself.
pub(crate) const MOST_INFLECTION: f32 = 0.25;

/// From so many inhabitants on a place abroad is large, or of middling size; of less beyond a border that people cross for shopping.
pub(crate) const FOREIGN_LARGE: f32 = 300_000.0;
/// See [`FOREIGN_LARGE`].
pub(crate) const FOREIGN_MEDIUM: f32 = 60_000.0;
/// See [`FOREIGN_LARGE`].
pub(crate) const NEAR_BORDER_LARGE: f32 = 30_000.0;
/// See [`FOREIGN_LARGE`].
pub(crate) const NEAR_BORDER_MEDIUM: f32 = 5_000.0;

/// What the sum of the evidence is worth, from confidence to the share that was right, with straight lines between: the shares of
/// 7,528 mentions of the development texts (tweets, pager messages, newspaper) by tenths of confidence, 24 November 2026,
/// made to rise throughout. `speurkaart bench accuracy` prints the same shares after it.
const CALIBRATION: [(f32, f32); 11] = [
    (0.0, 0.0),
    (0.08, 0.15),
    (0.15, 0.2),
    (0.25, 0.3),
    (0.35, 0.48),
    (0.45, 0.64),
    (0.55, 0.75),
    (0.66, 0.82),
    (0.77, 0.91),
    (0.88, 0.945),
    (1.0, 0.995),
];

/// The calibrated confidence of a name.
pub(crate) fn calibrated(confidence: f32) -> f32 {
    let above = CALIBRATION.partition_point(|(raw, _)| *raw < confidence).clamp(1, CALIBRATION.len() - 1);
    let ((from, low), (to, high)) = (CALIBRATION[above - 1], CALIBRATION[above]);
    (low + (confidence - from) / (to - from) * (high - low)).clamp(0.0, 1.0)
}

/// What each wrong letter of a misspelt name costs.
pub(crate) const MISSPELT_LETTER: f32 = -0.5;
/// What a misspelt name of few inhabitants costs: a hamlet is rarely meant by a word that is not its name.
pub(crate) const MISSPELT_SMALL: f32 = -1.0;
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
}

impl Cue {
    /// All of them, in the order reasons are told.
    pub(crate) const ALL: [Self; 33] = [
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
    ];

    /// What it adds to the log-odds of "this means a place".
    #[expect(clippy::match_same_arms, reason = "a table: each row stands for itself")]
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Capitalised => 2.0,
            Self::SentenceStart | Self::AllCapitals | Self::WeakPreposition => 1.0,
            Self::LowerCase => -0.35,
            Self::Hashtag => 1.5,
            Self::Preposition => 2.0,
            Self::Article => -1.5,
            Self::PlaceWordBefore | Self::PlaceWordAfter => 1.5,
            Self::Qualifier | Self::Postcode => 4.0,
            // How much depends on the word and its case: see `ordinary_word`.
            Self::OrdinaryWord => 0.0,
            Self::FirstName => -2.0,
            Self::PersonName => -4.5,
            Self::ShortName => -1.5,
            Self::Populous => 0.8,
            Self::ForeignSmall => -2.4,
            Self::ForeignLarge => -0.3,
            Self::Alias => -0.2,
            Self::Nickname => -0.7,
            Self::AreaCode => -2.0,
            Self::ShortForm => -0.8,
            Self::PartOfName => -1.2,
            Self::OtherPlace => 0.6,
            Self::SmallFeature => -0.7,
            Self::CountryCode => 5.0,
            Self::Abbreviation => 3.0,
            // For each wrong letter more: see `MISSPELT_LETTER`.
            Self::Misspelt => -2.0,
            Self::Inflection => -0.5,
            Self::ForeignMedium => -1.2,
            Self::Dateline => 1.8,
            Self::PagerCode => 0.6,
        }
    }

    /// The stable code, before a parameter.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Capitalised => "capitalised",
            Self::SentenceStart => "sentence_start",
            Self::AllCapitals => "all_capitals",
            Self::LowerCase => "lower_case",
            Self::Hashtag => "hashtag",
            Self::Preposition | Self::WeakPreposition => "preposition",
            Self::Article => "article",
            Self::PlaceWordBefore | Self::PlaceWordAfter => "place_word",
            Self::Qualifier => "qualifier",
            Self::Postcode => "postcode",
            Self::OrdinaryWord => "ordinary_word",
            Self::FirstName => "first_name",
            Self::PersonName => "person_name",
            Self::ShortName => "short_name",
            Self::Populous => "population",
            Self::ForeignSmall | Self::ForeignMedium | Self::ForeignLarge => "foreign",
            Self::Alias => "alias",
            Self::Nickname => "nickname",
            Self::AreaCode => "area_code",
            Self::ShortForm => "short_form",
            Self::PartOfName => "part_of_name",
            Self::OtherPlace => "other_place",
            Self::SmallFeature => "small_feature",
            Self::CountryCode => "country_code",
            Self::Abbreviation => "abbreviation",
            Self::Misspelt => "misspelt",
            Self::Inflection => "inflection",
            Self::Dateline => "dateline",
            Self::PagerCode => "pager_code",
        }
    }
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

/// What an ordinary word loses. A word that every text is full of is no place in lower case whatever stands before it.
#[expect(clippy::match_same_arms, reason = "a table: each row stands for itself")]
pub(crate) fn ordinary_word(wordiness: Wordiness, case: Case) -> f32 {
    match (wordiness, case) {
        (Wordiness::None, _) => 0.0,
        (Wordiness::Rare, Case::Capital) => -0.1,
        (Wordiness::Rare, Case::Uninformative | Case::Tag) => -0.5,
        (Wordiness::Rare, Case::Lower) => -1.0,
        (Wordiness::Common, Case::Capital) => -1.3,
        (Wordiness::Common, Case::Tag) => -1.6,
        (Wordiness::Common, Case::Uninformative) => -2.5,
        (Wordiness::Common, Case::Lower) => -5.0,
        (Wordiness::Everyday, Case::Capital) => -2.3,
        (Wordiness::Everyday, Case::Tag) => -3.0,
        (Wordiness::Everyday, Case::Uninformative) => -5.0,
        (Wordiness::Everyday, Case::Lower) => -9.0,
        (Wordiness::OtherName, Case::Capital) => -4.5,
        (Wordiness::OtherName, Case::Tag) => -5.0,
        (Wordiness::OtherName, Case::Uninformative) => -6.0,
        (Wordiness::OtherName, Case::Lower) => -9.0,
    }
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
