//! Whether the daemon really gets on: what the watchdog of systemd is fed by.
//!
//! A process that is alive and does nothing is worse than a dead one, which would be restarted. So signs of life are given
//! only while the loops turn, steps of both lanes end, and the store's thread is not stuck. A full disk or a lock is no
//! reason for a restart: it is waited for, and said.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::work::Lane;
use crate::store::Store;

/// The loops turn at least every second. Reading a large config again takes a few.
const LOOPS_TURN_WITHIN: Duration = Duration::from_mins(1);

/// A batch of the store takes milliseconds, a migration or a checkpoint of a large file perhaps a minute.
const STORE_BEATS_WITHIN: Duration = Duration::from_mins(5);

/// When each part was last seen to get on.
#[derive(Debug)]
pub(super) struct Health {
    seen: Mutex<Seen>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    turned: Instant,
    lanes: [Instant; 2],
    /// A lane without a free place in which no step ends for so long is stuck.
    steps_end_within: Duration,
}

impl Health {
    /// Everything is well at first. `timeout` is that of a request.
    pub(super) fn new(timeout: Duration) -> Self {
        let now = Instant::now();
        Self { seen: Mutex::new(Seen { turned: now, lanes: [now; 2], steps_end_within: steps_end_within(timeout) }) }
    }

    /// Another config is in force.
    pub(super) fn set_timeout(&self, timeout: Duration) {
        self.lock().steps_end_within = steps_end_within(timeout);
    }

    /// The loops claimed what is due.
    pub(super) fn turned(&self) {
        self.lock().turned = Instant::now();
    }

    /// A step of the lane ended, or there is a place for one.
    pub(super) fn moved(&self, lane: Lane) {
        self.lock().lanes[lane as usize] = Instant::now();
    }

    /// What is stuck, where something is.
    pub(super) fn stuck(&self, store: &Store) -> Option<String> {
        let at_work = store.at_work_for();
        if at_work > STORE_BEATS_WITHIN {
            return Some(format!("the store has been at one thing for {} s", at_work.as_secs()));
        }
        if store.trouble().is_some() {
            return None;
        }
        self.stuck_at(Instant::now())
    }

    fn stuck_at(&self, now: Instant) -> Option<String> {
        let Seen { turned, lanes, steps_end_within } = *self.lock();
        let since = |then| now.saturating_duration_since(then);
        if since(turned) > LOOPS_TURN_WITHIN {
            return Some(format!("the loops have not turned for {} s", since(turned).as_secs()));
        }
        let names = [(Lane::Feeds, "poll"), (Lane::Articles, "visit")];
        let stuck = names.into_iter().find(|(lane, _)| since(lanes[*lane as usize]) > steps_end_within);
        stuck.map(|(lane, name)| format!("no {name} has ended for {} s", since(lanes[lane as usize]).as_secs()))
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no code panics while it holds the lock")
    }
}

fn steps_end_within(timeout: Duration) -> Duration {
    // A page may be the third hop of a redirect after a robots.txt, each with its turn to wait for.
    timeout.saturating_mul(4).max(Duration::from_mins(10))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Health, LOOPS_TURN_WITHIN, Lane};

    #[test]
    fn what_does_not_get_on_is_named() {
        let health = Health::new(Duration::from_secs(30));
        let now = Instant::now();
        assert_eq!(health.stuck_at(now), None);
        let late = now + LOOPS_TURN_WITHIN + Duration::from_secs(1);
        assert_eq!(health.stuck_at(late).as_deref(), Some("the loops have not turned for 61 s"));
        // The loops turn, the visits end, and no poll does.
        let later = now + Duration::from_mins(11);
        health.lock().turned = later;
        health.lock().lanes[Lane::Articles as usize] = later;
        assert_eq!(health.stuck_at(later).as_deref(), Some("no poll has ended for 660 s"));
        health.lock().lanes[Lane::Feeds as usize] = later;
        assert_eq!(health.stuck_at(later), None);
    }

    #[test]
    fn slow_servers_are_given_the_time_that_the_config_gives_them() {
        let health = Health::new(Duration::from_secs(30));
        health.set_timeout(Duration::from_hours(1));
        let later = Instant::now() + Duration::from_hours(2);
        health.lock().turned = later;
        assert_eq!(health.stuck_at(later), None);
    }
}
