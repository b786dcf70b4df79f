//! Synthetic Dutch chats with planted hotspots: for demos, tests and measurements.
//!
//! Here live invented people, phrases, and a plan of which places flare up
//! when. The same [`Config`] always gives the same bytes. Never here: real
//! messages or names of real people, clocks, or anything that tells how to do
//! harm; the shadier phrases stay as vague as they are in real chats.
//!
//! ```
//! let config = synth::Config { messages: 1000, ..synth::Config::default() };
//! let mut generator = synth::generate(&config);
//! let first = generator.next().expect("a thousand messages");
//! assert!(!first.message.text.is_empty());
//! assert_eq!(generator.count(), 999);
//! ```

mod dice;
mod generator;
mod people;
mod phrases;
mod places;
mod plan;
mod truth;
mod write;
mod writer;

use jiff::civil::Date;

pub use generator::{Generator, SynthMessage, generate};
pub use truth::{PlantedHotspot, PlantedKind, SpanKind, Truth, TruthSpan};
pub use write::{CSV_HEADER, write_csv, write_jsonl};

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// How many messages.
    pub messages: u64,
    /// Another seed gives other chats.
    pub seed: u64,
    /// First day.
    pub from: Date,
    /// First day after the last.
    pub to: Date,
}

impl Default for Config {
    /// A hundred thousand messages from January up to and including September 2020.
    fn default() -> Self {
        Self { messages: 100_000, seed: 1, from: Date::constant(2020, 1, 1), to: Date::constant(2020, 10, 1) }
    }
}
