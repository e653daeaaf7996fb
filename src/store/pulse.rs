//! The writer thread's signs of life, for whoever watches over the daemon: whether it works, waits, or hangs.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::error::StoreError;

/// Written by the thread, read by others.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    state: Mutex<State>,
    told: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The last sign of life while there is something to do; `None` while there is nothing.
    working_since: Option<Instant>,
    trouble: Option<Trouble>,
    is_told_to_stop: bool,
}

#[derive(Debug)]
struct Trouble {
    since: Instant,
    what: String,
}

impl Pulse {
    /// The thread begins something.
    pub(super) fn beat(&self) {
        self.lock().working_since = Some(Instant::now());
    }

    /// The thread has nothing to do.
    pub(super) fn rest(&self) {
        self.lock().working_since = None;
    }

    /// Nothing can be written for now. Said once, however often it is tried.
    pub(super) fn suffer(&self, error: &StoreError) {
        let mut state = self.lock();
        state.working_since = Some(Instant::now());
        let what = error.to_string();
        if state.trouble.as_ref().is_none_or(|trouble| trouble.what != what) {
            tracing::warn!("{what}: nothing is lost, waiting until it can be written again");
            let since = state.trouble.as_ref().map_or_else(Instant::now, |trouble| trouble.since);
            state.trouble = Some(Trouble { since, what });
        }
    }

    /// Something was written.
    pub(super) fn recover(&self) {
        if let Some(trouble) = self.lock().trouble.take() {
            let seconds = trouble.since.elapsed().as_secs();
            tracing::info!(seconds, "the database can be written again, after {seconds} s");
        }
    }

    /// What keeps the thread from writing, where something does.
    pub(super) fn trouble(&self) -> Option<String> {
        self.lock().trouble.as_ref().map(|trouble| trouble.what.clone())
    }

    /// How long the thread has been at one thing.
    pub(super) fn at_work_for(&self) -> Duration {
        self.lock().working_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Whoever closes the store does not wait for a disk to be emptied.
    pub(super) fn stop_waiting(&self) {
        self.lock().is_told_to_stop = true;
        self.told.notify_all();
    }

    pub(super) fn is_told_to_stop(&self) -> bool {
        self.lock().is_told_to_stop
    }

    /// Waits that long, or until told to stop.
    pub(super) fn is_told_to_stop_after(&self, wait: Duration) -> bool {
        let waited = self.told.wait_timeout_while(self.lock(), wait, |state| !state.is_told_to_stop);
        waited.expect(NO_PANIC).0.is_told_to_stop
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(NO_PANIC)
    }
}

const NO_PANIC: &str = "no code panics while it holds the lock";
