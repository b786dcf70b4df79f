//! The figures of a line as label and sentence: what is found, and where something cannot be said, that and why. Pure functions.

use model::api::{Against, Basis, Change, CountBy, Hotspot, HotspotClass, LocalScore};

use crate::format;
use crate::i18n::capitalised;
use crate::i18n::statistics::{self, Texts};
use crate::url::Lang;

/// At or below this a corrected p-value is told as a difference.
const SIGNIFICANCE: f64 = 0.05;

/// A figure with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What it is.
    pub(crate) label: &'static str,
    /// What there is to say.
    pub(crate) text: String,
    /// Whether it is said that nothing can be said.
    pub(crate) unsaid: bool,
}

/// All figures of a line; `words`: whether words are asked for.
pub(crate) fn facts(lang: Lang, hotspot: &Hotspot, basis: &Basis, words: bool) -> Vec<Fact> {
    let t = Texts::of(lang);
    let statistics = &hotspot.statistics;
    let count = basis.count;
    let has_past = hotspot.class != HotspotClass::Unknown;
    let mut facts = vec![
        Fact { label: t.found, text: found(lang, hotspot, count), unsaid: false },
        fact(t.change, statistics.change.filter(|_| has_past).map(|change| compared(lang, &change, count)), t.no_past),
        fact(t.chance, hotspot.p_value.filter(|_| has_past).map(|p| chance(lang, p, hotspot.p_corrected)), t.no_past),
        fact(t.year, statistics.year_change.map(|change| compared(lang, &change, count)), t.no_year),
        fact(t.neighbourhood, statistics.gi_star.map(|score| neighbourhood(lang, &score)), t.no_score),
        fact(t.moran, statistics.moran.map(|score| moran(lang, &score)), t.no_score),
    ];
    if let Some(number) = statistics.spread.filter(|number| *number > 0.0) {
        facts.insert(1, Fact { label: t.spread, text: spread(lang, number, count), unsaid: false });
    }
    let class = statistics.emerging.map(|class| {
        let told = statistics::emerging(lang, class);
        told.map_or_else(|| t.no_class.to_owned(), |(name, meaning)| format!("{}. {meaning}", capitalised(&name)))
    });
    facts.push(fact(t.emerging, class, t.no_cube));
    if words || statistics.base_rate.is_some() {
        facts.push(fact(t.base_rate, statistics.base_rate.map(|base| against(lang, &base)), t.no_base));
    }
    facts.push(fact(t.population, statistics.population.map(|people| against(lang, &people)), t.no_people));
    facts.push(Fact { label: t.seen, text: seen(lang, hotspot), unsaid: false });
    facts
}

fn fact(label: &'static str, text: Option<String>, otherwise: &str) -> Fact {
    let unsaid = text.is_none();
    Fact { label, text: text.unwrap_or_else(|| otherwise.to_owned()), unsaid }
}

fn found(lang: Lang, hotspot: &Hotspot, count: CountBy) -> String {
    let counted = statistics::some(lang, count, hotspot.statistics.counted);
    if hotspot.class == HotspotClass::Unknown {
        return format!("{counted}.");
    }
    let expected = format::decimal(lang, hotspot.expected, 1);
    let times = (hotspot.expected > 0.0).then(|| hotspot.statistics.counted as f64 / hotspot.expected);
    match (lang, times.map(|times| format::decimal(lang, times, 1))) {
        (Lang::Nl, Some(times)) => format!("{counted}; verwacht {expected}, dus {times} keer zoveel."),
        (Lang::Nl, None) => format!("{counted}; verwacht {expected}."),
        (Lang::En, Some(times)) => format!("{counted}; expected {expected}, so {times} times as many."),
        (Lang::En, None) => format!("{counted}; expected {expected}."),
    }
}

/// What larger places add to a unit of a grid.
fn spread(lang: Lang, number: f64, count: CountBy) -> String {
    let (number, counted) = (format::measure(lang, number), statistics::counted(lang, count));
    match lang {
        Lang::Nl => format!("Daarnaast naar oppervlakte {number} {counted} van plaatsen die groter zijn dan een vak."),
        Lang::En => format!("Besides, by area, {number} {counted} of places that are larger than a unit."),
    }
}

/// Then, the ratio of the rates, and its interval.
fn compared(lang: Lang, change: &Change, count: CountBy) -> String {
    let then = statistics::some(lang, count, change.counted);
    let number = |value: f64| format::decimal(lang, value, 1);
    let low = number(change.low);
    match (lang, change.ratio.map(number), change.high.map(number)) {
        (Lang::Nl, Some(ratio), Some(high)) => {
            format!("Toen {then}; per gelezen bericht nu {ratio} keer zoveel (95%: {low} tot {high}).")
        }
        (Lang::Nl, Some(ratio), None) => {
            format!("Toen {then}; per gelezen bericht nu {ratio} keer zoveel (95%: vanaf {low}).")
        }
        (Lang::Nl, None, _) => format!("Toen niets; per gelezen bericht nu minstens {low} keer zoveel (95%)."),
        (Lang::En, Some(ratio), Some(high)) => {
            format!("Then {then}; now {ratio} times as many per message read (95%: {low} to {high}).")
        }
        (Lang::En, Some(ratio), None) => {
            format!("Then {then}; now {ratio} times as many per message read (95%: from {low}).")
        }
        (Lang::En, None, _) => format!("Then nothing; now at least {low} times as many per message read (95%)."),
    }
}

fn chance(lang: Lang, p: f64, corrected: Option<f64>) -> String {
    let p = format::probability(lang, p);
    match (lang, corrected.map(|corrected| format::probability(lang, corrected))) {
        (Lang::Nl, Some(corrected)) => {
            format!("{p}; gecorrigeerd voor het aantal plekken {corrected} (Benjamini–Hochberg).")
        }
        (Lang::En, Some(corrected)) => {
            format!("{p}; corrected for the number of units {corrected} (Benjamini–Hochberg).")
        }
        (_, None) => format!("{p}."),
    }
}

/// z and both p-values of a score.
pub(crate) fn score(lang: Lang, score: &LocalScore) -> String {
    let corrected = if lang == Lang::Nl { "gecorrigeerd" } else { "corrected" };
    format!(
        "z = {}, {}, {corrected} {}",
        format::decimal(lang, score.z, 1),
        format::probability(lang, score.p_value),
        format::probability(lang, score.p_corrected)
    )
}

/// Whether a score stands after correction.
pub(crate) fn stands(score: &LocalScore) -> bool {
    score.p_corrected < SIGNIFICANCE
}

/// Gi* with what it means.
pub(crate) fn neighbourhood(lang: Lang, found: &LocalScore) -> String {
    let t = Texts::of(lang);
    let means = match (stands(found), found.z > 0.0) {
        (true, true) => t.hotter,
        (true, false) => t.colder,
        (false, _) => t.as_chance,
    };
    format!("{}: {means}.", score(lang, found))
}

fn moran(lang: Lang, found: &LocalScore) -> String {
    let t = Texts::of(lang);
    let means = match (stands(found), found.z > 0.0) {
        (true, true) => t.like,
        (true, false) => t.unlike,
        (false, _) => t.as_chance,
    };
    format!("{}: {means}.", score(lang, found))
}

fn against(lang: Lang, found: &Against) -> String {
    // As few as are expected of a hamlet are still something.
    let [expected, ratio] = [found.expected, found.ratio].map(|value| format::measure(lang, value));
    let p = format::probability(lang, found.p_corrected);
    match lang {
        Lang::Nl => format!("{ratio} keer de verwachte {expected} (gecorrigeerd {p})."),
        Lang::En => format!("{ratio} times the expected {expected} (corrected {p})."),
    }
}

fn seen(lang: Lang, hotspot: &Hotspot) -> String {
    let moment = |time: &str| format::moment(lang, time);
    let (first, last) = (moment(&hotspot.first_seen), moment(&hotspot.last_seen));
    let since = hotspot.statistics.since.as_deref().map(|since| format::day_of(lang, since));
    match (lang, since) {
        (Lang::Nl, Some(since)) => format!("Van {first} tot {last}; in een hoger tempo sinds {since}."),
        (Lang::Nl, None) => format!("Van {first} tot {last}."),
        (Lang::En, Some(since)) => format!("From {first} to {last}; at a higher rate since {since}."),
        (Lang::En, None) => format!("From {first} to {last}."),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use model::api::{Counts, Emerging, Sentence, Statistics};

    use super::*;

    pub(crate) fn line(class: HotspotClass, statistics: Statistics) -> Hotspot {
        Hotspot {
            rank: 1,
            id: "nl/de-wolden/kerkenveld".into(),
            name: "Kerkenveld".into(),
            kind: "locality".into(),
            lon: 6.5,
            lat: 52.67,
            radius_m: 800,
            municipality: None,
            province: None,
            police_unit: None,
            counts: Counts::default(),
            density_per_km2: 1.0,
            expected: 2.3,
            z_score: None,
            p_value: Some(0.0001),
            p_corrected: Some(0.004),
            before: Counts::default(),
            change: None,
            class,
            one_conversation: false,
            sentence: Sentence::default(),
            sparkline: vec![],
            first_seen: "2020-06-01T12:00:00Z".into(),
            last_seen: "2020-06-09T12:00:00Z".into(),
            topics: vec![],
            statistics,
            outline: Vec::new(),
            words: Vec::new(),
        }
    }

    fn told(lang: Lang, hotspot: &Hotspot, label: &str) -> Fact {
        let basis = Basis { count: CountBy::Senders, ..Basis::default() };
        let all = facts(lang, hotspot, &basis, false);
        all.into_iter().find(|fact| fact.label == label).expect("told")
    }

    #[test]
    fn a_rise_is_told_with_its_interval_and_what_it_rests_on() {
        let change = Change { counted: 3, ratio: Some(4.2), low: 1.8, high: Some(9.7) };
        let gi = LocalScore { z: 4.16, p_value: 0.00003, p_corrected: 0.002 };
        let statistics = Statistics {
            counted: 14,
            change: Some(change),
            gi_star: Some(gi),
            emerging: Some(Emerging::NewHot),
            ..Statistics::default()
        };
        let hotspot = line(HotspotClass::Rising, statistics);
        let nl = |label| told(Lang::Nl, &hotspot, label).text;
        let t = Texts::of(Lang::Nl);
        assert_eq!(nl(t.found), "14 afzenders; verwacht 2,3, dus 6,1 keer zoveel.");
        assert_eq!(nl(t.change), "Toen 3 afzenders; per gelezen bericht nu 4,2 keer zoveel (95%: 1,8 tot 9,7).");
        assert_eq!(nl(t.neighbourhood), "z = 4,2, p < 0,0001, gecorrigeerd p = 0,0020: in deze buurt meer dan toeval.");
        assert!(nl(t.emerging).starts_with("Nieuw heet. In de laatste tijdstap heet"));
    }

    #[test]
    fn what_cannot_be_said_is_said_in_a_sentence() {
        let hotspot = line(HotspotClass::Unknown, Statistics { counted: 1, ..Statistics::default() });
        let t = Texts::of(Lang::En);
        for label in [t.change, t.chance, t.year, t.neighbourhood, t.moran, t.emerging, t.population] {
            let fact = told(Lang::En, &hotspot, label);
            assert!(fact.unsaid && fact.text.ends_with('.') && fact.text.len() > 20, "{fact:?}");
        }
        assert_eq!(told(Lang::En, &hotspot, t.found).text, "1 sender.");
    }

    #[test]
    fn an_open_interval_has_one_end() {
        let change = Change { counted: 0, ratio: None, low: 3.04, high: None };
        assert_eq!(
            compared(Lang::En, &change, CountBy::Messages),
            "Then nothing; now at least 3.0 times as many per message read (95%)."
        );
    }
}
