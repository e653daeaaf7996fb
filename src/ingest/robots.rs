//! robots.txt, asked at most once a day an origin: kept in the database, and in memory while the process lives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::OnceCell;
use url::Url;

use super::Ingest;
use crate::fetch::robots_allow;
use crate::model::outcome::RobotsTxt;
use crate::store::error::StoreError;
use crate::store::values::StoredRobots;

/// RFC 9309 section 2.4: a crawler should not use a copy for more than 24 hours.
const MAX_AGE: TimeDelta = TimeDelta::hours(24);

/// How long a robots.txt that could not be had is taken as unavailable before it is asked again.
const RETRY_UNAVAILABLE: TimeDelta = TimeDelta::hours(1);

/// Origins remembered in memory; the database has them all.
const MAX_ORIGINS: usize = 4096;

/// What robots.txt says about a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    Allowed,
    Disallowed,
    /// The file could not be had for the server's or the network's fault; RFC 9309 section 2.3.1.4 says to stay away.
    Unavailable,
}

/// The copies in memory. One cell an origin, so that several visits that start together ask once.
#[derive(Debug, Clone, Default)]
pub(super) struct RobotsCache {
    origins: Arc<Mutex<HashMap<String, Arc<Copy>>>>,
}

#[derive(Debug)]
struct Copy {
    created_at: DateTime<Utc>,
    cell: OnceCell<(DateTime<Utc>, RobotsTxt)>,
}

impl Copy {
    fn is_stale(&self, now: DateTime<Utc>) -> bool {
        match self.cell.get() {
            Some((fetched_at, txt)) => now - *fetched_at >= max_age(txt),
            None => now - self.created_at >= MAX_AGE,
        }
    }
}

fn max_age(txt: &RobotsTxt) -> TimeDelta {
    if matches!(txt, RobotsTxt::Unavailable) { RETRY_UNAVAILABLE } else { MAX_AGE }
}

impl RobotsCache {
    fn copy_of(&self, origin: &str, now: DateTime<Utc>) -> Arc<Copy> {
        let mut origins = self.origins.lock().expect("nothing panics while it is held");
        if origins.len() >= MAX_ORIGINS {
            origins.retain(|_, copy| !copy.is_stale(now));
            if origins.len() >= MAX_ORIGINS {
                origins.clear();
            }
        }
        let copy = origins.entry(origin.to_owned()).or_insert_with(|| new_copy(now));
        if copy.is_stale(now) {
            *copy = new_copy(now);
        }
        Arc::clone(copy)
    }
}

fn new_copy(now: DateTime<Utc>) -> Arc<Copy> {
    Arc::new(Copy { created_at: now, cell: OnceCell::new() })
}

impl Ingest {
    /// Whether the site lets the page at `url` be fetched.
    pub(super) async fn robots_permission(&self, url: &Url) -> Result<Permission, StoreError> {
        let origin = url.origin().ascii_serialization();
        let copy = self.robots.copy_of(&origin, self.clock.now());
        let (_, txt) = copy.cell.get_or_try_init(|| self.stored_or_fetched(&origin, url)).await?;
        Ok(match txt {
            RobotsTxt::Unavailable => Permission::Unavailable,
            txt if robots_allow(txt, url) => Permission::Allowed,
            _ => Permission::Disallowed,
        })
    }

    async fn stored_or_fetched(&self, origin: &str, url: &Url) -> Result<(DateTime<Utc>, RobotsTxt), StoreError> {
        if let Some(stored) = self.store.robots(origin.to_owned()).await?
            && self.clock.now() - stored.fetched_at < max_age(&stored.robots)
        {
            return Ok((stored.fetched_at, stored.robots));
        }
        let txt = self.fetcher.robots(url).await;
        let fetched_at = self.clock.now();
        self.store.save_robots(origin.to_owned(), StoredRobots { fetched_at, robots: txt.clone() }).await?;
        Ok((fetched_at, txt))
    }
}
