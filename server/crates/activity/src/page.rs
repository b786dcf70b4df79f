//! Pages of messages, newest first, that stay in place while new messages come in.

use std::fmt;
use std::str::FromStr;

use model::TimeMs;

/// Where a page ended: the next one holds what comes before it in time. Written as `1591000000000-42`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When the last message of the page was sent.
    pub sent_at_ms: TimeMs,
    /// Its number, which tells messages of one moment apart.
    pub message_no: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.sent_at_ms, self.message_no)
    }
}

impl FromStr for Cursor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text
            .rsplit_once('-')
            .and_then(|(time, number)| Some(Self { sent_at_ms: time.parse().ok()?, message_no: number.parse().ok()? }));
        parsed.ok_or_else(|| "not the cursor of a page".to_owned())
    }
}

/// Messages that pass a filter, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many pass, on all pages.
    pub total: u64,
    /// Those of this page.
    pub message_nos: Vec<u64>,
    /// Where the next page goes on; `None` on the last.
    pub next: Option<Cursor>,
}

impl Page {
    /// The newest `limit` of these.
    pub(crate) fn newest(mut messages: Vec<Cursor>, total: u64, limit: usize) -> Self {
        let more = messages.len() > limit;
        if more {
            messages.select_nth_unstable_by(limit, |a, b| b.cmp(a));
            messages.truncate(limit);
        }
        messages.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            total,
            next: messages.last().copied().filter(|_| more),
            message_nos: messages.into_iter().map(|message| message.message_no).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_text_also_before_1970() {
        for cursor in
            [Cursor { sent_at_ms: 1_591_000_000_000, message_no: 42 }, Cursor { sent_at_ms: -5, message_no: 0 }]
        {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for bad in ["", "-", "12", "a-b", "12-", "1-2-x"] {
            assert!(bad.parse::<Cursor>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_that_holds_all_has_no_next() {
        let one = Cursor { sent_at_ms: 1, message_no: 1 };
        assert_eq!(Page::newest(vec![one], 1, 1), Page { total: 1, message_nos: vec![1], next: None });
    }
}
