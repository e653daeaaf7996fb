//! `--since`: a time, a day, or an age.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The instant that `2015-03-05T10:20:00Z`, `2015-03-05` or `14d` (ago) means.
///
/// # Errors
///
/// What is wrong, for a usage error.
pub(super) fn since(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(chrono::NaiveTime::MIN).and_utc());
    }
    let age = humantime::parse_duration(text).ok().and_then(|age| TimeDelta::from_std(age).ok());
    age.and_then(|age| now.checked_sub_signed(age)).ok_or_else(|| {
        format!("`{text}` is neither a time (2015-03-05T10:20:00Z), nor a day (2015-03-05), nor an age (14d)")
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::since;

    fn check(text: &str, expected: Option<&str>) {
        let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(since(text, time("2015-03-05T10:20:00Z")).ok(), expected.map(time), "{text}");
    }

    #[test]
    fn times_days_and_ages() {
        check("2015-03-01T01:00:00+01:00", Some("2015-03-01T00:00:00Z"));
        check(" 2015-03-01 ", Some("2015-03-01T00:00:00Z"));
        check("1h 20m", Some("2015-03-05T09:00:00Z"));
        check("4d", Some("2015-03-01T10:20:00Z"));
        for wrong in ["", "yesterday", "12", "-1d", "999999999999y", "2015-02-30"] {
            check(wrong, None);
        }
    }
}
