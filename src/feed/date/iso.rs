//! ISO 8601 and what is written like it.

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::rest::Rest;
use super::{Stamp, zone};

/// `2003-12-31T10:14:55Z` with its variants: basic form, ordinal day, week, missing parts, spaces, slashes. `None` for what
/// is written otherwise, or goes on.
pub(super) fn read(text: &str) -> Option<Stamp> {
    let mut rest = Rest(text);
    let mut stamp = Stamp { month: 1, day: 1, ..Stamp::default() };
    let width = rest.digits();
    let year = i32::try_from(rest.number(4, 4)?).ok()?;
    stamp.year = year;
    // A time and a zone belong to a day.
    let has_day = match width {
        4 => match rest.one_of(&['-', '/', '.', '–', '‐', '‑']) {
            None => false,
            Some('-') if rest.0.starts_with('W') => {
                rest.0 = &rest.0[1..];
                let week = rest.number(2, 2)?;
                let weekday = rest.one_of(&['-']).and_then(|_| rest.number(1, 1));
                set_day(&mut stamp, NaiveDate::from_isoywd_opt(year, week, weekday_of(weekday.unwrap_or(1))?)?);
                weekday.is_some()
            }
            Some(_) if rest.digits() == 3 => {
                set_day(&mut stamp, NaiveDate::from_yo_opt(year, rest.number(3, 3)?)?);
                true
            }
            Some(separator) => {
                stamp.month = rest.number(1, 2)?;
                let day = rest.one_of(&[separator]).map(|_| rest.number(1, 2));
                stamp.day = day.unwrap_or(Some(1))?;
                day.is_some()
            }
        },
        7 => {
            set_day(&mut stamp, NaiveDate::from_yo_opt(year, rest.number(3, 3)?)?);
            true
        }
        8 | 12 | 14 => {
            stamp.month = rest.number(2, 2)?;
            stamp.day = rest.number(2, 2)?;
            true
        }
        _ => return None,
    };
    rest.skip_space();
    if has_day {
        let has_mark = rest.one_of(&['T', 't', ',', '-']).is_some();
        rest.skip_space();
        if rest.digits() > 0 {
            stamp.time = Some(rest.clock()?);
        } else if has_mark && !rest.0.is_empty() {
            return None;
        }
        stamp.zone = zone::take(&mut rest);
        let _again = stamp.zone.and_then(|_| zone::take(&mut rest)); // `+02:00[Europe/Berlin]`, `+0000 UTC`.
    }
    rest.skip_space();
    rest.0.is_empty().then_some(stamp)
}

fn set_day(stamp: &mut Stamp, date: NaiveDate) {
    (stamp.month, stamp.day) = (date.month(), date.day());
    stamp.year = date.year();
}

/// 1 is Monday.
fn weekday_of(number: u32) -> Option<Weekday> {
    u8::try_from(number).ok()?.checked_sub(1).and_then(|index| Weekday::try_from(index).ok())
}
