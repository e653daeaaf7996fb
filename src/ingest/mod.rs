//! The two loops' single steps: [`Ingest::poll`] looks at a feed, [`Ingest::visit`] at an article's page.
//!
//! Both have one shape: fetch, understand, apply in one transaction; and both end in exactly one outcome, whatever
//! happens. This room holds no rule: what to do is decided by `feed`, `article` and `schedule`, which are pure.

mod cpu;
mod look;
mod panicked;
mod parts;
mod poll;
mod reextract;
mod robots;
mod visit;

use std::any::Any;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::fetch::{FetchSetupError, Fetcher};
use crate::panics;
use crate::store::Store;
use crate::store::values::Retention;

use cpu::Cpu;
use robots::RobotsCache;

pub use panicked::Attempted;
pub use poll::Polled;
pub use visit::Visited;

/// Everything that one step needs. Clones share it.
#[derive(Debug, Clone)]
pub struct Ingest {
    config: Arc<Config>,
    store: Store,
    fetcher: Fetcher,
    clock: Clock,
    cpu: Cpu,
    robots: RobotsCache,
}

impl Ingest {
    /// Ties the parts together. The store must have been reconciled with this config.
    pub fn new(config: Arc<Config>, store: Store, clock: Clock) -> Result<Self, FetchSetupError> {
        let fetcher = Fetcher::new(&config.fetch, &config.hosts, clock.clone())?;
        Ok(Self::with_fetcher(config, store, fetcher, clock))
    }

    /// The same, with a client that is set up already.
    pub fn with_fetcher(config: Arc<Config>, store: Store, fetcher: Fetcher, clock: Clock) -> Self {
        Self { config, store, fetcher, clock, cpu: Cpu::new(), robots: RobotsCache::default() }
    }

    /// The same parts under another config, for a reload: sites, permits and what is remembered of robots.txt stay.
    ///
    /// # Errors
    ///
    /// When the config's `[fetch]` makes no client; this one works on.
    pub fn with_config(&self, config: Arc<Config>) -> Result<Self, FetchSetupError> {
        let is_same = config.fetch == self.config.fetch && config.hosts == self.config.hosts;
        // The same client keeps its connections.
        let fetcher =
            if is_same { self.fetcher.clone() } else { self.fetcher.with_settings(&config.fetch, &config.hosts)? };
        let store = self.store.clone().with_retention(Retention { keep_revisions: config.store.keep_revisions });
        Ok(Self { config, store, fetcher, ..self.clone() })
    }

    /// The config that the steps go by.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The store that outcomes are applied to.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The one HTTP client.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// The injected time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// A panic in the words of a failure.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    format!("internal error: {}", panics::said(panic))
}
