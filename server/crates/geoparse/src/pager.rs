//! Messages of emergency pagers: how they are told from other texts, which region sends one, and where in it the place stands.
//!
//! Never here: place codes (see `pager_code`).

use model::LonLat;

/// A street of a pager message lies no farther than this from its place, which stands behind it.
pub(crate) const FROM_STREET_TO_PLACE_M: f64 = 5_000.0;
/// What is taken for such a street is hardly the place of its name.
pub(crate) const MOST_STREET: f32 = 0.2;

/// Whether nothing but a postcode stands between a street and its place.
pub(crate) fn joins_street_and_place(between: &str) -> bool {
    let mut words = between.split(' ').filter(|word| !word.is_empty());
    let is_code = |word: &str| (4..=6).contains(&word.len()) && word.as_bytes()[..4].iter().all(u8::is_ascii_digit);
    let is_end = |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    match (words.next(), words.next(), words.next()) {
        (None, ..) => between.starts_with(' '),
        (Some(code), None, None) => is_code(code),
        (Some(code), Some(end), None) => is_code(code) && is_end(end),
        _ => false,
    }
}

/// Bytes in which the first words of a text are looked for, or those behind a name.
const HEAD_BYTES: usize = 40;
/// Bytes at the end of a text in which its last words are looked for.
const TAIL_BYTES: usize = 60;

/// Numbers of a message that are looked at for a unit.
const NUMBERS: usize = 12;

/// The middles of the 25 safety regions in the order of their numbers, to a hundredth of a degree: units are numbered by region
/// (Wet veiligheidsregio's, annex; middles of their municipalities).
const REGIONS: [(f64, f64); 25] = [
    (6.79, 53.16), // Groningen
    (5.83, 53.18), // Fryslân
    (6.57, 52.86), // Drenthe
    (6.20, 52.52), // IJsselland
    (6.73, 52.31), // Twente
    (6.14, 52.18), // Noord- en Oost-Gelderland
    (5.83, 52.01), // Gelderland-Midden
    (5.54, 51.85), // Gelderland-Zuid
    (5.21, 52.09), // Utrecht
    (4.92, 52.73), // Noord-Holland Noord
    (4.92, 52.48), // Zaanstreek-Waterland
    (4.64, 52.42), // Kennemerland
    (4.87, 52.30), // Amsterdam-Amstelland
    (5.19, 52.26), // Gooi en Vechtstreek
    (4.36, 52.04), // Haaglanden
    (4.58, 52.14), // Hollands Midden
    (4.41, 51.89), // Rotterdam-Rijnmond
    (4.71, 51.83), // Zuid-Holland Zuid
    (3.83, 51.47), // Zeeland
    (4.79, 51.58), // Midden- en West-Brabant
    (5.47, 51.67), // Brabant-Noord
    (5.51, 51.43), // Brabant-Zuidoost
    (5.95, 51.36), // Limburg-Noord
    (5.89, 50.88), // Zuid-Limburg
    (5.55, 52.52), // Flevoland
];

/// Whether the text is a pager message: it begins with an urgency (`A1`, `B2`, `P 1`, `PRIO 2`), a talk group of the fire brigade
/// (`BON-05`) or `AMBU`, or it ends as they do (`SGRAVH : 15121`, `Rit: 27990`, `Directe inzet 16186`).
pub(crate) fn is_pager_message(text: &str) -> bool {
    // No further, so that a text without any space costs no more than another.
    let mut words = head(text, HEAD_BYTES).split_ascii_whitespace();
    let Some(first) = words.next() else { return false };
    let all_digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    match first.as_bytes() {
        [b'A' | b'B' | b'P', digit] if digit.is_ascii_digit() => return true,
        [b'B', a, b, b'-', c, d] if [a, b].iter().all(|x| x.is_ascii_uppercase()) => {
            return c.is_ascii_digit() && d.is_ascii_digit();
        }
        b"P" | b"PRIO" | b"Prio" => return words.next().is_some_and(|word| word.len() == 1 && all_digits(word)),
        b"AMBU" | b"Ambu" => return words.next().is_some_and(|word| word.len() == 5 && all_digits(word)),
        _ => {}
    }
    // Most texts end in no number.
    text.as_bytes().last().is_some_and(u8::is_ascii_digit) && ends_like_a_pager_message(text)
}

fn ends_like_a_pager_message(text: &str) -> bool {
    let floor = (text.len().saturating_sub(TAIL_BYTES)..=text.len()).find(|&at| text.is_char_boundary(at));
    let mut words = text[floor.unwrap_or(text.len())..].split_ascii_whitespace().rev().skip_while(|word| {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        digits && (5..=6).contains(&word.len())
    });
    if text.ends_with(words.clone().next().unwrap_or_default()) {
        return false;
    }
    match words.next() {
        Some("Rit:" | "rit:" | "Rit" | "rit") => true,
        Some(":" | "VWS" | "care)" | "inzet") => words.take(3).any(is_code_shaped),
        _ => false,
    }
}

/// So many bytes of the beginning at most.
fn head(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

fn is_code_shaped(word: &str) -> bool {
    (4..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The middle of the region whose unit is called: `A1 12158`, `Ambu 07116`, `(dia: ja) 10116`, `SGRAVH : 15121`, `Regio 24`.
pub(crate) fn region(text: &str) -> Option<LonLat> {
    let bytes = text.as_bytes();
    let mut of_unit = None;
    let mut at = 0;
    for _ in 0..NUMBERS {
        let Some(next) = bytes[at..].iter().position(u8::is_ascii_digit) else { break };
        let start = at + next;
        let end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at = end;
        let before = text[..start].trim_end();
        let word = before.rsplit([' ', '(']).next().unwrap_or_default();
        let alone = bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let number = text.get(start..start + 2).filter(|_| alone).and_then(|two| two.parse::<usize>().ok());
        let region = number.and_then(|number| REGIONS.get(number.checked_sub(1)?));
        let Some(&(lon, lat)) = region else { continue };
        let point = LonLat::new(lon, lat);
        if end - start == 2 && word.eq_ignore_ascii_case("regio") {
            return point;
        }
        let is_unit = end - start == 5
            && (before.ends_with([':', ')'])
                || matches!(word.as_bytes(), [b'A' | b'B', digit] if digit.is_ascii_digit())
                || ["ambu", "vws", "inzet", "ambulance"].iter().any(|known| word.eq_ignore_ascii_case(known)));
        // "Rit: 27990" counts rides.
        if is_unit && !word.to_ascii_lowercase().starts_with("rit") && of_unit.is_none() {
            of_unit = point;
        }
    }
    of_unit
}

/// Whether what follows a name in a pager message is what follows the place there: the number of the ride, of the bill or of a unit,
/// or nothing.
pub(crate) fn follows_the_place(rest: &str) -> bool {
    if !(rest.starts_with(' ') || rest.is_empty()) {
        return false;
    }
    let mut words = head(rest, HEAD_BYTES).split_ascii_whitespace();
    let mut next = words.next();
    // "Buren GE Rit 69236", "Laren NH": the province belongs to the place.
    if next.is_some_and(|word| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase())) {
        next = words.next();
    }
    let digits = |word: &str| (5..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    match next {
        None => true,
        Some(word) if digits(word) => true,
        Some("Rit" | "rit" | "Rit:" | "rit:" | "bon" | "Ritnr:" | "ICnum") => words.next().is_some_and(digits),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pager_messages_are_told_by_how_they_begin_or_end() {
        for text in [
            "A1 Ambu 08117",
            "B2 13206 Oosterpark",
            "P 1 BDH-03 brand",
            "PRIO 1 letsel",
            "A2 (dia: ja) 10341",
            "BON-05 wateroverlast Dorpsstraat Goor",
            "Dorpsstraat SGRAVH : 15121",
            "Dorpsstraat VOORSC : (medium care) 16283",
            "Dorpsstraat BODEGR Directe inzet 16160",
            "Goor Rit: 27990",
        ] {
            assert!(is_pager_message(text), "{text}");
        }
        for text in [
            "Assen vandaag",
            "P zegt hoi",
            "",
            "APV 1",
            "bel 12345",
            "code is: 12345",
            "rit: 3",
            "zie BIJLAGE : 4",
            "12345",
        ] {
            assert!(!is_pager_message(text), "{text}");
        }
    }

    #[test]
    fn units_are_numbered_by_region() {
        let of = |text: &str| region(text).map(|point| point.lon);
        for (text, lon) in [
            ("A1 12158 Rit 23268 Dorpsweg", Some(4.64)),
            ("A2 (dia: ja) 10116 Rit 33692", Some(4.92)),
            ("A2 Ambu 07116 VWS Goor Rit 67696", Some(5.83)),
            ("Dorpsstraat SGRAVH : 15121", Some(4.36)),
            ("A0 Ambu 08993 Dorpsweg Rit 73711 Regio 24", Some(5.89)),
            ("A2 Goor Rit: 21990", None),
            ("A1 Dorpsstraat Goor 21836", None),
            ("A1 99158 é 123456", None),
        ] {
            assert_eq!(of(text), lon, "{text}");
        }
    }

    #[test]
    fn the_place_stands_before_the_number_of_the_ride() {
        for rest in [" Rit 67696", " Rit: 27509", " 20300", " GE Rit 69236", "", " 201233 203093", " bon 34005"] {
            assert!(follows_the_place(rest), "{rest}");
        }
        for rest in [" in de sloot", " Rit", "weg 12345", " 12", " : 15121"] {
            assert!(!follows_the_place(rest), "{rest}");
        }
    }
}
