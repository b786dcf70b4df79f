//! What the server says went wrong, in Dutch. In English its own sentence stands, which says more.

use model::api::Problem;

use super::Texts;

/// The problem as a sentence: translated by its code where the screen is Dutch, else what the server wrote.
pub(crate) fn sentence(t: &Texts, problem: &Problem) -> String {
    let dutch = t.is_dutch().then(|| dutch(&problem.code)).flatten();
    dutch.map_or_else(|| problem.detail.clone(), str::to_owned)
}

/// The Dutch sentence of a code that the screen can meet.
fn dutch(code: &str) -> Option<&'static str> {
    Some(match code {
        "internal" => {
            "Er ging iets mis op de server. Geef de meldcode door aan wie de server beheert; in het logboek staat meer."
        }
        "no_room" => {
            "De schijf van de server is vol. Er is niets gewijzigd. Laat wie de server beheert ruimte maken en doe het daarna opnieuw."
        }
        "not_found" => "Hier is niets (meer) te vinden.",
        "cross_site" => "Dit verzoek kwam van een andere website en is geweigerd. Open Speurkaart zelf.",
        "not_signed_in" => {
            "U bent niet (meer) ingelogd. Open een inloglink; op de server maakt ‘speurkaart user link’ een nieuwe."
        }
        "empty_period" => "Het begin van de periode ligt niet voor het einde.",
        "bad_time" => "Deze datum of tijd is niet te lezen.",
        "bad_confidence" => "De zekerheid is een kans van 0 tot 100%.",
        "unknown_region" => "Dit gebied bestaat niet. Kies er een uit de lijst.",
        "unknown_case" => "Deze zaak bestaat niet, of u mag haar niet zien.",
        "unknown_source" => "Deze bron bestaat niet, of u mag haar niet zien.",
        "unknown_place" => "Deze plaats bestaat niet.",
        "unknown_mention" => {
            "Deze vermelding bestaat niet meer: de berichten zijn intussen opnieuw gelezen. Herlaad de lijst."
        }
        "unknown_topic" => "Dit onderwerp bestaat niet. Kies er een uit de lijst.",
        "unknown_kind" => "Deze soort gebieden bestaat niet.",
        "unknown_upload" => "Het bestand is niet meer op de server. Verstuur het opnieuw.",
        "too_large" => {
            "Het bestand is te groot voor deze server. Pak het in of knip het in stukken, of laat wie de server beheert de grens verhogen."
        }
        "too_many_hits" => "Deze woorden staan in te veel berichten om mee te kiezen. Voeg een zeldzamer woord toe.",
        "bad_words" => "Deze woorden kunnen niet: geef één regel met ten minste één letter of cijfer.",
        "bad_note" => "De toelichting is te lang.",
        "bad_scope" => "Deze beslissing kan hier niet gelden. Kies een zaak, of alle zaken.",
        "bad_place" => "Kies een plaats bij deze beslissing.",
        "two_subjects" => "Een beslissing gaat over een vermelding of over woorden, niet over beide.",
        "bad_limit" => "Er kunnen 1 tot 1000 regels worden gevraagd.",
        "bad_after" => "Deze bladzijde is er niet meer. Open de lijst opnieuw.",
        "bad_kernel" => "Deze kern bestaat niet. Kies quartisch of gaussisch.",
        "bad_bandwidth" => "De bandbreedte ligt tussen 50 m en 300 km.",
        "bad_count" => "Dit kan niet worden geteld. Kies gesprekken, afzenders, berichten of vermeldingen.",
        "bad_resolution" => "De fijnheid van zeshoeken ligt tussen 4 en 9.",
        "bad_side" => "De zijde van vierkanten ligt tussen 125 m en 10 km.",
        "bad_by" => "Zo kan de lijst niet worden ingedeeld. Kies plaatsen, gemeenten, politie-eenheden of provincies.",
        "bad_bandwidth_rule" => "Deze regel voor de bandbreedte bestaat niet. Kies Silverman of kruisvalidatie.",
        "bad_edges" => "Zo kan de rand niet worden behandeld. Kies open of gecorrigeerd.",
        "bad_relative_to" => "Hiermee kan de dichtheid niet worden vergeleken. Kies alle berichten, of altijd.",
        "bad_replicas" => "Het aantal nabootsingen ligt tussen 9 en 9.999.",
        "bad_over" => "Zo kan niet worden gezocht. Kies ruimte en tijd, of alleen ruimte.",
        "bad_against" => "Hiermee kan niet worden vergeleken. Kies het verleden, de inwoners of alle berichten.",
        "bad_method" => "Deze manier van clusteren bestaat niet. Kies DBSCAN of HDBSCAN.",
        "bad_hull" => "Deze omtrek bestaat niet. Kies strak of bol.",
        "bad_reach" => "Wat bij elkaar hoort, ligt 10 m tot 50 km uit elkaar.",
        "bad_min_points" => "Een cluster begint bij 2 tot 1.000.",
        "bad_distances" => {
            "Afstanden zijn ten hoogste acht oplopende getallen in meters, tot 200.000, zoals 500, 1000, 2500."
        }
        "bad_days" => "Dagen zijn ten hoogste acht oplopende hele getallen tot 3.650, zoals 1, 7, 28.",
        "private_in_url" => "Woorden en getekende gebieden horen niet in een adres. Herlaad de pagina.",
        "bad_lang" => "Deze taal is er niet. Kies Nederlands of Engels.",
        "bad_bbox" => "Dit gebied op de kaart kan niet worden gelezen.",
        "bad_polygon" => {
            "Dit getekende gebied kan niet worden gelezen: het heeft 3 tot 10.000 hoekpunten nodig. Wis het en teken opnieuw."
        }
        "bad_format" => "Dit formaat is er niet. Kies er een uit de lijst.",
        "bad_timezone" => "Deze tijdzone bestaat niet. Kies er een uit de lijst.",
        "bad_name" => "Een naam is één regel van ten hoogste 200 tekens.",
        "bad_number" => "Dit nummer bestaat niet.",
        "bad_body" | "bad_query" => {
            "De server begrijpt dit verzoek niet. Herlaad de pagina; mogelijk is de server vernieuwd."
        }
        "missing_q" => "Typ een deel van een naam.",
        "cut_off" => "Het bestand kwam niet heel aan. Verstuur het opnieuw.",
        "no_messages" => "In dit bestand zijn zo geen berichten te lezen. Kijk of formaat en kolommen kloppen.",
        "no_text_or_time" => "Er is geen kolom met tekst of geen met tijd gekozen. Kies beide.",
        "unreadable" => "Dit bestand is niet te lezen. Kijk of het heel is en of het formaat klopt.",
        "not_ended" => "Deze taak loopt nog. Wacht tot zij klaar is, of annuleer haar.",
        "upload_gone" => "Het bestand staat niet meer op de server. Verstuur het opnieuw.",
        "rereading" => "De berichten worden al opnieuw gelezen. Wacht tot dat klaar is.",
        "being_imported" => "Dit bestand wordt nog ingelezen. Wacht tot dat klaar is, of annuleer de taak.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::Lang;

    #[test]
    fn what_the_analyses_can_refuse_is_told_in_dutch() {
        for code in [
            "bad_against",
            "bad_bandwidth",
            "bad_bandwidth_rule",
            "bad_bbox",
            "bad_by",
            "bad_confidence",
            "bad_count",
            "bad_days",
            "bad_distances",
            "bad_edges",
            "bad_hull",
            "bad_kernel",
            "bad_lang",
            "bad_limit",
            "bad_method",
            "bad_min_points",
            "bad_over",
            "bad_polygon",
            "bad_reach",
            "bad_relative_to",
            "bad_replicas",
            "bad_resolution",
            "bad_side",
            "private_in_url",
        ] {
            assert!(dutch(code).is_some(), "{code}");
        }
    }

    #[test]
    fn a_known_code_is_told_in_dutch_and_an_unknown_one_as_the_server_says_it() {
        let problem = |code: &str| Problem {
            status: 400,
            title: "Bad request".into(),
            code: code.into(),
            detail: "what the server says".into(),
            incident: None,
        };
        let told = |lang, code| sentence(Texts::of(lang), &problem(code));
        assert!(told(Lang::Nl, "too_many_hits").starts_with("Deze woorden staan in te veel berichten"));
        assert_eq!(told(Lang::Nl, "of_tomorrow"), "what the server says");
        assert_eq!(told(Lang::En, "too_many_hits"), "what the server says");
    }
}
