//! Dates in words, in some seventy languages: "5 Mar, 2015 10:20", "vor 2 Stunden", "2015-03-05T10:20:00Z", "۱۰ سال پیش".
//!
//! A text is cut into tokens (`text`), which the dictionary (`words`) gives meanings; parts of dates are made of them
//! (`parts`, `dates`, `clock`, `relative`), and a row of dates, labels and other words of those (`scan`). Here a phrase must be one
//! date; in [`mod@line`] it may be among a byline's words.

pub mod line;

mod clock;
mod dates;
mod parts;
mod relative;
mod scan;
mod solar;
pub(crate) mod text;
mod words;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

pub(crate) use self::scan::Setting;
pub use self::scan::Unreadable;
use self::scan::{Found, Piece, pieces, resolve};
use self::words::{DICTIONARY, Meaning};
use crate::model::date::When;

/// A phrase may have this many words that say nothing about the date.
const MOST_OTHER_WORDS: usize = 2;

/// Reads a phrase that says one date, absolute or relative to `now`, in a language (BCP 47) or in any.
///
/// A date without an offset is in the zone `assume`, else in UTC. `None` when no date is said, when it cannot be, or when
/// day and month can't be told apart: a wrong value that looks right is worse than none.
pub fn read(text: &str, language: Option<&str>, now: DateTime<Utc>, assume: Option<Tz>) -> Option<When> {
    explain(text, &Setting { language, now, assume }).ok()
}

/// The same with the reason where there is no value.
pub(crate) fn explain(text: &str, setting: &Setting<'_>) -> Result<When, Unreadable> {
    resolve(&only_date(text, setting)?, setting, None)
}

/// The same for a day of the calendar with its year, which is the same whenever it is read.
pub(crate) fn calendar(text: &str, setting: &Setting<'_>) -> Result<When, Unreadable> {
    let date = only_date(text, setting)?;
    if date.is_full() { resolve(&date, setting, None) } else { Err(Unreadable::NotADate) }
}

/// The month that a word names, 1 to 12, in a language (BCP 47), in English, or in the others where they agree.
pub(crate) fn month(word: &str, language: Option<&str>) -> Option<u32> {
    let is_month = |meaning| matches!(meaning, Meaning::Month(_));
    let found = DICTIONARY.find(&DICTIONARY.tokens(word), 0, DICTIONARY.locale(language), is_month);
    found.and_then(|(meaning, _)| if let Meaning::Month(month) = meaning { Some(month) } else { None })
}

/// The one date of a phrase.
fn only_date(text: &str, setting: &Setting<'_>) -> Result<Found, Unreadable> {
    let tokens = DICTIONARY.tokens(text);
    let mut dates = Vec::new();
    let mut others = 0;
    for piece in pieces(&tokens, setting) {
        match piece {
            Piece::Date(found) => dates.push(found),
            // A number that belongs to no part means that the phrase was not understood.
            Piece::Other(span)
                if tokens[span.first..span.end]
                    .iter()
                    .any(|token| token.number().is_some() || token.text.len() > 40) =>
            {
                return Err(Unreadable::NotADate);
            }
            Piece::Other(span) => others += span.end - span.first,
            Piece::Label(..) | Piece::Mark(_) => {}
        }
    }
    // "5 March 2015 (10 years ago)" says one date twice; the calendar is the exact one.
    if dates.len() == 2 && dates.iter().any(Found::is_relative) {
        dates.retain(|found| !found.is_relative());
    }
    let is_date = dates.len() == 1 && others <= MOST_OTHER_WORDS;
    dates.pop().filter(|_| is_date).ok_or(Unreadable::NotADate)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::model::date::Precision::{self, Day, Hour, Minute, Month, Second, Year};
    use crate::model::date::Zone;

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn check(cases: &[(&str, &str, &str, Precision)]) {
        for (language, text, at, precision) in cases {
            let when = read(text, Some(language), NOW.parse().unwrap(), None);
            let when = when.unwrap_or_else(|| panic!("{language} {text}: none"));
            let shown = when.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            assert!(shown.starts_with(at), "{language} {text}: {shown}");
            assert_eq!(when.precision, *precision, "{language} {text}");
            assert!(when.earliest <= when.at && when.at <= when.latest, "{language} {text}");
        }
    }

    fn check_none(cases: &[(&str, &str)]) {
        for (language, text) in cases {
            let language = Some(*language).filter(|language| !language.is_empty());
            assert_eq!(read(text, language, NOW.parse().unwrap(), None), None, "{language:?} {text}");
        }
    }

    #[test]
    fn machine_formats_are_read_to_the_second() {
        check(&[
            ("", "2015-03-05T10:20:00Z", "2015-03-05T10:20:00Z", Second),
            ("", "2015-03-05T10:20:00.123-05:00", "2015-03-05T10:20:00-05:00", Second),
            ("", "20150305T102000Z", "2015-03-05T10:20:00Z", Second),
            ("", "Thu, 05 Mar 2015 10:20:00 +0100", "2015-03-05T10:20:00+01:00", Second),
            ("", "Thu Mar  5 10:20:00 2015", "2015-03-05T10:20:00Z", Second),
            (
                "",
                "Thu Mar 05 2015 10:20:00 GMT+0100 (Central European Standard Time)",
                "2015-03-05T10:20:00+01:00",
                Second,
            ),
            ("", "2015-03-05 오후 10:20", "2015-03-05T22:20", Minute),
            ("", "20150305", "2015-03-05", Day),
            ("", "2015-03", "2015-03-01", Month),
        ]);
    }

    #[test]
    fn english_dates_are_read_in_every_order() {
        check(&[
            ("en", "5 Mar, 2015 10:20", "2015-03-05T10:20", Minute),
            ("en", "March 5th, 2015", "2015-03-05", Day),
            ("en", "5-Mar-15", "2015-03-05", Day),
            ("en", "2:30 p.m. EDT, Sept. 5, 2023", "2023-09-05T14:30:00-04:00", Minute),
            ("en", "9:41 am ET, Dec. 12, 2024", "2024-12-12T09:41:00-05:00", Minute),
            ("en", "12 a.m. March 5, 2015", "2015-03-05T00:00", Hour),
            ("en", "Wednesday 5th March 2014 at 9.15pm", "2014-03-05T21:15", Minute),
            ("en", "1420 GMT (1520 CET) March 5, 2021", "2021-03-05T14:20", Minute),
            ("en", "December 5", "2025-12-05", Day),
            ("en", "yesterday 10:20", "2026-11-21T10:20", Minute),
        ]);
    }

    #[test]
    fn dates_are_read_in_many_languages() {
        check(&[
            ("ar", "٥ مارس ٢٠١٥ ١٠:٢٠ م", "2015-03-05T22:20", Minute),
            ("az", "5 mart 2015, 10:20", "2015-03-05T10:20", Minute),
            ("bg", "5 март 2015 г., 10:20 ч.", "2015-03-05T10:20", Minute),
            ("bn", "৫ মার্চ ২০১৫, ১০:২০", "2015-03-05T10:20", Minute),
            ("cs", "5. 3. 2015 v 10:20", "2015-03-05T10:20", Minute),
            ("da", "5. marts 2015 kl. 10.20", "2015-03-05T10:20", Minute),
            ("de", "Donnerstag, 5. März 2015 um 10:20 Uhr", "2015-03-05T10:20", Minute),
            ("de", "05.03.15 10:20", "2015-03-05T10:20", Minute),
            ("el", "05/03/2015 10:20 μ.μ.", "2015-03-05T22:20", Minute),
            ("es", "5 de marzo de 2015 a las 10:20 h", "2015-03-05T10:20", Minute),
            ("fa", "۱۴ اسفند ۱۳۹۳", "2015-03-05", Day),
            ("fi", "5.3.2015 klo 10.20", "2015-03-05T10:20", Minute),
            ("fr", "le 1er mars 2015 à 10 h 20", "2015-03-01T10:20", Minute),
            ("he", "5 במרץ 2015", "2015-03-05", Day),
            ("hi", "5 मार्च 2015, 10:20", "2015-03-05T10:20", Minute),
            ("hr", "5. ožujka 2015. u 10:20", "2015-03-05T10:20", Minute),
            ("hu", "2015. március 5. 10:20", "2015-03-05T10:20", Minute),
            ("id", "Kamis, 5 Maret 2015 10:20 WIB", "2015-03-05T10:20:00+07:00", Minute),
            ("ja", "令和6年3月5日", "2024-03-05", Day),
            ("ja", "3月5日 午後3時20分", "2026-03-05T15:20", Minute),
            ("ka", "5 მარტი 2015, 10:20", "2015-03-05T10:20", Minute),
            ("ko", "2015. 3. 5. 15:20", "2015-03-05T15:20", Minute),
            ("lt", "2015 m. kovo 5 d. 10:20", "2015-03-05T10:20", Minute),
            ("lv", "2015. gada 5. marts, 10:20", "2015-03-05T10:20", Minute),
            ("nl", "5 maart 2015 om 10:20 uur", "2015-03-05T10:20", Minute),
            ("pl", "5 marca 2015 r., godz. 10:20", "2015-03-05T10:20", Minute),
            ("pt-BR", "05/03/2015 10h20", "2015-03-05T10:20", Minute),
            ("ro", "5 martie 2015, ora 10:20", "2015-03-05T10:20", Minute),
            ("sv", "5 mars 2015 kl. 10.20", "2015-03-05T10:20", Minute),
            ("th", "5 มี.ค. 2558 10:20 น.", "2015-03-05T10:20", Minute),
            ("tr", "5 Mart 2015 Perşembe 10:20", "2015-03-05T10:20", Minute),
            ("uk", "5 березня 2015, 10:20", "2015-03-05T10:20", Minute),
            ("vi", "Thứ năm, 5/3/2015, 10:20 (GMT+7)", "2015-03-05T10:20:00+07:00", Minute),
            ("zh", "2015年3月5日星期四上午10:20", "2015-03-05T10:20", Minute),
        ]);
    }

    #[test]
    fn ages_are_read_in_many_languages() {
        check(&[
            ("en", "10 years ago", "2016-11-22", Year),
            ("en", "2 weeks ago", "2026-11-08", Day),
            ("en", "an hour ago", "2026-11-22T11:00", Hour),
            ("en", "just now", "2026-11-22T12:00", Minute),
            ("ar", "منذ ساعتين", "2026-11-22T10:00", Hour),
            ("cs", "před 3 hodinami", "2026-11-22T09:00", Hour),
            ("de", "vor 2 Stunden", "2026-11-22T10:00", Hour),
            ("el", "πριν από 3 ώρες", "2026-11-22T09:00", Hour),
            ("es", "hace 3 días", "2026-11-19", Day),
            ("fa", "۳ ساعت پیش", "2026-11-22T09:00", Hour),
            ("fi", "3 tuntia sitten", "2026-11-22T09:00", Hour),
            ("fr", "il y a 5 minutes", "2026-11-22T11:55", Minute),
            ("he", "לפני שעה", "2026-11-22T11:00", Hour),
            ("hi", "3 घंटे पहले", "2026-11-22T09:00", Hour),
            ("hu", "3 órával ezelőtt", "2026-11-22T09:00", Hour),
            ("id", "3 jam yang lalu", "2026-11-22T09:00", Hour),
            ("ja", "2時間前", "2026-11-22T10:00", Hour),
            ("ko", "3시간 전", "2026-11-22T09:00", Hour),
            ("nl", "3 uur geleden", "2026-11-22T09:00", Hour),
            ("pl", "3 godziny temu", "2026-11-22T09:00", Hour),
            ("pt", "há 3 horas", "2026-11-22T09:00", Hour),
            ("ru", "3 часа назад", "2026-11-22T09:00", Hour),
            ("sv", "för 3 timmar sedan", "2026-11-22T09:00", Hour),
            ("th", "3 ชั่วโมงที่แล้ว", "2026-11-22T09:00", Hour),
            ("tr", "3 saat önce", "2026-11-22T09:00", Hour),
            ("uk", "3 години тому", "2026-11-22T09:00", Hour),
            ("vi", "3 giờ trước", "2026-11-22T09:00", Hour),
            ("zh", "5分钟前", "2026-11-22T11:55", Minute),
        ]);
    }

    #[test]
    fn numeric_dates_follow_language_and_country() {
        check(&[
            ("en-US", "03/04/2015", "2015-03-04", Day),
            ("en-GB", "03/04/2015", "2015-04-03", Day),
            ("en", "03/13/2015", "2015-03-13", Day),
            ("en", "04/04/2015", "2015-04-04", Day),
            ("en", "Thu 03/05/2015", "2015-03-05", Day),
            ("", "05.03.2015", "2015-03-05", Day),
            ("ja", "15/03/05", "2015-03-05", Day),
        ]);
    }

    #[test]
    fn what_cannot_be_decided_has_no_value() {
        check_none(&[
            ("en", "03/04/2015"),
            ("", "03/04/2015"),
            ("en-CA", "03/04/2015"),
            ("fr-CA", "03/04/2015"),
            ("en", "05/03/15"),
            ("en", "31 February 2015"),
            ("en", "25:00 5 March 2015"),
            ("en", "in 5 days"),
            ("en", "3 people"),
            ("en", "version 2.5.2015.3"),
            ("en", "999999999999 years ago"),
            ("en", "99999999999999999999 hours ago"),
            ("de", "hier"),
            ("en", ""),
        ]);
    }

    #[test]
    fn dates_without_an_offset_are_in_the_assumed_zone() {
        let berlin = Some(chrono_tz::Europe::Berlin);
        let when = read("5.7.2015 10:20", Some("de"), NOW.parse().unwrap(), berlin).unwrap();
        assert_eq!((when.earliest.to_rfc3339().as_str(), when.zone), ("2015-07-05T08:20:00+00:00", Zone::Assumed));
        let day = read("29.3.2015", Some("de"), NOW.parse().unwrap(), berlin).unwrap();
        assert_eq!((day.latest - day.earliest).num_seconds(), 23 * 3600 - 1, "the day of the clock change");
    }

    #[test]
    fn no_text_panics() {
        let seeds = [
            "5 Mar, 2015 10:20 GMT",
            "2015年3月5日 午後3時",
            "٥ مارس ٢٠١٥",
            "10 ปีที่แล้ว",
            "2015-03-05T10:20:00+01:00",
            "vor 2 Stunden",
        ];
        let marks = ["", "٩", "年", "\u{301}", ":", ".", "-", "9999", "\u{10FFFF}", "(", "'", "T", "+"];
        for seed in seeds {
            let places: Vec<usize> = seed.char_indices().map(|(index, _)| index).chain([seed.len()]).collect();
            for from in &places {
                for to in places.iter().filter(|to| *to >= from) {
                    for mark in marks {
                        let text = format!("{}{mark}{}", &seed[..*from], &seed[*to..]);
                        let _value = read(&text, None, NOW.parse().unwrap(), None);
                    }
                }
            }
        }
        for long in ["9 ".repeat(50_000), "9".repeat(100_000), "ago ".repeat(50_000), "年".repeat(50_000)] {
            let _value = read(&long, Some("ja"), NOW.parse().unwrap(), None);
        }
    }
}
