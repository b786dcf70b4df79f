//! The team's own tables in the data directory: nicknames of places, topics. What is wrong in them is told and left out, what is risky is
//! told and kept.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, bail};
use geoparse::{Gazetteer, Lexicon, TopicLexicon, Wordiness, fold_name};

use super::{LEXICON, TOPICS, files_ending};
use crate::shipped;

/// How many of a million words a word is, for those that are met.
struct Frequencies(HashMap<String, f32>);

impl Frequencies {
    fn load() -> anyhow::Result<Self> {
        let table = shipped::gunzip(shipped::WORD_FREQUENCY)?;
        let row = |line: &str| {
            let (word, per_million) = line.split_once('\t')?;
            Some((word.to_owned(), per_million.parse().ok()?))
        };
        Ok(Self(table.lines().filter_map(row).collect()))
    }

    fn of(&self, folded: &str) -> Option<f32> {
        self.0.get(folded).copied()
    }
}

/// Adds the team's nicknames to the lexicon. One that is an ordinary word counts only where the context speaks for a place.
///
/// # Errors
/// When a file does not read.
pub(super) fn add_nicknames(data: &Path, lexicon: &mut Lexicon, gazetteer: &Gazetteer) -> anyhow::Result<()> {
    let files = files_ending(&data.join(LEXICON), ".tsv")?;
    if files.is_empty() {
        return Ok(());
    }
    let frequencies = Frequencies::load()?;
    for file in files {
        let name = file.display().to_string();
        let text = std::fs::read(&file).with_context(|| format!("{name}: cannot be read"))?;
        for error in lexicon.add_nicknames(&text[..]).with_context(|| name.clone())? {
            tracing::warn!(file = name, %error, "a row of the team's lexicon is left out");
        }
        // Checked by itself, so that warnings speak of this file alone.
        let mut own = Lexicon::new();
        own.add_nicknames(&text[..]).with_context(|| name.clone())?;
        for place in own.nickname_places().filter(|place| gazetteer.by_id(place).is_none()) {
            tracing::warn!(
                file = name,
                place,
                "an entry of the team's lexicon names no place of the gazetteer: see `gazetteer lookup`"
            );
        }
        for word in own.nickname_forms() {
            let per_million = frequencies.of(word);
            if per_million.is_none() && !lexicon.is_ordinary(word) {
                continue;
            }
            tracing::warn!(
                file = name,
                word,
                per_million,
                "an entry of the team's lexicon is an ordinary word too: it counts where the context speaks for a place"
            );
            // Whoever gave it to a place means that where a place is to be expected.
            lexicon.add_ordinary(word, Wordiness::Rare);
        }
    }
    Ok(())
}

/// Adds the team's topics, which go over the shipped ones.
///
/// # Errors
/// When a file does not read, or is called what a topic cannot be.
pub(super) fn add_topics(data: &Path, topics: &mut TopicLexicon) -> anyhow::Result<()> {
    for file in files_ending(&data.join(TOPICS), ".tsv")? {
        let name = file.display().to_string();
        let id = file.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            bail!("{name}: a topic is called by the name of its file, in letters, digits, - and _");
        }
        let opened = File::open(&file).with_context(|| format!("{name}: cannot be read"))?;
        for error in topics.add(&id, opened).with_context(|| name.clone())? {
            tracing::warn!(file = name, %error, "a row of the team's topics is left out");
        }
    }
    Ok(())
}

/// Warns of strong words of topics that are ordinary words.
pub(super) fn warn_of_ordinary(topics: &TopicLexicon, lexicon: &Lexicon) -> anyhow::Result<()> {
    let ordinary: Vec<_> = topics.ordinary(lexicon).collect();
    if ordinary.is_empty() {
        return Ok(());
    }
    let frequencies = Frequencies::load()?;
    for (topic, term) in ordinary {
        tracing::warn!(
            topic = topic.id(),
            word = term.text,
            per_million = frequencies.of(&fold_name(&term.text)),
            "a strong word of a topic is an ordinary word too: as weak it would count beside another one only"
        );
    }
    Ok(())
}
