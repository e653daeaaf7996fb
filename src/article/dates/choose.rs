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

fn is_relative(claim: &DateClaim) -> bool {
    claim.when.is_some_and(|when| when.is_relative())
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
    let finer =
        found.iter().find(|(index, other)| says_day(&when) && refines(&when, other) && !is_relative(&claims[*index]));
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
    let finer = || {
        found.iter().find(|(index, other)| says_day(&when) && refines(&when, other) && !is_relative(&claims[*index]))
    };
    // A system that writes the publication into both fields says nothing; a line that a reader sees does.
    let told = published.filter(|published| (when.at - published.when.at).abs() < SAME).and_then(|published| {
        found.iter().find(|(index, other)| {
            let claim = &claims[*index];
            matches!(claim.source, DateSource::Time | DateSource::Visible)
                && claim.label.is_some()
                && !is_relative(claim)
                && other.precision < Precision::Day
                && other.earliest > published.when.latest + SAME
        })
    });
    let is_told = told.is_some();
    let (chosen, when) = told.or_else(finer).copied().unwrap_or((first, when));
    for (index, _) in found {
        claims[index].reject_reason = match index {
            _ if index == chosen => None,
            _ if is_told && index == first => Some("equals published".to_owned()),
            _ => Some("ranked lower".to_owned()),
        };
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

/// Whether a finer date lies in what a coarser one states, in its own zone or in the other's.
fn refines(coarse: &When, finer: &When) -> bool {
    let stated = coarse.at.date_naive();
    if coarse.precision > Precision::Day {
        return finer.precision < coarse.precision && (coarse.earliest..=coarse.latest).contains(&finer.earliest);
    }
    finer.precision < Precision::Day
        && !says_day(finer)
        && (finer.at.date_naive() == stated || finer.earliest.date_naive() == stated)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::choose;
    use crate::model::date::DateField::{self, Published, Updated};
    use crate::model::date::DateSource::{self, Feed, Http, JsonLd, Meta, Script, Url, Visible};
    use crate::model::date::{DateClaim, Precision};
    use crate::phrase;

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn now() -> DateTime<Utc> {
        NOW.parse().unwrap()
    }

    fn claim(field: DateField, source: DateSource, raw: &str) -> DateClaim {
        let when = phrase::read(raw, Some("en"), now(), None);
        DateClaim { field, source, raw: raw.to_owned(), label: None, when, chosen: false, reject_reason: None }
    }

    /// Chooses and shows the value of both fields, and the reasons in the order of the claims.
    fn check(claims: &[(DateField, DateSource, &str)], published: &str, updated: &str, reasons: &[&str]) {
        let mut list: Vec<DateClaim> = claims.iter().map(|(field, source, raw)| claim(*field, *source, raw)).collect();
        let (first, second) = choose(&mut list, now());
        let shown = |date: &Option<crate::model::date::ChosenDate>| {
            date.as_ref().map(|date| date.when.at.to_rfc3339()).unwrap_or_default()
        };
        assert!(shown(&first).starts_with(published), "{claims:?}: published {}", shown(&first));
        assert!(
            shown(&second).starts_with(updated) && second.is_none() == updated.is_empty(),
            "{claims:?}: updated {}",
            shown(&second)
        );
        let found: Vec<&str> = list.iter().map(|claim| claim.reject_reason.as_deref().unwrap_or_default()).collect();
        assert_eq!(found, reasons, "{claims:?}");
        assert_eq!(
            list.iter().filter(|claim| claim.chosen).count(),
            usize::from(first.is_some()) + usize::from(second.is_some())
        );
    }

    #[test]
    fn the_source_ranked_higher_wins() {
        check(
            &[
                (Published, Url, "2015-03-05"),
                (Published, Meta, "2015-03-05T10:20:00Z"),
                (Published, JsonLd, "2015-03-05T10:21:00Z"),
            ],
            "2015-03-05T10:21",
            "",
            &["ranked lower", "ranked lower", ""],
        );
    }

    #[test]
    fn a_day_takes_the_time_of_a_claim_that_agrees() {
        check(
            &[(Published, JsonLd, "2015-03-05"), (Published, Feed, "2015-03-05T10:20:00Z")],
            "2015-03-05T10:20",
            "",
            &["coarser than another of that day", ""],
        );
    }

    #[test]
    fn two_sources_that_agree_outvote_one() {
        check(
            &[
                (Published, JsonLd, "2022-01-04T07:29:00Z"),
                (Published, Meta, "2022-01-06T08:29:34"),
                (Published, Visible, "6 January 2022"),
            ],
            "2022-01-06T08:29:34",
            "",
            &["another day than two other sources say", "", "ranked lower"],
        );
    }

    #[test]
    fn an_update_before_the_publication_is_passed_over() {
        check(
            &[
                (Published, JsonLd, "2015-03-05T10:20:00Z"),
                (Updated, JsonLd, "2015-03-04T10:20:00Z"),
                (Updated, Meta, "2015-03-06T10:20:00Z"),
            ],
            "2015-03-05",
            "2015-03-06",
            &["", "before published", ""],
        );
    }

    #[test]
    fn an_update_equal_to_the_publication_is_kept_and_flagged() {
        check(
            &[(Published, JsonLd, "2015-03-05T10:20:00Z"), (Updated, JsonLd, "2015-03-05T10:20:30Z")],
            "2015-03-05T10:20:00",
            "2015-03-05T10:20:30",
            &["", "equals published"],
        );
    }

    #[test]
    fn exact_seconds_win_over_relative_words() {
        check(
            &[
                (Published, Visible, "5 Mar, 2015 10:20"),
                (Updated, Script, "2015-03-05T11:00:00Z"),
                (Updated, Visible, "10 years ago"),
            ],
            "2015-03-05T10:20",
            "2015-03-05T11:00",
            &["", "", "ranked lower"],
        );
    }

    #[test]
    fn relative_words_allow_nothing_before_the_publication() {
        let mut claims = vec![claim(Published, Visible, "5 Mar, 2016 10:20"), claim(Updated, Visible, "10 years ago")];
        let (_, updated) = choose(&mut claims, now());
        let when = updated.unwrap().when;
        assert_eq!(when.earliest.to_rfc3339(), "2016-03-05T10:20:00+00:00");
        assert_eq!((when.latest.to_rfc3339().as_str(), when.precision), ("2016-11-22T12:00:00+00:00", Precision::Year));
    }

    #[test]
    fn values_that_cannot_be_are_rejected_with_the_reason() {
        check(
            &[
                (Published, JsonLd, "2031-03-05T10:20:00Z"),
                (Published, Meta, "1970-01-01T00:00:00Z"),
                (Published, Url, "2015-03-05"),
            ],
            "2015-03-05",
            "",
            &["in the future", "too old", ""],
        );
    }

    #[test]
    fn the_server_s_file_time_is_the_last_resort() {
        check(&[(Updated, Http, "2026-11-22T11:59:00Z")], "", "", &["the time of the fetch"]);
        check(&[(Updated, Http, "2026-10-01T00:00:10Z")], "", "2026-10-01", &["weak: the server's file time"]);
    }
}
