//! A text as a row of pieces: dates, labels, and other words.

use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::clock::{Time, ZoneWord};
use super::dates::Date;
use super::parts::Phrase;
use super::relative::{Age, just_now};
use super::text::{Kind, Token};
use super::words::{DICTIONARY, Meaning};
use crate::model::date::{DateField, Precision, When, Zone};
use crate::timezone;

/// Why a phrase has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No date is said, or none that exists.
    NotADate,
    /// Day and month can't be told apart, even with the page's language and country.
    Ambiguous,
}

impl Unreadable {
    /// The words for `reject_reason`.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotADate => "not a readable date",
            Self::Ambiguous => "day and month can't be told apart",
        }
    }
}

/// What the reading of words depends on beside them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// BCP 47 tag.
    pub(crate) language: Option<&'a str>,
    /// The moment at which the words were seen.
    pub(crate) now: DateTime<Utc>,
    /// For dates without an offset; UTC when `None`.
    pub(crate) assume: Option<Tz>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// A date.
    Date(Found),
    /// A word that says what a date is.
    Label(DateField, Span),
    /// A word or a number that has to do with no date.
    Other(Span),
    /// Punctuation outside dates.
    Mark(char),
}

/// A range of tokens: the first and the one past the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// The first token.
    pub(super) first: usize,
    /// The token past the last.
    pub(super) end: usize,
}

/// A date among tokens.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) span: Span,
    date: Option<Date>,
    time: Option<Time>,
    zone: Option<ZoneWord>,
    weekday: Option<u32>,
    ago: Option<When>,
}

impl Found {
    fn at(first: usize) -> Self {
        Self { span: Span { first, end: first }, date: None, time: None, zone: None, weekday: None, ago: None }
    }

    /// Whether it is an age and not a calendar date.
    pub(super) fn is_relative(&self) -> bool {
        self.ago.is_some()
    }

    /// Whether it is a time of day alone.
    pub(super) fn is_time_only(&self) -> bool {
        self.ago.is_none() && self.date.is_none()
    }

    /// Whether it is a day word alone: "today", "Yesterday".
    pub(super) fn is_day_word(&self) -> bool {
        matches!(self.date, Some(Date::FromToday(_))) && self.time.is_none()
    }

    /// Whether it is a calendar date with its year.
    pub(super) fn is_full(&self) -> bool {
        matches!(self.date, Some(Date::Full(_) | Date::Ambiguous(..)))
    }

    fn says_something(&self) -> bool {
        self.ago.is_some() || self.date.is_some() || self.time.is_some_and(|time| time.minute.is_some())
    }
}

/// The pieces of a row of tokens.
pub(super) fn pieces(tokens: &[Token], setting: &Setting<'_>) -> Vec<Piece> {
    let locale = DICTIONARY.locale(setting.language);
    let phrase = Phrase { tokens, locale, this_year: setting.now.year() };
    let mut row = Row { pieces: Vec::new(), open: None };
    let mut parentheses = 0_u32;
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let found =
            DICTIONARY.find(tokens, at, locale, |meaning| !matches!(meaning, Meaning::Half(_) | Meaning::MonthUnit));
        if let Some((Meaning::Ago(unit, weeks, count), taken)) = age(&phrase, at) {
            let number =
                tokens[at..at + taken].iter().find_map(Token::number).and_then(|number| u32::try_from(number).ok());
            let ago = count.or(number).and_then(|count| Age { count, unit, weeks }.before(setting.now));
            row.close();
            let span = Span { first: at, end: at + taken };
            row.pieces.push(match ago {
                Some(_) => Piece::Date(Found { span, ago, ..Found::at(at) }),
                None => Piece::Other(span),
            });
            at += taken;
            continue;
        }
        if let Some((Meaning::Now, taken)) = found {
            row.close();
            let span = Span { first: at, end: at + taken };
            row.pieces.push(Piece::Date(Found { span, ago: Some(just_now(setting.now)), ..Found::at(at) }));
            at += taken;
            continue;
        }
        // A label before a date: months such as "May" are never labels, but `maj` is both in Danish and French.
        let date = phrase.date(at);
        let label = match found {
            Some((Meaning::Label(field), taken)) if date.is_none() => Some((field, taken)),
            _ => None,
        };
        if let Some((date, taken)) = date {
            if row.open.as_ref().is_some_and(|open| open.date.is_some()) {
                row.close();
            }
            row.extend(at, taken, |open| open.date = Some(date));
            at += taken;
        } else if let Some((field, taken)) = label {
            row.close();
            row.pieces.push(Piece::Label(field, Span { first: at, end: at + taken }));
            at += taken;
        } else if let Some((time, taken)) = time(&phrase, at, row.open.as_ref()) {
            let second_time = row.open.as_ref().is_some_and(|open| open.time.is_some());
            if second_time && parentheses > 0 {
                // `2010 GMT (0410 HKT)`: the same instant elsewhere.
                row.extend(at, taken, |_| ());
            } else {
                if second_time {
                    row.close();
                }
                row.extend(at, taken, |open| open.time = Some(time));
            }
            at += taken;
        } else if let Some((zone, taken)) =
            phrase.zone(at).filter(|_| row.open.as_ref().is_some_and(|open| open.time.is_some()))
        {
            row.extend(at, taken, |open| {
                open.zone.get_or_insert(zone);
            });
            at += taken;
        } else if let Some(year) = lone_year(token, row.open.as_ref()) {
            row.extend(at, 1, |open| open.date = Some(year));
            at += 1;
        } else {
            match found {
                Some((Meaning::Weekday(day), taken)) => {
                    row.extend(at, taken, |open| open.weekday = Some(day));
                    at += taken;
                }
                Some((Meaning::Day(days), taken)) => {
                    if row.open.as_ref().is_some_and(|open| open.date.is_some()) {
                        row.close();
                    }
                    row.extend(at, taken, |open| open.date = Some(Date::FromToday(days)));
                    at += taken;
                }
                Some((Meaning::Filler, taken)) => at += taken,
                // The `T` of ISO 8601, and the ordinal endings and units left over from a date.
                _ if token.is_word("t") && row.open.is_some() => at += 1,
                _ => {
                    if let Kind::Mark(mark) = token.kind {
                        match mark {
                            '(' => parentheses += 1,
                            ')' => parentheses = parentheses.saturating_sub(1),
                            _ => {}
                        }
                        if row.open.is_none() {
                            row.pieces.push(Piece::Mark(mark));
                        }
                    } else if parentheses > 0 && row.open.as_ref().is_some_and(|open| open.zone.is_some()) {
                        // `GMT+0100 (Central European Standard Time)`: the zone's long name.
                    } else {
                        row.close();
                        row.pieces.push(Piece::Other(Span { first: at, end: at + 1 }));
                    }
                    at += 1;
                }
            }
        }
    }
    row.close();
    row.pieces
}

fn age(phrase: &Phrase<'_>, at: usize) -> Option<(Meaning, usize)> {
    DICTIONARY.find(phrase.tokens, at, phrase.locale, |meaning| matches!(meaning, Meaning::Ago(..)))
}

/// A time here; one without a separator only where the `T` before it or the zone after it shows that it is one.
fn time(phrase: &Phrase<'_>, at: usize, open: Option<&Found>) -> Option<(Time, usize)> {
    if let Some(found) = phrase.time(at) {
        return Some(found);
    }
    let after_t = at > 0 && phrase.tokens[at - 1].is_word("t") && open.is_some_and(|open| open.date.is_some());
    let before_zone = || {
        let next = phrase.tokens.get(at + 1);
        next.is_some_and(|next| next.capitals && next.spaced && (phrase.zone(at + 1).is_some() || next.is_word("hrs")))
            || next.is_some_and(|next| next.is_word("hrs"))
    };
    if after_t || before_zone() { phrase.bare_time(at).map(|time| (time, 1)) } else { None }
}

/// The year of `Thu Mar 5 10:20:00 2015`.
fn lone_year(token: &Token, open: Option<&Found>) -> Option<Date> {
    let Some(Date::Yearless(month, day)) = open?.date else { return None };
    let year = token.number().filter(|year| token.text.len() == 4 && (1500..2200).contains(year))?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(Date::Full)
}

struct Row {
    pieces: Vec<Piece>,
    open: Option<Found>,
}

impl Row {
    fn extend(&mut self, at: usize, taken: usize, change: impl FnOnce(&mut Found)) {
        let open = self.open.get_or_insert_with(|| Found::at(at));
        open.span.end = at + taken;
        change(open);
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.pieces.push(if open.says_something() { Piece::Date(open) } else { Piece::Other(open.span) });
        }
    }
}

/// The value of a found date. `day` is the day that a time alone belongs to, when the text around it tells; else today.
pub(super) fn resolve(found: &Found, setting: &Setting<'_>, day: Option<NaiveDate>) -> Result<When, Unreadable> {
    if let Some(when) = found.ago {
        return Ok(when);
    }
    let clock = Clock { zone: found.zone.as_ref(), assume: setting.assume };
    let today = clock.today(setting.now);
    let date = match found.date {
        Some(Date::Full(date)) => date,
        Some(Date::Month(year, month)) => {
            let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or(Unreadable::NotADate)?;
            let next = first.checked_add_months(Months::new(1)).ok_or(Unreadable::NotADate)?;
            return clock.when(first.and_time(NaiveTime::MIN), next.and_time(NaiveTime::MIN), Precision::Month);
        }
        Some(Date::Yearless(month, day)) => latest_such_day(month, day, today).ok_or(Unreadable::NotADate)?,
        Some(Date::Ambiguous(one, other)) => {
            let fits = |date: &NaiveDate| found.weekday == Some(date.weekday().number_from_monday());
            match (fits(&one), fits(&other)) {
                (true, false) => one,
                (false, true) => other,
                _ => return Err(Unreadable::Ambiguous),
            }
        }
        Some(Date::FromToday(days)) => today.checked_add_signed(Duration::days(days)).ok_or(Unreadable::NotADate)?,
        None => day.unwrap_or(today),
    };
    let (start, length, precision) = match found.time {
        None => {
            let next = date.checked_add_days(Days::new(1)).ok_or(Unreadable::NotADate)?;
            return clock.when(date.and_time(NaiveTime::MIN), next.and_time(NaiveTime::MIN), Precision::Day);
        }
        Some(Time { hour, minute, second }) => {
            let start = date.and_hms_opt(hour, minute.unwrap_or(0), second.unwrap_or(0)).ok_or(Unreadable::NotADate)?;
            match (minute, second) {
                (_, Some(_)) => (start, 1, Precision::Second),
                (Some(_), None) => (start, 60, Precision::Minute),
                (None, None) => (start, 3600, Precision::Hour),
            }
        }
    };
    clock.when(start, start + Duration::seconds(length), precision)
}

/// The latest day of this month and number that is not further ahead than clocks and zones go wrong.
fn latest_such_day(month: u32, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    let limit = today.checked_add_days(Days::new(2))?;
    (0..9).find_map(|years| NaiveDate::from_ymd_opt(limit.year() - years, month, day).filter(|date| *date <= limit))
}

/// How local times become instants.
struct Clock<'a> {
    zone: Option<&'a ZoneWord>,
    assume: Option<Tz>,
}

impl Clock<'_> {
    fn offset(&self, local: NaiveDateTime) -> chrono::FixedOffset {
        match self.zone {
            Some(ZoneWord::Minutes(minutes)) => chrono::FixedOffset::east_opt(minutes * 60),
            Some(ZoneWord::Name(name)) => timezone::offset_at(name, local),
            None => self.assume.map(|zone| timezone::local_offset(zone, local)),
        }
        .unwrap_or_else(|| Utc.fix())
    }

    fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        let offset = self.offset(now.naive_utc());
        offset.from_utc_datetime(&now.naive_utc()).date_naive()
    }

    /// The half-open local interval as an instant with its precision.
    fn when(&self, start: NaiveDateTime, end: NaiveDateTime, precision: Precision) -> Result<When, Unreadable> {
        let instant =
            |local: NaiveDateTime| self.offset(local).from_local_datetime(&local).single().ok_or(Unreadable::NotADate);
        let (start, end) = (instant(start)?, instant(end)?);
        let stated = self.zone.is_some();
        Ok(When {
            at: if stated { start } else { start.to_utc().fixed_offset() },
            earliest: start.to_utc(),
            latest: (end.to_utc() - Duration::seconds(1)).max(start.to_utc()),
            precision,
            zone: if stated { Zone::Stated } else { Zone::Assumed },
        })
    }
}
