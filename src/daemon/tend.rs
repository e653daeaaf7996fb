//! What goes on beside the loops: signs of life for the watchdog, the line of `systemctl status`, and deletion by age.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, timeout};
use tracing::error;

use super::health::Health;
use super::systemd;
use crate::clock::Clock;
use crate::config::StoreSettings;
use crate::store::Store;
use crate::store::values::Counts;

/// Between two lines of status.
const STATUS_EVERY: Duration = Duration::from_secs(5);

/// What is tended to.
#[derive(Debug, Clone)]
pub(super) struct Tended {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) health: Arc<Health>,
    /// Why the last reload was refused.
    pub(super) refusal: watch::Receiver<Option<String>>,
}

/// Starts all of it.
pub(super) fn start(tended: &Tended, settings: &watch::Receiver<StoreSettings>, tasks: &mut JoinSet<()>) {
    if let Some(within) = systemd::watchdog_interval() {
        tasks.spawn(feed_watchdog(tended.clone(), within / 4));
    }
    tasks.spawn(tell_status(tended.clone()));
    tasks.spawn(delete_by_age(tended.clone(), settings.clone()));
}

/// Gives signs of life while there is life, and says once when there is none.
async fn feed_watchdog(tended: Tended, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_said = false;
    loop {
        ticks.tick().await;
        match tended.health.stuck(&tended.store) {
            None => {
                systemd::watchdog();
                is_said = false;
            }
            Some(what) if !is_said => {
                error!("{what}: no more signs of life for systemd, which is going to restart the daemon");
                is_said = true;
            }
            Some(_) => {}
        }
    }
}

/// Keeps the line of `systemctl status` fresh.
async fn tell_status(mut tended: Tended) {
    let mut ticks = interval_at(Instant::now() + Duration::from_secs(1), STATUS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = String::new();
    loop {
        ticks.tick().await;
        let trouble = tended.store.trouble();
        let counts = match trouble {
            None => timeout(STATUS_EVERY, tended.store.counts(tended.clock.now())).await.ok().and_then(Result::ok),
            Some(_) => None,
        };
        let refusal = tended.refusal.borrow_and_update().clone();
        let parts = [refusal, trouble.or_else(|| tended.store.trouble()), counts.map(|counts| line(&counts))];
        let status = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
        if status != told && !status.is_empty() {
            systemd::status(&status);
            told = status;
        }
    }
}

/// TODO
async fn delete_by_age(tended: Tended, settings: watch::Receiver<StoreSettings>) {
    let _ = (tended, settings);
}

/// `412 feeds, 3 failing, 18 articles due`.
fn line(counts: &Counts) -> String {
    let plural = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    format!(
        "{}, {} failing, {} due",
        plural(counts.feeds, "feed"),
        counts.failing,
        plural(counts.articles_due, "article")
    )
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::store::values::Counts;

    #[test]
    fn the_line_counts_feeds_failures_and_articles() {
        let counts = Counts { feeds: 412, failing: 3, articles_due: 18, ..Counts::default() };
        assert_eq!(line(&counts), "412 feeds, 3 failing, 18 articles due");
        let counts = Counts { feeds: 1, articles_due: 1, ..Counts::default() };
        assert_eq!(line(&counts), "1 feed, 0 failing, 1 article due");
    }
}
