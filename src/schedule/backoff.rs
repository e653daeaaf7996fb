//! How long to stay away after a failure.

use std::time::Duration;

use super::reason::Reason;
use super::spread::{MAX_WAIT, doubled};
use crate::config::FeedSettings;
use crate::model::failure::ErrorClass;
use crate::model::outcome::ServerWishes;

const HOUR: Duration = Duration::from_hours(1);
/// A server that turns everyone away without saying for how long does not mean days.
pub(super) const RATE_LIMIT_CEILING: Duration = HOUR.saturating_mul(6);
/// Asking again soon for what is denied looks like an attack.
pub(super) const DENIED_FLOOR: Duration = HOUR.saturating_mul(4);
/// A name that does not resolve is mostly our own resolver: four such failures count as one.
const DNS_WEIGHT: u32 = 4;

/// How long to wait, before jitter.
pub(super) struct Backoff {
    pub(super) wait: Duration,
    /// Jitter keeps within these two.
    pub(super) floor: Duration,
    pub(super) ceiling: Duration,
    pub(super) reason: Reason,
}

/// After `earlier` failures and one of `class`; `None` is never again. `every` is the interval while all was well.
pub(super) fn poll(
    class: ErrorClass,
    earlier: u32,
    every: Duration,
    wishes: ServerWishes,
    settings: &FeedSettings,
) -> Option<Backoff> {
    let base = every.max(settings.min_every);
    let longest = settings.max_every.max(base);
    let (wait, ceiling) = match class {
        ErrorClass::Gone => return None,
        // The server says when; the wish is applied by the caller.
        ErrorClass::RateLimited if wishes.retry_after.is_some() => (base, longest),
        ErrorClass::RateLimited => (doubled(base, earlier.saturating_add(1)), RATE_LIMIT_CEILING.max(base)),
        ErrorClass::Denied | ErrorClass::CloudflareChallenge => {
            (doubled(base.max(DENIED_FLOOR), earlier), longest.max(DENIED_FLOOR))
        }
        ErrorClass::Dns => (doubled(base, earlier / DNS_WEIGHT), longest),
        _ => (doubled(base, earlier), longest),
    };
    let wait = wait.min(ceiling).min(MAX_WAIT);
    let is_denied = matches!(class, ErrorClass::Denied | ErrorClass::CloudflareChallenge);
    let floor = if is_denied { settings.min_every.max(DENIED_FLOOR) } else { settings.min_every };
    let reason = Reason::Failure { count: earlier.saturating_add(1), class, wait };
    Some(Backoff { wait, floor, ceiling, reason })
}
