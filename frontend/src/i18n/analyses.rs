//! The words of the analyses.

use model::RegionKind;
use model::api::CountBy;

use super::statistics::some;
use crate::analysing::Question;
use crate::format;
use crate::url::Lang;

texts! {
    /// The fixed texts of the analyses in one language.
    Texts;
    title: "Analyses", "Analyses";
    hint: "Drie vragen aan de gegevens: waar is het drukker, wat klontert, wat herhaalt zich", "Three questions to the data: where is it busier, what clusters, what repeats";
    scan: "Drukker dan elders", "Busier";
    clusters: "Klontering", "Clusters";
    near_repeat: "Snel herhaald", "Near repeats";
    scan_question: "Waar en sinds wanneer is het drukker dan elders?", "Where, and since when, is it busier than elsewhere?";
    clusters_question: "Welke plekken klonteren samen?", "Which places lie together?";
    near_repeat_question: "Volgt op iets snel iets in de buurt?", "Does something follow soon and near?";
    scan_says: "Zoekt cirkels van gebieden waarin meer is geteld dan daarbuiten, en zegt hoe vaak toeval zo’n cirkel geeft.", "Looks for circles of regions in which more was counted than outside, and says how often chance makes such a circle.";
    scan_says_not: "Zegt niet waardoor, en de rand van een cirkel is niet scherp.", "It does not say why, and the edge of a circle is not sharp.";
    clusters_says: "Verbindt genoemde plekken die dicht bij elkaar liggen en tekent er een omtrek om.", "Joins places that are spoken of and lie close together, and draws an outline around them.";
    clusters_says_not: "Toetst niet op toeval en rekent niet met inwoners: een stad klontert ook op gewone dagen.", "It does not test for chance nor reckon with inhabitants: a city clusters on ordinary days, too.";
    near_repeat_says: "Vergelijkt paren van gebeurtenissen, dicht bij elkaar en kort na elkaar, met dezelfde plekken op door elkaar geschudde tijden.", "Compares pairs of events, close together and soon after each other, with the same places at shuffled times.";
    near_repeat_says_not: "Zegt niet dat het ene op het andere volgt, en niet waar het volgende komt.", "It does not say that one brings about the other, nor where the next will be.";
    form: "Hoe", "How";
    unit: "Gebieden", "Regions";
    over: "Cirkels over", "Circles over";
    space_time: "ruimte en tijd", "space and time";
    space_time_hint: "Een cirkel over het laatste stuk van de periode: sinds wanneer", "A circle over the last stretch of the period: since when";
    space: "alleen ruimte", "space only";
    space_hint: "Een cirkel over de hele periode", "A circle over the whole period";
    against: "Vergeleken met", "Compared with";
    against_usual: "wat past bij de vraag", "what fits the question";
    against_past: "de periode ervoor", "the period before";
    against_population: "inwoners", "inhabitants";
    against_all: "alle berichten", "all messages";
    replicas: "Nabootsingen", "Replicas";
    replicas_hint: "Zo vaak wordt toeval nagebootst. Meer duurt langer en geeft kleinere kansen.", "So often chance is imitated. More take longer and give smaller chances.";
    method: "Manier", "Method";
    dbscan_hint: "Verbindt wat binnen de afstand ligt", "Joins what lies within the distance";
    hdbscan_hint: "Zoekt zelf de afstanden; ten hoogste enkele duizenden plekken", "Finds the distances itself; some thousands of places at most";
    reach: "Afstand in meters", "Distance in metres";
    reach_hint: "Wat niet verder uit elkaar ligt, hoort bij elkaar. Wat minder precies zegt waar, telt niet mee.", "What lies no further apart belongs together. What says where less precisely is left out.";
    least: "Minstens", "At least";
    least_hint: "Zoveel moet er zijn geteld voor een cluster", "So much must be counted for a cluster";
    hull: "Omtrek", "Outline";
    concave: "strak", "close";
    convex: "bol", "convex";
    distances: "Afstanden in meters", "Distances in metres";
    days: "Dagen ertussen", "Days between";
    bands_hint: "Oplopende hele getallen met komma’s ertussen, ten hoogste acht", "Ascending whole numbers with commas between, eight at most";
    ask: "Vraag het", "Ask";
    ask_again: "Vraag opnieuw", "Ask again";
    cancel: "Afbreken", "Cancel";
    waits: "De server werkt…", "The server works…";
    cut_off: "Afgebroken: er is geen antwoord op deze vraag.", "Cancelled: there is no answer to this question.";
    scan_key: "Op de kaart: gevuld de gebieden, gestippeld de cirkel.", "On the map: filled the regions, dashed the circle.";
    other_question: "Dit antwoord hoort bij een ander filter.", "This answer belongs to another filter.";
    other_choices: "Dit antwoord hoort bij een andere instelling.", "This answer belongs to other choices.";
    other_data: "Sinds dit antwoord zijn de gegevens veranderd.", "The data have changed since this answer.";
    asked_about: "Gevraagd over:", "Asked about:";
    whole_time: "alle tijd", "all time";
    apart: "Uit elkaar", "Apart";
    after: "Na elkaar, in dagen", "After each other, in days";
    more_often: "vaker dan bij toeval (p < 0,05, gecorrigeerd)", "more often than by chance (p < 0.05, corrected)";
    knox_hint: "Groot: hoeveel keer zoveel paren als bij toeval. Klein: de kans daarop, gecorrigeerd.", "Large: times as many pairs as by chance. Small: the chance of that, corrected.";
    circle: "Cirkel", "Circle";
    cluster: "Cluster", "Cluster";
    none_expected: "geen verwacht", "none expected";
}

impl Texts {
    /// The tab, the question, what it answers, and what it does not.
    pub(crate) fn question(&self, question: Question) -> [&'static str; 4] {
        match question {
            Question::Scan => [self.scan, self.scan_question, self.scan_says, self.scan_says_not],
            Question::Clusters => [self.clusters, self.clusters_question, self.clusters_says, self.clusters_says_not],
            Question::NearRepeat => {
                [self.near_repeat, self.near_repeat_question, self.near_repeat_says, self.near_repeat_says_not]
            }
        }
    }

    /// What a scan is against; `None` is the server's choice.
    pub(crate) fn against(&self, against: Option<&str>) -> &'static str {
        match against {
            Some("past") => self.against_past,
            Some("population") => self.against_population,
            Some(_) => self.against_all,
            None => self.against_usual,
        }
    }
}

/// How far it is: "312 van 999 keer nagebootst".
pub(crate) fn far(lang: Lang, done: u32, of: u32) -> String {
    let [done, of] = [done, of].map(|number| format::count(lang, number.into()));
    match lang {
        Lang::Nl => format!("{done} van {of} keer nagebootst"),
        Lang::En => format!("{done} of {of} replicas"),
    }
}

/// A unit with those around it.
pub(crate) fn with_neighbours(lang: Lang, first: &str, others: usize) -> String {
    match (lang, others) {
        (_, 0) => first.to_owned(),
        (Lang::Nl, 1) => format!("{first} en 1 buur"),
        (Lang::En, 1) => format!("{first} and 1 neighbour"),
        (Lang::Nl, n) => format!("{first} en {n} buren"),
        (Lang::En, n) => format!("{first} and {n} neighbours"),
    }
}

/// How much more often it is counted inside than outside.
pub(crate) fn risk(lang: Lang, ratio: f64) -> String {
    let ratio = format::measure(lang, ratio);
    match lang {
        Lang::Nl => format!("{ratio}× zo vaak als elders"),
        Lang::En => format!("{ratio}× as often as elsewhere"),
    }
}

/// What would have been counted, were it as usual: "12 verwacht".
pub(crate) fn expected(lang: Lang, expected: f64) -> String {
    let expected = format::measure(lang, expected);
    match lang {
        Lang::Nl => format!("{expected} verwacht"),
        Lang::En => format!("{expected} expected"),
    }
}

/// What a scan went over: units, steps, what was counted.
pub(crate) fn scanned(
    lang: Lang,
    units: u64,
    steps: u32,
    step_days: Option<u32>,
    count: CountBy,
    counted: u64,
) -> String {
    let (units, counted) = (format::count(lang, units), some(lang, count, counted));
    let steps = match (lang, step_days) {
        (_, None) => String::new(),
        (Lang::Nl, Some(1)) => format!(" · {steps} stappen van een dag"),
        (Lang::En, Some(1)) => format!(" · {steps} steps of a day"),
        (Lang::Nl, Some(days)) => format!(" · {steps} stappen van {days} dagen"),
        (Lang::En, Some(days)) => format!(" · {steps} steps of {days} days"),
    };
    match lang {
        Lang::Nl => format!("{counted} in {units} gebieden{steps}"),
        Lang::En => format!("{counted} in {units} regions{steps}"),
    }
}

/// How many of a scan's circles may be chance.
pub(crate) fn unclear(lang: Lang, number: usize) -> String {
    match (lang, number) {
        (Lang::Nl, 1) => "1 cirkel die toeval kan zijn".to_owned(),
        (Lang::En, 1) => "1 circle that may be chance".to_owned(),
        (Lang::Nl, n) => format!("{n} cirkels die toeval kunnen zijn"),
        (Lang::En, n) => format!("{n} circles that may be chance"),
    }
}

/// Places, area and density of a cluster.
pub(crate) fn extent(lang: Lang, places: u64, area_km2: f64, per_km2: f64) -> String {
    let (number, area, per) =
        (format::count(lang, places), format::measure(lang, area_km2), format::measure(lang, per_km2));
    match (lang, places) {
        (Lang::Nl, 1) => format!("1 plek · {area} km² · {per} berichten per km²"),
        (Lang::En, 1) => format!("1 place · {area} km² · {per} messages per km²"),
        (Lang::Nl, _) => format!("{number} plekken · {area} km² · {per} berichten per km²"),
        (Lang::En, _) => format!("{number} places · {area} km² · {per} messages per km²"),
    }
}

/// Those of a list that are not in it.
pub(crate) fn and_more(lang: Lang, number: u64) -> String {
    let number = format::count(lang, number);
    match lang {
        Lang::Nl => format!("en {number} meer"),
        Lang::En => format!("and {number} more"),
    }
}

/// A band of distance: "tot 500 m", "0,5–1 km".
pub(crate) fn distance_band(lang: Lang, from: Option<f64>, to: f64) -> String {
    let Some(from) = from else {
        let to = format::distance(lang, to);
        return if lang == Lang::Nl { format!("tot {to}") } else { format!("up to {to}") };
    };
    if to < 1_000.0 {
        format!("{}–{}", format::count(lang, from as u64), format::distance(lang, to))
    } else {
        format!("{}–{}", format::measure(lang, from / 1_000.0), format::distance(lang, to))
    }
}

/// A band of days: "tot 1", "2–7".
pub(crate) fn day_band(lang: Lang, from: Option<u32>, to: u32) -> String {
    match (lang, from) {
        (Lang::Nl, None) => format!("tot {to}"),
        (Lang::En, None) => format!("up to {to}"),
        (_, Some(from)) => format!("{from}–{to}"),
    }
}

/// Pairs there are and would be, of a cell of the table.
pub(crate) fn pairs(lang: Lang, pairs: u64, expected: f64) -> String {
    let (pairs, expected) = (format::count(lang, pairs), self::expected(lang, expected));
    match lang {
        Lang::Nl => format!("{pairs} paren, {expected}"),
        Lang::En => format!("{pairs} pairs, {expected}"),
    }
}

/// The regions of a kind, as a choice.
pub(crate) fn units(lang: Lang, kind: RegionKind) -> &'static str {
    super::Texts::of(lang).region_kinds(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_told_in_the_unit_that_fits() {
        assert_eq!(distance_band(Lang::Nl, None, 500.0), "tot 500 m");
        assert_eq!(distance_band(Lang::Nl, Some(250.0), 500.0), "250–500 m");
        assert_eq!(distance_band(Lang::Nl, Some(500.0), 2_500.0), "0,5–2,5 km");
        assert_eq!(distance_band(Lang::En, Some(1_000.0), 2_500.0), "1–2.5 km");
        assert_eq!((day_band(Lang::Nl, None, 1), day_band(Lang::En, Some(3), 7)), ("tot 1".into(), "3–7".into()));
    }

    #[test]
    fn what_was_scanned_is_told_with_its_steps_where_there_are_any() {
        assert_eq!(
            scanned(Lang::Nl, 342, 45, Some(1), CountBy::Senders, 1_200),
            "1.200 afzenders in 342 gebieden · 45 stappen van een dag"
        );
        assert_eq!(scanned(Lang::En, 12, 1, None, CountBy::Messages, 1), "1 message in 12 regions");
    }
}
