//! Reasons of mentions as sentences, in Dutch and English: the codes that `geoparse` gives, as the screen and exports tell them.

use crate::api::Sentence;

/// Code, Dutch and English; `{}` takes what follows the colon in a reason.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("name", "De naam staat in de plaatsenlijst.", "The name is in the gazetteer."),
    ("alias", "Het is een andere naam of spelling van de plaats.", "It is another name or spelling of the place."),
    ("nickname", "Het is een bijnaam van de plaats.", "It is a nickname of the place."),
    ("area_code", "Het netnummer staat voor de stad.", "The area code stands for the city."),
    ("short_form", "Het is het begin van een langere plaatsnaam.", "It is the head of a longer place name."),
    ("capitalised", "Het staat met een hoofdletter midden in een zin.", "It is capitalised within a sentence."),
    ("sentence_start", "De hoofdletter kan ook het begin van een zin zijn.", "The capital may just start a sentence."),
    ("all_capitals", "Het staat helemaal in hoofdletters.", "It is written in capitals throughout."),
    ("lower_case", "Het staat zonder hoofdletter.", "It is written without a capital."),
    ("hashtag", "Het is een hashtag.", "It is a hashtag."),
    ("preposition", "Er staat ‘{}’ voor.", "It follows ‘{}’."),
    (
        "article",
        "Er staat een lidwoord of bezittelijk woord voor, zoals voor een gewoon woord.",
        "An article or possessive precedes it, as before an ordinary word.",
    ),
    ("place_word", "Er staat een woord bij dat bij plaatsen hoort.", "A word that goes with places stands beside it."),
    ("qualifier", "De toevoeging ‘{}’ hoort bij deze plaats.", "The addition ‘{}’ belongs to this place."),
    ("postcode", "De postcode hoort bij deze plaats.", "The postcode belongs to this place."),
    (
        "postcode_letters",
        "Vier cijfers en twee letters vormen een postcode.",
        "Four digits and two letters make a postcode.",
    ),
    ("ordinary_word", "Het is ook een gewoon woord.", "It is also an ordinary word."),
    ("first_name", "Het is ook een voornaam.", "It is also a first name."),
    ("person_name", "Het lijkt de achternaam van een persoon.", "It looks like somebody's surname."),
    ("short_name", "De naam is erg kort.", "The name is very short."),
    ("population", "Het is een grote plaats.", "It is a large place."),
    ("foreign", "De plaats ligt buiten Nederland.", "The place is outside the Netherlands."),
    ("part_of_name", "Het lijkt deel van een andere naam.", "It looks like part of another name."),
    (
        "named_after",
        "Het lijkt iets dat naar de plaats heet: een club, krant, wedstrijd of samenstelling.",
        "It looks like something named after the place: a club, paper, race or compound.",
    ),
    (
        "part_of_street",
        "Erachter staat een straatnaam waar het bij lijkt te horen.",
        "A street's name follows that it seems to belong to.",
    ),
    ("other_postcode", "Erachter staat de postcode van een andere plaats.", "The postcode of another place follows."),
    ("other_place", "Er staan nog andere plaatsen in het bericht.", "Other places are in the message."),
    ("small_feature", "Het is een wijk, water of streek.", "It is a district, water or area."),
    ("country_code", "Het is een landcode tussen haakjes.", "It is a country's code in brackets."),
    ("abbreviation", "Het is een afkorting in hoofdletters.", "It is an abbreviation in capitals."),
    (
        "misspelt",
        "Het lijkt een schrijffout in de naam van deze plaats.",
        "It looks like a slip in the name of this place.",
    ),
    ("inflection", "Het is een woord dat van de plaatsnaam is gemaakt.", "It is a word made from the place's name."),
    (
        "dateline",
        "Het bericht begint ermee, als met de plaats waar het over gaat.",
        "The message begins with it, as with the place it is about.",
    ),
    ("road", "{} is het nummer van een weg.", "{} is the number of a road."),
    ("through", "De ligging komt van {}, dat erbij staat.", "Where it lies is taken from {}, which stands beside it."),
    (
        "around",
        "Er staat dat het in de omgeving ervan is: een gebied, geen plek.",
        "It says that it is in the surroundings: an area, no spot.",
    ),
    (
        "relative",
        "Waar het ligt is uitgerekend uit de afstand en richting die erbij staan.",
        "Where it lies is reckoned from the distance and direction given.",
    ),
    ("between", "Het is het gebied tussen de twee genoemde plaatsen.", "It is the area between the two places named."),
    (
        "pager_code",
        "Het is de code van een plaats in een alarmbericht.",
        "It is the code of a place in a pager message.",
    ),
    (
        "pager_place",
        "Het staat waar in een alarmbericht de plaats staat.",
        "It stands where a pager message has its place.",
    ),
    (
        "pager_region",
        "Het ligt in of bij de veiligheidsregio waarvan het alarmbericht een eenheid noemt.",
        "It lies in or near the safety region whose unit the pager message calls.",
    ),
    ("nearby", "Het ligt bij {}, dat ook in het bericht staat.", "It is near {}, which is in the message too."),
    (
        "conversation",
        "Het ligt bij een plaats die eerder in het gesprek stond.",
        "It is near a place mentioned earlier in the conversation.",
    ),
    ("home", "Het ligt in het eigen gebied.", "It is in the home region."),
    ("ambiguous", "Er zijn meer plaatsen met deze naam.", "Several places bear this name."),
    (
        "decided_by_qualifier",
        "Tussen de naamgenoten gaf de toevoeging de doorslag.",
        "Among its namesakes the addition decided.",
    ),
    (
        "decided_by_postcode",
        "Tussen de naamgenoten gaf de postcode de doorslag.",
        "Among its namesakes the postcode decided.",
    ),
    (
        "decided_by_nearby",
        "Tussen de naamgenoten gaf een plaats in de buurt de doorslag.",
        "Among its namesakes a place nearby decided.",
    ),
    (
        "decided_by_home",
        "Tussen de naamgenoten gaf het eigen gebied de doorslag.",
        "Among its namesakes the home region decided.",
    ),
    (
        "decided_by_population",
        "Tussen de naamgenoten gaf het aantal inwoners de doorslag.",
        "Among its namesakes the number of inhabitants decided.",
    ),
    (
        "decided_by_country",
        "Tussen de naamgenoten gaf het land de doorslag.",
        "Among its namesakes the country decided.",
    ),
    (
        "decided_by_kind",
        "Tussen de naamgenoten gaf het soort plaats de doorslag.",
        "Among its namesakes the kind of place decided.",
    ),
    (
        "decided_by_spelling",
        "Tussen de naamgenoten gaf de schrijfwijze de doorslag.",
        "Among its namesakes the spelling decided.",
    ),
    ("coordinate", "Het zijn coördinaten ({}).", "It is a coordinate ({})."),
    ("map_link", "Het is een link naar een kaart ({}).", "It is a link to a map ({})."),
    (
        "shared_location",
        "De locatie hoort bij het bericht: gedeeld door de afzender, of vastgelegd door het toestel.",
        "The location came with the message: shared by its sender, or noted by the device.",
    ),
    ("announced", "Er staat ‘postcode’ voor.", "The word ‘postcode’ precedes it."),
    (
        "address",
        "Straat en huisnummer staan in het adressenbestand.",
        "Street and house number are in the address file.",
    ),
    ("street", "De straat staat in het adressenbestand.", "The street is in the address file."),
    (
        "number_unknown",
        "Dit huisnummer is er niet; bedoeld is dus de straat.",
        "There is no such house number: the street is meant.",
    ),
    (
        "suffix_unknown",
        "Het huisnummer is er wel, de toevoeging niet.",
        "The house number is there, its addition is not.",
    ),
    (
        "postcode_number",
        "Postcode en huisnummer vormen samen een adres.",
        "Postcode and house number together make an address.",
    ),
    (
        "postcode_addresses",
        "De ligging is het midden van de adressen met deze postcode.",
        "It lies in the middle of the addresses of this postcode.",
    ),
    (
        "only_street",
        "Het is de enige straat met deze naam in het bestand.",
        "It is the only street of this name in the file.",
    ),
    ("ambiguous_street", "Er zijn meer straten met deze naam.", "Several streets bear this name."),
    ("place_follows", "De plaats van deze postcode staat erachter.", "The place of this postcode follows."),
    (
        "decided_confirmed",
        "Iemand heeft bevestigd dat het deze plaats is.",
        "Somebody confirmed that it is this place.",
    ),
    (
        "decided_rejected",
        "Iemand heeft beslist dat dit hier geen plaats is.",
        "Somebody decided that this is no place here.",
    ),
    ("decided_chosen", "Iemand heeft deze plaats gekozen.", "Somebody chose this place."),
    (
        "decided_never",
        "Iemand heeft beslist dat dit woord nooit een plaats is.",
        "Somebody decided that this word is never a place.",
    ),
    (
        "decided_always",
        "Iemand heeft beslist dat dit woord altijd deze plaats is.",
        "Somebody decided that this word is always this place.",
    ),
];

/// The sentence of a reason; a code that is not known is given back as it is.
pub fn explain(reason: &str) -> Sentence {
    let (code, parameter) = reason.split_once(':').unwrap_or((reason, ""));
    SENTENCES.iter().find(|(known, _, _)| *known == code).map_or_else(
        || Sentence { nl: reason.to_owned(), en: reason.to_owned() },
        |(_, nl, en)| Sentence { nl: nl.replace("{}", parameter), en: en.replace("{}", parameter) },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_stands_in_its_sentence_and_an_unknown_code_stays() {
        assert_eq!(explain("preposition:in").en, "It follows ‘in’.");
        assert_eq!(explain("lower_case").nl, "Het staat zonder hoofdletter.");
        assert_eq!(explain("later").nl, "later");
    }

    #[test]
    fn every_code_stands_once() {
        let mut codes: Vec<_> = SENTENCES.iter().map(|(code, ..)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), SENTENCES.len());
    }
}
