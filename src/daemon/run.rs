//! The daemon: both loops side by side until it is told to stop.
//!
//! One task owns the loops: it claims, starts and joins steps, and reads the config again in between. What it waits for,
//! it waits for together with the signal to stop. Others tend to it from outside (`tend`): the watchdog, the line of
//! `systemctl status`, and what is deleted by age.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{error, info, warn};

use super::health::Health;
use super::reconcile::{reconcile, restore_holds};
use super::signals::{Signals, Stop};
use super::tend::{self, Tended};
use super::work::{Done, Due, Lane, Work, chain};
use super::{drain, log, systemd};
use crate::clock::Clock;
use crate::config::Config;
use crate::fetch::FetchSetupError;
use crate::ingest::Ingest;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::values::{Patience, Retention};
use crate::telemetry::Logs;

/// How long the loops sleep at most. What wakes them is a step that ends, a site that becomes free, and what falls due;
/// this is for what falls due while something else that is due has to wait, and for a clock that was set.
const SLEEP_AT_MOST: TimeDelta = TimeDelta::seconds(1);

/// Sites become free one by one; waking for each would cost two claims a time.
const WAKE_AT_MOST_EVERY: TimeDelta = TimeDelta::milliseconds(20);

/// A claim that fails for no reason outside is a bug, or a row that somebody changed by hand.
const AFTER_A_BUG: TimeDelta = TimeDelta::minutes(1);

/// Between two attempts to open a database that another program holds.
const OPEN_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// A storm of SIGHUPs reads the config once in so long, and once after its end.
const RELOAD_AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// Why the daemon does not run, or ends.
#[derive(Debug, Error)]
pub enum RunError {
    /// The archive cannot be opened, or is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The config makes no HTTP client.
    #[error(transparent)]
    Fetch(#[from] FetchSetupError),
    /// Signals cannot be heard.
    #[error("cannot listen to signals")]
    Signals(#[source] io::Error),
}

/// Polls and visits until SIGTERM or SIGINT, then lets what is at work end within ten seconds; a second signal ends it at
/// once. SIGHUP reads the config again, all or nothing.
pub async fn run(config: Config, logs: Logs, clock: Clock) -> Result<(), RunError> {
    let mut tasks = JoinSet::new();
    let signals = Signals::listen(&mut tasks).map_err(RunError::Signals)?;
    let path = config.path.clone();
    info!(
        version = env!("CARGO_PKG_VERSION"),
        "tearsheet {} starts with {}",
        env!("CARGO_PKG_VERSION"),
        path.display()
    );
    for warning in &config.warnings {
        warn!("{warning}");
    }
    let store = tokio::select! {
        biased;
        () = signals.stop(Stop::Drain) => return Ok(()),
        store = open(&config, &clock) => store?,
    };
    let started = tokio::select! {
        biased;
        () = signals.stop(Stop::Drain) => Ok(None),
        started = begin(config, &store, clock) => started.map(Some),
    };
    let mut close_by = None;
    let result = match started {
        Ok(Some(ingest)) => {
            let (refused, refusal) = watch::channel(None);
            let health = Arc::new(Health::new(ingest.config().fetch.timeout));
            let settings = watch::Sender::new(ingest.config().store.clone());
            let tended =
                Tended { store: store.clone(), clock: ingest.clock().clone(), health: Arc::clone(&health), refusal };
            let mut tending = JoinSet::new();
            tend::start(&tended, &settings.subscribe(), &mut tending);
            let mut daemon = Daemon { work: Work::new(ingest), signals, logs, health, refused, settings, reloads: 0 };
            systemd::ready(Some("running"));
            let result = daemon.turn_until_stopped().await;
            tending.abort_all();
            systemd::stopping("stopping");
            close_by = Some(daemon.drain().await);
            result
        }
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    tasks.abort_all();
    drain::close(store, close_by.unwrap_or_else(drain::soon)).await;
    result
}

/// Opens the archive. A lock of another program on it and a full disk are waited for, and said once.
async fn open(config: &Config, clock: &Clock) -> Result<Store, StoreError> {
    let retention = Retention { keep_revisions: config.store.keep_revisions };
    let mut is_said = false;
    loop {
        let open = || Store::open_with(&config.store.path, clock.clone(), retention, Patience::Endless);
        match tokio::task::block_in_place(open) {
            Err(error @ (StoreError::Busy { .. } | StoreError::DiskFull { .. })) => {
                if !is_said {
                    warn!("{}: waiting until it can be opened", chain(&error));
                    is_said = true;
                }
                systemd::still_starting(&format!("{}: waiting", chain(&error)), OPEN_AGAIN_AFTER * 30);
                sleep(OPEN_AGAIN_AFTER).await;
            }
            opened => return opened,
        }
    }
}

/// Brings the archive in line with the config and ties the parts together.
async fn begin(config: Config, store: &Store, clock: Clock) -> Result<Ingest, RunError> {
    store.void_leases().await?;
    reconcile(&config, store).await?;
    let ingest = Ingest::new(Arc::new(config), store.clone(), clock)?;
    restore_holds(&ingest).await?;
    Ok(ingest)
}

/// The loops with what steers them.
pub(super) struct Daemon {
    pub(super) work: Work,
    pub(super) signals: Signals,
    pub(super) logs: Logs,
    pub(super) health: Arc<Health>,
    /// Why the last reload was refused, for the line of `systemctl status`.
    pub(super) refused: watch::Sender<Option<String>>,
    /// How long things are kept, for `tend`.
    pub(super) settings: watch::Sender<crate::config::StoreSettings>,
    /// How many of the reloads that were asked for are done.
    reloads: u64,
}

impl Daemon {
    async fn turn_until_stopped(&mut self) -> Result<(), RunError> {
        let signals = self.signals.clone();
        let mut reload_from = Instant::now();
        loop {
            if signals.reloads() > self.reloads && Instant::now() >= reload_from {
                self.reloads = signals.reloads();
                tokio::select! {
                    biased;
                    () = signals.stop(Stop::Drain) => return Ok(()),
                    () = self.reload() => {}
                }
                reload_from = Instant::now() + RELOAD_AT_MOST_EVERY;
            }
            let wake_at = tokio::select! {
                biased;
                () = signals.stop(Stop::Drain) => return Ok(()),
                wake_at = self.start_what_is_due() => wake_at,
            };
            let wake_at = match wake_at {
                Ok(wake_at) => wake_at,
                Err(error) if is_fatal(&error) => return Err(error.into()),
                Err(error) => {
                    error!("cannot tell what is due, trying again in a minute: {}", chain(&error));
                    self.work.ingest().clock().now() + AFTER_A_BUG
                }
            };
            self.health.turned();
            let clock = self.work.ingest().clock().clone();
            let told_to_reload = async {
                signals.reload_after(self.reloads).await;
                sleep_until(reload_from).await;
            };
            tokio::select! {
                biased;
                () = signals.stop(Stop::Drain) => return Ok(()),
                Some((lane, done)) = self.work.next() => {
                    self.finish(lane, done)?;
                    while let Some((lane, done)) = self.work.try_next() {
                        self.finish(lane, done)?;
                    }
                }
                () = told_to_reload => {}
                () = clock.sleep_until(wake_at) => {}
            }
        }
    }

    /// Fills both lanes; returns when to look again if nothing happens before.
    async fn start_what_is_due(&mut self) -> Result<DateTime<Utc>, StoreError> {
        let now = self.work.ingest().clock().now();
        let due = Due { before: now, not_checked_since: None };
        let mut is_all = true;
        for lane in [Lane::Feeds, Lane::Articles] {
            is_all &= self.work.start_due(lane, due).await?;
            if self.work.free_places(lane) > 0 {
                self.health.moved(lane);
            }
        }
        let latest = now + SLEEP_AT_MOST;
        if !is_all {
            return Ok(latest);
        }
        let wake_at = match self.work.ingest().store().next_due(now).await? {
            // Something is due and has to wait for its site's turn.
            Some(at) if at <= now => self.work.ingest().fetcher().next_free(),
            next_due => next_due,
        };
        Ok(wake_at.map_or(latest, |at| at.clamp(now + WAKE_AT_MOST_EVERY, latest)))
    }

    /// Tells what came of a step. Only a database that is beyond help ends the daemon.
    pub(super) fn finish(&mut self, lane: Lane, done: Result<Done, StoreError>) -> Result<(), StoreError> {
        self.health.moved(lane);
        match done {
            Ok(Done::Polled(polled)) => log::poll(&polled),
            Ok(Done::Visited(visited)) => log::visit(&visited),
            Ok(Done::Nothing) => {}
            Err(error) if is_fatal(&error) => return Err(error),
            Err(error) => error!("an attempt could not be stored and is made again later: {}", chain(&error)),
        }
        Ok(())
    }
}

/// Whether nothing more can be stored, so that going on would only cost servers requests.
fn is_fatal(error: &StoreError) -> bool {
    use StoreError::{Closed, Corrupt, Displaced, Foreign};
    matches!(error, Corrupt { .. } | Foreign { .. } | Displaced { .. } | Closed { .. })
}
