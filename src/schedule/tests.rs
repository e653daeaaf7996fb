//! The table of manners, sections B and D, as far as the schedule decides them.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use super::{PollAttempt, VisitAttempt, next_poll, next_visit};
use crate::config::{Every, FeedSettings};
use crate::model::failure::{ErrorClass, InsteadOfFeed};
use crate::model::feed::FeedHints;
use crate::model::id::{ArticleId, FeedId};
use crate::model::outcome::{FeedHistory, NextLook, ServerWishes};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const NO_HINTS: FeedHints = FeedHints {
    ttl_minutes: None,
    skip_hours: Vec::new(),
    skip_days: Vec::new(),
    update_period_seconds: None,
    cloud: None,
};
const NOTHING_NEW: PollAttempt<'_> = PollAttempt::Document { new: 0, gap: false, hints: &NO_HINTS, published: &[] };

/// A Wednesday, 01:30.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 4, 1, 30, 0).unwrap()
}

fn settings() -> FeedSettings {
    FeedSettings { min_every: 30 * MINUTE, max_every: DAY, ..FeedSettings::default() }
}

/// Polled every half hour so far.
fn busy() -> FeedHistory {
    let recent_entries = (0..20).map(|n| now() - TimeDelta::minutes(10 * n)).collect();
    FeedHistory { last_polled_at: Some(now()), interval: Some(30 * MINUTE), recent_entries, ..FeedHistory::default() }
}

fn failed(earlier: u32) -> FeedHistory {
    FeedHistory { consecutive_failures: earlier, ..busy() }
}

fn fresh(seconds: u64) -> ServerWishes {
    ServerWishes { fresh_for: Some(Duration::from_secs(seconds)), retry_after: None }
}

fn retry(seconds: u64) -> ServerWishes {
    ServerWishes { retry_after: Some(Duration::from_secs(seconds)), fresh_for: None }
}

fn wait(next: &NextLook) -> Duration {
    (next.at.expect("looks again") - now()).to_std().unwrap()
}

const NONE: ServerWishes = ServerWishes { retry_after: None, fresh_for: None };

/// The next look lies within the two limits for every one of many feeds; gives the last one's reason.
#[track_caller]
fn check(
    history: &FeedHistory,
    attempt: &PollAttempt<'_>,
    wishes: ServerWishes,
    settings: &FeedSettings,
    (low, high): (Duration, Duration),
) -> String {
    let mut reason = String::new();
    for feed in 0..200 {
        let next = next_poll(history, attempt, wishes, settings, FeedId(feed), now());
        let wait = wait(&next);
        assert!(low <= wait && wait <= high, "{wait:?} is not within {low:?} and {high:?}: {}", next.reason);
        reason = next.reason;
    }
    reason
}

#[test]
fn manners_23_never_closer_than_min_every() {
    let settings = settings();
    let classes = [ErrorClass::Dns, ErrorClass::Server, ErrorClass::RateLimited, ErrorClass::Panic];
    let attempts = [NOTHING_NEW, PollAttempt::NotModified].into_iter().chain(classes.map(PollAttempt::Failed));
    for attempt in attempts {
        for every in [Every::Adaptive, Every::Fixed(MINUTE)] {
            let settings = FeedSettings { every, ..settings.clone() };
            for history in [FeedHistory::default(), busy(), FeedHistory { interval: Some(Duration::ZERO), ..busy() }] {
                for wishes in [NONE, fresh(0), retry(1)] {
                    check(&history, &attempt, wishes, &settings, (30 * MINUTE, 2 * DAY));
                }
            }
        }
    }
}

#[test]
fn manners_24_to_31_freshness_lengthens_only() {
    let settings = settings();
    for attempt in [NOTHING_NEW, PollAttempt::NotModified] {
        check(&busy(), &attempt, fresh(7200), &settings, (2 * HOUR, 132 * MINUTE));
        check(&busy(), &attempt, fresh(60), &settings, (30 * MINUTE, 50 * MINUTE));
        let reason = check(&busy(), &attempt, fresh(31_536_000), &settings, (7 * DAY, 7 * DAY + HOUR));
        assert!(reason.contains("max-age asks for 365d, cut to max_hint 7d"), "{reason}");
    }
    let both = ServerWishes { retry_after: Some(HOUR), fresh_for: Some(2 * DAY) };
    check(&failed(0), &PollAttempt::Failed(ErrorClass::RateLimited), both, &settings, (2 * DAY, 2 * DAY + HOUR));
    check(&failed(0), &PollAttempt::Failed(ErrorClass::NotFound), fresh(31_536_000), &settings, (30 * MINUTE, DAY));
}

#[test]
fn manners_32_33_the_documents_own_period() {
    let ttl = FeedHints { ttl_minutes: Some(180), ..NO_HINTS };
    let period = FeedHints { update_period_seconds: Some(12 * 3600), ..NO_HINTS };
    for (hints, hours) in [(&ttl, 3), (&period, 12)] {
        let limits = (hours * HOUR, hours * HOUR * 11 / 10);
        let document = PollAttempt::Document { new: 0, gap: false, hints, published: &[] };
        check(&busy(), &document, NONE, &settings(), limits);
        let history = FeedHistory { hints: hints.clone(), ..busy() };
        check(&history, &PollAttempt::NotModified, NONE, &settings(), limits);
        check(&history, &NOTHING_NEW, NONE, &settings(), (30 * MINUTE, HOUR)); // The new document asks for nothing.
    }
}

#[test]
fn manners_34_35_skipped_hours_and_days() {
    let check = |skip_hours: &[u8], skip_days: &[u8], limits| {
        let hints = FeedHints { skip_hours: skip_hours.to_vec(), skip_days: skip_days.to_vec(), ..NO_HINTS };
        let document = PollAttempt::Document { new: 0, gap: false, hints: &hints, published: &[] };
        check(&busy(), &document, NONE, &settings(), limits)
    };
    let until_four = Duration::from_mins(150);
    let reason = check(&[2, 3], &[], (until_four, until_four + 10 * MINUTE));
    assert!(reason.contains("not before Wed 04:00 UTC"), "{reason}");
    let until_friday = Duration::from_mins(150) + 44 * HOUR;
    check(&[], &[2, 3], (until_friday, until_friday + 10 * MINUTE));
    let all_days = check(&[], &[0, 1, 2, 3, 4, 5, 6], (30 * MINUTE, HOUR));
    assert!(all_days.contains("ignored"), "{all_days}");
    let all_hours: Vec<u8> = (0..24).collect();
    check(&all_hours, &[], (30 * MINUTE, HOUR));
    check(&[24, 99], &[7], (30 * MINUTE, HOUR));
}

/// How far the times of `feeds` feeds with one past lie apart, and how many of them differ.
fn spread(history: &FeedHistory, attempt: &PollAttempt<'_>, wishes: ServerWishes) -> (Duration, usize) {
    let waits = (0..100).map(|feed| wait(&next_poll(history, attempt, wishes, &settings(), FeedId(feed), now())));
    let waits: HashSet<Duration> = waits.collect();
    (waits.iter().max().unwrap().saturating_sub(*waits.iter().min().unwrap()), waits.len())
}

#[test]
fn manners_36_56_no_common_instant() {
    for (name, history, attempt, wishes, least) in [
        ("first", FeedHistory::default(), NOTHING_NEW, NONE, 10 * MINUTE),
        ("at min_every", busy(), NOTHING_NEW, NONE, 90 * Duration::from_secs(1)),
        ("told to wait", busy(), PollAttempt::Failed(ErrorClass::RateLimited), retry(3600), 3 * MINUTE),
        ("at max_every", failed(30), PollAttempt::Failed(ErrorClass::Server), NONE, HOUR),
        ("turned away", failed(30), PollAttempt::Failed(ErrorClass::RateLimited), NONE, 18 * MINUTE),
    ] {
        let (width, different) = spread(&history, &attempt, wishes);
        assert!(width >= least && different > 95, "{name}: {width:?}, {different} of 100");
    }
}

#[test]
fn manners_38_grows_while_unchanged_and_shrinks_with_new_entries() {
    let settings = settings();
    let mut history = FeedHistory { interval: Some(2 * HOUR), ..busy() };
    history.recent_entries = (0..10).map(|n| now() - TimeDelta::hours(4 * n)).collect();
    let mut intervals = Vec::new();
    for unchanged in 0..200 {
        history.unchanged_polls = unchanged;
        intervals.push(next_poll(&history, &PollAttempt::NotModified, NONE, &settings, FeedId(1), now()).interval);
    }
    assert!(intervals[..4].is_sorted_by(|a, b| a < b), "{:?}", &intervals[..4]);
    assert_eq!(intervals.last(), Some(&DAY));

    let mut interval = DAY;
    for _ in 0..12 {
        history.interval = Some(interval);
        let attempt = PollAttempt::Document { new: 2, gap: false, hints: &NO_HINTS, published: &[] };
        let next = next_poll(&history, &attempt, NONE, &settings, FeedId(1), now()).interval;
        assert!(next < interval || next == settings.min_every, "{next:?}");
        interval = next;
    }
    assert_eq!(interval, settings.min_every);
}

#[test]
fn the_interval_follows_the_entries() {
    let interval = |gap: TimeDelta, silence: TimeDelta| {
        let recent_entries = (0..20).map(|n| now() - silence - gap * n).collect();
        let history = FeedHistory { recent_entries, ..FeedHistory::default() };
        next_poll(&history, &NOTHING_NEW, NONE, &settings(), FeedId(1), now()).interval
    };
    assert_eq!(interval(TimeDelta::minutes(1), TimeDelta::zero()), 30 * MINUTE);
    assert_eq!(interval(TimeDelta::hours(4), TimeDelta::zero()), 150 * MINUTE); // Half of it, and one unchanged poll.
    assert_eq!(interval(TimeDelta::minutes(1), TimeDelta::hours(16)), 150 * MINUTE);
    assert_eq!(interval(TimeDelta::days(30), TimeDelta::days(3000)), DAY);
}

#[test]
fn manners_39_a_gap_halves_the_interval() {
    let history = FeedHistory { interval: Some(8 * HOUR), recent_entries: Vec::new(), ..busy() };
    let history = FeedHistory { unchanged_polls: 90, ..history };
    let attempt = PollAttempt::Document { new: 0, gap: true, hints: &NO_HINTS, published: &[] };
    let next = next_poll(&history, &attempt, NONE, &settings(), FeedId(1), now());
    assert_eq!(next.interval, 4 * HOUR);
    assert_eq!(next.reason, "every 4h: entries were missed since the last poll");
}

#[test]
fn fixed_stays_and_may_be_lengthened() {
    let settings = FeedSettings { every: Every::Fixed(2 * DAY), ..settings() };
    check(&busy(), &NOTHING_NEW, NONE, &settings, (DAY * 18 / 10, DAY * 22 / 10));
    check(&busy(), &NOTHING_NEW, fresh(3 * 86_400), &settings, (3 * DAY, 3 * DAY + HOUR));
}

#[test]
fn manners_50_to_56_turned_away() {
    let limited = PollAttempt::Failed(ErrorClass::RateLimited);
    let settings = settings();
    for attempt in [limited, PollAttempt::Failed(ErrorClass::Server), NOTHING_NEW] {
        let reason = check(&failed(0), &attempt, retry(3600), &settings, (HOUR, 66 * MINUTE));
        assert!(reason.contains("retry-after asks for 1h"), "{reason}");
    }
    let reason = check(&failed(0), &limited, retry(99_999_999), &settings, (7 * DAY, 7 * DAY + HOUR));
    assert!(reason.contains("cut to max_hint 7d"), "{reason}");
    for (earlier, low, high) in [(0, 54, 66), (1, 108, 132), (2, 216, 264), (3, 324, 360), (40, 324, 360)] {
        check(&failed(earlier), &limited, NONE, &settings, (low * MINUTE, high * MINUTE));
    }
}

#[test]
fn manners_57_58_64_failures_back_off_and_never_end() {
    let settings = settings();
    for class in
        [ErrorClass::Server, ErrorClass::NotFound, ErrorClass::NotAFeed(InsteadOfFeed::HtmlPage), ErrorClass::Timeout]
    {
        let attempt = PollAttempt::Failed(class);
        for (earlier, low, high) in [(0, 30, 33), (1, 54, 66), (3, 216, 264), (10, 1296, 1440), (u32::MAX, 1296, 1440)]
        {
            let reason = check(&failed(earlier), &attempt, NONE, &settings, (low * MINUTE, high * MINUTE));
            assert!(reason.starts_with("failure "), "{reason}");
        }
    }
    let dns = PollAttempt::Failed(ErrorClass::Dns);
    check(&failed(3), &dns, NONE, &settings, (30 * MINUTE, 33 * MINUTE));
    check(&failed(4), &dns, NONE, &settings, (54 * MINUTE, 66 * MINUTE));
    // A failure leaves the interval for the success that follows.
    let next = next_poll(&failed(9), &PollAttempt::Failed(ErrorClass::Server), NONE, &settings, FeedId(1), now());
    assert_eq!(next.interval, 30 * MINUTE);
    check(&failed(9), &NOTHING_NEW, NONE, &settings, (30 * MINUTE, HOUR));
}

#[test]
fn manners_59_60_gone_and_denied() {
    let next = next_poll(&busy(), &PollAttempt::Failed(ErrorClass::Gone), NONE, &settings(), FeedId(1), now());
    assert_eq!(next.at, None);
    for class in [ErrorClass::Denied, ErrorClass::CloudflareChallenge] {
        check(&failed(0), &PollAttempt::Failed(class), NONE, &settings(), (4 * HOUR, 264 * MINUTE));
        check(&failed(20), &PollAttempt::Failed(class), NONE, &settings(), (21 * HOUR, DAY));
    }
}

#[test]
fn no_value_overflows() {
    let hints = FeedHints { ttl_minutes: Some(u32::MAX), update_period_seconds: Some(u64::MAX), ..NO_HINTS };
    let wishes = ServerWishes { retry_after: Some(Duration::MAX), fresh_for: Some(Duration::MAX) };
    let settings =
        FeedSettings { max_every: Duration::MAX, min_every: Duration::MAX, max_hint: Duration::MAX, ..settings() };
    let history = FeedHistory { interval: Some(Duration::MAX), unchanged_polls: u32::MAX, ..failed(u32::MAX) };
    for now in [DateTime::<Utc>::MIN_UTC, now(), DateTime::<Utc>::MAX_UTC] {
        for attempt in [
            PollAttempt::Document {
                new: usize::MAX,
                gap: true,
                hints: &hints,
                published: &[DateTime::<Utc>::MIN_UTC, now],
            },
            PollAttempt::NotModified,
            PollAttempt::Failed(ErrorClass::Server),
            PollAttempt::Failed(ErrorClass::RateLimited),
        ] {
            assert!(next_poll(&history, &attempt, wishes, &settings, FeedId(i64::MIN), now).at.is_some());
        }
        let attempt = VisitAttempt::Failed(ErrorClass::Server);
        next_visit(ArticleId(1), DateTime::<Utc>::MIN_UTC, u32::MAX, attempt, wishes, &[Duration::MAX], now);
        next_visit(ArticleId(1), now, 0, VisitAttempt::Read, wishes, &[Duration::MAX], now);
    }
}

/// An article first seen `age` ago; `expected` is how long to wait, 5 % more allowed, and how the reason begins.
#[track_caller]
fn check_visit(
    age: Duration,
    earlier: u32,
    attempt: VisitAttempt,
    wishes: ServerWishes,
    expected: (Option<Duration>, &str),
) {
    let recheck = FeedSettings::default().recheck;
    let next = next_visit(ArticleId(1), now() - age, earlier, attempt, wishes, &recheck, now());
    assert_eq!(next.at.is_some(), expected.0.is_some(), "{}", next.reason);
    if let Some(least) = expected.0 {
        let wait = wait(&next);
        assert!(least <= wait && wait <= least * 11 / 10, "{wait:?} is not {least:?}: {}", next.reason);
    }
    assert!(next.reason.starts_with(expected.1), "{}", next.reason);
}

#[test]
fn articles_are_looked_at_again_on_schedule() {
    for attempt in [VisitAttempt::Read, VisitAttempt::NotModified] {
        check_visit(Duration::ZERO, 0, attempt, NONE, (Some(HOUR), "recheck 1h after first sight"));
        check_visit(HOUR, 0, attempt, NONE, (Some(5 * HOUR), "recheck 6h"));
        check_visit(7 * HOUR, 3, attempt, NONE, (Some(17 * HOUR), "recheck 1d"));
        check_visit(7 * DAY, 0, attempt, NONE, (None, "recheck schedule is done"));
        check_visit(HOUR, 0, attempt, retry(86_400), (Some(DAY), "recheck 6h"));
        check_visit(HOUR, 0, attempt, fresh(31_536_000), (Some(5 * HOUR), "recheck 6h"));
    }
}

#[test]
fn failed_visits_back_off_and_end() {
    let server = VisitAttempt::Failed(ErrorClass::Server);
    for (earlier, minutes) in [(0, 5), (1, 20), (2, 80), (3, 320), (4, 1280), (5, 1440), (8, 1440), (9, 10_080)] {
        check_visit(HOUR, earlier, server, NONE, (Some(minutes * MINUTE), "failure "));
    }
    check_visit(8 * DAY, 0, server, NONE, (Some(7 * DAY), "failure 1 (server)"));
    check_visit(HOUR, 15, server, NONE, (None, "failure 16 (server): given up"));
    check_visit(HOUR, 0, VisitAttempt::Failed(ErrorClass::Gone), NONE, (None, "gone (410)"));
    for class in [ErrorClass::NotFound, ErrorClass::NotAPage] {
        check_visit(HOUR, 2, VisitAttempt::Failed(class), NONE, (Some(80 * MINUTE), "failure 3"));
        check_visit(HOUR, 3, VisitAttempt::Failed(class), NONE, (None, "failure 4"));
    }
    let limited = VisitAttempt::Failed(ErrorClass::RateLimited);
    check_visit(HOUR, 0, limited, NONE, (Some(15 * MINUTE), "failure 1 (rate-limited)"));
    check_visit(HOUR, 7, limited, NONE, (Some(6 * HOUR), "failure 8"));
    check_visit(HOUR, 5, limited, retry(3600), (Some(HOUR), "failure 6"));
    check_visit(HOUR, 0, VisitAttempt::Failed(ErrorClass::Denied), NONE, (Some(4 * HOUR), "failure 1 (denied)"));
    check_visit(HOUR, 0, VisitAttempt::Robots, NONE, (Some(DAY), "robots.txt"));
    check_visit(HOUR, 2, VisitAttempt::Robots, NONE, (None, "robots.txt"));
    check_visit(3 * DAY, 0, VisitAttempt::Robots, NONE, (None, "robots.txt"));
}
