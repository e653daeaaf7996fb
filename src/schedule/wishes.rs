//! What servers and feeds ask for: they lengthen a wait, never shorten it.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

use super::PollAttempt;
use crate::model::failure::ErrorClass;
use crate::model::feed::FeedHints;
use crate::model::outcome::ServerWishes;

/// A wish, cut to what is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    /// By which word it was made.
    pub(super) by: &'static str,
    /// What was asked for.
    pub(super) asked: Duration,
    /// What is granted.
    pub(super) wait: Duration,
    /// Whether it was cut to `max_hint`.
    pub(super) clamped: bool,
}

/// The wish that asks for most.
///
/// A failure's freshness counts only where the server turned us away: many send a year of `max-age` with a 404. What
/// the feed's document asks for is about documents, so a failure does not wait for it.
pub(super) fn strongest(
    attempt: &PollAttempt<'_>,
    wishes: ServerWishes,
    hints: &FeedHints,
    max_hint: Duration,
) -> Option<Wish> {
    let is_good = !matches!(attempt, PollAttempt::Failed(_));
    let is_fresh = is_good || matches!(attempt, PollAttempt::Failed(ErrorClass::RateLimited));
    let ttl = hints.ttl_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let period = hints.update_period_seconds.map(Duration::from_secs);
    [
        ("retry-after", wishes.retry_after),
        ("max-age", wishes.fresh_for.filter(|_| is_fresh)),
        ("ttl", ttl.filter(|_| is_good)),
        ("sy:updatePeriod", period.filter(|_| is_good)),
    ]
    .into_iter()
    .filter_map(|(by, asked)| Some(granted(by, asked?, max_hint)))
    .max_by_key(|wish| wish.asked)
}

/// A wish cut to `max_hint`.
pub(super) fn granted(by: &'static str, asked: Duration, max_hint: Duration) -> Wish {
    Wish { by, asked, wait: asked.min(max_hint), clamped: asked > max_hint }
}

/// The next full hour that `skipHours` and `skipDays` allow; `None` when `at` itself is allowed, or nothing is.
pub(super) fn next_allowed(at: DateTime<Utc>, hints: &FeedHints) -> Option<DateTime<Utc>> {
    if skips_everything(hints) || is_allowed(at, hints) {
        return None;
    }
    let hour = at.with_minute(0)?.with_second(0)?.with_nanosecond(0)?;
    (1..=24 * 8).filter_map(|hours| hour.checked_add_signed(TimeDelta::hours(hours))).find(|&at| is_allowed(at, hints))
}

/// Whether a feed asks never to be polled: a mistake, so that nothing is skipped.
pub(super) fn skips_everything(hints: &FeedHints) -> bool {
    (0..24).all(|hour| hints.skip_hours.contains(&hour)) || (0..7).all(|day| hints.skip_days.contains(&day))
}

fn is_allowed(at: DateTime<Utc>, hints: &FeedHints) -> bool {
    let hour_is = |hour: &u8| u32::from(*hour) == at.hour();
    let day_is = |day: &u8| u32::from(*day) == at.weekday().num_days_from_monday();
    !hints.skip_hours.iter().any(hour_is) && !hints.skip_days.iter().any(day_is)
}
