//! The index on disk, so that a server answers within seconds of its start: written after loads and at shutdown, believed only
//! where it agrees with the store.
//!
//! The store stays the truth. A snapshot is used when all of this holds, and otherwise the index is built from the store:
//! its checksum fits its bytes; the store names that very checksum (so a store brought back from a copy, or a file from elsewhere,
//! is noticed); no mention was rewritten since; the store's data are no older; and the store's own rows, counted now, come to the
//! same number of mentions and the same sum of message numbers.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use activity::{Index, PhraseKey, Regions, Standing, Verdict};
use anyhow::Context;
use store::Store;

use crate::live::{Ruling, empty};
use crate::state::{Live, Saved};

/// Name of the file within the data directory.
const FILE_NAME: &str = "index.snapshot";
/// Changes with every change of what stands before the index.
const MAGIC: &[u8; 8] = b"SKINDEX1";
/// Setting that holds the checksum of the snapshot that belongs to the store.
const SETTING: &str = "index_snapshot";
const HASH_BYTES: usize = blake3::OUT_LEN;

/// Writes what is loaded; then makes the store name it.
///
/// # Errors
/// When the directory or the store cannot be written. What was there before may then be refused at the next start.
pub(crate) async fn save(store: &Arc<dyn Store>, data: &Path, live: &Arc<Live>) -> anyhow::Result<()> {
    let (path, live) = (data.join(FILE_NAME), Arc::clone(live));
    let hash = tokio::task::spawn_blocking(move || write(&path, &live)).await?.context("index snapshot")?;
    store.set_setting(SETTING, Some(&hash.to_hex())).await?;
    Ok(())
}

/// What the snapshot holds, without coverage; `None`, and a line in the log, when there is none that agrees with the store.
///
/// # Errors
/// When the store fails.
pub(crate) async fn load(store: &Arc<dyn Store>, regions: &Arc<Regions>, data: &Path) -> anyhow::Result<Option<Live>> {
    let path = data.join(FILE_NAME);
    if !path.is_file() {
        return Ok(None);
    }
    let places = store.places(None).await?;
    let regions = Arc::clone(regions);
    let opened = tokio::task::spawn_blocking(move || {
        let mapped = mapped::open(&path).ok()?;
        read(mapped.as_ref(), regions, places)
    });
    let why = match opened.await? {
        None => "it is damaged or of another version",
        Some((live, hash)) => match disagreement(store, &live, &hash).await? {
            Some(why) => why,
            None => return Ok(Some(live)),
        },
    };
    tracing::info!(why, "the snapshot of the index is not used; the index is built from the store");
    Ok(None)
}

/// In what the store contradicts the snapshot.
async fn disagreement(
    store: &Arc<dyn Store>,
    live: &Live,
    hash: &blake3::Hash,
) -> anyhow::Result<Option<&'static str>> {
    if store.setting(SETTING).await?.as_deref() != Some(hash.to_hex().as_str()) {
        return Ok(Some("the store names another one"));
    }
    if store.rewritten().await? != live.rewritten {
        return Ok(Some("mentions were rewritten since"));
    }
    if store.data_version().await? < live.data_version {
        return Ok(Some("the store is older"));
    }
    if store.mention_sums(live.last_mention).await? != live.index.sums() {
        return Ok(Some("the store holds other mentions"));
    }
    Ok(None)
}

/// Writes under another name, syncs, renames; returns the checksum.
fn write(path: &Path, live: &Live) -> io::Result<blake3::Hash> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let file = tempfile::Builder::new().prefix(FILE_NAME).tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(1 << 20, Hashing { file: file.as_file(), hasher: blake3::Hasher::new() });
    write_head(live, &mut out)?;
    live.index.write_snapshot(&mut out)?;
    let hash = out.into_inner().map_err(io::IntoInnerError::into_error)?.hasher.finalize();
    file.as_file().write_all(hash.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(hash)
}

/// A file and the hash of what goes into it.
struct Hashing<'f> {
    file: &'f File,
    hasher: blake3::Hasher,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn write_head(live: &Live, out: &mut impl Write) -> io::Result<()> {
    out.write_all(MAGIC)?;
    for number in [live.data_version, live.rewritten, live.last_mention, live.rulings.len() as u64] {
        out.write_all(&number.to_le_bytes())?;
    }
    for ((case_no, phrase_no), ruling) in &live.rulings {
        out.write_all(&case_no.to_le_bytes())?;
        out.write_all(&phrase_no.to_le_bytes())?;
        out.write_all(&ruling.decision.to_le_bytes())?;
        out.write_all(&ruling.verdict.place_no.to_le_bytes())?;
        out.write_all(&[u8::from(ruling.verdict.standing == Standing::Placed)])?;
        out.write_all(&ruling.read_place_no.to_le_bytes())?;
    }
    Ok(())
}

/// What these bytes hold, and their checksum; `None` when anything about them is not as it was written.
fn read(bytes: &[u8], regions: Arc<Regions>, places: Vec<(u32, model::Place)>) -> Option<(Live, blake3::Hash)> {
    let (content, hash) = bytes.split_last_chunk::<HASH_BYTES>()?;
    let hash = blake3::Hash::from_bytes(*hash);
    if blake3::hash(content) != hash {
        return None;
    }
    let mut head = Head(content);
    if head.take::<8>()? != *MAGIC {
        return None;
    }
    let mut live = empty(&regions, 0);
    live.data_version = u64::from_le_bytes(head.take()?);
    live.rewritten = u64::from_le_bytes(head.take()?);
    live.last_mention = u64::from_le_bytes(head.take()?);
    live.rulings = rulings(&mut head)?;
    live.last_place = places.last().map(|(place_no, _)| *place_no);
    live.index = Index::read_snapshot(head.0, regions, places)?;
    live.saved = Saved { data_version: live.data_version, mentions: live.index.len() };
    Some((live, hash))
}

fn rulings(head: &mut Head<'_>) -> Option<HashMap<PhraseKey, Ruling>> {
    let count = u64::from_le_bytes(head.take()?);
    let mut rulings = HashMap::new();
    for _ in 0..count {
        let key = (u16::from_le_bytes(head.take()?), u32::from_le_bytes(head.take()?));
        let decision = u64::from_le_bytes(head.take()?);
        let place_no = u32::from_le_bytes(head.take()?);
        let standing = if head.take::<1>()? == [1] { Standing::Placed } else { Standing::Out };
        let read_place_no = u32::from_le_bytes(head.take()?);
        rulings.insert(key, Ruling { decision, verdict: Verdict { place_no, standing }, read_place_no });
    }
    Some(rulings)
}

/// What is still to be read.
struct Head<'a>(&'a [u8]);

impl Head<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}
