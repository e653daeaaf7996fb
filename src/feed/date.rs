//! Dates as feeds write them → instants.
//!
//! RFC 822 and RFC 3339 are the two forms that the standards ask for; this reads what is meant by the rest too: names
//! of zones, a missing time or zone, comments, ISO's basic form, seconds since 1970, and phrases in any language that
//! [`phrase`] knows. What cannot be a date is an error with its reason, never a guess.

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::model::date::{Precision, Zone};
use crate::model::feed::EntryDate;
use crate::{phrase, timezone};

/// A longer text is no date.
const MAX_LEN: usize = 120;
/// An entry can be announced before its date; a year ahead is a mistake.
const MAX_AHEAD: TimeDelta = TimeDelta::days(366);
/// Dates before this come from a zero, not from a publisher.
const FIRST_YEAR: i32 = 1900;

/// Where and when a date is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    /// The language of the feed, a BCP 47 tag: it tells which of two numbers is the month.
    pub(super) language: Option<&'a str>,
    /// The zone of a date that names none; else it is UTC.
    pub(super) assume: Option<Tz>,
    pub(super) now: DateTime<Utc>,
}

/// Reads a date. The error says why it is not believed.
pub(super) fn read(text: &str, setting: &Setting<'_>) -> Result<EntryDate, &'static str> {
    let raw = text.trim();
    if raw.len() > MAX_LEN {
        return Err("too long for a date");
    }
    let date = match stamp(raw, setting.language) {
        Some(stamp) if stamp.is_ambiguous => in_words(raw, setting).map_or_else(|| stamp.date(setting.assume), Ok)?,
        Some(stamp) => stamp.date(setting.assume)?,
        None => since_1970(raw).or_else(|| in_words(raw, setting)).ok_or("not a date")?,
    };
    if date.at.year() < FIRST_YEAR {
        return Err("too long ago");
    }
    if date.at > setting.now + MAX_AHEAD {
        return Err("in the far future");
    }
    Ok(EntryDate { raw: raw.to_owned(), ..date })
}

/// A date in the words of any language.
fn in_words(text: &str, setting: &Setting<'_>) -> Option<EntryDate> {
    let Setting { language, assume, now } = *setting;
    let when = phrase::calendar(text, &phrase::Setting { language, now, assume }).ok()?;
    Some(EntryDate {
        at: when.at.to_utc(),
        offset_seconds: (when.zone == Zone::Stated).then(|| when.at.offset().local_minus_utc()),
        has_time: !matches!(when.precision, Precision::Year | Precision::Month | Precision::Day),
        raw: String::new(),
    })
}

/// A count of seconds, milliseconds or microseconds since 1970.
///
/// The ranges are 1979 to 2099, which no digits of a calendar date fall into: `20150305`, `20150305102000`.
fn since_1970(text: &str) -> Option<EntryDate> {
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
    Some(EntryDate { at, offset_seconds: Some(0), has_time: true, raw: String::new() })
}

/// In the hour that occurs twice the first is taken; in the one that does not occur, the offset before it.
fn in_zone(zone: Tz, civil: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
    let before = || zone.from_local_datetime(&(civil - TimeDelta::hours(1))).earliest();
    Some(zone.from_local_datetime(&civil).earliest().or_else(before)?.fixed_offset())
}

/// A date as its text gives it, unchecked.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    year: i32,
    month: u32,
    day: u32,
    /// Hour, minute, second.
    time: Option<(u32, u32, u32)>,
    offset: Option<FixedOffset>,
    /// The zone that is named in the words of the IANA database.
    zone: Option<Tz>,
    /// Whether month and day could be the other way round.
    is_ambiguous: bool,
}

impl Stamp {
    /// The instant; without a zone it is in `assume`, else UTC.
    fn date(self, assume: Option<Tz>) -> Result<EntryDate, &'static str> {
        let civil = self.civil().ok_or("no such day or time")?;
        let stated = match (self.offset, self.zone) {
            (Some(offset), _) => offset.from_local_datetime(&civil).single(),
            (None, Some(zone)) => Some(in_zone(zone, civil).ok_or("no such time in its zone")?),
            (None, None) => None,
        };
        let assumed = || match assume {
            Some(zone) => in_zone(zone, civil).map(|at| at.to_utc()),
            None => Some(civil.and_utc()),
        };
        Ok(EntryDate {
            at: stated.map(|at| at.to_utc()).or_else(assumed).ok_or("no such time in its zone")?,
            offset_seconds: stated.map(|at| at.offset().local_minus_utc()),
            has_time: self.time.is_some(),
            raw: String::new(),
        })
    }

    fn civil(&self) -> Option<NaiveDateTime> {
        let date = NaiveDate::from_ymd_opt(self.year, self.month, self.day)?;
        let (hour, minute, second) = self.time.unwrap_or_default();
        // 24:00 is the next day's beginning (ISO 8601), a leap second the last one of its minute.
        let (date, hour) = if (hour, minute, second) == (24, 0, 0) { (date + Days::new(1), 0) } else { (date, hour) };
        date.and_hms_opt(hour, minute, second.min(59))
    }
}

fn stamp(text: &str, language: Option<&str>) -> Option<Stamp> {
    let text = without_comments(text);
    // A year before the first: what a zero becomes on its way through a database.
    let is_negative =
        text.trim_start().strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_negative {
        return None;
    }
    iso(text.trim()).or_else(|| worded(&text, language))
}

/// RFC 822 comments, which may be nested: `Thu (a (nested) one), 1 Jan`.
fn without_comments(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                out.push(' ');
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// A reader over the characters that are left.
#[derive(Debug, Clone, Copy)]
struct Rest<'a>(&'a str);

impl Rest<'_> {
    /// Takes `min` to `max` digits.
    fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let len = self.0.bytes().take(max).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(len);
        self.0 = if len >= min { rest } else { return None };
        digits.parse().ok()
    }

    /// How many digits come next.
    fn digits(self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// Takes one of `chars`.
    fn one_of(&mut self, chars: &[char]) -> Option<char> {
        let c = self.0.chars().next().filter(|c| chars.contains(c))?;
        self.0 = &self.0[c.len_utf8()..];
        Some(c)
    }

    fn skip_space(&mut self) {
        self.0 = self.0.trim_start();
    }
}

/// `2003-12-31T10:14:55Z` with its variants: basic form, ordinal day, missing parts, spaces, slashes.
fn iso(text: &str) -> Option<Stamp> {
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
        stamp.time = Some(clock(&mut rest)?);
    } else if has_mark && !rest.0.is_empty() {
        return None;
    }
    finish_with_zone(stamp, rest)
}

fn ordinal_day(stamp: &mut Stamp, day: u32) -> Option<()> {
    let date = NaiveDate::from_yo_opt(stamp.year, day)?;
    (stamp.month, stamp.day) = (date.month(), date.day());
    Some(())
}

/// `10:14:55.123`, `10:14`, `10.14`, `101455`, `8:56 pm`.
fn clock(rest: &mut Rest<'_>) -> Option<(u32, u32, u32)> {
    let (mut hour, minute, second);
    let width = rest.digits();
    if width == 4 || width == 6 {
        hour = rest.number(2, 2)?;
        minute = rest.number(2, 2)?;
        second = if width == 6 { rest.number(2, 2)? } else { 0 };
    } else {
        hour = rest.number(1, 2)?;
        let separator = rest.one_of(&[':', '.', 'h', 'H']);
        minute = if separator.is_some() { rest.number(1, 2)? } else { 0 };
        let has_second = separator.is_some_and(|separator| rest.one_of(&[separator]).is_some());
        second = if has_second { rest.number(1, 2)? } else { 0 };
    }
    if rest.one_of(&['.', ',', ':']).is_some() {
        rest.number(0, 12);
    }
    rest.skip_space();
    if let Some((is_afternoon, after)) = half_of_day(rest.0)
        && (1..=12).contains(&hour)
    {
        hour = hour % 12 + if is_afternoon { 12 } else { 0 };
        rest.0 = after;
    }
    (hour <= 24 && minute < 60 && second <= 60).then_some((hour, minute, second))
}

/// `am`, `PM`, `a.m.`, and no beginning of `America/New_York`: whether it is the afternoon, and what follows.
fn half_of_day(text: &str) -> Option<(bool, &str)> {
    let mut rest = Rest(text);
    let is_afternoon = matches!(rest.one_of(&['a', 'A', 'p', 'P'])?, 'p' | 'P');
    rest.one_of(&['.']);
    rest.one_of(&['m', 'M'])?;
    rest.one_of(&['.']);
    (!rest.0.starts_with(char::is_alphabetic)).then_some((is_afternoon, rest.0))
}

/// Reads the zone that ends a date. A word that is no zone is passed over: the date stands without it.
fn finish_with_zone(mut stamp: Stamp, mut rest: Rest<'_>) -> Option<Stamp> {
    rest.skip_space();
    if rest.0.is_empty() {
        return Some(stamp);
    }
    if let Some((offset, _)) = numeric_zone(rest.0) {
        stamp.offset = Some(offset);
        return Some(stamp);
    }
    if let Some((zone, _)) = named_zone(rest.0) {
        stamp.zone = Some(zone);
        return Some(stamp);
    }
    let word_len = rest.0.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, after) = rest.0.split_at(word_len);
    if word.is_empty() {
        return None;
    }
    let named = timezone::offset_of(word).or_else(|| military(word));
    // `GMT+0200`, `UTC-3`: the number counts.
    let corrected =
        if named.is_some_and(|zone| zone.local_minus_utc() == 0) { numeric_zone(after.trim()) } else { None };
    stamp.offset = corrected.map(|(offset, _)| offset).or(named);
    Some(stamp)
}

/// `+0200`, `+02:00`, `-3`, `+00:0`, with a typographic minus too; and what follows it.
fn numeric_zone(text: &str) -> Option<(FixedOffset, &str)> {
    let mut rest = Rest(text);
    let sign = match rest.one_of(&['+', '-', '−', '–'])? {
        '+' => 1,
        _ => -1,
    };
    rest.skip_space();
    let hours = i32::try_from(rest.number(1, 2)?).ok()?;
    let _colon = rest.one_of(&[':']);
    let minutes = i32::try_from(rest.number(0, 2).unwrap_or(0)).ok()?;
    if hours > 14 || minutes > 59 {
        return None;
    }
    let offset = FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))?;
    Some((offset, rest.0.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':')))
}

/// `Europe/Berlin`, also in brackets; and what follows it.
fn named_zone(text: &str) -> Option<(Tz, &str)> {
    let text = text.strip_prefix('[').unwrap_or(text);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let (name, after) = text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()));
    Some((name.contains('/').then(|| name.parse().ok()).flatten()?, after))
}

/// RFC 2822 section 4.3: the single letters were defined the wrong way round, so they all mean "unknown", −0000.
fn military(word: &str) -> Option<FixedOffset> {
    (word.len() == 1 && !word.eq_ignore_ascii_case("j")).then(|| FixedOffset::east_opt(0)).flatten()
}

/// `Thu, 01 Jan 2004 19:48:21 GMT` with its variants: asctime, month first, am and pm, dotted and slashed dates.
fn worded(text: &str, language: Option<&str>) -> Option<Stamp> {
    let mut stamp = Stamp::default();
    let mut numbers: Vec<u32> = Vec::new();
    let mut month_was_first = false;
    let mut rest = Rest(text);
    loop {
        rest.0 = rest
            .0
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.' | '\'' | '’' | '|'));
        let Some(next) = rest.0.chars().next() else { break };
        if next.is_ascii_digit() {
            let width = rest.digits();
            let after = rest.0.as_bytes().get(width).copied();
            let is_clock = after == Some(b':') && width <= 2;
            if is_clock && stamp.time.is_none() {
                stamp.time = Some(clock(&mut rest)?);
                let ahead = rest.0.trim_start();
                if let Some((offset, after)) = numeric_zone(ahead) {
                    stamp.offset = Some(offset);
                    rest.0 = after; // asctime has its year after the zone.
                }
            } else if stamp.month == 0 && numbers.is_empty() && matches!(after, Some(b'.' | b'/' | b'-')) {
                dotted(&mut stamp, &mut numbers, &mut rest)?;
            } else {
                if width > 4 || numbers.len() == 2 {
                    return None;
                }
                numbers.push(written_year(width, rest.number(1, 4)?));
                // `1st`, `2nd`, `3.`
                for suffix in ["st", "nd", "rd", "th", "TH"] {
                    rest.0 = rest.0.strip_prefix(suffix).unwrap_or(rest.0);
                }
            }
        } else if next == '+' {
            stamp.offset = numeric_zone(rest.0).map(|(offset, _)| offset);
            break;
        } else if let Some((zone, after)) = named_zone(rest.0) {
            (stamp.zone, rest.0) = (Some(zone), after);
        } else {
            let len = rest.0.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.0.len());
            let (word, after) = rest.0.split_at(len.max(next.len_utf8()));
            rest.0 = after;
            // `mar, 05 ene 2021`: what came before the day was a weekday that is called like a month.
            let may_be_month = (stamp.month == 0 || (month_was_first && stamp.time.is_none())) && !is_weekday(word);
            if may_be_month && let Some(month) = month(word, language) {
                stamp.month = month;
                month_was_first = numbers.is_empty();
            } else if stamp.time.is_some() && stamp.offset.is_none() {
                let named = timezone::offset_of(word).or_else(|| military(word));
                let is_zero = named.is_some_and(|zone| zone.local_minus_utc() == 0);
                let corrected = if is_zero { numeric_zone(after.trim_start()) } else { None };
                if let Some((_, after)) = corrected {
                    rest.0 = after;
                }
                stamp.offset = corrected.map(|(offset, _)| offset).or(named);
            }
        }
    }
    if stamp.month == 0 {
        return None;
    }
    match (stamp.day, numbers.as_slice()) {
        (0, [year, day]) if *year > 31 => (stamp.year, stamp.day) = (full_year(*year)?, *day),
        (0, [day, year]) => (stamp.day, stamp.year) = (*day, full_year(*year)?),
        // `January 2004`
        (0, [year]) if *year > 31 && month_was_first => (stamp.day, stamp.year) = (1, full_year(*year)?),
        (1.., []) => {}
        _ => return None,
    }
    Some(stamp)
}

/// The number of a month by its name in English, or how that begins, else by its name in any language.
fn month(word: &str, language: Option<&str>) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let in_english = (1..).zip(MONTHS).find(|(_, name)| begins(name, word)).map(|(number, _)| number);
    in_english.or_else(|| phrase::month(word, language))
}

fn is_weekday(word: &str) -> bool {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.iter().any(|name| begins(name, word))
}

/// Whether `name` begins with `word`, which has three letters at least.
fn begins(name: &str, word: &str) -> bool {
    word.len() >= 3 && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// `22.11.2022`, `05/03/2019`, `1-Jan-2004`. With slashes the month is first unless it cannot be one, or weekday or language
/// say otherwise.
fn dotted(stamp: &mut Stamp, numbers: &mut Vec<u32>, rest: &mut Rest<'_>) -> Option<()> {
    let mut ahead = *rest;
    let is_year = ahead.digits() == 4;
    let first = ahead.number(1, 4)?;
    let separator = ahead.one_of(&['.', '/', '-'])?;
    let second = if (1..=2).contains(&ahead.digits()) { ahead.number(1, 2) } else { None };
    let third = ahead.one_of(&[separator]).and_then(|_| ahead.number(if is_year { 1 } else { 2 }, 4));
    let (Some(second), Some(third)) = (second, third) else {
        numbers.push(rest.number(1, 4)?);
        return Some(());
    };
    *rest = ahead;
    if is_year {
        (stamp.year, stamp.month, stamp.day) = (i32::try_from(first).ok()?, second, third);
        return Some(());
    }
    let month_first = separator == '/' && first <= 12;
    (stamp.month, stamp.day) = if month_first { (first, second) } else { (second, first) };
    stamp.year = full_year(third)?;
    stamp.is_ambiguous = separator == '/' && first <= 12 && second <= 12 && first != second;
    Some(())
}

/// A number of four digits is meant in full: `0001` is no 2001 but a date that was never set.
fn written_year(width: usize, number: u32) -> u32 {
    if width == 4 && number < 1000 { NEVER } else { number }
}

/// A year that no date of a publisher has.
const NEVER: u32 = 1000;

/// Two digits are of the hundred years around 2019, as RFC 2822 section 4.3 nearly has it; three are a counter that ran over.
fn full_year(year: u32) -> Option<i32> {
    let full = match year {
        0..=69 => year + 2000,
        70..=999 => year + 1900,
        _ => year,
    };
    i32::try_from(full).ok()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Setting, read};

    fn setting() -> Setting<'static> {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        Setting { language: None, assume: None, now }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        check_in(None, text, expected);
    }

    #[track_caller]
    fn check_in(language: Option<&str>, text: &str, expected: &str) {
        let shown = match read(text, &Setting { language, ..setting() }) {
            Ok(date) => {
                let zone = date.offset_seconds.map_or("?".to_owned(), |offset| (offset / 60).to_string());
                format!("{} {zone}{}", date.at.format("%FT%TZ"), if date.has_time { "" } else { " day" })
            }
            Err(reason) => reason.to_owned(),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn rfc_822_is_read_with_its_slips() {
        check("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z 0");
        check("Fri, 25 Dec 2009 03:30:22 +0100", "2009-12-25T02:30:22Z 60");
        check("1 Jan 04 1:2 EST", "2004-01-01T06:02:00Z -300");
        check("Sat, Dec 16 2023 02:02:33 PM", "2023-12-16T14:02:33Z ?");
        check("Mon, 21 Jan 2008 8:56 am PST", "2008-01-21T16:56:00Z -480");
        check("Mon, 21 Jan 2008 8:56 p.m. PST", "2008-01-22T04:56:00Z -480");
        check("Thu(odd), 9(th) Feb(ruary) 2006 23:59:45 +0000(x)", "2006-02-09T23:59:45Z 0");
        check("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27T19:35:05Z 540");
        check("Thu, 09 Feb 2006 16:59:45 G", "2006-02-09T16:59:45Z 0");
        check("Friday, January 29, 2021 04:42 PM", "2021-01-29T16:42:00Z ?");
        check("Thu, 1 Jan 2004", "2004-01-01T00:00:00Z ? day");
        check("Thu, 1 Jan 2004 24:00:00 UT", "2004-01-02T00:00:00Z 0");
    }

    #[test]
    fn iso_is_read_with_its_slips() {
        check("2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z 0");
        check("2009-12-08T16:59:02.544-08:00", "2009-12-09T00:59:02Z -480");
        check("2017-06-13T03:18:00+00:0", "2017-06-13T03:18:00Z 0");
        check("2003-07-01 T 01:55:07 -05:00", "2003-07-01T06:55:07Z -300");
        check("2003-12", "2003-12-01T00:00:00Z ? day");
        check("2003", "2003-01-01T00:00:00Z ? day");
        check("20031231", "2003-12-31T00:00:00Z ? day");
        check("2003-335", "2003-12-01T00:00:00Z ? day");
        check("2020/1/10 14:33:00", "2020-01-10T14:33:00Z ?");
        check("Thu 2026-1-5 10:00", "2026-01-05T10:00:00Z ?");
        check("2026.05.01", "2026-05-01T00:00:00Z ? day");
        check("20021231T192030+01:00", "2002-12-31T18:20:30Z 60");
        check("2006-01-11 16:42 CET", "2006-01-11T15:42:00Z 60");
    }

    #[test]
    fn other_forms_are_read() {
        check("Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06Z -480");
        check("Sun Jan  4 16:29:06 +0100 2004", "2004-01-04T15:29:06Z 60");
        check("22.11.2022 12:16:00", "2022-11-22T12:16:00Z ?");
        check("Fri, 05/03/2019 - 15:21", "2019-05-03T15:21:00Z ?");
        check("Do, 4 März 2021 10:00:00 MEZ", "2021-03-04T09:00:00Z 60");
        check("mar, 05 ene 2021 10:00:00 +0100", "2021-01-05T09:00:00Z 60");
        check("maandag 4 januari 2021", "2021-01-04T00:00:00Z ? day");
        check("Mar 5 2021", "2021-03-05T00:00:00Z ? day");
        check("11 янв 2006 10:00 +0300", "2006-01-11T07:00:00Z 180");
        check("Sun Jan  4 16:29:06 −0100 2004", "2004-01-04T17:29:06Z -60");
        check("Sun, 4 Jan 2004 16:29:06 GMT –0100", "2004-01-04T17:29:06Z -60");
    }

    #[test]
    fn phrases_are_read_in_many_languages() {
        check("2015年3月5日 10:20", "2015-03-05T10:20:00Z ?");
        check("2004년 05월 28일  01:31:15", "2004-05-28T01:31:15Z ?");
        check("الخميس، 05 مارس 2015 10:20:00 +0300", "2015-03-05T07:20:00Z 180");
        check("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z -240");
        check("vor 2 Stunden", "not a date");
        check("gestern 10:20", "not a date");
    }

    #[test]
    fn weekday_and_language_tell_day_and_month_apart() {
        check("05/03/2019 15:21", "2019-05-03T15:21:00Z ?");
        check("Tue, 05/03/2019 15:21", "2019-03-05T15:21:00Z ?");
        check_in(Some("en-US"), "05/03/2019 15:21", "2019-05-03T15:21:00Z ?");
        check_in(Some("fr"), "05/03/2019 15:21", "2019-03-05T15:21:00Z ?");
        check_in(Some("en-GB"), "05/03/2019 15:21", "2019-03-05T15:21:00Z ?");
    }

    #[test]
    fn counts_of_seconds_are_instants() {
        check("1425550800", "2015-03-05T10:20:00Z 0");
        check("1425550800000", "2015-03-05T10:20:00Z 0");
        check("1425550800.5", "2015-03-05T10:20:00Z 0");
        check("201503051020", "2015-03-05T10:20:00Z ?");
        check("42", "not a date");
    }

    #[test]
    fn zones_are_known_by_the_name_of_a_place() {
        check("Thu, 05 Mar 2015 10:00:00 Europe/Berlin", "2015-03-05T09:00:00Z 60");
        check("2015-07-05T10:00:00 America/New_York", "2015-07-05T14:00:00Z -240");
        check("2015-07-05T10:00:00[Europe/Berlin]", "2015-07-05T08:00:00Z 120");
        check("2015-07-05T10:00:00+02:00[Europe/Berlin]", "2015-07-05T08:00:00Z 120");
        check("05/Jul/2015 10:00", "2015-07-05T10:00:00Z ?");
    }

    #[test]
    fn any_text_is_read_without_a_panic() {
        const PARTS: [&str; 24] = [
            "4",
            "16:29:06",
            " ",
            "−",
            "–",
            "-",
            "+",
            "0100",
            "GMT",
            "UTC",
            "Jan",
            "янв",
            "2004",
            "/",
            "[",
            "(",
            "Z",
            "T",
            "é",
            "Europe/Berlin",
            ".",
            ":",
            "pm",
            "\u{a0}",
        ];
        let mut state = 5_usize;
        for _ in 0..200_000 {
            let mut text = String::new();
            for _ in 0..9 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(PARTS[(state >> 33) % PARTS.len()]);
            }
            let _date = read(&text, &setting());
        }
    }

    #[test]
    fn what_is_no_date_has_a_reason() {
        check("insert published date here", "not a date");
        check("", "not a date");
        check("2003-02-31", "no such day or time");
        check("Thu, 01 Jan 2104 19:48:21 GMT", "in the far future");
        check("0001-01-01T00:00:00Z", "too long ago");
        check("-0001-11-30T00:00:00+00:00", "not a date");
        check("Mon, 01 Jan 0001 00:00:00 +0000", "too long ago");
        check(&"1".repeat(200), "too long for a date");
    }

    #[test]
    fn a_missing_zone_is_the_one_assumed() {
        let berlin = Setting { assume: Some(chrono_tz::Europe::Berlin), ..setting() };
        let date = read("2021-07-01 12:00", &berlin).unwrap();
        assert_eq!((date.at.to_rfc3339().as_str(), date.offset_seconds), ("2021-07-01T10:00:00+00:00", None));
        assert!(read("2021-03-28 02:30", &berlin).is_ok());
    }
}
