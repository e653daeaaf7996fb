//! The feeds as they stand.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::super::sql::{Columns, Json};
use crate::model::feed::FeedHints;
use crate::model::id::Slug;

/// A feed, for `status`.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedStatus {
    /// Its name.
    pub slug: Slug,
    /// The operator's name for it, else its own title.
    pub title: Option<String>,
    /// Its address with secrets unexpanded.
    pub url: String,
    /// `active`, `gone`, `removed` or `disabled`.
    pub state: String,
    /// Of the config.
    pub tags: Vec<String>,
    /// When the last poll began.
    pub last_polled_at: Option<DateTime<Utc>>,
    /// When it is due.
    pub next_poll_at: Option<DateTime<Utc>>,
    /// Why then.
    pub next_poll_reason: Option<String>,
    /// Until then the server asked to be left alone.
    pub retry_after_until: Option<DateTime<Utc>>,
    /// Failed polls since the last good one.
    pub consecutive_failures: u32,
    /// What went wrong at the last poll.
    pub last_error: Option<String>,
    /// What was wrong with the document of the last poll.
    pub last_warnings: Vec<String>,
    /// Entries ever seen.
    pub entries: u64,
    /// New entries a day over the 30 days before its last poll.
    pub entries_per_day: Option<f64>,
    /// When its newest entry was published, else first seen.
    pub newest_entry_at: Option<DateTime<Utc>>,
}

/// What is known of a feed beyond [`FeedStatus`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRecord {
    /// When the config first named it.
    pub added_at: DateTime<Utc>,
    /// The page that it belongs to.
    pub site_url: Option<String>,
    /// The unit of politeness.
    pub site: String,
    /// The interval chosen at the last poll, before jitter.
    pub interval: Option<Duration>,
    /// Good polls since the last one that brought a new entry.
    pub unchanged_polls: u32,
    /// What its last document asks of pollers.
    pub hints: FeedHints,
    /// Byte for byte.
    pub etag: Option<String>,
    /// Byte for byte.
    pub last_modified: Option<String>,
    /// A poll is under way until then at the latest.
    pub lease_until: Option<DateTime<Utc>>,
}

/// What is known of a feed beyond [`FeedStatus`].
pub(super) fn record(db: &Connection, slug: &Slug) -> rusqlite::Result<Option<FeedRecord>> {
    let mut statement = db.prepare("SELECT * FROM feeds WHERE slug = ?1")?;
    let record = statement.query_row([slug], |row| {
        Ok(FeedRecord {
            added_at: row.time("added_at")?,
            site_url: row.get("site_url")?,
            site: row.get("site")?,
            interval: row.get::<_, Option<u32>>("interval_seconds")?.map(|seconds| Duration::from_secs(seconds.into())),
            unchanged_polls: row.get("unchanged_polls")?,
            hints: row.json("hints")?,
            etag: row.get("etag")?,
            last_modified: row.get("last_modified")?,
            lease_until: row.maybe_time("lease_until")?,
        })
    });
    record.optional()
}

/// All feeds of the config by name, or the one that is asked for.
pub(super) fn feeds(db: &Connection, slug: Option<&Slug>) -> rusqlite::Result<Vec<FeedStatus>> {
    let mut statement = db.prepare(
        "SELECT f.slug, f.title, f.url, f.state, f.last_polled_at,
         iif(f.state IN ('disabled', 'removed'), NULL, f.next_poll_at) AS next_poll_at,
         CASE f.state WHEN 'disabled' THEN 'disabled in the config' WHEN 'removed' THEN 'no longer in the config'
             ELSE f.next_poll_reason END AS next_poll_reason,
         f.retry_after_until,
         f.consecutive_failures, f.last_error, count(e.id) AS entries,
         (SELECT json_group_array(tag) FROM (SELECT tag FROM feed_tags WHERE feed_id = f.id ORDER BY tag)) AS tags,
         (SELECT warnings FROM polls WHERE feed_id = f.id ORDER BY started_at DESC, id DESC LIMIT 1) AS last_warnings,
         max(coalesce(e.published_at, e.first_seen_at)) AS newest_entry_at,
         iif(f.last_polled_at IS NULL, NULL, count(e.id) FILTER (WHERE coalesce(e.published_at, e.first_seen_at)
             > strftime('%Y-%m-%dT%H:%M:%SZ', f.last_polled_at, '-30 days')) / 30.0) AS entries_per_day
         FROM feeds f LEFT JOIN entries e ON e.feed_id = f.id
         WHERE iif(?1 IS NULL, f.state <> 'removed', f.slug = ?1) GROUP BY f.id ORDER BY f.slug",
    )?;
    let rows = statement.query_map([slug], |row| {
        Ok(FeedStatus {
            slug: row.get("slug")?,
            title: row.get("title")?,
            url: row.get("url")?,
            state: row.get("state")?,
            tags: row.json("tags")?,
            last_polled_at: row.maybe_time("last_polled_at")?,
            next_poll_at: row.maybe_time("next_poll_at")?,
            next_poll_reason: row.get("next_poll_reason")?,
            retry_after_until: row.maybe_time("retry_after_until")?,
            consecutive_failures: row.get("consecutive_failures")?,
            last_error: row.get("last_error")?,
            last_warnings: row.get::<_, Option<Json<_>>>("last_warnings")?.map(|json| json.0).unwrap_or_default(),
            entries: row.get("entries")?,
            entries_per_day: row.get("entries_per_day")?,
            newest_entry_at: row.maybe_time("newest_entry_at")?,
        })
    })?;
    rows.collect()
}
