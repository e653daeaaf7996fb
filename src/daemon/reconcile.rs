//! From the config's feeds to the store's.

use sha2::{Digest, Sha256};
use tracing::info;

use crate::config::{Config, FeedConfig};
use crate::model::id::Slug;
use crate::site::site_of;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::values::{FeedRow, Reconciled};

/// Brings the store's feeds in line with the config and logs what changed. Nothing is ever deleted.
pub async fn reconcile(config: &Config, store: &Store) -> Result<Reconciled, StoreError> {
    let reconciled = store.reconcile(config.feeds.iter().map(row).collect()).await?;
    log(&reconciled);
    Ok(reconciled)
}

fn row(feed: &FeedConfig) -> FeedRow {
    FeedRow {
        slug: feed.slug.clone(),
        url_shown: feed.url.shown().to_owned(),
        url_key: address_key(feed),
        title: feed.title.clone(),
        site: site_of(feed.url.expose()),
        tags: feed.tags.clone(),
        enabled: feed.enabled,
    }
}

/// A hash of the expanded address, by which a change of a secret in it is noticed and nothing else of it is told.
fn address_key(feed: &FeedConfig) -> String {
    let digest = Sha256::digest(feed.url.expose().as_str());
    digest.iter().take(16).fold(String::new(), |key, byte| key + &format!("{byte:02x}"))
}

fn log(reconciled: &Reconciled) {
    let Reconciled { added, renamed, moved, returned, disabled, removed, unchanged } = reconciled;
    for (old, new) in renamed {
        info!(feed = %new, "feed {old} is now called {new}");
    }
    for (what, feeds) in [
        ("is new", added),
        ("has a new address", moved),
        ("is active again", returned),
        ("is disabled", disabled),
        ("left the config; its articles stay", removed),
    ] {
        for slug in feeds {
            log_one(slug, what);
        }
    }
    info!(unchanged, "{} feeds as before", unchanged);
}

fn log_one(slug: &Slug, what: &str) {
    info!(feed = %slug, "feed {slug} {what}");
}
