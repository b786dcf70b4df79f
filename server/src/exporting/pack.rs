//! The disclosure pack: which messages lie behind a list, and how they get into the archive without being held.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use export::{Pack, PackedMessage, Packing};
use geoparse::Topics;
use model::api::FilterBody;
use model::{Decisions, Filter, TimeRange};
use store::SourceRow;
use tokio::runtime::Handle;

use super::{Export, SharedStore, shapes, typefaces};
use crate::asking::{Asker, grouping};
use crate::error::ApiError;
use crate::reviewing::view;
use crate::times;

/// Messages read from the store at a time.
const CHUNK: usize = 500;

/// A pack about to be written: the list, and the numbers of the messages behind it (eight bytes each; the messages themselves are
/// read while the archive is written).
pub(crate) struct PackOrder {
    pub(crate) export: Export,
    asked: serde_json::Value,
    geopackage: Vec<u8>,
    message_nos: Vec<u64>,
    /// Case and name of a source with its files.
    files: Vec<(String, String, Vec<String>)>,
    store: SharedStore,
    decisions: Arc<Decisions>,
    topics: Arc<Topics>,
}

impl PackOrder {
    /// Finds the messages that pass the filter and name a place of the list.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn new(asker: &Asker<'_>, asked: &FilterBody, export: Export) -> Result<Self, ApiError> {
        let message_nos = behind(asker, asked, &export).await?;
        let geopackage = export::geopackage(&export.list, &export.provenance).await.map_err(anyhow::Error::from)?;
        let read = asker.store.source_files().await?;
        let of = |source: &SourceRow| {
            let files = read.iter().filter(|(source_no, _)| *source_no == source.source_no);
            (source.case.clone(), source.name.clone(), files.map(|(_, file)| file.clone()).collect())
        };
        let files = asker.live.sources.iter().filter(|source| asker.scope.allows(source.case_no)).map(of).collect();
        let asked = serde_json::to_value(asked).map_err(anyhow::Error::from)?;
        Ok(Self {
            export,
            asked,
            geopackage,
            message_nos,
            files,
            store: SharedStore::clone(asker.store),
            decisions: Arc::clone(&asker.live.decisions),
            topics: Arc::clone(&asker.topics),
        })
    }

    /// How many messages there will be.
    pub(crate) fn messages(&self) -> usize {
        self.message_nos.len()
    }

    /// Writes the archive. Blocks; call it where that is allowed, within a runtime.
    ///
    /// # Errors
    /// When the list or the messages cannot be written or read.
    pub(crate) fn write(self, out: impl Write, runtime: &Handle) -> anyhow::Result<Pack> {
        let packing = Packing {
            list: &self.export.list,
            provenance: &self.export.provenance,
            shapes: shapes()?,
            focus: self.export.focus,
            faces: typefaces()?,
            geopackage: self.geopackage,
            asked: self.asked,
        };
        let (store, files, decisions, topics) = (&self.store, &self.files, &self.decisions, &self.topics);
        let messages = || {
            self.message_nos.chunks(CHUNK).flat_map(move |chunk| match runtime.block_on(store.messages(chunk)) {
                Ok(found) => found
                    .into_iter()
                    .map(|message| Ok(packed(view(decisions, topics, message), files)))
                    .collect::<Vec<_>>(),
                Err(error) => vec![Err(error)],
            })
        };
        Ok(export::write_pack(out, &packing, messages)?)
    }
}

fn packed(message: model::api::MessageView, files: &[(String, String, Vec<String>)]) -> PackedMessage {
    let holds_it = |case: &str, source: &String| *case == message.case && message.sources.contains(source);
    let of_sources = files.iter().filter(|(case, source, _)| holds_it(case, source));
    let files = of_sources.flat_map(|(_, _, files)| files.clone()).collect();
    PackedMessage { message, files }
}

/// Numbers of the messages behind the list, newest first.
async fn behind(asker: &Asker<'_>, asked: &FilterBody, export: &Export) -> Result<Vec<u64>, ApiError> {
    let listed: BTreeSet<String> = export.list.hotspots.iter().map(|hotspot| hotspot.id.clone()).collect();
    let moment = |text: &str| times::parse(text, asker.zone).ok();
    let time = TimeRange { from_ms: moment(&export.list.from), to_ms: moment(&export.list.to) };
    let filter = Filter { time, ..asker.filter(asked).await? };
    let grouping = grouping(asked)?;
    let find = || {
        let places = asker.live.index.members(&filter, grouping, &listed);
        // No places in a filter would mean all of them.
        if places.is_empty() {
            return Vec::new();
        }
        let filter = Filter { places, ..filter.clone() };
        asker.live.index.query(&filter).page(None, usize::MAX).message_nos
    };
    Ok(asker.work(find).await)
}
