//! Which of the claims an article's columns show: one ranked rule.
//!
//! | published | updated |
//! |---|---|
//! | JSON-LD | JSON-LD |
//! | meta elements | meta elements |
//! | microdata | microdata |
//! | the feed's entry | seconds in a script |
//! | `<time>` in the article's head or foot | `<time>` in the article's head or foot |
//! | visible text there | visible text there |
//! | the URL | the feed's entry |
//! | relative words | relative words, then the HTTP header |
//!
//! Within a source the order of the claims decides. Four things bend the rule, and each says so in a reason: a date of day
//! precision takes the time of another claim that agrees on the day; a publication day that stands alone against two other
//! sources, visible text among them, loses; what cannot be (the future, an update before the
//! publication) is passed over; an update equal to the publication is kept and flagged.

use chrono::{DateTime, Duration, NaiveTime, Timelike, Utc};

use crate::model::date::{ChosenDate, DateClaim, DateField, DateSource, Precision, When};

/// Clocks and zones go wrong by less than this.
const FUTURE: Duration = Duration::days(2);
/// The first web articles are younger; older values are placeholders such as 1970 and 0001. Seconds since 1970: 1990.
const OLDEST_SECONDS: i64 = 631_152_000;
/// An update this close to the publication is the publication.
const SAME: Duration = Duration::seconds(60);
/// A server that makes pages at each request says "now"; what is this much older was a file.
const FRESH: Duration = Duration::hours(1);

/// Chooses the article's dates and marks the claims: `chosen`, and for the others why not.
pub fn choose(claims: &mut [DateClaim], now: DateTime<Utc>) -> (Option<ChosenDate>, Option<ChosenDate>) {
    for claim in claims.iter_mut() {
        claim.chosen = false;
        if claim.reject_reason.is_none() {
            claim.reject_reason = impossible(claim, now).map(str::to_owned);
        }
    }
    let published = published(claims);
    let updated = updated(claims, published.as_ref(), now);
    (published, updated)
}

fn impossible(claim: &DateClaim, now: DateTime<Utc>) -> Option<&'static str> {
    let when = claim.when.as_ref()?;
    if when.earliest > now + FUTURE {
        Some("in the future")
    } else if when.latest.timestamp() < OLDEST_SECONDS {
        Some("too old")
    } else {
        None
    }
}

/// The place of a claim in the table; the lowest wins.
fn rank(claim: &DateClaim) -> u8 {
    let by_source = match (claim.field, claim.source) {
        (_, DateSource::JsonLd) => 0,
        (_, DateSource::Meta) => 1,
        (_, DateSource::Microdata) => 2,
        (DateField::Published, DateSource::Feed) | (_, DateSource::Script) => 3,
        (_, DateSource::Time) => 4,
        (_, DateSource::Visible) => 5,
        (_, DateSource::Url) => 6,
        (DateField::Updated, DateSource::Feed) => 7,
        (_, DateSource::Http) => 9,
    };
    if is_relative(claim) { by_source.max(8) } else { by_source }
}

/// Whether the words are an age: the interval ends at the value instead of beginning there.
fn is_relative(claim: &DateClaim) -> bool {
    claim.source == DateSource::Visible
        && claim.when.is_some_and(|when| when.earliest < when.at.to_utc() && when.at.to_utc() == when.latest)
}

/// The best claims of a field that nothing speaks against, best first.
fn candidates(claims: &[DateClaim], field: DateField) -> Vec<(usize, When)> {
    let mut found: Vec<(usize, When)> = claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| claim.field == field && claim.reject_reason.is_none())
        .filter_map(|(index, claim)| claim.when.map(|when| (index, when)))
        .collect();
    found.sort_by_key(|(index, _)| rank(&claims[*index]));
    found
}

fn published(claims: &mut [DateClaim]) -> Option<ChosenDate> {
    let mut found = candidates(claims, DateField::Published);
    let (first, when) = match outvoted(claims, &found) {
        Some(better) => {
            found.retain(|(index, other)| {
                let beaten = !on_one_day(other, &better.1);
                if beaten {
                    claims[*index].reject_reason = Some("another day than two other sources say".to_owned());
                }
                !beaten
            });
            better
        }
        None => *found.first()?,
    };
    let finer = found.iter().find(|(index, other)| {
        says_day(&when) && !says_day(other) && same_day(&when, other) && !is_relative(&claims[*index])
    });
    let (chosen, when) = *finer.unwrap_or(&(first, when));
    for (index, _) in found {
        claims[index].reject_reason = match index {
            _ if index == chosen => None,
            _ if index == first => Some("coarser than another of that day".to_owned()),
            _ => Some("ranked lower".to_owned()),
        };
    }
    Some(mark(&mut claims[chosen], when))
}

/// The best claim of a day on which two sources agree, a reader's text among them, when no source shares the best one's day.
fn outvoted(claims: &[DateClaim], found: &[(usize, When)]) -> Option<(usize, When)> {
    let (first, best) = found.first()?;
    let source = |index: usize| claims[index].source;
    if found.iter().any(|(index, when)| source(*index) != source(*first) && on_one_day(when, best)) {
        return None;
    }
    found.iter().skip(1).copied().find(|(index, when)| {
        !on_one_day(when, best)
            && found.iter().any(|(other, seen)| {
                source(*other) == DateSource::Visible && source(*index) != DateSource::Visible && on_one_day(when, seen)
            })
    })
}

/// Whether two claims can mean the same day, in whichever zone.
fn on_one_day(one: &When, other: &When) -> bool {
    one.earliest <= other.latest + Duration::hours(14) && other.earliest <= one.latest + Duration::hours(14)
}

fn updated(claims: &mut [DateClaim], published: Option<&ChosenDate>, now: DateTime<Utc>) -> Option<ChosenDate> {
    let mut found = candidates(claims, DateField::Updated);
    found.retain_mut(|(index, when)| {
        let claim = &mut claims[*index];
        let relative = is_relative(claim);
        let problem = match published {
            Some(published)
                if when.latest + SAME < published.when.earliest && !(relative && reaches(when, published)) =>
            {
                Some("before published")
            }
            _ if claim.source == DateSource::Http && when.latest > now - FRESH => Some("the time of the fetch"),
            _ => None,
        };
        if let (true, Some(published)) = (relative, published) {
            moved_after(when, published);
        }
        claim.reject_reason = problem.map(str::to_owned);
        problem.is_none()
    });
    let (first, when) = *found.first()?;
    let finer = found.iter().find(|(index, other)| {
        says_day(&when) && !says_day(other) && same_day(&when, other) && !is_relative(&claims[*index])
    });
    let (chosen, when) = *finer.unwrap_or(&(first, when));
    for (index, _) in found {
        claims[index].reject_reason = (index != chosen).then(|| "ranked lower".to_owned());
    }
    let claim = &mut claims[chosen];
    claim.reject_reason = match published {
        Some(published) if (when.at - published.when.at).abs() < SAME => Some("equals published".to_owned()),
        _ if claim.source == DateSource::Http => Some("weak: the server's file time".to_owned()),
        _ => None,
    };
    Some(mark(claim, when))
}

fn mark(claim: &mut DateClaim, when: When) -> ChosenDate {
    claim.chosen = true;
    ChosenDate { when, source: claim.source, raw: claim.raw.clone() }
}

/// Whether relative words allow an instant at or after the publication, or miss it by less than their unit.
fn reaches(when: &When, published: &ChosenDate) -> bool {
    when.latest + (when.latest - when.earliest) >= published.when.earliest
}

/// Relative words allow nothing before the publication.
fn moved_after(when: &mut When, published: &ChosenDate) {
    let floor = published.when.earliest;
    when.earliest = when.earliest.max(floor);
    when.latest = when.latest.max(when.earliest);
    when.at = when.at.max(when.earliest.fixed_offset());
}

/// A day without a time, also where a template filled in midnight.
fn says_day(when: &When) -> bool {
    when.precision >= Precision::Day || when.at.time() == NaiveTime::MIN && when.at.second() == 0
}

/// Whether a finer date is of the day that a coarser one states, in its own zone or in the other's.
fn same_day(day: &When, finer: &When) -> bool {
    let stated = day.at.date_naive();
    finer.precision < Precision::Day && (finer.at.date_naive() == stated || finer.earliest.date_naive() == stated)
}
