//! Injected time: the system's clock, or one that a test moves by hand.
//!
//! Everything that asks what time it is, or waits until some time, is handed a [`Clock`]. Timeouts of a single
//! request are real time, since they guard against a real peer.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// Tells the time and waits for it. Clones share one time.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System,
    Manual(Arc<watch::Sender<DateTime<Utc>>>),
}

impl Clock {
    /// The system's wall clock.
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands at `now` until [`Clock::advance`] moves it.
    pub fn manual(now: DateTime<Utc>) -> Self {
        Self(Kind::Manual(Arc::new(watch::Sender::new(now))))
    }

    /// The time now, in UTC.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Kind::System => Utc::now(),
            Kind::Manual(now) => *now.borrow(),
        }
    }

    /// Moves a manual clock and wakes those whose time has come. Does nothing to the system's clock.
    pub fn advance(&self, by: TimeDelta) {
        if let Kind::Manual(now) = &self.0 {
            now.send_modify(|now| *now += by);
        }
    }

    /// Waits until `at`; returns at once when it has passed.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        match &self.0 {
            Kind::System => {
                if let Ok(wait) = (at - self.now()).to_std() {
                    tokio::time::sleep(wait).await;
                }
            }
            Kind::Manual(now) => {
                let mut now = now.subscribe();
                // The sender lives as long as this clock, so waiting cannot end in an error.
                let _closed = now.wait_for(|now| *now >= at).await.is_err();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::Clock;

    #[tokio::test]
    async fn manual_clock_wakes_sleepers_when_it_is_moved() {
        let clock = Clock::manual(chrono::DateTime::<Utc>::UNIX_EPOCH);
        let until = clock.now() + TimeDelta::days(7);
        let sleeper = clock.sleep_until(until);
        clock.advance(TimeDelta::days(7));
        sleeper.await;
        assert_eq!(clock.now(), until);
    }
}
