//! What holds for the mentions of any text.

use model::Mention;

/// Asserts that the mentions are in order, do not overlap, say what stands there, and have sound numbers.
pub(crate) fn check(text: &str, mentions: &[Mention]) {
    let mut done = 0;
    for m in mentions {
        let (start, end) = (m.start as usize, m.end as usize);
        assert!(start >= done && start < end && end <= text.len(), "{start}..{end} after {done} in {text:?}");
        assert_eq!(&text[start..end], m.text, "span and words differ in {text:?}");
        let others: f32 = m.alternatives.iter().map(|other| other.confidence).sum();
        assert!((0.0..=1.0).contains(&m.confidence) && m.confidence + others <= 1.001, "{} + {others}", m.confidence);
        assert!(model::LonLat::new(m.place.lon, m.place.lat).is_some(), "{:?}", m.place.id);
        assert!(!m.reasons.is_empty() && !m.place.id.is_empty() && !m.place.name.is_empty());
        done = end;
    }
}
