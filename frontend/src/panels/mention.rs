//! A place in a text: marked where it stands, opened to show why and what else it could be.

use leptos::prelude::*;
use model::api::{Decided, MentionView};
use model::{Mention, Place};

use super::review::{Actions, Subject, undo};
use crate::components::icons::{self, Icon};
use crate::format;
use crate::i18n;
use crate::state::use_app;

/// A stretch of a message: plain, or the mention of this number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The words.
    pub(crate) text: String,
    /// Which mention they are.
    pub(crate) mention: Option<usize>,
}

/// Cuts a text at its mentions. A span that is no valid range of the text, or overlaps an earlier one, is left unmarked.
pub(crate) fn segments(text: &str, mentions: &[&Mention]) -> Vec<Segment> {
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    // Of two that begin together the accepted one is shown, then the longer.
    order.sort_by_key(|at| (mentions[*at].start, !mentions[*at].accepted, std::cmp::Reverse(mentions[*at].end)));
    let mut segments = Vec::new();
    let mut done = 0;
    for at in order {
        let (start, end) = (mentions[at].start as usize, mentions[at].end as usize);
        let Some(words) = text.get(start..end).filter(|words| start >= done && !words.is_empty()) else {
            continue;
        };
        if start > done {
            segments.push(Segment { text: text[done..start].to_owned(), mention: None });
        }
        segments.push(Segment { text: words.to_owned(), mention: Some(at) });
        done = end;
    }
    if done < text.len() {
        segments.push(Segment { text: text[done..].to_owned(), mention: None });
    }
    segments
}

/// Mentions without words: locations that came with the message.
pub(crate) fn shared(mentions: &[&Mention]) -> Vec<(usize, String)> {
    let shared = mentions.iter().enumerate().filter(|(_, mention)| mention.start == mention.end);
    shared.map(|(at, mention)| (at, format!("⌖ {}", mention.place.name))).collect()
}

/// Why the words mean this place, how sure that is, what else they could mean, and what somebody decided or may decide.
#[component]
pub(crate) fn MentionDetail(mention: MentionView) -> impl IntoView {
    let app = use_app();
    let MentionView { number, mention, decided, .. } = mention;
    let Mention { text, kind, confidence, accepted, place, alternatives, reasons, .. } = mention;
    let radius_m = f64::from(place.radius_m);
    let others = StoredValue::new(alternatives);
    let read = decided.as_ref().map_or_else(|| place.clone(), |decided| decided.read_place.clone());
    let subject = Subject { mention: number, words: text.clone(), place: read };
    let picking = RwSignal::new(false);
    // A location that came with the message has no words.
    let heading = if text.is_empty() { place.name.clone() } else { format!("“{text}”") };
    view! {
        <div class="mention-detail" data-testid="mention-detail">
            <header>
                <b>{heading}</b>
                <span class="faint">{move || i18n::place_kind(app.lang.get(), kind)}</span>
                {(!accepted).then(|| view! { <span class="class class-unknown">{move || app.t().not_accepted}</span> })}
            </header>
            <Certainty name=place.name.clone() area=area(&place) confidence />
            <p class="faint">{move || format!("{} {}", app.t().extent, format::distance(app.lang.get(), radius_m))}</p>
            {decided.map(|decided| view! { <DecidedNote decided /> })}
            <h3>{move || app.t().why}</h3>
            <ul class="reasons">
                {move || reasons.iter().map(|code| view! { <li>{i18n::reason(app.lang.get(), code)}</li> }).collect_view()}
            </ul>
            <h3>{move || app.t().alternatives}</h3>
            {move || others.with_value(|others| if others.is_empty() {
                view! { <p class="faint">{app.t().no_alternatives}</p> }.into_any()
            } else {
                others.iter().map(|other| view! {
                    <Certainty name=other.name.clone() area=String::new() confidence=other.confidence />
                }).collect_view().into_any()
            })}
            <Actions subject picking done=Callback::new(|()| ()) />
        </div>
    }
}

/// Who decided, what was read before, and the way back.
#[component]
fn DecidedNote(decided: Decided) -> impl IntoView {
    let app = use_app();
    let Decided { decision, made_by, made_at, read_place, read_confidence, .. } = decided;
    view! {
        <div class="decided-note" data-testid="decided-note">
            <p>{move || format!("{} {made_by}, {}", app.t().decided_by, format::moment(app.lang.get(), &made_at))}</p>
            <p class="faint">{move || format!("{} {} ({})", app.t().read_as, read_place.name, format::percent(read_confidence))}</p>
            <button type="button" class="button button-small" data-testid="mention-undo" on:click=move |_| undo(app, decision)>
                <Icon path=icons::UNDO />{move || app.t().undo}
            </button>
        </div>
    }
}

/// Municipality, province and foreign country, as far as they say something that the name does not.
pub(crate) fn area(place: &Place) -> String {
    let parts = [place.municipality.as_ref(), place.province.as_ref(), place.country.as_ref().filter(|c| *c != "NL")];
    let mut said: Vec<&str> =
        parts.into_iter().flatten().map(String::as_str).filter(|part| *part != place.name).collect();
    said.dedup();
    said.join(", ")
}

/// A place with its probability as a number and a bar.
#[component]
pub(crate) fn Certainty(name: String, area: String, confidence: f32) -> impl IntoView {
    view! {
        <div class="certainty">
            <span class="certainty-name">{name} " " <small>{area}</small></span>
            <span class="certainty-bar" aria-hidden="true"><i style:width=format::percent(confidence)></i></span>
            <span class="certainty-number">{format::percent(confidence)}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::PlaceKind;

    fn mention(start: u32, end: u32, accepted: bool) -> Mention {
        let place = Place {
            id: "nl/x".into(),
            name: "X".into(),
            kind: PlaceKind::Locality,
            lon: 6.0,
            lat: 52.0,
            radius_m: 500,
            municipality: None,
            province: None,
            police_unit: None,
            country: None,
            population: None,
        };
        Mention {
            start,
            end,
            text: String::new(),
            kind: PlaceKind::Locality,
            confidence: 0.9,
            accepted,
            place,
            alternatives: vec![],
            reasons: vec![],
        }
    }

    fn cut(text: &str, mentions: &[Mention]) -> Vec<(String, Option<usize>)> {
        segments(text, &mentions.iter().collect::<Vec<_>>()).into_iter().map(|s| (s.text, s.mention)).collect()
    }

    #[test]
    fn a_text_is_cut_at_its_mentions_by_bytes() {
        let text = "één keer naar Assen 😀";
        let start = text.find("Assen").expect("there") as u32;
        let pieces = cut(text, &[mention(start, start + 5, true)]);
        assert_eq!(pieces, [("één keer naar ".into(), None), ("Assen".into(), Some(0)), (" 😀".into(), None)]);
    }

    #[test]
    fn a_span_that_is_no_range_of_the_text_is_left_unmarked() {
        assert_eq!(
            cut("één", &[mention(1, 2, true), mention(0, 99, true), mention(3, 2, true)]),
            [("één".into(), None)]
        );
    }

    #[test]
    fn a_location_without_words_stands_beside_the_text() {
        let mentions = [mention(0, 0, true), mention(3, 7, true)];
        assert_eq!(cut("in Emmen", &mentions).len(), 3);
        assert_eq!(shared(&mentions.iter().collect::<Vec<_>>()), [(0, "⌖ X".to_owned())]);
    }

    #[test]
    fn of_overlapping_mentions_the_accepted_one_is_marked() {
        let pieces = cut("Zuidwolde Dr", &[mention(0, 12, false), mention(0, 9, true)]);
        assert_eq!(pieces, [("Zuidwolde".into(), Some(1)), (" Dr".into(), None)]);
    }
}
