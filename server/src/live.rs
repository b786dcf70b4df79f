//! Keeping the index level with the store: loads it at the start, then asks once a second whether there is more.
//!
//! The store is the truth. Whoever writes to it — this process, an import in another — the index follows the same way. Decisions
//! are laid over what the store holds as read: one rule for the mentions of yesterday and of tomorrow.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use activity::{ConversationSpan, Coverage, Index, PhraseKey, Regions, Row, Standing, Verdict};
use model::Decisions;
use store::{CaseRow, IndexRow, Store};

use crate::pipeline::TEXT_STEP;
use crate::snapshot;
use crate::state::{App, Live, Saved};
use crate::turns::apart;

/// Mentions read from the store at once.
const CHUNK: u32 = 100_000;
const POLL: Duration = Duration::from_secs(1);
/// Bringing the index level takes at most a quarter of the time, even while `regeoparse` makes it be built anew over and over.
const REST: u32 = 3;

/// The decision that speaks for the mentions of a phrase in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ruling {
    /// Number of the decision.
    pub(crate) decision: u64,
    /// What it makes of the mentions.
    pub(crate) verdict: Verdict,
    /// Number of the place read: where they go back to when it is undone.
    pub(crate) read_place_no: u32,
}

/// The index of everything in the store: from the snapshot in the data directory with what came in since, or from nothing.
///
/// # Errors
/// When the store fails, or holds more than the index can.
pub(crate) async fn load(store: &Arc<dyn Store>, regions: &Arc<Regions>, data: &Path) -> anyhow::Result<Live> {
    let before = match snapshot::load(store, regions, data).await? {
        Some(before) => before,
        None => empty(regions, store.rewritten().await?),
    };
    follow(store, &before).await
}

/// Brings the snapshot level with the store after a load by a process that serves nothing, so that the next server starts at once.
///
/// # Errors
/// When the store or the data directory fails.
pub(crate) async fn save_after_load(store: &Arc<dyn Store>, regions: &Arc<Regions>, data: &Path) -> anyhow::Result<()> {
    let live = load(store, regions, data).await?;
    if live.index.len().abs_diff(live.saved.mentions) >= WORTH_SAVING {
        let live = Live { index: live.index.compacted(), ..live };
        snapshot::save(store, data, &Arc::new(live)).await?;
    }
    Ok(())
}

/// What is known before anything was read.
pub(crate) fn empty(regions: &Arc<Regions>, rewritten: u64) -> Live {
    Live {
        index: Index::new(Arc::clone(regions)),
        cases: Vec::new(),
        sources: Vec::new(),
        topics: Vec::new(),
        totals: store::Totals::default(),
        mentions: 0,
        decisions: Arc::default(),
        rulings: HashMap::new(),
        data_version: 0,
        last_mention: 0,
        last_shared: 0,
        last_span: 0,
        last_place: None,
        rewritten,
        saved: Saved::default(),
        areas: Arc::default(),
        hits: Arc::default(),
    }
}

/// What `before` becomes with everything that came in since.
async fn follow(store: &Arc<dyn Store>, before: &Live) -> anyhow::Result<Live> {
    // The version first: what arrives while we read is read again next time rather than missed.
    let data_version = store.data_version().await?;
    let decisions = Decisions::new(store.decisions().await?);
    let cases = store.cases().await?;
    let words: Vec<&str> = decisions.words().collect();
    let phrases = store.phrases(&words).await?;
    // Places after what names them.
    let mut last_place = before.last_place;
    let mut index = append(store, before.index.clone(), &mut last_place, &[]).await?;
    let rulings = rulings(&decisions, &cases, &phrases, &index);
    index = index.ruled(&changed(&before.rulings, &rulings))?;
    // Before the mentions: what is told of messages, their mentions are on the map.
    let (sources, totals) = (store.sources().await?, store.totals().await?);
    let mut last_mention = before.last_mention;
    loop {
        let rows = store.index_rows(last_mention, CHUNK).await?;
        let Some(last) = rows.last() else { break };
        last_mention = last.mention_no;
        let rows: Vec<_> = rows.iter().map(|row| with_ruling(row, &rulings)).collect();
        index = append(store, index, &mut last_place, &rows).await?;
    }
    // After the mentions whose bits it explains.
    let topics = store.topics().await?;
    let mut last_shared = before.last_shared;
    loop {
        let rows = store.shared_messages(last_shared, CHUNK).await?;
        let Some(last) = rows.last() else { break };
        last_shared = last.shared_no;
        let rows: Vec<_> = rows.iter().map(|row| (row.message_no, row.source_no)).collect();
        index = index.with_shared(&rows)?;
    }
    let coverage: Vec<_> = store
        .coverage()
        .await?
        .into_iter()
        .map(|c| Coverage {
            case_no: c.case_no,
            source_no: c.source_no,
            day: c.day,
            messages: c.messages,
            shared: c.shared,
        })
        .collect();
    let changed = store.conversation_spans(before.last_span).await?;
    let last_span = changed.iter().map(|span| span.upto).fold(before.last_span, u64::max);
    let spans: Vec<_> = changed
        .into_iter()
        .map(|s| ConversationSpan {
            conversation_no: s.conversation_no,
            first_ms: s.first_ms,
            last_ms: s.last_ms,
            messages: s.messages,
        })
        .collect();
    Ok(Live {
        mentions: index.placed(),
        index: index.with_coverage(&coverage).with_conversations(&spans),
        cases,
        sources,
        topics,
        totals,
        decisions: Arc::new(decisions),
        rulings,
        data_version,
        last_mention,
        last_shared,
        last_span,
        last_place,
        rewritten: before.rewritten,
        saved: before.saved,
        areas: Arc::default(),
        hits: Arc::default(),
    })
}

/// The index with these rows and all places that came in until now.
async fn append(
    store: &Arc<dyn Store>,
    index: Index,
    last_place: &mut Option<u32>,
    rows: &[Row],
) -> anyhow::Result<Index> {
    let places = store.places(*last_place).await?;
    *last_place = places.last().map(|(place_no, _)| *place_no).or(*last_place);
    Ok(index.append(places, rows)?)
}

fn with_ruling(row: &IndexRow, rulings: &HashMap<PhraseKey, Ruling>) -> Row {
    let verdict = rulings.get(&(row.case_no, row.phrase_no)).map(|ruling| ruling.verdict);
    Row {
        place_no: verdict.map_or(row.place_no, |verdict| verdict.place_no),
        sent_at_ms: row.sent_at_ms,
        message_no: row.message_no,
        conversation_no: row.conversation_no,
        sender_no: row.sender_no,
        case_no: row.case_no,
        source_no: row.source_no,
        confidence: row.confidence,
        phrase_no: row.phrase_no,
        uncertain: row.uncertain,
        topics: row.topics,
        standing: verdict.map_or(Standing::AsRead, |verdict| verdict.standing),
    }
}

/// Which decision speaks for which of these phrases, in every case.
fn rulings(
    decisions: &Decisions,
    cases: &[CaseRow],
    phrases: &[store::PhraseRow],
    index: &Index,
) -> HashMap<PhraseKey, Ruling> {
    let mut rulings = HashMap::new();
    for phrase in phrases {
        for case in cases {
            let Some(decision) = decisions.ruling(case.case_no, &phrase.words, &phrase.signs, &phrase.place) else {
                continue;
            };
            let chosen = decision.place.as_ref().and_then(|place| index.place(&place.id));
            let verdict = Verdict {
                place_no: chosen.map_or(phrase.place_no, |(place_no, _)| place_no),
                standing: if decision.action.places() { Standing::Placed } else { Standing::Out },
            };
            let ruling = Ruling { decision: decision.number, verdict, read_place_no: phrase.place_no };
            rulings.insert((case.case_no, phrase.phrase_no), ruling);
        }
    }
    rulings
}

/// What has to change in the index between two states of decisions.
fn changed(before: &HashMap<PhraseKey, Ruling>, now: &HashMap<PhraseKey, Ruling>) -> HashMap<PhraseKey, Verdict> {
    let gone = before
        .iter()
        .filter(|(key, _)| !now.contains_key(key))
        .map(|(key, ruling)| (*key, Verdict { place_no: ruling.read_place_no, standing: Standing::AsRead }));
    let new = now.iter().filter(|(key, ruling)| before.get(key).map(|old| old.verdict) != Some(ruling.verdict));
    gone.chain(new.map(|(key, ruling)| (*key, ruling.verdict))).collect()
}

/// Brings the index level with the store, now.
///
/// # Errors
/// When the store fails, or holds more than the index can.
pub(crate) async fn refresh(app: &App) -> anyhow::Result<()> {
    let _one_at_a_time = app.following.lock().await;
    let before = app.live();
    if app.store.data_version().await? == before.data_version {
        return Ok(());
    }
    let rewritten = app.store.rewritten().await?;
    // Mentions that changed in place are not told from the others: everything is read anew.
    let live = if rewritten == before.rewritten {
        follow(&app.store, &before).await?
    } else {
        follow(&app.store, &empty(&app.regions, rewritten)).await?
    };
    app.live.store(Arc::new(live));
    Ok(())
}

/// Mentions that came in since the last snapshot and make it worth another one, before the server stops.
const WORTH_SAVING: usize = 50_000;
/// Looks at the store in a row that find nothing new: then whoever was loading is done.
const CALM: u32 = 5;

/// Follows the store until the server stops. Where the store has been calm for a while, does what large loads leave to be done:
/// the full text, and a snapshot of the index.
pub(crate) async fn keep_level(app: Arc<App>) {
    let mut failing = false;
    let mut rest = POLL;
    let (mut version, mut calm) = (app.live().data_version, CALM);
    loop {
        tokio::time::sleep(rest).await;
        let begun = Instant::now();
        let mut result = refresh(&app).await;
        let live = app.live();
        calm = if live.data_version == version { calm.saturating_add(1) } else { 0 };
        version = live.data_version;
        if calm >= CALM && result.is_ok() {
            result = after_load(&app, &live).await;
        }
        match result {
            Ok(()) => failing = false,
            // Said once, not every second; /health/ready says it for as long as it lasts.
            Err(error) if !failing => {
                failing = true;
                tracing::error!(cause = %error, "the index cannot follow the store");
            }
            Err(_) => {}
        }
        rest = POLL.max(begun.elapsed() * REST);
    }
}

async fn after_load(app: &App, live: &Arc<Live>) -> anyhow::Result<()> {
    if app.store.catch_up(TEXT_STEP).await? > 0 {
        return Ok(());
    }
    let saved = saved(app).mentions;
    if live.index.len().abs_diff(saved) >= WORTH_SAVING {
        save(app, &compacted(app, live).await).await?;
    }
    Ok(())
}

/// The same data in an index that is counted faster; shown from now on, unless others came in meanwhile.
async fn compacted(app: &App, live: &Arc<Live>) -> Arc<Live> {
    let _one_at_a_time = app.following.lock().await;
    let index = apart(|| live.index.compacted());
    let compacted = Arc::new(Live { index, ..live.as_ref().clone() });
    if Arc::ptr_eq(&app.live(), live) {
        app.live.store(Arc::clone(&compacted));
    }
    compacted
}

/// Writes a snapshot of what is loaded, unless the one on disk is of the same data.
///
/// # Errors
/// When the directory or the store cannot be written.
pub(crate) async fn save(app: &App, live: &Arc<Live>) -> anyhow::Result<()> {
    let now = Saved { data_version: live.data_version, mentions: live.index.len() };
    if saved(app) != now {
        snapshot::save(&app.store, &app.config.data, live).await?;
        *app.saved.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
    Ok(())
}

fn saved(app: &App) -> Saved {
    *app.saved.lock().unwrap_or_else(PoisonError::into_inner)
}
