//! What is known of each source: how much there is of it, and from when to when.

use jiff::tz::TimeZone;
use model::api::{DaySpan, SourceInfo};
use model::{Scope, TimeMs};

use crate::state::Live;
use crate::times::{self, rfc3339};

const DAY_MS: TimeMs = 86_400_000;

/// The sources that may be seen.
pub(crate) fn infos(live: &Live, scope: &Scope) -> Vec<SourceInfo> {
    let spans = live.index.spans_of_sources();
    let day = |day: i32| times::date(TimeMs::from(day) * DAY_MS, &TimeZone::UTC);
    let sources = live.sources.iter().filter(|source| scope.allows(source.case_no));
    sources
        .map(|source| SourceInfo {
            name: source.name.clone(),
            case: source.case.clone(),
            messages: source.messages + source.shared,
            rejected: source.rejected,
            synthetic: source.synthetic,
            first: source.first_ms.map(rfc3339),
            last: source.last_ms.map(rfc3339),
            spans: spans
                .get(&source.source_no)
                .into_iter()
                .flatten()
                .map(|span| DaySpan { first: day(span.first_day), last: day(span.last_day), messages: span.messages })
                .collect(),
        })
        .collect()
}
