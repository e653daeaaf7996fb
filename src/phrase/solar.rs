//! Iran's solar calendar.

use chrono::{Days, NaiveDate};

/// A date of Iran's solar calendar, by the 33-year cycle that holds for the years 1178 to 1633.
pub(super) fn solar(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let days_in_month = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + u32::from(solar_leap(year)),
        _ => return None,
    };
    if !(1..=days_in_month).contains(&day) || !(1300..1500).contains(&year) {
        return None;
    }
    // 1 Farvardin 1300 was 21 March 1921.
    let before = (1300..year).map(|year| 365 + u64::from(solar_leap(year))).sum::<u64>();
    let months = (1..month).map(|month| if month <= 6 { 31 } else { 30 }).sum::<u64>();
    NaiveDate::from_ymd_opt(1921, 3, 21)?.checked_add_days(Days::new(before + months + u64::from(day) - 1))
}

fn solar_leap(year: u32) -> bool {
    [1, 5, 9, 13, 17, 22, 26, 30].contains(&(year % 33))
}

#[cfg(test)]
mod tests {
    use super::solar;

    #[test]
    fn days_agree_with_the_published_calendar() {
        for (year, month, day, expected) in [
            (1393, 12, 14, Some("2015-03-05")),
            (1399, 12, 30, Some("2021-03-20")),
            (1400, 1, 1, Some("2021-03-21")),
            (1403, 12, 30, Some("2025-03-20")),
            (1402, 12, 30, None),
            (1403, 7, 31, None),
            (1403, 13, 1, None),
        ] {
            assert_eq!(
                solar(year, month, day).map(|date| date.to_string()).as_deref(),
                expected,
                "{year}/{month}/{day}"
            );
        }
    }
}
