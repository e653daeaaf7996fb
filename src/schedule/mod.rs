//! When to look again, and why: pure functions of the past, the answer, the config and `now`.
//!
//! Three rules stand above all others. Two looks are never closer than `min_every`. What a server asks for lengthens a
//! wait and never shortens it, cut to `max_hint`. And nothing is abandoned but what is gone (410): a feed that was
//! missing for months comes back by itself. Times are jittered by a hash, so that feeds that were added together, or
//! were turned away together, do not come back together.

mod backoff;
mod interval;
mod reason;
mod spread;
mod visit;
mod wishes;

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::config::{Every, FeedSettings};
use crate::model::failure::ErrorClass;
use crate::model::feed::FeedHints;
use crate::model::id::FeedId;
use crate::model::outcome::{FeedHistory, NextLook, ServerWishes};

use self::reason::{Reason, join};
use self::spread::{after, jittered};

pub use self::visit::{VisitAttempt, next_visit};

/// What came of a poll, as far as the schedule cares.
#[derive(Debug, Clone, Copy)]
pub enum PollAttempt<'a> {
    /// A feed document was read.
    Document {
        /// Entries that were not known before.
        new: usize,
        /// Entries were known, and none of them is in the document.
        gap: bool,
        /// What the document asks for.
        hints: &'a FeedHints,
        /// When its entries were published, in any order; those without a date are left out.
        published: &'a [DateTime<Utc>],
    },
    /// 304: nothing changed.
    NotModified,
    /// No document.
    Failed(ErrorClass),
}

/// When to poll `feed` again. `history` is the past before this attempt.
///
/// [`NextLook::interval`] is the feed's own interval, without what this one answer asked for and without back-off, so
/// that the next success goes on where the last one stood.
pub fn next_poll(
    history: &FeedHistory,
    attempt: &PollAttempt<'_>,
    wishes: ServerWishes,
    settings: &FeedSettings,
    feed: FeedId,
    now: DateTime<Utc>,
) -> NextLook {
    let chosen;
    let (own, floor, ceiling, mut reasons) = if let PollAttempt::Failed(class) = *attempt {
        chosen = interval::kept(history, settings);
        let backoff = backoff::poll(class, history.consecutive_failures, chosen.every, wishes, settings);
        let Some(backoff) = backoff else {
            let reason = Reason::Gone.to_string();
            return NextLook { at: None, interval: chosen.every, not_before: None, reason };
        };
        (backoff.wait, backoff.floor, backoff.ceiling, vec![backoff.reason])
    } else {
        chosen = interval::choose(history, attempt, settings, now);
        let ceiling = if settings.every == Every::Adaptive { settings.max_every } else { Duration::MAX };
        (chosen.every, settings.min_every, ceiling.max(settings.min_every), vec![chosen.reason])
    };

    let hints = match attempt {
        PollAttempt::Document { hints, .. } => hints,
        _ => &history.hints, // The last good document speaks for a 304.
    };
    let wish = wishes::strongest(attempt, wishes, hints, settings.max_hint);
    let mut not_before = wish.map(|wish| after(now, wish.wait));
    let seed = spread::seed(feed.0, now);
    let mut wait = jittered(own, floor, ceiling, history.last_polled_at.is_none(), seed);
    if let Some(wish) = wish.filter(|wish| wish.wait > own || wish.clamped) {
        wait = wait.max(spread::beyond(wish.wait, seed));
        not_before = Some(after(now, wait));
        reasons.push(Reason::Wish(wish));
    }
    let mut at = after(now, wait);
    if let Some(allowed) = wishes::next_allowed(at, hints) {
        at = after(allowed, spread::after_pause(seed));
        not_before = Some(at);
        reasons.push(Reason::Skipped { until: allowed });
    } else if wishes::skips_everything(hints) {
        reasons.push(Reason::SkipsIgnored);
    }
    NextLook { at: Some(at), interval: chosen.every, not_before, reason: join(&reasons) }
}

#[cfg(test)]
mod tests;
