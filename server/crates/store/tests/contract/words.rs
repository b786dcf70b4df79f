//! Words and texts: what every backend must find, and give back.

use store::{ParsedMessage, Store};

use super::{chat, import};

/// Messages with these texts.
fn saying(texts: &[&str]) -> Vec<ParsedMessage> {
    let mut messages = chat(texts.len());
    for (message, text) in messages.iter_mut().zip(texts) {
        (*text).clone_into(&mut message.message.text);
        message.mentions.clear();
    }
    messages
}

pub(crate) async fn the_same_words_hit_the_same_messages_in_every_backend(store: &dyn Store) {
    let texts = [
        "Loods aan de Kerkenvèldseweg, nr. 12-B 🚚🚚",
        "'s-Gravenhage: foto's van de GROTE loods!",
        "de loods is groot; grote vaten, 1.500 liter",
        "café Ƶäpp ☕️ e\u{301}e\u{301}n, reünie & co/coöp",
        "loodsgrijs busje 34-XX-YY \u{1F600}👨‍👩‍👧 ok👍",
        "İSTANBUL Straße ΟΔΟΣ москва́ 北京 مَكتَب",
        "weg__kruising\u{a0}a.b@c.nl http://x.nl/pad?q=1 '\\:*&|!()<->",
        "",
        "🚚",
    ];
    import(store, "telefoon", &saying(&texts)).await;
    for (typed, expected) in [
        ("loods", &[1, 2, 3][..]),
        ("LOODS*", &[1, 2, 3, 5]),
        ("\"grote loods\"", &[2]),
        ("\"loods grote\"", &[]),
        ("grote loods", &[2, 3]),
        ("kerkenveldseweg 12", &[1]),
        ("kerkenveld*", &[1]),
        ("12-b", &[1]),
        ("\"12 b\"", &[1]),
        ("b-12", &[]),
        ("foto's", &[2]),
        ("foto s-gravenhage", &[2]),
        ("\"s gravenhage foto\"", &[2]),
        ("gravenhage-f*", &[2]),
        ("1.500", &[3]),
        ("1500", &[]),
        ("CAFE een reunie COOP", &[4]),
        ("zapp", &[]),
        ("ƶapp", &[4]),
        ("34-xx-y*", &[5]),
        ("ok", &[5]),
        ("istanbul straße οδος москва", &[6]),
        ("北*", &[6]),
        ("مكتب", &[6]),
        ("a.b@c.nl", &[7]),
        ("weg kruising", &[7]),
        ("'\\:*&|!()<->", &[]),
        ("weg ' & pad", &[7]),
        ("🚚", &[]),
        ("x:* | loods", &[]),
    ] {
        assert_eq!(store.search(typed, 10).await.unwrap(), expected, "{typed}");
    }
    let many = (0..3_000).map(|i| format!("loods w{i}*")).collect::<Vec<_>>().join(" ");
    assert_eq!(store.search(&many, 10).await.unwrap(), [0; 0]);
    assert_eq!(store.search(&format!("{} loods", "loods ".repeat(5_000)), 2).await.unwrap(), [1, 2]);
}

pub(crate) async fn a_text_of_any_length_is_found_by_all_its_words(store: &dyn Store) {
    let long_word = "lang".repeat(5_000);
    let many = (0..120_000).map(|i| format!("woord{i}")).collect::<Vec<_>>().join(" ");
    let repeated = format!("{} naald in hooi", "hooi ".repeat(70_000));
    import(store, "telefoon", &saying(&[&long_word, &many, &repeated, "kort woord119999"])).await;
    for (typed, expected) in [
        (long_word.as_str(), &[1][..]),
        ("langlang*", &[1]),
        ("woord119999", &[2, 4]),
        ("\"woord119998 woord119999\"", &[2]),
        ("woord11999*", &[2, 4]),
        ("\"naald in hooi\"", &[3]),
        ("\"hooi naald\" woord1", &[]),
    ] {
        assert_eq!(store.search(typed, 10).await.unwrap(), expected, "{}", &typed[..typed.len().min(40)]);
    }
}

pub(crate) async fn texts_and_names_with_any_character_come_back_as_they_went_in(store: &dyn Store) {
    let texts = ["nul\0len\0", "\u{10FFFE}0\u{10FFFE}", "\\N\t\r\n\u{7}\u{feff}", "\u{202e}rechts"];
    let mut messages = saying(&texts);
    for (message, text) in messages.iter_mut().zip(texts) {
        let message = &mut message.message;
        (message.conversation, message.sender) = (format!("{text}c"), format!("{text}s"));
        message.external_id = Some(text.to_owned());
    }
    // The span is of the text as it was.
    let mut mention = chat(1)[0].mentions[0].clone();
    (mention.start, mention.end, mention.text) = (4, 7, "len".into());
    mention.reasons = vec!["a\0b".into()];
    mention.alternatives[0].name = "x\0".into();
    messages[0].mentions = vec![mention.clone()];
    let outcome = import(store, "telefoon", &messages).await;
    assert_eq!(outcome.imported, 4);
    let stored = store.messages(&[1, 2, 3, 4]).await.unwrap();
    for (message, text) in stored.iter().zip(texts) {
        assert_eq!(message.text, text);
        assert_eq!((&message.conversation, &message.sender), (&format!("{text}c"), &format!("{text}s")));
    }
    assert_eq!(stored[0].mentions[0].mention, mention);
    assert_eq!(import(store, "telefoon", &messages).await.duplicates, 4);
    assert_eq!(store.search("len", 9).await.unwrap(), [1]);
}

pub(crate) async fn names_of_any_length_are_told_apart(store: &dyn Store) {
    let long = "lange naam ".repeat(2_000);
    let mut messages = saying(&["een", "twee", "drie"]);
    for (i, message) in messages.iter_mut().enumerate() {
        message.message.conversation = format!("{long}{}", i % 2);
        message.message.sender.clone_from(&long);
    }
    import(store, "telefoon", &messages).await;
    let stored = store.messages(&[1, 2, 3]).await.unwrap();
    assert_eq!(stored[0].conversation, stored[2].conversation);
    assert_ne!(stored[0].conversation, stored[1].conversation);
    assert_eq!(stored[1].sender, long);
}

/// A load of many messages a batch is searchable once the full text has caught up, in steps of any size; its mentions sum up.
pub(crate) async fn a_large_load_is_searchable_after_the_full_text_caught_up(store: &dyn Store) {
    let messages = chat(6_000);
    let before = import(store, "groot", &messages).await.data_version;
    let mut left = u64::MAX;
    while left > 0 {
        let now = store.catch_up(1_000).await.unwrap();
        assert!(now < left, "every step brings it nearer");
        left = now;
    }
    assert_eq!(store.search("kerkenveld", 10_000).await.unwrap(), (1..=6_000).collect::<Vec<u64>>());
    assert_eq!(store.search("kerkenv*", 5).await.unwrap(), [1, 2, 3, 4, 5]);
    assert!(store.data_version().await.unwrap() >= before);
    // A small batch after it is searchable at once.
    let mut more = chat(6_001);
    import(store, "klein", &more.split_off(6_000)).await;
    assert_eq!(store.search("\"bericht 6000\"", 10).await.unwrap(), [6_001]);
    // Every other message has a mention: those of messages 1, 3, 5 have the numbers 1, 2, 3.
    assert_eq!(store.mention_sums(3).await.unwrap(), (3, 1 + 3 + 5));
    assert_eq!(store.mention_sums(0).await.unwrap(), (0, 0));
}
