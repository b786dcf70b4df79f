//! Analyses that take long: asked when somebody says so, told how far they are, ended when somebody says so.
//!
//! An answer keeps the question that it answers: it is never shown as if it were that of another filter. What is seen of it is in
//! `panels/analyses` and `map/analysis`.

pub(crate) mod choices;
mod run;

pub(crate) use choices::Question;
use leptos::prelude::*;
use model::api::{Clusters, FilterBody, NearRepeat, Scan};
pub(crate) use run::{Phase, Run};

use crate::state::App;

/// A chance below this is not taken for one: the share of calm data sets that stand out nevertheless.
pub(crate) const CLEAR_P: f64 = 0.05;

/// What the panel and the map know of the analyses; copies share it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Analysing {
    /// The scan statistic.
    pub(crate) scan: Run<Scan>,
    /// Clusters.
    pub(crate) clusters: Run<Clusters>,
    /// Near repeats.
    pub(crate) near_repeat: Run<NearRepeat>,
    /// Rank of the cluster under the pointer, in the list or on the map.
    pub(crate) hovered: RwSignal<Option<u32>>,
    /// Rank of the cluster that the map went to; set again, it goes there again.
    pub(crate) chosen: RwSignal<Option<u32>>,
}

impl Analysing {
    /// Nothing asked yet.
    pub(crate) fn new() -> Self {
        Self {
            scan: Run::new(Question::Scan, |scan: &Scan| scan.data_version),
            clusters: Run::new(Question::Clusters, |clusters: &Clusters| clusters.data_version),
            near_repeat: Run::new(Question::NearRepeat, |table: &NearRepeat| table.data_version),
            hovered: RwSignal::new(None),
            chosen: RwSignal::new(None),
        }
    }

    /// How much of what is being worked out is done, in percent; `None` while nothing is.
    pub(crate) fn percent(self) -> Option<u32> {
        let phases = [self.scan.phase.get(), self.clusters.phase.get(), self.near_repeat.phase.get()];
        let running: Vec<Option<(u32, u32)>> = phases
            .into_iter()
            .filter_map(|phase| if let Phase::Running(far) = phase { Some(far) } else { None })
            .collect();
        let (done, of) =
            running.iter().flatten().fold((0, 0), |(done, of), (more, more_of)| (done + more, of + more_of));
        (!running.is_empty()).then(|| done * 100 / of.max(1))
    }
}

/// How an answer fits what is asked for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It answers just that.
    Current,
    /// It was asked with another filter.
    OtherFilter,
    /// It was asked with other choices of the form.
    OtherChoices,
    /// It was asked of data that have changed.
    OtherData,
}

/// How the latest answer fits; `None` without one. Tracked.
pub(crate) fn fit<T: Send + Sync + 'static>(app: App, run: Run<T>) -> Option<Fit> {
    let now = asked_now(app, run.question);
    let version = app.meta.with(|meta| meta.as_ref().map_or(0, |meta| meta.data_version));
    run.told.with(|told| {
        let told = told.as_ref()?;
        Some(if filter_of(&told.asked) != filter_of(&now) {
            Fit::OtherFilter
        } else if told.asked != now {
            Fit::OtherChoices
        } else if told.data_version < version {
            Fit::OtherData
        } else {
            Fit::Current
        })
    })
}

/// What of a question is the filter of the screen, and what is counted.
fn filter_of(asked: &FilterBody) -> FilterBody {
    let FilterBody { from, to, region, source, topics, min_confidence, words, polygon, count, .. } = asked.clone();
    FilterBody { from, to, region, source, topics, min_confidence, words, polygon, count, ..FilterBody::default() }
}

/// The question as it would be asked now. Tracked.
pub(crate) fn asked_now(app: App, question: Question) -> FilterBody {
    let filter = app.filter.get();
    app.view.with(|view| view.asked.body(question, &filter, view.count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_told_apart_from_the_filter() {
        let filter = FilterBody { region: Some("province/drenthe".into()), ..FilterBody::default() };
        let usual = choices::Choices::default();
        let other = choices::Choices { replicas: 99, ..usual.clone() };
        let asked = [&usual, &other].map(|choices| choices.body(Question::Scan, &filter, None));
        assert_eq!(filter_of(&asked[0]), filter_of(&asked[1]));
        assert_ne!(asked[0], asked[1]);
        let elsewhere = usual.body(Question::Scan, &FilterBody::default(), None);
        assert_ne!(filter_of(&elsewhere), filter_of(&asked[0]));
        let ring = Some(vec![model::LonLat { lon: 6.0, lat: 52.0 }; 3]);
        let drawn = usual.body(Question::Scan, &FilterBody { polygon: ring, ..filter }, None);
        assert_ne!(filter_of(&drawn), filter_of(&asked[0]));
    }
}
