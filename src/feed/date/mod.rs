//! Dates as feeds write them → instants.
//!
//! RFC 822 and RFC 3339 are the two forms that the standards ask for; [`iso`] and [`worded`] read what is meant by the
//! rest too: names of zones, a missing time or zone, comments, ISO's basic form. What they don't understand whole is
//! asked of [`phrase`], which knows the dates of seventy languages and is dearer. What cannot be a date is an error
//! with its reason, never a guess.

mod iso;
mod rest;
mod worded;
mod zone;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _};

use self::rest::Rest;
use self::zone::StatedZone;
use crate::model::date::{Precision, Zone};
use crate::model::feed::EntryDate;
use crate::phrase::{self, Setting};
use crate::timezone;

/// A longer text is no date.
const MAX_LEN: usize = 120;
/// An entry can be announced before its date; a year ahead is a mistake.
const MAX_AHEAD: TimeDelta = TimeDelta::days(366);
/// Dates before this come from a zero, not from a publisher.
const FIRST_YEAR: i32 = 1900;

/// A date, and what is doubtful about it.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) date: EntryDate,
    /// What the text says and was not understood, so that the date may be wrong by it.
    pub(super) doubt: Option<&'static str>,
}

/// Reads a date; the language tells which of two numbers is the month. The error says why it is not believed.
pub(super) fn read(text: &str, setting: &Setting<'_>) -> Result<Reading, &'static str> {
    let raw = text.trim();
    if raw.len() > MAX_LEN {
        return Err("too long for a date");
    }
    let mut reading = match stamp(raw, setting) {
        Some(stamp) if stamp.is_doubtful => match in_words(raw, setting) {
            Some(reading) if reading.date.offset_seconds.is_some() => reading,
            Some(Reading { date, .. }) => Reading { date, doubt: stamp.doubt() },
            None => believed(stamp.reading(setting)?, setting)?,
        },
        // What cannot be in one calendar may be in another: `1 มีนาคม 2559`.
        Some(stamp) => match stamp.reading(setting).and_then(|reading| believed(reading, setting)) {
            Ok(reading) => reading,
            Err(reason) => in_words(raw, setting).ok_or(reason)?,
        },
        None => since_1970(raw).or_else(|| in_words(raw, setting)).ok_or("not a date")?,
    };
    raw.clone_into(&mut reading.date.raw);
    believed(reading, setting)
}

fn believed(reading: Reading, setting: &Setting<'_>) -> Result<Reading, &'static str> {
    if reading.date.at.year() < FIRST_YEAR {
        Err("too long ago")
    } else if reading.date.at > setting.now + MAX_AHEAD {
        Err("in the far future")
    } else {
        Ok(reading)
    }
}

/// A date in the words of any language.
fn in_words(text: &str, setting: &Setting<'_>) -> Option<Reading> {
    let when = phrase::calendar(text, setting).ok()?;
    let date = EntryDate {
        at: when.at.to_utc(),
        offset_seconds: (when.zone == Zone::Stated).then(|| when.at.offset().local_minus_utc()),
        has_time: !matches!(when.precision, Precision::Year | Precision::Month | Precision::Day),
        raw: String::new(),
    };
    Some(Reading { date, doubt: None })
}

/// A count of seconds, milliseconds or microseconds since 1970.
///
/// The ranges are 1979 to 2099, which no digits of a calendar date fall into: `20150305`, `20150305102000`.
fn since_1970(text: &str) -> Option<Reading> {
    let of_json = text.strip_prefix("/Date(").and_then(|text| text.strip_suffix(")/")); // As .NET writes them.
    let text = of_json.unwrap_or(text);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+'));
    let number = text.parse::<f64>().ok().filter(|_| is_number)?;
    #[expect(clippy::cast_possible_truncation, reason = "the bounds are far inside of i64")]
    let micros = match number {
        3e8..4.1e9 => (number * 1e6) as i64,
        3e11..4.1e12 => (number * 1e3) as i64,
        3e14..4.1e15 => number as i64,
        _ => return None,
    };
    let at = DateTime::from_timestamp_micros(micros)?;
    let date = EntryDate { at, offset_seconds: Some(0), has_time: true, raw: String::new() };
    Some(Reading { date, doubt: None })
}

/// A date as its text gives it, unchecked.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    year: i32,
    month: u32,
    day: u32,
    /// Hour, minute, second.
    time: Option<(u32, u32, u32)>,
    zone: Option<StatedZone>,
    /// Whether the text holds words that were passed over, or day, month and year could be another way round.
    is_doubtful: bool,
}

impl Stamp {
    /// The instant; without a zone it is in the one that is assumed, else UTC.
    fn reading(self, setting: &Setting<'_>) -> Result<Reading, &'static str> {
        let civil = self.civil().ok_or("no such day or time")?;
        let stated = match self.zone {
            Some(StatedZone::Offset(offset)) => Some(offset),
            Some(StatedZone::Place(zone)) => Some(timezone::local_offset(zone, civil)),
            Some(StatedZone::Unknown) | None => None,
        };
        let assumed =
            || setting.assume.map_or(FixedOffset::east_opt(0), |zone| Some(timezone::local_offset(zone, civil)));
        let at = stated.or_else(assumed).and_then(|offset| offset.from_local_datetime(&civil).single());
        let date = EntryDate {
            at: at.ok_or("no such day or time")?.to_utc(),
            offset_seconds: stated.map(|offset| offset.local_minus_utc()),
            has_time: self.time.is_some(),
            raw: String::new(),
        };
        Ok(Reading { date, doubt: self.doubt() })
    }

    fn doubt(&self) -> Option<&'static str> {
        (self.zone == Some(StatedZone::Unknown)).then_some("its zone is not known")
    }

    fn civil(&self) -> Option<NaiveDateTime> {
        let date = NaiveDate::from_ymd_opt(self.year, self.month, self.day)?;
        let (hour, minute, second) = self.time.unwrap_or_default();
        // 24:00 is the next day's beginning (ISO 8601), a leap second the last one of its minute.
        let (date, hour) = if (hour, minute, second) == (24, 0, 0) { (date + Days::new(1), 0) } else { (date, hour) };
        date.and_hms_opt(hour, minute, second.min(59))
    }
}

fn stamp(text: &str, setting: &Setting<'_>) -> Option<Stamp> {
    let (text, comment) = without_comments(text);
    // A year before the first: what a zero becomes on its way through a database.
    let is_negative =
        text.trim_start().strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_negative {
        return None;
    }
    let mut stamp = iso::read(text.trim()).or_else(|| worded::read(&text, setting))?;
    // `10:00 (PST)`: beside a stated zone it would only repeat it.
    let mut comment = Rest(&comment);
    stamp.zone = stamp.zone.or_else(|| zone::take(&mut comment).filter(|_| comment.0.trim_start().is_empty()));
    Some(stamp)
}

/// A text and its last RFC 822 comment. They may be nested: `Thu (a (nested) one), 1 Jan`.
fn without_comments(text: &str) -> (String, String) {
    let mut depth = 0usize;
    let (mut out, mut comment) = (String::with_capacity(text.len()), String::new());
    for c in text.chars() {
        match c {
            '(' => {
                depth += 1;
                comment.clear();
            }
            ')' => {
                depth = depth.saturating_sub(1);
                out.push(' ');
            }
            _ if depth == 0 => out.push(c),
            _ => comment.push(c),
        }
    }
    (out, comment)
}
