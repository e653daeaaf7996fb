//! The zone that a date names: `+0200`, `GMT+2`, `EDT`, `Europe/Berlin`.

use chrono::FixedOffset;
use chrono_tz::Tz;

use super::rest::Rest;
use crate::timezone;

/// What a date says of its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatedZone {
    Offset(FixedOffset),
    /// A place, whose offset depends on the date.
    Place(Tz),
    /// Something that is no zone, or none that is known: the date stands without it, and a warning says so.
    Unknown,
}

/// Takes the zone that comes next; `None`, with nothing taken, when there is none.
pub(super) fn take(rest: &mut Rest<'_>) -> Option<StatedZone> {
    rest.skip_space();
    let mut ahead = *rest;
    let zone = number(&mut ahead).or_else(|| place(&mut ahead)).or_else(|| word(&mut ahead))?;
    *rest = ahead;
    Some(zone)
}

/// `+0200`, `+02:00`, `-3`, `+200`, `+00:0`, with a typographic minus too. The farthest zones are 12 hours behind and 14 ahead of
/// UTC.
pub(super) fn number(rest: &mut Rest<'_>) -> Option<StatedZone> {
    let mut ahead = *rest;
    let sign = if ahead.one_of(&['+', '-', '−', '–'])? == '+' { 1 } else { -1 };
    let is_apart = ahead.0.starts_with(char::is_whitespace);
    ahead.skip_space();
    let width = ahead.digits();
    let is_clock = width == 4 || ahead.0.as_bytes().get(width) == Some(&b':');
    if is_apart && !is_clock {
        return None; // The dash between a time and its day: `10:20 - 5 March`.
    }
    let hours = ahead.number(1, if width == 3 { 1 } else { 2 })?;
    let _colon = ahead.one_of(&[':']);
    let minutes = ahead.number(1, 2).unwrap_or(0);
    ahead.take_while(|c| c.is_ascii_digit() || c == ':'); // Seconds, which no zone of today has.
    *rest = ahead;
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok().filter(|_| hours <= 14 && minutes < 60);
    let offset = seconds.and_then(|seconds| FixedOffset::east_opt(sign * seconds));
    Some(offset.map_or(StatedZone::Unknown, StatedZone::Offset))
}

/// `Europe/Berlin`, also in brackets, and `EST5EDT`.
fn place(rest: &mut Rest<'_>) -> Option<StatedZone> {
    let mut ahead = *rest;
    ahead.one_of(&['[']);
    let name = ahead.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'));
    let is_name = name.contains('/') || name.starts_with(char::is_alphabetic) && name.contains(char::is_numeric);
    let zone = is_name.then(|| name.parse().ok()).flatten()?;
    ahead.one_of(&[']']);
    *rest = ahead;
    Some(StatedZone::Place(zone))
}

/// An abbreviation, corrected by the number behind it where it means UTC: `GMT+0200`, `UTC-3`.
fn word(rest: &mut Rest<'_>) -> Option<StatedZone> {
    let mut ahead = *rest;
    let word = ahead.take_while(|c| c.is_ascii_alphabetic());
    let zone = if let Some(zone) = timezone::place_of(word) {
        StatedZone::Place(zone)
    } else {
        StatedZone::Offset(timezone::offset_of(word).or_else(|| military(word))?)
    };
    *rest = ahead;
    ahead.skip_space();
    if is_utc(zone)
        && let Some(corrected) = number(&mut ahead)
    {
        *rest = ahead;
        return Some(corrected);
    }
    Some(zone)
}

fn is_utc(zone: StatedZone) -> bool {
    matches!(zone, StatedZone::Offset(offset) if offset.local_minus_utc() == 0)
}

/// RFC 2822 section 4.3: the single letters were defined the wrong way round, so they all mean "unknown", −0000.
fn military(word: &str) -> Option<FixedOffset> {
    let is_letter = matches!(word.as_bytes(), [letter] if letter.is_ascii_uppercase() && *letter != b'J');
    is_letter.then(|| FixedOffset::east_opt(0)).flatten()
}
