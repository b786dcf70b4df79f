//! What the screen knows: the view that the link carries, the answers of the server, and what the pointer is over.
//!
//! Panels read signals and change the view; they never talk to each other.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::api::{
    Activity, CountBy, DecisionView, Density, FilterBody, Hotspot, HotspotDetail, Hotspots, Kernel, Meta, ReviewQueue,
};
use model::{LonLat, RegionKind};

use crate::analysing::Analysing;
use crate::api::{self, ApiError, RegionInfo, RegionLayer};
use crate::drawing::Drawing;
use crate::i18n::Texts;
use crate::importing::Importing;
use crate::loader::Loader;
use crate::time::{DAY_MS, Moment, parse_rfc3339};
use crate::units::Unit;
use crate::url::{Bandwidth, Edges, Lang, View};
use crate::window::Window;

/// Lines in the ranked list.
pub(crate) const HOTSPOT_LIMIT: u32 = 100;
/// Units of a grid that are asked for, as many as the server gives: the map draws them all, the list shows the first.
const GRID_LIMIT: u32 = 1000;
/// Where a density is asked for when no region is chosen and no area drawn: the Netherlands and Belgium (west, south, east, north). Fixed, so that neither
/// the rule for the bandwidth nor the colours depend on what is in view.
const DENSITY_BOX: &str = "2.4,49.4,7.4,53.7";
/// Cards in the queue.
const REVIEW_LIMIT: u32 = 30;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What there is to say after a decision.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Toast {
    /// Somebody decided; it can be undone.
    Decided(DecisionView),
    /// A decision was undone.
    Undone(DecisionView),
    /// It did not work.
    Failed(ApiError),
}

/// The part of the state that concerns decisions about mentions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deciding {
    /// What waits for review.
    pub(crate) queue: Loader<ReviewQueue>,
    /// Grows with every decision made or undone here: whoever shows data asks again.
    pub(crate) changes: RwSignal<u32>,
    /// The note over everything about what was just decided.
    pub(crate) toast: RwSignal<Option<Toast>>,
}

/// The whole state; copies share it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct App {
    /// What the link carries.
    pub(crate) view: RwSignal<View>,
    /// Free words; never in the link.
    pub(crate) words: RwSignal<String>,
    /// The language shown.
    pub(crate) lang: Memo<Lang>,
    /// Light or dark.
    pub(crate) theme: RwSignal<Theme>,
    /// The filter that list and map answer to.
    pub(crate) filter: Memo<FilterBody>,
    /// What the server holds.
    pub(crate) meta: RwSignal<Option<Arc<Meta>>>,
    /// Why the screen as a whole cannot go on: no `meta`, or no session any more.
    pub(crate) meta_error: RwSignal<Option<ApiError>>,
    /// Counts on the map and over time.
    pub(crate) activity: Loader<Activity>,
    /// The ranked list.
    pub(crate) hotspots: Loader<Hotspots>,
    /// All that is known of the chosen line.
    pub(crate) detail: Loader<HotspotDetail>,
    /// Zoom of the map.
    pub(crate) zoom: RwSignal<f64>,
    /// What the list ranks, in the size that it has at this zoom.
    pub(crate) unit: Memo<Unit>,
    /// The density surface, while the map shows it.
    pub(crate) density: Loader<Density>,
    /// What concerns decisions, bringing messages in, analyses, and drawing; kept apart so that copies of the rest stay small.
    tasks: StoredValue<(Deciding, Importing, Analysing, Drawing)>,
    /// Region layers as they arrive.
    pub(crate) regions: RwSignal<Vec<Arc<RegionLayer>>>,
    /// Place under the pointer, in the list or on the map.
    pub(crate) hovered: RwSignal<Option<String>>,
    /// Requests under way.
    pub(crate) busy: RwSignal<u32>,
    /// The map has drawn the first data.
    pub(crate) drawn: RwSignal<bool>,
    /// The days that there is data for.
    pub(crate) bounds: Memo<Option<Window>>,
}

/// The state of the component that asks.
pub(crate) fn use_app() -> App {
    expect_context()
}

impl App {
    /// The state at the start, for the view in the link.
    pub(crate) fn new(view: View, theme: Theme, browser_lang: Lang) -> Self {
        let view = RwSignal::new(view);
        let words = RwSignal::new(String::new());
        let drawing = Drawing::new();
        let meta = RwSignal::new(None);
        let activity: Loader<Activity> = Loader::new("activity");
        let zoom = RwSignal::new(view.with_untracked(|v| v.camera.map_or_else(home_zoom, |camera| camera.zoom)));
        Self {
            view,
            words,
            lang: Memo::new(move |_| view.with(|v| v.lang).unwrap_or(browser_lang)),
            theme: RwSignal::new(theme),
            filter: Memo::new(move |_| filter(&view.read(), &words.read(), drawing.area.get())),
            meta,
            meta_error: RwSignal::new(None),
            activity,
            hotspots: Loader::new("hotspots"),
            detail: Loader::new("hotspots"),
            zoom,
            unit: Memo::new(move |_| view.with(|v| v.by).at_zoom(zoom.get())),
            density: Loader::new("density"),
            tasks: StoredValue::new((
                Deciding { queue: Loader::new("review"), changes: RwSignal::new(0), toast: RwSignal::new(None) },
                Importing::new(),
                Analysing::new(),
                drawing,
            )),
            regions: RwSignal::new(Vec::new()),
            hovered: RwSignal::new(None),
            busy: RwSignal::new(0),
            drawn: RwSignal::new(false),
            bounds: Memo::new(move |_| activity.value.with(|a| a.as_deref().and_then(data_days))),
        }
    }

    /// What concerns decisions.
    pub(crate) fn deciding(self) -> Deciding {
        self.tasks.get_value().0
    }

    /// What concerns bringing messages in.
    pub(crate) fn importing(self) -> Importing {
        self.tasks.get_value().1
    }

    /// What concerns the analyses.
    pub(crate) fn analysing(self) -> Analysing {
        self.tasks.get_value().2
    }

    /// What concerns drawing an area.
    pub(crate) fn drawing(self) -> Drawing {
        self.tasks.get_value().3
    }

    /// The texts of the language shown.
    pub(crate) fn t(self) -> &'static Texts {
        Texts::of(self.lang.get())
    }

    /// Changes the view.
    pub(crate) fn change(self, change: impl FnOnce(&mut View)) {
        self.view.update(change);
    }

    /// A part of the view, tracked; wakes only what reads it when that part changes.
    pub(crate) fn part<T: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&View) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.view.with(&part))
    }

    /// The chosen period, cut to the data; all of the data when none is chosen.
    pub(crate) fn window(self) -> Option<Window> {
        let bounds = self.bounds.get()?;
        Some(self.view.with(|v| v.window).map_or(bounds, |w| w.within(bounds)))
    }

    /// Fetches what the screen begins with.
    pub(crate) fn start(self) {
        self.meta_error.set(None);
        self.busy.update(|n| *n += 1);
        spawn_local(async move {
            match api::meta().await {
                Ok(meta) => self.meta.set(Some(Arc::new(meta))),
                Err(error) => {
                    self.note(&error);
                    self.meta_error.set(Some(error));
                }
            }
            self.busy.update(|n| *n -= 1);
        });
    }

    /// Data changed by what somebody did here: everything shown is asked for again.
    pub(crate) fn data_changed(self) {
        self.deciding().changes.update(|n| *n += 1);
        spawn_local(async move {
            if let Ok(meta) = api::meta().await {
                self.meta.set(Some(Arc::new(meta)));
            }
        });
    }

    /// Fetches the region layers, one after the other: largest areas first.
    pub(crate) fn load_regions(self) {
        spawn_local(async move {
            for kind in RegionKind::ALL {
                self.busy.update(|n| *n += 1);
                match api::regions(kind).await {
                    Ok(layer) => self.regions.update(|layers| layers.push(Arc::new(layer))),
                    Err(error) => self.note(&error),
                }
                self.busy.update(|n| *n -= 1);
            }
        });
    }

    /// Takes note of an error that concerns the whole screen.
    pub(crate) fn note(self, error: &ApiError) {
        if *error == ApiError::SignedOut {
            self.meta_error.set(Some(ApiError::SignedOut));
        }
    }

    /// The region of an id, once its layer is in.
    pub(crate) fn region(self, id: &str) -> Option<RegionInfo> {
        self.regions.with(|layers| layers.iter().flat_map(|l| &l.regions).find(|r| r.id == id).cloned())
    }

    /// The hotspot of a place, while it is in the list.
    pub(crate) fn hotspot(self, id: &str) -> Option<Hotspot> {
        self.hotspots.value.with(|list| list.as_deref()?.hotspots.iter().find(|h| h.id == id).cloned())
    }

    /// All that is known of a line, once it is in and as long as it is the chosen one.
    pub(crate) fn detail_of(self, id: &str) -> Option<Arc<HotspotDetail>> {
        self.detail.value.get().filter(|detail| detail.id == id)
    }

    /// The line of this id: as the list has it, or, where it stands further down or in another list, as its detail does.
    pub(crate) fn line(self, id: &str) -> Option<Hotspot> {
        self.hotspot(id).or_else(|| self.detail_of(id)?.hotspot.clone())
    }
}

/// About the zoom at which the Netherlands fill the map, until the map tells its own.
fn home_zoom() -> f64 {
    if crate::dom::is_narrow() { 5.2 } else { 6.4 }
}

/// The filter of a view for `/activity`; `/hotspots` and `/messages` add theirs.
fn filter(view: &View, words: &str, polygon: Option<Vec<LonLat>>) -> FilterBody {
    FilterBody {
        from: view.window.map(|w| w.from.to_string()),
        to: view.window.map(|w| w.to.to_string()),
        region: view.region.clone(),
        source: view.source.clone(),
        topics: Some(view.topics.join(",")).filter(|topics| !topics.is_empty()),
        min_confidence: view.confidence.map(|percent| f32::from(percent) / 100.0),
        words: Some(words.trim().to_owned()).filter(|w| !w.is_empty()),
        polygon,
        ..FilterBody::default()
    }
}

/// The filter with the layer of regions to count.
pub(crate) fn for_activity(filter: &FilterBody, layer: Option<RegionKind>) -> FilterBody {
    FilterBody { layer, ..filter.clone() }
}

/// The filter for the queue: the whole first page while it is open, only its size for the number in the bar while it is not.
pub(crate) fn for_review(filter: &FilterBody, open: bool) -> FilterBody {
    // What is unsure is what is asked for.
    FilterBody { limit: Some(if open { REVIEW_LIMIT } else { 1 }), min_confidence: None, ..filter.clone() }
}

/// The filter for the ranked list: what is ranked, by what count.
pub(crate) fn for_hotspots(filter: &FilterBody, unit: Unit, count: Option<CountBy>) -> FilterBody {
    let limit = Some(if unit.is_of_grid() { GRID_LIMIT } else { HOTSPOT_LIMIT });
    FilterBody { limit, count: count.map(|count| count.as_str().to_owned()), ..unit.asked_in(filter) }
}

/// The filter for all that is known of a line: of the list that it stands in.
pub(crate) fn for_detail(filter: &FilterBody, view: &View, id: &str) -> FilterBody {
    FilterBody { count: view.count.map(|count| count.as_str().to_owned()), ..view.by.of_line(id).asked_in(filter) }
}

/// The filter for the density surface.
pub(crate) fn for_density(filter: &FilterBody, view: &View) -> FilterBody {
    FilterBody {
        bbox: is_everywhere(filter).then(|| DENSITY_BOX.to_owned()),
        edges: (view.edges == Edges::Corrected).then(|| "corrected".to_owned()),
        count: view.count.map(|count| count.as_str().to_owned()),
        kernel: (view.kernel == Kernel::Gaussian).then(|| "gaussian".to_owned()),
        bandwidth_m: if let Bandwidth::Given(metres) = view.density { Some(f64::from(metres)) } else { None },
        bandwidth_rule: (view.density == Bandwidth::CrossValidated).then(|| "cross_validated".to_owned()),
        relative_to: (view.relative && can_be_relative(filter)).then(|| "all".to_owned()),
        ..filter.clone()
    }
}

/// Whether neither a region nor a drawn area is asked for.
pub(crate) fn is_everywhere(filter: &FilterBody) -> bool {
    filter.region.is_none() && filter.polygon.is_none()
}

/// Whether there are other messages to compare with than those that pass the filter.
pub(crate) fn can_be_relative(filter: &FilterBody) -> bool {
    filter.words.is_some() || filter.topics.is_some() || filter.source.is_some()
}

/// The filter for the messages of one line of the list: a place or unit of a grid, or a region where those are ranked.
pub(crate) fn for_line(filter: &FilterBody, view: &View, id: &str) -> FilterBody {
    let municipality = Unit::Regions(RegionKind::Municipality);
    match view.by.of_line(id) {
        // A chosen municipality lies within whatever is ranked, and so is the narrower of both.
        Unit::Regions(_)
            if filter.region.as_deref().is_some_and(|region| municipality.of_line(region) == municipality) =>
        {
            filter.clone()
        }
        Unit::Regions(_) => FilterBody { region: Some(id.to_owned()), ..filter.clone() },
        _ => FilterBody { place: Some(id.to_owned()), ..filter.clone() },
    }
}

/// The days from the first bar to the last.
fn data_days(activity: &Activity) -> Option<Window> {
    let from = parse_rfc3339(&activity.histogram.first()?.from)?;
    let to = parse_rfc3339(&activity.histogram.last()?.to)?;
    let window = Window { from: Moment::from_utc_ms(from).day, to: Moment::from_utc_ms(to - 1).day.plus(1) };
    (to > from && to - from < 200 * 366 * DAY_MS).then_some(window)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Day;

    #[test]
    fn the_filter_follows_the_view_and_leaves_empty_words_out() {
        let view = View {
            region: Some("province/drenthe".into()),
            window: Some(Window { from: Day::from_civil(2020, 5, 1), to: Day::from_civil(2020, 6, 1) }),
            confidence: Some(75),
            topics: vec!["waste".into(), "drugs".into()],
            ..View::default()
        };
        let made = filter(&view, "  ", None);
        assert_eq!(made.words, None);
        assert_eq!((made.from.as_deref(), made.to.as_deref()), (Some("2020-05-01"), Some("2020-06-01")));
        assert_eq!(made.min_confidence, Some(0.75));
        assert_eq!(made.topics.as_deref(), Some("waste,drugs"));
        assert_eq!(filter(&View::default(), "", None).topics, None);
        assert_eq!(filter(&view, " bus ", None).words.as_deref(), Some("bus"));
    }

    #[test]
    fn a_line_is_a_place_or_a_region_of_the_kind_that_is_ranked() {
        let drenthe = FilterBody { region: Some("province/drenthe".into()), ..FilterBody::default() };
        let by = |unit| View { by: unit, ..View::default() };
        let line = for_line(&drenthe, &by(Unit::Places), "province/drenthe");
        assert_eq!(
            (line.place.as_deref(), line.region.as_deref()),
            (Some("province/drenthe"), Some("province/drenthe"))
        );
        let line = for_line(&drenthe, &by(Unit::Regions(RegionKind::Municipality)), "municipality/de-wolden");
        assert_eq!((line.place, line.region.as_deref()), (None, Some("municipality/de-wolden")));
        let chosen = FilterBody { region: Some("municipality/de-wolden".into()), ..FilterBody::default() };
        assert_eq!(for_line(&chosen, &by(Unit::Regions(RegionKind::Province)), "province/drenthe"), chosen);
        // A circle on the map is a place, whatever is ranked.
        let line = for_line(&drenthe, &by(Unit::Regions(RegionKind::Municipality)), "nl/de-wolden/kerkenveld");
        assert_eq!(line.place.as_deref(), Some("nl/de-wolden/kerkenveld"));
        // So is a hexagon.
        let line = for_line(&drenthe, &by(Unit::Hexagons(None)), "861969b57ffffff");
        assert_eq!((line.place.as_deref(), line.by), (Some("861969b57ffffff"), None));
    }

    #[test]
    fn the_detail_of_a_unit_is_asked_for_in_its_own_grid_whatever_the_zoom_makes_of_the_list() {
        let all = FilterBody::default();
        let view = View { by: Unit::Hexagons(None), count: Some(CountBy::Messages), ..View::default() };
        let asked = for_detail(&all, &view, "861969b57ffffff");
        assert_eq!((asked.by.as_deref(), asked.resolution, asked.place), (Some("cell"), Some(6), None));
        assert_eq!(asked.count.as_deref(), Some("messages"));
        assert_eq!(for_detail(&all, &View::default(), "nl/de-wolden/kerkenveld"), all);
        let listed = for_hotspots(&all, Unit::Squares(500), None);
        assert_eq!((listed.side_m, listed.limit), (Some(500), Some(GRID_LIMIT)));
        assert_eq!(for_hotspots(&all, Unit::Places, None).limit, Some(HOTSPOT_LIMIT));
    }

    #[test]
    fn a_density_without_a_region_is_asked_for_over_a_fixed_box() {
        let whole = for_density(&FilterBody::default(), &View::default());
        assert_eq!((whole.bbox.as_deref(), whole.bandwidth_m, whole.kernel), (Some(DENSITY_BOX), None, None));
        let region = FilterBody { region: Some("province/drenthe".into()), ..FilterBody::default() };
        let by_hand = View { density: Bandwidth::Given(4000), kernel: Kernel::Gaussian, ..View::default() };
        let asked = for_density(&region, &by_hand);
        assert_eq!((asked.bbox, asked.bandwidth_m, asked.kernel.as_deref()), (None, Some(4000.0), Some("gaussian")));
        let drawn = filter(&View::default(), "", Some(vec![LonLat { lon: 6.0, lat: 52.0 }; 3]));
        let asked = for_density(&drawn, &View { edges: Edges::Corrected, ..View::default() });
        assert_eq!((asked.bbox, asked.edges.as_deref(), asked.polygon), (None, Some("corrected"), drawn.polygon));
    }

    #[test]
    fn a_density_is_compared_only_where_there_are_other_messages_and_ruled_where_no_bandwidth_is_given() {
        let view = View { relative: true, density: Bandwidth::CrossValidated, ..View::default() };
        let all = for_density(&FilterBody::default(), &view);
        assert_eq!((all.relative_to, all.bandwidth_rule.as_deref()), (None, Some("cross_validated")));
        let about = FilterBody { topics: Some("waste".into()), ..FilterBody::default() };
        assert_eq!(for_density(&about, &view).relative_to.as_deref(), Some("all"));
        let given = for_density(&about, &View { density: Bandwidth::Given(4000), ..view });
        assert_eq!((given.bandwidth_rule, given.bandwidth_m), (None, Some(4000.0)));
    }

    #[test]
    fn bars_that_begin_at_dutch_midnight_give_whole_dutch_days() {
        let bin = |from: &str, to: &str| model::api::Bin { from: from.into(), to: to.into(), messages: 1, read: 1 };
        let activity = Activity {
            total: 0,
            totals: model::api::Counts::default(),
            places: vec![],
            places_left_out: 0,
            mentions_left_out: 0,
            regions: vec![],
            histogram: vec![
                bin("2020-05-31T22:00:00Z", "2020-06-01T22:00:00Z"),
                bin("2020-06-01T22:00:00Z", "2020-06-02T22:00:00Z"),
            ],
            data_version: 1,
        };
        let expected = Window { from: Day::from_civil(2020, 6, 1), to: Day::from_civil(2020, 6, 3) };
        assert_eq!(data_days(&activity), Some(expected));
    }
}
