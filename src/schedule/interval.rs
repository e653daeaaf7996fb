//! How often a feed brings something, and so how often to look.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::PollAttempt;
use super::reason::Reason;
use super::spread::{MAX_WAIT, scale};
use crate::config::{Every, FeedSettings};
use crate::model::outcome::FeedHistory;

/// For a feed of which nothing is known yet.
const FIRST: Duration = Duration::from_hours(1);
/// Entries that the mean gap is taken over; `FeedHistory::recent_entries` holds as many.
const RECENT: usize = 20;
/// Looking twice in the usual gap finds an entry after a quarter of it on average.
const LOOKS_A_GAP: f64 = 0.5;
/// A silence is a sign only when it is several gaps long: newspapers sleep at night.
const SILENCE: f64 = 0.25;
/// Each unchanged poll adds a quarter of the interval: linear, so that one night does not undo a busy day.
const GROWTH: f64 = 0.25;

/// A feed's own interval, within its limits.
pub(super) struct Interval {
    pub(super) every: Duration,
    pub(super) reason: Reason,
}

/// The interval that a failure leaves as it was.
pub(super) fn kept(history: &FeedHistory, settings: &FeedSettings) -> Interval {
    let every = match settings.every {
        Every::Fixed(fixed) => fixed.max(settings.min_every),
        Every::Adaptive => within(history.interval.unwrap_or(settings.min_every), settings),
    };
    Interval { every, reason: Reason::Fixed { every } }
}

/// The interval after a good answer.
pub(super) fn choose(
    history: &FeedHistory,
    attempt: &PollAttempt<'_>,
    settings: &FeedSettings,
    now: DateTime<Utc>,
) -> Interval {
    if let Every::Fixed(fixed) = settings.every {
        let every = fixed.max(settings.min_every);
        return Interval { every, reason: Reason::Fixed { every } };
    }
    let (new, gap, published) = match *attempt {
        PollAttempt::Document { new, gap, published, .. } => (new, gap, published),
        _ => (0, false, [].as_slice()),
    };
    let recent = recent(&history.recent_entries, published, new, now);
    let unchanged = if new == 0 { history.unchanged_polls.saturating_add(1) } else { 0 };
    let usual = usual_gap(&recent, now).map_or(FIRST, |gap| scale(gap, LOOKS_A_GAP));
    let mut every = scale(usual, 1.0 + GROWTH * f64::from(unchanged));
    if new > 0
        && let Some(last) = history.interval
    {
        // Never longer on a find; two or more in one interval mean that it was too long.
        every = every.min(if new > 1 { last / 2 } else { last });
    }
    if gap {
        every = every.min(history.interval.unwrap_or(every) / 2);
    }
    let every = within(every, settings);
    let in_last_day = recent.iter().filter(|&&at| now - at <= TimeDelta::days(1)).count();
    let reason = if gap { Reason::Gap { every } } else { Reason::Adaptive { every, in_last_day, unchanged } };
    Interval { every, reason }
}

fn within(every: Duration, settings: &FeedSettings) -> Duration {
    every.min(settings.max_every).max(settings.min_every)
}

/// The newest entries that are known now, newest first. Dates in the future say nothing of the past.
fn recent(known: &[DateTime<Utc>], published: &[DateTime<Utc>], new: usize, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let undated = if published.is_empty() { new.min(RECENT) } else { 0 };
    let mut recent: Vec<_> = known.iter().chain(published).copied().filter(|at| *at <= now).collect();
    recent.sort_unstable_by(|a, b| b.cmp(a));
    recent.dedup(); // The document repeats what is known.
    recent.splice(0..0, std::iter::repeat_n(now, undated));
    recent.truncate(RECENT);
    recent
}

/// The mean time between entries, stretched by a long silence; `None` where two entries are not known.
fn usual_gap(recent: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<Duration> {
    let (newest, oldest) = (recent.first()?, recent.last()?);
    let gaps = u32::try_from(recent.len() - 1).ok().filter(|&gaps| gaps > 0)?;
    let mean = (*newest - *oldest).to_std().unwrap_or_default() / gaps;
    let silence = scale((now - *newest).to_std().unwrap_or_default(), SILENCE);
    Some(mean.max(silence).min(MAX_WAIT))
}
