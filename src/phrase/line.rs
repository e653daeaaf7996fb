//! A line that a reader sees above or below an article: "5 Mar, 2015 10:20 / Updated 10 years ago".

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::scan::{Found, Piece, Setting, Span, Unreadable, pieces, resolve};
use super::text::Token;
use super::words::DICTIONARY;
use crate::model::date::{DateField, When};

/// A line with more other words than this is not a date line, whatever dates it has: bylines and places are shorter.
const MOST_OTHER_WORDS: usize = 10;
/// A label belongs to the date that follows within this many words: "Updated by Jane Doe on 5 March".
const LABEL_REACH: usize = 5;
/// Languages that write the label after the date: "2025年1月13日 更新".
const LABEL_AFTER: [&str; 8] = ["ja", "zh", "ko", "tr", "hi", "bn", "ta", "kk"];

/// What a date line says.
#[derive(Debug, Clone, PartialEq)]
pub struct DateLine {
    /// Its dates, in the order of the line.
    pub dates: Vec<LineDate>,
    /// Whether the line is dates and their labels alone, so that the text loses nothing without it.
    pub only_dates: bool,
}

/// A date of a date line.
#[derive(Debug, Clone, PartialEq)]
pub struct LineDate {
    /// What it is, by its label; the first date without one is the publication's. `None` for further ones.
    pub field: Option<DateField>,
    /// The label as written.
    pub label: Option<String>,
    /// Its value, or why it has none.
    pub when: Result<When, Unreadable>,
    /// The words as written.
    pub raw: String,
    /// Whether the words are a calendar date with its year, and not an age or a time alone.
    pub full: bool,
    /// Whether it is a calendar date without its year, so that the year is the nearest one.
    pub yearless: bool,
    /// Whether the line has a time alone, so that the value is of today.
    pub time_only: bool,
}

/// Reads a line that is mainly dates; `None` for prose that mentions a date.
pub fn read(text: &str, language: Option<&str>, now: DateTime<Utc>, assume: Option<Tz>) -> Option<DateLine> {
    if !may_have_date(text) {
        return None;
    }
    let setting = Setting { language, now, assume };
    let tokens = DICTIONARY.tokens(text);
    let pieces = pieces(&tokens, &setting);
    let count = |wanted: fn(&Piece) -> usize| pieces.iter().map(wanted).sum::<usize>();
    let dates = count(|piece| match piece {
        Piece::Date(found) => found.span.end - found.span.first,
        _ => 0,
    });
    let labels = count(|piece| usize::from(matches!(piece, Piece::Label(..))));
    let others = count(|piece| usize::from(matches!(piece, Piece::Other(_))));
    // Prose says more than the date; a label excuses a byline's length.
    let room = if labels > 0 { 3 + 2 * dates } else { 2 + dates };
    if dates == 0 || others > MOST_OTHER_WORDS || others > room {
        return None;
    }
    // The whole of a longer text was not read.
    let whole = tokens.last().is_some_and(|last| text[last.end..].trim().is_empty());
    whole.then(|| DateLine { dates: labelled(text, &tokens, &pieces, &setting), only_dates: others == 0 })
}

/// The last label of a text that no date follows: what the date behind the text is. With the label as written.
pub(crate) fn last_label(text: &str, language: Option<&str>) -> Option<(DateField, String)> {
    let tokens = DICTIONARY.tokens(text);
    let setting = Setting { language, now: DateTime::UNIX_EPOCH, assume: None };
    let mut last = None;
    for piece in pieces(&tokens, &setting) {
        match piece {
            Piece::Label(field, span) => last = Some((field, span)),
            Piece::Date(_) => last = None,
            _ => {}
        }
    }
    last.map(|(field, span)| (field, text[tokens[span.first].start..tokens[span.end - 1].end].to_owned()))
}

/// Whether a text can say a date at all: it has a digit, or is short enough to be "just now" or "yesterday".
pub(crate) fn may_have_date(text: &str) -> bool {
    let trimmed = text.trim();
    !trimmed.is_empty() && (trimmed.len() <= 60 || trimmed.bytes().any(|byte| byte.is_ascii_digit() || byte >= 0x80))
}

fn labelled(text: &str, tokens: &[Token], pieces: &[Piece], setting: &Setting<'_>) -> Vec<LineDate> {
    let quote = |span: Span| text[tokens[span.first].start..tokens[span.end - 1].end].to_owned();
    let after = labels_follow(pieces, setting);
    let mut dates: Vec<LineDate> = Vec::new();
    let mut day: Option<NaiveDate> = None; // The day of the line's first full date: a later time alone is of that day.
    let mut pending: Option<(DateField, Span, usize)> = None;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Label(field, span) if !after => pending = Some((*field, *span, 0)),
            Piece::Label(..) | Piece::Mark(_) => {}
            Piece::Other(_) => {
                pending = pending
                    .map(|(field, span, words)| (field, span, words + 1))
                    .filter(|(.., words)| *words <= LABEL_REACH);
            }
            Piece::Date(found) => {
                let label = if after {
                    match pieces.get(index + 1) {
                        Some(Piece::Label(field, span)) => Some((*field, *span)),
                        _ => None,
                    }
                } else {
                    pending.take().map(|(field, span, _)| (field, span))
                };
                // "Today" alone is a heading or a link more often than a date.
                if label.is_none() && found.is_day_word() {
                    continue;
                }
                let when = resolve(found, setting, day.filter(|_| found.is_time_only()));
                day = day.or_else(|| day_of(found, &when));
                let field = match label {
                    Some((field, _)) => Some(field),
                    None if dates.is_empty() => Some(DateField::Published),
                    None => None,
                };
                dates.push(LineDate {
                    field,
                    label: label.map(|(_, span)| quote(span)),
                    when,
                    raw: quote(found.span),
                    full: found.is_full(),
                    yearless: !found.is_full() && !found.is_relative() && !found.is_time_only(),
                    time_only: found.is_time_only() && day.is_none(),
                });
            }
        }
    }
    dates
}

fn day_of(found: &Found, when: &Result<When, Unreadable>) -> Option<NaiveDate> {
    when.as_ref().ok().filter(|_| !found.is_relative() && !found.is_time_only()).map(|when| when.at.date_naive())
}

/// Whether labels stand after their dates: the line begins with a date, ends with a label, and nothing is between them.
fn labels_follow(pieces: &[Piece], setting: &Setting<'_>) -> bool {
    let locale = DICTIONARY.locale(setting.language);
    let words: Vec<&Piece> = pieces.iter().filter(|piece| !matches!(piece, Piece::Mark(_))).collect();
    LABEL_AFTER.iter().any(|language| DICTIONARY.is(locale, language))
        && matches!(words.first(), Some(Piece::Date(_)))
        && matches!(words.last(), Some(Piece::Label(..)))
        && pieces.windows(2).any(|pair| matches!(pair, [Piece::Date(_), Piece::Label(..)]))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::model::date::DateField::{self, Published, Updated};

    fn check(language: &str, text: &str, expected: &[(Option<DateField>, &str)], only: bool) {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let line = read(text, Some(language), now, None).unwrap_or_else(|| panic!("{text}: no date line"));
        let dates: Vec<(Option<DateField>, String)> =
            line.dates.iter().map(|date| (date.field, date.when.unwrap().at.to_rfc3339()[..16].to_owned())).collect();
        let expected: Vec<_> = expected.iter().map(|(field, at)| (*field, (*at).to_owned())).collect();
        assert_eq!((dates, line.only_dates), (expected, only), "{text}");
    }

    #[test]
    fn labels_tell_published_from_updated() {
        let (published, updated) = (Some(Published), Some(Updated));
        check(
            "en",
            "5 Mar, 2015 10:20 / Updated 10 years ago",
            &[(published, "2015-03-05T10:20"), (updated, "2016-11-22T12:00")],
            true,
        );
        check(
            "en",
            "Published: 3 May 2024, 10:12 BST | Last updated 4 May 2024",
            &[(published, "2024-05-03T10:12"), (updated, "2024-05-04T00:00")],
            true,
        );
        check("de", "Aktualisiert am 5. März 2015 um 10:20 Uhr", &[(updated, "2015-03-05T10:20")], true);
        check("en", "By Jane Doe — March 5, 2015", &[(published, "2015-03-05T00:00")], false);
        check(
            "it",
            "5 marzo 2015, aggiornato alle 16:01",
            &[(published, "2015-03-05T00:00"), (updated, "2015-03-05T16:01")],
            true,
        );
        check(
            "ru",
            "5 марта 2015, 10:20, обновлено 6 марта 2015",
            &[(published, "2015-03-05T10:20"), (updated, "2015-03-06T00:00")],
            true,
        );
        check(
            "ja",
            "2015年3月5日 公開 2015年3月6日 更新",
            &[(published, "2015-03-05T00:00"), (updated, "2015-03-06T00:00")],
            true,
        );
        check(
            "ko",
            "입력 2015.03.05 15:20 수정 2015.03.06 10:00",
            &[(published, "2015-03-05T15:20"), (updated, "2015-03-06T10:00")],
            true,
        );
        check("en", "5 Mar 2015 10:20 / Updated", &[(published, "2015-03-05T10:20")], true);
    }

    #[test]
    fn prose_that_mentions_a_date_is_no_date_line() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for text in [
            "The treaty was signed by both of the sides in Vienna on 5 March 2015 after long talks.",
            "He told reporters yesterday that nothing had been decided and nothing would be.",
            "In 2015 there were 20 of them.",
            "Today",
            "Subscribe now",
            "",
        ] {
            let line = read(text, Some("en"), now, None);
            assert!(line.is_none_or(|line| line.dates.is_empty()), "{text}");
        }
    }
}
