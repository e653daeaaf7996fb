//! The time of day and the zone at one place among the tokens of a phrase.

use super::parts::Phrase;
use super::text::Kind;
use super::words::{DICTIONARY, Meaning};

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    /// 0 to 23.
    pub(super) hour: u32,
    /// 0 to 59; `None` when only the hour is said.
    pub(super) minute: Option<u32>,
    /// 0 to 59.
    pub(super) second: Option<u32>,
}

/// Where a zone stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ZoneWord {
    /// Minutes east of UTC.
    Minutes(i32),
    /// An abbreviation.
    Name(String),
}

impl Phrase<'_> {
    /// Whether the number here is an hour with its minutes.
    pub(super) fn begins_time(&self, at: usize) -> bool {
        self.number(at).is_some()
            && (self.mark(at + 1, ':') && self.number(at + 2).is_some()
                || self.word(at + 1, &["h", "uhr", "時", "时", "點", "点", "시"]) && self.time(at).is_some()
                || self.mark(at + 1, '.')
                    && self.glued(at + 2)
                    && self.tokens.get(at + 2).is_some_and(|token| token.number().is_some() && token.text.len() == 2))
            || self.half(at + 1).is_some() && self.small(at, 2, 1, 12).is_some() && self.time(at).is_some()
    }

    /// A time of day at this token, with the number of tokens it takes.
    pub(super) fn time(&self, at: usize) -> Option<(Time, usize)> {
        if let Some((after_noon, taken)) = self.half(at) {
            // 午後3時, 오후 9:37; but `am 5.` is German.
            let (time, more) = self.clock(at + taken).filter(|_| !self.mark(at + taken + 1, '.'))?;
            return Some((time.in_half(after_noon)?, taken + more));
        }
        let (time, taken) = self.clock(at).or_else(|| {
            // 9 am
            let hour = self.small(at, 2, 1, 12).filter(|_| self.half(at + 1).is_some())?;
            Some((Time { hour, minute: None, second: None }, 1))
        })?;
        match self.half(at + taken) {
            Some((after_noon, more)) => Some((time.in_half(after_noon)?, taken + more)),
            None => Some((time, taken)),
        }
    }

    pub(super) fn half(&self, at: usize) -> Option<(bool, usize)> {
        match DICTIONARY.find(self.tokens, at, self.locale, |meaning| matches!(meaning, Meaning::Half(_)))? {
            (Meaning::Half(after_noon), taken) => Some((after_noon, taken)),
            _ => None,
        }
    }

    /// `10:20`, `10:20:30.5`, `10h20`, `20 Uhr 15`, `21時37分`, `10.20` where it can be no date.
    fn clock(&self, at: usize) -> Option<(Time, usize)> {
        const HOURS: [&str; 12] = ["h", "uhr", "時", "时", "點", "点", "시", "ώρα", "horas", "heures", "uur", "giờ"];
        const MINUTES: [&str; 6] = ["分", "분", "min", "m", "mn", "minutes"];
        const SECONDS: [&str; 3] = ["秒", "초", "s"];
        let hour = self.small(at, 2, 0, 23)?;
        let two_digits = |at: usize| {
            let token = self.tokens.get(at)?;
            token
                .number()
                .filter(|value| token.text.len() == 2 && *value < 60)
                .and_then(|value| u32::try_from(value).ok())
        };
        if self.mark(at + 1, ':') {
            let minute = two_digits(at + 2)?;
            let mut taken = 3;
            let mut second = None;
            if self.mark(at + 3, ':') && self.glued(at + 4) {
                second = Some(two_digits(at + 4)?);
                taken = 5;
                // Some templates write the fraction after a colon.
                if ['.', ',', ':'].iter().any(|mark| self.mark(at + 5, *mark))
                    && self.glued(at + 6)
                    && self.number(at + 6).is_some()
                {
                    taken = 7;
                }
            }
            return Some((Time { hour, minute: Some(minute), second }, taken));
        }
        if self.word(at + 1, &HOURS) {
            let Some(minute) =
                self.small(at + 2, 2, 0, 59).filter(|_| !self.mark(at + 3, '.') && !self.mark(at + 3, '/'))
            else {
                return Some((Time { hour, minute: None, second: None }, 2));
            };
            // `20 Uhr 15` yes, `20 Uhr 5 März` no.
            if self.tokens[at + 2].text.len() == 1 && !self.word(at + 3, &MINUTES) || self.month(at + 3).is_some() {
                return Some((Time { hour, minute: None, second: None }, 2));
            }
            let mut taken = 3 + usize::from(self.word(at + 3, &MINUTES));
            let second = two_digits(at + taken).filter(|_| self.word(at + taken + 1, &SECONDS));
            taken += if second.is_some() { 2 } else { 0 };
            return Some((Time { hour, minute: Some(minute), second }, taken));
        }
        // A full stop between hour and minute, as Finns, Danes and some Britons write, where no date can be meant.
        if self.mark(at + 1, '.') && self.glued(at + 1) && self.glued(at + 2) {
            let minute = two_digits(at + 2)?;
            let longer =
                self.mark(at + 3, '.') && self.tokens.get(at + 4).is_some_and(|t| !t.spaced && t.number().is_some());
            if longer || at > 0 && self.mark(at - 1, '.') && self.glued(at) {
                return None;
            }
            return Some((Time { hour, minute: Some(minute), second: None }, 3));
        }
        None
    }

    /// A time without a separator: `0410` before a zone, `102030` after the `T` of ISO 8601's basic form.
    pub(super) fn bare_time(&self, at: usize) -> Option<Time> {
        let token = self.tokens.get(at)?;
        let value = u32::try_from(token.number()?).ok()?;
        let (hour, minute, second) = match token.text.len() {
            4 => (value / 100, value % 100, None),
            6 => (value / 10_000, value / 100 % 100, Some(value % 100)),
            _ => return None,
        };
        (hour < 24 && minute < 60 && second.unwrap_or(0) < 60).then_some(Time { hour, minute: Some(minute), second })
    }

    /// A zone at this token, with the number of tokens it takes: `GMT`, `+01:00`, `UTC+1`, `GMT +0530`, `Eastern Time`.
    pub(super) fn zone(&self, at: usize) -> Option<(ZoneWord, usize)> {
        if let Some((minutes, taken)) = self.offset(at) {
            return Some((ZoneWord::Minutes(minutes), taken));
        }
        let token = self.tokens.get(at)?;
        if token.kind != Kind::Word {
            return None;
        }
        if ["gmt", "utc", "ut"].contains(&token.text.as_str()) {
            return Some(match self.offset(at + 1) {
                Some((minutes, taken)) => (ZoneWord::Minutes(minutes), taken + 1),
                None => (ZoneWord::Minutes(0), 1),
            });
        }
        let american = ["eastern", "central", "mountain", "pacific"].iter().zip(["ET", "CT", "MT", "PT"]);
        for (word, name) in american {
            if token.text == *word {
                let more = 1 + usize::from(self.word(at + 1, &["standard", "daylight"]));
                return self.word(at + more, &["time"]).then(|| (ZoneWord::Name(name.to_owned()), more + 1));
            }
        }
        if token.text == "мск" {
            return Some((ZoneWord::Minutes(180), 1)); // Moscow, in Cyrillic letters.
        }
        let known = token.capitals && crate::timezone::is_known(&token.text);
        known.then(|| (ZoneWord::Name(token.text.to_ascii_uppercase()), 1))
    }

    /// `+01:00`, `-0500`, `+7`.
    fn offset(&self, at: usize) -> Option<(i32, usize)> {
        let sign = if self.mark(at, '+') {
            1
        } else if self.mark(at, '-') {
            -1
        } else {
            return None;
        };
        // `10:20 - 05.03.2015` is a dash, not a sign.
        let token = self.tokens.get(at + 1).filter(|token| !token.spaced)?;
        let value = i32::try_from(token.number()?).ok()?;
        let (hours, minutes, taken) = match token.text.len() {
            4 => (value / 100, value % 100, 2),
            1 | 2 if self.mark(at + 2, ':') && self.glued(at + 3) => {
                (value, i32::try_from(self.small(at + 3, 2, 0, 59)?).ok()?, 4)
            }
            1 | 2
                if self
                    .tokens
                    .get(at + 2)
                    .is_none_or(|next| next.is_mark(')') || sign == 1 && !next.is_mark('.') && !next.is_mark('/')) =>
            {
                (value, 0, 2)
            }
            _ => return None,
        };
        let ahead = hours * 60 + minutes;
        (ahead <= 14 * 60 && minutes < 60).then_some((sign * ahead, taken))
    }
}

impl Time {
    /// The time in the half of the day that the words name; `None` for 0 pm and the like.
    fn in_half(self, after_noon: bool) -> Option<Self> {
        let hour = match (self.hour, after_noon) {
            (12, false) => 0,
            (hour @ 1..=11, true) => hour + 12,
            (hour, false) if hour > 12 => return None,
            (hour, _) => hour, // 0:05 am, 15:00 pm: said twice.
        };
        Some(Self { hour, ..self })
    }
}
