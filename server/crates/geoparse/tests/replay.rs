//! The seeds of the fuzz target, and thousands of texts made from them by cutting, joining and flipping, read without harm.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod invariants;
mod shipped;

use invariants::check;

/// Texts made from each seed.
const MUTATIONS: usize = 400;

/// A sequence that is the same on each run (xorshift64, Marsaglia 2003).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

fn mutated(seeds: &[Vec<u8>], seed: usize, dice: &mut Sequence) -> Vec<u8> {
    let mut bytes = seeds[seed].clone();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            2 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(40)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            3 => {
                let to = (at + dice.below(20)).min(bytes.len());
                bytes.drain(at..to);
            }
            _ => {
                let to = (at + dice.below(12)).min(bytes.len());
                let piece = bytes[at..to].repeat(1 + dice.below(6));
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

#[test]
fn seeds_and_what_is_made_from_them_are_read_without_harm() {
    let geoparser = shipped::geoparser();
    let folder = shipped::root().join("server/crates/geoparse/fuzz/corpus/text");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let seeds: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    assert!(seeds.len() >= 12, "{} seeds", seeds.len());
    let mut dice = Sequence(0x5EED);
    for seed in 0..seeds.len() {
        for bytes in std::iter::once(seeds[seed].clone())
            .chain((0..MUTATIONS).map(|_| mutated(&seeds, seed, &mut dice)).collect::<Vec<_>>())
        {
            let text = String::from_utf8_lossy(&bytes);
            check(&text, &geoparser.mentions(&text));
        }
    }
}
