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
///
/// A hyphen with a space behind it is mostly a dash, between a time and its day: `10:20 - 5 March`. So is one before another
/// time: `7:00pm-9:00pm`, `10:00–12:00`.
pub(super) fn number(rest: &mut Rest<'_>) -> Option<StatedZone> {
    let after_sign = rest.0.trim_start_matches(['-', '−', '–']);
    let is_minus = after_sign.len() < rest.0.len();
    let is_apart = is_minus && after_sign.starts_with(char::is_whitespace);
    let is_four_digits = Rest(after_sign.trim_start()).digits() == 4;
    let mut ahead = *rest;
    let zone = signed(&mut ahead)?;
    let is_until = is_minus && (rest.0.starts_with('–') && !is_four_digits || ahead.half_of_day().is_some());
    if is_until || is_apart && !(is_four_digits && zone != StatedZone::Unknown) {
        return None;
    }
    *rest = ahead;
    Some(zone)
}

fn signed(rest: &mut Rest<'_>) -> Option<StatedZone> {
    let sign = if rest.one_of(&['+', '-', '−', '–'])? == '+' { 1 } else { -1 };
    rest.skip_space();
    let hours = rest.number(1, if rest.digits() == 3 { 1 } else { 2 })?;
    let _colon = rest.one_of(&[':']);
    let minutes = rest.number(1, 2).unwrap_or(0);
    rest.take_while(|c| c.is_ascii_digit() || c == ':'); // Seconds, which no zone of today has.
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok();
    let seconds = seconds.filter(|seconds| *seconds <= 14 * 3600 && minutes < 60);
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
        && let Some(corrected) = signed(&mut ahead)
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
