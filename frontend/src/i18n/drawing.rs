//! The words of drawing an area.

use crate::drawing::ring::Flaw;
use crate::url::Lang;

texts! {
    /// The fixed texts of drawing in one language.
    Texts;
    draw: "Gebied tekenen", "Draw an area";
    draw_again: "Ander gebied tekenen", "Draw another area";
    area: "Getekend gebied", "Drawn area";
    see: "Getekend gebied in beeld", "Show the drawn area";
    clear: "Getekend gebied wissen", "Clear the drawn area";
    area_hint: "Alleen wat hierbinnen ligt, telt. Wie de link opent, ziet dit gebied niet: het verraadt waar u naar zoekt.", "Only what lies within it counts. Who opens the link does not see this area: it would tell what you look for.";
    not_in_link: "niet in de link", "not in the link";
    hint: "Klik hoekpunten. Dubbelklik, Enter of het eerste punt sluit; Backspace haalt het laatste weg; Esc stopt.", "Click corners. A double click, Enter or the first corner closes; Backspace takes the last one away; Esc stops.";
    hint_touch: "Tik hoekpunten. Het eerste punt sluit.", "Tap corners. The first one closes.";
    too_few: "Een gebied heeft ten minste drie hoekpunten.", "An area has at least three corners.";
    crosses: "Deze lijn zou een andere raken. Kies een ander punt: de rand mag zichzelf niet kruisen.", "This line would meet another one. Choose another point: the outline must not cross itself.";
    closing_crosses: "De lijn terug naar het eerste punt zou een andere raken. Haal een punt weg, of kies er nog een.", "The line back to the first corner would meet another one. Take a corner away, or add one.";
    close: "Klaar", "Done";
    back: "Punt terug", "Undo corner";
    stop: "Stoppen", "Stop";
    counted_within: "Geteld is wat in het getekende gebied ligt; inwoners en km² zijn van hele gebieden.", "Counted is what lies in the drawn area; inhabitants and km² are of whole regions.";
}

/// A drawn area with its size: "Getekend gebied · 412 km²".
pub(crate) fn area(lang: Lang, km2: f64) -> String {
    format!("{} · {} km²", Texts::of(lang).area, crate::format::measure(lang, km2))
}

/// That a chosen region holds beside it.
pub(crate) fn also_in(lang: Lang, region: &str) -> String {
    match lang {
        Lang::Nl => format!("Alleen het deel in {region}"),
        Lang::En => format!("Only the part in {region}"),
    }
}

/// What keeps an area from closing, or a corner from being one.
pub(crate) fn refused(t: &'static Texts, flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::TooFew => t.too_few,
        Flaw::Crosses => t.crosses,
        Flaw::ClosingCrosses => t.closing_crosses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_told_with_its_size_in_the_way_of_the_language() {
        assert_eq!(area(Lang::Nl, 1412.4), "Getekend gebied · 1.412 km²");
        assert_eq!(area(Lang::En, 0.42), "Drawn area · 0.42 km²");
        assert_eq!(also_in(Lang::En, "Drenthe"), "Only the part in Drenthe");
    }
}
