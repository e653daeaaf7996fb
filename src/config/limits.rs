//! The bounds of every value. `docs/config.md` states them.

use std::ops::RangeInclusive;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// The config and each TOML or OPML file that it includes, in bytes. Ten thousand feeds take about 2 MB.
pub(super) const MAX_FILE: u64 = 16 << 20;
/// Files that are included, all patterns together.
pub(super) const MAX_INCLUDES: usize = 10_000;
/// Names in `include`.
pub(super) const MAX_PATTERNS: usize = 1000;

/// `every`, `min_every`, `max_every`, `max_hint`. A second is for tests and one's own servers.
pub(super) const EVERY: RangeInclusive<Duration> = SECOND..=Duration::from_hours(8760);
/// An element of `recheck`.
pub(super) const RECHECK: RangeInclusive<Duration> = SECOND..=Duration::from_hours(87600);
/// Elements of `recheck`: each is a request for every article.
pub(super) const MAX_RECHECKS: usize = 32;

/// `keep_raw`, when it is on.
pub(super) const KEEP_RAW: RangeInclusive<Duration> = HOUR..=Duration::from_hours(876_000);
/// `keep_log` and `retention`: less than a day would forget what the schedule looks back on.
pub(super) const KEEP: RangeInclusive<Duration> = DAY..=Duration::from_hours(876_000);
/// `keep_revisions`: the first and the last are always kept.
pub(super) const REVISIONS: RangeInclusive<u32> = 2..=1_000_000;

/// `concurrency` and `host_concurrency`: each is an open socket.
pub(super) const CONCURRENCY: RangeInclusive<u32> = 1..=1024;
/// `host_delay`.
pub(super) const HOST_DELAY: RangeInclusive<Duration> = Duration::ZERO..=DAY;
/// `timeout`.
pub(super) const TIMEOUT: RangeInclusive<Duration> = SECOND..=HOUR;
/// `max_body`, in bytes.
pub(super) const MAX_BODY: RangeInclusive<u64> = 1 << 10..=1 << 30;
/// Elements of `private_networks`.
pub(super) const MAX_NETWORKS: usize = 1000;
/// `contact`, in characters: it goes out with every request.
pub(super) const CONTACT: usize = 200;

/// A URL, in bytes: what servers take.
pub(super) const MAX_URL: usize = 8192;
/// `title`, and names of groups, in characters.
pub(super) const TITLE: usize = 1000;
/// A tag, in characters.
pub(super) const TAG: usize = 100;
/// Tags in one table, and folders that one feed of an OPML file gets its tags from.
pub(super) const MAX_TAGS: usize = 100;
/// Request headers of one feed.
pub(super) const MAX_HEADERS: usize = 50;

/// Elements of `block` and of `keep`, in one table.
pub(super) const MAX_FILTERS: usize = 200;
/// A regular expression, in bytes.
pub(super) const MAX_PATTERN: usize = 10_000;
/// A regular expression when compiled, in bytes; `\w{200}` needs more than this.
pub(super) const PATTERN_SIZE: usize = 1 << 20;

/// A CSS selector, in bytes.
pub(super) const MAX_SELECTOR: usize = 1000;
/// Elements of `page.drop`.
pub(super) const MAX_DROPS: usize = 100;

/// Nesting of OPML outlines.
pub(super) const OPML_DEPTH: usize = 64;
/// Feeds in one OPML file.
pub(super) const OPML_FEEDS: usize = 100_000;
