//! The way out: what is at work may end, but not for ever.
//!
//! The order: no more claims, the steps, the tasks around the loops, the store. What does not end in time is stopped where
//! it is; nothing of it was stored, and it falls due again at the next start.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{info, warn};

use super::log::count;
use super::run::Daemon;
use super::signals::Stop;
use super::work::chain;
use crate::store::Store;

/// For all of it: below the ten seconds that a stop may take.
const STOP: Duration = Duration::from_secs(9);

/// Of that, at least, for closing the store: what is queued, and a checkpoint.
const CLOSING: Duration = Duration::from_secs(2);

impl Daemon {
    /// Waits for the steps at work until they have ended, time is up, or a second signal comes. Returns the time by which
    /// the store has to be closed.
    pub(super) async fn drain(&mut self) -> Instant {
        let end = Instant::now() + STOP;
        let deadline = end - CLOSING;
        let mut is_at_once = false;
        if self.work.len() > 0 {
            info!("stopping: at work {}", count(self.work.len(), "attempt"));
        }
        let signals = self.signals.clone();
        loop {
            tokio::select! {
                biased;
                () = signals.stop(Stop::AtOnce) => {
                    is_at_once = true;
                    break;
                }
                ended = self.work.next() => {
                    let Some((lane, done)) = ended else { break };
                    if let Err(error) = self.finish(lane, done) {
                        warn!("cannot store what came of an attempt: {}", chain(&error));
                    }
                }
                () = sleep_until(deadline) => break,
            }
        }
        if self.work.len() > 0 {
            warn!("not ended in time, made again at the next start: {}", count(self.work.len(), "attempt"));
            self.work.abort();
        }
        if is_at_once { Instant::now() + CLOSING } else { end }
    }
}

/// When a store has to be closed whose loops never ran.
pub(super) fn soon() -> Instant {
    Instant::now() + STOP
}

/// Closes the store by then; what keeps it from that is said and is no loss.
pub(super) async fn close(store: Store, by: Instant) {
    match timeout_at(by, store.close()).await {
        Ok(Ok(())) => info!("stopped"),
        Ok(Err(error)) => warn!("stopped, with the write-ahead log left behind: {}", chain(&error)),
        Err(_elapsed) => warn!("stopped, with the write-ahead log left behind: the store takes too long to close"),
    }
}
