//! What is to be said of a hotspot, in Dutch and English. It describes; it neither explains nor predicts.

use std::fmt::Write as _;

use model::api::{Counts, HotspotClass, Sentence};

/// What a sentence is made of.
pub(crate) struct Told<'a> {
    pub(crate) name: &'a str,
    pub(crate) area: Option<&'a str>,
    pub(crate) counts: Counts,
    pub(crate) before: Counts,
    pub(crate) expected: f64,
    pub(crate) class: HotspotClass,
    pub(crate) one_conversation: bool,
}

/// The sentence in both languages.
pub(crate) fn sentence(told: &Told<'_>) -> Sentence {
    Sentence { nl: dutch(told), en: english(told) }
}

fn dutch(told: &Told<'_>) -> String {
    let mut text = format!(
        "{} is genoemd door {} in {}",
        full_name(told),
        counted(told.counts.senders, "afzender", "afzenders", '.'),
        counted(told.counts.conversations, "gesprek", "gesprekken", '.')
    );
    let before = counted(told.before.senders, "afzender", "afzenders", '.');
    let expected = decimal(told.expected, ',');
    // Writing to a String cannot fail.
    let _ = match told.class {
        HotspotClass::New => write!(text, ", en in de even lange periode ervoor niet: nieuw."),
        HotspotClass::Rising => {
            write!(text, ", tegen {before} in de even lange periode ervoor: meer dan verwacht ({expected}).")
        }
        HotspotClass::Falling => {
            write!(text, ", tegen {before} in de even lange periode ervoor: minder dan verwacht ({expected}).")
        }
        HotspotClass::Steady => {
            write!(text, ", tegen {before} in de even lange periode ervoor: geen duidelijk verschil.")
        }
        HotspotClass::Unknown => write!(text, "; over de even lange periode ervoor zijn er geen gegevens."),
    };
    if told.one_conversation {
        text.push_str(" Meer dan de helft van de berichten komt uit één gesprek.");
    }
    text
}

fn english(told: &Told<'_>) -> String {
    let mut text = format!(
        "{} was mentioned by {} in {}",
        full_name(told),
        counted(told.counts.senders, "sender", "senders", ','),
        counted(told.counts.conversations, "conversation", "conversations", ',')
    );
    let before = counted(told.before.senders, "sender", "senders", ',');
    let expected = decimal(told.expected, '.');
    let _ = match told.class {
        HotspotClass::New => write!(text, ", and not at all in the equally long period before: new."),
        HotspotClass::Rising => {
            write!(text, ", against {before} in the equally long period before: more than expected ({expected}).")
        }
        HotspotClass::Falling => {
            write!(text, ", against {before} in the equally long period before: fewer than expected ({expected}).")
        }
        HotspotClass::Steady => {
            write!(text, ", against {before} in the equally long period before: no clear difference.")
        }
        HotspotClass::Unknown => write!(text, "; there are no data for the equally long period before."),
    };
    if told.one_conversation {
        text.push_str(" One conversation holds more than half of the messages.");
    }
    text
}

/// The name with the area that tells it from its namesakes.
fn full_name(told: &Told<'_>) -> String {
    match told.area.filter(|area| *area != told.name) {
        Some(area) => format!("{} ({area})", told.name),
        None => told.name.to_owned(),
    }
}

fn counted(number: u64, one: &str, many: &str, separator: char) -> String {
    format!("{} {}", thousands(number, separator), if number == 1 { one } else { many })
}

/// Digits in groups of three.
fn thousands(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// One decimal.
fn decimal(number: f64, separator: char) -> String {
    format!("{number:.1}").replace('.', separator.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(class: HotspotClass, conversations: u64, before: u64) -> Told<'static> {
        let counts = |conversations| Counts {
            mentions: conversations,
            messages: conversations,
            conversations,
            senders: conversations,
        };
        let (counts, before) = (counts(conversations), counts(before));
        Told {
            name: "Kerkenveld",
            area: Some("De Wolden"),
            counts,
            before,
            expected: 3.12,
            class,
            one_conversation: false,
        }
    }

    #[test]
    fn a_rise_is_told_in_both_languages() {
        let said = sentence(&told(HotspotClass::Rising, 1_234, 2));
        assert_eq!(
            said.nl,
            "Kerkenveld (De Wolden) is genoemd door 1.234 afzenders in 1.234 gesprekken, tegen 2 afzenders in de even lange periode ervoor: \
             meer dan verwacht (3,1)."
        );
        assert_eq!(
            said.en,
            "Kerkenveld (De Wolden) was mentioned by 1,234 senders in 1,234 conversations, against 2 senders in the equally long period before: \
             more than expected (3.1)."
        );
    }

    #[test]
    fn one_is_singular_and_a_namesake_area_is_not_said_twice() {
        let mut one = told(HotspotClass::Unknown, 1, 0);
        (one.name, one.area, one.one_conversation) = ("Assen", Some("Assen"), true);
        let said = sentence(&one);
        assert_eq!(
            said.nl,
            "Assen is genoemd door 1 afzender in 1 gesprek; over de even lange periode ervoor zijn er geen gegevens. \
             Meer dan de helft van de berichten komt uit één gesprek."
        );
        assert!(
            said.en.starts_with("Assen was mentioned by 1 sender in 1 conversation; there are no data"),
            "{}",
            said.en
        );
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

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, grouped) in [(0, "0"), (999, "999"), (1_000, "1.000"), (12_345_678, "12.345.678")] {
            assert_eq!(thousands(number, '.'), grouped);
        }
    }
}
