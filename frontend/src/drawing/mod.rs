//! An area drawn on the map, as a filter like any other; as free words it never enters a link, because it can tell what somebody looks
//! for. How it is drawn with the pointer and seen is in `map/drawing`.

mod draft;
pub(crate) mod ring;

pub(crate) use draft::Draft;
use leptos::prelude::*;
use model::LonLat;

/// The area and its drawing; copies share it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drawing {
    /// The ring that filters.
    pub(crate) area: RwSignal<Option<Vec<LonLat>>>,
    /// What is being drawn, while something is.
    pub(crate) draft: RwSignal<Option<Draft>>,
    /// Grows when somebody wants to see the area.
    pub(crate) wanted: RwSignal<u32>,
}

impl Drawing {
    /// Nothing drawn yet.
    pub(crate) fn new() -> Self {
        Self { area: RwSignal::new(None), draft: RwSignal::new(None), wanted: RwSignal::new(0) }
    }

    /// Begins; the area in force stays until the new one closes.
    pub(crate) fn start(self) {
        self.draft.set(Some(Draft::default()));
    }

    /// Ends without an area.
    pub(crate) fn stop(self) {
        self.draft.set(None);
    }

    /// Whether something is being drawn. Untracked.
    pub(crate) fn is_on(self) -> bool {
        self.draft.with_untracked(Option::is_some)
    }

    /// Goes on with the draft; where that closes it, the ring is the filter.
    pub(crate) fn draw(self, act: impl FnOnce(&mut Draft) -> Option<Vec<LonLat>>) {
        let ring = self.draft.try_update(|draft| draft.as_mut().and_then(act)).flatten();
        if ring.is_some() {
            self.draft.set(None);
            self.area.set(ring);
        }
    }

    /// Takes the area away.
    pub(crate) fn clear(self) {
        self.area.set(None);
    }

    /// Shows the area on the map.
    pub(crate) fn see(self) {
        self.wanted.update(|n| *n += 1);
    }

    /// Size of the area in km²; `None` without one. Tracked.
    pub(crate) fn km2(self) -> Option<f64> {
        self.area.with(|area| area.as_deref().map(ring::area_km2))
    }
}
