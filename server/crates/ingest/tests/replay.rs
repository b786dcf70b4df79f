//! The seeds of the fuzz corpus, as they are and mutated in some thousand ways each: cut off, bytes changed, pieces put in from
//! elsewhere. Nothing may panic or hang, positions only grow, and an import that was cut off goes on exactly where it was.
//!
//! The mutations come from a generator with a fixed seed, so a failure is the same every time; it names seed and number.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use ingest::{Format, Found, Item, Options, Reader, Source, find, open_source};
use tempfile::NamedTempFile;

/// Mutations of one seed. Those of databases and workbooks cost a hundred times those of texts. `REPLAY_TIMES=20` makes as many
/// times more.
const MUTATIONS: usize = 3_000;
const COSTLY_MUTATIONS: usize = 600;

/// Numbers from a fixed start (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn seeds() -> Vec<(String, PathBuf, Vec<u8>)> {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut seeds = Vec::new();
    for folder in fs::read_dir(corpus).unwrap() {
        let folder = folder.unwrap().path();
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let content = fs::read(&path).unwrap();
            seeds.push((folder.file_name().unwrap().to_string_lossy().into_owned(), path, content));
        }
    }
    seeds.sort();
    seeds
}

fn options(folder: &str) -> Options {
    let format = if folder == "text" { Format::Text } else { Format::Auto };
    Options { format, max_line_bytes: 4096, stated_time: Some(0), ..Options::default() }
}

fn sources(path: &Path) -> Vec<Source> {
    let found = find(path).unwrap();
    found
        .into_iter()
        .filter_map(|found| match found {
            Found::Source(source) => Some(source),
            Found::PassedOver { .. } => None,
        })
        .collect()
}

/// Reads to the end; positions must grow with every item.
fn read(source: &Source, options: &Options) -> Option<Vec<Item>> {
    let mut reader = open_source(source, options).ok()?;
    let mut items = Vec::new();
    let mut last = Reader::position(&reader).offset;
    while let Some(item) = reader.next() {
        let offset = Reader::position(&reader).offset;
        items.push(item.unwrap());
        assert!(offset > last, "the position stands still after item {}", items.len());
        last = offset;
    }
    Some(items)
}

fn mutate(seed: &[u8], others: &[(String, PathBuf, Vec<u8>)], dice: &mut Dice) -> Vec<u8> {
    let mut content = seed.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(content.len() + 1).min(content.len());
        match dice.below(6) {
            0 => content.truncate(at),
            1 | 2 => {
                if let Some(byte) = content.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
            3 => {
                let byte = b"\0\"\n{}[]<>&;,:'/\xFF"[dice.below(16)];
                content.insert(at, byte);
            }
            4 => {
                let end = (at + dice.below(40)).min(content.len());
                content.drain(at..end);
            }
            _ => {
                let (_, _, other) = &others[dice.below(others.len())];
                let from = dice.below(other.len());
                let to = (from + dice.below(80)).min(other.len());
                content.splice(at..at, other[from..to].iter().copied());
            }
        }
    }
    content
}

#[test]
fn every_seed_is_read_as_its_format_and_carried_on_from_everywhere() {
    let seeds = seeds();
    // Every format has its seeds, and a target by its name.
    let targets = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).unwrap();
    for name in Format::names().filter(|name| *name != "auto") {
        assert!(seeds.iter().any(|(folder, ..)| folder == name), "no seed of {name}");
        assert!(targets.contains(&format!("name = \"{name}\"")), "no target for {name}");
    }
    for (folder, path, _) in &seeds {
        let options = options(folder);
        let mut messages = 0;
        for source in sources(path) {
            let Some(whole) = read(&source, &options) else { panic!("{}: not read", path.display()) };
            if Format::names().any(|name| name == folder) {
                let reader = open_source(&source, &options).unwrap();
                assert_eq!(reader.description().format.as_str(), folder, "{}", path.display());
            }
            messages += whole.iter().filter(|item| matches!(item, Item::Message(_))).count();
            carry_on(&source, &options, &whole);
        }
        assert!(messages > 0, "{}: no messages", path.display());
    }
}

/// Cut off after every item, the rest is the same.
fn carry_on(source: &Source, options: &Options, whole: &[Item]) {
    for taken in 0..=whole.len() {
        let mut first = open_source(source, options).unwrap();
        let mut items: Vec<Item> = first.by_ref().take(taken).map(Result::unwrap).collect();
        let resume = Some(Reader::position(&first));
        let resumed = Options { resume, ..options.clone() };
        items.extend(open_source(source, &resumed).unwrap().map(Result::unwrap));
        assert_eq!(items, whole, "{} after {taken}", source.name().display());
    }
}

#[test]
fn no_mutation_of_a_seed_panics_hangs_or_loses_its_place() {
    let seeds = seeds();
    let mut file = NamedTempFile::new().unwrap();
    for (folder, path, seed) in &seeds {
        let mut dice = Dice(0x5EED_0000_0000_0001 ^ seed.len() as u64);
        let is_costly = matches!(folder.as_str(), "sqlite" | "xlsx" | "zip" | "parquet");
        let times: usize = std::env::var("REPLAY_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
        for number in 0..times * if is_costly { COSTLY_MUTATIONS } else { MUTATIONS } {
            let content = mutate(seed, &seeds, &mut dice);
            file.as_file_mut().set_len(0).unwrap();
            std::io::Seek::rewind(file.as_file_mut()).unwrap();
            file.write_all(&content).unwrap();
            let outcome = std::panic::catch_unwind(|| {
                for source in sources(file.path()) {
                    let options = options(folder);
                    if let Some(items) = read(&source, &options).filter(|_| number % 50 == 0) {
                        carry_on(&source, &options, &items);
                    }
                }
            });
            assert!(outcome.is_ok(), "{} mutated, number {number}", path.display());
        }
    }
}
