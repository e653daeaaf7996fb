//! RFC 822 and what else holds the words or numbers of a date in any order.

use chrono::NaiveDate;

use super::rest::Rest;
use super::zone::{self, StatedZone};
use super::{MAX_AHEAD, Stamp};
use crate::phrase::{self, Setting};

/// `Thu, 01 Jan 2004 19:48:21 GMT` with its variants: asctime, month first, am and pm, dotted and slashed dates.
pub(super) fn read(text: &str, setting: &Setting<'_>) -> Option<Stamp> {
    let mut words = Words { setting, stamp: Stamp::default(), numbers: Vec::new(), month_was_first: false };
    let mut rest = Rest(text);
    loop {
        if words.is_whole_day() && words.take_zone(&mut rest) {
            continue;
        }
        rest.take_while(|c| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '/' | '.' | '\'' | '’' | '|'));
        let Some(next) = rest.0.chars().next() else { break };
        if next.is_ascii_digit() {
            words.take_number(&mut rest)?;
        } else if !words.take_zone(&mut rest) {
            words.take_word(&mut rest);
        }
    }
    words.finish()
}

/// What was read of a date.
struct Words<'a> {
    setting: &'a Setting<'a>,
    stamp: Stamp,
    /// Those beside the month: the day and the year.
    numbers: Vec<u32>,
    month_was_first: bool,
}

impl Words<'_> {
    fn take_number(&mut self, rest: &mut Rest<'_>) -> Option<()> {
        let width = rest.digits();
        let after = rest.0.as_bytes().get(width).copied();
        let is_clock = after == Some(b':') || after == Some(b'.') && self.is_whole_day();
        if is_clock && width <= 2 {
            let time = rest.clock()?;
            self.stamp.time.get_or_insert(time); // A second one is an end.
            rest.skip_space();
            self.stamp.zone = self.stamp.zone.or(zone::number(rest)); // asctime has its year after the zone.
            return Some(());
        }
        let is_first = self.stamp.month == 0 && self.numbers.is_empty();
        if is_first && matches!(after, Some(b'.' | b'/' | b'-' | 0xE2)) && self.take_three_numbers(rest) {
            return Some(());
        }
        if width > 4 || self.numbers.len() == 2 {
            return None;
        }
        self.numbers.push(written_year(width, rest.number(1, 4)?));
        for suffix in ["st", "nd", "rd", "th", "TH"] {
            rest.0 = rest.0.strip_prefix(suffix).unwrap_or(rest.0); // `1st`, `2nd`
        }
        Some(())
    }

    /// `22.11.2022`, `05/03/2019`, `1-1-2004`, `03-12-31`: the order is the usual one of the separator that makes a date.
    fn take_three_numbers(&mut self, rest: &mut Rest<'_>) -> bool {
        let mut ahead = *rest;
        let Some((separator, numbers)) = three_numbers(&mut ahead) else { return false };
        let dates = orders(separator, numbers).into_iter().flatten();
        let is_possible = |date: &NaiveDate| *date <= (self.setting.now + MAX_AHEAD).date_naive();
        let mut possible = dates.clone().filter(|ymd| date_of(*ymd).as_ref().is_some_and(is_possible));
        // Where none is possible, the first tells what is wrong with it.
        let Some(date) = possible.next().or_else(|| dates.clone().next()) else { return false };
        self.stamp.is_doubtful |= possible.any(|other| other != date);
        (self.stamp.year, self.stamp.month, self.stamp.day) = date;
        *rest = ahead;
        true
    }

    /// Whether day, month and year were read.
    fn is_whole_day(&self) -> bool {
        self.stamp.month > 0 && (self.stamp.day > 0 || self.numbers.len() == 2)
    }

    /// A zone comes after the time or the day, unless it can be nothing else.
    fn take_zone(&mut self, rest: &mut Rest<'_>) -> bool {
        let text = rest.0.trim_start();
        let is_sure = text.starts_with(['+', '[']) || text[word_at(text).len()..].starts_with('/');
        let may_be = is_sure || self.stamp.time.is_some() || self.is_whole_day();
        let is_month = || self.stamp.month == 0 && month(word_at(text), self.setting.language).is_some();
        let is_mark = || self.stamp.time.is_none() && word_at(text) == "T";
        if self.stamp.zone.is_some() || !may_be || is_month() || is_mark() {
            return false;
        }
        self.stamp.zone = zone::take(rest);
        self.stamp.zone.is_some()
    }

    /// A weekday or a month. Any other word is passed over, and may have had a say in the date.
    fn take_word(&mut self, rest: &mut Rest<'_>) {
        let word = word_at(rest.0);
        if word.is_empty() {
            rest.0 = rest.0.get(rest.0.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
            return;
        }
        rest.0 = &rest.0[word.len()..];
        if is_weekday(word) || is_filler(word) {
            return;
        }
        let Stamp { month: known, time, zone, .. } = self.stamp;
        // `mar, 05 ene 2021`: what came before the day was a weekday that is called like a month.
        let may_be_month = known == 0 || (self.month_was_first && time.is_none());
        if may_be_month && let Some(month) = month(word, self.setting.language) {
            self.stamp.month = month;
            self.month_was_first = self.numbers.is_empty();
            return;
        }
        self.stamp.is_doubtful = true;
        let is_like_a_zone = (2..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
        if time.is_some() && is_like_a_zone {
            self.stamp.zone = zone.or(Some(StatedZone::Unknown));
        }
    }

    fn finish(mut self) -> Option<Stamp> {
        let stamp = &mut self.stamp;
        if stamp.month == 0 {
            return None;
        }
        match (stamp.day, self.numbers.as_slice()) {
            (0, [year, day]) if *year > 31 => (stamp.year, stamp.day) = (full_year(*year)?, *day),
            (0, [day, year]) => (stamp.day, stamp.year) = (*day, full_year(*year)?),
            // `January 2004`
            (0, [year]) if *year > 31 && self.month_was_first => (stamp.day, stamp.year) = (1, full_year(*year)?),
            (1.., []) => {}
            _ => return None,
        }
        Some(self.stamp)
    }
}

fn word_at(text: &str) -> &str {
    Rest(text).take_while(char::is_alphabetic)
}

/// Three numbers with their widths, and what separates them.
fn three_numbers(rest: &mut Rest<'_>) -> Option<(char, [(usize, u32); 3])> {
    let number = |rest: &mut Rest<'_>| {
        let width = rest.digits();
        Some((width, rest.number(1, 4)?))
    };
    let first = number(rest)?;
    let separator = rest.one_of(&['.', '/', '-', '–', '‐', '‑'])?;
    let second = number(rest)?;
    rest.one_of(&[separator])?;
    Some((separator, [first, second, number(rest)?]))
}

type YearMonthDay = (i32, u32, u32);

/// The dates that three numbers can mean, the usual one first: the month is first between slashes, the day between dots, a year
/// of two digits between hyphens.
fn orders(separator: char, [(width, a), (_, b), (last_width, c)]: [(usize, u32); 3]) -> [Option<YearMonthDay>; 3] {
    let [year_first, day_first, month_first] =
        [(a, b, c), (c, b, a), (c, a, b)].map(|(year, month, day)| Some((full_year(year)?, month, day)));
    match (separator, width, last_width) {
        (_, 3.., _) => [i32::try_from(a).ok().map(|year| (year, b, c)), None, None],
        (_, _, 0..=1) => [None; 3],
        ('-' | '–' | '‐' | '‑', 2, 2) => [year_first, day_first, month_first],
        ('/', 2, 2) => [month_first, day_first, year_first],
        ('/', ..) => [month_first, day_first, None],
        ('-' | '–' | '‐' | '‑', ..) => [day_first, month_first, None],
        _ => [day_first, None, None],
    }
}

fn date_of((year, month, day): YearMonthDay) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The number of a month by its name in English, or how that begins, else by its name in any language.
///
/// Nearly every feed writes English, and the dictionary of the other languages takes ten times as long as this table.
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

/// Whether a word says nothing about the date.
fn is_filler(word: &str) -> bool {
    matches!(word, "T" | "at" | "on" | "of" | "the")
}

/// Whether `name` begins with `word`, which has three letters at least.
fn begins(name: &str, word: &str) -> bool {
    word.len() >= 3 && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
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
