//! What a line rests on: what is left of it without its loudest conversation, and without its loudest sender.

use leptos::prelude::*;
use model::api::LeftOut;

use crate::format;
use crate::i18n::lines;
use crate::state::use_app;
use crate::url::Lang;

/// One after the other, with the share that each holds of the messages (`of`) and whether a rise stays one.
#[component]
pub(super) fn Without(without: Vec<LeftOut>, of: u64) -> impl IntoView {
    let app = use_app();
    let lang = app.lang.get();
    let t = lines::Texts::of(lang);
    let cards = without.into_iter().map(|left| {
        let what = if left.what == "sender" { t.loudest_sender } else { t.loudest_conversation };
        let verdict = left.stays.map(|stays| {
            let (class, text, hint) =
                if stays { ("verdict verdict-stays", t.stays, t.stays_hint) } else { ("verdict", t.falls, t.falls_hint) };
            view! { <em class=class title=hint>{text}</em> }
        });
        let sentence = if lang == Lang::Nl { left.sentence.nl } else { left.sentence.en };
        let share = format::percent(left.held as f32 / of.max(1) as f32);
        view! {
            <li data-testid=format!("without-{}", left.what)>
                <p class="without-head"><span class="faint">{what}</span> <b title=left.name.clone()>{left.name.clone()}</b> {verdict}</p>
                <p class="without-share"><span class="certainty-bar" aria-hidden="true"><i style:width=share.clone()></i></span> {share.clone()}</p>
                <p>{sentence}</p>
            </li>
        }
    });
    view! {
        <h3>{t.rests_on}</h3>
        <ul class="without" data-testid="without">{cards.collect_view()}</ul>
    }
}
