//! The calendar date at one place among the tokens of a phrase.

use chrono::{Datelike, NaiveDate};

use super::parts::Phrase;
use super::solar::solar;
use super::text::Kind;
use super::words::{DICTIONARY, Meaning, Order};

/// A calendar date as far as the words say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Date {
    /// Year, month and day.
    Full(NaiveDate),
    /// Year and month.
    Month(i32, u32),
    /// Month and day: the year is to be found.
    Yearless(u32, u32),
    /// Day and month could be either way round: the day-first and the month-first reading.
    Ambiguous(NaiveDate, NaiveDate),
    /// Days from today.
    FromToday(i64),
}

impl Phrase<'_> {
    /// A calendar date at this token, with the number of tokens it takes. `Some(Err)` is a date that cannot be.
    pub(super) fn date(&self, at: usize) -> Option<(Date, usize)> {
        self.compact(at).or_else(|| self.numeric(at)).or_else(|| self.cjk(at)).or_else(|| self.named(at))
    }

    /// `20150305`.
    fn compact(&self, at: usize) -> Option<(Date, usize)> {
        let token = self.tokens.get(at)?;
        let value = u32::try_from(token.number().filter(|_| token.text.len() == 8)?).ok()?;
        let year = i32::try_from(value / 10_000).ok()?;
        let date = NaiveDate::from_ymd_opt(year, value / 100 % 100, value % 100)?;
        (1900..2100).contains(&year).then_some((Date::Full(date), 1))
    }

    /// `2015-03-05`, `05.03.2015`, `3/5/15`, `1/14` before a time, `03/2015`.
    fn numeric(&self, at: usize) -> Option<(Date, usize)> {
        let Kind::Mark(separator @ ('.' | '/' | '-')) = self.tokens.get(at + 1)?.kind else { return None };
        let third_at = at + 4;
        let three = self.mark(at + 3, separator) && self.number(third_at).is_some();
        // A dash with spaces around it separates a date from a time, and both ends of a range.
        if separator == '-' && (!self.glued(at + 1) || !self.glued(at + 2)) {
            return None;
        }
        let (first, second) = (self.tokens.get(at)?, self.tokens.get(at + 2)?);
        if !three {
            return self.numeric_of_two(at, separator);
        }
        let third = self.tokens.get(third_at)?;
        let taken = 5;
        let (a, b, c) = (
            u32::try_from(first.number()?).ok()?,
            u32::try_from(second.number()?).ok()?,
            u32::try_from(third.number()?).ok()?,
        );
        if second.text.len() > 2 {
            return None;
        }
        let date = match (first.text.len(), third.text.len()) {
            (4, 1 | 2) => Date::Full(self.civil(a, b, c)?),
            (1 | 2, 4) => self.day_and_month(c, a, b, separator)?,
            (1 | 2, 2) if !self.mark(third_at + 1, ':') => self.short_year(a, b, c, separator)?,
            _ => return None,
        };
        Some((date, taken))
    }

    fn numeric_of_two(&self, at: usize, separator: char) -> Option<(Date, usize)> {
        let (first, second) = (self.tokens.get(at)?, self.tokens.get(at + 2)?);
        let (a, b) = (u32::try_from(first.number()?).ok()?, u32::try_from(second.number()?).ok()?);
        let closed = self.tokens.get(at + 3).is_none_or(|next| next.spaced || next.kind != Kind::Mark(separator));
        match (first.text.len(), second.text.len()) {
            (1 | 2, 4) if separator != '-' && closed && (1..=12).contains(&a) => {
                Some((Date::Month(self.year(b)?, a), 3))
            }
            (4, 2) if separator != '.' && closed && (1..=12).contains(&b) => Some((Date::Month(self.year(a)?, b), 3)),
            // Without a year only where a time follows, or where a full stop closes it as in German: `5.3.`
            (1 | 2, 1 | 2) if separator != '-' => {
                let stopped = separator == '.' && self.mark(at + 3, '.');
                let next = at + 3 + usize::from(stopped) + usize::from(self.mark(at + 3, ','));
                let timed = self.time(next).is_some_and(|(time, _)| time.minute.is_some());
                if !(stopped || separator == '/' && timed) {
                    return None;
                }
                let (day, month) = match self.locale.order() {
                    _ if separator == '.' => (a, b),
                    Some(Order::Day) => (a, b),
                    Some(_) => (b, a),
                    None if a > 12 => (a, b),
                    None if b > 12 => (b, a),
                    None => return None,
                };
                NaiveDate::from_ymd_opt(2000, month, day)?;
                Some((Date::Yearless(month, day), 3 + usize::from(stopped)))
            }
            _ => None,
        }
    }

    /// Day and month in the order of the language; both readings when it does not tell.
    fn day_and_month(&self, year: u32, a: u32, b: u32, separator: char) -> Option<Date> {
        let (day_first, month_first) = (self.civil(year, b, a), self.civil(year, a, b));
        let order = match self.locale.order() {
            // No country writes the month first with full stops.
            _ if separator == '.' => Some(Order::Day),
            // Where the year comes first there is no custom for the year last, except in Europe.
            Some(Order::Year) => ["sv", "lt", "hu", "eu"]
                .iter()
                .any(|european| DICTIONARY.is(self.locale, european))
                .then_some(Order::Day),
            order => order,
        };
        match (day_first, month_first) {
            (Some(date), Some(other)) => Some(match order {
                _ if date == other => Date::Full(date),
                Some(Order::Month) => Date::Full(other),
                Some(_) => Date::Full(date),
                None => Date::Ambiguous(date, other),
            }),
            // Only one reading is a date, whatever the order of the language.
            (Some(date), None) | (None, Some(date)) => Some(Date::Full(date)),
            (None, None) => None,
        }
    }

    /// A date with a year of two digits.
    fn short_year(&self, a: u32, b: u32, c: u32, separator: char) -> Option<Date> {
        match self.locale.order() {
            Some(Order::Year) if separator != '.' || DICTIONARY.is(self.locale, "ko") => {
                Some(Date::Full(self.civil(self.century(a), b, c)?))
            }
            // With no language, 05/03/15 has six readings.
            None if separator != '.' => None,
            _ => self.day_and_month(self.century(c), a, b, separator),
        }
    }

    /// The full year of two digits: this century up to next year, else the last.
    fn century(&self, digits: u32) -> u32 {
        let this_year = u32::try_from(self.this_year).unwrap_or(2000);
        let year = this_year / 100 * 100 + digits;
        if year > this_year + 1 { year - 100 } else { year }
    }

    /// A year in the Christian era, from the era that the number shows on a page in this language.
    fn year(&self, number: u32) -> Option<i32> {
        match number {
            1800..=2200 => i32::try_from(number).ok(),
            // The Buddhist era of Thailand and Laos runs 543 years ahead.
            2400..=2700 if self.buddhist() => i32::try_from(number - 543).ok(),
            _ => None,
        }
    }

    fn buddhist(&self) -> bool {
        DICTIONARY.is(self.locale, "th")
            || DICTIONARY.is(self.locale, "lo")
            || self.tokens.iter().any(|token| token.text.contains(|char| ('\u{E00}'..='\u{E7F}').contains(&char)))
    }

    /// A date from year, month and day; Iran's solar calendar where the year can be no other.
    fn civil(&self, year: u32, month: u32, day: u32) -> Option<NaiveDate> {
        if (1300..1500).contains(&year) && (DICTIONARY.is(self.locale, "fa") || DICTIONARY.is(self.locale, "ps")) {
            return solar(year, month, day);
        }
        NaiveDate::from_ymd_opt(self.year(year)?, month, day)
    }

    /// `2015年3月5日`, `2015년 3월 5일`, `3月5日`, `令和6年3月5日`.
    fn cjk(&self, at: usize) -> Option<(Date, usize)> {
        const ERAS: [(&str, u32); 6] =
            [("令和", 2018), ("平成", 1988), ("昭和", 1925), ("民國", 1911), ("民国", 1911), ("中華民國", 1911)];
        if let Some((_, before)) = ERAS.iter().find(|(era, _)| self.word(at, &[era])) {
            let year = before + self.small(at + 1, 3, 1, 200)?;
            return self.cjk_from(at + 1, Some(year)).map(|(date, taken)| (date, taken + 1));
        }
        let token = self.tokens.get(at)?;
        let number = u32::try_from(token.number()?).ok()?;
        if self.word(at + 1, &["年", "년"]) {
            let year = if token.text.len() == 2 { self.century(number) } else { number };
            return self.cjk_from(at, Some(year));
        }
        self.cjk_from(at, None)
    }

    fn cjk_from(&self, at: usize, year: Option<u32>) -> Option<(Date, usize)> {
        let month_at = if year.is_some() { at + 2 } else { at };
        if year.is_some() && !self.word(at + 1, &["年", "년"]) {
            return None;
        }
        let month = self.small(month_at, 2, 1, 12).filter(|_| self.word(month_at + 1, &["月", "월"]));
        let day_at = month_at + 2;
        let day = self.small(day_at, 2, 1, 31).filter(|_| self.word(day_at + 1, &["日", "일", "号", "號"]));
        match (year, month, day) {
            (Some(year), Some(month), Some(day)) => Some((Date::Full(self.civil(year, month, day)?), day_at + 2 - at)),
            (Some(year), Some(month), None) => Some((Date::Month(self.year(year)?, month), day_at - at)),
            (None, Some(month), Some(day)) => {
                NaiveDate::from_ymd_opt(2000, month, day)?;
                Some((Date::Yearless(month, day), day_at + 2 - at))
            }
            _ => None,
        }
    }

    /// A date with the month's name, in any order.
    fn named(&self, at: usize) -> Option<(Date, usize)> {
        let end_of = |at: usize| self.after_light(at);
        if let Some((month, taken)) = self.month(at) {
            // March 5, 2015 · March 2015 · March 5
            let day_at = end_of(at + taken);
            if let Some((year, end)) = self.year_at(day_at) {
                return Some((month.alone(year), end - at));
            }
            let day = self.small(day_at, 2, 1, 31).filter(|_| !self.begins_time(day_at))?;
            let day_end = self.after_ordinal(day_at + 1);
            if let Some((year, end)) = self.year_at(end_of(day_end)) {
                return Some((month.with(year, day)?, end - at));
            }
            return Some((month.without_year(day)?, day_end - at));
        }
        // `1420 GMT March 5` is a time.
        if let Some((year, year_end)) = self.year_at(at).filter(|(_, end)| self.zone(*end).is_none()) {
            // 2015 March 5 · 2015. gada 5. marts
            let next = end_of(year_end);
            if let Some((month, taken)) = self.month(next) {
                let day_at = end_of(next + taken);
                if let Some(day) = self.small(day_at, 2, 1, 31).filter(|_| !self.begins_time(day_at)) {
                    return Some((month.with(year, day)?, self.after_ordinal(day_at + 1) - at));
                }
                return Some((month.alone(year), next + taken - at));
            }
            let day = self.small(next, 2, 1, 31)?;
            let month_at = end_of(self.after_ordinal(next + 1));
            let (month, taken) = self.month(month_at)?;
            return Some((month.with(year, day)?, month_at + taken - at));
        }
        // 5 March 2015 · 5 Mar 15 · 5 March; but not 12 a.m. March 5
        let day = self.small(at, 2, 1, 31).filter(|day| *day > 12 || self.half(at + 1).is_none())?;
        let month_at = end_of(self.after_ordinal(at + 1));
        let (month, taken) = self.month(month_at)?;
        let month_end = month_at + taken;
        let year_at = end_of(month_end);
        if let Some((year, end)) = self.year_at(year_at) {
            return Some((month.with(year, day)?, end - at));
        }
        let short = self.small(year_at, 2, 0, 99).filter(|_| {
            self.tokens[year_at].text.len() == 2 && !self.begins_time(year_at) && !self.buddhist() && month.is_civil()
        });
        match short {
            Some(digits) => Some((month.with(self.century(digits), day)?, year_at + 1 - at)),
            None => Some((month.without_year(day)?, month_end - at)),
        }
    }

    /// A month's name, or a number beside the word for month.
    pub(super) fn month(&self, at: usize) -> Option<(MonthName, usize)> {
        let wanted = |meaning| matches!(meaning, Meaning::Month(_) | Meaning::SolarMonth(_) | Meaning::MonthUnit);
        match DICTIONARY.find(self.tokens, at, self.locale, wanted)? {
            (Meaning::Month(month), taken) => {
                Some((MonthName { month, solar: false, buddhist: self.buddhist() }, taken))
            }
            (Meaning::SolarMonth(month), taken) => Some((MonthName { month, solar: true, buddhist: false }, taken)),
            (_, taken) => {
                let month = self.small(at + taken, 2, 1, 12)?;
                Some((MonthName { month, solar: false, buddhist: false }, taken + 1))
            }
        }
    }

    /// A year of four digits, or of two after an apostrophe; the end of it.
    fn year_at(&self, at: usize) -> Option<(u32, usize)> {
        if self.mark(at, '\'') {
            return Some((self.century(self.small(at + 1, 2, 0, 99)?), at + 2));
        }
        let token = self.tokens.get(at)?;
        let year = u32::try_from(token.number().filter(|_| token.text.len() == 4)?).ok()?;
        // `10:20 2015` is a year, `2015:` is not; nor is a time such as `1420 hrs`.
        let plausible = (1300..1500).contains(&year) || self.year(year).is_some();
        (plausible && !self.mark(at + 1, ':')).then_some((year, at + 1))
    }

    /// Past the ordinal ending of a day: `5th`, `5.`, `1er`, `5º`.
    fn after_ordinal(&self, at: usize) -> usize {
        const ENDINGS: [&str; 19] = [
            "st", "nd", "rd", "th", "er", "e", "º", "ª", "o", "a", "de", "го", "й", "η", "ησ", "ος", "ain", "nn", "ste",
        ];
        at + usize::from(self.glued(at) && (self.word(at, &ENDINGS) || self.mark(at, 'º') || self.mark(at, '.')))
    }

    /// Past marks and words that say nothing, at most four: `5. de`, `2015 m.`
    fn after_light(&self, at: usize) -> usize {
        let mut end = at;
        for _ in 0..4 {
            let Some(token) = self.tokens.get(end) else { break };
            let light = match token.kind {
                Kind::Mark('.' | ',' | '-' | '/' | '(' | ')') => 1,
                Kind::Word => DICTIONARY
                    .find(self.tokens, end, self.locale, |meaning| {
                        matches!(meaning, Meaning::Filler | Meaning::Weekday(_))
                    })
                    .map_or(0, |(_, taken)| taken),
                _ => 0,
            };
            if light == 0 || self.month(end).is_some() {
                break;
            }
            end += light;
        }
        end
    }
}

/// A month as a word names it, and the calendar it is one of.
#[derive(Debug, Clone, Copy)]
pub(super) struct MonthName {
    month: u32,
    solar: bool,
    buddhist: bool,
}

impl MonthName {
    fn is_civil(self) -> bool {
        !self.solar
    }

    fn civil_year(self, year: u32) -> u32 {
        if self.buddhist && (2400..=2700).contains(&year) { year - 543 } else { year }
    }

    fn with(self, year: u32, day: u32) -> Option<Date> {
        let date = if self.solar {
            solar(year, self.month, day)?
        } else {
            NaiveDate::from_ymd_opt(i32::try_from(self.civil_year(year)).ok()?, self.month, day)?
        };
        (date.year() >= 1500).then_some(Date::Full(date))
    }

    fn alone(self, year: u32) -> Date {
        match solar(year, self.month, 1).filter(|_| self.solar) {
            // The month spans two of ours: its first day stands for it.
            Some(first) => Date::Month(first.year(), first.month()),
            None => Date::Month(i32::try_from(self.civil_year(year)).unwrap_or(0), self.month),
        }
    }

    fn without_year(self, day: u32) -> Option<Date> {
        if self.solar {
            return None;
        }
        NaiveDate::from_ymd_opt(2000, self.month, day)?;
        Some(Date::Yearless(self.month, day))
    }
}
