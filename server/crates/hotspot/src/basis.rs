//! What a list rests on, and what it cannot say, in Dutch and English.

use std::fmt::Write as _;

use model::api::{Basis, CountBy, Sentence};

use crate::number::whole;

/// What became of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Lines of the list before its limit.
    pub found: u64,
    /// Mentions that are too coarse for it.
    pub too_coarse: u64,
    /// Mentions that name something larger than a unit of the grid, and are spread over its extent.
    pub spread: u64,
    /// Whether there is a past to compare with.
    pub has_past: bool,
    /// Whether neighbourhoods have a score.
    pub has_scores: bool,
}

/// What is counted, how sure, and what cannot be said and why.
pub fn basis_sentence(basis: &Basis, outcome: Outcome) -> Sentence {
    let words = basis.count.words();
    let sure = |comma: &str| format!("{:.2}", basis.min_confidence).replace('.', comma);
    let mut nl = format!("Geteld: {}, van vermeldingen met een zekerheid vanaf {}", words[0][1], sure(","));
    let mut en = format!("Counted: {}, of mentions with a confidence from {}", words[1][1], sure("."));
    if basis.count == CountBy::Weighted {
        nl.push_str(", elk voor zijn kans");
        en.push_str(", each by its probability");
    }
    let many = |number: u64, one: &'static str, many: &'static str| if number == 1 { one } else { many };
    if outcome.too_coarse > 0 {
        let (number, written) = (outcome.too_coarse, whole(outcome.too_coarse));
        // Writing to a String cannot fail.
        let _ = write!(nl, "; {} te grove {} niet meegeteld", written[0], many(number, "vermelding", "vermeldingen"));
        let _ = write!(en, "; {} too coarse {} left out", written[1], many(number, "mention", "mentions"));
    }
    if outcome.spread > 0 {
        let (number, written) = (outcome.spread, whole(outcome.spread));
        let (nl_many, en_many) = (many(number, "vermelding", "vermeldingen"), many(number, "mention", "mentions"));
        let _ = write!(nl, "; {} {nl_many} van wat groter is dan een vak apart uitgesmeerd", written[0]);
        let _ = write!(en, "; {} {en_many} of what is larger than a unit spread apart", written[1]);
    }
    nl.push('.');
    en.push('.');
    let mut add = |dutch: &str, english: &str| {
        nl.push(' ');
        nl.push_str(dutch);
        en.push(' ');
        en.push_str(english);
    };
    if outcome.found == 0 {
        add("Er is niets gevonden.", "Nothing was found.");
        return Sentence { nl, en };
    }
    if !outcome.has_past {
        add(
            "Over een verschil met eerder valt niets te zeggen: van de even lange periode ervoor is er te weinig gelezen.",
            "Nothing can be said of a difference with before: too little was read of the equally long period before.",
        );
    }
    if !outcome.has_scores {
        add(
            "Over buurten (Gi*) valt niets te zeggen: er zijn te weinig plekken, of overal is evenveel geteld.",
            "Nothing can be said of neighbourhoods (Gi*): there are too few units, or the same was counted everywhere.",
        );
    }
    if basis.steps == 0 {
        add(
            "Over het ontstaan valt niets te zeggen: er zijn geen tien tijdstappen met gegevens.",
            "Nothing can be said of how it came about: there are no ten steps of time with data.",
        );
    }
    Sentence { nl, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis(steps: u32) -> Basis {
        Basis { count: CountBy::Conversations, min_confidence: 0.5, steps, ..Basis::default() }
    }

    #[test]
    fn it_says_what_is_counted_and_what_cannot_be_said() {
        let all = Outcome { found: 3, too_coarse: 1, spread: 0, has_past: true, has_scores: true };
        assert_eq!(
            basis_sentence(&basis(12), all).nl,
            "Geteld: gesprekken, van vermeldingen met een zekerheid vanaf 0,50; 1 te grove vermelding niet meegeteld."
        );
        let little = Outcome { found: 1, too_coarse: 0, spread: 2, has_past: false, has_scores: false };
        let said = basis_sentence(&basis(0), little).en;
        for part in [
            "2 mentions of what is larger than a unit spread",
            "of a difference",
            "of neighbourhoods",
            "how it came about",
        ] {
            assert!(said.contains(part), "{said}");
        }
        let nothing = basis_sentence(&basis(0), Outcome { found: 0, ..little });
        assert!(nothing.nl.ends_with("Er is niets gevonden."));
    }
}
