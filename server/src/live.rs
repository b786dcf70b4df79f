//! Keeping the index level with the store: loads it at the start, then asks once a second whether there is more.
//!
//! The store is the truth. Whoever writes to it — this process, an import in another — the index follows the same way. Decisions
//! are laid over what the store holds as read: one rule for the mentions of yesterday and of tomorrow.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use activity::{Coverage, Index, PhraseKey, Regions, Row, Standing, Verdict};
use model::Decisions;
use store::{CaseRow, IndexRow, Store};

use crate::state::{App, Live};

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
    verdict: Verdict,
    /// Number of the place read: where they go back to when it is undone.
    read_place_no: u32,
}

/// Builds the index from everything in the store.
///
/// # Errors
/// When the store fails, or holds more than the index can.
pub(crate) async fn load(store: &Arc<dyn Store>, regions: &Arc<Regions>) -> anyhow::Result<Live> {
    let rewritten = store.rewritten().await?;
    follow(store, &empty(regions, rewritten)).await
}

fn empty(regions: &Arc<Regions>, rewritten: u64) -> Live {
    Live {
        index: Index::new(Arc::clone(regions)),
        cases: Vec::new(),
        sources: Vec::new(),
        totals: store::Totals::default(),
        mentions: 0,
        decisions: Arc::default(),
        rulings: HashMap::new(),
        data_version: 0,
        last_mention: 0,
        last_shared: 0,
        last_place: None,
        rewritten,
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
    let mut index = append(store, &before.index, &mut last_place, &[]).await?;
    let rulings = rulings(&decisions, &cases, &phrases, &index);
    index = index.ruled(&changed(&before.rulings, &rulings))?;
    let mut last_mention = before.last_mention;
    loop {
        let rows = store.index_rows(last_mention, CHUNK).await?;
        let Some(last) = rows.last() else { break };
        last_mention = last.mention_no;
        let rows: Vec<_> = rows.iter().map(|row| with_ruling(row, &rulings)).collect();
        index = append(store, &index, &mut last_place, &rows).await?;
    }
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
    Ok(Live {
        mentions: index.placed(),
        index: index.with_coverage(&coverage),
        cases,
        sources: store.sources().await?,
        totals: store.totals().await?,
        decisions: Arc::new(decisions),
        rulings,
        data_version,
        last_mention,
        last_shared,
        last_place,
        rewritten: before.rewritten,
    })
}

/// The index with these rows and all places that came in until now.
async fn append(
    store: &Arc<dyn Store>,
    index: &Index,
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

/// Follows the store until the server stops.
pub(crate) async fn keep_level(app: Arc<App>) {
    let mut failing = false;
    let mut rest = POLL;
    loop {
        tokio::time::sleep(rest).await;
        let begun = Instant::now();
        match refresh(&app).await {
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
