//! What goes on beside the loops: signs of life for the watchdog, the line of `systemctl status`, and deletion by age.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, sleep, timeout};
use tracing::{error, info};

use super::health::Health;
use super::log::count;
use super::systemd;
use super::work::chain;
use crate::clock::Clock;
use crate::config::StoreSettings;
use crate::store::Store;
use crate::store::values::{Counts, PruneLimits, Pruned};

/// Between two lines of status.
const STATUS_EVERY: Duration = Duration::from_secs(5);

/// The first look at what is to be deleted: a service that is started again and again gets to it too, and the start comes first.
const ORDER_AFTER: Duration = Duration::from_mins(1);

/// Between two of them.
const ORDER_EVERY: Duration = Duration::from_hours(1);

/// Between two steps of a deletion, for the store's other work.
const BETWEEN_STEPS: Duration = Duration::from_millis(50);

/// What is tended to.
#[derive(Debug, Clone)]
pub(super) struct Tended {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) health: Arc<Health>,
    /// Why the last reload was refused. Changes with each reload.
    pub(super) refusal: watch::Receiver<Option<String>>,
}

/// Starts all of it.
pub(super) fn start(tended: &Tended, settings: &watch::Receiver<StoreSettings>, tasks: &mut JoinSet<()>) {
    if let Some(within) = systemd::watchdog_interval() {
        tasks.spawn(feed_watchdog(tended.clone(), within / 4));
    }
    tasks.spawn(tell_status(tended.clone()));
    tasks.spawn(keep_in_order(tended.clone(), settings.clone()));
}

/// Gives signs of life while there is life, and says once when there is none.
async fn feed_watchdog(tended: Tended, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut is_doubted, mut is_said) = (false, false);
    loop {
        ticks.tick().await;
        match tended.health.stuck(&tended.store) {
            None => {
                systemd::watchdog();
                (is_doubted, is_said) = (false, false);
            }
            // Once may be a machine that slept; the next look tells.
            Some(_) if !is_doubted => is_doubted = true,
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
        // A reload has said something else meanwhile.
        let is_reloaded = tended.refusal.has_changed().unwrap_or(false);
        let refusal = tended.refusal.borrow_and_update().clone();
        let parts = [refusal, trouble.or_else(|| tended.store.trouble()), counts.map(|counts| line(&counts))];
        let status = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
        if (status != told || is_reloaded) && !status.is_empty() {
            systemd::status(&status);
            told = status;
        }
    }
}

/// Keeps the archive in order: deletes what the config no longer keeps, soon after the start, then each hour; little by
/// little, so that polls and visits are stored in between.
async fn keep_in_order(tended: Tended, settings: watch::Receiver<StoreSettings>) {
    let mut ticks = interval_at(Instant::now() + ORDER_AFTER, ORDER_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = tended.store.optimize().await {
            error!("cannot look at how large the tables are: {}", chain(&error));
        }
        let mut all = Pruned::default();
        loop {
            let limits = PruneLimits::new(&settings.borrow(), tended.clock.now());
            match tended.store.prune(limits).await {
                Ok(pruned) => {
                    all = all.and(pruned);
                    if !all.more {
                        break;
                    }
                }
                Err(error) => {
                    error!("cannot delete what is too old: {}", chain(&error));
                    break;
                }
            }
            sleep(BETWEEN_STEPS).await;
        }
        let Pruned { raw_pages, polls, visits, revisions, articles, .. } = all;
        if raw_pages + polls + visits + revisions + articles > 0 {
            info!(
                raw_pages,
                polls,
                visits,
                revisions,
                articles,
                "deleted by age: {articles} articles, {revisions} revisions, {raw_pages} raw pages, {} log rows",
                polls + visits
            );
        }
    }
}

/// `412 feeds, 3 failing, 18 articles due`.
fn line(counts: &Counts) -> String {
    let (feeds, articles) = (count(counts.feeds, "feed"), count(counts.articles_due, "article"));
    format!("{feeds}, {} failing, {articles} due", counts.failing)
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
