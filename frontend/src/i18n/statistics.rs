//! The words of the statistics: density, list, and the detail of a line.

use model::api::{CountBy, Emerging, Kernel};

use crate::url::Lang;

texts! {
    /// The fixed texts of the statistics in one language.
    Texts;
    kernel: "Kern", "Kernel";
    bandwidth: "Bandbreedte", "Bandwidth";
    by_hand: "Zelf", "By hand";
    by_silverman: "Silverman", "Silverman";
    by_silverman_hint: "Vuistregel: naar de spreiding van de plekken en hun aantal", "Rule of thumb: by the spread of the places and their number";
    by_validation: "Kruisvalidatie", "Cross-validation";
    by_validation_hint: "De bandbreedte waarmee plekken het best te voorspellen zijn uit de andere", "The bandwidth with which places are best foretold from the others";
    cross_validated: "kruisvalidatie", "cross-validation";
    shown_as: "Getoond", "Shown";
    as_density: "Per km²", "Per km²";
    as_ratio: "Tegen alle berichten", "Against all messages";
    as_ratio_hint: "Hoeveel keer dichter dan in alle berichten van dezelfde periode", "How many times denser than in all messages of the same period";
    no_ratio: "Tegen alle berichten kan met een onderwerp, woorden of een bron: nu zijn dit alle berichten.", "Against all messages needs a topic, words or a source: these are all messages now.";
    ratio_title: "Keer zo dicht als alle berichten", "Times as dense as all messages";
    ratio_scale_hint: "Paars: minder dan in alle berichten. Grijs: ongeveer evenveel. Oranje: meer. Zonder kleur: te weinig om te vergelijken.", "Violet: less than in all messages. Grey: about as much. Orange: more. Without colour: too little to compare.";
    bandwidth_km: "Bandbreedte in km", "Bandwidth in km";
    silverman: "vuistregel van Silverman", "Silverman's rule";
    chosen: "zelf gekozen", "chosen by hand";
    scale_hint: "Elke kleur hoort bij een vaste waarde, ook na verschuiven van kaart of periode.", "Each colour belongs to a fixed value, whatever the map or the period shows.";
    elsewhere_hint: "Zonder gekozen of getekend gebied: Nederland en België.", "Without a chosen region or a drawn area: the Netherlands and Belgium.";
    border: "Grens", "Border";
    keep_inside: "Niets over de grens uitsmeren", "Nothing smoothed over the border";
    keep_inside_hint: "Wat over de grens van gebied, getekend gebied of land zou vallen, blijft erbinnen. Anders loopt de dichtheid daar af.", "What would fall over the border of region, drawn area or country stays inside. Otherwise the density fades there.";
    bounded: "niets over de grens uitgesmeerd", "nothing smoothed over the border";
    counted: "Wat telt", "What counts";
    counted_hint: "Geldt voor lijst, cijfers en export. De dichtheid telt zonder eigen keuze vermeldingen.", "Holds for list, figures and export. Without a choice the density counts mentions.";
    ranked: "Wat op volgorde staat", "What is ranked";
    by_default: "standaard", "default";
    rests_on_one: "rust op één gesprek", "rests on one conversation";
    rests_on_one_hint: "Zonder het drukste gesprek is het verschil niet meer duidelijk.", "Without the loudest conversation the difference is no longer clear.";
    may_lack_data: "gegevens ontbreken?", "data missing?";
    may_lack_data_hint: "Zonder de gesprekken die in deze periode geen berichten hebben is de daling niet meer duidelijk.", "Without the conversations that have no messages in this period the fall is no longer clear.";
    figures: "Cijfers", "Figures";
    found: "Geteld en verwacht", "Found and expected";
    spread: "Uitgesmeerd", "Spread";
    change: "Tegen de periode ervoor", "Against the period before";
    year: "Tegen een jaar eerder", "Against a year before";
    chance: "Kans bij gelijk tempo", "Chance at an equal rate";
    neighbourhood: "Buurt (Gi*)", "Neighbourhood (Gi*)";
    moran: "Tegen de buren (Moran)", "Against its neighbours (Moran)";
    emerging: "Ontwikkeling", "How it emerged";
    base_rate: "Aandeel in alle berichten", "Share of all messages";
    population: "Per inwoner", "By inhabitants";
    seen: "Gezien", "Seen";
    course: "Verloop", "Course";
    rhythm: "Uur en weekdag", "Hour and day of the week";
    no_past: "Niet te zeggen: over de even lange periode ervoor is te weinig gelezen.", "Cannot be said: too little was read of the equally long period before.";
    no_year: "Niet te zeggen: over dezelfde periode een jaar eerder is te weinig gelezen.", "Cannot be said: too little was read of the same period a year before.";
    no_score: "Niet te zeggen: er zijn te weinig plekken eromheen, of overal is evenveel geteld.", "Cannot be said: there are too few units around it, or the same was counted everywhere.";
    no_cube: "Niet te zeggen: er zijn geen tien tijdstappen met gegevens.", "Cannot be said: there are no ten steps of time with data.";
    no_class: "Geen van de klassen: in de laatste tijdstap niet heet of koud, en ook niet bijna steeds.", "None of the classes: neither hot nor cold in the last step, nor nearly always.";
    no_base: "Niet te zeggen: buiten deze woorden is er te weinig om mee te vergelijken.", "Cannot be said: beyond these words there is too little to compare with.";
    no_people: "Niet te zeggen: niet van elke plek zijn de inwoners bekend.", "Cannot be said: not every unit has known inhabitants.";
    hotter: "in deze buurt meer dan toeval", "more around here than by chance";
    colder: "in deze buurt minder dan toeval", "less around here than by chance";
    as_chance: "niet anders dan bij toeval", "no different from chance";
    like: "lijkt op de buren", "like its neighbours";
    unlike: "anders dan de buren", "unlike its neighbours";
    per_thousand: "per 1.000 gelezen berichten", "per 1,000 messages read";
    not_read: "gearceerd: niets gelezen", "hatched: nothing read";
    no_messages_in_time: "In deze tijd zijn geen berichten.", "There are no messages in this time.";
}

impl Texts {
    /// The name of a kernel.
    pub(crate) fn kernel_name(&self, kernel: Kernel) -> &'static str {
        match (kernel, std::ptr::eq(self, &raw const NL)) {
            (Kernel::Quartic, true) => "Quartisch",
            (Kernel::Quartic, false) => "Quartic",
            (Kernel::Gaussian, true) => "Gaussisch",
            (Kernel::Gaussian, false) => "Gaussian",
        }
    }
}

/// Many of what is counted.
pub(crate) fn counted(lang: Lang, count: CountBy) -> &'static str {
    count.words()[usize::from(lang == Lang::En)][1]
}

/// A number of what is counted: "1 afzender", "12 afzenders".
pub(crate) fn some(lang: Lang, count: CountBy, number: u64) -> String {
    let [one, many] = count.words()[usize::from(lang == Lang::En)];
    format!("{} {}", crate::format::count(lang, number), if number == 1 { one } else { many })
}

/// The name of a class and what it means; nothing for none.
pub(crate) fn emerging(lang: Lang, class: Emerging) -> Option<(String, String)> {
    let (kind, hot) = parts(class)?;
    let (name, meaning) = match lang {
        Lang::Nl => dutch(kind, hot),
        Lang::En => english(kind, hot),
    };
    let scale = match (lang, hot) {
        (Lang::Nl, true) => "Heet: in de buurt is meer geteld dan bij toeval past (Gi*, gecorrigeerd, 5%).",
        (Lang::Nl, false) => "Koud: in de buurt is minder geteld dan bij toeval past (Gi*, gecorrigeerd, 5%).",
        (Lang::En, true) => "Hot: more was counted around here than fits chance (Gi*, corrected, 5%).",
        (Lang::En, false) => "Cold: less was counted around here than fits chance (Gi*, corrected, 5%).",
    };
    Some((name, format!("{meaning} {scale}")))
}

/// The eight ways to emerge, each hot or cold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    New,
    Consecutive,
    Intensifying,
    Persistent,
    Diminishing,
    Sporadic,
    Oscillating,
    Historical,
}

fn parts(class: Emerging) -> Option<(Kind, bool)> {
    Some(match class {
        Emerging::None => return None,
        Emerging::NewHot => (Kind::New, true),
        Emerging::ConsecutiveHot => (Kind::Consecutive, true),
        Emerging::IntensifyingHot => (Kind::Intensifying, true),
        Emerging::PersistentHot => (Kind::Persistent, true),
        Emerging::DiminishingHot => (Kind::Diminishing, true),
        Emerging::SporadicHot => (Kind::Sporadic, true),
        Emerging::OscillatingHot => (Kind::Oscillating, true),
        Emerging::HistoricalHot => (Kind::Historical, true),
        Emerging::NewCold => (Kind::New, false),
        Emerging::ConsecutiveCold => (Kind::Consecutive, false),
        Emerging::IntensifyingCold => (Kind::Intensifying, false),
        Emerging::PersistentCold => (Kind::Persistent, false),
        Emerging::DiminishingCold => (Kind::Diminishing, false),
        Emerging::SporadicCold => (Kind::Sporadic, false),
        Emerging::OscillatingCold => (Kind::Oscillating, false),
        Emerging::HistoricalCold => (Kind::Historical, false),
    })
}

/// Whether a class is a hot one.
pub(crate) fn is_hot(class: Emerging) -> bool {
    parts(class).is_some_and(|(_, hot)| hot)
}

fn dutch(kind: Kind, hot: bool) -> (String, String) {
    let (this, other) = if hot { ("heet", "koud") } else { ("koud", "heet") };
    let (name, meaning) = match kind {
        Kind::New => ("nieuw {}", "In de laatste tijdstap {}, en nooit eerder."),
        Kind::Consecutive => {
            ("aanhoudend {}", "Een ononderbroken reeks van minstens twee tijdstappen {}, tot en met de laatste.")
        }
        Kind::Intensifying => {
            ("steeds meer {}", "In minstens 90% van de tijdstappen {}, ook in de laatste, en steeds sterker.")
        }
        Kind::Persistent => ("blijvend {}", "In minstens 90% van de tijdstappen {}, zonder stijging of daling."),
        Kind::Diminishing => {
            ("afnemend {}", "In minstens 90% van de tijdstappen {}, ook in de laatste, maar steeds zwakker.")
        }
        Kind::Sporadic => ("af en toe {}", "In de laatste tijdstap {} en eerder met tussenpozen; nooit {other}."),
        Kind::Oscillating => ("wisselend {}", "In de laatste tijdstap {}, eerder ook {other}."),
        Kind::Historical => ("voorheen {}", "In minstens 90% van de tijdstappen {}, maar niet in de laatste."),
    };
    (name.replace("{}", this), meaning.replace("{}", this).replace("{other}", other))
}

fn english(kind: Kind, hot: bool) -> (String, String) {
    let (this, other) = if hot { ("hot", "cold") } else { ("cold", "hot") };
    let (name, meaning) = match kind {
        Kind::New => ("new {}", "{} in the last step of time, and never before."),
        Kind::Consecutive => ("consecutive {}", "One unbroken run of at least two {} steps, up to the last."),
        Kind::Intensifying => {
            ("intensifying {}", "{} in at least 90% of the steps, also in the last, and ever more so.")
        }
        Kind::Persistent => ("persistent {}", "{} in at least 90% of the steps, without a rise or fall."),
        Kind::Diminishing => ("diminishing {}", "{} in at least 90% of the steps, also in the last, but ever less so."),
        Kind::Sporadic => ("sporadic {}", "{} in the last step, and on and off before; never {other}."),
        Kind::Oscillating => ("oscillating {}", "{} in the last step, and {other} in some step before."),
        Kind::Historical => ("historical {}", "{} in at least 90% of the steps, but not in the last."),
    };
    (name.replace("{}", this), super::capitalised(&meaning.replace("{}", this).replace("{other}", other)))
}

/// The title over the density: "Vermeldingen per km²"; `unit` as the server says it (`mentions/km²`).
pub(crate) fn per_km2(lang: Lang, unit: &str) -> String {
    let words = unit.split('/').next().and_then(|count| count.parse().ok()).map(|count| counted(lang, count));
    format!("{} per km²", super::capitalised(words.unwrap_or(unit)))
}

/// The share of the activity that an area holds, without what it shares with the others of its list.
pub(crate) fn holds(lang: Lang, percent: &str, area: &str) -> String {
    match lang {
        Lang::Nl => format!("{percent} van de activiteit ligt op {area} km²"),
        Lang::En => format!("{percent} of the activity lies on {area} km²"),
    }
}

/// Mentions outside the area of the density.
pub(crate) fn outside(lang: Lang, number: &str, one: bool) -> String {
    match (lang, one) {
        (Lang::Nl, true) => format!("{number} vermelding buiten dit gebied"),
        (Lang::Nl, false) => format!("{number} vermeldingen buiten dit gebied"),
        (Lang::En, true) => format!("{number} mention outside this area"),
        (Lang::En, false) => format!("{number} mentions outside this area"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_a_name_and_a_meaning_of_its_own() {
        let hot = emerging(Lang::Nl, Emerging::SporadicHot);
        let (name, meaning) = hot.as_ref().map(|(name, meaning)| (name.as_str(), meaning.as_str())).unwrap_or_default();
        assert_eq!(name, "af en toe heet");
        assert!(
            meaning.starts_with("In de laatste tijdstap heet en eerder met tussenpozen; nooit koud. Heet:"),
            "{meaning}"
        );
        assert!(
            emerging(Lang::En, Emerging::NewCold)
                .is_some_and(|(_, meaning)| meaning.starts_with("Cold in the last step"))
        );
        assert_eq!(emerging(Lang::Nl, Emerging::None), None);
        assert!(is_hot(Emerging::NewHot) && !is_hot(Emerging::NewCold) && !is_hot(Emerging::None));
    }

    #[test]
    fn the_unit_of_a_density_is_told_in_words() {
        assert_eq!(per_km2(Lang::Nl, "mentions/km²"), "Vermeldingen per km²");
        assert_eq!(per_km2(Lang::En, "weighted/km²"), "Weighted mentions per km²");
        assert_eq!(some(Lang::Nl, CountBy::Senders, 1), "1 afzender");
        assert_eq!(some(Lang::En, CountBy::Senders, 1200), "1,200 senders");
    }
}
