//! Words that tell the messages of a line from all others; a press filters by one.

use leptos::prelude::*;
use model::api::TellingWords;

use crate::components::icons::{self, Icon};
use crate::format;
use crate::i18n::lines;
use crate::state::use_app;
use crate::url::Lang;

/// The words with their strength, and what they come from.
#[component]
pub(super) fn Telling(words: TellingWords) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let t = lines::Texts::of(lang);
    let strongest = words.words.iter().map(|word| word.z).fold(f64::MIN_POSITIVE, f64::max);
    let sentence = if lang == Lang::Nl { words.sentence.nl } else { words.sentence.en };
    let buttons: Vec<_> = words
        .words
        .into_iter()
        .map(|told| {
            let word = StoredValue::new(told.word.clone());
            let pressed = move || app.words.with(|words| holds(words, &word.read_value()));
            let strength = format::percent((told.z / strongest) as f32);
            view! {
                <li>
                    <button type="button" class="telling" data-testid="telling-word" title=lines::telling(lang, &told)
                        aria-pressed=move || pressed().to_string()
                        on:click=move |_| app.words.update(|words| *words = toggled(words, &word.read_value()))>
                        <span>{told.word.clone()}</span>
                        <i aria-hidden="true"><b style:width=strength></b></i>
                        <small>{format::decimal(lang, told.log_odds, 1)}</small>
                    </button>
                </li>
            }
        })
        .collect();
    let hint = (!buttons.is_empty()).then(|| view! { <p class="faint">{t.words_hint}</p> });
    view! {
        <h3>{t.words}</h3>
        <Asked />
        {hint}
        {(!buttons.is_empty()).then(|| view! { <ul class="tellings" data-testid="telling">{buttons}</ul> })}
        <p class="faint" data-testid="telling-basis">{sentence}</p>
    }
}

/// The words asked for, each to be taken out: all messages hold them, so they tell these from no others.
#[component]
fn Asked() -> impl IntoView {
    let app = use_app();
    move || {
        let words = app.words.get();
        let chips = words.split_whitespace().map(str::to_owned).map(|word| {
            let label = format!("{}: {word}", app.t().clear);
            let shown = word.clone();
            view! {
                <button type="button" class="chip" data-testid="telling-asked" aria-label=label
                    on:click=move |_| app.words.update(|words| *words = toggled(words, &word.to_lowercase()))>
                    <span>{format!("“{shown}”")}</span><Icon path=icons::CLOSE />
                </button>
            }
        });
        let chips: Vec<_> = chips.collect();
        (!chips.is_empty()).then(|| view! { <div class="chips">{chips}</div> })
    }
}

/// Whether a word is among those asked for.
fn holds(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|one| one.to_lowercase() == word)
}

/// The words asked for with this one, or without it where it was among them.
fn toggled(words: &str, word: &str) -> String {
    let mut kept: Vec<&str> = words.split_whitespace().collect();
    if holds(words, word) {
        kept.retain(|one| one.to_lowercase() != word);
    } else {
        kept.push(word);
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_added_once_and_taken_away_again() {
        assert_eq!(toggled("", "vaten"), "vaten");
        assert_eq!(toggled(" blauwe ", "vaten"), "blauwe vaten");
        assert_eq!(toggled("blauwe Vaten", "vaten"), "blauwe");
        assert!(holds("blauwe Vaten", "vaten") && !holds("vatenkar", "vaten"));
    }
}
