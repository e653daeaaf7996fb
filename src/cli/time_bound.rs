//! `--since` and `--until`: a time, a date or an age.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// A point in time, as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeBound {
    At(DateTime<Utc>),
    /// So long ago.
    Ago(TimeDelta),
}

impl TimeBound {
    /// The instant meant, as far as the archive can write it: its times sort as texts from the year 0 to 9999.
    pub(super) fn at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let at = match self {
            Self::At(at) => at,
            Self::Ago(age) => now.checked_sub_signed(age).unwrap_or(DateTime::<Utc>::MIN_UTC),
        };
        let [first, last] = [(0, 1, 1), (9999, 12, 31)].map(|(year, month, day)| {
            let date = NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar");
            date.and_time(NaiveTime::MIN).and_utc()
        });
        at.clamp(first, last)
    }
}

impl FromStr for TimeBound {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::At(at.to_utc()));
        }
        if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Ok(Self::At(date.and_time(NaiveTime::MIN).and_utc()));
        }
        let age = humantime::parse_duration(text).ok().and_then(|age| TimeDelta::from_std(age).ok());
        age.map(Self::Ago)
            .ok_or_else(|| "neither a time (2026-03-01T12:00:00Z) nor a date (2026-03-01) nor an age (7d)".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::TimeBound;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let now: DateTime<Utc> = "2026-03-08T12:00:00Z".parse().unwrap();
        let found = text.parse::<TimeBound>().map(|bound| bound.at(now).to_rfc3339());
        assert_eq!(found.as_deref(), Ok(expected), "{text}");
    }

    #[test]
    fn times_dates_and_ages() {
        check("2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00+00:00");
        check("2026-03-01", "2026-03-01T00:00:00+00:00");
        check("7d", "2026-03-01T12:00:00+00:00");
        check("1h 30m", "2026-03-08T10:30:00+00:00");
    }

    #[test]
    fn what_no_archive_holds_is_its_edge() {
        check("100000years", "0000-01-01T00:00:00+00:00");
        check("+12026-03-01", "9999-12-31T00:00:00+00:00");
        check("-0044-03-15", "0000-01-01T00:00:00+00:00");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "yesterday", "7", "2026-13-01", "99999999999999999999d", "2026-03-01T12:00:00"] {
            assert!(text.parse::<TimeBound>().is_err(), "{text}");
        }
    }
}
