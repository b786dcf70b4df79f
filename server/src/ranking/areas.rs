//! Study areas with what is known of them for every period: which units are near which, and what is counted in each over all of the data.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use activity::{Grouping, Selection, StudyArea};
use hotspot::Neighbours;
use model::api::CountBy;
use model::{ACCEPTANCE_THRESHOLD, Filter, TimeMs, TimeRange};

use crate::state::Live;

/// Places no further apart are neighbours: about as far as the next village but one. Chosen, not taken from elsewhere.
pub(super) const BAND_M: f64 = 10_000.0;

/// A study area with what follows from it alone.
pub(super) struct Surroundings {
    pub(super) area: StudyArea,
    pub(super) near: Neighbours,
    /// What was counted in it over all of the data; the one asked for last is the last. Without a course what was asked for once.
    courses: Mutex<Vec<(Counted, Steps, Option<Course>)>>,
}

/// What is counted: least confidence and topics as in the filter.
type Counted = (CountBy, Option<f32>, Option<u32>);
/// From when on, in steps how long.
type Steps = (TimeMs, TimeMs);
/// What it comes to, by unit and step.
type Course = Arc<Vec<Vec<u64>>>;

/// Courses that are kept with an area: one a day of the week, and as many of what is asked for in between.
const MOST_COURSES: usize = 14;
/// Longer courses are counted anew each time.
const LONGEST_COURSE: i64 = 200;
const DAY_MS: TimeMs = 86_400_000;

impl Surroundings {
    /// What is counted of each unit in steps of equal length, between edges as [`super::steps`] gives them.
    ///
    /// Where the same is asked for again, a window is being dragged: then it is counted once for all windows whose ends lie whole steps
    /// apart. Words are another question each time.
    pub(super) fn course(
        &self,
        selection: &Selection<'_>,
        filter: &Filter,
        live: &Live,
        edges: &[TimeMs],
        count: CountBy,
    ) -> Vec<Vec<u64>> {
        let once = || selection.counted_by_unit(&self.area, edges, count);
        if filter.message_nos.is_some() {
            return once();
        }
        let Some(whole) = whole(live, edges) else { return once() };
        let (first_ms, step_ms) = (whole[0], whole[1] - whole[0]);
        let counted = (count, filter.min_confidence, filter.topics);
        let steps = (first_ms, step_ms);
        let course = match self.asked(counted, steps) {
            Asked::Never => {
                self.keep(counted, steps, None);
                return once();
            }
            Asked::Before => {
                let made = Arc::new(selection.counted_by_unit(&self.area, &whole, count));
                self.keep(counted, steps, Some(Arc::clone(&made)));
                made
            }
            Asked::Kept(course) => course,
        };
        let from = ((edges[0] - first_ms) / step_ms) as usize;
        course.iter().map(|bins| bins[from..from + edges.len() - 1].to_vec()).collect()
    }

    fn asked(&self, counted: Counted, steps: Steps) -> Asked {
        let mut courses = self.courses();
        let kept = courses.iter().position(|kept| kept.0 == counted && kept.1 == steps && kept.2.is_some());
        if let Some(at) = kept {
            let last = courses.remove(at);
            let found = last.2.clone();
            courses.push(last);
            return found.map_or(Asked::Before, Asked::Kept);
        }
        if courses.iter().any(|kept| kept.0 == counted) { Asked::Before } else { Asked::Never }
    }

    fn keep(&self, counted: Counted, steps: Steps, course: Option<Course>) {
        let mut courses = self.courses();
        courses.retain(|kept| kept.0 != counted || kept.2.is_some());
        courses.push((counted, steps, course));
        if courses.len() > MOST_COURSES {
            courses.remove(0);
        }
    }

    fn courses(&self) -> MutexGuard<'_, Vec<(Counted, Steps, Option<Course>)>> {
        self.courses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of a course.
enum Asked {
    /// Nothing of the kind was asked for.
    Never,
    /// It was, perhaps in other steps.
    Before,
    /// It is kept.
    Kept(Course),
}

/// The same steps over all of the data; `None` where there are none, or too many.
fn whole(live: &Live, edges: &[TimeMs]) -> Option<Vec<TimeMs>> {
    let (first_ms, last_ms) = live.totals.first_ms.zip(live.totals.last_ms)?;
    let [from_ms, next_ms, ..] = *edges else { return None };
    let step_ms = next_ms - from_ms;
    let before = (from_ms - first_ms).max(0) / step_ms;
    // As far as steps go: the day of the last message is counted whole.
    let after = (last_ms.saturating_add(DAY_MS) - from_ms) / step_ms;
    (before + after <= LONGEST_COURSE).then(|| (-before..=after).map(|step| from_ms + step * step_ms).collect())
}

/// Study areas of one state of the data. They depend neither on the period nor on what is said: dragging the window asks for one of
/// them again and again.
#[derive(Default)]
pub(crate) struct Areas(Mutex<Vec<(Grouping, Filter, Arc<Surroundings>)>>);

/// Study areas that are kept: those asked for last.
const MOST_AREAS: usize = 8;

impl Areas {
    pub(super) fn of(&self, selection: &Selection<'_>, filter: &Filter, grouping: Grouping) -> Arc<Surroundings> {
        let ever = Filter {
            time: TimeRange::default(),
            message_nos: None,
            topics: None,
            min_confidence: filter.min_confidence.filter(|least| *least < ACCEPTANCE_THRESHOLD),
            ..filter.clone()
        };
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut kept = kept();
            if let Some(at) = kept.iter().position(|(by, filter, _)| *by == grouping && *filter == ever) {
                let last = kept.remove(at);
                let found = Arc::clone(&last.2);
                kept.push(last);
                return found;
            }
        }
        let area = selection.study_area(grouping);
        let near = neighbours(&area);
        let made = Arc::new(Surroundings { area, near, courses: Mutex::default() });
        let mut kept = kept();
        kept.push((grouping, ever, Arc::clone(&made)));
        if kept.len() > MOST_AREAS {
            kept.remove(0);
        }
        made
    }
}

/// Which units are neighbours: those that share a border; places, which have none, by distance.
fn neighbours(area: &StudyArea) -> Neighbours {
    match &area.borders {
        Some(borders) => Neighbours::from_pairs(area.units.len(), borders.iter().copied()),
        None => Neighbours::within(&area.units.iter().map(|unit| unit.at).collect::<Vec<_>>(), BAND_M),
    }
}
