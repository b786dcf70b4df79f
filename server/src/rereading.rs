//! Re-geoparsing: every stored message read again with what is known today, and what that changed. Decisions stay.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::time::Instant;

use model::{Decisions, Likeness, Mention, Message, SharedLocation, folded_words};
use store::{MentionChange, StoredMention, StoredMessage};

use crate::pipeline::Pipeline;

/// What changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rereading {
    /// Messages read.
    pub(crate) read: u64,
    /// Mentions read as before.
    pub(crate) unchanged: u64,
    /// Mentions of the same place on other grounds or with another confidence.
    pub(crate) reweighed: u64,
    /// Mentions not found before.
    pub(crate) added: u64,
    /// Mentions found no more.
    pub(crate) removed: u64,
    /// The same words, now another place.
    pub(crate) moved: u64,
    /// Mentions that are on the map now and were not.
    pub(crate) accepted: u64,
    /// Mentions that were on the map and are no more.
    pub(crate) unaccepted: u64,
    /// Messages that are about other topics than before.
    pub(crate) retold: u64,
    /// Decisions in force, which stayed.
    pub(crate) decisions: u64,
    pub(crate) seconds: f64,
    /// Mentions that moved, came or went, by folded words; not those whose evidence alone changed.
    words: HashMap<String, u64>,
}

impl Rereading {
    /// The words of most mentions that moved, came or went.
    pub(crate) fn top_words(&self, limit: usize) -> Vec<(&str, u64)> {
        let mut words: Vec<_> = self.words.iter().map(|(words, changes)| (words.as_str(), *changes)).collect();
        words.sort_unstable_by_key(|(words, changes)| (std::cmp::Reverse(*changes), *words));
        words.truncate(limit);
        words
    }
}

impl Pipeline {
    /// Reads all messages again, of one case or all, in the batches that they were stored in. Each batch is one transaction: cut
    /// off anywhere, the next run ends the same; run twice, the second changes nothing.
    ///
    /// # Errors
    /// When the store fails; batches until then are done.
    pub(crate) async fn regeoparse(
        &self,
        case_no: Option<u16>,
        progress: &mut (dyn FnMut(&Rereading, u64) + Send),
    ) -> anyhow::Result<Rereading> {
        let begun = Instant::now();
        let decisions = Decisions::new(self.store.decisions().await?);
        let mut report = Rereading { decisions: decisions.len() as u64, ..Rereading::default() };
        let batches = self.store.batches(case_no).await?;
        let total = batches.iter().map(|(first, past)| past - first).sum();
        for (first, past) in batches {
            let numbers: Vec<u64> = (first..past).collect();
            let mut stored = self.store.messages(&numbers).await?;
            stored.retain(|message| case_no.is_none_or(|only| only == message.case_no));
            let messages = stored.iter().map(message).collect();
            let pipeline = self.clone();
            let parsed = tokio::task::spawn_blocking(move || pipeline.geoparse_all(messages)).await?;
            let mut changes = Vec::new();
            for (before, now) in stored.into_iter().zip(parsed) {
                compare_topics(&before, now.topics, &mut report, &mut changes);
                compare(before, now.mentions, &decisions, &mut report, &mut changes);
            }
            self.store.rewrite_mentions(changes).await?;
            progress(&report, total);
        }
        report.seconds = begun.elapsed().as_secs_f64();
        Ok(report)
    }
}

/// The message as it was read from its file, as far as geoparsing needs it.
fn message(stored: &StoredMessage) -> Message {
    Message {
        external_id: None,
        conversation: stored.conversation.clone(),
        sender: stored.sender.clone(),
        sent_at_ms: stored.sent_at_ms,
        text: stored.text.clone(),
        location: stored.mentions.iter().map(|stored| &stored.mention).find(|m| m.start == m.end).map(|m| {
            SharedLocation {
                point: m.place.point(),
                radius_m: Some(m.place.radius_m),
                label: Some(m.place.name.clone()),
            }
        }),
    }
}

/// The stored ones are in order of number, the others in that of the lexicon.
fn compare_topics(before: &StoredMessage, now: Vec<String>, report: &mut Rereading, changes: &mut Vec<MentionChange>) {
    if before.topics.len() != now.len() || before.topics.iter().any(|topic| !now.contains(topic)) {
        report.retold += 1;
        changes.push(MentionChange::Topics { message_no: before.message_no, topics: now });
    }
}

/// Matches what was read with what is read by span; both are in order.
fn compare(
    before: StoredMessage,
    now: Vec<Mention>,
    decisions: &Decisions,
    report: &mut Rereading,
    changes: &mut Vec<MentionChange>,
) {
    report.read += 1;
    let (case_no, message_no) = (before.case_no, before.message_no);
    let placed = |mention: &Mention| decisions.of(case_no, mention).map_or(mention.accepted, |d| d.action.places());
    let (mut old, mut new) = (before.mentions.into_iter().peekable(), now.into_iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => (old.mention.start, old.mention.end).cmp(&(new.start, new.end)),
        };
        match order {
            Ordering::Less => {
                let Some(gone) = old.next() else { return };
                report.removed += 1;
                report.unaccepted += u64::from(placed(&gone.mention));
                report.note(&gone.mention);
                changes.push(MentionChange::Removed { mention_no: gone.mention_no });
            }
            Ordering::Greater => {
                let Some(mention) = new.next() else { return };
                report.added += 1;
                report.accepted += u64::from(placed(&mention));
                report.note(&mention);
                changes.push(MentionChange::Added { message_no, mention });
            }
            Ordering::Equal => {
                let (Some(was), Some(mention)) = (old.next(), new.next()) else { return };
                // A decision about the old reading will speak for the new one, too.
                let placed_now = match decisions.of(case_no, &mention).or_else(|| decisions.of(case_no, &was.mention)) {
                    Some(decision) => decision.action.places(),
                    None => mention.accepted,
                };
                report.same_words(&was, &mention, placed(&was.mention), placed_now);
                if was.mention != mention || was.phrase_no == 0 {
                    let was_like = Likeness::of(&was.mention);
                    let mention_no = was.mention_no;
                    changes.push(MentionChange::Replaced { mention_no, mention, was: was_like, case_no });
                }
            }
        }
    }
}

impl Rereading {
    fn note(&mut self, mention: &Mention) {
        *self.words.entry(folded_words(&mention.text)).or_default() += 1;
    }

    fn same_words(&mut self, was: &StoredMention, now: &Mention, placed: bool, placed_now: bool) {
        if was.mention == *now {
            self.unchanged += 1;
            return;
        }
        if was.mention.place.id == now.place.id {
            self.reweighed += 1;
        } else {
            self.moved += 1;
        }
        self.accepted += u64::from(placed_now && !placed);
        self.unaccepted += u64::from(placed && !placed_now);
        if was.mention.place.id != now.place.id || placed != placed_now {
            self.note(now);
        }
    }
}
