//! The config: TOML text → `RawConfig` → [`Config`], with all errors at once.
//!
//! Pure but for the reading of files, which is handed in (`world`). Inside [`Config`] there are no half-checked values.
//! The way of a file: `load` parses it, `table` gives its values with their places, `raw`, `layer` and `feed` check them,
//! `include` and `opml` bring more, `resolve` applies the layers. `finding` collects what is wrong on the way.
//! `docs/config.md` documents every key.

mod load;

mod raw;

mod feed;
mod layer;

mod resolve;

mod include;
pub mod opml;

pub mod edit;

mod table;

mod expand;
mod keys;
mod limits;
mod quantity;

pub mod find;
pub mod finding;
mod world;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use ipnet::IpNet;
use regex::Regex;
use serde::Serialize;

use self::finding::{ConfigErrors, Finding};
use self::raw::RawConfig;
use self::resolve::Resolved;
use self::world::{Machine, Reading};
use crate::model::id::Slug;
use crate::model::secret::{SecretText, SecretUrl};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// A config that holds: every value checked, every layer applied.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that was asked for.
    pub path: PathBuf,
    /// Where and how long things are kept.
    pub store: StoreSettings,
    /// How requests are made.
    pub fetch: FetchSettings,
    /// `[defaults]`, for what is no feed of the config.
    pub defaults: FeedSettings,
    /// The feeds, in the order of the files; those of OPML files last.
    pub feeds: Vec<FeedConfig>,
    /// The names of the groups, sorted.
    pub groups: Vec<String>,
    /// Per-site manners, by host name as written.
    pub hosts: Vec<HostRule>,
    /// How to log.
    pub log: LogSettings,
    /// What `check` warns about.
    pub warnings: Vec<Finding>,
    /// Patterns in `include` that no file matches.
    pub empty_includes: Vec<String>,
    /// Where in `feeds` each feed is.
    by_slug: HashMap<Slug, usize>,
}

impl Default for Config {
    /// What an empty config file says.
    fn default() -> Self {
        load::put_together(PathBuf::new(), RawConfig::default(), Vec::new(), Vec::new(), Resolved::default())
    }
}

/// Says what is wrong with a CSS selector. The config has none of its own, since only `article` knows selectors.
pub type SelectorCheck = fn(&str) -> Result<(), String>;

/// A [`SelectorCheck`] that takes every selector.
pub const ANY_SELECTOR: SelectorCheck = |_| Ok(());

impl Config {
    /// Reads the config at `path` with its includes, from this machine's files and environment.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place. No message holds an expanded secret.
    pub fn load(path: &Path, selectors: SelectorCheck) -> Result<Self, ConfigErrors> {
        load::load(path, selectors, &Machine)
    }

    /// The same for those who only read the archive: a secret that cannot be had is no error, and what stands for it leads
    /// nowhere.
    pub fn load_without_secrets(path: &Path, selectors: SelectorCheck) -> Result<Self, ConfigErrors> {
        load::load(path, selectors, &Reading)
    }

    /// The feed of this name.
    pub fn feed(&self, slug: &Slug) -> Option<&FeedConfig> {
        self.by_slug.get(slug).and_then(|index| self.feeds.get(*index))
    }
}

/// `[store]`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreSettings {
    /// The database file.
    pub path: PathBuf,
    /// How long the compressed HTML of pages is kept.
    pub keep_raw: Keep,
    /// Revisions kept of an article; the first and the last always are.
    pub keep_revisions: u32,
    /// How long polls and visits are kept.
    pub keep_log: Keep,
    /// How long articles are kept.
    pub retention: Keep,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            path: PathBuf::from("/var/lib/tearsheet/tearsheet.db"),
            keep_raw: Keep::For(14 * DAY),
            keep_revisions: 20,
            keep_log: Keep::For(90 * DAY),
            retention: Keep::Forever,
        }
    }
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Not at all: `"0"`.
    Off,
    /// For this long.
    For(Duration),
    /// Always: `"forever"`.
    Forever,
}

/// `[fetch]`.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchSettings {
    /// A URL or address that publishers can reach the operator at; may be empty.
    pub contact: String,
    /// Requests in flight, all hosts together.
    pub concurrency: usize,
    /// Between request starts to one site.
    pub host_delay: Duration,
    /// Requests in flight to one site.
    pub host_concurrency: usize,
    /// The whole request, redirects and body included.
    pub timeout: Duration,
    /// Bytes of a body after decompression.
    pub max_body: u64,
    /// Which addresses may be fetched although they are not public.
    pub private_networks: PrivateNetworks,
    /// The only proxy that is used.
    pub proxy: Option<SecretText>,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            concurrency: 16,
            host_delay: Duration::from_secs(2),
            host_concurrency: 1,
            timeout: Duration::from_secs(30),
            max_body: 16 << 20,
            private_networks: PrivateNetworks::Denied,
            proxy: None,
        }
    }
}

/// `private_networks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrivateNetworks {
    /// No private address is fetched.
    Denied,
    /// Any address may be fetched.
    Allowed,
    /// Private addresses in these networks may be fetched.
    Listed(Vec<IpNet>),
}

/// `[feed.<slug>]` with its layers applied.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedConfig {
    /// Its name.
    pub slug: Slug,
    /// Its address.
    pub url: SecretUrl,
    /// The operator's name for it; wins over the feed's own title.
    pub title: Option<String>,
    /// Whether it is polled.
    pub enabled: bool,
    /// Of all layers.
    pub tags: Vec<String>,
    /// Extra request headers.
    pub headers: Vec<(String, SecretText)>,
    /// HTTP basic authentication.
    pub basic_auth: Option<BasicAuth>,
    /// The layered keys.
    pub settings: FeedSettings,
    /// `[feed.<slug>.page]`.
    pub page: PageRules,
    /// Where it stands: `file:line`.
    pub location: String,
}

/// HTTP basic authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicAuth {
    /// The user's name.
    pub username: SecretText,
    /// The password.
    pub password: SecretText,
}

/// The keys of `[defaults]`, `[group.<name>]` and `[feed.<slug>]`.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedSettings {
    /// How the interval is chosen.
    pub every: Every,
    /// No two polls are closer.
    pub min_every: Duration,
    /// No poll is later, unless the server asks.
    pub max_every: Duration,
    /// A server's wish for more than this is cut to it.
    pub max_hint: Duration,
    /// Where an article's text comes from.
    pub content: ContentMode,
    /// After first sight, when to look at the page again.
    pub recheck: Vec<Duration>,
    /// Whether robots.txt is honoured for article pages.
    pub robots: bool,
    /// What tells entries apart.
    pub identity: Identity,
    /// Entries that match any are not stored.
    pub block: Vec<EntryFilter>,
    /// When not empty, only entries that match one are stored.
    pub keep: Vec<EntryFilter>,
    /// For dates without an offset; UTC when `None`.
    pub assume_timezone: Option<Tz>,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self {
            every: Every::Adaptive,
            min_every: Duration::from_mins(15),
            max_every: DAY,
            max_hint: 7 * DAY,
            content: ContentMode::Page,
            recheck: vec![HOUR, 6 * HOUR, DAY, 7 * DAY],
            robots: true,
            identity: Identity::Auto,
            block: Vec::new(),
            keep: Vec::new(),
            assume_timezone: None,
        }
    }
}

/// `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Between `min_every` and `max_every`, by how often the feed brings something.
    Adaptive,
    /// Fixed; what the server asks for may lengthen it.
    Fixed(Duration),
}

/// `content`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentMode {
    /// Visit the article's page.
    Page,
    /// Only what the feed carries.
    Feed,
    /// What the feed carries where that is a whole article, else the page.
    Auto,
}

/// `identity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Identity {
    /// guid, else link, else a stable hash; with repairs for guids that do not hold.
    #[default]
    Auto,
    /// The guid alone.
    Guid,
    /// The link alone.
    Link,
    /// The link with the published date.
    LinkDate,
    /// The title alone.
    Title,
}

/// One element of `block` or `keep`: all its patterns must match.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// On the title.
    pub title: Option<Regex>,
    /// On the link.
    pub url: Option<Regex>,
    /// On any author.
    pub author: Option<Regex>,
    /// On any category's term or label.
    pub category: Option<Regex>,
    /// On the visible text of content or summary.
    pub content: Option<Regex>,
}

impl PartialEq for EntryFilter {
    /// By their texts.
    fn eq(&self, other: &Self) -> bool {
        let texts = |filter: &Self| {
            [&filter.title, &filter.url, &filter.author, &filter.category, &filter.content]
                .map(|pattern| pattern.as_ref().map(|pattern| pattern.as_str().to_owned()))
        };
        texts(self) == texts(other)
    }
}

/// `[feed.<slug>.page]`: CSS selectors, checked by the config.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageRules {
    /// The element that holds the article.
    pub select: Option<String>,
    /// Elements to leave out.
    pub drop: Vec<String>,
    /// The link to the next page of an article.
    pub next: Option<String>,
}

impl PageRules {
    /// The rules as JSON, to tell whether they changed; empty where there are none.
    pub fn as_json(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).expect("texts are JSON")
    }
}

/// `[host."example.com"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostRule {
    /// The host, lower case; counts for its subdomains too.
    pub host: String,
    /// In place of `fetch.host_delay`.
    pub host_delay: Option<Duration>,
    /// In place of `fetch.host_concurrency`.
    pub host_concurrency: Option<usize>,
    /// `treat_403_as = "rate-limited"`.
    pub treat_403_as_rate_limited: bool,
}

/// `[log]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// A `tracing` filter: `info`, `tearsheet=debug` …
    pub level: String,
    /// How lines look.
    pub format: LogFormat,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// `log.format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
