//! The words of what is ranked, and of the detail of a line.

use model::api::{CountBy, DaySpan, TellingWord};

use super::statistics;
use crate::format;
use crate::time::Day;
use crate::units::Unit;
use crate::url::Lang;
use crate::window::Window;

/// Stretches of days that are told one by one.
const SPANS: usize = 4;

texts! {
    /// The fixed texts of units and lines in one language.
    Texts;
    places: "Plaatsen", "Places";
    hexagons: "Zeshoeken", "Hexagons";
    squares: "Vierkanten", "Squares";
    size: "Grootte", "Size";
    scale_hint: "Elke kleur hoort bij een vast aantal, ook na verschuiven van kaart of periode.", "Each colour belongs to a fixed number, whatever the map or the period shows.";
    named_after: "genoemd naar wat er het vaakst wordt genoemd", "named after what is mentioned most in it";
    rests_on: "Rust op", "Rests on";
    loudest_conversation: "Drukste gesprek", "Loudest conversation";
    loudest_sender: "Drukste afzender", "Loudest sender";
    stays: "houdt stand", "holds";
    falls: "valt weg", "is gone";
    stays_hint: "Ook zonder blijft het een duidelijke stijging.", "It is still a clear rise without it.";
    falls_hint: "Zonder is het geen duidelijke stijging meer.", "It is no clear rise without it.";
    speaking: "Wie erover spreekt", "Who speaks of it";
    no_data: "geen gegevens", "no data";
    no_data_hint: "Dit gesprek heeft in deze periode geen enkel bericht: dat het hier niet over deze plek spreekt, zegt niets.", "This conversation has no message at all in this period: that it does not speak of this place says nothing.";
    begun: "begint hier", "begins here";
    begun_hint: "Dit gesprek heeft in de even lange periode ervoor geen enkel bericht.", "This conversation has no message at all in the equally long period before.";
    words: "Kenmerkende woorden", "Telling words";
    words_hint: "De kenmerkendste eerst; streep: hoe zeker (z), getal: verschil in log-odds. Een klik filtert op het woord.", "Most telling first; bar: how sure (z), number: difference of log-odds. A click filters by the word.";
    topics: "Onderwerpen", "Topics";
    no_topics: "Geen van de onderwerpen komt hier voor.", "None of the topics comes up here.";
    in_period: "In de periode", "In the period";
    shaded: "gekleurd: de gekozen periode", "coloured: the chosen period";
    nothing_counted: "Hier is binnen deze filters niets geteld dat precies genoeg is voor een regel in de lijst.", "Nothing precise enough for a line of the list was counted here within these filters.";
}

/// Several of a unit.
pub(crate) fn units(lang: Lang, unit: Unit) -> &'static str {
    let t = Texts::of(lang);
    match unit {
        Unit::Places => t.places,
        Unit::Regions(kind) => super::Texts::of(lang).region_kinds(kind),
        Unit::Hexagons(_) => t.hexagons,
        Unit::Squares(_) => t.squares,
    }
}

/// How large a unit of a grid is; nothing of others.
pub(crate) fn size(lang: Lang, unit: Unit) -> Option<String> {
    let width = format::distance(lang, unit.width_m()?);
    Some(match (unit, lang) {
        (Unit::Hexagons(resolution), _) => {
            let edge = format::distance(lang, crate::units::edge_m(resolution?)?);
            match lang {
                Lang::Nl => format!("{width} breed, zijde {edge}"),
                Lang::En => format!("{width} wide, edge {edge}"),
            }
        }
        (_, Lang::Nl) => format!("zijde {width}"),
        (_, Lang::En) => format!("side {width}"),
    })
}

/// The choice of hexagons that follow the map, with how large they are now.
pub(crate) fn follows_map(lang: Lang, now: Unit) -> String {
    let width = format::distance(lang, now.width_m().unwrap_or_default());
    match lang {
        Lang::Nl => format!("Volgt de kaart: nu {width} breed"),
        Lang::En => format!("Follows the map: now {width} wide"),
    }
}

/// What a unit of a grid is, over its detail: "Zeshoek, 5,9 km breed, zijde 3,4 km".
pub(crate) fn one_unit(lang: Lang, unit: Unit) -> Option<String> {
    let what = match (unit, lang) {
        (Unit::Hexagons(_), Lang::Nl) => "Zeshoek",
        (Unit::Hexagons(_), Lang::En) => "Hexagon",
        (_, Lang::Nl) => "Vierkant",
        (_, Lang::En) => "Square",
    };
    size(lang, unit).map(|size| format!("{what}, {size}"))
}

/// The title over the colours of a grid: "Afzenders per zeshoek".
pub(crate) fn per_unit(lang: Lang, count: CountBy, unit: Unit) -> String {
    let counted = super::capitalised(statistics::counted(lang, count));
    let per = match (unit, lang) {
        (Unit::Hexagons(_), Lang::Nl) => "zeshoek",
        (Unit::Hexagons(_), Lang::En) => "hexagon",
        (_, Lang::Nl) => "vierkant",
        (_, Lang::En) => "square",
    };
    format!("{counted} per {per}")
}

/// Mentions that say where too coarsely for a unit of this grid.
pub(crate) fn too_coarse(lang: Lang, number: u64) -> String {
    let told = format::count(lang, number);
    match (lang, number) {
        (Lang::Nl, 1) => format!("{told} vermelding is te grof voor dit raster"),
        (Lang::Nl, _) => format!("{told} vermeldingen zijn te grof voor dit raster"),
        (Lang::En, 1) => format!("{told} mention is too coarse for this grid"),
        (Lang::En, _) => format!("{told} mentions are too coarse for this grid"),
    }
}

/// Mentions that are spread over several units of this grid.
pub(crate) fn spread(lang: Lang, number: u64) -> String {
    let told = format::count(lang, number);
    match (lang, number) {
        (Lang::Nl, 1) => format!("{told} vermelding van wat groter is dan een vak is over meer vakken uitgesmeerd"),
        (Lang::Nl, _) => format!("{told} vermeldingen van wat groter is dan een vak zijn over meer vakken uitgesmeerd"),
        (Lang::En, 1) => format!("{told} mention of what is larger than a unit is spread over several"),
        (Lang::En, _) => format!("{told} mentions of what is larger than a unit are spread over several"),
    }
}

/// Units that are not drawn because there are too many.
pub(crate) fn drawn(lang: Lang, drawn: u64, of: u64) -> String {
    let [drawn, of] = [drawn, of].map(|number| format::count(lang, number));
    match lang {
        Lang::Nl => format!("Getekend: de eerste {drawn} van {of} in de lijst"),
        Lang::En => format!("Drawn: the first {drawn} of {of} in the list"),
    }
}

/// Where a line stands: "Nr. 134 van 812 plaatsen".
pub(crate) fn rank(lang: Lang, rank: u32, of: u64, unit: Unit) -> String {
    let [rank, of] = [u64::from(rank), of].map(|number| format::count(lang, number));
    let units = units(lang, unit).to_lowercase();
    match lang {
        Lang::Nl => format!("Nr. {rank} van {of} {units}"),
        Lang::En => format!("No. {rank} of {of} {units}"),
    }
}

/// The figures of a telling word in a sentence.
pub(crate) fn telling(lang: Lang, word: &TellingWord) -> String {
    let [here, elsewhere] = [word.here, word.elsewhere].map(|number| format::count(lang, number));
    let [log_odds, z] = [word.log_odds, word.z].map(|value| format::decimal(lang, value, 1));
    match lang {
        Lang::Nl => {
            format!("In {here} gelezen berichten hier en {elsewhere} elders; verschil in log-odds {log_odds}, z = {z}.")
        }
        Lang::En => format!(
            "In {here} messages read here and {elsewhere} elsewhere; difference of log-odds {log_odds}, z = {z}."
        ),
    }
}

/// Messages of a conversation here, in the period and in the one before: "12 nu, 3 ervoor".
pub(crate) fn now_and_before(lang: Lang, now: u64, before: u64) -> String {
    let [now, before] = [now, before].map(|number| format::count(lang, number));
    match lang {
        Lang::Nl => format!("{now} nu, {before} ervoor"),
        Lang::En => format!("{now} now, {before} before"),
    }
}

/// From when to when a conversation has messages, wherever they are about.
pub(crate) fn span(lang: Lang, first: &str, last: &str, messages: u64) -> String {
    let number = format::count(lang, messages);
    match (lang, messages) {
        (Lang::Nl, 1) => format!("Gegevens: 1 bericht, {first}"),
        (Lang::Nl, _) => format!("Gegevens: {number} berichten, {first} – {last}"),
        (Lang::En, 1) => format!("Data: 1 message, {first}"),
        (Lang::En, _) => format!("Data: {number} messages, {first} – {last}"),
    }
}

/// Conversations that are not listed.
pub(crate) fn more_conversations(lang: Lang, number: u64) -> String {
    let told = format::count(lang, number);
    match (lang, number) {
        (Lang::Nl, 1) => "en nog 1 gesprek".to_owned(),
        (Lang::Nl, _) => format!("en nog {told} gesprekken"),
        (Lang::En, 1) => "and 1 more conversation".to_owned(),
        (Lang::En, _) => format!("and {told} more conversations"),
    }
}

/// Stretches of days with messages that a source has told apart; nothing of one without a long pause.
pub(crate) fn source_spans(lang: Lang, spans: &[DaySpan]) -> Option<String> {
    let period = |span: &DaySpan| {
        let window =
            Day::parse(&span.first).zip(Day::parse(&span.last)).map(|(from, last)| Window { from, to: last.plus(1) });
        window.map_or_else(|| format!("{} – {}", span.first, span.last), |window| format::period(lang, window))
    };
    let told: Vec<String> = spans.iter().take(SPANS).map(period).collect();
    let (told, more) = (told.join(", "), spans.len().saturating_sub(SPANS));
    let (head, tail) = match (lang, more) {
        (Lang::Nl, 0) => ("Gegevens in delen", String::new()),
        (Lang::Nl, _) => ("Gegevens in delen", format!(" en nog {more}")),
        (Lang::En, 0) => ("Data in parts", String::new()),
        (Lang::En, _) => ("Data in parts", format!(" and {more} more")),
    };
    (spans.len() > 1).then(|| format!("{head}: {told}{tail}"))
}

/// How long a bar of the period is: per day, per week.
pub(crate) fn per_step(lang: Lang, days: u32) -> String {
    match (lang, days) {
        (Lang::Nl, 1) => "per dag".to_owned(),
        (Lang::Nl, 7) => "per week".to_owned(),
        (Lang::Nl, _) => format!("per {days} dagen"),
        (Lang::En, 1) => "by day".to_owned(),
        (Lang::En, 7) => "by week".to_owned(),
        (Lang::En, _) => format!("by {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::RegionKind;

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        let six = Unit::Hexagons(Some(6));
        assert_eq!(size(Lang::Nl, six).as_deref(), Some("5,9 km breed, zijde 3,4 km"));
        assert_eq!(size(Lang::En, Unit::Squares(250)).as_deref(), Some("side 250 m"));
        assert_eq!(size(Lang::Nl, Unit::Places), None);
        assert_eq!(follows_map(Lang::En, Unit::Hexagons(Some(8))), "Follows the map: now 849 m wide");
        assert_eq!(one_unit(Lang::Nl, Unit::Squares(5000)).as_deref(), Some("Vierkant, zijde 5 km"));
        assert_eq!(per_unit(Lang::Nl, CountBy::Senders, six), "Afzenders per zeshoek");
    }

    #[test]
    fn a_source_without_a_long_pause_tells_no_spans() {
        let span = |first: &str, last: &str| DaySpan { first: first.into(), last: last.into(), messages: 3 };
        let mut spans = vec![span("2020-01-03", "2020-02-14")];
        assert_eq!(source_spans(Lang::Nl, &spans), None);
        spans.push(span("2020-05-11", "2020-05-11"));
        assert_eq!(
            source_spans(Lang::Nl, &spans).as_deref(),
            Some("Gegevens in delen: 3 jan – 14 feb 2020, 11 mei 2020")
        );
        spans.extend(vec![spans[1].clone(); 9]);
        assert!(source_spans(Lang::En, &spans).is_some_and(|told| told.ends_with(" and 7 more")));
    }

    #[test]
    fn numbers_are_told_with_what_they_count() {
        assert_eq!(too_coarse(Lang::Nl, 2821), "2.821 vermeldingen zijn te grof voor dit raster");
        assert_eq!(too_coarse(Lang::En, 1), "1 mention is too coarse for this grid");
        let municipalities = Unit::Regions(RegionKind::Municipality);
        assert_eq!(rank(Lang::Nl, 134, 342, municipalities), "Nr. 134 van 342 gemeenten");
        assert_eq!(drawn(Lang::Nl, 1000, 1234), "Getekend: de eerste 1.000 van 1.234 in de lijst");
    }
}
