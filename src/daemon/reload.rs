//! SIGHUP: the config is read again, and taken whole or not at all.

use std::sync::Arc;

use thiserror::Error;
use tokio::task::block_in_place;
use tracing::{error, info, warn};

use super::reconcile::{NAMED, reconcile};
use super::run::Daemon;
use super::systemd;
use super::work::chain;
use crate::article::rules::check_selector;
use crate::config::Config;
use crate::config::finding::ConfigErrors;
use crate::fetch::FetchSetupError;
use crate::model::id::Slug;
use crate::store::error::StoreError;
use crate::telemetry::{self, TelemetryError};

/// Why a config was not taken.
#[derive(Debug, Error)]
enum ReloadError {
    #[error("{0}")]
    Config(#[source] ConfigErrors),
    #[error("`store.path` cannot change while the daemon runs (it is {0}): restart instead")]
    Path(String),
    #[error("{0}; a restart takes it as it is")]
    Vanished(String),
    #[error(transparent)]
    Log(#[from] TelemetryError),
    #[error(transparent)]
    Fetch(#[from] FetchSetupError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Daemon {
    /// Reads the config again. One that does not hold changes nothing: why is logged, and said in `systemctl status` until
    /// another one is taken.
    pub(super) async fn reload(&mut self) {
        systemd::reloading();
        let path = self.work.ingest().config().path.display().to_string();
        let status = match self.take_config().await {
            Ok(()) => {
                self.refused.send_replace(None);
                info!("reloaded {path}");
                None
            }
            Err(refusal) => {
                error!("{path} is refused, the config from before stays in force");
                let reasons = refusal.lines();
                for reason in &reasons {
                    error!("{reason}");
                }
                let status = format!("config refused: {}", reasons.first().map_or("", String::as_str));
                self.refused.send_replace(Some(status.clone()));
                Some(status)
            }
        };
        systemd::ready(status.as_deref());
    }

    async fn take_config(&mut self) -> Result<(), ReloadError> {
        let old = self.work.ingest().clone();
        let path = &old.config().path;
        let config = block_in_place(|| Config::load(path, check_selector)).map_err(ReloadError::Config)?;
        if config.store.path != old.config().store.path {
            return Err(ReloadError::Path(old.config().store.path.display().to_string()));
        }
        if let Some(what) = vanished(old.config(), &config) {
            return Err(ReloadError::Vanished(what));
        }
        telemetry::check(&config.log.level)?;
        let ingest = old.with_config(Arc::new(config))?;
        let config = ingest.config();
        // The last step that can fail, and one transaction: what follows cannot.
        reconcile(config, ingest.store()).await?;
        if self.logs.change(&config.log)? {
            warn!("`log.format` stays as it was until a restart");
        }
        for warning in &config.warnings {
            warn!("{warning}");
        }
        log_settings(old.config(), config);
        self.settings.send_replace(config.store.clone());
        self.health.set_timeout(config.fetch.timeout);
        self.work.set_ingest(ingest);
        Ok(())
    }
}

/// What a config lost that it hardly lost on purpose: all feeds, or the files of an include. A folder that is being copied
/// or is not mounted looks like that.
fn vanished(old: &Config, new: &Config) -> Option<String> {
    if new.feeds.is_empty() && !old.feeds.is_empty() {
        return Some(format!("{} has no feed any more, and had {}", new.path.display(), old.feeds.len()));
    }
    let mut empty = new.empty_includes.iter().filter(|pattern| !old.empty_includes.contains(pattern));
    let pattern = empty.next().filter(|_| new.feeds.len() < old.feeds.len())?;
    Some(format!("{}: include: no file matches \"{pattern}\" any more, and feeds are missing", new.path.display()))
}

impl ReloadError {
    /// One text for each thing that is wrong.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Config(errors) => errors.to_string().lines().map(str::to_owned).collect(),
            other => vec![chain(other)],
        }
    }
}

/// Says what changed beyond the list of feeds, which `reconcile` tells.
fn log_settings(old: &Config, new: &Config) {
    for (section, is_same) in [
        ("[store]", old.store == new.store),
        ("[fetch]", old.fetch == new.fetch),
        ("[host]", old.hosts == new.hosts),
        ("[log]", old.log == new.log),
    ] {
        if !is_same {
            info!("{section} changed");
        }
    }
    let is_other = |slug: &&Slug| {
        old.feed(slug)
            .zip(new.feed(slug))
            .is_some_and(|(old, new)| old.settings != new.settings || old.page != new.page)
    };
    let slugs: Vec<&Slug> = new.feeds.iter().map(|feed| &feed.slug).filter(is_other).collect();
    for slug in slugs.iter().take(NAMED) {
        info!(feed = %slug, "feed {slug} has other settings");
    }
    if slugs.len() > NAMED {
        info!("{} more feeds have other settings", slugs.len() - NAMED);
    }
}
