//! What people decided about uncertain mentions, and which mentions a decision speaks for.
//!
//! A decision is a rule over readings: it is applied when mentions are looked at and never rewrites what the geoparser read. So
//! one function answers for past and future, making and undoing cost a row, and re-geoparsing loses nothing.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::{Mention, Place, TimeMs};

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecisionAction {
    /// It is the place that was read; speaks for like mentions.
    Confirm,
    /// It is no place; speaks for like mentions.
    Reject,
    /// It is another place; speaks for like mentions.
    Choose,
    /// The words are never a place, however they are read.
    Never,
    /// The words are always this place, however they are read.
    Always,
}

impl DecisionAction {
    /// Every action, in the order of the declaration.
    pub const ALL: [Self; 5] = [Self::Confirm, Self::Reject, Self::Choose, Self::Never, Self::Always];

    /// The name used in JSON and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reject => "reject",
            Self::Choose => "choose",
            Self::Never => "never",
            Self::Always => "always",
        }
    }

    /// Whether it speaks for the words however they are read.
    pub fn is_about_words(self) -> bool {
        matches!(self, Self::Never | Self::Always)
    }

    /// Whether it names a place of its own.
    pub fn has_place(self) -> bool {
        matches!(self, Self::Choose | Self::Always)
    }

    /// Whether what it speaks for is a place.
    pub fn places(self) -> bool {
        matches!(self, Self::Confirm | Self::Choose | Self::Always)
    }

    /// The code among the reasons of a decided mention.
    fn reason(self) -> &'static str {
        match self {
            Self::Confirm => "decided_confirmed",
            Self::Reject => "decided_rejected",
            Self::Choose => "decided_chosen",
            Self::Never => "decided_never",
            Self::Always => "decided_always",
        }
    }
}

impl std::str::FromStr for DecisionAction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|action| action.as_str() == text);
        found.ok_or_else(|| format!("unknown action {text:?}"))
    }
}

/// What the geoparser could not tell apart: the same words, read as the same place, on the same signs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Likeness {
    /// Words as [`folded_words`] gives them.
    pub words: String,
    /// Signs as [`signs`] gives them.
    pub signs: String,
    /// Id of the place read.
    pub place: String,
}

impl Likeness {
    /// That of a mention as the geoparser read it.
    pub fn of(mention: &Mention) -> Self {
        Self { words: folded_words(&mention.text), signs: signs(&mention.reasons), place: mention.place.id.clone() }
    }
}

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its number; later ones are higher.
    pub number: u64,
    /// What was decided.
    pub action: DecisionAction,
    /// The folded words it is about.
    pub words: String,
    /// Readings of the words that it speaks for, as signs and id of the place read; empty when it is about the words alone.
    ///
    /// The first is the one decided on. Where re-geoparsing reads a decided mention anew, its new reading is added.
    pub readings: Vec<(String, String)>,
    /// The case it holds for; `None` for all cases of the team.
    pub case_no: Option<u16>,
    /// The place, for those actions that name one.
    pub place: Option<Place>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at_ms: TimeMs,
    /// Why, in the person's words.
    pub note: Option<String>,
    /// When it was undone.
    pub undone_at_ms: Option<TimeMs>,
}

/// The decisions in force, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    by_words: HashMap<String, Vec<Decision>>,
}

impl Decisions {
    /// Those of these decisions that are in force.
    pub fn new(decisions: impl IntoIterator<Item = Decision>) -> Self {
        let mut by_words: HashMap<String, Vec<Decision>> = HashMap::new();
        for decision in decisions.into_iter().filter(|decision| decision.undone_at_ms.is_none()) {
            by_words.entry(decision.words.clone()).or_default().push(decision);
        }
        for of_words in by_words.values_mut() {
            of_words.sort_by_key(|decision| {
                std::cmp::Reverse((decision.case_no.is_some(), !decision.action.is_about_words(), decision.number))
            });
        }
        Self { by_words }
    }

    /// How many are in force.
    pub fn len(&self) -> usize {
        self.by_words.values().map(Vec::len).sum()
    }

    /// Whether none is in force.
    pub fn is_empty(&self) -> bool {
        self.by_words.is_empty()
    }

    /// The words that something was decided about.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.by_words.keys().map(String::as_str)
    }

    /// The decision that speaks for such mentions in a case: of several the one for the case alone before the one for the team,
    /// the one about like mentions before the one about the words, the later before the earlier.
    pub fn ruling(&self, case_no: u16, words: &str, signs: &str, place: &str) -> Option<&Decision> {
        self.by_words.get(words)?.iter().find(|decision| {
            decision.case_no.is_none_or(|only| only == case_no)
                && (decision.action.is_about_words() || decision.readings.iter().any(|(s, p)| s == signs && p == place))
        })
    }

    /// The same for a mention as the geoparser read it.
    pub fn of(&self, case_no: u16, mention: &Mention) -> Option<&Decision> {
        if self.by_words.is_empty() {
            return None;
        }
        let words = folded_words(&mention.text);
        self.by_words
            .contains_key(&words)
            .then(|| signs(&mention.reasons))
            .and_then(|signs| self.ruling(case_no, &words, &signs, &mention.place.id))
    }

    /// Lays the decisions over mentions as the geoparser read them: place and certainty become what was decided (1 or 0: a
    /// person's word, no estimate), a reason says so; alternatives and the other reasons stay.
    pub fn apply(&self, case_no: u16, mentions: &mut [Mention]) {
        for mention in mentions {
            if let Some(decision) = self.of(case_no, mention) {
                decision.apply(mention);
            }
        }
    }
}

impl Decision {
    /// Makes of a mention what was decided.
    pub fn apply(&self, mention: &mut Mention) {
        if let Some(place) = &self.place {
            mention.kind = place.kind;
            mention.place = place.clone();
        }
        mention.accepted = self.action.places();
        mention.confidence = if mention.accepted { 1.0 } else { 0.0 };
        mention.reasons.push(self.action.reason().to_owned());
    }
}

/// How uncertain a reading is left for review: below the threshold, or a runner-up at least half as likely as what was chosen.
pub fn is_uncertain(mention: &Mention) -> bool {
    let runner_up = mention.alternatives.first().map_or(0.0, |other| other.confidence);
    !mention.accepted || runner_up >= mention.confidence / 2.0
}

/// The codes of reasons without their parameters, each once, in order, with a space between.
pub fn signs(reasons: &[String]) -> String {
    let mut codes: Vec<&str> =
        reasons.iter().map(|reason| reason.split_once(':').map_or(reason.as_str(), |(code, _)| code)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(" ")
}

/// Words as decisions compare them: small letters without marks, one space for whatever else stands between.
pub fn folded_words(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() || c == '\'' {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    };
    if text.is_ascii() {
        text.chars().for_each(push);
    } else {
        for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
            push(if matches!(c, '’' | '‘' | 'ʼ' | '´' | '′' | '`') { '\'' } else { c });
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alternative, PlaceKind};

    fn place(id: &str) -> Place {
        Place {
            id: id.into(),
            name: id.into(),
            kind: PlaceKind::Locality,
            lon: 6.0,
            lat: 52.0,
            radius_m: 500,
            municipality: None,
            province: None,
            police_unit: None,
            country: None,
            population: None,
        }
    }

    fn mention(words: &str, place_id: &str, reasons: &[&str]) -> Mention {
        Mention {
            start: 0,
            end: words.len() as u32,
            text: words.into(),
            kind: PlaceKind::Locality,
            confidence: 0.4,
            accepted: false,
            place: place(place_id),
            alternatives: vec![],
            reasons: reasons.iter().map(|&reason| reason.into()).collect(),
        }
    }

    fn decision(number: u64, action: DecisionAction, case_no: Option<u16>, of: &Mention) -> Decision {
        let like = Likeness::of(of);
        Decision {
            number,
            action,
            words: like.words,
            readings: if action.is_about_words() { vec![] } else { vec![(like.signs, like.place)] },
            case_no,
            place: action.has_place().then(|| place("chosen")),
            made_by: "admin".into(),
            made_at_ms: number as i64,
            note: None,
            undone_at_ms: None,
        }
    }

    #[test]
    fn of_several_decisions_the_narrower_the_likelier_and_the_later_counts() {
        use DecisionAction::{Always, Choose, Confirm, Never, Reject};
        let best = mention("Best", "nl/best", &["name", "preposition:in"]);
        let of = |made: &[(DecisionAction, Option<u16>)]| {
            let decisions = Decisions::new(
                made.iter().zip(1..).map(|(&(action, case), number)| decision(number, action, case, &best)),
            );
            decisions.of(1, &best).map(|found| found.action)
        };
        for (made, expected) in [
            (&[][..], None),
            (&[(Reject, Some(2))], None),
            (&[(Never, None), (Confirm, None)], Some(Confirm)),
            (&[(Confirm, None), (Never, None)], Some(Confirm)),
            (&[(Confirm, None), (Reject, None)], Some(Reject)),
            (&[(Never, Some(1)), (Confirm, None)], Some(Never)),
            (&[(Choose, Some(1)), (Never, Some(1)), (Always, None)], Some(Choose)),
            (&[(Never, None), (Always, None), (Never, Some(2))], Some(Always)),
        ] {
            assert_eq!(of(made), expected, "{made:?}");
        }
    }

    #[test]
    fn like_mentions_share_words_place_and_signs_but_not_what_the_signs_hold() {
        let decided = mention("Best", "nl/best", &["name", "preposition:in", "nearby:Oirschot"]);
        let decisions = Decisions::new([decision(1, DecisionAction::Reject, None, &decided)]);
        for (other, like) in [
            (mention("BEST", "nl/best", &["nearby:Eindhoven", "name", "preposition:naar"]), true),
            (mention("Best", "nl/elders", &["name", "preposition:in", "nearby:Oirschot"]), false),
            (mention("Best", "nl/best", &["name", "preposition:in"]), false),
            (mention("Beste", "nl/best", &["name", "preposition:in", "nearby:Oirschot"]), false),
        ] {
            assert_eq!(decisions.of(1, &other).is_some(), like, "{other:?}");
        }
        let words = Decisions::new([decision(1, DecisionAction::Never, None, &decided)]);
        assert!(words.of(9, &mention("best", "nl/elders", &[])).is_some());
    }

    #[test]
    fn what_was_decided_lies_over_what_was_read() {
        let read = mention("Best", "nl/best", &["name"]);
        for (action, id, accepted) in [
            (DecisionAction::Confirm, "nl/best", true),
            (DecisionAction::Reject, "nl/best", false),
            (DecisionAction::Choose, "chosen", true),
            (DecisionAction::Never, "nl/best", false),
            (DecisionAction::Always, "chosen", true),
        ] {
            let mut mentions = [read.clone()];
            Decisions::new([decision(1, action, None, &read)]).apply(1, &mut mentions);
            let [decided] = &mentions;
            assert_eq!((decided.place.id.as_str(), decided.accepted), (id, accepted), "{action:?}");
            assert!((decided.confidence - if accepted { 1.0 } else { 0.0 }).abs() < f32::EPSILON);
            assert_eq!(decided.reasons[1], action.reason());
            assert_ne!(crate::explain(action.reason()).nl, action.reason(), "a sentence is missing");
        }
        let mut undone = decision(1, DecisionAction::Never, None, &read);
        undone.undone_at_ms = Some(5);
        assert!(Decisions::new([undone]).is_empty());
    }

    #[test]
    fn words_fold_to_letters_without_marks() {
        for (text, folded) in [
            ("'s-Gravenhage", "'s gravenhage"),
            ("A’dam", "a'dam"),
            ("  Súdwest-Fryslân. ", "sudwest fryslan"),
            ("9774 PK", "9774 pk"),
            ("🙂", ""),
        ] {
            assert_eq!(folded_words(text), folded, "{text}");
        }
    }

    #[test]
    fn a_near_runner_up_leaves_a_mention_for_review() {
        let sure = Mention { confidence: 0.6, accepted: true, ..mention("Zuidwolde", "nl/a", &[]) };
        assert!(!is_uncertain(&sure));
        let other = |confidence| Alternative { id: "nl/b".into(), name: "b".into(), confidence };
        assert!(is_uncertain(&Mention { alternatives: vec![other(0.3)], ..sure.clone() }));
        assert!(!is_uncertain(&Mention { alternatives: vec![other(0.29)], ..sure }));
        assert!(is_uncertain(&mention("Best", "nl/best", &[])));
    }
}
