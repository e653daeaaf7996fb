//! One date phrase: "5 Mar, 2015 10:20", "vor 2 Stunden", "2015-03-05T10:20:00Z", "۱۰ سال پیش".

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::scan::{Piece, Setting, Unreadable, pieces, resolve};
use super::words::DICTIONARY;
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
pub(super) fn explain(text: &str, setting: &Setting<'_>) -> Result<When, Unreadable> {
    let tokens = DICTIONARY.tokens(text);
    let pieces = pieces(&tokens, setting);
    let mut dates = Vec::new();
    let mut others = 0;
    for piece in &pieces {
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
    if dates.len() == 2 && dates.iter().any(|found| found.is_relative()) {
        dates.retain(|found| !found.is_relative());
    }
    match dates.as_slice() {
        [found] if others <= MOST_OTHER_WORDS => resolve(found, setting, None),
        _ => Err(Unreadable::NotADate),
    }
}
