//! From the config's feeds to the store's.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tracing::info;
use url::Url;

use super::log::count;
use crate::config::{Config, Every, FeedConfig, FeedSettings};
use crate::ingest::Ingest;
use crate::site::site_of;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::values::{FeedRow, Reconciled};

/// Feeds that are named one by one when a config changes them.
pub(super) const NAMED: usize = 20;

/// Brings the store's feeds in line with the config and logs what changed. Nothing is ever deleted.
pub async fn reconcile(config: &Config, store: &Store) -> Result<Reconciled, StoreError> {
    let reconciled = store.reconcile(config.feeds.iter().map(row).collect()).await?;
    log(&reconciled);
    Ok(reconciled)
}

/// Tells the fetcher what servers asked for before this process began: who wanted to be left alone for longer still is.
pub(super) async fn restore_holds(ingest: &Ingest) -> Result<(), StoreError> {
    for hold in ingest.store().holds(ingest.clock().now()).await? {
        if let Some(feed) = ingest.config().feed(&hold.slug) {
            ingest.fetcher().hold_site(feed.url.expose(), hold.until);
        }
    }
    Ok(())
}

fn row(feed: &FeedConfig) -> FeedRow {
    FeedRow {
        slug: feed.slug.clone(),
        url_shown: feed.url.shown().to_owned(),
        url_key: address_key(feed),
        title: feed.title.clone(),
        site: site(feed.url.shown(), feed.url.expose()),
        tags: feed.tags.clone(),
        enabled: feed.enabled,
        longest: longest(&feed.settings),
    }
}

fn longest(settings: &FeedSettings) -> Duration {
    match settings.every {
        Every::Adaptive => settings.max_every.max(settings.min_every),
        Every::Fixed(every) => every.max(settings.min_every),
    }
}

/// The site of an address; only a hash of it when the config's text does not show it, as in `${env:FEED_URL}`.
fn site(shown: &str, url: &Url) -> String {
    let site = site_of(url);
    let is_shown = Url::parse(shown).is_ok_and(|shown| site_of(&shown) == site);
    if is_shown { site } else { hash(&site) }
}

/// A hash of the expanded address, by which a change of a secret in it is noticed and nothing else of it is told.
fn address_key(feed: &FeedConfig) -> String {
    hash(feed.url.expose().as_str())
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().take(16).fold(String::new(), |key, byte| key + &format!("{byte:02x}"))
}

fn log(reconciled: &Reconciled) {
    let Reconciled { added, renamed, moved, sooner, returned, disabled, removed, unchanged } = reconciled;
    for (old, new) in renamed {
        info!(feed = %new, "feed {old} is now called {new}");
    }
    for (what, feeds) in [
        ("is new", added),
        ("has a new address", moved),
        ("is polled sooner, as the config now asks", sooner),
        ("is active again", returned),
        ("is disabled", disabled),
        ("left the config; its articles stay", removed),
    ] {
        for slug in feeds.iter().take(NAMED) {
            info!(feed = %slug, "feed {slug} {what}");
        }
        if feeds.len() > NAMED {
            info!("the same of {} more feeds: {what}", feeds.len() - NAMED);
        }
    }
    info!(unchanged, "{} known already", count(*unchanged, "feed"));
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::site;

    #[test]
    fn a_site_that_the_config_does_not_show_is_hashed() {
        let url = Url::parse("https://feeds.example.org/a?key=secret").unwrap();
        assert_eq!(site("https://feeds.example.org/a?key=${env:KEY}", &url), "example.org");
        for shown in ["${env:FEED_URL}", "https://${env:HOST}/a", "https://feeds.${env:DOMAIN}/a"] {
            let stored = site(shown, &url);
            assert!(stored.len() == 32 && !stored.contains("example"), "{shown}: {stored}");
        }
    }
}
