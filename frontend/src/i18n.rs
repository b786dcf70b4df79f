//! Every word on the screen, in Dutch and English.
//!
//! A text that one language lacks does not compile. Numbers and dates are in [`crate::format`].

use model::{DecisionAction, PlaceKind, RegionKind, api::HotspotClass};

use crate::url::{Lang, Layer};

macro_rules! texts {
    ($(#[$about:meta])* $name:ident; $($key:ident: $nl:literal, $en:literal;)+) => {
        $(#[$about])*
        #[derive(Debug)]
        pub(crate) struct $name { $(pub(crate) $key: &'static str,)+ }
        static NL: $name = $name { $($key: $nl,)+ };
        static EN: $name = $name { $($key: $en,)+ };

        impl $name {
            /// The texts of a language.
            pub(crate) fn of(lang: Lang) -> &'static Self {
                match lang {
                    Lang::Nl => &NL,
                    Lang::En => &EN,
                }
            }
        }
    };
}

pub(crate) mod analyses;
pub(crate) mod drawing;
pub(crate) mod errors;
pub(crate) mod imports;
pub(crate) mod lines;
pub(crate) mod statistics;

texts! {
    /// The fixed texts of the screen in one language.
    Texts;
    synthetic: "Synthetische gegevens", "Synthetic data";
    synthetic_hint: "Deze berichten zijn verzonnen. Personen en gebeurtenissen bestaan niet.", "These messages are made up. Persons and events do not exist.";
    map: "Kaart", "Map";
    skip_to_list: "Naar de lijst", "Skip to the list";
    loading: "Laden…", "Loading…";
    region: "Gebied", "Region";
    region_search: "Zoek provincie, eenheid of gemeente", "Search province, unit or municipality";
    whole_country: "Heel Nederland", "All of the Netherlands";
    no_region_found: "Geen gebied met die naam", "No region of that name";
    provinces: "Provincies", "Provinces";
    police_units: "Politie-eenheden", "Police units";
    municipalities: "Gemeenten", "Municipalities";
    areas: "Streken", "Areas";
    words_hint: "Woorden in het bericht", "Words in the message";
    source: "Bron", "Source";
    all_sources: "Alle bronnen", "All sources";
    topics: "Onderwerpen", "Topics";
    topics_hint: "Alleen berichten over een van deze onderwerpen", "Only messages about one of these topics";
    topic_share_hint: "Aandeel van wat hier wordt geteld, ongeacht de gekozen onderwerpen", "Share of what is counted here, whatever topics are chosen";
    confidence: "Zekerheid", "Confidence";
    confidence_from: "vanaf", "from";
    clear: "Wissen", "Clear";
    clear_all: "Alles wissen", "Clear all";
    filters: "Filters", "Filters";
    list: "Lijst", "List";
    time: "Tijd", "Time";
    period: "Periode", "Period";
    period_from: "Van", "From";
    period_to: "Tot en met", "Through";
    whole_period: "Alles", "All";
    last_7: "7 dagen", "7 days";
    last_30: "30 dagen", "30 days";
    last_90: "90 dagen", "90 days";
    last_hint: "Laatste dagen van de gegevens", "Last days of the data";
    move_window: "Periode verschuiven", "Move the period";
    handle_from: "Begin van de periode", "Start of the period";
    handle_to: "Einde van de periode", "End of the period";
    no_data_period: "Geen gegevens", "No data";
    no_data_hint: "Gearceerd: geen berichten gelezen. Stilte is hier geen rust.", "Hatched: no messages read. Silence is not calm here.";
    hotspots: "Hotspots", "Hotspots";
    conversations: "gesprekken", "conversations";
    conversation_one: "gesprek", "conversation";
    messages: "berichten", "messages";
    messages_title: "Berichten", "Messages";
    message_one: "bericht", "message";
    senders: "afzenders", "senders";
    sender_one: "afzender", "sender";
    mentions: "vermeldingen", "mentions";
    change_hint: "Berichten vergeleken met de even lange periode ervoor", "Messages against the equally long period before";
    mostly_one: "vooral één gesprek", "mostly one conversation";
    one_conversation: "Eén gesprek draagt meer dan de helft", "One conversation carries more than half";
    close: "Sluiten", "Close";
    newest_first: "nieuwste eerst", "newest first";
    more: "Meer berichten", "More messages";
    in_conversation: "Gesprek", "Conversation";
    not_accepted: "niet geplaatst", "not placed";
    why: "Waarom", "Why";
    alternatives: "Kan ook zijn", "Could also be";
    no_alternatives: "Geen andere plaats met deze naam overwogen", "No other place of this name considered";
    extent: "omvang", "extent";
    export: "Exporteren", "Export";
    export_report: "Verslag", "Report";
    export_table: "Tabel", "Table";
    export_map: "Kaart", "Map";
    export_with_messages: "Met berichten", "With messages";
    export_pdf_hint: "Kaart, ranglijst en herkomst", "Map, ranked list and provenance";
    export_html: "Webpagina", "Web page";
    export_html_hint: "Het verslag in één bestand", "The report in one file";
    export_xlsx_hint: "Met uitleg van de kolommen", "With its columns explained";
    export_csv_hint: "Voor elk tabelprogramma", "For any table program";
    export_gpkg_hint: "Voor QGIS", "For QGIS";
    export_geojson_hint: "Voor webkaarten en QGIS", "For web maps and QGIS";
    export_kml_hint: "Voor Google Earth", "For Google Earth";
    export_kmz_hint: "KML, ingepakt", "KML, zipped";
    export_gpx_hint: "Voor navigatie", "For navigation";
    export_pack: "Dossierpakket", "Disclosure pack";
    export_pack_hint: "Alles, de berichten en een manifest, als zip", "Everything, the messages and a manifest, as a zip";
    theme: "Licht of donker", "Light or dark";
    language: "Switch to English", "Naar het Nederlands";
    sign_out: "Uitloggen", "Sign out";
    signed_in_as: "Ingelogd als", "Signed in as";
    signed_out_title: "U bent niet ingelogd", "You are not signed in";
    signed_out_text: "Open de link die Speurkaart bij het starten op de opdrachtregel toont. Die link logt u eenmalig in. Is hij al gebruikt, maak dan op de server een nieuwe:", "Open the link that Speurkaart shows on the command line when it starts. That link signs you in once. If it has been used, make a new one on the server:";
    try_again: "Opnieuw proberen", "Try again";
    error_title: "Dat lukte niet", "That did not work";
    network_error: "De server antwoordt niet. Controleer of Speurkaart draait en of de verbinding er is.", "The server does not answer. Check that Speurkaart is running and that there is a connection.";
    unreadable: "De server gaf een antwoord dat dit scherm niet kan lezen. Herlaad de pagina; mogelijk is de server vernieuwd.", "The server gave an answer that this screen cannot read. Reload the page; the server may have been updated.";
    incident: "Meldcode", "Incident";
    empty_title: "Nog geen berichten", "No messages yet";
    empty_text: "Sleep een bestand met berichten op dit scherm, of kies er een. Op de opdrachtregel kan het ook, net als beginnen met voorbeeldgegevens:", "Drop a file of messages on this screen, or choose one. The command line does it, too, and can begin with demo data:";
    no_hits_title: "Niets gevonden", "Nothing found";
    no_hits_text: "Geen plaats voldoet aan deze filters. Maak er een ruimer:", "No place passes these filters. Loosen one:";
    no_hits_plain: "In deze berichten is geen plaats herkend.", "No place was recognised in these messages.";
    no_messages: "Geen berichten binnen deze filters.", "No messages within these filters.";
    heat_legend: "Gesprekken per km²", "Conversations per km²";
    bandwidth: "Bandbreedte", "Bandwidth";
    per_inhabitants: "per 10.000 inw.", "per 10,000 inh.";
    per_area: "per km²", "per km²";
    messages_per_inhabitants: "Berichten per 10.000 inwoners", "Messages per 10,000 inhabitants";
    messages_per_area: "Berichten per km²", "Messages per km²";
    none_here: "geen", "none";
    zoom_in: "Inzoomen", "Zoom in";
    zoom_out: "Uitzoomen", "Zoom out";
    zoom_home: "Heel Nederland in beeld", "Show all of the Netherlands";
    no_webgl: "De kaart kan niet worden getekend: deze browser biedt geen WebGL 2. De lijst en de berichten werken wel.", "The map cannot be drawn: this browser offers no WebGL 2. The list and the messages do work.";
    kind_of_layer: "Kaartlaag", "Map layer";
    measure: "Maat", "Measure";
    home: "Eigen gebied", "Home region";
    home_hint: "Bij gelijknamige plaatsen, zoals Zuidwolde, telt die in het eigen gebied als waarschijnlijker. Na een wijziging worden alle berichten opnieuw gelezen; beslissingen blijven.", "Of places of the same name, such as Zuidwolde, the one in the home region counts as likelier. After a change all messages are read again; decisions stay.";
    home_none: "Geen eigen gebied", "No home region";
    home_begins: "Berichten worden opnieuw gelezen…", "Messages are being read again…";
    home_incomplete: "Nog niet alle berichten zijn met dit eigen gebied gelezen.", "Not all messages have been read with this home region yet.";
    home_read_again: "Opnieuw lezen", "Read again";
    home_unchanged: "Er is niets verschoven.", "Nothing moved.";
    home_mostly: "Vooral", "Mostly";
    review: "Nakijken", "Review";
    review_hint: "Onzekere vermeldingen beoordelen", "Judge uncertain mentions";
    review_queue: "Te beoordelen", "To judge";
    review_decided: "Beslist", "Decided";
    review_intro: "Groepen van gelijke vermeldingen waar de herkenning over twijfelt, die met de meeste gevolgen eerst. Een beslissing geldt meteen voor de hele groep en voor wat nog komt.", "Groups of like mentions that recognition is unsure about, most consequential first. A decision holds at once for the whole group and for what is still to come.";
    review_empty_title: "Niets te beoordelen", "Nothing to judge";
    review_empty_text: "Binnen deze filters is geen onzekere vermelding waarover nog niet is beslist.", "Within these filters there is no uncertain mention that nobody decided about.";
    decided_empty_title: "Nog niets beslist", "Nothing decided yet";
    decided_empty_text: "Wat u beslist staat hier, en is hier ongedaan te maken.", "What you decide is listed here, and can be undone here.";
    proposed: "Voorstel", "Proposed";
    example_before: "Vorig voorbeeld", "Previous example";
    example_next: "Volgend voorbeeld", "Next example";
    why_unsure: "Waarom onzeker", "Why unsure";
    is_right: "Klopt", "Right";
    no_place: "Geen plaats", "No place";
    other_place: "Andere plaats…", "Another place…";
    choose_this: "Kies", "Choose";
    more_actions: "Voor dit woord altijd…", "Always for this word…";
    never_place: "Nooit een plaats", "Never a place";
    always_place: "Altijd deze plaats", "Always this place";
    in_this_case: "in deze zaak", "in this case";
    for_team: "in alle zaken", "in all cases";
    place_search: "Zoek een plaats", "Search a place";
    no_place_found: "Geen plaats met die naam", "No place of that name";
    undo: "Ongedaan maken", "Undo";
    undone: "ongedaan gemaakt", "undone";
    decision_undone: "Beslissing ongedaan gemaakt", "Decision undone";
    read_as: "Gelezen als", "Read as";
    decided_by: "Beslist door", "Decided by";
    in_case: "zaak", "case";
    all_cases: "alle zaken", "all cases";
    keys: "Toetsen", "Keys";
    keys_hint: "1 klopt · 2 geen plaats · 3 andere plaats · ↑ ↓ groep · ← → voorbeeld · Z ongedaan · Esc sluiten", "1 right · 2 no place · 3 another place · ↑ ↓ group · ← → example · Z undo · Esc close";
    likely: "waarschijnlijk wel", "probably";
    rather: "eerder wel dan niet", "rather yes than no";
    rather_not: "eerder niet dan wel", "rather no than yes";
    unlikely: "waarschijnlijk niet", "probably not";
}

impl Texts {
    /// Whether these are the Dutch ones.
    fn is_dutch(&self) -> bool {
        std::ptr::eq(self, &raw const NL)
    }

    /// The name of a map layer.
    pub(crate) fn layer(&self, layer: Layer) -> &'static str {
        match (layer, self.is_dutch()) {
            (Layer::Heat, true) => "Warmte",
            (Layer::Heat, false) => "Heat",
            (Layer::Density, true) => "Dichtheid",
            (Layer::Density, false) => "Density",
            (Layer::Regions(RegionKind::Province), true) => "Provincie",
            (Layer::Regions(RegionKind::Province), false) => "Province",
            (Layer::Regions(RegionKind::Municipality), true) => "Gemeente",
            (Layer::Regions(RegionKind::Municipality), false) => "Municipality",
            (Layer::Regions(RegionKind::PoliceUnit), true) => "Politie-eenheid",
            (Layer::Regions(RegionKind::PoliceUnit), false) => "Police unit",
            (Layer::Regions(RegionKind::Custom), true) => "Streek",
            (Layer::Regions(RegionKind::Custom), false) => "Area",
            (Layer::Units, true) => "Raster",
            (Layer::Units, false) => "Grid",
        }
    }

    /// The heading over regions of a kind.
    pub(crate) fn region_kinds(&self, kind: RegionKind) -> &'static str {
        match kind {
            RegionKind::Province => self.provinces,
            RegionKind::PoliceUnit => self.police_units,
            RegionKind::Municipality => self.municipalities,
            RegionKind::Custom => self.areas,
        }
    }
}

/// Months as they stand in dates.
pub(crate) fn month(lang: Lang, month: u32) -> &'static str {
    const NL: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    const EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let index = (month.max(1) as usize - 1).min(11);
    match lang {
        Lang::Nl => NL[index],
        Lang::En => EN[index],
    }
}

/// Days of the week, 0 = Monday.
pub(crate) fn weekday(lang: Lang, day: usize) -> &'static str {
    const NL: [&str; 7] = ["ma", "di", "wo", "do", "vr", "za", "zo"];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    match lang {
        Lang::Nl => NL[day % 7],
        Lang::En => EN[day % 7],
    }
}

/// The class of a hotspot in a word.
pub(crate) fn class(lang: Lang, class: HotspotClass) -> &'static str {
    match (class, lang) {
        (HotspotClass::New, Lang::Nl) => "nieuw",
        (HotspotClass::New, Lang::En) => "new",
        (HotspotClass::Rising, Lang::Nl) => "stijgend",
        (HotspotClass::Rising, Lang::En) => "rising",
        (HotspotClass::Steady, Lang::Nl) => "gelijk",
        (HotspotClass::Steady, Lang::En) => "steady",
        (HotspotClass::Falling, Lang::Nl) => "dalend",
        (HotspotClass::Falling, Lang::En) => "falling",
        (HotspotClass::Unknown, Lang::Nl) => "onbekend",
        (HotspotClass::Unknown, Lang::En) => "unknown",
    }
}

/// Why a word of a message is marked.
pub(crate) fn about(lang: Lang, topic: &str) -> String {
    match lang {
        Lang::Nl => format!("Onderwerp: {topic}"),
        Lang::En => format!("Topic: {topic}"),
    }
}

/// What sort of place it is, in a word.
pub(crate) fn place_kind(lang: Lang, kind: PlaceKind) -> &'static str {
    match (kind, lang) {
        (PlaceKind::Country, Lang::Nl) => "land",
        (PlaceKind::Country, Lang::En) => "country",
        (PlaceKind::Province, Lang::Nl) => "provincie",
        (PlaceKind::Province, Lang::En) => "province",
        (PlaceKind::Region, Lang::Nl) => "streek",
        (PlaceKind::Region, Lang::En) => "area",
        (PlaceKind::Municipality, Lang::Nl) => "gemeente",
        (PlaceKind::Municipality, Lang::En) => "municipality",
        (PlaceKind::Locality, Lang::Nl) => "plaats",
        (PlaceKind::Locality, Lang::En) => "place",
        (PlaceKind::District, Lang::Nl) => "wijk",
        (PlaceKind::District, Lang::En) => "district",
        (PlaceKind::Street, Lang::Nl) => "straat",
        (PlaceKind::Street, Lang::En) => "street",
        (PlaceKind::Address, Lang::Nl) => "adres",
        (PlaceKind::Address, Lang::En) => "address",
        (PlaceKind::Postcode, _) => "postcode",
        (PlaceKind::Road, Lang::Nl) => "weg",
        (PlaceKind::Road, Lang::En) => "road",
        (PlaceKind::Water, _) => "water",
        (PlaceKind::Coordinate, Lang::Nl) => "coördinaat",
        (PlaceKind::Coordinate, Lang::En) => "coordinate",
    }
}

/// Why a mention is there, as a sentence.
pub(crate) fn reason(lang: Lang, code: &str) -> String {
    let sentence = model::explain(code);
    match lang {
        Lang::Nl => sentence.nl,
        Lang::En => sentence.en,
    }
}

/// How sure a confidence is, in words.
pub(crate) fn sureness(t: &'static Texts, confidence: f32) -> &'static str {
    match confidence {
        c if c >= 0.75 => t.likely,
        c if c >= 0.5 => t.rather,
        c if c >= 0.25 => t.rather_not,
        _ => t.unlikely,
    }
}

/// What hangs on a group: "23 berichten in 9 gesprekken".
pub(crate) fn what_hangs(lang: Lang, messages: &str, one_message: bool, conversations: &str, one: bool) -> String {
    let t = Texts::of(lang);
    let messages_word = if one_message { t.message_one } else { t.messages };
    let conversations_word = if one { t.conversation_one } else { t.conversations };
    format!("{messages} {messages_word} in {conversations} {conversations_word}")
}

/// A decision as a sentence.
pub(crate) fn decision(lang: Lang, action: DecisionAction, words: &str, place: &str) -> String {
    match (lang, action) {
        (Lang::Nl, DecisionAction::Confirm) => format!("‘{words}’ klopt als plaats"),
        (Lang::Nl, DecisionAction::Reject) => format!("‘{words}’ is hier geen plaats"),
        (Lang::Nl, DecisionAction::Choose) => format!("‘{words}’ is hier {place}"),
        (Lang::Nl, DecisionAction::Never) => format!("‘{words}’ is nooit een plaats"),
        (Lang::Nl, DecisionAction::Always) => format!("‘{words}’ is altijd {place}"),
        (Lang::En, DecisionAction::Confirm) => format!("‘{words}’ is right as a place"),
        (Lang::En, DecisionAction::Reject) => format!("‘{words}’ is no place here"),
        (Lang::En, DecisionAction::Choose) => format!("‘{words}’ is {place} here"),
        (Lang::En, DecisionAction::Never) => format!("‘{words}’ is never a place"),
        (Lang::En, DecisionAction::Always) => format!("‘{words}’ is always {place}"),
    }
}

/// For how many mentions a decision speaks.
pub(crate) fn speaks_for(lang: Lang, number: &str, one: bool) -> String {
    let t = Texts::of(lang);
    match (lang, one) {
        (Lang::Nl, true) => format!("{number} vermelding"),
        (Lang::En, true) => format!("{number} mention"),
        (_, false) => format!("{number} {}", t.mentions),
    }
}

/// How far reading all messages again is.
pub(crate) fn home_progress(lang: Lang, read: &str, total: &str) -> String {
    match lang {
        Lang::Nl => format!("{read} van {total} berichten opnieuw gelezen"),
        Lang::En => format!("{read} of {total} messages read again"),
    }
}

/// What another home region changed: mentions read as another place, new on the map, no more on it; what is 0 is left out.
pub(crate) fn home_changed(lang: Lang, moved: u64, accepted: u64, unaccepted: u64) -> String {
    let t = Texts::of(lang);
    let (placed, new, gone) = match lang {
        Lang::Nl => ("anders geplaatst", "nieuw op de kaart", "niet meer op de kaart"),
        Lang::En => ("placed elsewhere", "new on the map", "no longer on the map"),
    };
    let parts: Vec<String> = [(moved, placed), (accepted, new), (unaccepted, gone)]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", crate::format::count(lang, number)))
        .collect();
    if parts.is_empty() {
        t.home_unchanged.to_owned()
    } else {
        format!("{}: {}.", capitalised(t.mentions), parts.join(", "))
    }
}

/// The word with a capital.
pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Places that the map does not draw because there are too many, and how often they were mentioned.
pub(crate) fn left_out(lang: Lang, places: &str, mentions: &str) -> String {
    match lang {
        Lang::Nl => format!("Niet getekend: de minst genoemde plaatsen ({places}, samen {mentions}× genoemd)"),
        Lang::En => format!("Not drawn: the least mentioned places ({places}, mentioned {mentions}× in all)"),
    }
}

/// The note under the map about mentions that no point may stand for.
pub(crate) fn too_coarse(lang: Lang, number: &str, one: bool) -> String {
    match (lang, one) {
        (Lang::Nl, true) => format!("{number} vermelding te grof voor deze kaart"),
        (Lang::Nl, false) => format!("{number} vermeldingen te grof voor deze kaart"),
        (Lang::En, true) => format!("{number} mention too coarse for this map"),
        (Lang::En, false) => format!("{number} mentions too coarse for this map"),
    }
}

/// What has been read, in the bar.
pub(crate) fn read(lang: Lang, messages: &str, period: Option<&str>) -> String {
    let (said, of) = match lang {
        Lang::Nl => ("berichten gelezen", "van"),
        Lang::En => ("messages read", "of"),
    };
    period.map_or_else(|| format!("{messages} {said}"), |period| format!("{messages} {said} {of} {period}"))
}

/// "12 of 340" over the list.
pub(crate) fn of_total(lang: Lang, shown: &str, total: &str) -> String {
    match lang {
        Lang::Nl => format!("{shown} van {total}"),
        Lang::En => format!("{shown} of {total}"),
    }
}

/// The scale of the histogram: its greatest bar.
pub(crate) fn greatest_bar(lang: Lang, number: &str, days: i64) -> String {
    match (lang, days) {
        (Lang::Nl, 1) => format!("hoogste {number} berichten per dag"),
        (Lang::Nl, 7) => format!("hoogste {number} berichten per week"),
        (Lang::Nl, _) => format!("hoogste {number} berichten per {days} dagen"),
        (Lang::En, 1) => format!("highest {number} messages a day"),
        (Lang::En, 7) => format!("highest {number} messages a week"),
        (Lang::En, _) => format!("highest {number} messages in {days} days"),
    }
}

/// One bar of the histogram in words.
pub(crate) fn bar(lang: Lang, period: &str, messages: &str, read: &str) -> String {
    match lang {
        Lang::Nl => format!("{period} · {messages} berichten met een plaats · {read} gelezen"),
        Lang::En => format!("{period} · {messages} messages with a place · {read} read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_in_the_language_shown() {
        assert_eq!(reason(Lang::Nl, "preposition:in"), "Er staat ‘in’ voor.");
        assert_eq!(reason(Lang::En, "preposition:in"), "It follows ‘in’.");
    }

    #[test]
    fn what_another_home_changed_is_told_without_what_is_nought() {
        assert_eq!(home_changed(Lang::Nl, 1234, 12, 0), "Vermeldingen: 1.234 anders geplaatst, 12 nieuw op de kaart.");
        assert_eq!(home_changed(Lang::En, 0, 0, 1), "Mentions: 1 no longer on the map.");
        assert_eq!(home_changed(Lang::Nl, 0, 0, 0), "Er is niets verschoven.");
    }

    #[test]
    fn every_layer_has_its_own_name_in_each_language() {
        for lang in [Lang::Nl, Lang::En] {
            let names: std::collections::BTreeSet<_> = Layer::ALL.map(|layer| Texts::of(lang).layer(layer)).into();
            assert_eq!(names.len(), Layer::ALL.len());
        }
    }
}
