//! The index on disk, so that a server answers within seconds of its start: written after loads and at shutdown, believed only
//! where it agrees with the store.
//!
//! The store stays the truth. A snapshot is used when all of this holds, and otherwise the index is built from the store:
//! its checksum fits its bytes; the store names that very checksum (so a store brought back from a copy, or a file from elsewhere,
//! is noticed); no mention was rewritten since; the store's data are no older; and the store's own rows, counted now, come to the
//! same number of mentions and the same sum of message numbers.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
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
    let Some(last_mention) = last_mention(&path) else { return Ok(None) };
    let regions = Arc::clone(regions);
    let opened = async {
        let places = store.places(None).await?;
        let read = tokio::task::spawn_blocking(move || {
            let mapped = mapped::open(&path).ok()?;
            read(mapped.as_ref(), regions, places)
        });
        anyhow::Ok(read.await?)
    };
    // The store counts its rows beside the reading of ours: each takes a second where the disk is cold.
    let sums = async { Ok(store.mention_sums(last_mention).await?) };
    let (opened, sums) = tokio::try_join!(opened, sums)?;
    let why = match opened {
        None => "it is damaged or of another version",
        Some((live, hash)) => match disagreement(store, &live, &hash, (last_mention, sums)).await? {
            Some(why) => why,
            None => return Ok(Some(live)),
        },
    };
    tracing::info!(why, "the snapshot of the index is not used; the index is built from the store");
    Ok(None)
}

/// The last mention as the head of the file says it, unchecked: what the store is asked to count up to.
fn last_mention(path: &Path) -> Option<u64> {
    let mut head = [0; 32];
    File::open(path).ok()?.read_exact(&mut head).ok()?;
    head.last_chunk().map(|number| u64::from_le_bytes(*number))
}

/// In what the store contradicts the snapshot.
async fn disagreement(
    store: &Arc<dyn Store>,
    live: &Live,
    hash: &blake3::Hash,
    (upto, sums): (u64, (u64, u64)),
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
    if upto != live.last_mention || sums != live.index.sums() {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::path::PathBuf;

    use model::{Filter, Mention, Message, PlaceKind, Scope};
    use store::sqlite::SqliteStore;
    use store::{Batch, Claim, NewImport, ParsedMessage};

    use super::*;
    use crate::knowledge::Knowledge;
    use crate::live;

    fn said(number: i64) -> ParsedMessage {
        let place = model::Place {
            id: format!("nl/{}", number % 7),
            name: "Kerkenveld".into(),
            kind: PlaceKind::Locality,
            lon: 6.5,
            lat: 52.67,
            radius_m: 730,
            municipality: Some("De Wolden".into()),
            province: Some("Drenthe".into()),
            police_unit: None,
            country: Some("NL".into()),
            population: None,
        };
        let mention = Mention {
            start: 0,
            end: 10,
            text: "kerkenveld".into(),
            kind: PlaceKind::Locality,
            confidence: 0.8,
            accepted: true,
            place,
            alternatives: vec![],
            reasons: vec!["name".into()],
        };
        let message = Message {
            external_id: None,
            conversation: format!("groep {}", number % 5),
            sender: format!("pin {}", number % 11),
            sent_at_ms: 1_590_000_000_000 + number * 60_000,
            text: format!("kerkenveld {number}"),
            location: None,
        };
        ParsedMessage { message, mentions: vec![mention], topics: vec![] }
    }

    struct World {
        folder: tempfile::TempDir,
        store: Arc<dyn Store>,
        regions: Arc<Regions>,
    }

    impl World {
        async fn with(messages: i64) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
            let world = Self { folder, store, regions: Arc::new(Knowledge::regions().unwrap()) };
            world.import(0..messages).await;
            world
        }

        async fn import(&self, numbers: std::ops::Range<i64>) {
            let case_no = self.store.ensure_case("zaak").await.unwrap();
            let source_no = self.store.ensure_source(case_no, "bron", true).await.unwrap();
            let fingerprint = format!("{numbers:?}");
            let import = NewImport {
                source_no,
                file_name: "chat",
                fingerprint: &fingerprint,
                file_bytes: 1,
                format: "jsonl",
                reading: "",
                upload: None,
                made_by: None,
                now_ms: 1,
            };
            let claim = Claim { worker: "a".into(), now_ms: 1, until_ms: i64::MAX };
            let job = self.store.begin_import(import, &claim).await.unwrap();
            let batch = Batch {
                job_no: job.job_no,
                claim: Some(claim),
                case_no,
                source_no,
                messages: numbers.map(said).collect(),
                rejected: vec![],
                line: 1,
                offset: 1,
                done_bytes: 1,
                now_ms: 2,
            };
            self.store.commit_batch(batch).await.unwrap();
        }

        async fn live(&self) -> Live {
            live::load(&self.store, &self.regions, self.folder.path()).await.unwrap()
        }

        async fn opened(&self) -> Option<Live> {
            load(&self.store, &self.regions, self.folder.path()).await.unwrap()
        }

        async fn save(&self) {
            let live = Arc::new(self.live().await);
            save(&self.store, self.folder.path(), &live).await.unwrap();
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join(FILE_NAME)
        }
    }

    fn messages(live: &Live) -> u64 {
        live.index.query(&Filter { scope: Scope::All, ..Filter::default() }).totals().messages
    }

    #[tokio::test]
    async fn a_snapshot_is_used_and_what_came_in_since_is_added() {
        let world = World::with(40).await;
        assert!(world.opened().await.is_none());
        world.save().await;
        let opened = world.opened().await.unwrap();
        assert_eq!((messages(&opened), opened.index.len()), (40, 40));
        world.import(40..60).await;
        let live = world.live().await;
        assert_eq!((messages(&live), live.saved.mentions), (60, 40));
    }

    #[tokio::test]
    async fn no_flipped_bit_and_no_missing_byte_goes_unnoticed() {
        let world = World::with(12).await;
        world.save().await;
        let whole = std::fs::read(world.path()).unwrap();
        let places = || async { world.store.places(None).await.unwrap() };
        for at in 0..whole.len() * 8 {
            let mut broken = whole.clone();
            broken[at / 8] ^= 1 << (at % 8);
            assert!(read(&broken, Arc::clone(&world.regions), places().await).is_none(), "bit {at}");
        }
        for length in 0..whole.len() {
            assert!(read(&whole[..length], Arc::clone(&world.regions), places().await).is_none(), "{length} bytes");
        }
        std::fs::write(world.path(), &whole[..whole.len() / 2]).unwrap();
        assert!(world.opened().await.is_none());
        assert_eq!(messages(&world.live().await), 12, "it is built from the store then");
    }

    #[tokio::test]
    async fn bytes_that_are_wrong_in_spite_of_their_checksum_make_no_index() {
        let world = World::with(12).await;
        world.save().await;
        let whole = std::fs::read(world.path()).unwrap();
        let content = &whole[..whole.len() - HASH_BYTES];
        let places = world.store.places(None).await.unwrap();
        for at in 0..content.len() {
            let mut other = content.to_vec();
            other[at] = other[at].wrapping_add(0x55);
            other.extend_from_slice(blake3::hash(&other).as_bytes());
            // Whatever is let through can be asked.
            if let Some((live, _)) = read(&other, Arc::clone(&world.regions), places.clone()) {
                messages(&live);
            }
        }
    }

    #[tokio::test]
    async fn a_snapshot_of_another_store_or_another_time_is_refused() {
        let world = World::with(12).await;
        world.save().await;
        let first = std::fs::read(world.path()).unwrap();
        world.import(12..20).await;
        world.save().await;
        // An older one put back: the store names the newer.
        std::fs::write(world.path(), &first).unwrap();
        assert!(world.opened().await.is_none());
        world.save().await;
        assert!(world.opened().await.is_some());
        let other = World::with(12).await;
        std::fs::copy(world.path(), other.path()).unwrap();
        assert!(other.opened().await.is_none());
        // Even where the store names it, its rows must agree.
        let hash = other.store.setting(SETTING).await.unwrap();
        assert_eq!(hash, None);
        let named = world.store.setting(SETTING).await.unwrap();
        other.store.set_setting(SETTING, named.as_deref()).await.unwrap();
        assert!(other.opened().await.is_none());
    }
}
