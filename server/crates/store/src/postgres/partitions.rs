//! Partitions of messages and mentions: one a month (UTC), made when the first message of it comes.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use sqlx::{AssertSqlSafe, PgPool};

use crate::Result;

/// First year with months of its own, and the first without: a file full of nonsense makes 600 partitions and no more.
const YEARS: std::ops::Range<i16> = 2000..2050;

/// A stretch of time that one partition holds, in seconds, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Period {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// The period of a second, and the month when it has one of its own.
fn period(second: i64) -> (Period, Option<Date>) {
    let first = start(jiff::civil::date(YEARS.start, 1, 1));
    let past = start(jiff::civil::date(YEARS.end, 1, 1));
    if second < first {
        return (Period { from: i64::MIN, to: first }, None);
    }
    let Some(at) = Timestamp::from_second(second).ok().filter(|_| second < past) else {
        return (Period { from: past, to: i64::MAX }, None);
    };
    let month = TimeZone::UTC.to_datetime(at).date().first_of_month();
    (Period { from: start(month), to: start(month.last_of_month().tomorrow().unwrap_or(month)) }, Some(month))
}

/// The first second of a day.
fn start(date: Date) -> i64 {
    TimeZone::UTC.to_timestamp(date.to_datetime(Time::midnight())).map_or(0, Timestamp::as_second)
}

/// Sorts by period what was sent at some second.
pub(super) fn by_period<T>(items: impl Iterator<Item = (i64, T)>) -> BTreeMap<Period, Vec<T>> {
    let mut sorted: BTreeMap<Period, Vec<T>> = BTreeMap::new();
    // Neighbours are mostly of one month.
    let mut last: Option<Period> = None;
    for (second, item) in items {
        let found = last.filter(|last| (last.from..last.to).contains(&second)).unwrap_or_else(|| period(second).0);
        last = Some(found);
        sorted.entry(found).or_default().push(item);
    }
    sorted
}

/// Months whose partitions are there.
#[derive(Default)]
pub(super) struct Made(Mutex<HashSet<Date>>);

impl Made {
    fn is_made(&self, month: Date) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&month)
    }

    /// Makes the partitions of these periods where they are not there.
    pub(super) async fn ensure(&self, pool: &PgPool, periods: impl Iterator<Item = Period>) -> Result<()> {
        let months = periods.filter(|period| period.from > i64::MIN).filter_map(|found| period(found.from).1);
        for month in months.filter(|month| !self.is_made(*month)).collect::<Vec<_>>() {
            make(pool, month).await?;
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(month);
        }
        Ok(())
    }
}

/// One statement a table, each by itself: a transaction that held one and waited for the other could wait for ever.
async fn make(pool: &PgPool, month: Date) -> Result<()> {
    let Period { from, to } = period(start(month)).0;
    for table in ["messages", "mentions"] {
        let name = format!("{table}_{:04}{:02}", month.year(), month.month());
        // Looking first: making waits for everybody who reads the table.
        let is_there: bool =
            sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(&name).fetch_one(pool).await?;
        if is_there {
            continue;
        }
        let sql = format!("CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES FROM ({from}) TO ({to})");
        let made = sqlx::query(AssertSqlSafe(sql)).execute(pool).await;
        // Of two at once, one is told that it is there.
        let is_there_now = |error: &sqlx::Error| {
            let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
            code.is_some_and(|code| ["42P07", "23505", "42P17"].contains(&code.as_ref()))
        };
        match made {
            Err(error) if !is_there_now(&error) => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_second_is_of_exactly_one_period() {
        for second in
            [i64::MIN, -1, 0, 946_684_799, 946_684_800, 1_590_000_000, 2_524_607_999, 2_524_608_000, i64::MAX - 1]
        {
            let Period { from, to } = period(second).0;
            assert!(from <= second && second < to, "{second}: {from}..{to}");
            assert_eq!(period(from).0, period(to - 1).0);
        }
        assert_eq!(period(946_684_799).1, None);
        assert_eq!(period(946_684_800).1, Some(jiff::civil::date(2000, 1, 1)));
        assert_eq!(period(2_524_607_999).1, Some(jiff::civil::date(2049, 12, 1)));
        assert_eq!(period(2_524_608_000).1, None);
        // 2020-02-29T23:59:59Z and the second after.
        assert_ne!(period(1_583_020_799), period(1_583_020_800));
    }

    #[test]
    fn items_are_sorted_by_period_and_keep_their_order() {
        let sorted = by_period([(1_590_000_000, 'a'), (0, 'b'), (1_590_000_001, 'c')].into_iter());
        assert_eq!(sorted.into_values().collect::<Vec<_>>(), [vec!['b'], vec!['a', 'c']]);
    }
}
