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
pub(crate) const DUTCH: f32 = 3.0;
/// The same for Belgium.
pub(crate) const BELGIAN: f32 = 1.2;
/// The same for Germany.
pub(crate) const GERMAN: f32 = 0.3;

/// A word that is part of another name ("Best Western"), beyond what any name loses there.
pub(crate) const WORD_IN_NAME: f32 = -1.2;

/// A Dutch place without a postcode of its own is no official one.
pub(crate) const UNOFFICIAL: f32 = -0.7;

/// Places of one name this near to each other are one to the reader: a village on both sides of a municipal border.
pub(crate) const SAME_PLACE_M: f64 = 8_000.0;

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
}

impl Cue {
    /// All of them, in the order reasons are told.
    pub(crate) const ALL: [Self; 26] = [
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
            Self::ForeignSmall | Self::ForeignLarge => "foreign",
            Self::Alias => "alias",
            Self::Nickname => "nickname",
            Self::AreaCode => "area_code",
            Self::ShortForm => "short_form",
            Self::PartOfName => "part_of_name",
            Self::OtherPlace => "other_place",
            Self::SmallFeature => "small_feature",
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
        Form::AreaCode => 0.0,
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
