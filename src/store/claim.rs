//! Claiming what is due: oldest first, no site that is busy, and only a few of one site.
//!
//! A claim is a lease. It ends when the outcome is applied, or by itself: after a crash the row falls due again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::entry;
use super::sql::{Columns, Json, Time, execute};
use super::values::{Claim, FeedClaim, Hold, Left};
use crate::model::feed::{FeedHints, ParsedEntry};
use crate::model::id::{ArticleId, FeedId, Slug};
use crate::model::outcome::{DueArticle, DueFeed, FeedHistory, Validators};

/// Rows that one claim looks at in the order of their due times. When busy sites and bursts use them up, the sites
/// are asked one by one instead: dearer, but a burst of any size hides nobody.
const SCAN: usize = 512;

/// Sites that are asked in that case.
const SITES: usize = 4096;

/// Entries that the schedule learns a feed's rhythm from.
const RECENT_ENTRIES: usize = 20;

/// The statements of one queue. `?1` is `due_before`, `?2` now, `?3` a limit.
struct Queue {
    /// Id and site of what is due, oldest first. `?4`: not looked at since then.
    scan: &'static str,
    /// The next site after `?1` in the alphabet that has a row in the queue.
    site_after: &'static str,
    /// Id and due time of what is due at the site `?5`.
    of_site: &'static str,
    /// Leases the row `?1` until `?2`.
    lease: &'static str,
}

const FEEDS: Queue = Queue {
    scan: "SELECT id, site FROM feeds INDEXED BY feeds_due WHERE state = 'active' AND next_poll_at <= ?1
           AND (lease_until IS NULL OR lease_until <= ?2) AND (?4 IS NULL OR last_polled_at IS NULL OR last_polled_at < ?4)
           ORDER BY next_poll_at LIMIT ?3",
    site_after: "SELECT site FROM feeds INDEXED BY feeds_due_by_site WHERE state = 'active' AND site > ?1
                 ORDER BY site LIMIT 1",
    of_site: "SELECT id, next_poll_at FROM feeds INDEXED BY feeds_due_by_site WHERE state = 'active' AND site = ?5
              AND next_poll_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?2)
              AND (?4 IS NULL OR last_polled_at IS NULL OR last_polled_at < ?4) ORDER BY next_poll_at LIMIT ?3",
    lease: "UPDATE feeds SET lease_until = ?2 WHERE id = ?1",
};

const ARTICLES: Queue = Queue {
    scan: "SELECT article_id, site FROM article_status INDEXED BY articles_due WHERE next_check_at <= ?1
           AND (lease_until IS NULL OR lease_until <= ?2) AND (?4 IS NULL OR checked_at IS NULL OR checked_at < ?4)
           ORDER BY next_check_at LIMIT ?3",
    site_after: "SELECT site FROM article_status INDEXED BY articles_due_by_site WHERE next_check_at IS NOT NULL
                 AND site > ?1 ORDER BY site LIMIT 1",
    of_site: "SELECT article_id, next_check_at FROM article_status INDEXED BY articles_due_by_site WHERE site = ?5
              AND next_check_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?2)
              AND (?4 IS NULL OR checked_at IS NULL OR checked_at < ?4) ORDER BY next_check_at LIMIT ?3",
    lease: "UPDATE article_status SET lease_until = ?2 WHERE article_id = ?1",
};

/// Claims feeds that are due.
pub(super) fn due_feeds(db: &Connection, claim: &Claim) -> rusqlite::Result<Vec<DueFeed>> {
    claim_ids(db, &FEEDS, claim, None)?.into_iter().map(|id| due_feed(db, FeedId(id))).collect()
}

/// Claims articles that are due, and not looked at since `not_checked_since`.
pub(super) fn due_articles(
    db: &Connection,
    claim: &Claim,
    not_checked_since: Option<DateTime<Utc>>,
) -> rusqlite::Result<Vec<DueArticle>> {
    let mut due = Vec::new();
    for id in claim_ids(db, &ARTICLES, claim, not_checked_since)?.into_iter().map(ArticleId) {
        match due_article(db, id)? {
            Some(article) => due.push(article),
            None => never_due(db, id)?,
        }
    }
    Ok(due)
}

/// Claims feeds by name, due or not. A lease left by a crash does not hold here: there is only one writer.
pub(super) fn feeds_by_slug(
    db: &Connection,
    slugs: &[Slug],
    now: DateTime<Utc>,
    lease: Duration,
    force: bool,
) -> rusqlite::Result<Vec<FeedClaim>> {
    let mut claims = Vec::with_capacity(slugs.len());
    for slug in slugs.iter().cloned() {
        let mut find = db.prepare_cached("SELECT id, state, retry_after_until FROM feeds WHERE slug = ?1")?;
        let found = find
            .query_row([&slug], |row| {
                Ok((row.get::<_, FeedId>("id")?, row.get::<_, String>("state")?, row.maybe_time("retry_after_until")?))
            })
            .optional()?;
        claims.push(match found {
            None => FeedClaim::Unknown(slug),
            Some((_, state, _)) if state == "removed" => FeedClaim::Unknown(slug),
            Some((_, state, _)) if state == "disabled" => FeedClaim::Disabled(slug),
            Some((_, _, Some(until))) if until > now && !force => FeedClaim::Waiting { slug, until },
            Some((id, _, _)) => {
                execute(db, FEEDS.lease, params![id, lease_end(now, lease)])?;
                FeedClaim::Due(Box::new(due_feed(db, id)?))
            }
        });
    }
    Ok(claims)
}

/// What a round that began at `since` could still claim.
pub(super) fn left_of_round(db: &Connection, since: DateTime<Utc>, now: DateTime<Utc>) -> rusqlite::Result<Left> {
    let mut statement = db.prepare_cached(
        "SELECT (SELECT count(*) FROM feeds WHERE state = 'active' AND next_poll_at <= ?1
             AND (lease_until IS NULL OR lease_until <= ?2)),
         (SELECT count(*) FROM article_status WHERE next_check_at <= ?2
             AND (lease_until IS NULL OR lease_until <= ?2) AND (checked_at IS NULL OR checked_at < ?1))",
    )?;
    statement.query_row([Time(since), Time(now)], |row| Ok(Left { feeds: row.get(0)?, articles: row.get(1)? }))
}

/// The wishes of servers that have not ended by `now`.
pub(super) fn holds(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Vec<Hold>> {
    let mut statement = db.prepare_cached("SELECT slug, retry_after_until FROM feeds WHERE retry_after_until > ?1")?;
    let holds = statement
        .query_map([Time(now)], |row| Ok(Hold { slug: row.get("slug")?, until: row.time("retry_after_until")? }))?;
    holds.collect()
}

/// Ends all leases.
pub(super) fn void_leases(db: &Connection) -> rusqlite::Result<()> {
    execute(db, "UPDATE feeds SET lease_until = NULL WHERE lease_until IS NOT NULL", [])?;
    execute(db, "UPDATE article_status SET lease_until = NULL WHERE lease_until IS NOT NULL", []).map(drop)
}

fn claim_ids(
    db: &Connection,
    queue: &Queue,
    claim: &Claim,
    not_since: Option<DateTime<Utc>>,
) -> rusqlite::Result<Vec<i64>> {
    let busy: HashSet<&str> = claim.busy_sites.iter().map(String::as_str).collect();
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut ids = Vec::new();
    let mut looked_at = 0;
    {
        let mut statement = db.prepare_cached(queue.scan)?;
        let mut rows = statement.query(params![Time(claim.due_before), Time(claim.now), SCAN, not_since.map(Time)])?;
        while ids.len() < claim.limit
            && let Some(row) = rows.next()?
        {
            looked_at += 1;
            let site = row.get_ref(1)?.as_str()?;
            if busy.contains(site) {
                continue;
            }
            // An empty site is an address without a host: nobody's, so nothing to share.
            let count = taken.entry(site.to_owned()).or_default();
            if *count < claim.per_site || site.is_empty() {
                *count += 1;
                ids.push(row.get(0)?);
            }
        }
    }
    if ids.len() < claim.limit && looked_at == SCAN {
        ids = ids_by_site(db, queue, claim, not_since, &busy)?;
    }
    let until = lease_end(claim.now, claim.lease);
    for id in &ids {
        execute(db, queue.lease, params![id, until])?;
    }
    Ok(ids)
}

/// The oldest due rows of each site that is not busy.
fn ids_by_site(
    db: &Connection,
    queue: &Queue,
    claim: &Claim,
    not_since: Option<DateTime<Utc>>,
    busy: &HashSet<&str>,
) -> rusqlite::Result<Vec<i64>> {
    let mut site_after = db.prepare_cached(queue.site_after)?;
    let mut of_site = db.prepare_cached(queue.of_site)?;
    let mut found: Vec<(Time, i64)> = Vec::new();
    let mut site = String::new();
    for _ in 0..SITES {
        let Some(next) = site_after.query_row([&site], |row| row.get(0)).optional()? else { break };
        site = next;
        if busy.contains(site.as_str()) {
            continue;
        }
        let params = params![Time(claim.due_before), Time(claim.now), claim.per_site, not_since.map(Time), site];
        for row in of_site.query_map(params, |row| Ok((row.get(1)?, row.get(0)?)))? {
            found.push(row?);
        }
    }
    found.sort_unstable();
    found.truncate(claim.limit);
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

fn lease_end(now: DateTime<Utc>, lease: Duration) -> Time {
    Time(TimeDelta::from_std(lease).ok().and_then(|lease| now.checked_add_signed(lease)).unwrap_or(now))
}

fn due_feed(db: &Connection, id: FeedId) -> rusqlite::Result<DueFeed> {
    let mut recent = db.prepare_cached(
        "SELECT coalesce(published_at, first_seen_at) FROM entries WHERE feed_id = ?1
         ORDER BY coalesce(published_at, first_seen_at) DESC LIMIT ?2",
    )?;
    let recent_entries = recent
        .query_map(params![id, RECENT_ENTRIES], |row| row.get::<_, Time>(0).map(|time| time.0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut feed = db.prepare_cached(
        "SELECT slug, url_key, etag, last_modified, last_polled_at, interval_seconds, consecutive_failures,
         unchanged_polls, hints FROM feeds WHERE id = ?1",
    )?;
    feed.query_row([id], |row| {
        let history = FeedHistory {
            last_polled_at: row.maybe_time("last_polled_at")?,
            // What somebody wrote by hand may be out of range: then it is as if there were no past.
            interval: row.get::<_, Option<u64>>("interval_seconds").unwrap_or_default().map(Duration::from_secs),
            consecutive_failures: row.get("consecutive_failures").unwrap_or_default(),
            unchanged_polls: row.get("unchanged_polls").unwrap_or_default(),
            // Hints are no more than that: unreadable ones are none.
            hints: row.get::<_, Json<_>>("hints").map_or_else(|_| FeedHints::default(), |hints| hints.0),
            recent_entries,
        };
        let (slug, url_key) = (row.get("slug")?, row.get("url_key")?);
        Ok(DueFeed { id, slug, url_key, validators: validators(row)?, history })
    })
}

/// Takes an article out of the queue whose address cannot be read: changed by hand, or gone from the URL standard.
fn never_due(db: &Connection, id: ArticleId) -> rusqlite::Result<()> {
    let sql = "UPDATE article_status SET state = 'failed', next_check_at = NULL, lease_until = NULL,
               last_error = 'the address cannot be read' WHERE article_id = ?1";
    execute(db, sql, [id]).map(drop)
}

/// The entry that an article is read with: of the feed that first led to it, unless that left the config and another one has
/// it too.
pub(super) fn first_entry(db: &Connection, id: ArticleId) -> rusqlite::Result<Option<(ParsedEntry, Slug)>> {
    let mut first_entry = db.prepare_cached(
        "SELECT e.id, f.slug FROM entries e JOIN feeds f ON f.id = e.feed_id WHERE e.article_id = ?1
         ORDER BY f.state <> 'active', e.id LIMIT 1",
    )?;
    let found = first_entry.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(entry, slug)| Ok((entry::load(db, entry)?, slug))).transpose()
}

/// `None` when its address cannot be read.
fn due_article(db: &Connection, id: ArticleId) -> rusqlite::Result<Option<DueArticle>> {
    let (entry, slug) = first_entry(db, id)?.unzip();
    let mut article = db.prepare_cached(
        "SELECT a.url, a.content_source, a.content_source IS 'page' AND coalesce(a.word_count, 0) > 0 AS has_words,
         a.first_seen_at, s.etag, s.last_modified, s.consecutive_failures,
         (SELECT count(*) FROM article_parts p WHERE p.article_id = a.id AND p.fetched_at IS NOT NULL) AS parts
         FROM articles a JOIN article_status s ON s.article_id = a.id WHERE a.id = ?1",
    )?;
    article.query_row([id], |row| {
        let Some(url) = row.maybe_url("url")? else { return Ok(None) };
        Ok(Some(DueArticle {
            id,
            url,
            slug,
            validators: validators(row)?,
            first_seen_at: row.time("first_seen_at")?,
            consecutive_failures: row.get("consecutive_failures").unwrap_or_default(),
            has_page_text: row.get::<_, Option<String>>("content_source")?.as_deref() == Some("page"),
            has_words: row.get("has_words")?,
            pages: 1 + row.get::<_, usize>("parts")?,
            entry,
        }))
    })
}

fn validators(row: &Row<'_>) -> rusqlite::Result<Validators> {
    Ok(Validators { etag: row.get("etag")?, last_modified: row.get("last_modified")? })
}
