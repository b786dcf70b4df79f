//! Keeping the index level with the store: loads it at the start, then asks once a second whether there is more.
//!
//! The store is the truth. Whoever writes to it — this process, an import in another — the index follows the same way.

use std::sync::Arc;
use std::time::Duration;

use activity::{Coverage, Index, Regions, Row};
use store::Store;

use crate::state::{App, Live};

/// Mentions read from the store at once.
const CHUNK: u32 = 100_000;
const POLL: Duration = Duration::from_secs(1);

/// Builds the index from everything in the store.
///
/// # Errors
/// When the store fails, or holds more than the index can.
pub(crate) async fn load(store: &Arc<dyn Store>, regions: &Arc<Regions>) -> anyhow::Result<Live> {
    let empty = Index::new(Arc::clone(regions));
    follow(
        store,
        &Live {
            index: empty,
            cases: Vec::new(),
            sources: Vec::new(),
            totals: store::Totals::default(),
            data_version: 0,
            last_mention: 0,
            last_place: None,
        },
    )
    .await
}

/// What `before` becomes with everything that came in since.
async fn follow(store: &Arc<dyn Store>, before: &Live) -> anyhow::Result<Live> {
    // The version first: what arrives while we read is read again next time rather than missed.
    let data_version = store.data_version().await?;
    let mut index = before.index.clone();
    let mut last_mention = before.last_mention;
    let mut last_place = before.last_place;
    loop {
        let rows = store.index_rows(last_mention, CHUNK).await?;
        let Some(last) = rows.last() else { break };
        last_mention = last.mention_no;
        let places = store.places(last_place).await?;
        last_place = places.last().map(|(place_no, _)| *place_no).or(last_place);
        let rows: Vec<_> = rows
            .iter()
            .map(|row| Row {
                place_no: row.place_no,
                sent_at_ms: row.sent_at_ms,
                message_no: row.message_no,
                conversation_no: row.conversation_no,
                sender_no: row.sender_no,
                case_no: row.case_no,
                source_no: row.source_no,
                confidence: row.confidence,
            })
            .collect();
        index = index.append(places, &rows)?;
    }
    let coverage: Vec<_> = store
        .coverage()
        .await?
        .into_iter()
        .map(|c| Coverage { case_no: c.case_no, source_no: c.source_no, day: c.day, messages: c.messages })
        .collect();
    Ok(Live {
        index: index.with_coverage(&coverage),
        cases: store.cases().await?,
        sources: store.sources().await?,
        totals: store.totals().await?,
        data_version,
        last_mention,
        last_place,
    })
}

/// Follows the store until the server stops.
pub(crate) async fn keep_level(app: Arc<App>) {
    let mut failing = false;
    loop {
        tokio::time::sleep(POLL).await;
        let before = app.live();
        let result = async {
            if app.store.data_version().await? != before.data_version {
                app.live.store(Arc::new(follow(&app.store, &before).await?));
            }
            anyhow::Ok(())
        }
        .await;
        match result {
            Ok(()) => failing = false,
            // Said once, not every second; /health/ready says it for as long as it lasts.
            Err(error) if !failing => {
                failing = true;
                tracing::error!(cause = %error, "the index cannot follow the store");
            }
            Err(_) => {}
        }
    }
}
