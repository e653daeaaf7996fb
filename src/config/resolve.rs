//! `RawConfig` → the feeds and hosts of [`Config`](super::Config): names looked up, layers applied, doubles found.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::feed::RawFeed;
use super::finding::{Findings, Place, shown, suggestion};
use super::layer::Layer;
use super::opml::{Outline, slugs};
use super::raw::RawConfig;
use super::{FeedConfig, FeedSettings, HostRule, PageRules};
use crate::model::id::Slug;
use crate::model::secret::SecretUrl;

/// Groups that a wrong name is compared with.
const MAX_COMPARED: usize = 1000;

/// What comes out.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub(super) feeds: Vec<FeedConfig>,
    pub(super) groups: Vec<String>,
    pub(super) hosts: Vec<HostRule>,
}

/// Puts together what the files say. `is_whole` is false when a file could not be read: then a group that is unknown
/// may stand in it.
pub(super) fn resolve(raw: &RawConfig, is_whole: bool, findings: &Findings) -> Resolved {
    let mut groups: BTreeMap<&str, (&Layer, &Place)> = BTreeMap::new();
    for (name, layer, place) in &raw.groups {
        if let Some((_, first)) = groups.get(name.as_str()) {
            findings.error(place, format!("group.{}: is defined twice, first at {first}", shown(name)));
        } else {
            groups.insert(name, (layer, place));
        }
    }
    let mut slugs_seen: BTreeMap<&Slug, &Place> = BTreeMap::new();
    let mut urls_seen: BTreeMap<Url, (&Slug, &Place)> = BTreeMap::new();
    let mut feeds: Vec<FeedConfig> = Vec::new();
    for feed in &raw.feeds {
        if let Some(first) = slugs_seen.get(&feed.slug) {
            findings.error(&feed.place, format!("feed.{}: is defined twice, first at {first}", feed.slug));
            continue;
        }
        slugs_seen.insert(&feed.slug, &feed.place);
        let group = feed.group.as_ref().and_then(|(name, place)| {
            let group = groups.get(name.as_str()).map(|(layer, _)| *layer);
            if group.is_none() && is_whole {
                findings.error_with(place, || {
                    let hint = suggestion(name, groups.keys().copied().take(MAX_COMPARED));
                    let got = shown(name);
                    format!("feed.{}.group: there is no group of this name{hint} (got \"{got}\")", feed.slug)
                });
            }
            group
        });
        let Some(url) = &feed.url else { continue };
        if let Some((other, first)) = urls_seen.get(&document(url.expose())) {
            let message = format!("feed.{}.url: is the URL of [feed.{other}] at {first} too", feed.slug);
            findings.error(&feed.url_place, message);
            continue;
        }
        urls_seen.insert(document(url.expose()), (&feed.slug, &feed.place));
        feeds.push(layered(feed, url, &raw.defaults, group));
    }
    let taken = slugs_seen.keys().copied().collect();
    add_outlines(&mut feeds, &raw.outlines, &raw.defaults, &taken);
    let hosts = distinct_hosts(&raw.hosts, findings);
    Resolved { feeds, groups: groups.into_keys().map(str::to_owned).collect(), hosts }
}

/// The URL without its fragment, which no server sees.
fn document(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

fn layered(feed: &RawFeed, url: &SecretUrl, defaults: &Layer, group: Option<&Layer>) -> FeedConfig {
    let mut settings = FeedSettings::default();
    let mut tags: Vec<String> = Vec::new();
    for layer in [Some(defaults), group, Some(&feed.layer)].into_iter().flatten() {
        layer.apply(&mut settings);
        add_tags(&mut tags, &layer.tags);
    }
    FeedConfig {
        slug: feed.slug.clone(),
        url: url.clone(),
        title: feed.title.clone(),
        enabled: feed.enabled,
        tags,
        headers: feed.headers.clone(),
        basic_auth: feed.basic_auth.clone(),
        settings,
        page: feed.page.clone(),
        location: feed.place.to_string(),
    }
}

fn add_tags(tags: &mut Vec<String>, more: &[String]) {
    for tag in more {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
}

/// Adds the feeds of OPML files. An export is not written for this config, so a URL that `feeds` has already is no
/// error: the table says how it is polled, and the folders add their tags.
fn add_outlines(feeds: &mut Vec<FeedConfig>, outlines: &[Outline], defaults: &Layer, taken: &BTreeSet<&Slug>) {
    let mut settings = FeedSettings::default();
    defaults.apply(&mut settings);
    let mut by_url: BTreeMap<Url, usize> =
        feeds.iter().enumerate().map(|(index, feed)| (document(feed.url.expose()), index)).collect();
    let mut new: Vec<&Outline> = Vec::new();
    let configured = feeds.len();
    let mut tags: Vec<Vec<String>> = Vec::new();
    for outline in outlines {
        let next = configured + new.len();
        let index = *by_url.entry(document(&outline.url)).or_insert(next);
        if index == next {
            new.push(outline);
            tags.push(defaults.tags.clone());
        }
        let tags = if index < configured { &mut feeds[index].tags } else { &mut tags[index - configured] };
        add_tags(tags, &outline.tags);
    }
    let urls: Vec<&Url> = new.iter().map(|outline| &outline.url).collect();
    for ((slug, outline), tags) in slugs(&urls, taken).into_iter().zip(new).zip(tags) {
        feeds.push(FeedConfig {
            slug,
            url: SecretUrl::plain(outline.url.clone()),
            title: outline.title.clone(),
            enabled: true,
            tags,
            headers: Vec::new(),
            basic_auth: None,
            settings: settings.clone(),
            page: PageRules::default(),
            location: outline.place.to_string(),
        });
    }
}

fn distinct_hosts(hosts: &[(HostRule, Place)], findings: &Findings) -> Vec<HostRule> {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    let mut distinct = Vec::new();
    for (rule, place) in hosts {
        if let Some(first) = seen.get(rule.host.as_str()) {
            findings.error(place, format!("host.\"{}\": is defined twice, first at {first}", rule.host));
        } else {
            seen.insert(&rule.host, place);
            distinct.push(rule.clone());
        }
    }
    distinct
}
