//! Jitter that is the same on every run: a hash of the row and the time, no random numbers.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// No wait is longer, so that adding one to a time cannot overflow.
pub(super) const MAX_WAIT: Duration = Duration::from_hours(87600);

/// A wait of around `wait` (10 % to either side) within the two limits. The first of all is spread to one side, over
/// half its length, so that feeds added in one minute do not stay together.
pub(super) fn jittered(wait: Duration, floor: Duration, ceiling: Duration, is_first: bool, seed: u64) -> Duration {
    let (low, high) = if is_first { (1.0, 1.5) } else { (0.9, 1.1) };
    let low = scale(wait, low).max(floor);
    let high = scale(wait, high).min(ceiling).max(low);
    // At a ceiling that is the floor too (a fixed range of nothing), there is no room.
    low + scale(high.saturating_sub(low), fraction(seed))
}

/// A little beyond what a server asked for: at most a tenth, and at most an hour.
pub(super) fn beyond(wish: Duration, seed: u64) -> Duration {
    const MOST: Duration = Duration::from_hours(1);
    wish.min(MAX_WAIT) + scale(scale(wish, 0.1).min(MOST), fraction(seed))
}

/// A few minutes after an hour that many feeds wait for.
pub(super) fn after_pause(seed: u64) -> Duration {
    scale(Duration::from_mins(10), fraction(mix(seed)))
}

/// The seed of a row at a time.
pub(super) fn seed(row: i64, now: DateTime<Utc>) -> u64 {
    mix(row.cast_unsigned() ^ mix(now.timestamp_millis().cast_unsigned()))
}

/// `now + wait`; the end of time where that is beyond it.
pub(super) fn after(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    let wait = TimeDelta::from_std(wait.min(MAX_WAIT)).unwrap_or(TimeDelta::MAX);
    now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// `wait` times `factor`, at most [`MAX_WAIT`].
pub(super) fn scale(wait: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(wait.as_secs_f64() * factor).unwrap_or(MAX_WAIT).min(MAX_WAIT)
}

/// `wait` doubled `times` times, at most [`MAX_WAIT`].
pub(super) fn doubled(wait: Duration, times: u32) -> Duration {
    wait.saturating_mul(1 << times.min(30)).min(MAX_WAIT)
}

/// From 0 up to 1, evenly.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit the mantissa exactly")]
fn fraction(seed: u64) -> f64 {
    (seed >> 11) as f64 / (1_u64 << 53) as f64
}

/// `SplitMix64`'s finalizer: neighboring ids end far apart.
fn mix(seed: u64) -> u64 {
    let seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let seed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    seed ^ (seed >> 31)
}
