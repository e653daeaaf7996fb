//! Ages in words: "10 years ago" as the interval that they allow.
//!
//! Scripts that print ages count whole units and drop the rest, so "10 years ago" is said of every instant in
//! (now − 11 years, now − 10 years]. The best single value is now less the words' span: the interval's end.

use chrono::{DateTime, Duration, FixedOffset, Months, Utc};

use crate::model::date::{Precision, When, Zone};

/// An age longer than this many years is not a news article's; nor does it fit every calendar.
const OLDEST_YEARS: u32 = 200;

/// A number of whole units before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Age {
    /// How many.
    pub(super) count: u32,
    /// Of what: also the precision that the words have.
    pub(super) unit: Precision,
    /// Whether the unit is seven days.
    pub(super) weeks: bool,
}

impl Age {
    /// What the words mean now; `None` when they lead out of the calendar.
    pub(super) fn before(self, now: DateTime<Utc>) -> Option<When> {
        let latest = self.less(now, self.count)?;
        // The first second inside the half-open interval.
        let earliest = self.less(now, self.count.checked_add(1)?)? + Duration::seconds(1);
        Some(When {
            at: latest.fixed_offset(),
            earliest: earliest.min(latest),
            latest,
            precision: self.unit,
            zone: Zone::Stated,
        })
    }

    fn less(self, now: DateTime<Utc>, count: u32) -> Option<DateTime<Utc>> {
        let months = |count: u32, each: u32| {
            let months = count.checked_mul(each).filter(|months| *months <= OLDEST_YEARS * 12)?;
            now.checked_sub_months(Months::new(months))
        };
        let seconds = |each: i64| {
            let seconds =
                i64::from(count).checked_mul(each).filter(|s| *s <= i64::from(OLDEST_YEARS) * 366 * 86_400)?;
            now.checked_sub_signed(Duration::seconds(seconds))
        };
        match self.unit {
            Precision::Year => months(count, 12),
            Precision::Month => months(count, 1),
            Precision::Day if self.weeks => seconds(7 * 86_400),
            Precision::Day => seconds(86_400),
            Precision::Hour => seconds(3600),
            Precision::Minute => seconds(60),
            Precision::Second => seconds(1),
        }
    }
}

/// What "just now" means: the last minute.
pub(super) fn just_now(now: DateTime<Utc>) -> When {
    let at: DateTime<FixedOffset> = now.fixed_offset();
    When { at, earliest: now - Duration::seconds(59), latest: now, precision: Precision::Minute, zone: Zone::Stated }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::Age;
    use crate::model::date::Precision;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_half_open_intervals_of_whole_units() {
        let now = utc("2026-11-22T12:00:00Z");
        for (count, unit, weeks, earliest, latest) in [
            (10, Precision::Year, false, "2015-11-22T12:00:01Z", "2016-11-22T12:00:00Z"),
            (1, Precision::Month, false, "2026-09-22T12:00:01Z", "2026-10-22T12:00:00Z"),
            (2, Precision::Day, true, "2026-11-01T12:00:01Z", "2026-11-08T12:00:00Z"),
            (3, Precision::Hour, false, "2026-11-22T08:00:01Z", "2026-11-22T09:00:00Z"),
            (0, Precision::Second, false, "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z"),
        ] {
            let when = Age { count, unit, weeks }.before(now).unwrap();
            assert_eq!((when.earliest, when.latest), (utc(earliest), utc(latest)), "{count} {unit:?}");
            assert_eq!(when.at, when.latest);
        }
    }

    #[test]
    fn ages_out_of_the_calendar_are_none() {
        let now = utc("2026-11-22T12:00:00Z");
        for unit in [Precision::Year, Precision::Month, Precision::Day, Precision::Hour] {
            assert_eq!(Age { count: u32::MAX, unit, weeks: true }.before(now), None, "{unit:?}");
        }
    }
}
