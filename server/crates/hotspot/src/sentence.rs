//! What is to be said of a hotspot, in Dutch and English. It describes; it neither explains nor predicts.

use std::fmt::Write as _;

use model::api::{CountBy, Counts, HotspotClass, Sentence};

use crate::figures::Marks;
use crate::number::{self, decimal, whole};

/// What a sentence is made of.
pub(crate) struct Told<'a> {
    pub(crate) name: &'a str,
    pub(crate) area: Option<&'a str>,
    pub(crate) count: CountBy,
    pub(crate) counts: Counts,
    /// What is counted, now and in the period before.
    pub(crate) counted: [u64; 2],
    pub(crate) expected: f64,
    /// Corrected p-value of what the class says.
    pub(crate) p: Option<f64>,
    /// Week of the year in which the first message of the period was sent.
    pub(crate) week: Option<i8>,
    pub(crate) class: HotspotClass,
    pub(crate) one_conversation: bool,
    pub(crate) marks: Marks,
}

/// The sentence in both languages.
pub(crate) fn sentence(told: &Told<'_>) -> Sentence {
    Sentence { nl: dutch(told), en: english(told) }
}

/// Positions of the languages.
const NL: usize = 0;
const EN: usize = 1;
/// Factors in words, from two on.
const TIMES: [[&str; 11]; 2] = [
    ["twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"],
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
];

fn dutch(told: &Told<'_>) -> String {
    let name = full_name(told);
    let counts = counted_line(told, NL);
    let before = format!("tegen {} in de even lange periode ervoor", own(told, told.counted[1], NL));
    let times = times(told, NL);
    let p = probability(told.p, NL);
    let mut text = match (told.class, told.week) {
        (HotspotClass::New, Some(week)) => {
            format!("{name}: nieuw sinds week {week}: {counts}, {times} keer zoveel als verwacht ({p}).")
        }
        (HotspotClass::New, None) => format!("{name}: nieuw: {counts}, {times} keer zoveel als verwacht ({p})."),
        (HotspotClass::Rising, _) => format!("{name}: {counts}, {before}: {times} keer zoveel als verwacht ({p})."),
        (HotspotClass::Falling, _) => {
            format!("{name}: {counts}, {before}: minder dan de verwachte {} ({p}).", decimal(told.expected, 1)[NL])
        }
        (HotspotClass::Steady, _) => format!("{name}: {counts}, {before}: geen duidelijk verschil."),
        (HotspotClass::Unknown, _) => {
            format!("{name}: {counts}; over de even lange periode ervoor zijn er geen of te weinig gegevens.")
        }
    };
    if told.marks.may_lack_data {
        text.push_str(
            " Zonder de gesprekken die in deze periode geen berichten hebben is het verschil niet meer duidelijk: gegevens kunnen ontbreken.",
        );
    }
    if told.marks.rests_on_one {
        text.push_str(" Zonder het drukste gesprek is het verschil niet meer duidelijk.");
    }
    if told.one_conversation {
        text.push_str(" Meer dan de helft van de berichten komt uit één gesprek.");
    }
    text
}

fn english(told: &Told<'_>) -> String {
    let name = full_name(told);
    let counts = counted_line(told, EN);
    let before = format!("against {} in the equally long period before", own(told, told.counted[1], EN));
    let times = times(told, EN);
    let p = probability(told.p, EN);
    let mut text = match (told.class, told.week) {
        (HotspotClass::New, Some(week)) => {
            format!("{name}: new since week {week}: {counts}, {times} times as many as expected ({p}).")
        }
        (HotspotClass::New, None) => format!("{name}: new: {counts}, {times} times as many as expected ({p})."),
        (HotspotClass::Rising, _) => format!("{name}: {counts}, {before}: {times} times as many as expected ({p})."),
        (HotspotClass::Falling, _) => {
            format!("{name}: {counts}, {before}: fewer than the expected {} ({p}).", decimal(told.expected, 1)[EN])
        }
        (HotspotClass::Steady, _) => format!("{name}: {counts}, {before}: no clear difference."),
        (HotspotClass::Unknown, _) => {
            format!("{name}: {counts}; there are no or too few data for the equally long period before.")
        }
    };
    if told.marks.may_lack_data {
        text.push_str(
            " Without the conversations that have no messages in this period the difference is no longer clear: data may be missing.",
        );
    }
    if told.marks.rests_on_one {
        text.push_str(" Without the loudest conversation the difference is no longer clear.");
    }
    if told.one_conversation {
        text.push_str(" One conversation holds more than half of the messages.");
    }
    text
}

/// What is counted first, then conversations and senders, whatever it is.
fn counted_line(told: &Told<'_>, language: usize) -> String {
    let mut text = own(told, told.counted[0], language);
    let others = [(CountBy::Conversations, told.counts.conversations), (CountBy::Senders, told.counts.senders)];
    for (count, number) in others.into_iter().filter(|(count, _)| *count != told.count) {
        // Writing to a String cannot fail.
        let _ = write!(text, ", {}", counted(number, count, language));
    }
    text
}

fn own(told: &Told<'_>, number: u64, language: usize) -> String {
    counted(number, told.count, language)
}

fn counted(number: u64, count: CountBy, language: usize) -> String {
    let [one, many] = count.words()[language];
    format!("{} {}", whole(number)[language], if number == 1 { one } else { many })
}

/// The count over its expectation: in words where it is near a whole number up to twelve.
fn times(told: &Told<'_>, language: usize) -> String {
    let ratio = told.counted[0] as f64 / told.expected.max(f64::MIN_POSITIVE);
    if ratio < 1.75 {
        return decimal(ratio, 1)[language].clone();
    }
    match TIMES[language].get(ratio.round() as usize - 2) {
        Some(word) => (*word).to_owned(),
        None => decimal(ratio, 0)[language].clone(),
    }
}

fn probability(p: Option<f64>, language: usize) -> String {
    p.map_or("p = ?".to_owned(), |p| number::probability(p)[language].clone())
}

/// The name with the area that tells it from its namesakes.
fn full_name(told: &Told<'_>) -> String {
    match told.area.filter(|area| *area != told.name) {
        Some(area) => format!("{} ({area})", told.name),
        None => told.name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(class: HotspotClass, conversations: u64, before: u64) -> Told<'static> {
        let counts = Counts { mentions: 30, messages: 20, conversations, senders: 5 };
        Told {
            name: "Kerkenveld",
            area: Some("De Wolden"),
            count: CountBy::Conversations,
            counts,
            counted: [conversations, before],
            expected: 2.3,
            p: Some(0.0004),
            week: Some(23),
            class,
            one_conversation: false,
            marks: Marks { rests_on_one: false, may_lack_data: false },
        }
    }

    #[test]
    fn what_is_new_is_told_in_both_languages() {
        let said = sentence(&told(HotspotClass::New, 14, 0));
        assert_eq!(
            said.nl,
            "Kerkenveld (De Wolden): nieuw sinds week 23: 14 gesprekken, 5 afzenders, zes keer zoveel als verwacht (p = 0,0004)."
        );
        assert_eq!(
            said.en,
            "Kerkenveld (De Wolden): new since week 23: 14 conversations, 5 senders, six times as many as expected (p = 0.0004)."
        );
    }

    #[test]
    fn what_is_counted_comes_first() {
        let mut senders = told(HotspotClass::Rising, 1_234, 2);
        (senders.count, senders.counted, senders.p) = (CountBy::Senders, [5, 2], Some(1e-9));
        assert_eq!(
            sentence(&senders).nl,
            "Kerkenveld (De Wolden): 5 afzenders, 1.234 gesprekken, tegen 2 afzenders in de even lange periode ervoor: \
             twee keer zoveel als verwacht (p < 0,0001)."
        );
    }

    #[test]
    fn one_is_singular_and_a_namesake_area_is_not_said_twice() {
        let mut one = told(HotspotClass::Unknown, 1, 0);
        (one.name, one.area, one.one_conversation) = ("Assen", Some("Assen"), true);
        let said = sentence(&one);
        assert_eq!(
            said.nl,
            "Assen: 1 gesprek, 5 afzenders; over de even lange periode ervoor zijn er geen of te weinig gegevens. \
             Meer dan de helft van de berichten komt uit één gesprek."
        );
        assert!(said.en.starts_with("Assen: 1 conversation, 5 senders; there are no or too few data"), "{}", said.en);
    }

    #[test]
    fn what_rests_on_one_conversation_is_said_to() {
        let mut lone = told(HotspotClass::New, 3, 0);
        lone.marks.rests_on_one = true;
        let said = sentence(&lone);
        assert!(said.nl.contains("Zonder het drukste gesprek") && said.en.contains("Without the loudest"));
    }

    #[test]
    fn a_fall_that_may_be_missing_data_is_said_to() {
        let mut fallen = told(HotspotClass::Falling, 3, 9);
        fallen.marks.may_lack_data = true;
        let said = sentence(&fallen);
        assert!(
            said.nl.ends_with("gegevens kunnen ontbreken.") && said.en.ends_with("data may be missing."),
            "{said:?}"
        );
    }

    #[test]
    fn factors_are_words_as_long_as_they_are_short() {
        for (now, text) in [(3, "1,3"), (5, "twee"), (28, "twaalf"), (30, "13"), (2_300, "1.000")] {
            assert_eq!(times(&told(HotspotClass::New, now, 0), NL), text);
        }
    }

    #[test]
    fn every_class_has_a_sentence_of_its_own() {
        let classes = [
            HotspotClass::New,
            HotspotClass::Rising,
            HotspotClass::Steady,
            HotspotClass::Falling,
            HotspotClass::Unknown,
        ];
        let mut said: Vec<_> =
            classes.map(|class| sentence(&told(class, 9, 4))).into_iter().flat_map(|s| [s.nl, s.en]).collect();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), 10);
    }
}
