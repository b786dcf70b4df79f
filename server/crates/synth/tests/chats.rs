//! What a run of synthetic chats promises.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use synth::{Config, PlantedKind, SpanKind, SynthMessage, generate, write_csv, write_jsonl};

fn config(messages: u64) -> Config {
    Config { messages, ..Config::default() }
}

fn bytes(config: &Config) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in generate(config) {
        write_jsonl(&item.message, &mut bytes).expect("memory takes it");
    }
    bytes
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_every_machine() {
    let first = bytes(&config(20_000));
    assert_eq!(first, bytes(&config(20_000)));
    assert_ne!(first, bytes(&Config { seed: 2, ..config(20_000) }));
    // Changes when phrases, places or the plan change; then put the new value here.
    assert_eq!(
        blake3::hash(&first).to_hex().as_str(),
        "26fabe333915e6105f37251e875d119ceda76faf8ad98e7ee6f3a2fb4cf7dd27"
    );
}

#[test]
fn spans_are_where_the_places_are() {
    let mut kinds = BTreeMap::new();
    for item in generate(&config(50_000)) {
        for span in &item.truth {
            let mention = &item.message.text[span.start as usize..span.end as usize];
            match span.kind {
                SpanKind::Name => {
                    assert_eq!(mention.to_lowercase(), span.place_name.to_lowercase());
                }
                SpanKind::Misspelt => {
                    let (is, should) = (mention.chars().count(), span.place_name.chars().count());
                    assert!(is.abs_diff(should) <= 1, "{mention}");
                }
                SpanKind::Coordinate => {
                    let numbers = mention.rsplit('=').next().unwrap_or_default();
                    let degrees: Vec<f64> = numbers.split(',').filter_map(|part| part.trim().parse().ok()).collect();
                    assert!(
                        matches!(degrees[..], [lat, lon] if (50.7..53.6).contains(&lat) && (3.3..7.3).contains(&lon)),
                        "{mention}"
                    );
                }
            }
            *kinds.entry(format!("{:?}", span.kind)).or_insert(0) += 1;
        }
    }
    assert!(kinds.len() == 3 && kinds.values().all(|count| *count > 50), "{kinds:?}");
}

#[test]
fn most_messages_name_no_place() {
    let count = 100_000;
    let with_place = generate(&config(count)).filter(|item| !item.truth.is_empty()).count();
    let share = with_place as f64 / count as f64;
    assert!((0.20..0.25).contains(&share), "{share}");
}

#[test]
fn planted_counts_are_those_of_the_messages() {
    for messages in [500, 20_000, 100_000] {
        let generator = generate(&config(messages));
        let truth = generator.truth();
        assert_eq!(truth.messages, messages);
        let items: Vec<SynthMessage> = generator.collect();
        assert_eq!(items.len() as u64, messages);
        for hotspot in &truth.hotspots {
            let about: Vec<&SynthMessage> =
                items.iter().filter(|item| item.truth.iter().any(|span| span.place_name == hotspot.place)).collect();
            assert_eq!(about.len() as u64, hotspot.messages, "{}", hotspot.id);
            let days: BTreeSet<_> = about.iter().map(|item| day(item)).collect();
            assert!(days.iter().all(|day| (hotspot.from..hotspot.to).contains(day)), "{}: {days:?}", hotspot.id);
        }
    }
}

#[test]
fn a_hotspot_has_many_voices_and_a_chatterbox_one() {
    let items: Vec<SynthMessage> = generate(&config(100_000)).collect();
    for hotspot in generate(&config(100_000)).truth().hotspots {
        let about = items.iter().filter(|item| item.truth.iter().any(|span| span.place_name == hotspot.place));
        let voices: BTreeSet<_> = about.map(|item| (&item.message.conversation, &item.message.sender)).collect();
        match hotspot.kind {
            PlantedKind::Chatterbox => {
                assert!(voices.len() == 1 && hotspot.messages > 300 && !hotspot.is_hotspot);
            }
            _ => assert!(voices.len() > 8, "{}: {}", hotspot.id, voices.len()),
        }
    }
}

#[test]
fn messages_come_in_order_of_time_with_a_rhythm_of_day_and_night() {
    let config = Config { from: date(2021, 3, 1), to: date(2021, 4, 1), ..config(50_000) };
    let items: Vec<SynthMessage> = generate(&config).collect();
    assert!(items.windows(2).all(|pair| pair[0].message.sent_at_ms <= pair[1].message.sent_at_ms));
    assert!(items.iter().all(|item| (config.from..config.to).contains(&day(item))));
    let hour = |item: &SynthMessage| local(item).hour();
    let night = items.iter().filter(|item| (2..5).contains(&hour(item))).count();
    let evening = items.iter().filter(|item| (19..22).contains(&hour(item))).count();
    assert!(night * 10 < evening, "{night} {evening}");
}

#[test]
fn conversations_and_senders_are_many_and_unequal() {
    let mut conversations: BTreeMap<String, u64> = BTreeMap::new();
    let (mut senders, mut texts) = (BTreeSet::new(), BTreeMap::<String, u64>::new());
    for item in generate(&config(100_000)) {
        *conversations.entry(item.message.conversation).or_default() += 1;
        *texts.entry(item.message.text).or_default() += 1;
        senders.insert(item.message.sender);
    }
    assert!(conversations.len() > 200 && senders.len() > 400, "{} {}", conversations.len(), senders.len());
    let mut sizes: Vec<u64> = conversations.into_values().collect();
    sizes.sort_unstable();
    assert!(sizes[sizes.len() - 1] > 8 * sizes[sizes.len() / 2], "{:?}", &sizes[sizes.len() - 5..]);
    assert!(texts.iter().any(|(text, count)| text.len() > 20 && *count > 3), "some texts are forwarded");
}

#[test]
fn an_empty_period_gives_no_messages() {
    let day = date(2020, 1, 1);
    let generator = generate(&Config { from: day, to: day, ..config(100) });
    assert_eq!(generator.truth().messages, 0);
    assert_eq!(generator.count(), 0);
    assert_eq!(generate(&config(0)).count(), 0);
}

#[test]
fn both_forms_hold_every_field_and_say_that_they_are_synthetic() {
    let item = generate(&config(10)).next().expect("ten messages");
    let mut message = item.message;
    message.text = "hij zei \"ja\", toch".into();
    let (mut jsonl, mut csv) = (Vec::new(), Vec::new());
    write_jsonl(&message, &mut jsonl).expect("memory takes it");
    write_csv(&message, &mut csv).expect("memory takes it");
    let json: serde_json::Value = serde_json::from_slice(&jsonl).expect("one object");
    assert_eq!((&json["text"], &json["synthetic"]), (&"hij zei \"ja\", toch".into(), &true.into()));
    assert!(json["time"].as_str().is_some_and(|time| time.ends_with('Z')));
    let csv = String::from_utf8(csv).expect("UTF-8");
    assert!(csv.ends_with(",\"hij zei \"\"ja\"\", toch\",true\n"), "{csv}");
}

fn local(item: &SynthMessage) -> jiff::civil::DateTime {
    let zone = jiff::tz::TimeZone::get("Europe/Amsterdam").expect("bundled");
    zone.to_datetime(jiff::Timestamp::from_millisecond(item.message.sent_at_ms).expect("in range"))
}

fn day(item: &SynthMessage) -> jiff::civil::Date {
    local(item).date()
}
