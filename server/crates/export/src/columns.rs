//! What is told of a hotspot: one table of columns, which every format writes from. A new figure is one line here.

use std::borrow::Cow;

use model::api::{Emerging, Hotspot, HotspotClass};

/// A value with its type, so that numbers stay numbers where a format knows them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    Text(Cow<'a, str>),
    Whole(u64),
    Number(f64),
    Flag(bool),
    Nothing,
}

impl Cell<'_> {
    /// As text; nothing is the empty text.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Whole(number) => number.to_string().into(),
            Self::Number(number) => number.to_string().into(),
            Self::Flag(flag) => flag.to_string().into(),
            Self::Nothing => Cow::Borrowed(""),
        }
    }
}

/// The type of a column, for formats that declare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Whole,
    Number,
    Flag,
}

/// A figure or text of a hotspot. Pairs are Dutch, English.
pub(crate) struct Column {
    /// As in the API.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Unit; empty where there is none.
    pub(crate) unit: &'static str,
    pub(crate) title: [&'static str; 2],
    pub(crate) explanation: [&'static str; 2],
    pub(crate) take: for<'a> fn(&'a Hotspot) -> Cell<'a>,
}

const fn column(
    name: &'static str,
    kind: Kind,
    unit: &'static str,
    title: [&'static str; 2],
    explanation: [&'static str; 2],
    take: for<'a> fn(&'a Hotspot) -> Cell<'a>,
) -> Column {
    Column { name, kind, unit, title, explanation, take }
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn optional(text: Option<&String>) -> Cell<'_> {
    text.map_or(Cell::Nothing, |text| Cell::Text(Cow::Borrowed(text)))
}

fn number(number: Option<f64>) -> Cell<'static> {
    number.map_or(Cell::Nothing, Cell::Number)
}

/// `drugs 50 %, waste 13 %`.
fn topics(hotspot: &Hotspot) -> Cell<'_> {
    let shares = hotspot.topics.iter().map(|told| format!("{} {:.0} %", told.topic, told.share * 100.0));
    let shares: Vec<_> = shares.collect();
    if shares.is_empty() { Cell::Nothing } else { Cell::Text(shares.join(", ").into()) }
}

fn words(hotspot: &Hotspot) -> Cell<'_> {
    if hotspot.words.is_empty() { Cell::Nothing } else { Cell::Text(hotspot.words.join(", ").into()) }
}

use Kind::{Flag, Number, Text, Whole};

/// All columns, in the order in which they are written.
#[rustfmt::skip]
pub(crate) static COLUMNS: &[Column] = &[
    column("rank", Whole, "", ["Rang", "Rank"], ["Plaats in de lijst, vanaf 1.", "Position in the list, from 1."], |h| Cell::Whole(h.rank.into())),
    column("id", Text, "", ["Id", "Id"], ["Vaste aanduiding van plaats, gebied of cel.", "Stable id of the place, region or cell."], |h| text(&h.id)),
    column("name", Text, "", ["Naam", "Name"], ["Naam van plaats of gebied; van een cel de meest genoemde plaats erin.", "Name of the place or region; of a cell, its most mentioned place."], |h| text(&h.name)),
    column("kind", Text, "", ["Soort", "Kind"], ["Soort plaats (locality, district, postcode …), municipality of cell.", "Kind of place (locality, district, postcode …), municipality or cell."], |h| text(&h.kind)),
    column("lon", Number, "°", ["Lengtegraad", "Longitude"], ["WGS 84, van het midden.", "WGS 84, of the middle."], |h| Cell::Number(h.lon)),
    column("lat", Number, "°", ["Breedtegraad", "Latitude"], ["WGS 84, van het midden.", "WGS 84, of the middle."], |h| Cell::Number(h.lat)),
    column("radius_m", Whole, "m", ["Omvang", "Extent"], ["Straal van de plaats: preciezer is de ligging niet bekend.", "Radius of the place: its position is not known more precisely."], |h| Cell::Whole(h.radius_m.into())),
    column("municipality", Text, "", ["Gemeente", "Municipality"], ["Gemeente waarin de plaats ligt.", "Municipality that the place lies in."], |h| optional(h.municipality.as_ref())),
    column("province", Text, "", ["Provincie", "Province"], ["Provincie waarin de plaats ligt.", "Province that the place lies in."], |h| optional(h.province.as_ref())),
    column("police_unit", Text, "", ["Politie-eenheid", "Police unit"], ["Eenheid waarin de plaats ligt.", "Unit that the place lies in."], |h| optional(h.police_unit.as_ref())),
    column("mentions", Whole, "", ["Vermeldingen", "Mentions"], ["Hoe vaak de plaats is genoemd in de periode.", "How often the place was named in the period."], |h| Cell::Whole(h.counts.mentions)),
    column("messages", Whole, "", ["Berichten", "Messages"], ["Verschillende berichten die de plaats noemen.", "Distinct messages that name the place."], |h| Cell::Whole(h.counts.messages)),
    column("conversations", Whole, "", ["Gesprekken", "Conversations"], ["Verschillende gesprekken met zo’n bericht.", "Distinct conversations with such a message."], |h| Cell::Whole(h.counts.conversations)),
    column("senders", Whole, "", ["Afzenders", "Senders"], ["Verschillende afzenders van zulke berichten.", "Distinct senders of such messages."], |h| Cell::Whole(h.counts.senders)),
    column("density_per_km2", Number, "1/km²", ["Dichtheid", "Density"], ["Berichten per km² van de omvang.", "Messages per km² of the extent."], |h| Cell::Number(h.density_per_km2)),
    column("expected", Number, "", ["Verwacht", "Expected"], ["Afzenders die naar het verleden van deze en alle plaatsen te verwachten waren.", "Senders to be expected from the past of this and all places."], |h| Cell::Number(h.expected)),
    column("z_score", Number, "", ["z-score", "z-score"], ["Afwijking van het verwachte in standaardafwijkingen; leeg waar niets te zeggen is.", "Deviation from the expected in standard deviations; empty where nothing can be said."], |h| number(h.z_score)),
    column("p_value", Number, "", ["p-waarde", "p-value"], ["Kans op zoveel afzenders of meer als er niets is veranderd.", "Probability of so many senders or more when nothing changed."], |h| number(h.p_value)),
    column("p_corrected", Number, "", ["p gecorrigeerd", "p corrected"], ["De p-waarde na correctie voor het aantal plaatsen (Benjamini–Hochberg).", "The p-value after correction for the number of places (Benjamini–Hochberg)."], |h| number(h.p_corrected)),
    column("before_mentions", Whole, "", ["Vermeldingen ervoor", "Mentions before"], ["Vermeldingen in de even lange periode ervoor.", "Mentions in the equally long period before."], |h| Cell::Whole(h.before.mentions)),
    column("before_messages", Whole, "", ["Berichten ervoor", "Messages before"], ["Berichten in de even lange periode ervoor.", "Messages in the equally long period before."], |h| Cell::Whole(h.before.messages)),
    column("before_conversations", Whole, "", ["Gesprekken ervoor", "Conversations before"], ["Gesprekken in de even lange periode ervoor.", "Conversations in the equally long period before."], |h| Cell::Whole(h.before.conversations)),
    column("before_senders", Whole, "", ["Afzenders ervoor", "Senders before"], ["Afzenders in de even lange periode ervoor.", "Senders in the equally long period before."], |h| Cell::Whole(h.before.senders)),
    column("change", Number, "", ["Verandering", "Change"], ["Berichten gedeeld door die ervoor, min 1: 0,5 is de helft meer; leeg waar niet te vergelijken is.", "Messages divided by those before, minus 1: 0.5 is half as many more; empty where there is nothing to compare."], |h| number(h.change)),
    column("class", Text, "", ["Klasse", "Class"], ["new, rising, steady, falling, of unknown: over de periode ervoor is te weinig bekend.", "new, rising, steady, falling, or unknown: too little is known of the period before."], |h| text(class_name(h.class))),
    column("one_conversation", Flag, "", ["Eén gesprek", "One conversation"], ["Of één gesprek meer dan de helft van de berichten draagt.", "Whether one conversation carries more than half of the messages."], |h| Cell::Flag(h.one_conversation)),
    column("first_seen", Text, "UTC", ["Eerste bericht", "First message"], ["Eerste bericht in de periode (RFC 3339).", "First message in the period (RFC 3339)."], |h| text(&h.first_seen)),
    column("last_seen", Text, "UTC", ["Laatste bericht", "Last message"], ["Laatste bericht in de periode (RFC 3339).", "Last message in the period (RFC 3339)."], |h| text(&h.last_seen)),
    column("counted", Whole, "", ["Geteld", "Counted"], ["Wat de lijst telt, in de periode: zie `count` in het filter.", "What the list counts, in the period: see `count` in the filter."], |h| Cell::Whole(h.statistics.counted)),
    column("weighted_mentions", Number, "", ["Gewogen vermeldingen", "Weighted mentions"], ["Som van de kansen dat de vermeldingen de plaats bedoelen.", "Sum of the probabilities that the mentions mean the place."], |h| Cell::Number(h.statistics.weighted_mentions)),
    column("gi_star_z", Number, "", ["Gi* z", "Gi* z"], ["Getis-Ord Gi* van de omgeving, als standaardscore.", "Getis-Ord Gi* of the neighbourhood, as a standard score."], |h| number(h.statistics.gi_star.map(|score| score.z))),
    column("gi_star_p_corrected", Number, "", ["Gi* p gecorrigeerd", "Gi* p corrected"], ["De p-waarde van Gi* na correctie (Benjamini–Hochberg).", "The p-value of Gi* after correction (Benjamini–Hochberg)."], |h| number(h.statistics.gi_star.map(|score| score.p_corrected))),
    column("moran_z", Number, "", ["Moran z", "Moran z"], ["Lokale Moran's I, als standaardscore.", "Local Moran's I, as a standard score."], |h| number(h.statistics.moran.map(|score| score.z))),
    column("moran_p_corrected", Number, "", ["Moran p gecorrigeerd", "Moran p corrected"], ["De p-waarde daarvan na correctie.", "Its p-value after correction."], |h| number(h.statistics.moran.map(|score| score.p_corrected))),
    column("base_rate_ratio", Number, "", ["Maal de basis", "Times the base"], ["Geteld gedeeld door wat het aandeel in alle berichten doet verwachten; alleen waar naar woorden of onderwerpen is gevraagd.", "Count over what its share of all messages makes one expect; only where words or topics are asked for."], |h| number(h.statistics.base_rate.map(|against| against.ratio))),
    column("base_rate_p_corrected", Number, "", ["Basis p gecorrigeerd", "Base p corrected"], ["De p-waarde daarvan na correctie (exacte Poissontoets).", "Its p-value after correction (exact Poisson test)."], |h| number(h.statistics.base_rate.map(|against| against.p_corrected))),
    column("population_ratio", Number, "", ["Maal naar inwoners", "Times by inhabitants"], ["Geteld gedeeld door wat het aantal inwoners doet verwachten.", "Count over what its inhabitants make one expect."], |h| number(h.statistics.population.map(|against| against.ratio))),
    column("population_p_corrected", Number, "", ["Inwoners p gecorrigeerd", "Inhabitants p corrected"], ["De p-waarde daarvan na correctie (exacte Poissontoets).", "Its p-value after correction (exact Poisson test)."], |h| number(h.statistics.population.map(|against| against.p_corrected))),
    column("change_ratio", Number, "", ["Maal het vorige", "Times before"], ["Per gelezen bericht, gedeeld door de periode ervoor.", "Per message read, over the period before."], |h| number(h.statistics.change.and_then(|change| change.ratio))),
    column("change_low", Number, "", ["… ten minste", "… at least"], ["Ondergrens van het 95 %-interval daarvan.", "Lower end of its 95 % interval."], |h| number(h.statistics.change.map(|change| change.low))),
    column("change_high", Number, "", ["… ten hoogste", "… at most"], ["Bovengrens; leeg waar er geen is.", "Upper end; empty where there is none."], |h| number(h.statistics.change.and_then(|change| change.high))),
    column("year_change_ratio", Number, "", ["Maal een jaar eerder", "Times a year before"], ["Per gelezen bericht, gedeeld door dezelfde periode 52 weken eerder.", "Per message read, over the same period 52 weeks before."], |h| number(h.statistics.year_change.and_then(|change| change.ratio))),
    column("emerging", Text, "", ["Ontwikkeling", "Emergence"], ["Klasse van opkomende hotspots: new, consecutive, intensifying, persistent, diminishing, sporadic, oscillating, historical, of none.", "Class of emerging hot spots: new, consecutive, intensifying, persistent, diminishing, sporadic, oscillating, historical, or none."], |h| h.statistics.emerging.map_or(Cell::Nothing, |class| Cell::Text(emerging_name(class)))),
    column("trend_tau", Number, "", ["Trend", "Trend"], ["Kendalls tau van Gi* over de stappen, van −1 tot 1.", "Kendall's tau of Gi* over the steps, −1 to 1."], |h| number(h.statistics.trend.map(|trend| trend.tau))),
    column("trend_p_value", Number, "", ["Trend p", "Trend p"], ["De p-waarde daarvan (Mann–Kendall, gecorrigeerd naar Hamed en Rao).", "Its p-value (Mann–Kendall, corrected after Hamed and Rao)."], |h| number(h.statistics.trend.map(|trend| trend.p_value))),
    column("spread", Number, "", ["Uitgesmeerd", "Spread"], ["Bij een raster: wat is geteld op plaatsen die meer dan één vak beslaan, gelijk verdeeld over hun gebied; niet in de andere cijfers.", "Of a grid: what is counted at places larger than a unit, spread evenly over their extent; not in the other figures."], |h| number(h.statistics.spread)),
    column("may_lack_data", Flag, "", ["Gegevens kunnen ontbreken", "Data may be missing"], ["Of de daling niet meer significant is zonder de gesprekken die in de periode geen berichten hebben.", "Whether the fall is not significant any more without the conversations that have no messages in the period."], |h| Cell::Flag(h.statistics.may_lack_data)),
    column("rests_on_one_conversation", Flag, "", ["Rust op één gesprek", "Rests on one conversation"], ["Of de stijging zonder het drukste gesprek niet meer significant is.", "Whether the rise is not significant any more without the loudest conversation."], |h| Cell::Flag(h.statistics.rests_on_one_conversation)),
    column("since", Text, "UTC", ["Sinds", "Since"], ["Begin van het laatste stuk met een hogere maat (RFC 3339).", "Beginning of the last stretch at a higher rate (RFC 3339)."], |h| optional(h.statistics.since.as_ref())),
    column("words", Text, "", ["Kenmerkende woorden", "Telling words"], ["Woorden die in de berichten van deze regel duidelijk vaker voorkomen dan in alle andere (log-odds met een prior, uit een steekproef); van de eerste vijftig regels.", "Words used clearly more in the messages of this line than in all others (log-odds with a prior, of a sample); of the first fifty lines."], words),
    column("topics", Text, "", ["Onderwerpen", "Topics"], ["Aandeel van wat geteld wordt dat over elk onderwerp gaat, wat het filter ook aan onderwerpen vraagt.", "Share of what is counted that is about each topic, whatever topics the filter asks for."], topics),
    column("sentence_nl", Text, "", ["Zin (Nederlands)", "Sentence (Dutch)"], ["Wat ervan te zeggen is, in het Nederlands.", "What is to be said of it, in Dutch."], |h| text(&h.sentence.nl)),
    column("sentence_en", Text, "", ["Zin (Engels)", "Sentence (English)"], ["Wat ervan te zeggen is, in het Engels.", "What is to be said of it, in English."], |h| text(&h.sentence.en)),
];

/// As in JSON.
pub(crate) fn class_name(class: HotspotClass) -> &'static str {
    match class {
        HotspotClass::New => "new",
        HotspotClass::Rising => "rising",
        HotspotClass::Steady => "steady",
        HotspotClass::Falling => "falling",
        HotspotClass::Unknown => "unknown",
    }
}

/// As in JSON.
fn emerging_name(class: Emerging) -> Cow<'static, str> {
    let name = serde_json::to_value(class).ok().and_then(|value| value.as_str().map(str::to_owned));
    Cow::Owned(name.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_class_is_written_as_in_json() {
        for one in [
            HotspotClass::New,
            HotspotClass::Rising,
            HotspotClass::Steady,
            HotspotClass::Falling,
            HotspotClass::Unknown,
        ] {
            assert_eq!(serde_json::to_value(one).unwrap(), class_name(one));
        }
    }

    #[test]
    fn every_column_has_a_name_of_its_own_and_keeps_its_type() {
        let mut names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COLUMNS.len());
        for hotspot in &testing::list().hotspots {
            for column in COLUMNS {
                let fits = match (column.take)(hotspot) {
                    Cell::Text(_) => column.kind == Kind::Text,
                    Cell::Whole(_) => column.kind == Kind::Whole,
                    Cell::Number(_) => column.kind == Kind::Number,
                    Cell::Flag(_) => column.kind == Kind::Flag,
                    Cell::Nothing => true,
                };
                assert!(fits, "{} is not of its kind", column.name);
            }
        }
    }

    #[test]
    fn every_figure_of_the_api_is_a_column() {
        let hotspot = serde_json::to_value(&testing::list().hotspots[0]).unwrap();
        let statistics = hotspot["statistics"].as_object().unwrap().keys();
        for name in hotspot.as_object().unwrap().keys().filter(|name| *name != "statistics").chain(statistics) {
            let told = COLUMNS.iter().any(|column| {
                column.name == name || column.name.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('_'))
            });
            assert!(told || name == "sparkline", "no column tells {name}");
        }
    }
}
