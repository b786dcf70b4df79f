//! One line of the ranked list in full: its course, what carries it, and the words that tell it from the rest.

use activity::{Loudest, Portrait};
use hotspot::Candidate;
use hotspot::number::{probability, whole};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use model::api::{CountBy, FilterBody, Hotspot, HotspotClass, HotspotDetail, LeftOut, SeriesBin, Unsaid};
use model::{Filter, TimeMs, TimeRange, folded_words};

use super::said;
use crate::asking::{Asker, SPARKLINE_STEPS, count, grouping};
use crate::course::{course, rhythm};
use crate::error::ApiError;
use crate::ranking::{Ranking, candidate, line, ranked_one, steps};
use crate::times;

/// Longer periods are told by week.
const MOST_DAYS: i64 = 62;
const DAY_MS: TimeMs = 86_400_000;

impl Asker<'_> {
    /// All that is known of the place, region or cell of this id, as the list of the same filter ranks it. A place in the filter itself
    /// is passed over.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn hotspot(&self, id: &str, body: &FilterBody) -> Result<HotspotDetail, ApiError> {
        let (grouping, count) = (grouping(body)?, count(body, CountBy::default())?);
        let filter = self.filter(&FilterBody { place: None, ..body.clone() }).await?;
        let (from_ms, to_ms) = self.period(&filter);
        let all = Filter { time: TimeRange { from_ms: Some(from_ms), to_ms: Some(to_ms) }, ..filter };
        let here = Filter { places: self.places_of(id, Some(grouping), &all), ..all.clone() };
        let ranking = Ranking {
            grouping,
            count,
            from_ms,
            to_ms,
            sparkline_steps: SPARKLINE_STEPS,
            limit: 1,
            zone: self.zone.clone(),
        };
        let list = self.work(|| ranked_one(self.live, &all, &ranking, id)).await;
        let hotspot = list.hotspots.into_iter().next();
        let (trend_edges, trend_days) = steps(self.live, to_ms);
        let course_time = TimeRange { from_ms: trend_edges.first().copied(), to_ms: Some(to_ms) };
        let long = Filter { time: course_time, ..here.clone() };
        let trend = self.work(|| course(self.live, &long, count, &trend_edges, trend_days, self.zone)).await;
        let (edges, step_days) = days_or_weeks(from_ms, to_ms, self.zone);
        let selection = self.live.index.query(&here);
        let series = edges
            .windows(2)
            .zip(selection.series(&edges).iter().zip(selection.read(&edges)))
            .map(|(edge, ((counts, weight), read))| SeriesBin {
                from: times::rfc3339(edge[0]),
                to: times::rfc3339(edge[1]),
                counted: count.of(counts, *weight),
                read,
            })
            .collect();
        let without = match &hotspot {
            Some(hotspot) => self.without(hotspot, &all, &here, &ranking).await?,
            None => Vec::new(),
        };
        Ok(HotspotDetail {
            id: id.to_owned(),
            from: list.from,
            to: list.to,
            of: list.of,
            basis: list.basis,
            series,
            step_days,
            rhythm: rhythm(&selection.times(), self.zone),
            trend,
            without,
            words: self.telling(&here, &self.rest(&all).await?).await?,
            conversations: self.conversations(&here, from_ms, to_ms).await?,
            reason: hotspot.is_none().then_some(Unsaid::NothingCounted),
            hotspot,
            data_version: self.live.data_version,
        })
    }

    /// Lines of the list that have this id or name, each with its id and what tells it from its namesakes.
    ///
    /// # Errors
    /// When the filter makes no sense or the store fails.
    pub(crate) async fn lines_called(&self, name: &str, body: &FilterBody) -> Result<Vec<(String, String)>, ApiError> {
        let filter = self.filter(body).await?;
        let (from_ms, to_ms) = self.period(&filter);
        let table = self.live.index.query(&filter).table(grouping(body)?, from_ms, to_ms);
        let wanted = folded_words(name);
        let all = table.groups.iter().map(|group| (group.id.to_string(), table.portrait(group)));
        let called = all.filter(|(id, portrait)| id == name || folded_words(&portrait.name) == wanted);
        let label = |portrait: Portrait| match portrait.municipality.or(portrait.province) {
            Some(area) => format!("{} ({area})", portrait.name),
            None => portrait.name,
        };
        let mut called: Vec<_> = called.map(|(id, portrait)| (id, label(portrait))).collect();
        called.sort_unstable();
        Ok(called)
    }

    /// What the list would say of the line without its loudest conversation and without its loudest sender, everything else as it is.
    async fn without(
        &self,
        hotspot: &Hotspot,
        all: &Filter,
        here: &Filter,
        ranking: &Ranking,
    ) -> Result<Vec<LeftOut>, ApiError> {
        let Ranking { grouping, count, from_ms, to_ms, .. } = *ranking;
        let selection = self.live.index.query(all);
        let table = self.work(|| selection.table(grouping, from_ms, to_ms)).await;
        let setting = ranking.setting(&table, None);
        let mut candidates: Vec<Candidate<'_>> = table.groups.iter().map(candidate).collect();
        let Some(at) = candidates.iter().position(|candidate| candidate.id == hotspot.id) else {
            return Ok(Vec::new());
        };
        let selection = self.live.index.query(here);
        let loudest = [
            ("conversation", selection.without_loudest_conversation()),
            ("sender", selection.without_loudest_sender()),
        ];
        let mut found = Vec::new();
        for (what, loudest) in loudest {
            let Some(loudest) = loudest else { continue };
            candidates[at].counts = loudest.without;
            candidates[at].weights.0 = loudest.weight;
            let line =
                hotspot::ranked_one(&candidates, &setting, at, |at, class| line(&table, &table.groups[at], class, 1));
            let message = self.store.messages(&[loudest.message_no]).await?.into_iter().next();
            let name = message.map(|message| if what == "sender" { message.sender } else { message.conversation });
            found.push(left_out(what, name.unwrap_or_default(), loudest, hotspot, &line, count));
        }
        Ok(found)
    }
}

fn left_out(
    what: &'static str,
    name: String,
    loudest: Loudest,
    hotspot: &Hotspot,
    line: &Hotspot,
    count: CountBy,
) -> LeftOut {
    let rises = |class| matches!(class, HotspotClass::New | HotspotClass::Rising);
    let stays = rises(hotspot.class).then(|| rises(line.class));
    let [what_nl, what_en] = if what == "sender" {
        ["de drukste afzender", "the loudest sender"]
    } else {
        ["het drukste gesprek", "the loudest conversation"]
    };
    let counted = line.statistics.counted;
    let [words_nl, words_en] = count.words();
    let one_or_many = |words: [&'static str; 2]| words[usize::from(counted != 1)];
    let p = line.p_corrected.map(|p| probability(p).map(|p| format!(" ({p})"))).unwrap_or_default();
    let [then_nl, then_en] = match stays {
        Some(true) => {
            [format!(": nog steeds een duidelijke stijging{}", p[0]), format!(": still a clear rise{}", p[1])]
        }
        Some(false) => {
            [format!(": geen duidelijke stijging meer{}", p[0]), format!(": no clear rise any more{}", p[1])]
        }
        None => Default::default(),
    };
    let [held, of, left] = [loudest.messages, hotspot.counts.messages, counted].map(whole);
    LeftOut {
        sentence: said(
            format!(
                "Zonder {what_nl} ({} van {} berichten) blijven er {} {}{then_nl}.",
                held[0],
                of[0],
                left[0],
                one_or_many(words_nl)
            ),
            format!(
                "Without {what_en} ({} of {} messages) {} {} are left{then_en}.",
                held[1],
                of[1],
                left[1],
                one_or_many(words_en)
            ),
        ),
        what: what.to_owned(),
        name,
        held: loudest.messages,
        counts: line.counts,
        counted,
        p_corrected: line.p_corrected,
        class: line.class,
        stays,
    }
}

/// Edges of days or weeks from the beginning of the period, on the clock of the zone; the last one ends with the period.
fn days_or_weeks(from_ms: TimeMs, to_ms: TimeMs, zone: &TimeZone) -> (Vec<TimeMs>, u32) {
    let days = to_ms.saturating_sub(from_ms) / DAY_MS;
    let mut step = if days <= MOST_DAYS { 1 } else { 7 };
    // A century of weeks is no picture any more.
    while days / i64::from(step) > 520 {
        step *= 2;
    }
    let mut edges = vec![from_ms];
    let mut at = Timestamp::from_millisecond(from_ms).ok().map(|at| at.to_zoned_datetime(zone.clone()));
    while let Some(next) = at.and_then(|at| at.checked_add(Span::new().try_days(step).ok()?).ok()) {
        let next_ms = next.timestamp().as_millisecond();
        if next_ms >= to_ms {
            break;
        }
        edges.push(next_ms);
        at = Some(next);
    }
    edges.push(to_ms);
    (edges, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_clock_and_long_periods_are_told_by_week() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let at = |text: &str| times::parse(text, &zone).unwrap();
        // Summer time began on 29 March 2020: a day of 23 hours.
        let (edges, step) = days_or_weeks(at("2020-03-28"), at("2020-03-31"), &zone);
        assert_eq!((step, edges), (1, vec![at("2020-03-28"), at("2020-03-29"), at("2020-03-30"), at("2020-03-31")]));
        let (edges, step) = days_or_weeks(at("2020-01-01"), at("2020-04-01"), &zone);
        assert_eq!((step, edges.len()), (7, 14));
        assert_eq!(days_or_weeks(5, 6, &zone), (vec![5, 6], 1));
        assert!(days_or_weeks(0, i64::MAX / 2, &zone).0.len() < 600);
    }
}
