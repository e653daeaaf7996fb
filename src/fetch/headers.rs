//! What an answer's head says: its class, its validators, and what the server wishes. Pure.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::header::{AGE, AsHeaderName, CACHE_CONTROL, DATE, ETAG, EXPIRES, LAST_MODIFIED, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::model::failure::ErrorClass;
use crate::model::outcome::{ServerWishes, Validators};

/// Nothing that a server says is taken for longer: sums with it cannot overflow, and `schedule` clamps much lower.
const LONGEST_WISH: Duration = Duration::from_hours(87600);

/// What kind of failure a status is; `None` for 200, 203 and 304, and for redirects, which are not failures yet.
pub(super) fn failure_of(
    status: StatusCode,
    headers: &HeaderMap,
    treat_403_as_rate_limited: bool,
) -> Option<ErrorClass> {
    let says_when = || headers.contains_key(RETRY_AFTER);
    let is_challenge = || headers.get("cf-mitigated").is_some_and(|value| value == "challenge");
    Some(match status.as_u16() {
        200 | 203 | 304 | 301 | 302 | 303 | 307 | 308 => return None,
        204 | 205 => ErrorClass::Empty,
        403 if is_challenge() => ErrorClass::CloudflareChallenge,
        403 if treat_403_as_rate_limited => ErrorClass::RateLimited,
        401 | 403 => ErrorClass::Denied,
        404 => ErrorClass::NotFound,
        410 => ErrorClass::Gone,
        429 => ErrorClass::RateLimited,
        503 if says_when() => ErrorClass::RateLimited,
        500..=599 => ErrorClass::Server,
        _ => ErrorClass::Status,
    })
}

/// The validators of an answer: what it says, and nothing else (RFC 9110 section 8.8).
pub(super) fn validators_of(headers: &HeaderMap) -> Validators {
    let verbatim = |name| text(headers, name).filter(|value| !value.is_empty()).map(str::to_owned);
    Validators { etag: verbatim(ETAG), last_modified: verbatim(LAST_MODIFIED) }
}

/// The validators to send after a 304: those that were sent, with what the 304 brings in their place (RFC 9111 section
/// 4.3.4). A new `Last-Modified` alone leaves the `ETag` as it is.
pub(super) fn updated_by(sent: &Validators, headers: &HeaderMap) -> Validators {
    let brought = validators_of(headers);
    Validators {
        etag: brought.etag.or_else(|| sent.etag.clone()),
        last_modified: brought.last_modified.or_else(|| sent.last_modified.clone()),
    }
}

/// A validator as a header, byte for byte; `None` for one that no server can have sent.
pub(super) fn validator_value(validator: &str) -> Option<HeaderValue> {
    HeaderValue::from_bytes(validator.as_bytes()).ok()
}

/// What the server wishes. Server times are read against its own `Date`, since its clock may be wrong.
pub(super) fn wishes(headers: &HeaderMap, now: DateTime<Utc>) -> ServerWishes {
    let server_now = text(headers, DATE).and_then(http_date).unwrap_or(now);
    ServerWishes { retry_after: retry_after(headers, server_now), fresh_for: fresh_for(headers, server_now) }
}

/// `Retry-After` (RFC 9110 section 10.2.3). Zero, negative, past and unreadable values say nothing.
fn retry_after(headers: &HeaderMap, server_now: DateTime<Utc>) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    let wait = match seconds(value) {
        Some(wait) => wait,
        None => until(http_date(value)?, server_now)?,
    };
    (!wait.is_zero()).then(|| wait.min(LONGEST_WISH))
}

/// How long the answer stays fresh (RFC 9111 section 4.2). `max-age` decides where it is, even when it cannot be read.
fn fresh_for(headers: &HeaderMap, server_now: DateTime<Utc>) -> Option<Duration> {
    let mut max_age = None;
    for (name, argument) in cache_directives(headers) {
        match argument {
            // With field names they speak about those fields alone.
            None if name.eq_ignore_ascii_case("no-cache") || name.eq_ignore_ascii_case("no-store") => return None,
            Some(argument) if name.eq_ignore_ascii_case("max-age") => {
                max_age.get_or_insert(seconds(argument).unwrap_or_default());
            }
            _ => {}
        }
    }
    let lifetime = match max_age {
        Some(max_age) => max_age,
        None => until(http_date(text(headers, EXPIRES)?)?, server_now)?,
    };
    let age = match max_age {
        Some(_) => text(headers, AGE).and_then(seconds).unwrap_or_default(),
        None => Duration::ZERO, // `Expires` less `Date` already ends at the same instant.
    };
    lifetime.checked_sub(age).filter(|left| !left.is_zero()).map(|left| left.min(LONGEST_WISH))
}

/// The directives of all `Cache-Control` lines, with their arguments unquoted.
fn cache_directives(headers: &HeaderMap) -> impl Iterator<Item = (&str, Option<&str>)> {
    headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| {
        let mut quoted = false;
        line.split(move |c: char| {
            quoted ^= c == '"';
            c == ',' && !quoted
        })
        .map(|directive| match directive.split_once('=') {
            Some((name, argument)) => (name.trim(), Some(argument.trim().trim_matches('"'))),
            None => (directive.trim(), None),
        })
    })
}

fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    std::str::from_utf8(headers.get(name)?.as_bytes()).ok().map(str::trim)
}

/// Digits alone; more than fit are as many as fit, as RFC 9111 section 1.2.2 asks.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().map_or(LONGEST_WISH, Duration::from_secs).min(LONGEST_WISH))
}

fn until(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Duration> {
    at.signed_duration_since(now).max(TimeDelta::zero()).to_std().ok()
}

/// An HTTP date in its three forms (RFC 9110 section 5.6.7), and what else RFC 2822 takes, since servers send it.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.to_utc());
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y", "%A, %d-%b-%Y %H:%M:%S GMT", "%a, %d-%b-%Y %H:%M:%S GMT"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|date| date.and_utc())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, Utc};
    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::{LONGEST_WISH, failure_of, http_date, updated_by, validators_of, wishes};
    use crate::model::failure::ErrorClass;
    use crate::model::outcome::Validators;

    const NOW: &str = "2025-06-03T09:00:00Z";

    fn now() -> DateTime<Utc> {
        NOW.parse().unwrap()
    }

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let parse = |(name, value): &(&str, &str)| {
            (HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        let mut map = HeaderMap::new();
        for (name, value) in lines.iter().map(parse) {
            map.append(name, value);
        }
        map
    }

    #[track_caller]
    fn check_retry(value: &str, expected: Option<u64>) {
        let found = wishes(&headers(&[("retry-after", value)]), now()).retry_after;
        assert_eq!(found, expected.map(Duration::from_secs), "{value}");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_nonsense_is_absent() {
        check_retry("3600", Some(3600));
        check_retry(" 120 ", Some(120));
        check_retry("Tue, 03 Jun 2025 10:00:00 GMT", Some(3600));
        check_retry("Tuesday, 03-Jun-25 10:00:00 GMT", Some(3600));
        check_retry("Tue Jun  3 10:00:00 2025", Some(3600));
        for absent in ["0", "-5", "soon", "", "1.5", "Tue, 03 Jun 2025 08:00:00 GMT", "Tue, 99 Jun 2025 08:00:00 GMT"] {
            check_retry(absent, None);
        }
        check_retry("99999999", Some(99_999_999));
        check_retry("99999999999999999999999", Some(LONGEST_WISH.as_secs()));
        check_retry("Fri, 31 Dec 9999 23:59:59 GMT", Some(LONGEST_WISH.as_secs()));
    }

    #[test]
    fn a_retry_date_is_read_against_the_server_s_own_clock() {
        let answer =
            headers(&[("date", "Wed, 04 Jun 2025 09:00:00 GMT"), ("retry-after", "Wed, 04 Jun 2025 10:00:00 GMT")]);
        assert_eq!(wishes(&answer, now()).retry_after, Some(Duration::from_hours(1)));
    }

    #[track_caller]
    fn check_fresh(lines: &[(&str, &str)], expected: Option<u64>) {
        assert_eq!(wishes(&headers(lines), now()).fresh_for, expected.map(Duration::from_secs), "{lines:?}");
    }

    #[test]
    fn freshness_is_max_age_less_age_else_expires_less_date() {
        check_fresh(&[("cache-control", "max-age=7200")], Some(7200));
        check_fresh(&[("cache-control", "public, Max-Age=\"7200\"")], Some(7200));
        check_fresh(&[("cache-control", "max-age=7200"), ("age", "3600")], Some(3600));
        check_fresh(&[("cache-control", "max-age=7200"), ("age", "9000")], None);
        check_fresh(&[("cache-control", "max-age=7200"), ("age", "old")], Some(7200));
        check_fresh(&[("cache-control", "no-cache, max-age=7200")], None);
        check_fresh(&[("cache-control", "max-age=7200"), ("cache-control", "no-store")], None);
        check_fresh(&[("cache-control", "no-cache=\"set-cookie, x\", max-age=7200")], Some(7200));
        check_fresh(&[("cache-control", "private=\"a, max-age=5\", max-age=60")], Some(60));
        check_fresh(&[("cache-control", "max-age=99999999999999999999")], Some(LONGEST_WISH.as_secs()));
        check_fresh(&[("cache-control", "s-maxage=7200")], None);
        check_fresh(&[("expires", "Tue, 03 Jun 2025 11:00:00 GMT")], Some(7200));
        let wrong_clock = [("date", "Mon, 02 Jun 2025 09:00:00 GMT"), ("expires", "Mon, 02 Jun 2025 11:00:00 GMT")];
        check_fresh(&wrong_clock, Some(7200));
        for unreadable in ["0", "-1", "Tue, 03 Jun 2025 08:00:00 GMT"] {
            check_fresh(&[("expires", unreadable)], None);
        }
        for unreadable in ["max-age=0", "max-age=-1", "max-age=soon", "max-age="] {
            check_fresh(&[("cache-control", unreadable), ("expires", "Tue, 03 Jun 2025 11:00:00 GMT")], None);
        }
    }

    #[track_caller]
    fn check_class(status: u16, lines: &[(&str, &str)], treat_403: bool, expected: Option<ErrorClass>) {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(failure_of(status, &headers(lines), treat_403), expected, "{status} {lines:?}");
    }

    #[test]
    fn statuses_have_classes() {
        for good in [200, 203, 301, 302, 303, 304, 307, 308] {
            check_class(good, &[], false, None);
        }
        check_class(401, &[], true, Some(ErrorClass::Denied));
        check_class(403, &[], false, Some(ErrorClass::Denied));
        check_class(403, &[], true, Some(ErrorClass::RateLimited));
        check_class(403, &[("cf-mitigated", "challenge")], true, Some(ErrorClass::CloudflareChallenge));
        check_class(404, &[], false, Some(ErrorClass::NotFound));
        check_class(410, &[], false, Some(ErrorClass::Gone));
        check_class(429, &[], false, Some(ErrorClass::RateLimited));
        check_class(503, &[], false, Some(ErrorClass::Server));
        check_class(503, &[("retry-after", "60")], false, Some(ErrorClass::RateLimited));
        check_class(500, &[("retry-after", "60")], false, Some(ErrorClass::Server));
        check_class(204, &[], false, Some(ErrorClass::Empty));
        for odd in [202, 206, 226, 300, 305, 400, 402, 418, 451, 999] {
            check_class(odd, &[], false, Some(ErrorClass::Status));
        }
    }

    fn validators(etag: Option<&str>, last_modified: Option<&str>) -> Validators {
        Validators { etag: etag.map(str::to_owned), last_modified: last_modified.map(str::to_owned) }
    }

    #[test]
    fn validators_are_verbatim_and_a_304_replaces_what_it_brings() {
        let odd = "Tue, 3 Jun 2025 9:00:00 +0000";
        let answer = headers(&[("etag", "W/\"aB+/==\""), ("last-modified", odd)]);
        assert_eq!(validators_of(&answer), validators(Some("W/\"aB+/==\""), Some(odd)));
        assert_eq!(validators_of(&headers(&[("etag", "")])), Validators::default());

        let sent = validators(Some("\"1\""), Some("then"));
        assert_eq!(updated_by(&sent, &headers(&[])), sent);
        assert_eq!(updated_by(&sent, &headers(&[("etag", "\"2\"")])), validators(Some("\"2\""), Some("then")));
        assert_eq!(updated_by(&sent, &headers(&[("last-modified", "now")])), validators(Some("\"1\""), Some("now")));
    }

    #[test]
    fn http_dates_have_many_forms_and_never_panic() {
        let expected = "1994-11-06T08:49:37Z".parse().ok();
        for form in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06-Nov-1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 +0000",
        ] {
            assert_eq!(http_date(form), expected, "{form}");
        }
        for junk in ["", "\u{0}", "Sun, 06 Nov 99999999999 08:49:37 GMT", "–", "Sun, 31 Feb 1994 08:49:37 GMT"] {
            assert_eq!(http_date(junk), None, "{junk}");
        }
    }
}
