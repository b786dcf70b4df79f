//! Topics of messages: stored with them, numbered once, changed by re-geoparsing.

use store::{MentionChange, Store, StoreError};

use super::{batch, begin, chat, import};

fn about(messages: usize, topics: &[&str]) -> Vec<store::ParsedMessage> {
    let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
    chat(messages).into_iter().map(|message| store::ParsedMessage { topics: topics.clone(), ..message }).collect()
}

pub(crate) async fn a_message_keeps_its_topics_whatever_the_order_of_a_lexicon(store: &dyn Store) {
    import(store, "a", &about(2, &["waste", "drugs"])).await;
    let mut more = about(6, &["drugs", "weapons"]);
    more[5].topics.clear();
    import(store, "b", &more).await;
    let rows = store.topics().await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.topic_no, row.id.as_str())).collect();
    assert_eq!(told, [(0, "drugs"), (1, "waste"), (2, "weapons")]);
    let messages = store.messages(&[1, 3, 6]).await.unwrap();
    let topics: Vec<_> = messages.iter().map(|message| message.topics.join(" ")).collect();
    assert_eq!(topics, ["drugs waste", "drugs weapons", ""]);
    let of_mentions: Vec<_> = store.index_rows(0, 10).await.unwrap().iter().map(|row| row.topics).collect();
    assert_eq!(of_mentions, [0b011, 0b101, 0b101]);
}

pub(crate) async fn other_topics_of_a_message_reach_its_mentions_old_and_new(store: &dyn Store) {
    let messages = about(4, &["drugs"]);
    import(store, "a", &messages).await;
    let rewritten = store.rewritten().await.unwrap();
    let mut mention = messages[0].mentions[0].clone();
    (mention.start, mention.end) = (0, 7);
    store
        .rewrite_mentions(vec![
            MentionChange::Added { message_no: 3, mention },
            MentionChange::Topics { message_no: 3, topics: vec!["violence".into(), "drugs".into()] },
            MentionChange::Topics { message_no: 2, topics: vec![] },
        ])
        .await
        .unwrap();
    assert!(store.rewritten().await.unwrap() > rewritten);
    let topics: Vec<_> = store.messages(&[1, 2, 3]).await.unwrap().into_iter().map(|message| message.topics).collect();
    assert_eq!(topics, [vec!["drugs".to_owned()], vec![], vec!["drugs".to_owned(), "violence".to_owned()]]);
    let rows = store.index_rows(0, 10).await.unwrap();
    let of_mentions: Vec<_> = rows.iter().map(|row| (row.message_no, row.topics)).collect();
    assert_eq!(of_mentions, [(1, 0b01), (3, 0b11), (3, 0b11)]);
}

pub(crate) async fn more_topics_than_bits_are_refused_and_nothing_is_stored(store: &dyn Store) {
    let all: Vec<String> = (0..33).map(|number| format!("topic {number:02}")).collect();
    let names: Vec<&str> = all.iter().map(String::as_str).collect();
    import(store, "a", &about(1, &names[..32])).await;
    assert_eq!(store.index_rows(0, 10).await.unwrap()[0].topics, u32::MAX);
    assert_eq!(store.messages(&[1]).await.unwrap()[0].topics, all[..32]);
    let to = begin(store, "b", "other").await;
    let refused = store.commit_batch(batch(&to, &about(3, &names[32..]), 10)).await;
    assert!(matches!(refused, Err(StoreError::TooMany("topics"))), "{refused:?}");
    assert_eq!((store.topics().await.unwrap().len(), store.totals().await.unwrap().messages), (32, 1));
}
