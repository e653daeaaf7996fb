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
    /// A lane without a free place in which no step ends for so long is stuck.
    steps_end_within: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    turned: Instant,
    lanes: [Instant; 2],
}

impl Health {
    /// Everything is well at first. `timeout` is that of a request.
    pub(super) fn new(timeout: Duration) -> Self {
        let now = Instant::now();
        // A page may be the third hop of a redirect after a robots.txt, each with its turn to wait for.
        let steps_end_within = timeout.saturating_mul(4).max(Duration::from_mins(10));
        Self { seen: Mutex::new(Seen { turned: now, lanes: [now; 2] }), steps_end_within }
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
        let Seen { turned, lanes } = *self.lock();
        if turned.elapsed() > LOOPS_TURN_WITHIN {
            return Some(format!("the loops have not turned for {} s", turned.elapsed().as_secs()));
        }
        let names = [(Lane::Feeds, "poll"), (Lane::Articles, "visit")];
        let stuck = names.into_iter().find(|(lane, _)| lanes[*lane as usize].elapsed() > self.steps_end_within);
        stuck.map(|(lane, name)| format!("no {name} has ended for {} s", lanes[lane as usize].elapsed().as_secs()))
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no code panics while it holds the lock")
    }
}
