//! What every handler shares: the store, the geoparser, the regions, and the live index.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use activity::{Index, PhraseKey, Regions};
use arc_swap::ArcSwap;
use geoparse::Topics;
use metrics_exporter_prometheus::PrometheusHandle;
use model::{Decisions, Scope};
use store::{CaseRow, SourceRow, Store, TopicRow, Totals};

use crate::answers::Answers;
use crate::asking::Asker;
use crate::clock::Clock;
use crate::config::ServeConfig;
use crate::hits::Hits;
use crate::home::Rehoming;
use crate::importing::Importing;
use crate::live::Ruling;
use crate::place_search::PlaceSearch;
use crate::ranking::Areas;
use crate::turns::Turns;

/// The state of a running server.
pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) regions: Arc<Regions>,
    pub(crate) gazetteer_version: String,
    /// As messages are read with now; swapped when the team's words changed.
    pub(crate) topics: ArcSwap<Topics>,
    pub(crate) place_search: PlaceSearch,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: ServeConfig,
    pub(crate) metrics: PrometheusHandle,
    /// Swapped whole when data came in; see `live`.
    pub(crate) live: ArcSwap<Live>,
    /// What was answered before from these data.
    pub(crate) answers: Answers,
    /// Who waits for the index.
    pub(crate) turns: Turns,
    /// Held by whoever brings `live` level with the store, so that two never undo each other's work.
    pub(crate) following: tokio::sync::Mutex<()>,
    /// What the snapshot on disk holds.
    pub(crate) saved: Mutex<Saved>,
    /// Reading all messages again with another home region.
    pub(crate) rehoming: Rehoming,
    /// Bringing messages in.
    pub(crate) importing: Importing,
}

impl App {
    /// The data as of now. Take it once a request, so that one answer speaks of one moment.
    pub(crate) fn live(&self) -> Arc<Live> {
        self.live.load_full()
    }

    /// Somebody with these rights who questions the data of one moment.
    pub(crate) fn asker<'a>(&'a self, live: &'a Live, scope: Scope) -> Asker<'a> {
        Asker {
            store: &self.store,
            regions: &self.regions,
            live,
            zone: &self.config.timezone,
            topics: self.topics.load_full(),
            scope,
            answers: Some(&self.answers),
            turns: Some(&self.turns),
        }
    }
}

/// The data at one moment: index and the small tables that name what the index numbers.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) index: Index,
    pub(crate) cases: Vec<CaseRow>,
    pub(crate) sources: Vec<SourceRow>,
    /// Topics by the numbers that the index uses.
    pub(crate) topics: Vec<TopicRow>,
    pub(crate) totals: Totals,
    /// Mentions placed, decisions counted in.
    pub(crate) mentions: u64,
    /// What people decided.
    pub(crate) decisions: Arc<Decisions>,
    /// Which decision speaks for which mentions.
    pub(crate) rulings: HashMap<PhraseKey, Ruling>,
    pub(crate) data_version: u64,
    /// Last mention in the index: what comes after it is new.
    pub(crate) last_mention: u64,
    /// Last message of several sources that the index knows of: what comes after it is new.
    pub(crate) last_shared: u64,
    /// Messages up to this one are in the spans of conversations that the index knows.
    pub(crate) last_span: u64,
    /// Last place that the index knows.
    pub(crate) last_place: Option<u32>,
    /// How often stored mentions had changed.
    pub(crate) rewritten: u64,
    /// The snapshot it was begun from.
    pub(crate) saved: Saved,
    /// What the ranked list keeps of these data.
    pub(crate) areas: Arc<Areas>,
    /// Where words were found in them.
    pub(crate) hits: Arc<Hits>,
}

/// What a snapshot of the index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Saved {
    pub(crate) data_version: u64,
    pub(crate) mentions: usize,
}
