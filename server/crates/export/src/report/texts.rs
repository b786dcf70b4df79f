//! The fixed words of the report, in Dutch and English.

use crate::words::Language;

macro_rules! texts {
    ($($key:ident: $nl:literal, $en:literal;)+) => {
        /// The fixed words in one language.
        pub(crate) struct Texts { language: Language, $(pub(crate) $key: &'static str,)+ }
        impl Texts {
            /// The words of a language.
            pub(crate) fn of(language: Language) -> Self {
                Self { language, $($key: language.of([$nl, $en]),)+ }
            }
        }
    };
}

texts! {
    of: "van", "of";
    listed: "plaatsen in de lijst", "places in the list";
    too_coarse: "vermeldingen te grof voor een plaats", "mentions too coarse for a place";
    synthetic: "Synthetische gegevens: deze berichten zijn verzonnen. Personen en gebeurtenissen bestaan niet.", "Synthetic data: these messages are made up. Persons and events do not exist.";
    confidential: "Vertrouwelijk", "Confidential";
    map: "Kaart", "Map";
    map_hint: "Oppervlak van een cirkel: aantal gesprekken. Kleur: verandering tegenover de even lange periode ervoor. Cijfer: rang in de lijst.", "Area of a circle: number of conversations. Colour: change against the equally long period before. Figure: rank in the list.";
    attribution: "Kaart: © OpenStreetMap contributors (ODbL), GSHHG, GeoNames (CC BY 4.0); grenzen vereenvoudigd, tot een kilometer onnauwkeurig. Noorden boven.", "Map: © OpenStreetMap contributors (ODbL), GSHHG, GeoNames (CC BY 4.0); borders simplified, off by up to a kilometre. North is up.";
    list: "Ranglijst", "Ranked list";
    place: "Plaats", "Place";
    class: "Klasse", "Class";
    conversations: "Gesprekken", "Conversations";
    senders: "Afzenders", "Senders";
    expected: "Verwacht", "Expected";
    messages: "Berichten", "Messages";
    before: "Ervoor", "Before";
    change: "Verandering", "Change";
    p_corrected: "p", "p";
    over_time: "Verloop", "Over time";
    list_hint: "Verwacht: afzenders naar het verleden van deze en alle plaatsen. Ervoor: berichten in de even lange periode ervoor. p: kans op zoveel afzenders of meer als er niets veranderde, gecorrigeerd voor het aantal plaatsen.", "Expected: senders by the past of this and all places. Before: messages in the equally long period before. p: probability of so many senders or more when nothing changed, corrected for the number of places.";
    nothing: "Geen plaats voldoet aan dit filter.", "No place passes this filter.";
    told: "De bovenste plaatsen", "The places on top";
    words: "Woorden", "Words";
    one_conversation: "Let op: één gesprek draagt meer dan de helft van de berichten.", "Note: one conversation carries more than half of the messages.";
    extent: "Omvang", "Extent";
    first: "Eerste bericht", "First message";
    last: "Laatste bericht", "Last message";
    method: "Werkwijze", "Method";
    limits: "Grenzen", "Limits";
    filter: "Filter", "Filter";
    no_filter: "Geen: alle berichten.", "None: all messages.";
    provenance: "Herkomst", "Provenance";
    sum_covers: "Wat de som omvat", "What the sum covers";
    page: "pagina", "page";
    yes: "ja", "yes";
    no: "nee", "no";
}

impl Texts {
    pub(crate) fn yes_no(&self, yes: bool) -> &'static str {
        if yes { self.yes } else { self.no }
    }

    /// "of so many pages".
    pub(crate) fn page_of(&self, page: usize, pages: usize) -> String {
        format!("{} {page} {} {pages}", self.page, self.language.of(["van", "of"]))
    }
}

/// How the list comes about: paragraphs, Dutch and English.
pub(crate) const METHOD: [[&str; 2]; 3] = [
    [
        "Speurkaart leest berichten, zoekt er plaatsnamen in en kiest met een plaatsenlijst welke plaats bedoeld is, met een zekerheid en \
         de redenen erbij. Vermeldingen onder de gevraagde zekerheid tellen niet mee. Geteld worden verschillende gesprekken, afzenders en \
         berichten, zodat één drukke prater geen hotspot maakt.",
        "Speurkaart reads messages, looks for names of places in them and chooses by a gazetteer which place is meant, with a confidence \
         and the reasons for it. Mentions below the confidence asked for do not count. Distinct conversations, senders and messages are \
         counted, so that one talkative person makes no hotspot.",
    ],
    [
        "Wat gewoon is voor een plaats volgt uit haar afzenders in de even lange periode ervoor en uit alle plaatsen samen (empirische \
         Bayes, Marshall 1991), naar rato van hoeveel berichten toen en nu zijn gelezen. Een plaats heet nieuw, stijgend of dalend als de \
         p-waarde na correctie voor het aantal plaatsen (Benjamini–Hochberg) klein genoeg is.",
        "What is usual for a place follows from its senders in the equally long period before and from all places together (empirical \
         Bayes, Marshall 1991), in proportion to how many messages were read then and now. A place is called new, rising or falling when \
         the p-value after correction for the number of places (Benjamini–Hochberg) is small enough.",
    ],
    [
        "Bovenaan staan significante stijgingen die niet op één gesprek rusten, de verrassendste eerst; daarna de overige plaatsen naar \
         het aantal gesprekken en afzenders.",
        "On top stand significant rises that do not rest on one conversation, the most surprising first; then the other places by the \
         number of conversations and senders.",
    ],
];

/// What the list does not say: points, Dutch and English.
pub(crate) const LIMITS: [[&str; 2]; 5] = [
    [
        "De lijst beschrijft wat in berichten is genoemd. Zij bewijst niets over wat er gebeurd is en voorspelt niemands gedrag.",
        "The list describes what messages name. It proves nothing about what happened and predicts nobody’s behaviour.",
    ],
    [
        "Een plaatsnaam kan verkeerd begrepen zijn; wie op een regel wil bouwen, leest de berichten erachter.",
        "A name can be misunderstood; whoever wants to build on a line reads the messages behind it.",
    ],
    [
        "Een plaats is zo precies als haar omvang: het punt op de kaart is haar midden, niet de plek waarover gesproken werd.",
        "A place is as precise as its extent: the point on the map is its middle, not the spot that was spoken of.",
    ],
    [
        "Stilte is geen rust: waar of wanneer geen berichten zijn gelezen, is niets te zeggen.",
        "Silence is not calm: where or when no messages were read, nothing can be said.",
    ],
    [
        "Provincies, streken en landen zijn gebieden en staan niet in een lijst van plaatsen; hun vermeldingen zijn apart geteld.",
        "Provinces, regions and countries are areas and do not stand in a list of places; their mentions are counted apart.",
    ],
];

/// The name of a filter's parameter; `None` for one without.
pub(super) fn parameter(language: Language, name: &str) -> Option<&'static str> {
    let both = match name {
        "from" => ["Van", "From"],
        "to" => ["Tot (niet inbegrepen)", "To (not included)"],
        "region" => ["Gebied", "Region"],
        "bbox" => ["Kader (west, zuid, oost, noord)", "Box (west, south, east, north)"],
        "place" => ["Plaats", "Place"],
        "case" => ["Zaak", "Case"],
        "source" => ["Bron", "Source"],
        "min_confidence" => ["Zekerheid vanaf", "Confidence from"],
        "by" => ["Geteld per", "Counted by"],
        "resolution" => ["Fijnheid van de zeshoeken (H3)", "Resolution of the hexagons (H3)"],
        "side_m" => ["Zijde van de vierkanten in meters (RD)", "Side of the squares in metres (RD)"],
        "limit" => ["Ten hoogste", "At most"],
        "words" => ["Woorden", "Words"],
        "polygon" => ["Getekend gebied", "Drawn area"],
        _ => return None,
    };
    Some(language.of(both))
}

/// A value as people say it.
pub(super) fn value(language: Language, value: &str) -> &str {
    match value {
        "(yes)" => language.of(["ja, hier niet genoemd", "yes, not named here"]),
        "municipality" => language.of(["gemeente", "municipality"]),
        "cell" => language.of(["zeshoek", "hexagon"]),
        "square" => language.of(["vierkant", "square"]),
        "place" => language.of(["plaats", "place"]),
        other => other,
    }
}
