//! The crash drill: imports of every format are killed (SIGKILL) at moments spread over their whole length, again and again, until
//! one ends. What is in the store then is what a run that nobody disturbed leaves; in between no batch is half there.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tests::binary;

use crate::stored::{assert_same, rows, standing};
use crate::written::{KINDS, Kind, Said, said};

/// Messages of a file, in so many transactions.
const MESSAGES: u64 = 12_000;
const BATCH: &str = "300";
/// Kills of each kind that hit an import whose job had begun and was not done.
const KILLS: usize = 11;
/// Kills of all kinds together, at least.
const ALL_KILLS: usize = 200;
/// Runs after which a kind is given up: kills that come too early or too late do not count.
const MOST_RUNS: usize = 20 * KILLS;

/// Moments from a fixed start (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    /// From 0 up to 1.
    fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn import(data: &Path, file: &Path, kind: &Kind) -> Child {
    Command::new(binary())
        .arg("--data")
        .arg(data)
        .args(["import", "--batch", BATCH, file.to_str().unwrap()])
        .args(kind.arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A run that nobody disturbs: what it leaves, when it began to write, and when it ended.
fn clean(file: &Path, kind: &Kind) -> (Vec<String>, Duration, Duration) {
    let data = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let mut child = import(data.path(), file, kind);
    while !data.path().join("speurkaart.sqlite").exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let began_to_write = begun.elapsed();
    assert!(child.wait().unwrap().success(), "{}", kind.name);
    (rows(data.path()), began_to_write, begun.elapsed())
}

/// Kills imports of this kind until [`KILLS`] have hit; how many of these found messages stored already.
fn drill(kind: &Kind, said: &[Said], dice: &mut Dice) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let file = kind.write(folder.path(), said);
    let (clean, from, to) = clean(&file, kind);
    for what in ["message|", "mention|", "rejected|", "day|"] {
        assert!(clean.iter().any(|row| row.starts_with(what)), "{}: nothing of {what}", kind.name);
    }
    let (mut hits, mut amid, mut ended) = (0, 0, 0);
    let mut data = tempfile::tempdir().unwrap();
    for _ in 0..MOST_RUNS {
        if hits >= KILLS && ended > 0 {
            break;
        }
        let mut child = import(data.path(), &file, kind);
        // Once enough have hit, the last one is left alone.
        if hits < KILLS {
            std::thread::sleep(from + to.saturating_sub(from).mul_f64(dice.share()));
            let _ = child.kill();
        }
        let status = child.wait().unwrap();
        // A kill after the job was done comes too late, and the run counts as one that ended.
        let standing = if status.success() { None } else { standing(data.path()) };
        let is_done = standing.as_ref().map_or(status.success(), |standing| !standing.is_running);
        if is_done {
            ended += 1;
            assert_same(&clean, &rows(data.path()), kind.name);
            data = tempfile::tempdir().unwrap();
        } else {
            assert_eq!(status.signal(), Some(9), "{}: {status}", kind.name);
            ended = 0;
        }
        if let Some(standing) = standing.filter(|standing| standing.is_running) {
            hits += 1;
            amid += usize::from(standing.messages > 0);
        }
    }
    assert!(hits >= KILLS && ended > 0, "{}: {hits} kills hit", kind.name);
    eprintln!("{}: {hits} kills, {amid} of them with messages stored, of {} rows", kind.name, clean.len());
    amid
}

#[test]
fn killed_at_any_moment_every_format_ends_as_if_nobody_had() {
    let said = said(MESSAGES);
    let (next, amid) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((number, kind)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, KINDS.get(at)?)))
                {
                    let mut dice = Dice(0x0D12_1110 + 7919 * number as u64);
                    amid.fetch_add(drill(kind, &said, &mut dice), Ordering::Relaxed);
                }
            });
        }
    });
    const { assert!(KILLS * KINDS.len() >= ALL_KILLS) };
    let amid = amid.into_inner();
    assert!(amid * 2 > ALL_KILLS, "only {amid} kills came between the first batch and the last");
}
