//! ISO 8601 and what is written like it.

use chrono::{Datelike as _, NaiveDate};

use super::rest::Rest;
use super::{Stamp, zone};

/// `2003-12-31T10:14:55Z` with its variants: basic form, ordinal day, missing parts, spaces, slashes. `None` for what
/// is written otherwise, or goes on.
pub(super) fn read(text: &str) -> Option<Stamp> {
    let mut rest = Rest(text);
    let width = rest.digits();
    let mut stamp = Stamp { month: 1, day: 1, ..Stamp::default() };
    match width {
        4 => {
            stamp.year = rest.number(4, 4)?.try_into().ok()?;
            let separator = rest.one_of(&['-', '/', '.']);
            if let Some(separator) = separator {
                if rest.digits() == 3 {
                    ordinal_day(&mut stamp, rest.number(3, 3)?)?;
                } else {
                    stamp.month = rest.number(1, 2)?;
                    if rest.one_of(&[separator]).is_some() {
                        stamp.day = rest.number(1, 2)?;
                    }
                }
            }
        }
        7 => {
            stamp.year = rest.number(4, 4)?.try_into().ok()?;
            ordinal_day(&mut stamp, rest.number(3, 3)?)?;
        }
        8 | 12 | 14 => {
            stamp.year = rest.number(4, 4)?.try_into().ok()?;
            stamp.month = rest.number(2, 2)?;
            stamp.day = rest.number(2, 2)?;
        }
        _ => return None,
    }
    rest.skip_space();
    let has_mark = rest.one_of(&['T', 't', ',', '-']).is_some();
    rest.skip_space();
    if rest.digits() > 0 {
        stamp.time = Some(rest.clock()?);
    } else if has_mark && !rest.0.is_empty() {
        return None;
    }
    stamp.zone = zone::take(&mut rest);
    let _again = stamp.zone.and_then(|_| zone::take(&mut rest)); // `+02:00[Europe/Berlin]`, `+0000 UTC`.
    rest.skip_space();
    rest.0.is_empty().then_some(stamp)
}

fn ordinal_day(stamp: &mut Stamp, day: u32) -> Option<()> {
    let date = NaiveDate::from_yo_opt(stamp.year, day)?;
    (stamp.month, stamp.day) = (date.month(), date.day());
    Some(())
}
