//! The stream of messages, in order of time.

use std::collections::VecDeque;

use jiff::tz::TimeZone;
use model::{Message, TimeMs};

use crate::dice::{Dice, cumulative};
use crate::people::People;
use crate::plan::{Day, Plan, Planted};
use crate::truth::{PlantedKind, Truth};
use crate::writer::{Writer, Written};
use crate::{Config, TruthSpan, places};

/// Share of everyday messages that name a place, in thousandths.
const PLACE_SHARE: u64 = 175;
/// Share of everyday messages that are forwarded copies of an earlier one.
const COPY_SHARE: u64 = 12;
/// Share of messages that go on in one of the conversations that are going on.
const REPLY_SHARE: u64 = 720;
/// Conversations going on at one time.
const GOING_ON: usize = 12;
/// Messages that may still be forwarded.
const COPYABLE: usize = 64;
/// How busy each hour of the day is.
const HOURS: [u64; 24] = [18, 9, 5, 3, 2, 3, 10, 28, 42, 44, 46, 50, 58, 54, 52, 54, 60, 68, 72, 80, 88, 86, 66, 38];
/// A day of the plan takes this many steps; also those of 23 or 25 hours.
const DAY_STEPS: u64 = 24 * 3600;

/// A message and the places it names.
#[derive(Debug, Clone, PartialEq)]
pub struct SynthMessage {
    /// The message.
    pub message: Message,
    /// Where it names places, in order.
    pub truth: Vec<TruthSpan>,
}

/// An endless supply of talk that ends after [`Config::messages`]. Takes constant memory.
pub struct Generator {
    config: Config,
    dice: Dice,
    people: People,
    writer: Writer,
    planted: Vec<Planted>,
    days: Vec<Day>,
    zone: TimeZone,
    hours: Vec<u64>,
    today: Option<Today>,
    next_day: usize,
    /// Messages so far.
    made: u64,
    going_on: VecDeque<(usize, Option<u32>)>,
    copyable: VecDeque<Written>,
}

/// What is left of a day.
struct Today {
    start_ms: TimeMs,
    length_ms: i64,
    messages: u64,
    done: u64,
    planted_left: Vec<u64>,
}

/// Starts a run; the same configuration gives the same messages.
pub fn generate(config: &Config) -> Generator {
    let mut dice = Dice::new(config.seed);
    let places = places::all();
    let Plan { days, planted } = Plan::new(config.messages, config.from, config.to, &places);
    Generator {
        config: *config,
        people: People::new(config.messages, &mut dice),
        dice,
        writer: Writer::new(&places),
        planted,
        days,
        // The bundled database always has it; UTC would only shift the rhythm by an hour or two.
        zone: TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC),
        hours: cumulative(HOURS.into_iter()),
        today: None,
        next_day: 0,
        made: 0,
        going_on: VecDeque::new(),
        copyable: VecDeque::new(),
    }
}

impl Generator {
    /// What is planted in the whole run, known from the start.
    pub fn truth(&self) -> Truth {
        Truth {
            seed: self.config.seed,
            messages: self.days.iter().map(|day| day.messages).sum(),
            from: self.config.from,
            to: self.config.to,
            hotspots: self.planted.iter().map(|planted| planted.hotspot.clone()).collect(),
        }
    }

    /// Goes to the next day that has messages; false after the last.
    fn enter_day(&mut self) -> bool {
        while self.today.as_ref().is_none_or(|today| today.done == today.messages) {
            let Some(day) = self.days.get(self.next_day) else {
                return false;
            };
            self.next_day += 1;
            self.today = Some(Today::new(day, &self.zone));
        }
        true
    }

    /// The planted place that the next message is about, if any: each day's are spread evenly by chance.
    fn draw_planted(&mut self) -> Option<usize> {
        let today = self.today.as_mut()?;
        let mut drawn = self.dice.below(today.messages - today.done);
        for (at, left) in today.planted_left.iter_mut().enumerate() {
            if drawn < *left {
                *left -= 1;
                return Some(at);
            }
            drawn -= *left;
        }
        None
    }

    /// Moves the clock of the day on; never back.
    fn draw_time(&mut self) -> TimeMs {
        let Some(today) = self.today.as_mut() else {
            return 0;
        };
        let busy = self.hours.last().copied().unwrap_or(1);
        // Where the next message falls in the day's talk, in millionths, and from there to the clock.
        let scale = 1_000_000;
        let at = (today.done * scale + self.dice.below(scale)) / today.messages;
        let talk = at * busy;
        let hour = self.hours.partition_point(|sum| sum * scale <= talk).min(23);
        let before = if hour == 0 { 0 } else { self.hours[hour - 1] };
        let into = (talk - before * scale) * 3600 / (HOURS[hour] * scale);
        let step = (hour as u64 * 3600 + into).min(DAY_STEPS - 1);
        today.done += 1;
        today.start_ms + today.length_ms * step as i64 / DAY_STEPS as i64 / 1000 * 1000
    }

    /// A conversation and who speaks in it.
    fn draw_speaker(&mut self) -> (usize, u32) {
        let goes_on = !self.going_on.is_empty() && self.dice.per_mille(REPLY_SHARE);
        let (conversation, last) = if goes_on {
            let at = self.dice.index(self.going_on.len());
            self.going_on.remove(at).unwrap_or((0, None))
        } else {
            (self.people.draw_conversation(&mut self.dice), None)
        };
        let sender = self.people.draw_sender(conversation, last, &mut self.dice);
        self.note_going_on(conversation, sender);
        (conversation, sender)
    }

    fn note_going_on(&mut self, conversation: usize, sender: u32) {
        if self.going_on.len() >= GOING_ON {
            self.going_on.pop_front();
        }
        self.going_on.push_back((conversation, Some(sender)));
    }

    /// Who speaks about a planted place: a few conversations of its own, more of them as a build-up grows.
    fn draw_planted_speaker(&mut self, at: usize) -> (usize, u32) {
        let planted = &self.planted[at];
        let first = 3 + at * 11;
        let count = self.people.len();
        let conversation = match planted.hotspot.kind {
            PlantedKind::Steady => self.people.draw_conversation(&mut self.dice),
            PlantedKind::Chatterbox => first % count,
            PlantedKind::Buildup => {
                let day = self.next_day.saturating_sub(1);
                let active = 2 + planted.progress(day) * 9 / 1000;
                (first + self.dice.below(active) as usize) % count
            }
            PlantedKind::Moving | PlantedKind::Burst => (first + self.dice.index(6)) % count,
        };
        let sender = match planted.hotspot.kind {
            PlantedKind::Chatterbox => self.people.first_member(conversation),
            _ => self.people.draw_sender(conversation, None, &mut self.dice),
        };
        (conversation, sender)
    }

    /// Everyday talk: mostly without a place, sometimes a forwarded copy.
    fn draw_everyday(&mut self) -> Written {
        if self.copyable.len() == COPYABLE && self.dice.per_mille(COPY_SHARE) {
            let at = self.dice.index(COPYABLE);
            return self.copyable[at].clone();
        }
        let written = if self.dice.per_mille(PLACE_SHARE) {
            self.writer.everyday(&mut self.dice)
        } else {
            self.writer.plain(&mut self.dice)
        };
        if self.copyable.len() < COPYABLE {
            self.copyable.push_back(written.clone());
        } else if self.dice.per_mille(10) {
            let at = self.dice.index(COPYABLE);
            self.copyable[at] = written.clone();
        }
        written
    }
}

impl Iterator for Generator {
    type Item = SynthMessage;

    fn next(&mut self) -> Option<SynthMessage> {
        if !self.enter_day() {
            return None;
        }
        let planted = self.draw_planted();
        let sent_at_ms = self.draw_time();
        let ((conversation, sender), written) = match planted {
            Some(at) => {
                let speaker = self.draw_planted_speaker(at);
                let place = self.planted[at].place;
                (speaker, self.writer.about(&place, &mut self.dice))
            }
            None => (self.draw_speaker(), self.draw_everyday()),
        };
        self.made += 1;
        Some(SynthMessage {
            message: Message {
                external_id: Some(format!("s{}-{:09}", self.config.seed, self.made)),
                conversation: self.people.conversation_name(conversation).to_owned(),
                sender: self.people.sender_name(sender).to_owned(),
                sent_at_ms,
                text: written.text,
                location: None,
            },
            truth: written.spans,
        })
    }
}

impl Today {
    fn new(day: &Day, zone: &TimeZone) -> Self {
        let midnight = |date: jiff::civil::Date| {
            let midnight = zone.to_ambiguous_timestamp(date.to_datetime(jiff::civil::Time::midnight())).compatible();
            midnight.map_or(0, jiff::Timestamp::as_millisecond)
        };
        let start_ms = midnight(day.date);
        Self {
            start_ms,
            length_ms: midnight(day.date.tomorrow().unwrap_or(day.date)) - start_ms,
            messages: day.messages,
            done: 0,
            planted_left: day.planted.clone(),
        }
    }
}
