//! What counts as the same message.

use model::Message;

/// A hash of what makes a message this message: its case, conversation, sender, second and text.
///
/// Two phones of one conversation, or two exports of one phone, hold the same message with different ids, different
/// sub-second times and different file names; none of these is part of the hash. Two texts of the same words sent by the
/// same sender in the same conversation within one second are taken for one. A shared location counts only where there are no
/// words: two pins within a second are two messages, but of one text, one export may hold the position and another not.
pub fn content_hash(case_no: u16, message: &Message) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&case_no.to_le_bytes());
    hasher.update(&message.sent_at_ms.div_euclid(1000).to_le_bytes());
    for part in [&message.conversation, &message.sender, &message.text] {
        // The length first: ("ab", "c") and ("a", "bc") must differ.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    if let Some(location) = message.location.as_ref().filter(|_| message.text.trim().is_empty()) {
        // To a metre: exports round differently.
        let rounded = |degrees: f64| (degrees * 1e5).round() as i64;
        hasher.update(&rounded(location.point.lon).to_le_bytes());
        hasher.update(&rounded(location.point.lat).to_le_bytes());
    }
    let mut hash = [0; 16];
    hash.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    hash
}

/// Length of a [`message_key`].
pub(crate) const KEY_BYTES: usize = 21;
/// Added to seconds before they are written in five bytes, so that they sort in order of time.
const SECONDS_OFFSET: i64 = 1 << 39;

/// What a message is looked up by: its second, then its content hash. Alike messages share their second, and messages of one
/// time lie together in an index, where hashes alone would scatter every batch over all of it.
pub(crate) fn message_key(sent_at_ms: model::TimeMs, hash: &[u8; 16]) -> [u8; KEY_BYTES] {
    let seconds = (sent_at_ms.div_euclid(1000) + SECONDS_OFFSET).clamp(0, (1 << 40) - 1);
    let mut key = [0; KEY_BYTES];
    key[..5].copy_from_slice(&seconds.to_be_bytes()[3..]);
    key[5..].copy_from_slice(hash);
    key
}

/// The first eight bytes as a number: the column that a distributed store spreads messages by.
pub(crate) fn msg_hash(hash: &[u8; 16]) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use model::SharedLocation;

    use super::*;

    fn message() -> Message {
        Message {
            external_id: None,
            conversation: "c".into(),
            sender: "s".into(),
            sent_at_ms: 1_500,
            text: "hoi".into(),
            location: None,
        }
    }

    #[test]
    fn a_location_counts_only_where_there_are_no_words() {
        let at = |text: &str, lon: f64| Message {
            text: text.into(),
            location: model::LonLat::new(lon, 52.0).map(|point| SharedLocation { point, radius_m: None, label: None }),
            ..message()
        };
        assert_eq!(content_hash(1, &message()), content_hash(1, &at("hoi", 6.5)));
        assert_ne!(content_hash(1, &at("", 6.5)), content_hash(1, &at("", 6.6)));
        assert_eq!(content_hash(1, &at("", 6.5)), content_hash(1, &at("", 6.500_000_1)));
    }

    #[test]
    fn id_and_milliseconds_do_not_make_another_message() {
        let twin = Message { external_id: Some("7".into()), sent_at_ms: 1_999, ..message() };
        assert_eq!(content_hash(1, &message()), content_hash(1, &twin));
    }

    #[test]
    fn case_conversation_sender_second_and_text_do() {
        let base = content_hash(1, &message());
        assert_ne!(base, content_hash(2, &message()));
        for other in [
            Message { conversation: "d".into(), ..message() },
            Message { sender: "t".into(), ..message() },
            Message { sent_at_ms: 2_000, ..message() },
            Message { text: "hoi!".into(), ..message() },
            Message { conversation: "cs".into(), sender: String::new(), ..message() },
        ] {
            assert_ne!(base, content_hash(1, &other));
        }
    }
}
